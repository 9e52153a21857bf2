import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.feed import Feed
from transforms.feeds.opml import MAX_DEPTH, MAX_OPML_BYTES, MAX_OUTLINES, OpmlError, read_opml, write_opml

PRINTED = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=12
)
TITLES = PRINTED.map(lambda text: " ".join(text.split()))


def opml(body):
    return f'<?xml version="1.0"?><opml version="1.0"><head/><body>{body}</body></opml>'.encode()


def test_feeds_come_with_title_and_folder():
    found = read_opml(
        opml(
            '<outline text="News"><outline title="World &amp; all" text="w" type="rss" xmlUrl=" https://e.org/w "/>'
            '<outline text="a/b"><outline text="x" XMLURL="https://e.org/x"/></outline></outline>'
            '<outline text="link" type="link" url="https://e.org/more.opml"/><outline xmlUrl="https://e.org/y"/>'
        )
    )
    assert [(feed.url, feed.title, feed.folder) for feed in found] == [
        ("https://e.org/w", "World & all", "News"),
        ("https://e.org/x", "x", "News/a b"),
        ("https://e.org/y", "", ""),
    ]


def test_an_attribute_admits_no_private_address():
    (feed,) = read_opml(opml('<outline xmlUrl="http://127.0.0.1/" allow_private="true" allowPrivate="true"/>'))
    assert not feed.allow_private


@given(
    st.lists(
        st.tuples(
            PRINTED.map("https://e.org/{}".format).map(str.strip),
            TITLES,
            TITLES.map(lambda t: t.replace("/", "").strip()),
        ),
        max_size=8,
    )
)
def test_what_is_written_reads_back(entries):
    feeds = [Feed(url, title=title or "t", folder=folder) for url, title, folder in entries]
    read = read_opml(write_opml(feeds).encode())
    assert sorted(read, key=repr_of) == sorted(feeds, key=repr_of)


def repr_of(feed):
    return (feed.url, feed.title, feed.folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'<!DOCTYPE opml [<!ENTITY a "b">]><opml/>', "DTD"),
        (b'<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml/>', "DTD"),
        (b"<rss/>", "root element is rss"),
        (b"<opml>", "line 1"),
        (b"", "no element"),
        (b"<opml>&unknown;</opml>", "undefined entity"),
        (b'<?xml version="1.0" encoding="zlib"?><opml/>', "encoding"),
        (opml("<outline>" * (MAX_DEPTH + 1) + "</outline>" * (MAX_DEPTH + 1)), "deeper than 20"),
        (opml("<outline/>" * (MAX_OUTLINES + 1)), "more than 10000 outlines"),
        (b" " * (MAX_OPML_BYTES + 1), "more than 5 MB"),
    ],
)
def test_hostile_and_broken_lists_are_refused(content, message):
    with pytest.raises(OpmlError, match=message):
        read_opml(content)


def test_the_limits_themselves_are_allowed():
    assert not read_opml(opml("<outline>" * MAX_DEPTH + "</outline>" * MAX_DEPTH))
    assert not read_opml(opml("<outline/>" * MAX_OUTLINES))
