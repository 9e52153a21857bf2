"""What a detector says about one text."""

from dataclasses import dataclass

from transforms.language.labels import UNDETERMINED

_VERSION = "language-5"  # stored with each row, so that `retag` finds what an older release tagged


@dataclass(frozen=True, slots=True)
class LanguageTag:
    """A language with the probability that it is right, and the next best guess with its own.

    `und` carries no score, because nothing is claimed; its runner-up is what the guess would have been, with the
    guess's score, so that nothing is lost by abstaining. Without any letter there is no guess either.
    """

    language: str
    score: float | None = None
    runner_up: str | None = None
    runner_up_score: float | None = None


def abstain(tag: LanguageTag) -> LanguageTag:
    """Return `und` with the best guess of `tag` that is a language as the runner-up."""
    if tag.language == UNDETERMINED:
        return LanguageTag(UNDETERMINED, None, tag.runner_up, tag.runner_up_score)
    return LanguageTag(UNDETERMINED, None, tag.language, tag.score)


def confirm(tag: LanguageTag) -> LanguageTag:
    """Return the tag as it is, unless a model found that the text is no language."""
    return abstain(tag) if tag.language == UNDETERMINED else tag


def tag_version() -> str:
    """Return the version of the language tags: it rises whenever the same text may get another tag."""
    return _VERSION
