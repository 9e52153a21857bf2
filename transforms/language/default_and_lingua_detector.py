"""The default detector, and lingua for what is short and unsure: headlines of a few words, names of sections.

On longer texts lingua is no better, and eighty times as slow.
"""

from collections.abc import Sequence

from transforms.language import default_detector, lingua_detector
from transforms.language.labels import UNDETERMINED
from transforms.language.tags import LanguageTag, abstain

# From trials on words and pairs of words: docs/tuning.md.
_SHORT_CHARS = 40
_SURE_SCORE = 0.7
_LEAST_SCORE = 0.3  # as of the default detector


def detect(texts: Sequence[str]) -> list[LanguageTag]:
    """Tag each text; the tag depends on that text alone."""
    tags = default_detector.detect(texts)
    asked = [row for row, tag in enumerate(tags) if len(texts[row]) < _SHORT_CHARS and _is_unsure(tag)]
    answers = dict(zip(asked, lingua_detector.detect([texts[row] for row in asked]), strict=True))
    return [_heard(tag, answers.get(row)) for row, tag in enumerate(tags)]


def _is_unsure(tag: LanguageTag) -> bool:
    """Tell whether lingua may know better: the guess is unsure and is a language of its."""
    guess, score = (tag.runner_up, tag.runner_up_score) if tag.language == UNDETERMINED else (tag.language, tag.score)
    return guess in lingua_detector.languages() and (score or 0.0) < _SURE_SCORE


def _heard(tag: LanguageTag, answer: LanguageTag | None) -> LanguageTag:
    if answer is None or answer.language == UNDETERMINED:
        return tag
    return answer if (answer.score or 0.0) >= _LEAST_SCORE else abstain(answer)
