"""Whole pages: the article's text, and what the page says about itself."""

import json

import pytest

from transforms.markup.page import read_page

_PROSE = [
    "The council of the harbour town decided on Tuesday to close the old bridge for repairs until the spring.",
    "Ferries will carry cars and bicycles in the meantime, free of charge, from six in the morning until midnight.",
    "Shopkeepers on the northern bank fear for their trade, and ask for a second ferry during the winter months.",
]
_BODY = "".join(f"<p>{sentence}</p>" for sentence in _PROSE)
_TEXT = "\n\n".join(_PROSE)
_LINKS = "".join(
    f'<li><a href="/{number}">Another story with a long headline, number {number}</a></li>' for number in range(30)
)


def _page(body: str, head: str = "") -> str:
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'


@pytest.mark.parametrize(
    "body",
    [
        f"<nav>{_LINKS}</nav><article>{_BODY}</article><footer>Imprint</footer>",
        f"<main><h1>Bridge closed for repairs</h1>{_BODY}</main><aside>{_LINKS}</aside>",
        f'<div><ul>{_LINKS}</ul></div><div itemprop="articleBody">{_BODY}</div>',
        f'<div class="a"><div class="b">{_BODY}</div></div><div class="related-stories"><p>{"Other news. " * 30}</p></div>',
        f'<div class="cookie-banner"><p>{"We use cookies. " * 80}</p></div><div>{_BODY}</div>',
        f'<div class="post">{_BODY}</div><div id="comments"><p>{"I do not agree at all with this. " * 90}</p></div>',
        f'<form id="aspnetForm"><div>{_BODY}</div></form>',
    ],
)
def test_the_article_is_found_among_furniture(body: str) -> None:
    assert read_page(_page(body)).text == _TEXT


def test_text_in_divs_with_line_breaks_is_found() -> None:
    body = f"<div><ul>{_LINKS}</ul></div><div>{'<br><br>'.join(_PROSE)}</div>"
    assert read_page(_page(body)).text == _TEXT


@pytest.mark.parametrize("name", ["content-with-sidebar", "paywall-content", "pagination-first", "social"])
def test_a_misleading_name_does_not_cost_the_article(name: str) -> None:
    assert read_page(_page(f'<div class="{name}">{_BODY}</div>')).text == _TEXT


def test_lists_and_headings_of_the_article_stay_on_their_lines() -> None:
    body = f"<article>{_BODY}<h2>What closes</h2><ul><li>The bridge</li><li>The quay</li></ul></article>"
    assert read_page(_page(body)).text == f"{_TEXT}\n\nWhat closes\n\nThe bridge\nThe quay"


def test_a_headline_that_is_the_title_is_not_repeated_in_the_text() -> None:
    page = read_page(_page(f"<article><h1>Bridge closed</h1>{_BODY}<h1>Bridge closed again</h1></article>"))
    assert page.title == "Bridge closed"
    assert page.text == f"{_TEXT}\n\nBridge closed again"


def test_hidden_parts_are_left_out() -> None:
    body = f'<article>{_BODY}<p hidden>secret one</p><p style="display:none">secret two</p></article>'
    assert "secret" not in read_page(_page(body)).text


def test_of_two_stories_on_a_page_the_first_is_read() -> None:
    other = "<p>A different story altogether, about the weather in the mountains and the snow that fell there.</p>"
    text = read_page(_page(f"<article>{_BODY}</article><article>{other * 4}</article>")).text
    assert text == _TEXT


def test_a_page_that_shows_nothing_takes_the_text_of_its_metadata() -> None:
    linked = json.dumps({"@type": "NewsArticle", "headline": "Bridge", "articleBody": _TEXT})
    page = read_page(_page('<div id="app"></div>', f'<script type="application/ld+json">{linked}</script>'))
    assert page.text == _TEXT


def test_a_short_page_without_structure_gives_all_of_its_text() -> None:
    assert read_page("<body>Just <b>one</b> line</body>").text == "Just one line"


def test_metadata_of_json_ld_come_first() -> None:
    linked = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebPage", "name": "no"},
            {
                "@type": ["NewsArticle"],
                "headline": "Bridge closed &amp; ferries free",
                "author": [{"@type": "Person", "name": "Ada Harbour"}, "Ben Quay", {"name": "https://example.org/x"}],
                "datePublished": "2024-11-05T08:00:00+01:00",
                "dateModified": "2024-11-06T08:00:00+01:00",
                "articleSection": "Local",
                "keywords": "bridge, ferry",
                "publisher": {"name": "Harbour Post"},
            },
        ],
    }
    head = (
        f'<script type="application/ld+json">{json.dumps(linked)}</script>'
        '<link rel="canonical" href="https://example.org/bridge">'
        '<meta property="og:title" content="Another">'
        '<meta property="article:published_time" content="2020-01-01">'
    )
    page = read_page(_page(_BODY, head))
    assert page.title == "Bridge closed & ferries free"
    assert page.authors == ("Ada Harbour", "Ben Quay")
    assert (page.published, page.published_source) == ("2024-11-05T08:00:00+01:00", "json-ld")
    assert page.updated == "2024-11-06T08:00:00+01:00"
    assert page.categories == ("Local", "bridge", "ferry")
    assert (page.site_name, page.language) == ("Harbour Post", "en")
    assert page.canonical_link == "https://example.org/bridge"


def test_metadata_of_meta_elements() -> None:
    head = (
        '<meta property="og:site_name" content="Harbour Post"><meta name="author" content="By Ada Harbour">'
        '<meta property="og:title" content="Bridge closed - Harbour Post">'
        '<meta property="og:url" content="https://example.org/b?id=1">'
        '<meta property="article:published_time" content="2024-11-05"><meta name="keywords" content="a, b,a">'
        '<link rel="canonical" href="/bridge">'
    )
    page = read_page(_page(_BODY, head))
    assert page.title == "Bridge closed"
    assert page.authors == ("Ada Harbour",)
    assert (page.published, page.published_source) == ("2024-11-05", "meta")
    assert page.canonical_link == "https://example.org/bridge"
    assert page.categories == ("a", "b")


def test_a_time_element_is_the_last_source_of_the_date() -> None:
    page = read_page(_page(f'<time datetime="2024-11-05T10:00Z">today</time>{_BODY}'))
    assert (page.published, page.published_source) == ("2024-11-05T10:00Z", "time")


def test_no_date_is_invented() -> None:
    page = read_page(_page(_BODY + "<p>On 5 November 2024 nothing happened.</p>"))
    assert (page.published, page.published_source) == (None, None)


@pytest.mark.parametrize(
    ("shown", "title"),
    [
        ("Bridge closed | Harbour Post", "Bridge closed"),
        ("Bridge closed – Local – Harbour Post", "Bridge closed – Local"),
        ("Bridge closed | Harbour Post | 05.11.2024", "Bridge closed"),
        ("Bridge - closed", "Bridge - closed"),
        ("Harbour Post", "Harbour Post"),
    ],
)
def test_the_site_name_is_taken_off_the_title(shown: str, title: str) -> None:
    head = f'<title>{shown}</title><meta property="og:site_name" content="Harbour Post">'
    assert read_page(_page(_BODY, head)).title == title


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "ftp://example.org/x", "//", "http://[", "relative/without/base", ""]
)
def test_only_web_addresses_are_canonical(href: str) -> None:
    assert read_page(_page(_BODY, f'<link rel="canonical" href="{href}">')).canonical_link is None


@pytest.mark.parametrize(
    "script",
    ["{", "[" * 50_000, '{"@type": "NewsArticle", "author": 5, "datePublished": {}}', '"text"', "null", "[[[1]]]"],
)
def test_broken_json_ld_is_ignored(script: str) -> None:
    page = read_page(_page(f"<article>{_BODY}</article>", f'<script type="application/ld+json">{script}</script>'))
    assert page.text == _TEXT
    assert page.authors == ()
