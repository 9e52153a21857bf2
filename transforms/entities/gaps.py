"""What stands between two capitalised words, read once per wording and language."""

from functools import lru_cache

from transforms.entities import gazetteer
from transforms.entities.letters import OPENING_QUOTE, SENTENCE_END, last_word
from transforms.entities.lexicon import Gap, Lexicon

_OF = frozenset(("of", "of the", "for", "for the", "and", "&", "on"))
_AND = frozenset(("and", "y", "e", "et", "und", "en", "og", "och", "i", "и", "і", "та", "ja", "a"))
_LINKING = frozenset(("de", "of", "di", "du", "da", "do", "del", "d", "the", "la", "le", "von", "der"))
LONG_GAP = 11  # of a longer gap only the last two words matter, so that gaps repeat and are read once
_GAPS_KEPT = 15_000  # wordings cached per process and language: 4 MB; 10,000 articles in 12 languages bring 71,000
_STOPS = frozenset(".!?")  # after them a sentence opens, and the word before says nothing
_WINDOW = 60  # characters before a word that may matter


SPACE = Gap(" ")
TOUCHING = Gap("")
OPEN = Gap("", before="\x00")  # one more word decides
OPENING = Gap("", opens=True)


@lru_cache(maxsize=1)
def _particles() -> frozenset[str]:
    return gazetteer.load().pooled("particle")


def read_gap(gap: str) -> Gap:
    """Classify what stands between two capitalised words."""
    if gap in {" ", "\xa0"}:
        return SPACE
    bare = gap.strip(" \xa0")
    if gap[:1] in " \xa0" and gap[-1:] in " \xa0'\u2019" and "\n" not in gap and len(bare) < 9:
        if bare in _OF or bare in _particles():
            return Gap(bare, before=bare)
        if bare.isdigit():
            return Gap(bare)
        if bare in _AND:
            return Gap("and", before=bare)
    return _plain(gap) or _punctuated(gap, bare)


def _plain(gap: str) -> Gap | None:
    """Read a gap that ends in a small word, a comma after it or none, or in a full stop: most need no pattern."""
    word = gap[gap.rfind(" ", 0, -1) + 1 : -1].removesuffix(",").lstrip("\x00").casefold()
    if gap[-1:] == " " and word.isalpha() and word not in _LINKING and "\n" not in gap:
        return Gap("", before=word)
    return OPENING if gap.rstrip()[-1:] in _STOPS else None


def _punctuated(gap: str, bare: str) -> Gap:
    quoted = OPENING_QUOTE.search(bare) is not None
    before, start = last_word(bare[:-1] if quoted else gap)
    before = before.casefold()
    earlier = last_word(gap[:start])[0] if before in _LINKING else ""
    return Gap("", SENTENCE_END.search(gap) is not None, quoted, before, earlier.casefold())


def is_stopped(text: str, start: int) -> bool:
    """Tell whether a word with a full stop, and a space or an empty line, stand before a place past the third."""
    stop = start - (3 if text[start - 1] == "\n" else 2)
    return text[stop : stop + 1] in _STOPS and text[stop + 1 : start].isspace() and text[stop - 1].isalnum()


def gap_between(text: str, end: int, start: int, lexicon: Lexicon) -> Gap:
    """Return what stands between two words: all of a short gap counts, the last two or three words of a longer one."""
    if start - end <= LONG_GAP:
        return gap_of(text[end:start], lexicon)
    words = text[text.rfind(" ", end, start - 1) + 1 or end : start]
    found = lexicon.last_words.get(words)
    if found is None:
        if len(lexicon.last_words) >= _GAPS_KEPT:
            lexicon.last_words.clear()
        found = OPEN if _links(words) else _weighed(read_gap("\x00" + words[-_WINDOW:]), lexicon)
        lexicon.last_words[words[-_WINDOW:]] = found
    if found is OPEN:
        earlier = text.rfind(" ", end, max(end, start - len(words) - 1)) + 1 or end
        return gap_of("\x00" + text[max(earlier, start - _WINDOW) : start], lexicon)
    return found


def _links(words: str) -> bool:
    """Tell whether the word before counts as well: before de in ville de, before a dash or a bracket."""
    return words.rstrip().casefold() in _LINKING or not any(map(str.isalnum, words))


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
        found = lexicon.gaps[words] = _weighed(read_gap(words), lexicon)
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
    if before in lexicon.article:
        person -= 1.0
        organisation += 0.5
    if gap.quoted:
        organisation += 1.5
    return Gap(gap.link, gap.opens, gap.quoted, before, earlier, titled, person, place, organisation)


_weighed = lru_cache(maxsize=_GAPS_KEPT)(weigh_before)  # wordings differ more than what they come to
