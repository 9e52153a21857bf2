"""The detectors by name; the module of one is imported when it is asked for the first time."""

import importlib
from collections.abc import Callable, Sequence
from functools import cache

from transforms.language.tags import LanguageTag

Detector = Callable[[Sequence[str]], list[LanguageTag]]
"""Tags each text by itself: what else is in the batch must not matter, nor when or where it runs."""

DETECTORS = ("default", "langdetect", "py3langid")


@cache
def open_detector(name: str) -> Detector:
    """Return the detector of a name in `DETECTORS`; its model is loaded by its first text."""
    detect: Detector = importlib.import_module(f"transforms.language.{name}_detector").detect
    return detect
