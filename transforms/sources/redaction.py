"""Secrets kept out of sight: what may be shown of an address that holds a password or a token."""

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

_SECRET = re.compile(
    r"(?:^|[_.-])(?:token|key|apikey|auth|authorization|secret|password|passwd|pwd|pass|sig|signature|session|sid|jwt"
    r"|credentials?)$",
    re.IGNORECASE,
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")  # accessToken is access_Token
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+://[^\s'\"<>]++")


def redacted(address: str) -> str:
    """Return an address without what may be secret: a hash stands in, so that feeds stay apart.

    Credentials before the host count as secret, and parameters named like keys or tokens.
    """
    try:
        parts = urlsplit(address)
        secret = "@" in parts.netloc or any(_is_secret(name) for name, _ in _parameters(parts.query, parts.fragment))
    except ValueError:
        return address
    if not secret:
        return address
    digest = hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, f"redacted={digest}", ""))


def scrubbed(message: str) -> str:
    """Return a message with every address in it redacted: libraries put the address into their errors."""
    return _ADDRESS.sub(lambda found: redacted(found[0]), message)


def without_secrets(content: bytes, address: str) -> bytes:
    """Return content with the secrets of the address it came from replaced: feeds print their own address."""
    for secret in sorted(_secrets_of(address), key=len, reverse=True):
        content = content.replace(secret.encode("utf-8", "surrogatepass"), b"redacted")
    return content


def _secrets_of(address: str) -> set[str]:
    """Return the secret values of an address, as they are written in it and decoded; short ones hide nothing."""
    try:
        parts = urlsplit(address)
        values = [value for name, value in _parameters(parts.query, parts.fragment) if _is_secret(name)]
    except ValueError:
        return set()
    if "@" in parts.netloc:
        values.append(parts.netloc.rpartition("@")[0].rpartition(":")[2])
    spellings = {spelling for value in values for spelling in (value, unquote(value), quote(value, safe=""))}
    # A one-letter password would take every such letter out of the page.
    return {spelling for spelling in spellings if len(spelling) >= 4}


def _parameters(*parts: str) -> Iterator[tuple[str, str]]:
    for part in parts:
        yield from parse_qsl(part)


def _is_secret(name: str) -> bool:
    return _SECRET.search(_HUMP.sub("_", name)) is not None
