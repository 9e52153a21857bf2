"""Regular expressions over letters: words that begin with a capital, and what stands between them."""

import re
import unicodedata
from functools import lru_cache


def _character_class(category: str, end: int = 0x2E00) -> str:
    found = [code for code in range(end) if unicodedata.category(chr(code)) in category.split()]
    parts: list[list[int]] = []
    for code in found:
        if parts and parts[-1][1] == code - 1:
            parts[-1][1] = code
        else:
            parts.append([code, code])
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in parts)


UPPER = f"[{_character_class('Lu Lt')}]"
MARK = "\u0300-\u036f"  # combining marks: text is tagged as given, decomposed letters included
_LETTER = rf"[^\W_{MARK}]"

# U.S., J.K. | J. before a capital | Word, O'Neill, Saint-Germain, S.Paulo. The capital comes first, before the look
# back, because the engine then skips to the next one; what may stand before it in small letters is ARTICLE.
CAPITALISED = re.compile(
    rf"{UPPER}(?<![\w{MARK}].)(?:\.(?:(?:{UPPER}\.)+{UPPER}?(?!\w)|(?=[\s\xa0]?{UPPER}))"
    rf"|[\w{MARK}]*(?:[-'\u2019\u2011.&][^\W_][\w{MARK}]*)*)",
    re.DOTALL,
)
ARTICLES = ("al-", "el-", "ад-", "аль-", "эль-", "ас-", "аш-")
_CAMEL = re.compile(rf"\d|(?<=..){UPPER}")  # McDonald, 3M
ELISION = re.compile(r"(?:[lLdDjJnNsScCmMtT]|[Qq]u|[Dd]ell|[Aa]ll|[Nn]ell|[Ss]ull|[Dd]all|[Uu]n|[Qq]uell)['\u2019]")
# What ends a sentence, opens a line, a list item or a speech: the capital after it says nothing.
SENTENCE_END = re.compile(r"(?:[.!?…:;·•\n\u2022\u2013\u2014|。！？»“”\"]|^(?!\x00))\s*[-–—•*«“„\"'‘(\[]*\s*$|\n")
OPENING_QUOTE = re.compile(r"[«“„\"]$")
_SMALL_WORD = re.compile(r"[\w'\u2019-]+")
NEXT_WORD = re.compile(r"[\s\xa0]*([^\W\d_][\w'\u2019-]*)")
AGE = re.compile(r"\s?[,(]\s?\d{1,2}(?:[,)]| ans| Jahre| años| anos| anni| år| lat| let| jaar|-vuotias)")

_NO_SPACES = (
    (0x3040, 0x30FF),  # kana
    (0x3400, 0x9FFF),  # ideographs
    (0xF900, 0xFAFF),
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
)


@lru_cache(maxsize=4096)
def is_unspaced(character: str) -> bool:
    """Tell whether the script of a character writes words without spaces."""
    code = ord(character)
    return code > 0xDFF and any(first <= code <= last for first, last in _NO_SPACES)


@lru_cache(maxsize=4096)
def is_word_part(character: str) -> bool:
    """Tell whether a character continues a word: a letter, a digit, a mark on one, or a joiner within one."""
    return character.isalnum() or character in "_\u200c" or unicodedata.category(character)[0] == "M"


def has_camel(word: str) -> bool:
    """Tell whether a word is written like McDonald or 3M: a capital past its second letter, or a digit."""
    plain = word.isalpha() and word[2:].islower()
    return not plain and _CAMEL.search(word) is not None


def last_word(gap: str) -> tuple[str, int]:
    """Return the word that ends a gap and where it starts; a comma may follow: the mayor, Ann Lee. "" for none."""
    core = gap.rstrip().removesuffix(",")
    words = _SMALL_WORD.findall(core)
    if not words or not core.endswith(words[-1]):
        return "", len(gap)
    return words[-1], len(core) - len(words[-1])


def is_acronym(word: str) -> bool:
    """Tell whether a word is written like NATO, U.S. or BBC1: capitals, digits and full stops only, two letters up."""
    if not word.isupper():
        return False
    letters = [c for c in word if c.isalpha()]
    return len(letters) > 1 and all(c.isupper() for c in letters)
