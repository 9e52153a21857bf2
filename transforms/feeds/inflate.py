"""Compressed bodies, inflated under our own limits: a few kilobytes may stand for gigabytes."""

import zlib
from dataclasses import dataclass, field

from transforms.feeds.failures import MAX_KEPT_BYTES, FetchFailed, FetchReason, FetchRefused

_GZIP_MAGIC = b"\x1f\x8b"
_AUTO = 47  # zlib's window bits: gzip or zlib, whichever the header says
_RAW = -15
_STEP_BYTES = 256 * 1024  # between two looks at the limits: so much may be held too much


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """How much body is taken; what exceeds a limit is refused whole, never cut."""

    received_bytes: int = 5 * 1024 * 1024
    decoded_bytes: int = 15 * 1024 * 1024
    ratio: int = 200
    ratio_from_bytes: int = 1024 * 1024  # a small body may well be one repeated line


def coding_of(header: str | None) -> str:
    """Return the one coding a body is in: identity, gzip or deflate.

    Raises:
        FetchRefused: another coding, or several layers of them.
    """
    names = [name.strip().lower() for name in (header or "").split(",") if name.strip()]
    names = [name.removeprefix("x-") for name in names if name != "identity"]
    if not names:
        return "identity"
    if len(names) > 1 or names[0] not in {"gzip", "deflate"}:
        raise FetchRefused(FetchReason.CODING, f"the body is coded as {', '.join(names)[:80]}; gzip was asked for")
    return names[0]


@dataclass(slots=True)
class Body:
    """A body as it arrives; `take` raises as soon as a limit is passed."""

    coding: str
    limits: BodyLimits = BodyLimits()
    received: int = 0
    _decoded: bytearray = field(default_factory=bytearray)
    _inflater: "zlib._Decompress | None" = None
    _after: bytes | None = None  # what followed the end mark, as far as it tells what it is

    def take(self, piece: bytes) -> None:
        """Add what was received next.

        Raises:
            FetchRefused: more bytes, or more bytes after inflating, than the limits allow.
            FetchFailed: the compressed data is damaged.
        """
        self.received += len(piece)
        if self.coding == "identity":
            self._decoded += piece
        if self.received > self.limits.received_bytes:
            self._refuse(FetchReason.BODY_TOO_LARGE, f"more than {self.limits.received_bytes} bytes were sent")
        if self.coding == "identity":
            self._check()
        elif piece:
            self._inflate(piece if self._after is None else self._next_stream(piece))

    def whole(self) -> bytes:
        """Return the body after its last piece.

        Raises:
            FetchFailed: the compressed data ends before its end mark.
        """
        if self._inflater is not None and self._after is None:
            raise FetchFailed(FetchReason.BROKEN_CODING, "the compressed body is cut short", bytes(self._decoded))
        return bytes(self._decoded)

    def _inflate(self, piece: bytes) -> None:
        if self._inflater is None:
            self._inflater = zlib.decompressobj(_window(self.coding, piece))
        try:
            waiting = piece
            while waiting:
                waiting = self._step(waiting)
        except zlib.error as error:
            message = f"the compressed body is damaged: {error}"
            raise FetchFailed(FetchReason.BROKEN_CODING, message, bytes(self._decoded[:MAX_KEPT_BYTES])) from None

    def _step(self, waiting: bytes) -> bytes:
        """Inflate a bounded part of `waiting` and return what is left of it."""
        assert self._inflater is not None
        self._decoded += self._inflater.decompress(waiting, _STEP_BYTES)
        self._check()
        if not self._inflater.eof:
            return self._inflater.unconsumed_tail
        after, self._after = self._inflater.unused_data, b""
        return self._next_stream(after)

    def _next_stream(self, piece: bytes) -> bytes:
        """Return what is to be inflated after an end mark: one gzip stream after another is one body, all else none."""
        assert self._after is not None
        begin = self._after + piece
        if self.coding == "gzip" and begin.startswith(_GZIP_MAGIC):
            self._inflater, self._after = zlib.decompressobj(_AUTO), None
            return begin
        self._after = begin[:2]  # enough to tell a further stream by; anything else is no part of the body
        return b""

    def _check(self) -> None:
        size, limits = len(self._decoded), self.limits
        if size > limits.decoded_bytes:
            self._refuse(FetchReason.BODY_TOO_LARGE, f"the body has more than {limits.decoded_bytes} bytes")
        if size > limits.ratio_from_bytes and size > limits.ratio * self.received:
            self._refuse(FetchReason.BOMB, f"the body inflates to more than {limits.ratio} times its size")

    def _refuse(self, reason: FetchReason, message: str) -> None:
        raise FetchRefused(reason, message, bytes(self._decoded[:MAX_KEPT_BYTES]))


def _window(coding: str, begin: bytes) -> int:
    """Return zlib's window bits: what is called deflate comes with zlib's header or, against the rule, without."""
    if coding == "gzip":
        return _AUTO
    headed = begin[0] & 0x0F == 8 and (len(begin) < 2 or (begin[0] << 8 | begin[1]) % 31 == 0)
    return _AUTO if headed else _RAW
