"""Plain text files to RawArticles: the whole file is one article, its first line perhaps the title."""

import re
import unicodedata

from schemas.reasons import Reason
from schemas.records import MAX_TEXT_CHARS, RawArticle
from transforms.sources import charset
from transforms.sources.fields import CHARSET_KEY, RefusedRecord, raw_digest

# Headlines rarely pass 120 characters; 200 leaves room for long French and German ones and is shorter than most
# opening paragraphs.
MAX_TITLE_CHARS = 200
_STOPS = frozenset(".。．｡։।॥۔።။།,،、;:；：")  # noqa: RUF001  full stops of many scripts, and marks of what goes on
_CLOSERS = "\"'»”’)]）」』›"  # noqa: RUF001  the typographic ones are meant
_BULLETS = "-*•–—"  # noqa: RUF001  the dash is meant
_MARKDOWN_TITLE = re.compile(r"#{1,2}[ \t]+(?P<title>.*?)[ \t]*#*\Z")


def read_text(payload: bytes, uri: str) -> RawArticle:
    """Return the article of a text file.

    Raises:
        RefusedRecord: no charset fits, it is too long, or nothing stands in it.
    """
    try:
        text, name = charset.decode(payload)
    except charset.UndecodableError as error:
        raise RefusedRecord(Reason.BAD_ENCODING, str(error)) from error
    if len(text) > MAX_TEXT_CHARS:
        raise RefusedRecord(Reason.TOO_LARGE, f"{len(text):,} characters; at most {MAX_TEXT_CHARS:,} are read")
    if not text.strip():
        raise RefusedRecord(Reason.EMPTY, "the file holds no text")
    title, body = split_title(text.replace("\r\n", "\n").replace("\r", "\n"))
    return RawArticle(
        source_uri=uri,
        source_kind="text",
        raw_sha256=raw_digest(title=title, text=body),
        title=title,
        text=body,
        text_kind="full" if body else "title",
        extra=() if name == "utf-8" else ((CHARSET_KEY, name),),
    )


def split_title(text: str) -> tuple[str | None, str | None]:
    """Return (title, body): the first line is the title only if it reads as one, else all of it is body.

    It reads as one if it is short, has no closing full stop, and a blank line follows.
    """
    # A title taken for text costs a line; a first sentence taken for a title is lost from the text. So all must hold.
    first, _, rest = text.lstrip("\n \t\ufeff").partition("\n")
    title = first.strip()
    marked = _MARKDOWN_TITLE.match(title)
    if marked:
        title = marked["title"]
    following = rest.split("\n", 1)[0]
    if title and rest.strip() and not following.strip() and (marked or _reads_as_title(title)):
        return title, rest.strip("\n")
    return None, text


def _reads_as_title(line: str) -> bool:
    if len(line) > MAX_TITLE_CHARS:
        return False
    last = line.rstrip(_CLOSERS)[-1:]
    # An ellipsis closes a headline, not a sentence; a bullet or a dash opens a list.
    stopped = last in _STOPS and not line.endswith(("...", ". . ."))
    return not stopped and any(unicodedata.category(char)[0] in "LN" for char in line) and line[0] not in _BULLETS
