import stat

import pytest

from schemas.errors import UsageError
from transforms.feeds.feed import Feed
from transforms.feeds.lists import read_list
from transforms.feeds.merged import merge, write_list

SECRET = "https://user:CANARY@news.example/f"


def test_what_stands_in_a_list_stays_byte_for_byte(tmp_path):
    path = tmp_path / "feeds.txt"
    path.write_bytes(b"\xef\xbb\xbf# mine\r\nhttps://news.example/1   every=2h # one")
    merged = merge(
        path, [Feed("https://NEWS.example/1"), Feed("https://news.example/2", title="Two\n2", folder="World")]
    )
    assert merged.content == path.read_bytes() + b"\nhttps://news.example/2 # World/Two 2\n"
    assert [feed.url for feed in merged.added] == ["https://news.example/2"]
    assert merged.warnings == ("left out https://NEWS.example/1: listed before",)
    write_list(path, merged.content, merged.added)
    assert len(read_list(str(path)).feeds) == 2
    assert merge(path, merged.added).added == ()


def test_a_new_list_with_secrets_is_for_its_owner_alone(tmp_path):
    for name, feed, mode in (("a", Feed(SECRET), 0o600), ("b", Feed("https://news.example/"), 0o644)):
        merged = merge(tmp_path / name, [feed])
        write_list(tmp_path / name, merged.content, merged.added)
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == mode
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_title_that_only_repeats_the_address_is_not_noted(tmp_path):
    merged = merge(tmp_path / "a", [Feed(SECRET, title=SECRET), Feed("https://e.org/", title="\x1b[31m \u202e")])
    assert merged.content.decode() == f"{SECRET}\nhttps://e.org/ # [31m\n"


def test_opml_is_not_added_to(tmp_path):
    path = tmp_path / "a.opml"
    path.write_text("<opml/>")
    with pytest.raises(UsageError, match="only text lists are added to"):
        merge(path, [])


def test_a_list_that_cannot_be_written_leaves_nothing(tmp_path):
    folder = tmp_path / "feeds.txt"
    folder.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_list(folder, b"x", [])
    assert list(tmp_path.iterdir()) == [folder]
