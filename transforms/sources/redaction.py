"""Secrets kept out of sight: what may be shown of an address that holds a password or a token."""

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit, urlunsplit

_SECRET = re.compile(
    r"(?:^|[_.-])(?:token|key|apikey|auth|authorization|secret|password|passwd|pwd|pass|sig|signature|session|sid|jwt"
    r"|credentials?)$",
    re.IGNORECASE,
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")  # accessToken is access_Token
# What stands before a secret in a path, and what such a segment begins with.
_MARK = re.compile(r"(?:private|secret|token|auth|(?:api_?)?key|password)s?", re.IGNORECASE)
_MARKED = re.compile(r"(?:private|secret|token|key)[-_=.:](?=[^/]*[0-9])[0-9A-Za-z]{12}", re.IGNORECASE)
# A word after `private` is a section of the site; what has digits among its letters is a key.
_KEY = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[^/]{8,}")
# An MD5 sum has 32 digits; decimals alone are ids and dates.
_HEX_KEY = re.compile(r"(?<![0-9A-Za-z])(?=[0-9]*[a-fA-F])[0-9a-fA-F]{32,}(?![0-9A-Za-z])")
_RUN = re.compile(r"[0-9A-Za-z]{20,}")
_TURNS = re.compile(r"[0-9][A-Za-z]|[A-Za-z][0-9]")
_ENDING = re.compile(r"\.(?:rss|xml|atom|rdf|json|php)$", re.IGNORECASE)
# Possessive, for messages of libraries may be long and hold no address.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+://[^\s'\"<>]++")


@lru_cache(maxsize=16_384)  # a feed's name is asked for at every turn
def redacted(address: str) -> str:
    """Return an address without what may be secret: a hash stands in, so that feeds stay apart.

    Credentials before the host count as secret, parameters named like keys or tokens, and of the paths on the web
    what follows `private`, `token` and the like, or looks drawn by lot. UUIDs do not: they name public feeds, too.
    """
    try:
        parts = urlsplit(address)
        hidden = list(_hidden_segments(parts))
        secret = hidden or "@" in parts.netloc or any(_secret_parameters(parts))
    except ValueError:
        return address
    if not secret:
        return address
    # Of the whole address: two readers' private feeds of one site have to stay two.
    digest = hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    path = "/".join("redacted" if segment in hidden else segment for segment in parts.path.split("/"))
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, f"redacted={digest}", ""))


def scrubbed(message: str) -> str:
    """Return a message with every address in it redacted: libraries put the address into their errors."""
    return _ADDRESS.sub(lambda found: redacted(found[0]), message)


def without_secrets(content: bytes, address: str) -> bytes:
    """Return content with the secrets of the address it came from replaced: feeds print their own address."""
    # The longest first: one may be part of another.
    for secret in sorted(_secrets_of(address), key=len, reverse=True):
        content = content.replace(secret.encode("utf-8", "surrogatepass"), b"redacted")
    return content


def _secrets_of(address: str) -> set[str]:
    """Return the secret values of an address, as they are written in it and decoded; short ones hide nothing."""
    try:
        parts = urlsplit(address)
        values = [*_secret_parameters(parts), *map(_without_ending, _hidden_segments(parts))]
    except ValueError:
        return set()
    if "@" in parts.netloc:
        values.append(parts.netloc.rpartition("@")[0].rpartition(":")[2])
    spellings = {spelling for value in values for spelling in (value, unquote(value), quote(value, safe=""))}
    # A one-letter password would take every such letter out of the page.
    return {spelling for spelling in spellings if len(spelling) >= 4}


def _secret_parameters(parts: SplitResult) -> Iterator[str]:
    """Yield the values that a query or fragment hides: named like secrets, or without a name and drawn by lot."""
    for part in (parts.query, parts.fragment):
        yield from (value for name, value in parse_qsl(part) if _is_secret(name))
        yield from (word for word in part.split("&") if "=" not in word and _looks_drawn(word))


def _hidden_segments(parts: SplitResult) -> Iterator[str]:
    """Yield the segments of a path on the web that are secret."""
    if parts.scheme not in {"http", "https"}:
        return
    before = ""
    for segment in parts.path.split("/"):
        named = _MARK.fullmatch(before) and _KEY.fullmatch(segment)
        if named or _MARKED.match(segment) or _looks_drawn(segment):
            yield segment
        before = segment


def _looks_drawn(text: str) -> bool:
    """Return whether a text holds what nobody would have made up: 32 hexadecimal digits, a JWT, or 20 mixed letters."""
    if _HEX_KEY.search(text) or text.startswith("eyJ"):
        return True
    runs = (found[0] for found in _RUN.finditer(text))
    return any(len(_TURNS.findall(run)) >= 3 and not run.islower() and not run.isupper() for run in runs)


def _without_ending(segment: str) -> str:
    """Return a segment without `.rss`, `.xml` and the like, as it may stand elsewhere without it."""
    return _ENDING.sub("", segment)


def _is_secret(name: str) -> bool:
    return _SECRET.search(_HUMP.sub("_", name)) is not None
