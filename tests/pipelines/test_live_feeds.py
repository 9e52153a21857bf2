"""`ingest --feeds`: one poll of what is due, through the same graph as files, committed with what was learned."""

import shutil

import pytest

from tests.pipelines.conftest import corpus, rows, write_jsonl
from tests.pipelines.interrupted import run
from tests.pipelines.live import archived, by_path, counts, listed, polls, rss, tagged, write_list
from tests.pipelines.stored import content, item_ids
from tests.scripted import always, answer
from transforms.lake.layout import open_lake
from transforms.lake.verify import verify

CONTACT = ("--contact", "tests@example.org", "--workers", 1)
SITE = by_path(
    a=tagged("a", 3),
    b=tagged("b", 2),
    page=always(answer(body=b"<html><body>Not here</body></html>")),
    down=always(answer(503, {"Retry-After": "7200"})),
    empty=always(answer(headers={"ETag": '"0"'}, body=rss("empty", []))),
)


@pytest.fixture
def site(serve, tmp_path):
    server = serve(SITE, hosts=5)
    return server, write_list(tmp_path / "list.txt", server, ["a", "b", "page", "down", "empty"])


def ingest(tmp_path, *given):
    return run(tmp_path, "ingest", *given, "--lake", tmp_path / "lake", *CONTACT, "--json")


def test_what_is_due_is_polled_once_and_goes_through_the_graph(site, tmp_path):
    server, feeds = site
    done = ingest(tmp_path, "--feeds", feeds)
    assert done.code == 0, done.err
    lake = tmp_path / "lake"
    assert item_ids(lake) == ["a-0", "a-1", "a-2", "b-0", "b-1"]
    assert done.json["counts"]["read"] == 6
    assert done.json["rejected_by_reason"] == {"not_a_feed": 1}
    assert counts(done) == {
        "listed": 5,
        "asked": 5,
        "changed": 3,
        "unchanged": 0,
        "failed": 2,
        "items_missed_estimate": 0,
        "failed_by_reason": {"not_a_feed": 1, "status_503": 1},
    }
    assert listed(lake, "status", "etag", "items_seen") == {
        "a": (200, '"a 3"', 3),
        "b": (200, '"b 2"', 2),
        "page": (200, None, 0),
        "down": (503, None, 0),
        "empty": (200, '"0"', 0),
    }
    assert {row["language"] for row in rows(lake, "articles")} == {"en"}
    assert all(row["source_uri"].startswith("http://127.0.0.") for row in rows(lake, "articles"))
    assert verify(open_lake(lake)) == []
    assert archived(lake) == []
    assert {asked.headers["User-Agent"] for asked in server.log} == {"newsfold/0.1.0 (+tests@example.org)"}


def test_nothing_is_asked_again_before_it_is_due(site, tmp_path):
    server, feeds = site
    ingest(tmp_path, "--feeds", feeds)
    again = ingest(tmp_path, "--feeds", feeds)
    assert (again.json["commits"], counts(again)["asked"]) == (0, 0)
    assert len(server.log) == 5
    assert len(polls(tmp_path / "lake")) == 5


def test_files_and_feeds_are_one_run(site, tmp_path):
    _, feeds = site
    done = ingest(tmp_path, write_jsonl(tmp_path / "in.jsonl", corpus(4)), "--feeds", feeds)
    assert len(item_ids(tmp_path / "lake")) == 5 + 4
    assert (done.json["commits"], done.json["counts"]["read"]) == (2, 6 + 4)
    assert verify(open_lake(tmp_path / "lake")) == []


def test_feeds_are_cut_into_slices_with_their_own_polls(site, tmp_path):
    _, feeds = site
    done = ingest(tmp_path, "--feeds", feeds, "--slice-records", 2)
    assert done.json["commits"] >= 2
    assert len(polls(tmp_path / "lake")) == 5
    assert len(item_ids(tmp_path / "lake")) == 5
    assert verify(open_lake(tmp_path / "lake")) == []


def test_documents_are_kept_for_ever_on_request(site, tmp_path):
    _, feeds = site
    ingest(tmp_path, "--feeds", feeds, "--keep-archive")
    assert archived(tmp_path / "lake") == []
    assert len(list((tmp_path / "lake" / "_archive").glob("*/*.attempt.gz"))) == 4


def test_kept_documents_can_be_parsed_again(site, tmp_path):
    _, feeds = site
    ingest(tmp_path, "--feeds", feeds, "--keep-archive")
    lake = tmp_path / "lake"
    before = content(lake)
    again = run(tmp_path, "replay", "--lake", lake, "--archive", "--workers", 1, "--json")
    assert again.code == 0, again.err
    assert again.json == {"open": 1, "resolved": 0, "still_rejected": 1, "out_of_reach": 0, "documents": 4}
    assert content(lake) == before
    # What a lake never stored, or lost, comes out of the documents.
    other = tmp_path / "other"
    assert run(tmp_path, "ingest", write_jsonl(tmp_path / "in.jsonl", corpus(2)), "--lake", other).code == 0
    shutil.copytree(lake / "_archive", other / "_archive")
    assert run(tmp_path, "replay", "--lake", other, "--archive", "--workers", 1).code == 0
    assert item_ids(other) == ["a-0", "a-1", "a-2", "a00000", "a00001", "b-0", "b-1"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--feeds", "LIST"], "--contact is missing"),
        (["--feeds", "LIST", "--contact", "nobody"], "give a mail address or the address of a page"),
        (["--feeds", "LIST", *CONTACT, "--runner=PrismRunner"], "leave --runner out"),
        (["--feeds", "/nowhere/list.opml", *CONTACT], "give a file of feeds or the address of one"),
        (["--feeds", "EMPTY", *CONTACT], "no feed is listed there"),
    ],
)
def test_wrong_usage_is_one_line(tmp_path, given, words):
    (tmp_path / "list.txt").write_text("https://e.org/feed\n", "utf-8")
    (tmp_path / "empty.txt").write_text("# none\n", "utf-8")
    names = {"LIST": tmp_path / "list.txt", "EMPTY": tmp_path / "empty.txt"}
    done = run(tmp_path, "ingest", *(names.get(word, word) for word in given), "--lake", tmp_path / "lake")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert words in done.err
    assert not (tmp_path / "lake").exists()
