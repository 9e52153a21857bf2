"""Words of Korean texts: stems and particles, and of what kind they are."""

import pytest

from transforms.entities.korean_words import cut


def kinds_of(text):
    return [f"{form}/{kind}" for piece in text.split() for form, kind in cut(piece)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("장관은 학교에서 말했다", ["장관/title", "은/topic", "학교/common", "에서/at", "말했다/verb"]),
        ("방수연이", ["방수연/person", "이/subject"]),
        ("남궁율에게", ["남궁율/person", "에게/at"]),
        ("표씨가", ["표/surname", "씨/title", "가/subject"]),
        ("소광식품을", ["소광식품/body", "을/object"]),
        ("땟골마을에", ["땟골마을/place", "에/at"]),
        ("트럼프의", ["트럼프/foreign", "의/of"]),
        ("상속재산과", ["상속재산/compound", "과/with"]),
        ("조사하는 발표된", ["조사하는/verb", "발표된/verb"]),
    ],
)
def test_a_stem_is_told_by_lists_or_its_form(text, kinds):
    assert kinds_of(text) == kinds


@pytest.mark.parametrize("word", ["경기도", "프랑스", "김안나", "크로네"])
def test_a_name_that_ends_like_a_particle_stays_whole(word):
    assert [form for form, _ in cut(word)] == [word]


@pytest.mark.parametrize(
    ("word", "stem"), [("밀리치가", "밀리치"), ("산토스를", "산토스"), ("부산으로", "부산"), ("서울로", "서울")]
)
def test_a_particle_is_cut_off_where_it_agrees_with_the_sound_before(word, stem):
    assert next(cut(word))[0] == stem
