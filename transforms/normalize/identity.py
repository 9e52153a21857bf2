"""Identity: which item a record is, and which version of it. Its values are stored in lakes and never change.

Every hash is over fields joined by a unit separator, which cannot stand in them after normalizing; what kind of key it
is goes first, so that no two rules of `item_key` can meet.
"""

import hashlib
import unicodedata

from transforms.normalize.urls import names_a_page

_CONTENT_VERSION = "1"  # stands in each hash, so that another rule could live beside this one in a lake
_SEPARATOR = "\x1f"
_HEX_DIGITS = 32  # 128 bits: chance makes two of a billion items equal at odds of 1 in 10^21


def content_hash(title: str, text: str) -> str:
    """Return `1:` and the SHA-256 (hex) of title and text, NFC and with whitespace collapsed.

    `text` is the text before site furniture is removed: better furniture rules must not make a new version.
    """
    return f"{_CONTENT_VERSION}:{_sha256(_SEPARATOR.join((_collapsed(title), _collapsed(text))))}"


def item_key(
    content: str,
    canonical_url: str | None = None,
    feed: str | None = None,
    source: str | None = None,
    item_id: str | None = None,
) -> str:
    """Return the key (32 hex) of the item that a record with this content hash is a version of.

    The first that holds: a canonical URL that names a page; the feed and the entry's guid; the source and the id; the
    bare id and the content (an id without a scope tells items apart but never makes a revision); the content alone.
    """
    return _sha256(_SEPARATOR.join(_key_fields(content, canonical_url, feed, source, item_id)))[:_HEX_DIGITS]


def article_id(item_key: str, content_hash: str) -> str:
    """Return the id (32 hex) of one version of an item."""
    return _sha256(_SEPARATOR.join((item_key, content_hash)))[:_HEX_DIGITS]


def copy_key(source: str | None, content_hash: str) -> str:
    """Return the key (32 hex) of the same words from the same source, whatever their address or id."""
    return _sha256(_SEPARATOR.join(("copy", source or "", content_hash)))[:_HEX_DIGITS]


def _key_fields(
    content: str, canonical_url: str | None, feed: str | None, source: str | None, item_id: str | None
) -> tuple[str, ...]:
    # The front page of a site is no item: two stories without an address of their own would be versions of one.
    if canonical_url and names_a_page(canonical_url):
        return "url", canonical_url
    if not item_id:
        return "content", content
    if feed:
        return "feed", feed, item_id
    if source:
        return "source", source, item_id
    return "id", item_id, content  # two inputs may both have an item 17


def _collapsed(text: str) -> str:
    collapsed = " ".join(text.split())
    return collapsed if collapsed.isascii() else unicodedata.normalize("NFC", collapsed)


def _sha256(text: str) -> str:
    # surrogatepass: callers outside Normalize may hash what was never cleaned, and a hash must not fail.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
