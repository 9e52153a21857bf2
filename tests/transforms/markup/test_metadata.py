"""Where every field of a page's metadata comes from, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.markup.metadata import Metadata, read_metadata, without_site
from transforms.markup.tree import parse


def about(head: str = "", body: str = "", attributes: str = "") -> Metadata:
    root = parse(f"<html {attributes}><head>{head}</head><body>{body}</body></html>")
    assert root is not None
    return read_metadata(root)


def meta(name: str, content: str, kind: str = "name") -> str:
    return f'<meta {kind}="{name}" content="{content}">'


def test_an_empty_page_tells_nothing() -> None:
    assert about() == Metadata()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (meta("article:published_time", "2024-11-05", "property"), "2024-11-05"),
        (meta("og:published_time", "2024-11-05", "property"), "2024-11-05"),
        (meta("datePublished", "2024-11-05", "itemprop"), "2024-11-05"),
        (meta("parsely-pub-date", "2024-11-05"), "2024-11-05"),
        (meta("sailthru.date", "2024-11-05"), "2024-11-05"),
        (meta("DC.date.issued", "2024-11-05"), "2024-11-05"),
        (meta("dcterms.created", "2024-11-05"), "2024-11-05"),
        (meta("pubdate", "Tue, 05 Nov 2024 08:00:00 GMT"), "Tue, 05 Nov 2024 08:00:00 GMT"),
        (meta("date", "5. November 2024"), "5. November 2024"),
        (meta("date", "  "), None),
        (meta("expires", "2024-11-05"), None),
    ],
)
def test_dates_of_many_systems_are_read_as_they_stand(head: str, expected: str | None) -> None:
    found = about(head)
    assert found.published == expected
    assert found.published_source == ("meta" if expected else None)


def test_the_more_particular_date_wins_whatever_the_order() -> None:
    head = meta("date", "2001-01-01") + meta("article:published_time", "2024-11-05", "property")
    assert about(head).published == "2024-11-05"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<time datetime="2024-11-05">Tuesday</time>', "2024-11-05"),
        (
            '<time datetime="2001-01-01">old</time><time itemprop="datePublished" datetime="2024-11-05">x</time>',
            "2024-11-05",
        ),
        ('<span itemprop="datePublished" content="2024-11-05">x</span>', "2024-11-05"),
        ("<time pubdate datetime='2024-11-05T08:00'>x</time>", "2024-11-05T08:00"),
        ('<time datetime="soon">soon</time>', None),
        ("<time>5 November 2024</time>", None),
    ],
)
def test_time_elements_give_a_date_where_they_state_one(body: str, expected: str | None) -> None:
    found = about(body=body)
    assert (found.published, found.published_source) == (expected, "time" if expected else None)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (meta("article:modified_time", "2024-11-06", "property"), "2024-11-06"),
        (meta("og:updated_time", "2024-11-06", "property"), "2024-11-06"),
        (meta("last-modified", "2024-11-06", "http-equiv"), "2024-11-06"),
        ("", None),
    ],
)
def test_the_time_of_the_last_change(head: str, expected: str | None) -> None:
    assert about(head).updated == expected


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (meta("author", "By Nora Quist"), "", ("Nora Quist",)),
        (meta("author", "Von Jan Maar,"), "", ("Jan Maar",)),
        (meta("author", "Nora Quist") + meta("author", "Per Dahl"), "", ("Nora Quist", "Per Dahl")),
        (meta("article:author", "https://social.example/nora", "property"), "", ()),
        ("", '<a rel="author">Nora Quist</a>', ("Nora Quist",)),
        ("", '<p itemprop="author"><b itemprop="name">Nora</b></p>', ("Nora",)),
        ("", '<p class="byline">By <span class="author">Nora  Quist</span></p>', ("Nora Quist",)),
        (meta("author", "Per Dahl"), '<a rel="author">Nora Quist</a>', ("Per Dahl",)),
        (meta("author", "x" * 101), "", ()),
        (meta("author", "-"), "", ()),
    ],
)
def test_authors_are_names_without_what_stands_before_them(head: str, body: str, expected: tuple[str, ...]) -> None:
    assert about(head, body).authors == expected


@pytest.mark.parametrize(
    ("attributes", "head", "expected"),
    [
        ('lang="de-AT"', meta("og:locale", "en_GB", "property"), "de-AT"),
        ('xml:lang="sv"', "", "sv"),
        ("", meta("content-language", "fi", "http-equiv"), "fi"),
        ("", meta("og:locale", "en_GB", "property"), "en_GB"),
        ('lang=""', "", None),
    ],
)
def test_the_language_is_the_one_declared(attributes: str, head: str, expected: str | None) -> None:
    assert about(head, attributes=attributes).language == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (meta("keywords", "ferry, winter , ferry,"), ("ferry", "winter")),
        (meta("article:section", "Local", "property") + meta("keywords", "ferry"), ("Local", "ferry")),
        (meta("article:tag", "a", "property") + meta("article:tag", "b", "property"), ("a", "b")),
        ("", ()),
    ],
)
def test_categories_are_sections_tags_and_keywords(head: str, expected: tuple[str, ...]) -> None:
    assert about(head).categories == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<link rel="canonical" href="https://a.example/1">', "https://a.example/1"),
        ('<link rel="shortlink canonical" href="https://a.example/1">', "https://a.example/1"),
        (
            '<link rel="canonical" href="/1">' + meta("og:url", "https://a.example/x/2", "property"),
            "https://a.example/1",
        ),
        ('<link rel="canonical" href="/1">', None),
        (meta("og:url", "https://a.example/2", "property"), "https://a.example/2"),
        (
            '<link rel="canonical" href="https://[broken">' + meta("og:url", "https://a.example/2", "property"),
            "https://a.example/2",
        ),
        ('<link rel="canonical">', None),
    ],
)
def test_the_canonical_address_is_absolute_or_none(head: str, expected: str | None) -> None:
    assert about(head).canonical_link == expected


@pytest.mark.parametrize(
    ("head", "body", "title", "headline"),
    [
        ("<title>Ferry runs all winter</title>", "", "Ferry runs all winter", None),
        ("<title>Alder Post</title>", "<h1>Ferry runs all winter</h1>", "Ferry runs all winter", "Ferry runs all winter"),
        ("<title>Ferry runs all winter - Alder</title>", "<h1>Ferry runs  all <b>winter</b></h1>", "Ferry runs all winter", "Ferry runs all winter"),
        (meta("og:title", "Ferry runs all winter", "property"), "<h1>Ferry runs all winter: what we know</h1>", "Ferry runs all winter", "Ferry runs all winter: what we know"),
        (meta("og:title", "Ferry runs all winter", "property"), "<h1>Local</h1>", "Ferry runs all winter", None),
        (meta("og:title", "Ferry runs all winter", "property"), "<h1>Today on the lake</h1><h1>Tomorrow elsewhere</h1>", "Ferry runs all winter", None),
        ("", "<h1>Lake</h1>", "Lake", None),
        ("", "<p>No title anywhere.</p>", None, None),
    ],
)  # fmt: skip
def test_the_title_is_the_one_named_in_the_words_shown(
    head: str, body: str, title: str | None, headline: str | None
) -> None:
    found = about(head, body)
    assert (found.title, found.headline) == (title, headline)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Ferry runs | Alder Post", "Ferry runs"),
        ("Ferry runs – Local – Alder Post – News", "Ferry runs – Local"),
        ("Alder Post | Ferry runs", "Alder Post | Ferry runs"),
        ("Alder Post", "Alder Post"),
        ("Ferry-run: alder post", "Ferry-run: alder post"),
        ("Ferry runs : ALDER POST", "Ferry runs"),
        ("Ferry | Alder Post and more", "Ferry | Alder Post and more"),
    ],
)
def test_the_site_is_taken_off_behind_a_joint_alone(title: str, expected: str) -> None:
    assert without_site(title, ["Alder Post"]) == expected


@given(st.text(max_size=60), st.lists(st.text(max_size=10), max_size=3))
def test_a_title_without_its_site_is_how_the_title_begins(title: str, sites: list[str]) -> None:
    assert title.startswith(without_site(title, sites).rstrip())


@given(
    st.lists(
        st.sampled_from(
            ["<h1>", "<title>", "</h1>", "<meta name=author content='", "'>", "<time datetime=1>", "|", "a", " "]
        ),
        max_size=20,
    ).map("".join)
)
def test_any_page_has_metadata(html: str) -> None:
    found = about(html)
    assert found.published_source in {None, "time"}
    assert found.title is None or found.title == " ".join(found.title.split())
