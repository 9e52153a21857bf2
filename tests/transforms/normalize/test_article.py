"""One raw record becomes one article or one reject with its reason."""

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import Reason
from schemas.records import MAX_TEXT_CHARS, Article, RawArticle, Reject
from transforms.normalize.article import (
    DROPPED_URL_KEY,
    EMPTY_MARKUP_KEY,
    FURNITURE_KEY,
    MAX_FURNITURE_CHARS,
    MAX_TITLE_CHARS,
    language_tag,
    normalize,
)
from transforms.normalize.identity import content_hash, item_key

NOW = datetime(2026, 11, 21, tzinfo=UTC)
RAW = RawArticle(
    source_uri="news.jsonl#line=1",
    source_kind="jsonl",
    raw_sha256="ab" * 32,
    item_id="17",
    source="Example News",
    url="https://user:pw@News.example/bridge?utm_source=feed",
    title="Bridge stays open &amp; free",
    text="The council voted on Tuesday.\r\n\r\nCars will wait.\n\nRelated News :\n• Mayor speaks",
    authors=("By Ann Lee", "ann lee", "desk@news.example (Bo Ek)", "https://news.example/people/cy", ""),
    categories=("City", "city", " Traffic\n"),
    published="Wed, 20 Nov 2024 10:30:00 +0100",
    published_source="entry",
    updated="2024-11-20T12:00:00Z",
    declared_language="en_GB",
    extra=(("z", "1"), ("a", "2\x00"), ("z", "3"), ("", "4")),
)


def article(**fields) -> Article:
    result = normalize(replace(RAW, **fields), NOW)
    assert isinstance(result, Article), result
    return result


def refused(**fields) -> Reject:
    result = normalize(replace(RAW, **fields), NOW)
    assert isinstance(result, Reject), result
    return result


def test_a_whole_record():
    made = article()
    content = content_hash(
        "Bridge stays open & free", "The council voted on Tuesday. Cars will wait. Related News : • Mayor speaks"
    )
    assert made == Article(
        article_id=made.article_id,
        item_key=item_key(content, canonical_url="https://news.example/bridge"),
        content_hash=content,
        raw_sha256=RAW.raw_sha256,
        source_uri=RAW.source_uri,
        source_kind="jsonl",
        title="Bridge stays open & free",
        text="The council voted on Tuesday.\n\nCars will wait.",
        text_kind="full",
        word_count=8,
        item_id="17",
        source="Example News",
        url="https://News.example/bridge?utm_source=feed",
        canonical_url="https://news.example/bridge",
        authors=("Ann Lee", "Bo Ek"),
        categories=("City", "Traffic"),
        published_at=datetime(2024, 11, 20, 9, 30, tzinfo=UTC),
        published_raw="Wed, 20 Nov 2024 10:30:00 +0100",
        published_source="entry",
        updated_at=datetime(2024, 11, 20, 12, tzinfo=UTC),
        declared_language="en-gb",
        extra=(("a", "2"), (FURNITURE_KEY, "Related News :\n• Mayor speaks"), ("z", "1")),
    )


@pytest.mark.parametrize("empty", [None, "", " \n\t", "\x00\ufeff", "&nbsp;"])
def test_empty_means_title_and_text_are_both_empty(empty):
    assert refused(title=empty, text=empty).reason is Reason.EMPTY
    assert article(title=empty).title == ""
    titled = article(text=empty)
    assert (titled.text, titled.text_kind, titled.word_count) == ("", "title", 0)


def test_a_reject_holds_the_record_and_its_place():
    made = refused(title=None, text="<p></p>", markup=True, item_id="a\udc80")
    assert (made.stage, made.source_uri) == ("normalize", RAW.source_uri)
    assert json.loads(made.payload)["item_id"] == "a\udc80"
    assert made == refused(title=None, text="<p></p>", markup=True, item_id="a\udc80")


def test_past_a_limit_is_rejected_never_cut():
    assert refused(text="x" * (MAX_TEXT_CHARS + 1)).reason is Reason.TOO_LARGE
    assert refused(title="x" * (MAX_TITLE_CHARS + 1)).reason is Reason.TOO_LARGE
    assert refused(text="<b>" * 600 + "x", markup=True).reason in (Reason.TOO_DEEP, Reason.TOO_LARGE)
    assert refused(text="<p>" + "x" * 2_100_000, markup=True).reason is Reason.TOO_LARGE
    assert len(article(text="x" * MAX_TEXT_CHARS).text) == MAX_TEXT_CHARS
    assert article(text="<p>" + "<!-- -->" * 130_000 + "short</p>", markup=True).text == "short"


def test_markup_that_shows_words_but_yields_none_says_so():
    made = article(text="<noscript>Words that nobody gets</noscript>", markup=True)
    assert (made.text, dict(made.extra).get(EMPTY_MARKUP_KEY)) in [("", "text"), ("Words that nobody gets", None)]
    assert EMPTY_MARKUP_KEY not in dict(article(text="<p><img src='x.png'></p>", markup=True).extra)


def test_furniture_is_recorded_up_to_a_limit_and_hashed_with_the_text():
    links = "\n".join(f"• Headline number {number} of a long list of links below the story" for number in range(39))
    story = (
        "The council voted on Tuesday to keep the old bridge open to pedestrians, and cars will wait until next year."
    )
    made = article(text=f"{story}\n\nRelated News :\n{links}")
    assert made.text == story
    assert len(dict(made.extra)[FURNITURE_KEY]) == MAX_FURNITURE_CHARS
    assert made.content_hash != article(text=story).content_hash


def test_the_source_is_the_host_when_none_is_given():
    assert article(source=None).source == "news.example"
    assert article(source=" ", url=None).source is None


def test_the_key_follows_the_first_rule_that_holds():
    content = article().content_hash
    assert article(url="https://news.example/").item_key == item_key(content, source="Example News", item_id="17")
    assert article(url=None, feed="https://f.example").item_key == item_key(
        content, feed="https://f.example", item_id="17"
    )
    assert article(url=None, source=None).item_key == item_key(content, item_id="17")
    assert article(url=None, item_id=None).item_key == item_key(content)
    # A host that stands in for a source scopes no ids: nobody said that they are the site's.
    assert article(url="https://news.example/", source=None).item_key == item_key(content, item_id="17")


def test_a_page_names_itself_on_its_own_site():
    assert article(canonical_link="https://www.news.example/b").canonical_url == "https://www.news.example/b"
    assert article(canonical_link="https://other.example/b").canonical_url == "https://news.example/bridge"


def test_an_address_that_is_no_page_is_dropped_and_noted():
    made = article(url="javascript:alert(1)")
    assert (made.url, made.canonical_url) == (None, None)
    assert dict(made.extra)[DROPPED_URL_KEY] == "javascript:alert(1)"
    assert dict(article(url="ftp://user:pw@files.example/a").extra)[DROPPED_URL_KEY] == "ftp://files.example/a"


@pytest.mark.parametrize("published", ["03/04/2024", "soon", "1970-01-01", (NOW + timedelta(days=3)).isoformat()])
def test_a_date_that_cannot_be_keeps_its_raw_string(published):
    made = article(published=published, published_source=None)
    assert (made.published_at, made.published_raw, made.published_source) == (None, published, "field")


def test_without_a_date_nothing_is_said_of_one():
    made = article(published=None)
    assert (made.published_at, made.published_raw, made.published_source) == (None, None, None)


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        ("en", "en"),
        ("pt_BR", "pt-br"),
        ("ZH-Hant-TW", "zh-hant-tw"),
        ("en_US.UTF-8", "en-us"),
        ("en-US,en;q=0.9", "en-us"),
        ("English", None),
        ("x-default", None),
        ("\x00", None),
        ("", None),
        (None, None),
    ],
)
def test_declared_languages(declared, tag):
    assert language_tag(declared) == tag


# What real fields are made of when they are broken.
broken = st.text(
    st.one_of(
        st.sampled_from("\x00\x1b\x85\xa0\xad\u200b\u2028\ufeff\ufffe\ud800e\u0301<>&;/: \n"),
        st.characters(exclude_categories=()),
    ),
    max_size=30,
)
fields = st.fixed_dictionaries(
    {
        **dict.fromkeys(
            ("item_id", "source", "feed", "url", "canonical_link", "published", "updated"), st.none() | broken
        ),
        **dict.fromkeys(("title", "text", "declared_language", "published_source"), st.none() | broken),
        "markup": st.booleans(),
        "authors": st.tuples(broken, broken),
        "categories": st.tuples(broken),
        "extra": st.lists(st.tuples(broken, broken), max_size=3).map(tuple),
        "source_uri": broken,
    }
)


def strings(made: Article | Reject):
    values = [getattr(made, name) for name in type(made).__slots__]
    for value in values:
        yield from (value,) if isinstance(value, str) else ()
        if isinstance(value, tuple):
            yield from (part for item in value for part in ((item,) if isinstance(item, str) else item))


@given(fields)
def test_whatever_comes_in_what_goes_out_can_be_stored(given_fields):
    made = normalize(replace(RAW, **given_fields), NOW)
    for string in strings(made):
        string.encode("utf-8")
    if isinstance(made, Article):
        shown = (made.title, made.text, made.source, *made.authors, *made.categories, made.published_raw)
        for string in filter(None, shown):
            assert unicodedata.is_normalized("NFC", string)
            assert all(unicodedata.category(c) != "Cc" or c in "\n\t" for c in string)
        assert list(made.extra) == sorted(dict(made.extra).items())
        assert made.title == " ".join(made.title.split())


@given(fields)
def test_a_normalized_article_normalizes_to_itself(given_fields):
    first = normalize(replace(RAW, **given_fields), NOW)
    if isinstance(first, Article) and "&" not in first.title + first.text:
        again = normalize(replace(RAW, title=first.title, text=first.text, url=first.canonical_url), NOW)
        assert isinstance(again, Article)
        assert (again.title, again.text, again.word_count) == (first.title, first.text, first.word_count)
        assert again.canonical_url == first.canonical_url
