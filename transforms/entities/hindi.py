"""Hindi words as they are compared: one spelling for each, and the forms that nouns and verbs of the lists take."""

import re
from collections.abc import Iterable, Iterator

# The dot of borrowed sounds and joiners are often left out; a nasal vowel has two marks, one ending two letters.
_DOTTED = dict(zip(range(0x0958, 0x0960), "कखगजडढफय", strict=True))  # one character each, the dot in it
_LETTERS = str.maketrans(_DOTTED | {0x093C: "", 0x200C: "", 0x200D: "", ord("ँ"): "ं", ord("ऑ"): "आ", ord("ॉ"): "ा"})
_NASAL = re.compile("[ङञणनम]्(?=[कखगघचछजझटठडढतथदधपफबभ])")
_GLIDES = {"ये": "ए", "यी": "ई"}  # at the end of a word, where both are written
_ENDINGS_OF_NOUNS = {
    "ा": ("े", "ों", "ी", "ियों", "ियां", "ाओं", "ाएं"),
    "ी": ("ियां", "ियों"),
    "ि": ("ियां", "ियों"),
    "ु": ("ुओं", "ुएं"),
    "ू": ("ुओं", "ुएं"),
    "ई": ("इयां", "इयों"),
    "आ": ("ए", "ओं"),
}
_ENDINGS_OF_OTHERS = ("ों", "ें", "ओं", "एं")
_INFINITIVE = "ना"
_ENDINGS_OF_VERBS = (
    "", "ना", "ने", "नी", "ता", "ते", "ती", "तीं", "कर", "ा", "े", "ी", "ीं", "ें", "ो", "ूं", "ूंगा", "ूंगी", "ेगा", "ेगी",
    "ेंगे", "ेंगी", "ोगे", "िए", "या", "ए", "ई", "ईं", "एं", "ओ", "ऊं", "ऊंगा", "ऊंगी", "एगा", "एगी", "एंगे", "एंगी", "ओगे", "इए",
)  # fmt: skip


def folded(word: str) -> str:
    """Return a word in the spelling that stands for all: हिन्दी as हिंदी, ज़िला as जिला, गये as गए."""
    plain = _NASAL.sub("ं", word.translate(_LETTERS))
    return plain[:-2] + _GLIDES.get(plain[-2:], plain[-2:])


def forms(nouns: Iterable[str], verbs: Iterable[str]) -> Iterator[str]:
    """Yield nouns and adjectives in all cases, verbs given as infinitives in all tenses; too many, folded."""
    for noun in map(folded, nouns):
        yield noun
        if noun[-1] in _ENDINGS_OF_NOUNS:
            yield from (noun[:-1] + ending for ending in _ENDINGS_OF_NOUNS[noun[-1]])
        else:
            yield from (noun + ending for ending in _ENDINGS_OF_OTHERS)
    for verb in map(folded, verbs):
        yield from (verb.removesuffix(_INFINITIVE) + ending for ending in _ENDINGS_OF_VERBS)
