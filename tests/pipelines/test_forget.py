"""`newsfold forget`: what was taken down is gone from everywhere, and does not come back."""

import gzip
import json
import shutil
import signal

import pytest

from pipelines.cli import _run
from pipelines.polling import needing_no_page
from schemas.records import RawArticle
from tests.pipelines.conftest import corpus, published, write_jsonl
from tests.pipelines.interrupted import At, run
from tests.pipelines.live import by_path, polls, tagged, write_list
from tests.pipelines.stored import content, item_ids
from transforms.lake.layout import open_lake
from transforms.lake.verify import verify

STORY, OTHER = corpus(2)
COPY = STORY | {"id": "copy", "url": "https://reprint.example/copy", "source": "reprint"}
LATER = STORY | {"id": "later", "url": "https://third.example/later", "source": "third"}
VERSION = STORY | {"text": f"{STORY['text']} It was said again on Monday."}
ELSEWHERE = STORY | {"id": "moved", "url": f"{STORY['url']}-again"}  # the same words, the same source
BROKEN = f'{{"id": "cut", "url": "{STORY["url"].replace("/", chr(92) + "/")}", "title": "cut in the mid'


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A lake with a story, a reprint of it, another story, and a broken line with the story's address."""
    folder = tmp_path_factory.mktemp("forget")
    articles = write_jsonl(folder / "in.jsonl", [STORY, COPY, OTHER])
    articles.write_text(f"{articles.read_text('utf-8')}{BROKEN}\n", "utf-8")
    assert run(folder, "ingest", articles, "--lake", folder / "lake", "--workers", 1).code == 0
    return folder


@pytest.fixture
def lake(filled, tmp_path):
    return shutil.copytree(filled / "lake", tmp_path / "lake")


def told(capfd, *arguments):
    capfd.readouterr()
    assert _run([*map(str, arguments), "--json"]) == 0
    return json.loads(capfd.readouterr().out)


def ingested(lake, tmp_path, capfd, *articles):
    path = write_jsonl(tmp_path / "more.jsonl", articles)
    return told(capfd, "ingest", path, "--lake", lake, "--workers", 1)


def test_an_item_is_removed_by_its_address_and_refused_from_then_on(lake, filled, tmp_path, capfd):
    done = told(capfd, "forget", STORY["url"], "--lake", lake)
    copies = done.pop("copies")
    assert done == {"items": 1, "articles": 1, "duplicates": 0, "rejects": 1, "documents": 0, "commit": 2}
    assert item_ids(lake) == ["a00001", "copy"]
    assert len(copies) == 1
    assert verify(open_lake(lake)) == []
    before = published(lake)
    again = told(capfd, "ingest", filled / "in.jsonl", "--lake", lake, "--workers", 1)
    assert (again["counts"]["seen"], again["counts"]["rejected"]) == (2, 2)
    assert again["rejected_by_reason"] == {"forgotten": 1, "broken_record": 1}
    more = ingested(lake, tmp_path, capfd, VERSION, ELSEWHERE)
    assert more["counts"] | {"read": 2, "rejected": 2} == more["counts"]
    assert before.items() <= published(lake).items()
    assert item_ids(lake) == ["a00001", "copy"]
    assert verify(open_lake(lake)) == []


def test_a_copy_from_elsewhere_is_an_item_of_its_own_in_the_same_family(lake, tmp_path, capfd):
    families = {
        row["item_id"]: row["family_id"] for table in content(lake).values() for row in table if "item_id" in row
    }
    told(capfd, "forget", STORY["id"], "--lake", lake)
    done = ingested(lake, tmp_path, capfd, LATER)
    assert (done["counts"]["exact"], done["counts"]["rejected"]) == (1, 0)
    rows = {row["item_id"]: row for row in content(lake)["duplicates"]}
    assert rows["later"]["family_id"] == rows["copy"]["family_id"] == families[STORY["id"]]
    assert verify(open_lake(lake)) == []


def test_the_same_words_from_the_same_source_go_too(lake, tmp_path, capfd):
    assert ingested(lake, tmp_path, capfd, ELSEWHERE)["counts"]["exact"] == 1
    done = told(capfd, "forget", ELSEWHERE["url"], "--lake", lake)
    assert (done["items"], done["articles"], done["duplicates"]) == (2, 1, 1)
    assert item_ids(lake) == ["a00001", "copy"]
    assert verify(open_lake(lake)) == []


def test_a_dry_run_tells_the_same_and_changes_nothing(lake, capfd):
    before = {path: path.read_bytes() for path in lake.rglob("*") if path.is_file()}
    would = told(capfd, "forget", "--source", "reprint", STORY["url"], "--lake", lake, "--dry-run")
    assert {path: path.read_bytes() for path in lake.rglob("*") if path.is_file()} == before
    done = told(capfd, "forget", "--source", "reprint", STORY["url"], "--lake", lake)
    assert done == would | {"commit": 2}
    assert (done["items"], done["articles"], done["duplicates"], done["copies"]) == (2, 1, 1, [])
    assert item_ids(lake) == ["a00001"]


def test_forgetting_twice_is_one_commit(lake, capfd):
    told(capfd, "forget", STORY["url"], "--lake", lake)
    again = told(capfd, "forget", STORY["url"], "--lake", lake)
    assert (again["articles"], again["commit"]) == (0, None)


def test_an_address_is_kept_out_before_it_ever_came(lake, tmp_path, capfd):
    assert told(capfd, "forget", LATER["url"], "--lake", lake)["commit"] == 2
    assert ingested(lake, tmp_path, capfd, LATER)["rejected_by_reason"] == {"forgotten": 1}
    assert verify(open_lake(lake)) == []


def test_its_page_is_not_asked_for(lake, capfd):
    told(capfd, "forget", STORY["url"], "--lake", lake)
    items = [RawArticle("feed#entry=1", "rss", "0" * 64, url=url) for url in (STORY["url"], LATER["url"], None)]
    assert needing_no_page(open_lake(lake))(items) == [True, False, False]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "nothing to forget: name items"),
        (["no-such-id"], "no stored item has this article_id, id or URL"),
        (["--source", "Paper0"], "no stored item is of this source"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(lake, arguments, words, capfd):
    assert _run(["forget", *arguments, "--lake", str(lake)]) == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert words in line


def test_replay_and_retag_do_not_bring_it_back(lake, capfd):
    told(capfd, "forget", STORY["id"], "--lake", lake)
    told(capfd, "replay", "--lake", lake, "--workers", 1)
    told(capfd, "retag", "--lake", lake, "--workers", 1, "--language-detector", "langdetect")
    told(capfd, "compact", "--lake", lake)
    assert item_ids(lake) == ["a00001", "copy"]
    assert verify(open_lake(lake)) == []


@pytest.fixture
def fed(serve, tmp_path):
    """A lake of two feeds whose documents were kept, one of which waits in a copy for its commit."""
    server = serve(by_path(a=tagged("a", 3), b=tagged("b", 2)), hosts=2)
    feeds = write_list(tmp_path / "list.txt", server, ["a", "b"])
    lake = tmp_path / "lake"
    polling = ("ingest", "--feeds", feeds, "--lake", lake, "--contact", "t@example.org", "--workers", 1)
    assert run(tmp_path, *polling, "--keep-archive").code == 0
    (of_a,) = documents(lake, b"a reports")
    shutil.copy(of_a, lake / "_fetched" / of_a.name)
    return lake


def documents(lake, words):
    """Return the kept answers that hold some words."""
    return [path for path in lake.rglob("*.attempt.gz") if words in gzip.decompress(path.read_bytes())]


def test_kept_documents_of_feeds_go_with_what_they_hold(fed, capfd):
    done = told(capfd, "forget", "a-1", "--lake", fed)
    assert (done["articles"], done["documents"]) == (1, 2)
    assert [len(documents(fed, name)) for name in (b"a reports", b"b reports")] == [0, 1]
    assert [path.suffix for path in (fed / "_fetched").iterdir()] == [".begun"]  # so that it is not asked at once
    assert told(capfd, "replay", "--lake", fed, "--archive", "--workers", 1)["documents"] == 1
    assert item_ids(fed) == ["a-0", "a-2", "b-0", "b-1"]
    assert {row["status"] for row in polls(fed)} == {200}
    assert verify(open_lake(fed)) == []


def test_documents_go_with_the_rows_also_when_it_is_killed(fed, tmp_path):
    decided = {"staged": False, "intent written": True, "published": True, "erased": True}
    for number, (step, goes) in enumerate(decided.items()):
        lake = shutil.copytree(fed, tmp_path / str(number))
        assert run(tmp_path, "forget", "a-1", "--lake", lake, at=At(step)).code == -signal.SIGKILL
        assert run(tmp_path, "compact", "--lake", lake).code == 0  # whichever command comes next
        assert len(documents(lake, b"a reports")) == (0 if goes else 2)
        assert ("a-1" in item_ids(lake)) == (not goes)
        assert verify(open_lake(lake)) == []
