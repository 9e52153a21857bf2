"""Addresses in feeds: which may be kept, against what they are resolved, and secrets kept out of sight."""

import hashlib
import re
from urllib.parse import parse_qsl, urljoin, urlsplit, urlunsplit

_SECRET = re.compile(
    r"(?:^|[_.-])(?:token|key|apikey|auth|secret|password|passwd|pwd|pass|sig|signature|session|sid|jwt)$",
    re.IGNORECASE,
)


def absolute_link(link: str | None, *bases: str | None) -> str | None:
    """Return `link` as an absolute http or https URL, resolved against the first usable base; else None.

    A name and password in the address are dropped: an article's identity does not depend on who reads it.
    """
    if not link:
        return None
    stripped = "".join(link.split())
    for base in (None, *bases):
        try:
            joined = urljoin(base or "", stripped)
            parts = urlsplit(joined)
            named = parts.scheme in {"http", "https"} and parts.hostname
        except ValueError:
            continue
        if named:
            return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        if parts.scheme and base is None:
            return None
    return None


def redacted(address: str) -> str:
    """Return a feed's address without what may be secret: a hash stands in, so that feeds stay apart.

    Credentials before the host and query parameters named like keys or tokens count as secret.
    """
    try:
        parts = urlsplit(address)
        secret = "@" in parts.netloc or any(_SECRET.search(name) for name, _ in parse_qsl(parts.query))
    except ValueError:
        return address
    if not secret:
        return address
    digest = hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, f"redacted={digest}", ""))
