"""A hundred runs killed at random times, each followed by one restart, against an undisturbed run."""

import random
import shutil
import subprocess
import time
from collections import Counter

import pytest

from tests.pipelines.conftest import corpus, write_jsonl
from tests.pipelines.interrupted import kill_after, run, started
from tests.pipelines.stored import content, item_ids
from transforms.lake.layout import open_lake
from transforms.lake.verify import verify

KILLS = 100
WITH_WORKERS = 4  # every fourth run has two workers, and an interpreter of its own


def ingest(articles, lake, workers):
    return "ingest", articles, "--lake", lake, "--workers", workers, "--slice-records", 30


def killed_with_workers(articles, lake, seconds):
    process = started(*ingest(articles, lake, 2))
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()  # the driver alone: its workers are to notice
    process.communicate()
    return process.returncode < 0


@pytest.mark.long
def test_a_hundred_kills_lose_nothing_and_repeat_nothing(tmp_path):
    chance = random.Random(20261121)
    articles = write_jsonl(tmp_path / "articles.jsonl", [*corpus(300), {"id": "empty"}])
    run(tmp_path, *ingest(articles, tmp_path / "warm", 1))
    begun = time.monotonic()
    assert run(tmp_path, *ingest(articles, tmp_path / "whole", 1)).code == 0
    seconds = time.monotonic() - begun
    expected, ids = content(tmp_path / "whole"), item_ids(tmp_path / "whole")
    at_work = lost = repeated = wrong = 0
    restarts = []
    for number in range(KILLS):
        lake = tmp_path / "lake"
        after = chance.uniform(0, 1.1) * seconds
        if number % WITH_WORKERS:
            at_work += kill_after(tmp_path, after, *ingest(articles, lake, 1))
        else:
            at_work += killed_with_workers(articles, lake, 3 + after)  # it starts and loads for some 3 s
        begun = time.monotonic()
        done = run(tmp_path, *ingest(articles, lake, 1))
        restarts.append(time.monotonic() - begun)
        assert done.code == 0, done.err
        found = Counter(item_ids(lake))
        lost += len(set(ids) - set(found))
        repeated += sum(found.values()) - len(found)
        wrong += content(lake) != expected
        assert verify(open_lake(lake)) == []
        shutil.rmtree(lake)
    print(  # noqa: T201  the figures are what a long test is run for
        f"\n{KILLS} runs, {at_work} killed at work, undisturbed {seconds:.1f} s, median restart "
        f"{sorted(restarts)[KILLS // 2]:.1f} s: {lost} lost, {repeated} repeated, {wrong} lakes that differ"
    )
    assert (lost, repeated, wrong) == (0, 0, 0)
    assert at_work > KILLS / 2
