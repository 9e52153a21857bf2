"""Conditional requests: what a server said about its answer is sent back byte for byte, so that it may say "unchanged".

Validators belong to the address that answered. They are kept in the feed's state, which is stored by the commit that
makes its items durable: a private cache would be told "unchanged" about items that a crash had lost.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from transforms.sources.redaction import redacted

WEEK_SECONDS = 7 * 24 * 3600
MAX_VALIDATOR_CHARS = 1_024
_SENDABLE = re.compile(r"[\x20-\x7e\x80-\xff]+")  # what HTTP allows in a value, read as Latin-1: one character a byte


@dataclass(frozen=True, slots=True)
class Validators:
    """What an address said about its answer, verbatim, quotes and weakness marks included."""

    answered_by: str | None = None  # the address that answered, without secrets
    etag: str | None = None
    last_modified: str | None = None

    def headers_for(self, url: str) -> dict[str, str]:
        """Return the headers that make a request to `url` conditional; none where it is not what answered."""
        if self.answered_by != redacted(url):
            return {}
        named = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return {name: value for name, value in named if value}

    @property
    def known(self) -> bool:
        """Return whether there is anything to send."""
        return bool(self.etag or self.last_modified)


def after_answer(url: str, headers: Mapping[str, str]) -> Validators:
    """Return the validators of a 200: both replace what was known, also where they are missing."""
    # One that is missing now was true of another document: kept, it would make the server say "unchanged" of this one.
    return Validators(redacted(url), _sendable(headers.get("etag")), _sendable(headers.get("last-modified")))


def after_unchanged(known: Validators, headers: Mapping[str, str]) -> Validators:
    """Return the validators after a 304: what came back replaces what was known, the rest stays."""
    etag, modified = _sendable(headers.get("etag")), _sendable(headers.get("last-modified"))
    return Validators(known.answered_by, etag or known.etag, modified or known.last_modified)


def same(known: Validators, fresh: Validators) -> bool:
    """Return whether a server that was asked with `known` and answers with `fresh` would have said "unchanged"."""
    if known.answered_by != fresh.answered_by or not known.known:
        return False
    if known.etag:  # it goes before the date (RFC 9110, 13.1.3)
        return known.etag == fresh.etag
    return known.last_modified == fresh.last_modified


def body_hash(body: bytes) -> str:
    """Return the hash by which an unchanged body is known where a server sends no validators."""
    return hashlib.sha256(body).hexdigest()


def weekly_slot(feed: str, moment: datetime) -> int:
    """Return the number of the week of `moment`; weeks begin at an instant that the feed hashes to."""
    # Not all feeds in the same hour of the week, and none that chance or a clock decides.
    offset = int.from_bytes(hashlib.sha256(f"week {feed}".encode("utf-8", "surrogatepass")).digest()[:8], "big")
    return int(moment.timestamp() + offset % WEEK_SECONDS) // WEEK_SECONDS


def asks_in_full(feed: str, last_in_full: datetime | None, now: datetime) -> bool:
    """Return whether the validators are left out this time: once a week, in case the server lies about them."""
    return last_in_full is None or weekly_slot(feed, last_in_full) < weekly_slot(feed, now)


def _sendable(value: str | None) -> str | None:
    usable = value and len(value) <= MAX_VALIDATOR_CHARS and _SENDABLE.fullmatch(value)
    return value if usable else None
