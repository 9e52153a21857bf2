"""Polls that are killed between request and commit: nothing is lost, nothing doubled, and nobody is asked again."""

import signal
from pathlib import Path

import pytest

from tests.pipelines.interrupted import At, run
from tests.pipelines.live import archived, listed, polls, tagged, write_list
from tests.pipelines.stored import content, item_ids
from transforms.feeds.steps import STEPS
from transforms.lake.layout import open_lake
from transforms.lake.verify import verify

ANSWER_LOST = STEPS[: STEPS.index("answer kept")]
ANSWER_KEPT = STEPS[STEPS.index("answer kept") :]
# Of the others test_kills has proof; at all of them kills the long simulation.
OF_THE_COMMIT = ("staged", "intent written", "articles committed", "polls moved", "polls synced", "published")


@pytest.fixture
def site(serve, tmp_path):
    server = serve(lambda connection, asked: tagged(asked.path.strip("/"), 3)(connection, asked))
    return server, lambda name: write_list(tmp_path / "list.txt", server, [name])


def ingest(tmp_path, feeds, at=None):
    given = ("--lake", tmp_path / "lake", "--contact", "tests@example.org", "--workers", 1, "--json")
    return run(tmp_path, "ingest", "--feeds", feeds, *given, at=at)


def test_a_kill_after_the_answer_was_kept_costs_nothing(site, tmp_path):
    server, list_of = site
    steps = ANSWER_KEPT + OF_THE_COMMIT
    for number, step in enumerate(steps, start=1):
        feeds = list_of(f"f{number}")
        assert ingest(tmp_path, feeds, at=At(step)).code == -signal.SIGKILL, step
        # From here on the server says "unchanged" to whoever knows its validator.
        done = ingest(tmp_path, feeds)
        assert (done.code, len(server.log)) == (0, number), (step, done.err)
    lake = tmp_path / "lake"
    assert item_ids(lake) == sorted(f"f{number}-{item}" for number in range(1, len(steps) + 1) for item in range(3))
    assert listed(lake, "status", "etag") == {
        f"f{number}": (200, f'"f{number} 3"') for number in range(1, len(steps) + 1)
    }
    assert len(polls(lake)) == len(steps)
    assert archived(lake) == []
    assert verify(open_lake(lake)) == []


@pytest.mark.parametrize("step", ANSWER_LOST)
def test_a_kill_before_is_a_request_of_which_nothing_is_known(site, tmp_path, step):
    server, list_of = site
    assert ingest(tmp_path, list_of("a"), at=At(step)).code == -signal.SIGKILL
    asked = len(server.log)
    assert ingest(tmp_path, list_of("a")).json["polls"]["failed_by_reason"] == {"interrupted": 1}
    assert len(server.log) == asked  # not before a quarter of an hour has passed
    (row,) = polls(tmp_path / "lake")
    # The next request is in full again, so that the items come.
    assert (row["etag"], row["status"], row["failures"]) == (None, None, 0)
    assert 900 <= (row["next_due"] - row["polled_at"]).total_seconds() <= 1000


def test_what_was_asked_is_not_lost_with_the_list(site, tmp_path):
    _, list_of = site
    ingest(tmp_path, list_of("a"), at=At("records staged"))
    ingest(tmp_path, list_of("b"))
    assert item_ids(tmp_path / "lake") == ["a-0", "a-1", "a-2", "b-0", "b-1", "b-2"]


def test_a_run_of_files_leaves_the_answers_of_feeds_alone(site, tmp_path):
    _, list_of = site
    feeds = list_of("a")
    ingest(tmp_path, feeds, at=At("records staged"))
    Path(tmp_path / "in.txt").write_text("A title\n\nThe harbour bridge was opened.\n", "utf-8")
    assert run(tmp_path, "ingest", tmp_path / "in.txt", "--lake", tmp_path / "lake", "--workers", 1).code == 0
    assert len(archived(tmp_path / "lake")) == 1
    ingest(tmp_path, feeds)
    assert [len(rows) for rows in content(tmp_path / "lake").values()] == [4, 0, 0]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_between_request_and_commit_costs_nothing_either(site, tmp_path, number, code):
    server, list_of = site
    stopped = ingest(tmp_path, list_of("a"), at=At("records staged", signal=number))
    assert (stopped.code, stopped.err.count("\n")) == (code, 1)
    ingest(tmp_path, list_of("a"))
    assert (len(item_ids(tmp_path / "lake")), len(server.log)) == (3, 1)
