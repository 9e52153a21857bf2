from dataclasses import replace

import pytest

from schemas.records import RawArticle
from transforms.feeds.page_text import NOTE, with_page

STORY = "The harbour clock, silent for eleven years, struck noon again on Friday. A retired watchmaker had repaired it."
ITEM = RawArticle(
    "https://news.example/f#entry=1",
    "rss",
    "00" * 32,
    item_id="7",
    url="https://news.example/7",
    title="Harbour clock strikes again",
    text="<p>The harbour clock struck noon.</p>",
    markup=True,
    text_kind="summary",
)
PAGE = RawArticle(
    "https://news.example/7",
    "html",
    "11" * 32,
    url="https://news.example/seven",
    canonical_link="https://news.example/seven",
    title="Harbour clock strikes again",
    text=STORY,
    authors=("Ida Holm",),
    published="2026-03-01T12:00:00Z",
    published_source="json-ld",
    declared_language="en",
)


def test_an_item_takes_its_page_s_text_and_what_the_feed_does_not_tell():
    full = with_page(ITEM, PAGE, "https://user:CANARY@news.example/seven")
    assert (full.text, full.markup, full.text_kind) == (STORY, False, "full")
    assert (full.authors, full.published, full.published_source) == (("Ida Holm",), PAGE.published, "json-ld")
    assert full.extra[0][0] == NOTE
    assert "CANARY" not in repr(full)


def test_what_the_feed_tells_and_what_identifies_the_item_stays():
    told = replace(ITEM, authors=("A",), published="1 March 2026", published_source="entry", declared_language="sv")
    full = with_page(told, PAGE, PAGE.source_uri)
    for name in ("authors", "published", "published_source", "declared_language", "title", "url", "item_id"):
        assert getattr(full, name) == getattr(told, name)
    assert (full.raw_sha256, full.source_uri, full.canonical_link) == (ITEM.raw_sha256, ITEM.source_uri, None)


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (replace(PAGE, text="Short."), "no_more_text"),
        (replace(PAGE, text=None), "no_more_text"),
        (
            replace(PAGE, title="Before you go on", text="We and our 842 partners value your privacy. " * 9),
            "other_story",
        ),
    ],
)
def test_a_page_that_tells_less_or_something_else_leaves_the_feed_s_text(page, why):
    kept = with_page(ITEM, page, PAGE.source_uri)
    assert kept == replace(ITEM, extra=((NOTE, why),))


def test_an_item_without_a_title_is_sought_by_its_text():
    untitled = replace(ITEM, title=None)
    assert with_page(untitled, PAGE, PAGE.source_uri).title == PAGE.title
    assert with_page(replace(untitled, text="Quite another matter altogether"), PAGE, "").text_kind == "summary"


def test_scripts_without_blanks_are_compared_likewise():
    item = replace(ITEM, title="港口大钟十一年后再次敲响", text=None)
    page = replace(PAGE, title="港口大钟十一年后再次敲响", text="周五正午,港口大钟再次敲响。" * 3)
    assert with_page(item, page, "").text_kind == "full"
    assert (
        with_page(item, replace(page, title="登录", text="请先登录您的账户再继续阅读。" * 3), "").text_kind == "summary"
    )
