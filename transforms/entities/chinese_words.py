"""The seam of rjieba: where the words of a Chinese text begin and end, and of what kind each is.

The library is loaded with the first Chinese text: 0.1 s and some 40 MB a process.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from transforms.entities import gazetteer
from transforms.entities.words import Words, joined, part, without_halves

LANGUAGE = "zh"
_LONGEST_KEPT = 10_000  # code points of a text whose words are remembered, some 10 bytes for each
_TEXTS_KEPT = 256  # both fields of a batch
_WORDS_KEPT = 50_000
# Kinds by the part of speech that jieba gives, the longest beginning that stands here; each group is one kind.
_SPEECH = (
    "nr nrfg", "nrt", "ns", "nt", "nz", "n", "ng", "s", "f", "t tg", "v vi", "vn vd", "vg", "a ad ag", "an", "b", "z",
    "d df dg", "m mq", "q", "r rz rg rr", "p", "c", "u", "j", "i l", "k", "h", "y e o", "zg g", "eng",
)  # fmt: skip
# Kinds that our lists, or the form alone, give; they come before parts of speech.
_MARK, UNKNOWN, TITLE, ORGANISATION_END, PLACE_END, _COMMON = range(1, 7)
_FIRST_SPEECH = 7
_BY_SPEECH = {tag: _FIRST_SPEECH + at for at, tags in enumerate(_SPEECH) for tag in tags.split()}
_NAMES = frozenset(("nr", "nrfg", "nrt", "ns", "nt", "nz"))
PERSON, FOREIGN, PLACE, ORGANISATION = (_BY_SPEECH[tag] for tag in ("nr", "nrt", "ns", "nt"))
COINED = frozenset((UNKNOWN, PERSON, FOREIGN, _BY_SPEECH["nz"]))  # kinds of words that a body may be called by
# Kinds of words between the place that a body's name begins with and its ending.
WITHIN_BODY = COINED | {PLACE, ORGANISATION, ORGANISATION_END, PLACE_END, _COMMON}
WITHIN_BODY |= {_BY_SPEECH[tag] for tag in ("n", "ng", "s", "vn", "an", "b", "j", "f", "eng")}
KINDS = _FIRST_SPEECH + len(_SPEECH)  # 0 is for where there is no word
# How often words of each rank are met in the texts of the dictionary, at least; 0 is for what is not in it.
_FREQUENT = (3, 30, 300, 3_000)


def words(text: str) -> Words:
    """Return the words of a text."""
    return _remembered(text) if len(text) <= _LONGEST_KEPT else _cut(text)


def _cut(text: str) -> Words:
    import rjieba  # noqa: PLC0415  only who reads Chinese pays for its dictionary

    found: Sequence[tuple[str, str]] = rjieba.tag(without_halves(gazetteer.load().plain(text, LANGUAGE)))
    known = _known.get
    return joined([known(form) or _describe(form, speech) for form, speech in found])


_remembered = lru_cache(maxsize=_TEXTS_KEPT)(_cut)  # rules and tagger ask for the same texts, one after the other


_known: dict[str, bytes] = {}  # words by their form, which has one part of speech wherever it stands


def _describe(form: str, speech: str) -> bytes:
    if len(_known) > _WORDS_KEPT:
        _known.clear()
    found = _known[form] = part(form, _kind(form, speech), _rank(form))
    return found


def _kind(form: str, speech: str) -> int:
    if not form[0].isalnum():
        return _MARK
    listed = _by_lists().get(form)
    if listed is not None:
        return listed
    if speech != "nt":
        endings = gazetteer.listed("org_end", LANGUAGE)
        if form[-2:] in endings or form[-3:] in endings:
            return ORGANISATION_END  # 师范大学
    if speech in _NAMES and form in gazetteer.listed("common", LANGUAGE):
        return _COMMON  # the dictionary has many nouns and verbs as persons or places
    return _BY_SPEECH.get(speech) or _BY_SPEECH.get(speech[:1], UNKNOWN)


@lru_cache(maxsize=1)
def _by_lists() -> dict[str, int]:
    """Return the kind of each word that lists have: titles come before endings of bodies, these before places'."""
    lists = ((PLACE_END, "place_end"), (ORGANISATION_END, "org_end"), (TITLE, "person_title"))  # the last one holds
    return {form: kind for kind, name in lists for form in gazetteer.listed(name, LANGUAGE)}


def _rank(form: str) -> int:
    import rjieba  # noqa: PLC0415  as above

    if not rjieba.has_word(form):
        return 0
    return 1 + bisect_right(_FREQUENT, rjieba.suggest_freq(form))
