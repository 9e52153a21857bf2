"""No rule takes more than linear time: a megabyte of anything is done within a second."""

import re
import time
from datetime import UTC, datetime

import pytest

from schemas.records import RawArticle
from transforms.normalize import characters, dates, furniture, plain, urls, words
from transforms.normalize.article import normalize

NOW = datetime(2026, 11, 21, tzinfo=UTC)
MEGABYTE = 1_000_000
NASTY = [
    *" \n\ta-A1.:/&<>#%?=@;|,([©\x1b\r\xa0\u200b\u200d\U000e0061é中",
    "a ",
    "<a",
    "&#",
    "a@",
    "..",
    "/.",
    "\n\n",
    "\r\n",
    "© ",
    "- \n",
    "read more ",
    "\u0301\u0316",
    "\u0301\U0001e8d0",
    "\U0001f3f4\U000e0061",
    "1:",
    "12:30 ",
    "(",
    "<p>",
    "&lt;p",
]


def seconds(function, *arguments):
    start = time.process_time()
    function(*arguments)
    return time.process_time() - start


@pytest.mark.parametrize("unit", NASTY)
def test_a_quarter_megabyte_of_one_thing(unit):
    text = unit * (MEGABYTE // 4 // len(unit))  # as quick as it is long: four times as much takes four times as long
    for function in (
        characters.clean_text,
        characters.clean_line,
        furniture.strip_trailing,
        furniture.is_furniture,
        plain.shows_text,
        words.count_words,
        urls.canonical_url,
        urls.shown_url,
    ):
        assert seconds(function, text) < 0.5, function


@pytest.mark.parametrize("unit", NASTY)
def test_patterns_themselves_without_the_limits_around_them(unit):
    text = unit * (MEGABYTE // 4 // len(unit))  # as above
    patterns = [
        *(pattern for module in (characters, furniture, plain, urls) for pattern in vars(module).values()),
        *(pattern for pattern in vars(dates).values()),
    ]
    for pattern in patterns:
        if isinstance(pattern, re.Pattern):
            for part in (text, f"http://{text}", f"© {text}", f"a@b{text}"):
                assert seconds(pattern.fullmatch, part) < 0.25, pattern
    for pattern in (
        characters._ODD,
        characters._BLANK_LINES,
        plain._REFERENCE,
        plain._TAG,
        urls._ESCAPABLE,
        urls._SESSION,
    ):
        assert seconds(pattern.sub, "", text) < 0.25, pattern


@pytest.mark.parametrize("unit", NASTY)
def test_a_date_of_any_length_is_given_up_at_once(unit):
    start = time.process_time()
    for length in (50, 99, 100, MEGABYTE):
        dates.parse((unit * length)[:length], NOW)
    assert time.process_time() - start < 0.1


@pytest.mark.parametrize("unit", [" ", "\n", "a", "&", "<", "©", "\u200d", "<a ", "&#1;", "- x\n"])
def test_a_record_at_its_limits(unit):
    text = unit * (MEGABYTE // len(unit))
    raw = RawArticle("a", "jsonl", "0", title=text[:10_000], text=text, url=text, source=text, published=text)
    assert seconds(normalize, raw, NOW) < 2
