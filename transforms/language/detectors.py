"""The detectors by name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from transforms.language import default_detector, langdetect_detector, py3langid_detector
from transforms.language.tags import LanguageTag

Detector = Callable[[Sequence[str]], list[LanguageTag]]
"""Tags each text by itself: what else is in the batch must not matter, nor when or where it runs."""

DETECTORS: Final[Mapping[str, Detector]] = {
    "default": default_detector.detect,
    "langdetect": langdetect_detector.detect,
    "py3langid": py3langid_detector.detect,
}
