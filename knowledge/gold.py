"""News-like texts written for this project with every person, place and organisation marked; `gold/README.md` says how.

Run as a script it checks the files and counts what is in them: python knowledge/gold.py [FILE...]
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("gold")
TYPES = {"P": "person", "L": "place", "O": "organisation"}
_KINDS = """
politics election diplomacy war economy company market labour crime court disaster accident weather
climate health science technology energy transport education culture film music books media sport
football religion history obituary interview local agriculture travel food society migration space post
"""
KINDS = frozenset(_KINDS.split())
_HEAD = re.compile(r"# ([a-z]{2})-(\d{3}) ([a-z]+)")
_MARK = re.compile(r"\[\[([PLO]) ([^\[\]\n]+)\]\]")
_KEPT_EVERY = 10  # every tenth document is kept for the floors and never trained on


@dataclass(frozen=True, slots=True)
class Mention:
    """A marked name: offsets in code points of the title, a newline, a blank line and the text, as one string."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class Document:
    """One text; `whole` is title, blank line, text, without marks."""

    id: str
    language: str
    kind: str
    kept: bool
    title: str
    text: str
    mentions: tuple[Mention, ...]

    @property
    def whole(self) -> str:
        """Return title and text as one string, as mentions count it."""
        return f"{self.title}\n\n{self.text}"


def read(path: Path) -> Iterator[Document]:
    """Yield the documents of a file.

    Raises:
        ValueError: a heading or a mark is not as the format says; the message names file and document.
    """
    for part in re.split(r"(?m)^(?=# )", path.read_text("utf-8")):
        if part.strip():
            yield _document(path, part)


def _document(path: Path, part: str) -> Document:
    head, _, marked = part.partition("\n")
    found = _HEAD.fullmatch(head.rstrip())
    if not found or found[3] not in KINDS or found[1] != path.stem:
        raise ValueError(f"{path.name}: {head!r}: write '# {path.stem}-001 KIND' with a kind of those in gold.py")
    whole, mentions = _unmark(marked.strip())
    title, blank, text = whole.partition("\n\n")
    if not blank or "\n" in title or not text.strip():
        raise ValueError(f"{path.name}: {found[1]}-{found[2]}: write a title, an empty line, and paragraphs")
    if "[[" in whole or "]]" in whole:
        raise ValueError(f"{path.name}: {found[1]}-{found[2]}: a mark is not [[P …]], [[L …]] or [[O …]]")
    number = int(found[2])
    return Document(
        f"{found[1]}-{found[2]}", found[1], found[3], number % _KEPT_EVERY == 0, title, text, tuple(mentions)
    )


def _unmark(marked: str) -> tuple[str, list[Mention]]:
    whole, mentions, end = "", [], 0
    for match in _MARK.finditer(marked):
        whole += marked[end : match.start()]
        mentions.append(Mention(len(whole), len(whole) + len(match[2]), TYPES[match[1]]))
        whole += match[2]
        end = match.end()
    return whole + marked[end:], mentions


def doubts(documents: Sequence[Document]) -> Iterator[str]:
    """Yield what looks like a slip: a number given twice, a name left unmarked or with blanks, a text too thin."""
    for name, times in Counter(document.id for document in documents).items():
        if times > 1:
            yield f"{name}: the number is given {times} times"
    for document in documents:
        names = {document.whole[m.start : m.end] for m in document.mentions}
        yield from (f"{document.id}: {name!r} begins or ends with a blank" for name in names if name != name.strip())
        if len(document.mentions) < 3:
            yield f"{document.id}: only {len(document.mentions)} names"
        yield from (f"{document.id}: {name!r} stands unmarked too" for name in _unmarked(document, names))


def _unmarked(document: Document, names: set[str]) -> Iterator[str]:
    bare = list(document.whole)
    for mention in document.mentions:
        bare[mention.start : mention.end] = "\x00" * (mention.end - mention.start)
    rest = "".join(bare)
    for name in sorted(names):
        if len(name) > 4 and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w\u093a-\u094d-])", rest):
            yield name


def main(arguments: Sequence[str]) -> int:
    """Check the files named, or all; return 1 if there are doubts."""
    paths = [Path(argument) for argument in arguments] or sorted(FOLDER.glob("*.txt"))
    found = 0
    for path in paths:
        documents = list(read(path))
        for doubt in doubts(documents):
            found += 1
            print(doubt)  # noqa: T201  a script tells its result
        count = Counter(mention.type for document in documents for mention in document.mentions)
        words = sum(len(document.whole.split()) for document in documents)
        letters = sum(len(document.whole) for document in documents)
        print(f"{path.name}: {len(documents)} documents, {words} words, {letters} letters, {dict(count)}")  # noqa: T201  as above
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
