"""Tag texts with their language: what other parts of newsfold call."""

from collections.abc import Sequence

from transforms.language.detectors import open_detector
from transforms.language.tags import LanguageTag, tag_version

__all__ = ["LanguageTag", "as_tagged", "detect_batch", "tag_version"]


def as_tagged(title: str, text: str) -> str:
    """Return what of an article is tagged."""
    return f"{title}\n{text}"


def detect_batch(texts: Sequence[str], detector: str = "default") -> list[LanguageTag]:
    """Tag each text, by itself and deterministically; large batches cost the least per text.

    Raises:
        UsageError: there is no detector of that name, or its library is not installed.
    """
    return open_detector(detector)(texts) if texts else []  # to tag nothing needs no model
