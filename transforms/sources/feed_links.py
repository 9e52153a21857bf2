"""Addresses in feeds: which may be kept, and against what they are resolved."""

from urllib.parse import urljoin, urlsplit, urlunsplit

from transforms.sources.redaction import redacted


def absolute_link(link: str | None, *bases: str | None) -> str | None:
    """Return `link` as an absolute http or https URL, resolved against the first usable base; else None.

    A name and password in the address are dropped: an article's identity does not depend on who reads it.
    """
    if not link:
        return None
    # White space may stand anywhere in it: feeds break long addresses. Alone first, then against each base in turn.
    stripped = "".join(link.split())
    for base in (None, *bases):
        try:
            joined = urljoin(_open_part(base), stripped)
            parts = urlsplit(joined)
            named = parts.scheme in {"http", "https"} and parts.hostname
        except ValueError:
            continue
        if named:
            return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        if parts.scheme and base is None:
            return None
    return None


def _open_part(base: str | None) -> str:
    """Return a base without its query if that holds secrets: `#top` would be resolved to all of it."""
    if not base or redacted(base) == base:
        return base or ""
    return urlunsplit(urlsplit(base)._replace(query="", fragment=""))
