"""Which of the charsets for Latin letters bytes are in, by the letters that languages have.

A general detector often takes Spanish, Portuguese or Italian in windows-1252 for windows-1250: both readings look like
words. But a text in one language uses that language's letters, and hardly any language has both ń and í.
"""

from collections import Counter

CHARSETS = ("cp1252", "cp1250", "iso8859-2", "iso8859-15", "cp1254", "cp1257", "cp1258")
_WESTERN = (
    *("äöüß", "àâæçéèêëîïôœùûüÿ", "áéíñóúü", "áâãàçéêíóôõúü", "àèéìíîòóùú", "åäöé", "åæøéòô", "áèéêëïóöü"),
    *("áðéíóúýþæö", "àçèéíïòóúü·", "áéíóú", "çë", "âêîôûŵŷ"),
)
_CENTRAL = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ", "äö", "ë")
_LETTERS = {
    "cp1252": _WESTERN,
    "iso8859-15": _WESTERN,
    "cp1250": _CENTRAL,
    "iso8859-2": _CENTRAL,
    "cp1254": ("çğıi̇öşüâîû",),  # noqa: RUF001  the dotless i is meant
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž"),
    "cp1258": ("ăâđêôơưàáèéìíòóùúý\u0300\u0301\u0303\u0309\u0323",),
}
# Signs that say nothing about the language. Others beyond ASCII count against a reading.
_SIGNS = frozenset("\u00a0\u00ad«»‹›“”„‘’‚–—…•·°€£§©®™¿¡ªº×²³%‰†")  # noqa: RUF001  typography is meant


def fitting(sample: bytes) -> str | None:
    """Return the charset in which the sample best reads as one language, the commoner first; None if it has no letters.

    The sample must be read whole by at least one of the charsets.
    """
    scored = [(_share(sample, name), -rank, name) for rank, name in enumerate(CHARSETS)]
    share, _, name = max(scored)
    return name if share > 0 else None


def _share(sample: bytes, name: str) -> float:
    """Return which share of the characters beyond ASCII belongs to the language that has most of them."""
    try:
        text = sample.decode(name)
    except UnicodeDecodeError:
        return -1.0
    counts = Counter(text.lower())
    told = {char: count for char, count in counts.items() if char > "\x7f" and char not in _SIGNS}
    total = sum(told.values())
    covered = (sum(told.get(letter, 0) for letter in set(letters)) for letters in _LETTERS[name])
    return max(covered) / total if total else 0.0
