"""lingua as a detector, alone and for short unsure texts; skipped where it is not installed."""

import pytest

from schemas.errors import UsageError
from transforms.language import default_detector
from transforms.language.detect import LanguageTag, detect_batch

pytest.importorskip("lingua", reason="lingua is not installed: pip install 'newsfold[lingua]'")

TEXTS = {
    "The harbour was closed for two days after the storm.": "en",
    "Der Hafen blieb nach dem Sturm zwei Tage lang geschlossen.": "de",
    "Havna var stengt i to dager etter stormen, sier kommunen.": "no",
    "港は嵐のあと二日間閉鎖された。": "ja",
    "12 345": "und",
    "": "und",
    "\udfff": "und",
}


@pytest.mark.parametrize("detector", ["lingua", "default+lingua"])
def test_plain_sentences_get_well_formed_tags_in_any_batch(detector):
    tags = detect_batch(list(TEXTS), detector)
    assert [tag.language for tag in tags] == list(TEXTS.values())
    assert [detect_batch([text], detector)[0] for text in TEXTS] == tags
    for tag in tags:
        assert (tag.score is None) == (tag.language == "und")
        assert tag.language != tag.runner_up


def test_lingua_is_asked_for_what_is_short_and_unsure_only():
    texts = ["harbour", "Der Hafen blieb nach dem Sturm geschlossen.", "sturm", "kirke", "\u4e1c\u4eac"]
    own, both, lingua = (detect_batch(texts, name) for name in ("default", "default+lingua", "lingua"))
    for mine, said, asked in zip(own, both, lingua, strict=True):
        unsure = (mine.score or 0.0) < 0.7
        assert said == (asked if unsure and (asked.score or 0.0) >= 0.3 else said if unsure else mine)
    assert both != own


def test_a_guess_that_lingua_does_not_know_is_not_put_to_it(monkeypatch):
    tag = LanguageTag("mt", 0.5, "it", 0.2)
    monkeypatch.setattr(default_detector, "detect", lambda texts: [tag for _ in texts])
    assert detect_batch(["kelma"], "default+lingua") == [tag]


def test_an_unknown_name_is_refused():
    with pytest.raises(UsageError, match=r"lingua, default\+lingua"):
        detect_batch(["x"], "lingua+default")
