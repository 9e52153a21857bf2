"""Article: one raw record becomes one normalized article, or a reject that says why it cannot."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from schemas.reasons import Reason
from schemas.records import MAX_TEXT_CHARS, Article, RawArticle, Reject, TextKind
from schemas.rejects import reject
from transforms.markup.limits import TooDeep, TooLarge
from transforms.normalize import dates
from transforms.normalize.characters import clean_line, clean_text, well_formed
from transforms.normalize.furniture import strip_trailing
from transforms.normalize.identity import article_id, content_hash, item_key
from transforms.normalize.plain import shows_text, to_plain
from transforms.normalize.urls import host_of, page_url, shown_url, without_user
from transforms.normalize.words import count_words

STAGE = "normalize"
MAX_TITLE_CHARS = 10_000  # far above any headline: what is longer is a text in the wrong field
MAX_FURNITURE_CHARS = 2_000  # of what was cut off, enough to see what it was
FURNITURE_KEY = "newsfold:furniture"
EMPTY_MARKUP_KEY = "newsfold:empty_markup"
DROPPED_URL_KEY = "newsfold:dropped_url"

_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,4}")
# How RSS 2.0 has the author of an item: an address, and in brackets the name.
_MAIL_AND_NAME = re.compile(r"[^\s@()]{1,64}@[^\s@()]{1,255}\s?\(([^()]{1,200})\)")


def normalize(raw: RawArticle, now: datetime) -> Article | Reject:
    """Return `raw` as an article; `now` is when the run started, to tell dates that lie in the future.

    A record is refused when title and text are both empty, or when one of them is past its limit.
    """
    try:
        title, text = _title(raw), _text(raw)
    except TooDeep as error:
        return _refuse(raw, Reason.TOO_DEEP, str(error))
    except TooLarge as error:
        return _refuse(raw, Reason.TOO_LARGE, str(error))
    if len(title) > MAX_TITLE_CHARS or len(text) > MAX_TEXT_CHARS:
        return _refuse(raw, Reason.TOO_LARGE, f"title of {len(title)} and text of {len(text)} characters")
    if not title and not text:
        return _refuse(raw, Reason.EMPTY, "neither title nor text holds anything to read")
    return _article(raw, title, text, now)


def _article(raw: RawArticle, title: str, text: str, now: datetime) -> Article:
    # Before furniture is cut off: identity must not change with the rules of what furniture is.
    content = content_hash(title, text)
    canonical = page_url(raw.url, raw.canonical_link)
    item_id = well_formed(raw.item_id) if raw.item_id else None
    source = _line(raw.source)
    key = item_key(content, canonical, _line(raw.feed), source, item_id)
    story, furniture = strip_trailing(text)
    url = _line(raw.url)
    # Nothing is dropped in silence: what was cut off or could not be kept says so in `extra`.
    shown = shown_url(url) if url else None
    notes = {
        FURNITURE_KEY: furniture[:MAX_FURNITURE_CHARS],
        EMPTY_MARKUP_KEY: "text" if _lost_in_markup(raw, text) else "",
        DROPPED_URL_KEY: without_user(url) if url and shown is None else "",
    }
    return Article(
        article_id=article_id(key, content),
        item_key=key,
        content_hash=content,
        raw_sha256=raw.raw_sha256,
        source_uri=well_formed(raw.source_uri),
        source_kind=raw.source_kind,
        title=title,
        text=story,
        text_kind=_text_kind(raw, story),
        word_count=count_words(story),
        item_id=item_id,
        source=source or (host_of(canonical) if canonical else None),
        url=shown,
        canonical_url=canonical,
        authors=_distinct(map(_author, raw.authors)),
        categories=_distinct(map(clean_line, raw.categories)),
        published_at=dates.parse(raw.published, now),
        published_raw=_line(raw.published),
        published_source=(_line(raw.published_source) or "field") if raw.published else None,
        updated_at=dates.parse(raw.updated, now),
        fetched_at=raw.fetched_at,
        declared_language=language_tag(raw.declared_language),
        extra=_extra(raw.extra, notes),
    )


def language_tag(declared: str | None) -> str | None:
    """Return a declared language as a lower-case BCP 47 tag (`pt-br`), or None when it is none.

    Of a list such as `en-US,en;q=0.9` the first counts.
    """
    if not declared:
        return None
    tag = re.split(r"[,;\s]", declared.strip()[:100], maxsplit=1)[0].replace("_", "-").partition(".")[0].lower()
    return tag if _TAG.fullmatch(tag) else None


def _title(raw: RawArticle) -> str:
    title = raw.title or ""
    # Measured before anything is done with it: a field of megabytes is not read as a headline.
    return clean_line(to_plain(title)) if len(title) <= MAX_TITLE_CHARS else title


def _text(raw: RawArticle) -> str:
    # Too long a plain text is not cleaned, only to be refused; HTML may be much longer than what it shows.
    text = raw.text or ""
    return to_plain(text, markup=raw.markup) if raw.markup or len(text) <= MAX_TEXT_CHARS else text


def _text_kind(raw: RawArticle, text: str) -> TextKind:
    return raw.text_kind if text else "title"


def _lost_in_markup(raw: RawArticle, text: str) -> bool:
    return not text and raw.text is not None and shows_text(raw.text)


def _line(field: str | None) -> str | None:
    return (clean_line(field) or None) if field else None


def _author(author: str) -> str:
    """Return the name alone: RSS writes `mail (name)`, bylines start with "By", some pages give a profile's address."""
    name = clean_line(author)
    match = _MAIL_AND_NAME.fullmatch(name)
    name = match[1].strip() if match else name
    name = name[3:] if name[:3].lower() == "by " else name
    return "" if name.startswith(("http://", "https://")) else name


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that are not empty, the first spelling of each, in their order."""
    spellings: dict[str, str] = {}
    for name in names:
        if name:
            spellings.setdefault(name.casefold(), name)
    return tuple(spellings.values())


def _extra(fields: tuple[tuple[str, str], ...], notes: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return further fields and our own notes, sorted by key; of two equal keys the first is kept, ours first."""
    kept = {key: note for key, note in notes.items() if note}
    for name, value in fields:
        key = clean_line(name)
        if key:
            kept.setdefault(key, clean_text(value))
    return tuple(sorted(kept.items()))


def _refuse(raw: RawArticle, reason: Reason, detail: str) -> Reject:
    # The record, not the source's bytes, which a reader took apart; `replay` reads it again by these names.
    fields = {name: value for name, value in asdict(raw).items() if value not in (None, (), "")}
    payload = json.dumps(fields, sort_keys=True, default=str).encode("ascii")
    return reject(well_formed(raw.source_uri), STAGE, reason, detail, payload)
