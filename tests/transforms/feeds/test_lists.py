from datetime import timedelta

import pytest

from schemas.errors import UsageError
from transforms.feeds.feed import Feed, host_of
from transforms.feeds.lists import distinct, read_list, read_text, write_text

LISTED = b"""\xef\xbb\xbf# news
https://example.org/feed   # the first
\thttps://example.org/feed?token=CANARY#part every=30m

http://10.0.0.1:8080/feed allow_private every=2h
https://EXAMPLE.org:443/feed every=1d
"""


def test_a_text_list_has_an_address_a_line(tmp_path):
    path = tmp_path / "feeds.txt"
    path.write_bytes(LISTED)
    found = read_list(str(path))
    assert found.feeds == (
        Feed("https://example.org/feed"),
        Feed("https://example.org/feed?token=CANARY#part", every=timedelta(minutes=30)),
        Feed("http://10.0.0.1:8080/feed", allow_private=True, every=timedelta(hours=2)),
    )
    assert found.warnings == ("left out https://EXAMPLE.org:443/feed: listed before",)


def test_one_address_is_a_list():
    assert read_list("https://example.org/f every=15m").feeds == (
        Feed("https://example.org/f", every=timedelta(minutes=15)),
    )


def test_opml_is_told_by_its_bytes(tmp_path):
    path = tmp_path / "feeds.txt"
    path.write_text(
        '<opml><body><outline xmlUrl="https://e.org/1"/><outline xmlUrl="ftp://e.org/"/></body></opml>', "utf-16"
    )
    found = read_list(str(path))
    assert [feed.url for feed in found.feeds] == ["https://e.org/1"]
    assert found.warnings == ("left out ftp://e.org/: ftp: only http and https are fetched",)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("example.org", "line 2: no scheme: only http and https"),
        ("ftp://example.org/", "line 2: ftp: only http and https"),
        ("https://example.org/ private", "'private' is unknown; there are allow_private and every=30m"),
        ("https://example.org/ every=5m", "is no interval from 15 minutes to a day"),
        ("https://example.org/ every=2d", "is no interval"),
        ("https://example.org/ every=soon", "is no interval"),
    ],
)
def test_a_line_that_is_not_understood_is_named(line, message):
    with pytest.raises(UsageError, match=message) as caught:
        read_text(f"# feeds\n{line}\n".encode(), "feeds.txt")
    assert "\n" not in str(caught.value)


def test_files_that_are_no_list_are_wrong_usage(tmp_path):
    broken, large, latin = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    broken.write_text("<html></html>")
    large.write_bytes(b"#" * (5 * 1024 * 1024 + 1))
    latin.write_bytes(b"# M\xfcller")
    for path, message in (
        (broken, "root element"),
        (large, "split"),
        (latin, "UTF-8"),
        (tmp_path / "none", "No such file"),
    ):
        with pytest.raises(UsageError, match=message):
            read_list(str(path))
    with pytest.raises(UsageError, match="directory"):
        read_list(str(tmp_path))
    with pytest.raises(UsageError, match="not a path"):
        read_list("a\0b")


def test_no_secret_of_an_address_is_told(tmp_path):
    secret = "https://user:CANARY@example.org/f?token=CANARY"
    told = [
        repr(Feed(secret)),
        Feed(secret).key,
        *distinct([Feed(secret), Feed(secret), Feed("ftp://u:CANARY@h/")]).warnings,
    ]
    for line in (f"{secret} word", f"{secret} every=1m", f"x{secret}"):
        with pytest.raises(UsageError) as caught:
            read_list(line) if line.startswith("http") else read_text(line.encode(), "feeds.txt")
        told.append(str(caught.value))
    assert "CANARY" not in "".join(told)
    assert len(told) == 7


def test_a_text_list_reads_back(tmp_path):
    feeds = read_text(LISTED, "x").feeds
    assert read_text(write_text(feeds).encode(), "y").feeds == feeds


def test_private_addresses_are_for_the_feed_that_says_so():
    assert Feed("http://h:8080/", allow_private=True).policy.ports == {80, 443, 8080}
    assert not Feed("http://h:8080/").policy.allow_private


def test_a_host_is_counted_once_with_and_without_www():
    assert host_of("https://www.Example.org:8080/a") == host_of("http://example.org/b") == "example.org"
