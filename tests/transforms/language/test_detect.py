import os
import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.language.detect import LanguageTag, detect_batch
from transforms.language.detectors import DETECTORS

TEXTS = [
    "The harbour was closed for two days after the storm.",
    "Der Hafen blieb nach dem Sturm zwei Tage lang geschlossen.",
    "Le port est resté fermé deux jours après la tempête.",
    "Порт был закрыт два дня после шторма.",
    "港は嵐のあと二日間閉鎖された。",
    "暴风雨过后，港口关闭了两天。",
    "폭풍이 지나간 뒤 항구는 이틀 동안 폐쇄되었다.",
    "كان الميناء مغلقا لمدة يومين بعد العاصفة.",
    "Pristanište je nakon oluje bilo zatvoreno dva dana. " * 60,
    "东京",
    "harbour",
    "12 345",
    "",
    "Mixed: Порт был закрыт. The harbour was closed. 港は閉鎖された。 " * 12,
]
CODES = ["en", "de", "fr", "ru", "ja", "zh", "ko", "ar", "hr", "zh", "en", "und", "und"]


def test_languages_of_plain_sentences():
    assert [tag.language for tag in detect_batch(TEXTS[: len(CODES)])] == CODES


ALWAYS_THERE = sorted(name for name in DETECTORS if "lingua" not in name)


@pytest.mark.parametrize("detector", ALWAYS_THERE)
@pytest.mark.parametrize("size", [1, 7, 64, 500])
def test_tags_are_bit_identical_in_any_batch(detector, size):
    texts = TEXTS * 40
    random.Random(size).shuffle(texts)
    alone = {text: detect_batch([text], detector)[0] for text in TEXTS}
    for begin in range(0, len(texts), size):
        batch = texts[begin : begin + size]
        assert detect_batch(batch, detector) == [alone[text] for text in batch]
        if size == 1 and begin > 60:
            break


@settings(max_examples=40)
@given(st.lists(st.text(max_size=500), max_size=6))
def test_any_text_gets_a_well_formed_tag(texts):
    for detector in ALWAYS_THERE:
        tags = detect_batch(texts, detector)
        assert len(tags) == len(texts)
        for tag in tags:
            assert (tag.score is None) == (tag.language == "und")
            assert tag.score is None or 0.0 <= tag.score <= 1.0
            assert tag.language != tag.runner_up
            assert (tag.runner_up is None) == (tag.runner_up_score is None)


def test_lone_surrogates_and_control_characters_do_no_harm():
    tags = detect_batch(["\ud800 The harbour was closed for two days \x00\x01", "\udfff"])
    assert tags[0].language == "en"
    assert tags[1].language == "und"


FLAG_OF_ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


def test_the_tags_in_a_flag_are_no_letters():
    assert detect_batch([f"Come on England, we can win this one tonight! {FLAG_OF_ENGLAND}"])[0].language == "en"


def test_addresses_are_no_language():
    assert detect_batch(["https://example.org/the/news/of/the/day and desk@example.org"])[0] != LanguageTag("en", 1.0)
    german = "Der Hafen blieb zwei Tage geschlossen, siehe https://example.org/this/is/the/english/part/of/it"
    assert detect_batch([german])[0].language == "de"


def test_guess_is_kept_when_nothing_is_said():
    (tag,) = detect_batch(["Nguyen Tran Le Pham Hoang"])
    assert (tag.language, tag.score, tag.runner_up) == ("und", None, "vi")
    assert 0.5 < tag.runner_up_score <= 1.0


def test_tags_do_not_depend_on_hash_seed_or_time_zone():
    script = (
        "import sys; from transforms.language.detect import detect_batch;"
        "sys.stdout.buffer.write(repr(detect_batch(['Pristan je bil zaprt', 'two words', '東京 tower'])).encode())"
    )
    environments = [{"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"}, {"PYTHONHASHSEED": "2", "TZ": "America/Lima"}]
    outputs = {
        subprocess.run([sys.executable, "-c", script], env=os.environ | extra, check=True, capture_output=True).stdout
        for extra in environments
    }
    assert len(outputs) == 1


def test_models_are_loaded_only_when_asked():
    script = (
        "import sys; from transforms.language.detect import detect_batch;"
        "assert not {'py3langid', 'langdetect'} & set(sys.modules);"
        "detect_batch(['The harbour was closed for two days after the storm.']);"
        "assert 'langdetect' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
