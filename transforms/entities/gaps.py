"""What stands between two capitalised words, read once per wording and language."""

from functools import lru_cache

from transforms.entities import gazetteer
from transforms.entities.letters import LAST_WORD, OPENING_QUOTE, SENTENCE_END
from transforms.entities.lexicon import Gap, Lexicon

_OF = frozenset(("of", "of the", "for", "for the", "and", "&", "on"))
_AND = frozenset(("and", "y", "e", "et", "und", "en", "og", "och", "i", "и", "і", "та", "ja", "a"))
_LINKING = frozenset(("de", "of", "di", "du", "da", "do", "del", "d", "the", "la", "le", "von", "der"))
_LONG_GAP = 16  # of a longer gap only the last two words matter, so that gaps repeat and are read once
_GAPS_KEPT = 100_000  # wordings cached per process and language
_WINDOW = 60  # characters before a word that may matter


SPACE = Gap(" ")
TOUCHING = Gap("")
OPENING = Gap("", opens=True)


@lru_cache(maxsize=1)
def _particles() -> frozenset[str]:
    return gazetteer.load().pooled("particle")


def read_gap(gap: str) -> Gap:
    """Classify what stands between two capitalised words, shortened by `last_words`."""
    bare = gap.strip(" \xa0")
    quoted = OPENING_QUOTE.search(bare) is not None
    if gap[:1] in " \xa0" and gap[-1:] in " \xa0'\u2019" and "\n" not in gap and len(bare) < 9:
        if bare in _OF or bare in _particles():
            return Gap(bare, before=bare)
        if bare.isdigit():
            return Gap(bare)
        if bare in _AND:
            return Gap("and", before=bare)
    last = LAST_WORD.search(gap if not quoted else bare[:-1])
    opens = SENTENCE_END.search(gap) is not None
    before = last[1].casefold() if last else ""
    earlier = LAST_WORD.search(gap[: last.start()]) if last is not None and before in _LINKING else None
    return Gap("", opens, quoted, before, earlier[1].casefold() if earlier else "")


def last_words(text: str, end: int, start: int) -> str:
    """Return what decides about a gap: all of a short one, the last two or three words of a longer one."""
    if start - end <= _LONG_GAP:
        return text[end:start]
    first = max(end, start - _WINDOW)
    last = text.rfind(" ", first, start)
    two = text.rfind(" ", first, max(last, first))
    if two >= 0 and text[two + 1 : last].casefold() in _LINKING:
        two = text.rfind(" ", first, two)
    return "\x00" + text[max(first, two + 1) : start]


def first_gap(text: str, start: int) -> str | None:
    """Return what decides about the text before its first capitalised word; None where a sentence opens."""
    before = text[:start] if start <= _WINDOW else "\x00" + text[start - _WINDOW : start]
    if SENTENCE_END.search(before) or text.find("\n", 0, start) >= 0:
        return None
    return "\x00" + text[max(0, start - _WINDOW) : start]


def gap_of(words: str, lexicon: Lexicon) -> Gap:
    """Return what stands before a word, with its evidence."""
    found = lexicon.gaps.get(words)
    if found is None:
        if len(lexicon.gaps) >= _GAPS_KEPT:
            lexicon.gaps.clear()
        found = lexicon.gaps[words] = weigh_before(read_gap(words), lexicon)
    return found


def weigh_before(gap: Gap, lexicon: Lexicon) -> Gap:
    """Add the evidence of what stands before a candidate."""
    person = place = organisation = 0.0
    before, earlier = gap.before, gap.earlier
    titled = before.rstrip(".") in lexicon.title
    if titled:
        person += 3.0
    if before in lexicon.say_before:
        person += 1.0
    if before in lexicon.org_word or earlier in lexicon.org_word:
        organisation += 3.0
    if before in lexicon.place_word or earlier in lexicon.place_word:
        place += 3.0
    elif before in lexicon.place_prep:
        place += 1.5
    if gap.quoted:
        organisation += 1.5
    return gap._replace(titled=titled, person=person, place=place, organisation=organisation)
