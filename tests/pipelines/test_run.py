"""An ingest as a run: what it is recognised by, what it is told, and what its ledger says it did."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.options import IngestOptions
from pipelines.run import check_names, counts_since, graph_of, ingest, limits_of, summary_of
from schemas.errors import UsageError
from tests.transforms.lake.small_lakes import ingest as ingest_stories
from transforms.lake.layout import create_or_open
from transforms.lake.ledger import run_id_of
from transforms.sources.find import find

HERE = PipelineOptions([])


@pytest.fixture
def lake(tmp_path):
    return create_or_open(tmp_path / "lake")


@pytest.fixture
def news(tmp_path):
    path = tmp_path / "news.jsonl"
    path.write_text('{"id": "1", "title": "A title", "text": "Some text"}\n', "utf-8")
    return path


def options(tmp_path, *inputs, **given):
    return IngestOptions(inputs=tuple(map(str, inputs)), lake=str(tmp_path / "lake"), **given)


def graph(lake, given, command="ingest"):
    return graph_of(lake, given, list(find(given.inputs)), command)


@pytest.mark.parametrize("words", [[], ["--runner=FlinkRunner"]])
def test_without_a_file_there_is_no_lake(tmp_path, words):
    with pytest.raises(UsageError, match=": no file to read there; name files, or a folder that holds some"):
        ingest(options(tmp_path, tmp_path), PipelineOptions(words), lambda *_told: None)
    assert not (tmp_path / "lake").exists()


def test_what_is_wrong_with_an_input_is_told_before_there_is_a_lake(tmp_path):
    (tmp_path / "a.csv").write_text("one,two\n1,2\n")
    with pytest.raises(UsageError):
        ingest(options(tmp_path, tmp_path / "a.csv"), HERE, lambda *_told: None)
    assert not (tmp_path / "lake").exists()


def test_feeds_are_polled_by_this_machine_alone(tmp_path, news):
    listed = tmp_path / "feeds.txt"
    listed.write_text("https://feed.example/rss\n")
    told = options(tmp_path, news, feeds=str(listed), contact="tests@example.org")
    with pytest.raises(UsageError, match="this machine polls; leave --runner out"):
        ingest(told, PipelineOptions(["--runner=FlinkRunner"]), lambda *_told: None)


@pytest.mark.parametrize("given", [{"language_detector": "none"}, {"entities": "none"}])
def test_a_detector_or_tagger_that_there_is_none_of_is_wrong_usage(tmp_path, given):
    check_names(options(tmp_path))
    with pytest.raises(UsageError):
        check_names(options(tmp_path, **given))


@pytest.mark.parametrize(
    ("slice_records", "chunk_records"),
    [(1, 1), (3, 1), (8, 2), (3999, 999), (4000, 1000), (10_000, 1000), (100_000, 1000)],
)
def test_a_small_slice_is_cut_into_four_chunks_and_a_large_one_into_usual_ones(tmp_path, slice_records, chunk_records):
    limits = limits_of(options(tmp_path, slice_records=slice_records))
    assert (limits.slice_records, limits.chunk_records) == (slice_records, chunk_records)


def digest(lake, given, command="ingest"):
    return graph(lake, given, command).run.plan_digest


def test_a_run_is_recognised_by_its_files_and_by_what_decides_its_rows(tmp_path, lake, news):
    plain = options(tmp_path, news)
    same = [plain, replace(plain, workers=3), replace(plain, max_reject_share=1.0)]
    assert len({digest(lake, one) for one in same}) == 1
    others = [replace(plain, slice_records=7), replace(plain, entities="accurate"), replace(plain, horizon_days=3)]
    known = {digest(lake, plain), digest(lake, plain, "replay"), *(digest(lake, one) for one in others)}
    assert len(known) == 5
    os.utime(news, ns=(0, 0))  # a file that was written since is another
    assert digest(lake, plain) not in known


def test_a_new_run_is_named_by_its_first_commit_and_told_what_it_reads(tmp_path, lake, news):
    ingest_stories(lake, range(3))
    told = graph(lake, options(tmp_path, news, mapping={"text": "body"}, horizon_days=7))
    assert told.run.run_id == run_id_of(2)
    assert (told.run.slice_number, told.run.last_slice) == (None, False)
    assert (told.run.inputs, told.run.input_files, told.run.input_bytes) == ((str(news),), 1, news.stat().st_size)
    assert (told.lake, told.staging, told.mapping) == (lake.name, str(lake.staging), (("text", "body"),))
    assert (told.fold.horizon_days, told.fold.repost_horizon_days) == (7, 365)
    assert told.now_us == int(told.run.started_at.timestamp() * 1_000_000)


def test_a_run_that_was_killed_goes_on_from_its_last_slice(tmp_path, lake, news):
    plain = options(tmp_path, news)
    begun = graph(lake, plain)
    ingest_stories(lake, range(3), plan_digest=begun.run.plan_digest, slice_number=4, last_slice=False)
    again = graph(lake, plain)
    assert (again.run.run_id, again.run.slice_number) == (begun.run.run_id, 4)
    ingest_stories(lake, range(3, 6), plan_digest=begun.run.plan_digest, run_id=again.run.run_id, slice_number=5)
    assert graph(lake, plain).run.run_id == run_id_of(3)  # it was finished


def test_no_secret_of_an_address_is_told_to_the_ledger(tmp_path, lake):
    given = options(tmp_path, feeds="https://feed.example/rss?token=CANARY", contact="tests@example.org")
    assert "CANARY" not in repr(graph_of(lake, given, [], "ingest").run.inputs)


def test_a_summary_counts_the_commits_of_its_run_alone(lake):
    ingest_stories(lake, range(12))
    for numbers in (range(12, 24), range(12, 24)):
        ingest_stories(lake, numbers, run_id="00000002")
    done = counts_since(lake, 0, "00000002")
    assert (done.commits, done.last, done.forgotten) == (2, 3, 0)
    assert done.counts["read"] == 24
    assert counts_since(lake, 2, "00000002").commits == 1
    assert counts_since(lake, 3, "00000002").last == 0
    told = summary_of(lake, "00000002", 1.23456)
    assert (told.commits, told.seconds, told.counts) == (2, 1.235, done.counts)
    assert told.rejected_by_reason == {"broken_record": 1}  # the second time it was known
    assert told.polls == {}


def test_polls_are_counted_where_feeds_are_listed(lake):
    ingest_stories(lake, range(3))
    assert summary_of(lake, "00000001", 1.0, listed=4).polls["listed"] == 4
    assert summary_of(lake, "00000001", 1.0, listed=4).polls["asked"] == 1
    assert Path(summary_of(lake, "00000001", 1.0).lake) == lake.root
