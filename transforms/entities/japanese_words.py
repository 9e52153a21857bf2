"""Where the words of a Japanese text begin and end, and of what kind they are.

There is no dictionary: a text changes its script between most words; a row of Chinese characters is cut into what lists
have of it at the least cost.
"""

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from transforms.entities import gazetteer, korean_words
from transforms.entities.words import Words, joined, part, without_halves
from transforms.entities.worked_out import WorkedOut

LANGUAGE = "ja"
_WORDS_KEPT = 50_000
_HAN = "一-鿿々〆ヵヶ"
_PIECE = re.compile(rf"[{_HAN}]+|[ぁ-ゖ]+|[ァ-ヺー]+|[A-Za-zＡ-Ｚａ-ｚ]+|\d+|\s+|.", re.DOTALL)
_KIND_NAMES = (
    "unknown single common title body place surname known katakana latin number mark hiragana verb "
    "topic subject object of at with to also"
)
_KINDS = {name: korean_words.KINDS + at for at, name in enumerate(_KIND_NAMES.split())}
KINDS = korean_words.KINDS + len(_KINDS)
_PARTICLES = {
    "topic": "は では には とは からは",
    "subject": "が",
    "object": "を",
    "of": "の での への からの との",
    "at": "で に において における",
    "with": "と や",
    "to": "へ から まで より",
    "also": "も でも にも など だ だった だが です とも として という とみられる によると について に対し",
}
_PARTICLE_KINDS = {particle: kind for kind, row in _PARTICLES.items() for particle in row.split()}
_LONGEST_PARTICLE = max(map(len, _PARTICLE_KINDS))
# What a row of Chinese characters costs, by what each word is that it is cut into. Chosen so that a long word of the
# lists beats two short ones, and what no list has stays whole: 京丹後 市議会, not 京 丹 後 市議会.
_LISTS = {
    "title": "person_title",
    "body": "org_end",
    "place": "place_end",
    "common": "common",
    "surname": "surname",
}
_LISTED_COST, _LISTED_ONE_COST = 1.0, 1.4  # of a word, of one character
_UNKNOWN_COST, _UNKNOWN_MORE = 1.2, 0.8  # of a row that no list has, and of each of its characters
_LONGEST, _LONGEST_UNKNOWN = 8, 5
_LONGER = re.compile(f"[{_HAN}]{{2,{_LONGEST}}}")  # words of more characters than one


def words(text: str) -> Words:
    """Return the words of a text."""
    return joined(map(_parts.__getitem__, _PIECE.findall(without_halves(text))))


def _describe(piece: str) -> bytes:
    return b"".join(part(form, _KINDS[kind], _rank(form), "ja ") for form, kind in cut(piece))


_parts = WorkedOut(_describe, _WORDS_KEPT)


def cut(piece: str) -> Iterator[tuple[str, str]]:
    """Yield the words of what is written in one script, each with its kind."""
    if "一" <= piece[0] <= "鿿" or piece[0] in "々〆ヵヶ":
        yield from _cut_row(piece)
    elif "ぁ" <= piece[0] <= "ゖ":
        yield from _cut_hiragana(piece)
    else:
        yield piece, _other(piece)


def _other(piece: str) -> str:
    if "ァ" <= piece[0] <= "ー":
        return "katakana"
    return "number" if piece.isdigit() else "latin" if piece.isalpha() else "mark"


def _cut_hiragana(piece: str) -> Iterator[tuple[str, str]]:
    if piece in _PARTICLE_KINDS:
        yield piece, _PARTICLE_KINDS[piece]
        return
    common = gazetteer.listed("common", LANGUAGE)
    for length in range(min(_LONGEST_PARTICLE, len(piece) - 2), 0, -1):
        word, particle = piece[:-length], piece[-length:]
        if particle in _PARTICLE_KINDS and word in common:
            yield word, "common"
            yield particle, _PARTICLE_KINDS[particle]
            return
    title = piece in gazetteer.listed("person_title", LANGUAGE)
    yield piece, "common" if piece in common else "title" if title else "hiragana"


def _cut_row(row: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a row of Chinese characters: the cheapest way from its beginning to its end."""
    ways = [(0.0, 0, "")]  # to each place: its cost, where its last word begins, the kind
    for end in range(1, len(row) + 1):
        best = math.inf, 0, ""
        for at in range(max(0, end - _LONGEST), end):
            kind, cost = _judge(row[at:end])
            cost += ways[at][0]
            if cost < best[0]:
                best = cost, at, kind
        ways.append(best)
    found: list[tuple[str, str]] = []
    end = len(row)
    while end:
        _, start, kind = ways[end]
        found.append((row[start:end], kind))
        end = start
    yield from reversed(found)


def _judge(form: str) -> tuple[str, float]:
    """Return what a word is and what it costs; one that no list has, if it is long, more than any others."""
    listed = _listed().get(form)
    if listed:
        return listed, _LISTED_COST if len(form) > 1 else _LISTED_ONE_COST
    if len(form) > _LONGEST_UNKNOWN:
        return "", math.inf
    return "unknown" if len(form) > 1 else "single", _UNKNOWN_COST + _UNKNOWN_MORE * len(form)


@lru_cache(maxsize=1)
def _listed() -> dict[str, str]:
    """Return what words of Chinese characters are: known as a name, else by the first list that has them."""
    loaded = gazetteer.load()
    names = chain(loaded.names, loaded.local.get(LANGUAGE, ()))
    known = dict.fromkeys((name for name in names if _LONGER.fullmatch(name)), "known")
    lists = reversed(_LISTS.items())  # of those that have a word the last one holds
    return {form: kind for kind, name in lists for form in gazetteer.listed(name, LANGUAGE)} | known


def _rank(form: str) -> int:
    """Return 1 for a town that needs support, 0 for anything else."""
    return 1 if form in gazetteer.load().cautious else 0
