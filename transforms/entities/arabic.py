"""Arabic words as lists spell them: one spelling for letters that writers interchange, and what affixes may hide.

The rules over-generate on purpose: a stem counts only where a list knows it.
"""

from collections.abc import Iterator
from functools import lru_cache

_SPELLINGS = str.maketrans("أإآٱىةڤپگچ", "اااايهفبغج", "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670")
_ARTICLE = "ال"
# What is written on to a noun or a verb, and what stands in its place without: plurals, duals, the feminine, persons
# of the past, pronouns. The letter ه is also what the feminine ending is spelt with here.
_ENDINGS = {
    "ات": ("", "ه", "ا"), "ون": ("",), "ين": ("",), "ان": ("", "ن"), "تان": ("ه",), "تين": ("ه",), "تي": ("ه",),
    "تا": ("ه", ""), "ي": ("",), "يه": ("", "ي"), "يا": ("", "ي"), "يين": ("", "ي"), "يون": ("", "ي"),
    "يات": ("", "يه"),
    "ه": ("", "ي"), "ها": ("",), "هم": ("",), "هن": ("",), "هما": ("",), "نا": ("",), "كم": ("",), "ني": ("",),
    "ته": ("ه", ""), "تها": ("ه", ""), "تهم": ("ه", ""), "تهما": ("ه", ""), "تنا": ("ه", ""), "اته": ("", "ه"),
    "اتها": ("", "ه"), "اتهم": ("", "ه"), "اتنا": ("", "ه"), "يها": ("", "ي"), "يهم": ("", "ي"), "يته": ("يه", "ي"),
    "يتها": ("يه", "ي"), "اه": ("ي",), "اها": ("ي",), "اهم": ("ي",), "ائه": ("اء",), "ائها": ("اء",), "ائهم": ("اء",),
    "اؤه": ("اء",), "اؤها": ("اء",), "اؤهم": ("اء",), "ا": ("",), "وا": ("", "ي"), "وه": ("",), "وها": ("",),
    "ت": ("", "ي"), "تم": ("",), "تما": ("",), "ونه": ("",), "ونها": ("",), "ن": ("",),
}  # fmt: skip
_TELLING = ("هما", "ها", "هم", "نا", "ية", "ات", "ون", "ين", "ان", "وا", "اً", "ًا", "ي", "ة", "ه", "ا")
_LENGTHS = {last: sorted({len(end) for end in _ENDINGS if end[-1] == last}, reverse=True) for last in "".join(_ENDINGS)}
_SHORTEST = 3  # letters of a stem that an affix is taken off; of two, too many names begin or end with one


@lru_cache(maxsize=1 << 8)  # a word is asked for several times on end
def plain(word: str) -> str:
    """Return a word without vowel signs, its alifs, feminine ending and final ya in one spelling."""
    return word.translate(_SPELLINGS)


def sounds(word: str) -> str:
    """Return a plain word with one letter for what foreign names are written with in turn: غوردون, جوردون."""
    return plain(word).replace("ج", "غ")


def bare(word: str) -> str:
    """Return a plain word without the article."""
    return word[2:] if word.startswith(_ARTICLE) and len(word) > _SHORTEST else word


def ending(word: str) -> str:
    """Return the ending that tells an adjective, a plural, or a word with a pronoun, or nothing."""
    if not word.endswith(_TELLING):
        return ""
    return next((end for end in _TELLING if word.endswith(end) and len(word) >= len(end) + _SHORTEST), "")


def noun_stems(word: str) -> Iterator[str]:
    """Yield what a plain word may be a form of, likelier first, if it is a noun or an adjective; itself too."""
    yield word
    stem = bare(word)
    if stem != word:
        yield stem
    for length in _LENGTHS.get(stem[-1:], ()):
        if length < len(stem):
            for end in _ENDINGS.get(stem[-length:], ()):
                if len(stem) - length + len(end) >= _SHORTEST:
                    yield stem[:-length] + end


def verb_stems(word: str) -> Iterator[str]:
    """Yield what a plain word may be a form of if it is a verb: third person, singular, of the past or the present."""
    if word.startswith(_ARTICLE):
        return
    present = word[1:] if word[:1] == "س" and word[1:2] in "يتنا" else word
    for stem in dict.fromkeys((word, present)):
        yield from noun_stems(stem)
        if stem[:1] in ("ت", "ن", "ا"):
            yield from noun_stems("ي" + stem[1:])
