import pytest

from schemas.reasons import Reason
from transforms.sources.parser_child import parse
from transforms.sources.sitemap import is_sitemap, parse_sitemap
from transforms.sources.sniff import format_of

HEAD = '<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
ENTRY = "<url><loc>https://otter.example/{0}</loc><n:news><n:title>Story {0}</n:title></n:news></url>"


@pytest.mark.parametrize(
    ("content", "known"),
    [
        (b"<urlset/>", True),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- <rss> --><!DOCTYPE x [<!ENTITY a "<rss>">]>\n<s:urlset>', True),
        ("<?xml version='1.0'?><sitemapindex>".encode("utf-16"), True),
        (b"<rss><channel><item><description>&lt;urlset></description><urlset></item>", False),
        (b"<urlsets>", False),
        (b"", False),
    ],
)
def test_a_sitemap_is_known_by_its_first_element(content, known):
    assert is_sitemap(content) is known


def test_a_saved_sitemap_is_known_as_one():
    assert format_of(b"<?xml version='1.0'?><urlset>", "news.xml").kind == "sitemap"


def test_refusals_say_what_to_do():
    index = parse(
        "feed", b"<sitemapindex><sitemap><loc> https://otter.example/n.xml </loc></sitemap></sitemapindex>", ""
    )
    assert index.faults[0].detail == (
        "an index of sitemaps: name the news sitemaps in it, such as https://otter.example/n.xml"
    )
    assert parse("feed", b"<urlset></urlset>", "").faults[0].detail.startswith("a sitemap without news")


def test_publications_that_differ_name_no_source():
    entry = "<url><n:news><n:publication><n:name>{0}</n:name></n:publication><n:title>{0}</n:title></n:news></url>"
    document = parse_sitemap((HEAD + entry.format("A") + entry.format("B")).encode(), "")
    assert [article.title for article in document.articles] == ["A", "B"]
    assert document.title is None


def test_limits_are_kept():
    many = HEAD + "".join(ENTRY.format(number) for number in range(2001))
    assert parse_sitemap(many.encode(), "").faults[0].reason == Reason.TOO_LARGE
    deep = HEAD + "<url>" + "<a>" * 101
    assert parse_sitemap(deep.encode(), "").faults[0].reason == Reason.TOO_DEEP


def test_an_entry_that_is_cut_off_costs_only_itself():
    document = parse_sitemap((HEAD + ENTRY.format(1) + ENTRY.format(2)[:-20]).encode(), "")
    assert [article.place for article in document.articles] == [1]
    assert [fault.place for fault in document.faults] == [2]
