"""What lists and rules say of an article, as numbers: where names stand in title, break and text put together."""

from typing import NamedTuple

from transforms.entities.find import Scanned
from transforms.entities.gazetteer import Known
from transforms.entities.lexicon import Lexicon
from transforms.entities.resolve import Group, name_of
from transforms.entities.titled import Titled
from transforms.entities.trained.decode import TYPES

BREAK = "\n\n"  # between title and text
FROM_LISTS = 2  # the level of a name that the rules have from the lists; 1 is part of a longer one, 0 any other
NUMBERS = {name: number for number, name in enumerate(TYPES)}


class Marks(NamedTuple):
    """Names in an article, each given by as many numbers one after the other as there are columns."""

    listed: list[int]  # start, end, type: names of the lists, whatever is around them
    by_rules: list[int]  # start, end, type, level: what the rules made of lists and capitals
    known: dict[tuple[int, int], Known]  # names that the lists have, by start and end


def text_at(article: Titled) -> int:
    """Return where the text begins."""
    return len(article.title) + len(BREAK) if article.title else 0


def mark(scanned: Scanned) -> Marks:
    """Write down what was found in an article."""
    shift = text_at(scanned.article)
    marks = Marks([], [], {})
    for more, spans in ((0, scanned.in_title), (shift, scanned.in_text)):
        for start, end, known in spans:
            marks.known[start + more, end + more] = known
            marks.listed.extend((start + more, end + more, NUMBERS[known.type]))
    for group in scanned.groups:
        _mark_group(group, scanned.words, shift, marks)
    return marks


def _mark_group(group: Group, words: Lexicon, shift: int, marks: Marks) -> None:
    target, found = group
    assert target.type is not None
    name, known = name_of(group), target.known if target.known is not None and target.known.id is not None else None
    same = known or words.gazetteer.named(name, words.language)
    sure = same is not None and (same is known or same.type == target.type)
    number, spaces = NUMBERS[target.type], name.count(" ")
    for mention in found:
        more = shift if mention.field == "text" else 0
        start, end = mention.start + more, mention.end + more
        level = FROM_LISTS if sure else 1 if spaces > mention.text.count(" ") else 0
        marks.by_rules.extend((start, end, number, level))
        if known is not None:
            marks.known[start, end] = known
