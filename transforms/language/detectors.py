"""The detectors by name; the module of one is imported when it is asked for the first time."""

import importlib
import importlib.metadata
import importlib.util
from collections.abc import Callable, Sequence
from functools import cache

from schemas.errors import UsageError
from transforms.language.tags import LanguageTag

Detector = Callable[[Sequence[str]], list[LanguageTag]]
"""Tags each text by itself: what else is in the batch must not matter, nor when or where it runs."""

DETECTORS = {
    "default": "default_detector",
    "langdetect": "langdetect_detector",
    "py3langid": "py3langid_detector",
    "lingua": "lingua_detector",
    "default+lingua": "default_and_lingua_detector",
}
"""Name → its module here."""

_LINGUA, _LINGUA_PACKAGE = "lingua", "lingua-language-detector"


def check_detector(name: str) -> None:
    """Refuse a detector that there is not, or whose library is not installed; loads nothing.

    Raises:
        UsageError: says what there is, or what to install.
    """
    if name not in DETECTORS:
        raise UsageError(f"--language-detector {name}: there is none of that name; use one of {', '.join(DETECTORS)}")
    if _LINGUA in name and importlib.util.find_spec(_LINGUA) is None:
        raise UsageError(f"--language-detector {name}: lingua is not installed; run pip install 'newsfold[lingua]'")


def named_with_release(name: str) -> str:
    """Return a detector's name as `tags_version` has it: with lingua's release where lingua may be asked."""
    return f"{name}-{importlib.metadata.version(_LINGUA_PACKAGE)}" if _LINGUA in name else name


# By name and not by import at the top: lingua takes 1 GB, the others' libraries a second of a run that tags nothing.
@cache
def open_detector(name: str) -> Detector:
    """Return the detector of a name in `DETECTORS`; its model is loaded by its first text.

    Raises:
        UsageError: there is none of that name, or its library is not installed.
    """
    check_detector(name)
    detect: Detector = importlib.import_module(f"transforms.language.{DETECTORS[name]}").detect
    return detect
