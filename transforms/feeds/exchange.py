"""The seam of urllib3: one GET request to an address that was vetted before, under one deadline.

No client library has a deadline for a whole exchange: their timeouts start anew with every byte. Ours is kept by the
socket, which knows how long it may still wait, whoever reads from it: the headers, the chunks or the body. Nothing of
urllib3's is used that follows redirects, retries, reads proxies from the environment or inflates bodies.
"""

import http.client
import logging
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, SSLError
from urllib3.response import BaseHTTPResponse

from transforms.feeds.addresses import Address, Target
from transforms.feeds.failures import FetchError, FetchFailed, FetchReason, FetchRefused
from transforms.feeds.inflate import Body, BodyLimits, coding_of

_PIECE_BYTES = 64 * 1024
_READ_STATUS = 200  # of all other answers only the headers count
# It writes the whole address, secrets included, where headers do not parse.
logging.getLogger("urllib3.connection").disabled = True


@dataclass(frozen=True, slots=True)
class ExchangeLimits:
    """How long one exchange, with all its redirects, may take, and how much it may bring."""

    connect_seconds: float = 5.0
    gap_seconds: float = 10.0  # between two receipts of bytes
    total_seconds: float = 30.0
    header_bytes: int = 64 * 1024
    redirects: int = 5
    body: BodyLimits = BodyLimits()  # noqa: RUF009  it is frozen


@dataclass(slots=True)
class Deadline:
    """When, on the monotonic clock, everything has to be over."""

    limits: ExchangeLimits
    at: float

    @classmethod
    def starting_now(cls, limits: ExchangeLimits) -> "Deadline":
        """Return the deadline of an exchange that begins now."""
        return cls(limits, time.monotonic() + limits.total_seconds)

    def wait(self, most: float) -> float:
        """Return for how many seconds may be waited, at most `most`.

        Raises:
            FetchFailed: it has passed.
        """
        left = self.at - time.monotonic()
        if left <= 0:
            raise FetchFailed(FetchReason.TIMEOUT, f"not done after {self.limits.total_seconds:g} s")
        return min(left, most)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answered; header names are lower case, repeated ones are joined by commas."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    received_bytes: int


class _Gate:
    """What both kinds of socket check before they wait for bytes."""

    deadline: Deadline | None = None
    in_headers = True
    received = 0

    def admit(self) -> float:
        assert self.deadline is not None
        if self.in_headers and self.received > self.deadline.limits.header_bytes:
            raise FetchRefused(FetchReason.HEADERS_TOO_LARGE, "more than 64 KB of headers")
        return self.deadline.wait(self.deadline.limits.gap_seconds)


class _Socket(_Gate, socket.socket):
    """A socket that keeps the deadline of its exchange."""

    def recv_into(self, *given: Any, **named: Any) -> int:
        self.settimeout(self.admit())
        received = super().recv_into(*given, **named)
        self.received += received
        return received


class _SecureSocket(_Gate, ssl.SSLSocket):
    """The same over TLS; the handshake is bounded by the timeout it begins with."""

    def recv_into(self, *given: Any, **named: Any) -> int:
        self.settimeout(self.admit())
        received = super().recv_into(*given, **named)
        self.received += received
        return received


def secure_context(certificates: str | None = None) -> ssl.SSLContext:
    """Return how TLS is spoken: certificates and names verified, by the system's authorities or those in a file."""
    # A socket that this context wraps becomes one of ours, which keeps the deadline under TLS as well.
    context = ssl.create_default_context(cafile=certificates)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _SecureSocket
    return context


def get(
    target: Target, addresses: tuple[Address, ...], headers: Mapping[str, str], tls: ssl.SSLContext, deadline: Deadline
) -> Answer:
    """Ask the first of `addresses` that takes a connection for `target`.

    Raises:
        FetchRefused: the answer passes a limit or is coded as it was not asked for.
        FetchFailed: no connection, no proof of the name, no answer in time, a damaged or short one.
    """
    with _named_failures(), closing(_connected(target, addresses, tls, deadline)) as connection:
        gate = connection.sock
        assert isinstance(gate, _Gate)
        gate.deadline = deadline
        connection.timeout = deadline.wait(deadline.limits.gap_seconds)
        _ask(connection, target, headers)
        response = connection.getresponse()
        gate.in_headers = False
        found = {name.lower(): value for name, value in response.headers.items()}
        body = Body(coding_of(found.get("content-encoding")) if response.status == _READ_STATUS else "identity")
        body.limits = deadline.limits.body
        if response.status == _READ_STATUS:
            _fill(body, response, deadline)
        return Answer(response.status, found, body.whole(), body.received)


def _ask(connection: HTTPConnection, target: Target, headers: Mapping[str, str]) -> None:
    # One request a connection: between two there are two seconds at least, and a kept one would be one more state.
    named = {"Host": target.host_header, **headers, "Connection": "close"}
    connection.request("GET", target.path, headers=named, preload_content=False, decode_content=False)


def _fill(body: Body, response: BaseHTTPResponse, deadline: Deadline) -> None:
    """Take the body piece by piece.

    Raises:
        FetchFailed: the connection ends before the body does; what came of it is kept.
    """
    try:
        while piece := response.read(_PIECE_BYTES, decode_content=False):
            body.take(piece)
            deadline.wait(0)  # also where bytes come fast enough that the socket never waits
    except (HTTPError, http.client.HTTPException, ConnectionError) as error:
        timed_out = "Timeout" in type(error).__name__
        reason = FetchReason.TIMEOUT if timed_out else FetchReason.SHORT_BODY
        raise FetchFailed(reason, f"the body ended after {body.received} bytes: {type(error).__name__}") from None


def _connected(
    target: Target, addresses: tuple[Address, ...], tls: ssl.SSLContext, deadline: Deadline
) -> HTTPConnection:
    """Return a connection to the first address that takes one, over TLS where the target says so."""
    failure: FetchFailed | None = None
    for address in addresses:
        try:
            joined = _joined(address, target.port, deadline)
        except OSError as error:  # the next address: IPv6 is announced and not routed at many places
            why = "no answer in time" if isinstance(error, TimeoutError) else error.strerror or type(error).__name__
            failure = FetchFailed(FetchReason.CONNECT, f"{target.host} at {address}: {why}")
        else:
            return _wrapped(target, joined, tls, deadline)
    assert failure is not None
    raise failure


def _joined(address: Address, port: int, deadline: Deadline) -> _Socket:
    joined = _Socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
    try:
        joined.settimeout(deadline.wait(deadline.limits.connect_seconds))
        joined.connect((str(address), port))
    except OSError:
        joined.close()
        raise
    return joined


def _wrapped(target: Target, joined: _Socket, tls: ssl.SSLContext, deadline: Deadline) -> HTTPConnection:
    connection = _over(joined, target, tls)
    try:
        joined.settimeout(deadline.wait(deadline.limits.gap_seconds))
        connection.connect()
    except (OSError, HTTPError):
        joined.close()
        connection.close()
        raise
    return connection


def _over(joined: _Socket, target: Target, tls: ssl.SSLContext) -> HTTPConnection:
    """Return urllib3's connection over a socket that is connected already: it neither resolves nor connects."""
    if target.scheme == "http":
        connection = HTTPConnection(target.host, target.port)
    else:
        connection = HTTPSConnection(target.host, target.port, ssl_context=tls, server_hostname=target.host)
    connection._new_conn = lambda: joined  # type: ignore[method-assign]  # noqa: SLF001  its place for other transports
    return connection


@contextmanager
def _named_failures() -> Iterator[None]:
    """Turn what libraries and the system raise into reasons of ours, without the addresses in their messages."""
    try:
        yield
    except FetchError:
        raise
    except (ssl.SSLError, SSLError, ssl.CertificateError) as error:
        raise _tls_failure(error) from None
    except TimeoutError:
        raise FetchFailed(FetchReason.TIMEOUT, "no bytes in time") from None
    except (ConnectionError, http.client.RemoteDisconnected):
        raise FetchFailed(FetchReason.RESET, "the connection ended before the answer") from None
    except (HTTPError, http.client.HTTPException, ValueError) as error:
        raise FetchFailed(FetchReason.BAD_RESPONSE, f"the answer is not HTTP: {type(error).__name__}") from None
    except OSError as error:
        raise FetchFailed(FetchReason.CONNECT, error.strerror or type(error).__name__) from None


def _tls_failure(error: Exception) -> FetchFailed:
    why = getattr(error, "verify_message", None) or getattr(error, "reason", None) or type(error).__name__
    return FetchFailed(FetchReason.TLS, f"no trusted TLS connection: {why}")
