"""RSS, RDF and Atom through the seam of feedparser, in our own process."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.reasons import Reason
from transforms.sources.document_parts import from_parts, to_parts
from transforms.sources.feed_document import ParsedArticle, ParsedDocument
from transforms.sources.feed_xml import parse_feed

_CHANNEL = "<title>Harbour Post</title><link>https://example.org/</link><language>en-GB</language>"


def _rss(items: str, channel: str = _CHANNEL) -> ParsedDocument:
    namespaces = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    )
    return parse_feed(
        f'<rss version="2.0" {namespaces}><channel>{channel}{items}</channel></rss>'.encode(), "saved/feed.xml"
    )


def _item(inner: str) -> ParsedArticle:
    (article,) = _rss(f"<item>{inner}</item>").articles
    return article


def _atom(inner: str, feed: str = "") -> ParsedDocument:
    return parse_feed(f'<feed xmlns="http://www.w3.org/2005/Atom">{feed}{inner}</feed>'.encode(), "feed.atom")


def test_an_rss_item_is_read_whole() -> None:
    article = _item(
        "<title>Bridge closed</title><link>/bridge</link><guid isPermaLink='false'>b-17</guid>"
        "<description>Short.</description><content:encoded><![CDATA[<p>Long.</p>]]></content:encoded>"
        "<dc:creator>Ada</dc:creator><dc:creator>Ben</dc:creator><category>local</category><category>local</category>"
        "<pubDate>Tue, 05 Nov 2024 08:00:00 +0100</pubDate><comments>https://example.org/bridge#c</comments>"
        "<enclosure url='/a.mp3' type='audio/mpeg' length='12'/><source url='https://other.example/f'>Other</source>"
    )
    assert (article.place, article.item_id, article.url) == (1, "b-17", "https://example.org/bridge")
    assert (article.title, article.text, article.markup, article.text_kind) == (
        "Bridge closed",
        "<p>Long.</p>",
        True,
        "full",
    )
    assert (article.authors, article.categories) == (("Ada", "Ben"), ("local",))
    assert (article.published, article.published_source) == ("Tue, 05 Nov 2024 08:00:00 +0100", "entry")
    assert article.language == "en-GB"
    assert dict(article.extra) == {
        "comments": "https://example.org/bridge#c",
        "enclosures": '[{"length": 12, "type": "audio/mpeg", "url": "https://example.org/a.mp3"}]',
        "origin": "Other",
    }


def test_an_atom_entry_is_read_whole() -> None:
    document = _atom(
        "<entry xml:lang='fr'><id>urn:1</id><title type='html'>Le &amp;lt;pont&amp;gt; est &lt;b&gt;ferm&#233;&lt;/b&gt;</title>"
        "<link href='/pont'/><link rel='enclosure' href='/a.mp3'/><author><name>Ada</name></author><category term='local'/>"
        "<published>2024-11-05T08:00:00Z</published><updated>2024-11-06T08:00:00Z</updated>"
        "<summary>Court.</summary><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Long.</p></div></content>"
        "</entry>",
        "<title>Le Port</title><link rel='self' href='https://example.org/feed.atom'/><link href='https://example.org/'/>",
    )
    (article,) = document.articles
    assert (document.kind, document.title, document.feed) == ("atom", "Le Port", "https://example.org/feed.atom")
    assert (article.item_id, article.url, article.title) == ("urn:1", "https://example.org/pont", "Le <pont> est fermé")
    assert (article.text_kind, article.markup, "<p>Long.</p>" in (article.text or "")) == ("full", True, True)
    assert (article.published, article.updated) == ("2024-11-05T08:00:00Z", "2024-11-06T08:00:00Z")
    assert (article.language, article.authors, article.categories) == ("fr", ("Ada",), ("local",))


def test_rdf_is_read_with_dublin_core() -> None:
    payload = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://example.org/rdf"><title>Post</title>'
        "<link>https://example.org/</link></channel>"
        '<item rdf:about="https://example.org/1"><title>One</title><link>https://example.org/1</link>'
        "<dc:date>2024-11-05</dc:date><dc:creator>Ada</dc:creator><description>Text.</description></item></rdf:RDF>"
    )
    document = parse_feed(payload.encode(), "x")
    (article,) = document.articles
    assert (document.kind, article.published, article.authors) == ("rdf", "2024-11-05", ("Ada",))
    assert (article.item_id, article.url) == ("https://example.org/1", "https://example.org/1")


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<description>Just a summary</description>", ("Just a summary", "summary")),
        ("<media:description type='plain'>From media</media:description>", ("From media", "summary")),
        ("<description>First</description><media:description>Second</media:description>", ("First", "summary")),
        ("<description>First</description><itunes:summary>Second, longer</itunes:summary>", ("First", "summary")),
        ("<title>Only a title</title>", (None, "title")),
    ],
)
def test_the_fullest_text_that_is_there_is_taken(inner: str, expected: tuple[str | None, str]) -> None:
    article = _item(inner)
    assert (article.text, article.text_kind) == expected


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("AT&amp;amp;T and R&amp;amp;D", "AT&T and R&D"),
        ("a &lt; b", "a < b"),
        ("<![CDATA[<b>Bold</b> news]]>", "Bold news"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;News", "News"),
        ("  two\n lines ", "two lines"),
    ],
)
def test_titles_are_plain_after_one_unescape(written: str, read: str) -> None:
    assert _item(f"<title>{written}</title>").title == read


@pytest.mark.parametrize(
    "guid", ["b-17", "/relative", "tag:example.org,2024:1", "javascript:alert(1)", "file:/etc/passwd"]
)
def test_a_guid_that_is_no_web_address_is_no_link(guid: str) -> None:
    article = _item(f"<title>t</title><guid>{guid}</guid>")
    assert article.url is None
    assert article.item_id == guid


def test_a_guid_that_is_a_web_address_is_the_link_where_none_is_given() -> None:
    assert _item("<title>t</title><guid>https://example.org/1</guid>").url == "https://example.org/1"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://["])
def test_links_that_are_no_web_addresses_do_not_survive(link: str) -> None:
    assert _item(f"<title>t</title><link>{link}</link>").url is None


def test_links_are_resolved_against_xml_base() -> None:
    document = _atom("<entry xml:base='https://base.example/x/'><title>t</title><link href='y'/></entry>")
    assert document.articles[0].url == "https://base.example/x/y"


def test_the_base_of_a_file_makes_no_link() -> None:
    assert _atom("<entry xml:base='file:///etc/'><title>t</title><link href='passwd'/></entry>").articles[0].url is None


@pytest.mark.parametrize(
    ("channel", "feed"),
    [
        (
            "<title>T</title><link>https://example.org/</link><atom:link rel='self' href='https://example.org/f'/>",
            "https://example.org/f",
        ),
        ("<title>T</title><link>https://example.org/</link>", "https://example.org/"),
        ("<title>T</title>", "T"),
        ("", None),
    ],
)
def test_guids_are_unique_in_the_feeds_own_address(channel: str, feed: str | None) -> None:
    assert _rss("<item><guid>1</guid><title>t</title></item>", channel).feed == feed


def test_equal_guids_with_different_links_are_told_apart() -> None:
    items = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><link>https://example.org/{n}</link></item>"
        for n, guid in enumerate("aab")
    )
    assert [article.item_id for article in _rss(items).articles] == [
        "a https://example.org/0",
        "a https://example.org/1",
        "b",
    ]


def test_equal_items_keep_their_guid() -> None:
    item = "<item><guid isPermaLink='false'>a</guid><link>https://example.org/1</link></item>"
    assert [article.item_id for article in _rss(item * 3).articles] == ["a", "a", "a"]


def test_a_feed_in_which_all_guids_are_equal_is_keyed_by_link() -> None:
    items = "".join(
        f"<item><guid isPermaLink='false'>a</guid><link>https://example.org/{n}</link></item>" for n in range(4)
    )
    assert {article.item_id for article in _rss(items).articles} == {None}


def test_dates_stay_as_written_and_an_update_alone_is_the_publication() -> None:
    assert _item("<title>t</title><pubDate>0000-00-00 at noon</pubDate>").published == "0000-00-00 at noon"
    (article,) = _atom("<entry><title>t</title><updated>2024-11-06T08:00:00Z</updated></entry>").articles
    assert (article.published, article.published_source) == ("2024-11-06T08:00:00Z", "entry")
    assert _item("<title>t</title>").published is None


def test_an_ill_formed_feed_keeps_its_items_and_says_so() -> None:
    document = _rss("<item><title>one & two</title></item><item><title>three</b></title></item>")
    assert [article.title for article in document.articles] == ["one & two", "three"]
    assert document.warning == "SAXParseException"


def test_an_entry_that_breaks_the_parser_costs_only_itself() -> None:
    good = "<item><title>good</title></item>"
    broken = "<item><title>bad</title><image></item>" + "<item><source url='http://[x'><link>http://[x</link></item>"
    document = _rss(good + broken + good)
    assert [article.title for article in document.articles].count("good") == 2


@pytest.mark.parametrize(
    "costly", ["<author>" + "a" * 40_000 + "</author>", "<dc:creator><![CDATA[" + "a." * 2_000 + "]]></dc:creator>"]
)
def test_an_entry_with_an_endless_name_costs_only_itself(costly: str) -> None:
    began = time.process_time()
    document = _rss(f"<item><title>a</title></item><item>{costly}</item><item><title>c</title></item>")
    assert [article.place for article in document.articles] == [1, 3]
    assert [(fault.place, fault.reason) for fault in document.faults] == [(2, Reason.TOO_LARGE)]
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize(
    ("inner", "detail"),
    [
        (f"<title>{'x' * 1001}</title>", "title"),
        (f"<link>https://example.org/{'x' * 2048}</link>", "url"),
        (f"<description>{'x' * 1_000_001}</description>", "text"),
        ("".join(f"<category>{n}</category>" for n in range(201)), "categories"),
    ],
)
def test_an_entry_past_a_limit_is_refused_whole(inner: str, detail: str) -> None:
    document = _rss(f"<item><title>a</title></item><item>{inner}</item>")
    assert [article.place for article in document.articles] == [1]
    assert [(fault.place, fault.reason) for fault in document.faults] == [(2, Reason.TOO_LARGE)]
    assert detail in document.faults[0].detail


_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", Reason.NOT_A_FEED),
        (b"\x00" * 1000, Reason.NOT_A_FEED),
        (b"<!doctype html><html><body><p>404</p></body></html>", Reason.NOT_A_FEED),
        (b"plain words", Reason.NOT_A_FEED),
        (b"<opml><body><outline/></body></opml>", Reason.NOT_A_FEED),
        (b"<rss><channel>" + b"<item/>" * 2001, Reason.TOO_LARGE),
        (b"<rss><channel><item>" + b"<a>" * 100_000, Reason.TOO_DEEP),
        (
            b"<rss><channel><managingEditor>" + b"x" * 40_000 + b"</managingEditor><item/></channel></rss>",
            Reason.TOO_LARGE,
        ),
    ],
)
def test_what_is_no_readable_feed_is_one_refusal(payload: bytes, reason: Reason) -> None:
    document = parse_feed(payload, "x")
    assert document.articles == ()
    assert [(fault.place, fault.reason) for fault in document.faults] == [(None, reason)]


@pytest.mark.parametrize(
    "payload",
    [
        f'<!DOCTYPE r [<!ENTITY e0 "ha">{_ENTITIES}]><rss><channel><item><title>a&e11;b</title></item></channel></rss>',
        '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><channel><item><title>a&f;b</title></item></channel></rss>',
        '<!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd"><rss><channel><item><title>ab</title></item></channel></rss>',
    ],
)
def test_entities_of_a_document_are_never_expanded(payload: bytes) -> None:
    began = time.process_time()
    (article,) = parse_feed(payload.encode(), "x").articles
    assert len(article.title or "") < 20
    assert "root" not in (article.title or "")
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize(
    "inner",
    [
        "<!--" * 90_000,
        "<!-- -->" * 50_000,
        "<description>" + "<" * 100_000 + "</description>",
        "<description>" + "&" * 100_000 + "</description>",
        "<description>" + "<![CDATA[" * 30_000 + "</description>",
        "<pubDate>" + "12:" * 100_000 + "</pubDate>",
        "<link href='" + 'a="' * 50_000 + "</link>",
        "<x " + " ".join(f'xmlns:n{n}="http://x.example/{n}"' for n in range(10_000)) + "/>",
    ],
)
def test_floods_are_read_in_time(inner: str) -> None:
    began = time.process_time()
    _rss(f"<item><title>a</title>{inner}</item>")
    assert time.process_time() - began < 3.0


def test_a_disguised_declaration_is_not_believed() -> None:
    payload = (
        '<?xml version="1.0" encoding="utf-8"?><rss><channel><item><title>é</title></item></channel></rss>'.encode(
            "utf-16"
        )
    )
    document = parse_feed(payload, "x")
    assert document.articles[0].title == "é"
    assert document.charset == "utf-16-le"


_FRAGMENTS = [
    "<item>",
    "</item>",
    "<title>",
    "</title>",
    "<link>",
    "</link>",
    "<guid>",
    "<image>",
    "<source url='x'>",
    "&#x110000;",
]
_FRAGMENTS += [
    "<![CDATA[",
    "]]>",
    "<!--",
    "&amp;",
    "http://[",
    "é",
    "<media:credit>",
    "<textinput>",
    "<category>",
    " xml:base='http://['",
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(_FRAGMENTS), max_size=30))
def test_any_soup_of_fragments_ends_in_entries_or_faults(fragments: list[str]) -> None:
    document = _rss("<item><title>a</title></item>" + "".join(fragments))
    again = from_parts(to_parts(document))
    assert (tuple(again.articles), tuple(again.faults)) == (document.articles, document.faults)
