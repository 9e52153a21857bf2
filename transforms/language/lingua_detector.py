"""lingua's 75 languages (extra `lingua`): the best there is on single words, at 1 GB and some seconds of loading.

The only seam to the library. `und` only where lingua knows no letter of the text.
"""

from collections.abc import Sequence
from functools import cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from transforms.language.labels import UNDETERMINED, code
from transforms.language.tags import LanguageTag

_DIGITS = 9


def detect(texts: Sequence[str]) -> list[LanguageTag]:
    """Tag each text with lingua's most likely language."""
    return [_tag(text.encode("utf-8", "replace").decode()) for text in texts]  # lone surrogates it cannot take


@cache
def languages() -> frozenset[str]:
    """Return the codes of the languages that lingua knows."""
    return frozenset(map(_code, Language.all()))


@cache
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_all_languages().build()


def _code(language: Language) -> str:
    return code(language.iso_code_639_1.name.lower())


def _tag(text: str) -> LanguageTag:
    chances: dict[str, float] = {}
    for one in _detector().compute_language_confidence_values(text):
        chances[_code(one.language)] = chances.get(_code(one.language), 0.0) + one.value
    # It adds up in an order that changes from call to call, and so do the last digits.
    chances = {language: round(chance, _DIGITS) for language, chance in chances.items()}
    first, second = sorted(chances.items(), key=lambda item: (-item[1], item[0]))[:2]
    if first[1] == second[1]:  # all languages alike: it has recognised nothing
        return LanguageTag(UNDETERMINED)
    return LanguageTag(first[0], first[1], second[0], second[1])
