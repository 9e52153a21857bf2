"""URLs: one spelling for one page, so that the same item is known again whoever linked to it.

Nothing here asks the network. What may change the page (scheme, `www.`, a trailing slash, unknown parameters and
their order) stays as it was; what cannot (case of the host, default port, fragment, tracking) goes.
"""

import ipaddress
import re
from urllib.parse import unquote

from transforms.normalize.tracking import is_tracking

MAX_URL_CHARS = 2_048  # longer ones name a session or carry a payload, not a page

_URL = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.IGNORECASE | re.DOTALL)
_REPEATED_SCHEME = re.compile(r"(?:https?://)+(?=https?://)", re.IGNORECASE)
_LINE_MARKS = re.compile(r"[\t\r\n]+")
_EDGES = "".join(map(chr, range(0x21)))  # what browsers cut off both ends
_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_AUTHORITY = re.compile(r"(?:.*@)?(\[[^\]]*\]|[^:@\[\]]*)(?::([0-9]{0,6}))?", re.DOTALL)
# What RFC 3986 allows in path and query, unescaped.
_PLAIN = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?]*")
_ESCAPABLE = re.compile(r"%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?]")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_REFERENCE = re.compile(r"&(?:amp(?:;|%3B))+", re.IGNORECASE)  # a link that was escaped for HTML once too often
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_USER = re.compile(r"([a-z][a-z0-9+.\-]{0,20}://)[^/?#\\]*@", re.IGNORECASE)
_INDEX = re.compile(r"/(?:(?:index|default)\.[A-Za-z0-9]{1,5})?")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
# Hosts that only pass readers on: what a page reached through them calls itself is its true name.
_RELAYS = (
    "ampproject.org",
    "feedburner.com",
    "feedproxy.google.com",
    "news.google.com",
    "t.co",
    "bit.ly",
    "web.archive.org",
)


def canonical_url(url: str) -> str | None:
    """Return the canonical spelling of an absolute http(s) URL, or None when `url` is none or not usable.

    The host comes out as lower-case punycode. A fragment stays only if it is a page's name (`#!…`).
    """
    # As browsers read an address (WHATWG URL): edges, line marks and backslashes are theirs to forgive.
    address = _LINE_MARKS.sub("", url.strip(_EDGES)).replace("\\", "/")
    match = _URL.fullmatch(_REPEATED_SCHEME.sub("", address))
    if match is None or len(url) > MAX_URL_CHARS:
        return None
    scheme = match[1].lower()
    site = _site(scheme, match[2])
    if site is None:
        return None
    query = _query(match[4] or "")
    fragment = f"#{_escaped(match[5])}" if match[5] and match[5].startswith("!") else ""
    return f"{scheme}://{site}{_path(match[3])}{'?' if query else ''}{query}{fragment}"


def page_url(url: str | None, canonical_link: str | None) -> str | None:
    """Return the canonical URL of a page known as `url` that calls itself `canonical_link`.

    The page's own word wins when it is absolute, names a page and stays on the site: a reprint that points to the
    original on another site is still an item of its own.
    """
    own = canonical_url(url) if url else None
    link = canonical_url(canonical_link) if canonical_link else None
    if link is None or not names_a_page(link):
        return own
    if own is None or _same_site(host_of(own), host_of(link)):
        return link
    return own


def names_a_page(canonical: str) -> bool:
    """Return whether a canonical URL has a path beyond `/` or `index.*`, or a query: more than the front page."""
    match = _URL.fullmatch(canonical)
    assert match is not None
    return bool(match[4] or match[5]) or _INDEX.fullmatch(match[3]) is None


def host_of(canonical: str) -> str:
    """Return the host of a canonical URL, without its port."""
    authority = canonical.split("/", 3)[2]
    return authority.partition("]")[0] + "]" if authority.startswith("[") else authority.partition(":")[0]


def shown_url(url: str) -> str | None:
    """Return `url` as it may be stored, or None when it is not http(s)."""
    return without_user(url) if _URL.fullmatch(url) else None


def without_user(url: str) -> str:
    """Return `url` without the user name and password before its host: secrets are not stored."""
    match = _USER.match(url)
    return f"{match[1]}{url[match.end() :]}" if match else url


def _site(scheme: str, authority: str) -> str | None:
    match = _AUTHORITY.fullmatch(authority)
    host = _host(match[1]) if match else None
    if match is None or host is None:
        return None
    port = (match[2] or "").lstrip("0")
    if not port or port == _DEFAULT_PORTS[scheme]:
        return host
    return f"{host}:{port}" if int(port) < 65_536 else None


def _host(host: str) -> str | None:
    if host.startswith("["):
        return _address(host[1:-1], bracketed=True)
    # Decoded before it is judged: an escaped host is the same host, and may hide what is none.
    host = unquote(host) if "%" in host else host
    host = host.lower() if host.isascii() else _punycode(host)
    host = host.removesuffix(".")
    if not _HOST.fullmatch(host):
        return None
    return _address(host, bracketed=False) if host.rpartition(".")[2].isdecimal() else host


def _address(text: str, *, bracketed: bool) -> str | None:
    try:
        return f"[{ipaddress.IPv6Address(text)}]" if bracketed else str(ipaddress.IPv4Address(text))
    except ValueError:
        return None


def _punycode(host: str) -> str:
    """Return the ASCII form of an international host name, empty when it has none."""
    import idna  # noqa: PLC0415  its tables take 20 ms, and few hosts need them

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def _path(path: str) -> str:
    escaped = _escaped(path) or "/"
    if ";" in escaped:
        escaped = _SESSION.sub("", escaped) or "/"
    return _without_dots(escaped) if "/." in escaped else escaped


def _without_dots(path: str) -> str:
    """Resolve `.` and `..` as RFC 3986 section 5.2.4 does; what would climb above the root stays at the root."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == ".." and kept:
            kept.pop()
        elif segment not in (".", ".."):
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    parts = _REFERENCE.sub("&", _escaped(query)).split("&")
    return "&".join(part for part in parts if part and not is_tracking(part))


def _escaped(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else _ESCAPABLE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    if not match[1]:
        return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))
    # RFC 3986 section 6.2.2: letters, digits and -._~ mean the same escaped or not; all else stays as it is.
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


def _same_site(host: str, other: str) -> bool:
    return _registrable(host) == _registrable(other) or any(
        host == relay or host.endswith(f".{relay}") for relay in _RELAYS
    )


def _registrable(host: str) -> str:
    """Return the part of a host that one owner registered, by rule of thumb: two labels, three under `co.uk` and such.

    Without the public suffix list this errs towards more labels, so that two owners are seldom taken for one.
    """
    labels = host.split(".")
    # Two letters at the end are a country; before it, three or fewer are co, com, org, ac and their like.
    third = len(labels) > 2 and len(labels[-1]) == 2 and (len(labels[-2]) <= 3 or labels[-2] in ("gouv", "info"))
    return ".".join(labels[-3:] if third else labels[-2:])
