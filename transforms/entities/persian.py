"""Persian words as they are compared: one spelling for each, and what their prefixes and endings leave of them."""

from collections.abc import Iterable

_UNWRITTEN = (*range(0x064B, 0x0660), 0x0670, 0x0640, 0x0621, 0x200C, 0x200D)  # vowels, tatweel, hamza alone, joiners
_LETTERS = str.maketrans(dict(zip("يىئكةۀأإٱؤ", "یییکههاااو", strict=True)) | dict.fromkeys(map(chr, _UNWRITTEN), ""))

# What is written for plurals, owners, an indefinite or adjectival ی, degrees and "to be", with what it took the place
# of; longer ones are taken off in steps: نویسنده‌هایشان, نویسندگانی.
_ENDINGS = {
    "ها": ("",), "های": ("",), "هایی": ("",), "ی": ("", "ه"), "ای": ("", "ه"), "یی": ("",), "ان": ("",),
    "یان": ("",), "گان": ("ه",), "گی": ("ه",), "ات": ("", "ه"), "جات": ("", "ه"), "م": ("",), "ت": ("",),
    "ش": ("",), "ام": ("",), "اش": ("",), "مان": ("",), "تان": ("",), "شان": ("",), "تر": ("",), "ترین": ("",),
    "ست": ("",), "است": ("",), "اند": ("",), "ند": ("",), "یم": ("",), "ید": ("",), "ایم": ("",), "اید": ("",),
    "ه": ("",), "را": ("",),
}  # fmt: skip
_PREFIXES = ("نمی", "می", "ن", "ب", "بی")  # of verbs, and "without"
_LONGEST_ENDING = max(map(len, _ENDINGS))
_SHORTEST = 3  # letters that must be left; with "می" before it, two
_STEPS = 3


def folded(word: str) -> str:
    """Return a word in the spelling that stands for all: Persian letters, no marks and no joiners."""
    return word.translate(_LETTERS)


def stems(word: str) -> set[str]:
    """Return a folded word and all that it may be a form of; too many on purpose, for a list to choose from."""
    found = {word}
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= (2 if len(prefix) == 3 else _SHORTEST):
            found.add(word[len(prefix) :])
    new = set(found)
    for _ in range(_STEPS):
        new = set(_shorter(new)) - found
        found |= new
    return found


def _shorter(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        for length in range(1, min(_LONGEST_ENDING, len(word) - 2) + 1):
            kept = word[:-length]
            yield from (kept + end for end in _ENDINGS.get(word[-length:], ()) if len(kept + end) >= _SHORTEST)
