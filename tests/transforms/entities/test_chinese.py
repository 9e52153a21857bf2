"""Names in Chinese by rule: none of them cuts a word in two."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.entities import gazetteer
from transforms.entities.chinese import find_chinese
from transforms.entities.chinese_words import words


def found(text):
    spans = list(gazetteer.load().spans(text, "zh"))
    return [(kind, text[start:end]) for start, end, kind in sorted(set(find_chinese(text, spans)))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("总统王小明说", "王小明"),
        ("。王小明表示", "王小明"),
        ("昨天王秀英去了", "王秀英"),
        ("记者陈立冬报道", "陈立冬"),
        ("与克里斯蒂安会面", "克里斯蒂安"),
        ("与让·克里斯会面", "让·克里斯"),
    ],
    ids=["after a title", "before a verb of saying", "by its surname", "a surname apart", "by its sounds", "dotted"],
)
def test_persons_are_found(text, name):
    assert ("person", name) in found(text)


def test_a_person_is_found_in_all_places_once_one_shows_it():
    assert found("校长吕建国说，学校很好。后来吕建国走了。").count(("person", "吕建国")) == 2


@pytest.mark.parametrize("text", ["", "社会治安良好", "产业水平提高", "乡村文明建设", "王国", "高峰论坛", "严肃查处"])
def test_common_words_that_begin_like_surnames_are_no_persons(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("在巴黎大学", ("organisation", "巴黎大学")),
        ("在巴黎师范大学", ("organisation", "巴黎师范大学")),
        ("在上海国际旅行社", ("organisation", "上海国际旅行社")),
        ("恒安集团宣布", ("organisation", "恒安集团")),
        ("他加入共青团", ("organisation", "共青团")),
        ("在巴黎市", ("place", "巴黎市")),
        ("来到江陵县", ("place", "江陵县")),
        ("在巴黎说", ("place", "巴黎")),
    ],
    ids=["place and ending", "words between", "three words", "coined", "by itself", "a city", "a county", "alone"],
)
def test_bodies_and_places_reach_to_their_endings(text, expected):
    assert expected in [*found(text), *((s.known.type, text[s.start : s.end]) for s in spans_of(text))]


def spans_of(text):
    return list(gazetteer.load().spans(text, "zh"))


@pytest.mark.parametrize("text", ["在巴黎举行大学", "在巴黎，大学", "在巴黎和大学"])
def test_a_body_goes_over_no_verb_mark_or_conjunction(text):
    assert all(kind != "organisation" for kind, _ in found(text))


def test_a_body_has_six_words_after_its_place_at_most():
    assert ("organisation", "巴黎" + "文化" * 5 + "大学") in found("在巴黎" + "文化" * 5 + "大学")
    assert found("在巴黎" + "文化" * 6 + "大学") == [("place", "巴黎")]


@given(st.lists(st.sampled_from(["王小明", "说", "巴黎", "大学", "·", "治安", "，", "总统", "省", "a"]), max_size=20))
def test_no_name_cuts_a_word(parts):
    text = "".join(parts)
    borders = {0, *words(text).ends.tolist()}
    for start, end, _ in find_chinese(text, spans_of(text)):
        assert 0 <= start < end <= len(text)
        assert start in borders


def test_many_persons_take_time_in_proportion():
    once = "".join(f"校长王{chr(0x4E00 + at)}说，" for at in range(300))
    begin = time.process_time()
    list(find_chinese(once * 40, []))
    assert time.process_time() - begin < 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("總統王曉華說", ("person", "王曉華")),
        ("在上海國際旅行社", ("organisation", "上海國際旅行社")),
        ("他去了紐西蘭。", ("place", "紐西蘭")),
        ("國務院說", ("organisation", "國務院")),
    ],
    ids=["person", "body", "a name of its own", "a name known in simplified characters"],
)
def test_traditional_characters_are_read_as_simplified_ones(text, expected):
    assert expected in [*found(text), *((s.known.type, text[s.start : s.end]) for s in spans_of(text))]


def test_japanese_is_not_simplified():
    lists = gazetteer.load()
    assert lists.plain("國立東京大学", "ja") == "國立東京大学"
    assert lists.plain("國立東京大學", "zh") == "国立东京大学"
