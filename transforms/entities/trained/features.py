"""What the trained tagger sees of a token: its form by hashes, its class, and what lists and rules say there.

Training and tagging both take their features from here, so that a weight means the same in both.
"""

import unicodedata
import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import accumulate, groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.entities import gazetteer
from transforms.entities.arabic import bare, plain
from transforms.entities.arabic_sounds import foreignness
from transforms.entities.lexicon import Facts, Lexicon
from transforms.entities.spelling import spelling
from transforms.entities.trained.arabic_features import tell
from transforms.entities.trained.common_words import COMPOUND, commonness
from transforms.entities.trained.person_names import TOWN, in_names
from transforms.entities.worked_out import WorkedOut

BUCKETS = 1 << 18  # rows of weights for hashed features of words: the marked texts have some 150,000 of them
WINDOW = 2  # tokens seen on each side
CLASSES = 84  # room for `coarse` classes
TAGS = 37  # none, or type × how sure (plain, part of a longer name, has an id) × place (first, inner, last, only)
LISTED = 7  # none, or type × first or later word of a name in the lists
LANGUAGES = 64  # room for numbers of languages
FORM_SLOTS = 5  # features of the form, dropped at random in training
PLAIN_SLOTS = 3  # features that any language has
SLOTS = FORM_SLOTS + PLAIN_SLOTS
QUOTE = 2  # the class of marks of quotation
BRACKET = 4  # the class of opening brackets
LINE_END = 10  # the class of line ends
MAY_BE_NAMED = 22  # the first class of words that a name can begin or end with
OUTSIDE = "\x00"  # stands for what is before and after a text

_MARKS = (
    ".。！？!?…",
    ",،、，;؛",
    '"“”„«»「」『』《》',
    "'\u2019\u2018ʼ",
    "([（",
    ")]）",
    "-\u2011",
    "–—",
    ":：",
    "/&+",
    "\n",
    OUTSIDE,
)
_PUNCTUATION = {mark: number for number, marks in enumerate(_MARKS) for mark in marks}
_OTHER_MARK = 12
_LOWER, _CAPITAL, _CASELESS, _NUMBER = 13, 22, 45, 64  # first class of each kind
_COMMON = 66  # unknown words that are common, alone or as a compound: in no list of names, a town, parts of persons
_ROLES = "FCDNTGIAUPLO"
_UNKNOWN = _CAPITAL + _ROLES.index("U")
_COMMON_CASELESS = 72  # of scripts without capitals, the same three; three more for words with the Arabic article
COMMON_WITHOUT_CASE = range(_COMMON_CASELESS, _COMMON_CASELESS + 6)
_UNSURE = {_UNKNOWN: _CAPITAL + 14, _CASELESS + 4: _CASELESS + 11}  # with names: two or three more
_MAY_BE_COMMON = {_UNKNOWN: _COMMON, _CASELESS + 4: _COMMON_CASELESS, _CASELESS + 11: _COMMON_CASELESS + 3}
_UNHEARD = {_CASELESS + 4: {0: 80, 3: 81}, _CASELESS + 11: {}}  # unknown Arabic words, by how foreign they sound
_CHARACTERS_KEPT = 1 << 14
# Of scripts without capitals, in the order in which they decide; those at the end of a name are of Hindi alone.
_CASELESS_KINDS = {"given": 5, "person_title": 6, "org_start": 7, "place_start": 8, "small": 9, "demonym": 10}
_HINDI_KINDS = {"small": 9, "org_end": 33, "place_end": 34, "person_title": 6, "demonym": 10, "org_start": 7}
_FROM_LISTS = {"ar": _CASELESS_KINDS, "fa": _CASELESS_KINDS, "hi": _HINDI_KINDS}


class Form(NamedTuple):
    """The features of a word wherever it stands."""

    coarse: int
    buckets: tuple[int, ...]  # PLAIN_SLOTS of any language, then FORM_SLOTS of the form


def _bucket(feature: str, begun: int = 0) -> int:
    """Return the bucket of a feature; `begun` is the checksum of what stands before it."""
    return zlib.crc32(feature.encode("utf-8", "surrogatepass"), begun) % BUCKETS


@lru_cache(maxsize=256)
def _begun(language: str) -> tuple[int, ...]:
    """Return the checksums that features of the form go on from: the whole, its beginnings, its ends."""
    return tuple(zlib.crc32(kind.encode()) for kind in ("w ", "p ", f"e {language} ", "z ", "q "))


_NOTHING = _bucket("")


def look_at(word: str, lexicon: Lexicon) -> Form:
    """Return the features of a token's form in a language."""
    language = lexicon.language
    first = word[0]
    coarse, fine = _classify(word, lexicon)
    listed = in_names(word, lexicon) if first.isalpha() and not first.islower() else 0
    common = commonness(word, language, named=listed > 0) if coarse in _MAY_BE_COMMON else 0
    if common:
        coarse = _MAY_BE_COMMON[coarse] + 3 * (common == COMPOUND) + (0 if not listed else 1 if listed == TOWN else 2)
    elif listed and coarse in _UNSURE:
        coarse = _UNSURE[coarse] + listed
    elif language == "ar" and coarse in _UNHEARD:
        level = foreignness(word)
        coarse, fine = _UNHEARD[coarse].get(level, coarse), f"{fine}{level}"
    always = plain_buckets(coarse, fine, word[:12].translate(CASES), listed)
    if len(word) <= 2 and word > "\u3000":
        kind = _bucket(f"n {_kind(word[1:])}")
        return Form(coarse, (*always, _bucket(f"w {first}"), _bucket(f"b {word}"), kind, _NOTHING, _NOTHING))
    folded = word.casefold()
    stem = folded if language != "ar" else bare(plain(folded))
    parts = (stem, stem[:3], folded[-3:], folded[-2:], stem[:5])
    return Form(coarse, (*always, *map(_bucket, parts, _begun(language))))


@lru_cache(maxsize=1 << 14)
def plain_buckets(coarse: int, fine: str, cases: str, listed: int) -> tuple[int, int, int]:
    """Return the buckets of class, of the pattern of cases with repeats dropped and the length up to 7, of lists."""
    shape = f"{''.join([mark for mark, _ in groupby(cases)])} {min(len(cases), 7)}"
    return _bucket(f"c {coarse} {fine}"), _bucket(f"s {coarse} {shape}"), _bucket(f"n {listed} {fine}")


@lru_cache(maxsize=1 << 14)
def _kind(character: str) -> str:
    return unicodedata.name(character, "NONE")[:4] if character else ""


def _case_of(point: int) -> str:
    character = chr(point)
    if character.isdigit():
        return "9"
    if character.isalpha():
        return "X" if character.isupper() else "x" if character.islower() else "c"
    return character


CASES = WorkedOut(_case_of, _CHARACTERS_KEPT)
"""A mark for the case of each character, by code point: a table for `str.translate`."""


def _flags(flags: Iterable[bool]) -> str:
    return "".join(["01"[flag] for flag in flags])


def _classify(word: str, lexicon: Lexicon) -> tuple[int, str]:
    """Return the class of a word and what more is known of it."""
    first = word[0]
    if first in _PUNCTUATION:
        return _PUNCTUATION[first], ""
    if first.isdigit():
        return _NUMBER + (len(word) == 4 and word.isdigit()), ""
    if not first.isalpha():
        return _OTHER_MARK, ""
    if first.isupper():
        return _capitalised(word, lexicon)
    if first.islower():
        return _small(word, lexicon)
    return _without_case(word, lexicon)


def _capitalised(word: str, lexicon: Lexicon) -> tuple[int, str]:
    facts = lexicon.facts[word]
    shouted = word.isupper() and len(word) > 1
    return _class_of_capitalised(facts.role, shouted, facts[_FIRST_FLAG:_AFTER_FLAGS])


_FIRST_FLAG, _AFTER_FLAGS = Facts._fields.index("org_head"), Facts._fields.index("organisation") + 1


@lru_cache(maxsize=1 << 12)
def _class_of_capitalised(role: str, shouted: bool, known: tuple[bool | float, ...]) -> tuple[int, str]:
    """Return class and flags by the role of a word, whether all of it is in capitals, and what its facts say."""
    *flags, person, place, organisation = known
    org_head, org_tail, place_head, place_tail, *_ = flags
    fine = _flags((*map(bool, flags), person > 0, place > 0, organisation > 0, organisation > 4))
    number = _ROLES.index(role)
    if role == "U" and (org_head or org_tail):
        number = len(_ROLES)
    elif role == "U" and (place_head or place_tail):
        number = len(_ROLES) + 1
    elif role == "U" and shouted:
        number = len(_ROLES) + 2
    return _CAPITAL + number, fine + ("u" if shouted else "")


def _small(word: str, lexicon: Lexicon) -> tuple[int, str]:
    if not word.islower() and any(map(str.isupper, word)):
        return _LOWER + 8, ""
    return _small_words(lexicon).get(word, _UNKNOWN_SMALL)


@lru_cache(maxsize=256)
def _small_words(lexicon: Lexicon) -> Mapping[str, tuple[int, str]]:
    """Return class and flags of the words in small letters that lists have."""
    lists = (lexicon.function, lexicon.place_prep, lexicon.title, lexicon.org_word, lexicon.place_word,
             lexicon.after.keys(), lexicon.say_before)  # fmt: skip
    return {word: _class_of_small(*(word in words for words in lists)) for word in frozenset().union(*lists)}


@lru_cache(maxsize=1 << 7)
def _class_of_small(*has: bool) -> tuple[int, str]:
    return _LOWER + 1 + next(number for number in (2, 3, 4, 5, 6, 1, 0) if has[number]), _flags(has)


_UNKNOWN_SMALL = _LOWER, "0000000"


@lru_cache(maxsize=8)
def _caseless_words(language: str) -> Mapping[str, tuple[int, str]]:
    """Return class and flags of the words of a script without capitals that lists have."""
    vocabulary, spelt = gazetteer.load().vocabulary, spelling(language)
    numbers = tuple(_FROM_LISTS[language].values())
    lists = [frozenset(map(spelt, vocabulary(kind, language))) for kind in _FROM_LISTS[language]]
    found: dict[str, tuple[int, str]] = {}
    for word in frozenset().union(*lists):
        has = [word in words for words in lists]
        found[word] = _CASELESS + numbers[has.index(True)], _flags(has)
    return found


@lru_cache(maxsize=1 << 14)
def _class_of_script(character: str) -> tuple[int, str]:
    scripts = (("\u3040", "\u30a0"), ("\u30a1", "\u30ff"), ("\uac00", "\ud7a3"))
    return _CASELESS + next((at for at, (low, high) in enumerate(scripts, 1) if low <= character <= high), 0), ""


def _without_case(word: str, lexicon: Lexicon) -> tuple[int, str]:
    if word > "\u3000":
        return _class_of_script(word[0])
    if lexicon.language not in _FROM_LISTS:
        return _CASELESS + 4, ""
    has_article = word.startswith("ال")
    unknown = _CASELESS + (11 if has_article else 4), "0" * len(_FROM_LISTS[lexicon.language])
    coarse, flags = _caseless_words(lexicon.language).get(word, unknown)
    return coarse, f"{flags}{has_article}{tell(word) if lexicon.language == 'ar' else ''}"


_PAIRS = CLASSES * CLASSES
_WIDTHS = (
    *[TAGS] * (2 * WINDOW + 1),  # the tag of each token in the window
    *[LISTED] * 3,  # what lists say of a token and its neighbours
    *[_PAIRS] * 3,  # classes: before and here, here and after, before and after
    *[TAGS * TAGS] * 2,  # tags: before and here, here and after
    TAGS * CLASSES,
    TAGS * LISTED,
    TAGS * LANGUAGES,
    CLASSES * LANGUAGES,
)
_STARTS = tuple(accumulate((0, *_WIDTHS)))
CONTEXTS = _STARTS[-1]  # rows of weights for what stands around a token


def look_around(
    at: NDArray[np.intp],
    coarse: NDArray[np.int32],
    tags: NDArray[np.int32],
    listed: NDArray[np.int32],
    languages: NDArray[np.intp],
) -> NDArray[np.intp]:
    """Return the rows of the context features, by feature and token, of the tokens `at`, each with WINDOW around it."""
    tag = [tags[at + place] for place in range(-WINDOW, WINDOW + 1)]
    left, here, right = (coarse[at + place] for place in (-1, 0, 1))
    before, mine, after = tag[WINDOW - 1 : WINDOW + 2]
    lists = [listed[at + place] for place in (-1, 0, 1)]
    language = languages[at]
    numbers = (
        *tag,
        *lists,
        left * CLASSES + here,
        here * CLASSES + right,
        left * CLASSES + right,
        before * TAGS + mine,
        mine * TAGS + after,
        mine * CLASSES + here,
        mine * LISTED + lists[1],
        mine * LANGUAGES + language,
        here * LANGUAGES + language,
    )
    rows: NDArray[np.intp] = np.stack(numbers) + np.array(_STARTS[:-1], np.intp)[:, None]
    return rows
