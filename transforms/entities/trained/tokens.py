"""Cut a text into tokens: words, marks of punctuation, line ends; single characters where no spaces are written."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate

_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
    "\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a4d\u0a81-\u0acd\u0b01-\u0b4d\u0b82-\u0bcd\u0c00-\u0c4d\u0c81-\u0ccd"
    "\u0d00-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
)
_KATAKANA = "\u30a1-\u30fa\u30fc"
# Scripts without spaces and Korean, whose particles touch the name: every character is a token.
_SINGLE = "\u3040-\u30a0\u30fb\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
_TOKEN = re.compile(rf"(?:(?![{_SINGLE}{_KATAKANA}])[\w{_MARKS}])+|[{_KATAKANA}]+|[{_SINGLE}]|\n+|[^\S\n]+|[^\w\s]")
_WIDE = re.compile(f"[{_SINGLE}{_KATAKANA}]")
# The same, and faster, for a text in none of those scripts.
_NARROW_TOKEN = re.compile(rf"[\w{_MARKS}]+|\n+|[^\S\n]+|[^\w\s]")
_ARABIC = re.compile("[وفبلك](?=[\u0620-\u064a]{3})")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of a text: where each starts and ends in code points, and the form its features are worked out from."""

    starts: list[int]
    ends: list[int]
    forms: list[str]

    def covered(self, start: int, end: int) -> tuple[int, int]:
        """Return the first token of a stretch of text and the one after its last; a token cut in two is in it."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)


def tokenize(text: str, language: str) -> Tokens:
    """Return the tokens of a text, in order, without overlap."""
    wide = _WIDE.search(text) is not None
    parts = (_TOKEN if wide else _NARROW_TOKEN).findall(text)
    if language == "ar":
        parts = [piece for part in parts for piece in _part_prefix(part)]
    lengths = list(map(len, parts))
    ends = list(accumulate(lengths))
    kept = [at for at, part in enumerate(parts) if part != " " and (part[0] == "\n" or not part.isspace())]
    forms = [parts[at] for at in kept]
    stops = [ends[at] for at in kept]
    starts = [ends[at] - lengths[at] for at in kept]
    if wide:
        for at, form in enumerate(forms):
            if form > "\u3000" and len(form) == 1:
                forms[at] = text[starts[at] : starts[at] + 2]  # with what follows: single characters say too little
    return Tokens(starts, stops, forms)


def _part_prefix(word: str) -> tuple[str, ...]:
    """Cut off the first letter of an Arabic word where it may be a conjunction or preposition written with it."""
    return (word[:1], word[1:]) if _ARABIC.match(word) else (word,)
