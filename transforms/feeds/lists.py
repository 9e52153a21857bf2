"""LIST of the command line: a text file, an OPML file or one address becomes feeds, each once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from schemas.errors import UsageError
from transforms.feeds.addresses import target_of
from transforms.feeds.failures import FetchRefused
from transforms.feeds.feed import Feed
from transforms.feeds.opml import MAX_OPML_BYTES, OpmlError, read_opml
from transforms.feeds.schedule import CEILING, FLOOR
from transforms.normalize.urls import canonical_url

_EVERY = re.compile(r"every=([0-9]{1,4})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class FeedList:
    """The feeds of a list, and what was left out of it and why."""

    feeds: tuple[Feed, ...]
    warnings: tuple[str, ...] = ()


def read_list(given: str) -> FeedList:
    """Read LIST: one address of a feed, with words after it if need be, or the path of a text or OPML file.

    Raises:
        UsageError: there is no such file, it is no list, or a line of it is not understood.
    """
    if given.lower().startswith(("http://", "https://")):
        return FeedList((read_line(given, "the list"),))
    path = Path(given)
    content = _content(path)
    if is_opml(content):
        try:
            return distinct(read_opml(content))
        except OpmlError as error:
            raise UsageError(f"{path}: {error}; give OPML, or text with one address a line") from None
    return read_text(content, path.name)


def is_opml(content: bytes) -> bool:
    """Return whether a list is XML, by its first bytes; UTF-16 is told by its zeros."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or b"\0" in content[:4]


def read_text(content: bytes, name: str) -> FeedList:
    """Read a text list: an address a line, words after it, `#` comments.

    Raises:
        UsageError: naming the line that is not understood.
    """
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: byte {error.start} is not UTF-8; save the list as UTF-8") from None
    told = ((number, _without_comment(line)) for number, line in enumerate(lines, 1))
    return distinct([read_line(line, f"{name}, line {number}") for number, line in told if line])


def read_line(line: str, place: str) -> Feed:
    """Read one line of a list.

    Raises:
        UsageError: it begins with no address of the web, or has a word that is none of ours.
    """
    # An unknown word is refused, not passed over: a mistyped allow_private would be a feed that never answers.
    url, *words = line.split()
    try:
        target_of(url)
    except FetchRefused as error:
        raise UsageError(f"{place}: {error}; give the http or https address of a feed first") from None
    every = None
    for word in words:
        if word.startswith("every="):
            every = _interval(word, place)
        elif word != "allow_private":
            raise UsageError(f"{place}: the word {word[:40]!r} is unknown; there are allow_private and every=30m")
    return Feed(url, "allow_private" in words, every)


def distinct(feeds: Iterable[Feed]) -> FeedList:
    """Return the feeds, each address once in any of its spellings; the first entry wins, unusable ones are left out."""
    kept: dict[str, Feed] = {}
    warnings: list[str] = []
    for feed in feeds:
        try:
            target_of(feed.url)
        except FetchRefused as error:
            warnings.append(f"left out {feed.key}: {error}")
            continue
        # By the one spelling: http and https stay two, for they may be two feeds.
        address = canonical_url(feed.url) or feed.url
        if address in kept:
            warnings.append(f"left out {feed.key}: listed before")
        kept.setdefault(address, feed)
    return FeedList(tuple(kept.values()), tuple(warnings))


def write_text(feeds: Iterable[Feed]) -> str:
    """Return feeds as a text list. It holds the addresses as they are: it is the user's own file."""
    return "".join(map(text_line, feeds))


def text_line(feed: Feed) -> str:
    """Return a feed as a line of a text list, with its folder and title as a comment."""
    title = "" if feed.title in {feed.url, feed.key} else feed.title
    named = "/".join(filter(None, (feed.folder, title)))
    named = " ".join("".join(letter if letter.isprintable() else " " for letter in named).split())
    return " ".join((feed.url, *_words(feed), *([f"# {named}"] if named else []))) + "\n"


def _words(feed: Feed) -> list[str]:
    private = ["allow_private"] if feed.allow_private else []
    return private if feed.every is None else [*private, f"every={int(feed.every.total_seconds()) // 60}m"]


def _interval(word: str, place: str) -> timedelta:
    found = _EVERY.fullmatch(word)
    every = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta(0)
    if not FLOOR <= every <= CEILING:
        raise UsageError(f"{place}: {word[:40]!r} is no interval from 15 minutes to a day; write every=30m, 2h or 1d")
    return every


def _without_comment(line: str) -> str:
    """Return a line without its comment: `#` begins one at the beginning or after a blank, not inside an address."""
    return re.sub(r"(?:^|\s)#.*", "", line).strip()


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_OPML_BYTES + 1)  # a device or a pipe has no size to ask for
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a path"
        raise UsageError(f"{path}: {why}; give a file of feeds or the address of one") from None
    if len(content) > MAX_OPML_BYTES:
        raise UsageError(f"{path}: more than {MAX_OPML_BYTES >> 20} MB; split the list")
    return content
