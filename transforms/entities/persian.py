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
_PREFIXES = (
    "می", "نمی", "برمی", "درمی", "بازمی", "وامی", "فرامی", "فرومی", "ن", "ب", "بی",
)  # fmt: skip
# Last parts of compounds that end no name: what is سازی or پذیر is a thing or a quality, whatever comes before.
_LAST_PARTS = (
    "سازی", "کننده", "کنندگان", "شونده", "شوندگان", "دهنده", "دهندگان", "پذیر", "پذیری", "ناپذیر", "گرایی", "گرایان",
    "شناسی", "شناسان", "پروری", "آمیز", "انگیز", "برانگیز", "مندی", "مندان", "گانه", "گونه", "آلود", "زدگی", "زدگان",
    "گذاری", "گذاران", "سنجی", "بندی", "رسانی", "طلبی", "طلبان", "طلبانه", "جویانه", "گرانه", "مندانه", "نویسی",
    "خوانی", "سالاری", "مداری", "محوری", "ستیزی", "نشینی", "نشینان", "فروشی", "فروشان", "پراکنی", "گشایی", "زدایی",
    "افزایی", "آفرینی", "یافته", "یافتگی", "کاران", "کاری", "داران", "سوزی", "شکنی", "برداری", "اندیشی", "پردازی",
)  # fmt: skip
_LONGEST_ENDING = max(map(len, _ENDINGS))
_SHORTEST = 3  # letters that must be left; with a prefix of verbs, two
_SHORTEST_COMPOUND = 6
_STEPS = 3


def folded(word: str) -> str:
    """Return a word in the spelling that stands for all: Persian letters, no marks and no joiners."""
    return word.translate(_LETTERS)


def stems(word: str) -> set[str]:
    """Return a folded word and all that it may be a form of; too many on purpose, for a list to choose from."""
    found = {word}
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= (2 if prefix.endswith("می") else _SHORTEST):
            found.add(word[len(prefix) :])
    new = set(found)
    for _ in range(_STEPS):
        new = set(_shorter(new)) - found
        found |= new
    return found


def is_compound(word: str) -> bool:
    """Tell whether a folded word ends like a compound that is no name: خصوصی‌سازی, شهرک‌نشینان."""
    return len(word) > _SHORTEST_COMPOUND and word.endswith(_LAST_PARTS)


def _shorter(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        for length in range(1, min(_LONGEST_ENDING, len(word) - 2) + 1):
            kept = word[:-length]
            yield from (kept + end for end in _ENDINGS.get(word[-length:], ()) if len(kept + end) >= _SHORTEST)
