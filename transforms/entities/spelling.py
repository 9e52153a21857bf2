"""The one spelling in which words of a language are compared, where writers do not agree on one."""

from collections.abc import Callable, Mapping

from transforms.entities import hindi, persian

_FOLDED: Mapping[str, Callable[[str], str]] = {"fa": persian.folded, "hi": hindi.folded}
LANGUAGES = frozenset(_FOLDED)


def spelling(language: str) -> Callable[[str], str]:
    """Return what turns a word of a language into the spelling that stands for all; most need none."""
    return _FOLDED.get(language, str)
