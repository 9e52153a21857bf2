"""The labels of the two models and the language codes that articles carry.

A code is ISO 639-1 where there is one, else ISO 639-3. Labels that split a language finer than news
needs (Nynorsk, Egyptian Arabic, Cantonese) or that name its older form are folded into it: without
the fold, Greek with polytonic accents would be called Ancient Greek.
"""

from typing import Final

UNDETERMINED: Final = "und"

FOLDED: Final = {
    "nn": "no",
    "nb": "no",
    "grc": "el",
    "hbo": "he",
    "ary": "ar",
    "arz": "ar",
    "yue": "zh",
    "wuu": "zh",
    "zh-cn": "zh",
    "zh-tw": "zh",
    "uzs": "uz",
    "gug": "gn",
    "kik": "ki",
    "fuv": "ff",
    "zxx": UNDETERMINED,
}

# The languages of langdetect's profiles. News is mostly in these; py3langid's other labels have to
# win by a margin (`scores`), because several of them are near twins of one of these.
_FAMILIAR_CODES = """
    af ar bg bn ca cs cy da de el en es et fa fi fr gu he hi hr hu id it ja kn ko lt lv mk ml mr ne nl no pa pl pt ro
    ru sk sl so sq sv sw ta te th tl tr uk ur vi zh
"""
FAMILIAR: Final = frozenset(_FAMILIAR_CODES.split())


def code(label: str) -> str:
    """Return the language code that stands for a model's label."""
    return FOLDED.get(label, label)
