"""Detectors by name, and what is refused before anything is loaded."""

import pytest

from schemas.errors import UsageError
from transforms.language import detectors
from transforms.language.detect import detect_batch
from transforms.language.detectors import DETECTORS, check_detector, named_with_release, open_detector


@pytest.mark.parametrize("name", ["fasttext", "", "Default", "default+langdetect"])
def test_an_unknown_detector_is_refused_and_the_known_ones_are_named(name):
    for refuse in (check_detector, open_detector, lambda name: detect_batch(["x"], name)):
        with pytest.raises(UsageError, match="there is none of that name; use one of default, langdetect, py3langid"):
            refuse(name)


@pytest.mark.parametrize("name", ["lingua", "default+lingua"])
def test_a_library_that_is_not_installed_is_told_with_its_remedy(name, monkeypatch):
    monkeypatch.setattr(detectors.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"lingua is not installed; run pip install 'newsfold\[lingua\]'"):
        check_detector(name)


def test_the_others_need_no_library_that_may_be_missing(monkeypatch):
    monkeypatch.setattr(detectors.importlib.util, "find_spec", lambda _: None)
    for name in DETECTORS:
        if "lingua" not in name:
            check_detector(name)


def test_a_detector_is_opened_once():
    assert open_detector("default") is open_detector("default")
    assert open_detector("default") is not open_detector("langdetect")


def test_lingua_is_named_with_its_release_for_its_model_is_not_ours(monkeypatch):
    monkeypatch.setattr(detectors.importlib.metadata, "version", {"lingua-language-detector": "9.8.7"}.__getitem__)
    names = [named_with_release(name) for name in ("default", "langdetect", "lingua", "default+lingua")]
    assert names == ["default", "langdetect", "lingua-9.8.7", "default+lingua-9.8.7"]


@pytest.mark.parametrize("name", ["default", "langdetect", "py3langid"])
def test_no_text_gets_no_tag(name):
    assert open_detector(name)([]) == []
