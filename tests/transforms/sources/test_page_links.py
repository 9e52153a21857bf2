import pytest

from transforms.sources.page_links import MAX_LINKS, feed_links
from transforms.sources.parser_process import ParserProcess

HOME = "https://news.example/a/b"


def links(html, uri=HOME):
    return [(link.url, link.title, link.named) for link in feed_links(html.encode(), uri)]


def test_what_a_page_names_comes_before_what_looks_like_a_feed():
    page = """<html><head><title>x</title>
        <link rel="alternate" type="application/rss+xml" title="All  news" href="/rss.xml">
        <link rel="ALTERNATE" type="Application/Atom+XML; charset=utf-8" href="atom">
        <link rel="feed" href="//other.example/f">
        <link rel="alternate" hreflang="fr" href="/fr"><link rel="alternate" type="application/json" href="/api/7">
        <link rel="stylesheet" type="application/rss+xml" href="/x.css"></head>
        <body><a href="/rss.xml">RSS</a><a href="feeds/sport">Sport</a><a href="/subscribe">Our RSS 2.0 feed</a>
        <a href="/press">Press</a><a href="javascript:rss()">RSS</a><a href="#rss">RSS</a><a href="/feedback">Say</a></body>"""
    assert links(page) == [
        ("https://news.example/rss.xml", "All news", True),
        ("https://news.example/a/atom", "", True),
        ("https://other.example/f", "", True),
        ("https://news.example/a/feeds/sport", "Sport", False),
        ("https://news.example/subscribe", "Our RSS 2.0 feed", False),
    ]


def test_a_base_element_is_what_links_are_relative_to():
    page = '<base href="https://cdn.example/x/"><link rel=alternate type="application/feed+json" href="feed.json">'
    assert links(page) == [("https://cdn.example/x/feed.json", "", True)]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "data:text/xml,rss", "ftp://h/rss", "https:///rss", ""])
def test_only_addresses_of_the_web_are_links(address):
    page = f'<link rel="alternate" type="application/rss+xml" href="{address}"><a href="{address}">RSS</a>'
    assert links(page) == []


def test_a_page_past_the_limits_has_no_links():
    assert feed_links(b"<div>" * 600 + b'<a href="/rss">RSS</a>', HOME) == []
    assert feed_links(b" " * (2 * 1024 * 1024 + 1), HOME) == []
    assert len(links("".join(f'<a href="/rss/{number}">x</a>' for number in range(3 * MAX_LINKS)))) == MAX_LINKS


def test_the_parser_process_finds_the_same():
    page = b'<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    with ParserProcess() as parser:
        assert parser.links(page, HOME) == feed_links(page, HOME)
