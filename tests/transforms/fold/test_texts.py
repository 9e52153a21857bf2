"""Stored texts: found by id and time, and as much of them as the budget allows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.transforms.fold.ingested import START, article, ingested
from transforms.fold import texts as module
from transforms.fold.signature import UNDATED
from transforms.fold.texts import StoredText, no_texts, stored_texts
from transforms.lake.layout import open_lake


def micros(at):
    return UNDATED if at is None else (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@pytest.fixture(scope="module")
def articles(words):
    made = [article(number, " ".join(words(number, 60)), title=f"Title {number}") for number in range(6)]
    april, undated = replace(made[4], published_at=START.replace(month=4)), replace(made[5], published_at=None)
    return [*made[:4], april, undated, replace(made[0], article_id=made[0].article_id[::-1], item_key="f" * 32)]


@pytest.fixture(scope="module")
def lake(tmp_path_factory, articles):
    root = tmp_path_factory.mktemp("texts") / "lake"
    ingested(root, articles[:3], articles[3:])
    return open_lake(root)


def asked(lake, *articles):
    ids = np.array([one.article_id for one in articles], "S32")
    return stored_texts(lake)(ids, np.array([micros(one.published_at) for one in articles], dtype=np.int64))


def told(*articles):
    return {one.article_id.encode(): StoredText(one.title, one.text, one.content_hash) for one in articles}


def test_texts_are_those_of_the_tables_articles_and_duplicates_alike(lake, articles):
    assert asked(lake, *articles) == told(*articles)  # the last is a copy


def test_only_what_is_asked_for_is_given_and_what_is_not_there_is_left_out(lake, articles):
    unknown = replace(articles[1], article_id="0" * 32)
    assert asked(lake, articles[1], unknown) == told(articles[1])
    assert asked(lake) == {}


@pytest.mark.parametrize("place", [4, 5])
def test_files_of_other_months_are_not_opened(lake, articles, place, monkeypatch):
    opened = []
    plain = module._read_file

    def noted(file, *others):
        opened.append(file)
        return plain(file, *others)

    monkeypatch.setattr(module, "_read_file", noted)
    assert asked(lake, articles[place]) == told(articles[place])
    assert len(opened) == 1


def test_past_the_budget_nothing_is_read(lake, articles, monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 10)
    assert asked(lake, *articles) == {}


def test_a_budget_is_used_up_group_by_group(tmp_path, articles, monkeypatch):
    rows = pa.table(
        {
            "article_id": [one.article_id for one in articles[:3]],
            "title": [one.title for one in articles[:3]],
            "text": [one.text for one in articles[:3]],
            "content_hash": [one.content_hash for one in articles[:3]],
            "published_at": pa.array([one.published_at for one in articles[:3]], pa.timestamp("us", "UTC")),
        }
    )
    pq.write_table(rows, tmp_path / "a.parquet", row_group_size=1)
    wanted, times = rows.column("article_id"), np.array([micros(one.published_at) for one in articles[:3]])
    with pq.ParquetFile(tmp_path / "a.parquet") as file:
        sizes = [module._text_bytes(file, group) for group in range(3)]
        for budget, count in ((sizes[0] - 1, 0), (sizes[0], 1), (sum(sizes) - 1, 2), (sum(sizes), 3)):
            found = {}
            left = module._read_file(file, pa.array(wanted.to_pylist()), times, budget, found)
            assert found == told(*articles[:count])
            assert left == budget - sum(sizes[:count])


@pytest.mark.parametrize(
    ("hours", "held"), [((-1, -2), False), ((0,), True), ((1,), True), ((2,), True), ((3,), False), ((-1, 3), False)]
)
def test_a_row_group_may_hold_what_lies_between_its_times(tmp_path, articles, hours, held):
    times = pa.array([articles[0].published_at, articles[2].published_at], pa.timestamp("us", "UTC"))
    pq.write_table(pa.table({"published_at": times}), tmp_path / "a.parquet")
    start = micros(articles[0].published_at)
    with pq.ParquetFile(tmp_path / "a.parquet") as file:
        wanted = np.array([start + hour * 3_600_000_000 for hour in hours])
        assert module._may_hold(file, 0, wanted) == held
        assert module._may_hold(file, 0, np.append(wanted, UNDATED))  # whose place is unknown


def test_a_file_without_statistics_may_hold_anything(tmp_path):
    times = pa.array([START], pa.timestamp("us", "UTC"))
    pq.write_table(pa.table({"published_at": times}), tmp_path / "a.parquet", write_statistics=False)
    with pq.ParquetFile(tmp_path / "a.parquet") as file:
        assert module._may_hold(file, 0, np.array([0]))


def test_no_texts_are_none():
    assert no_texts(np.array(["0" * 32], "S32"), np.array([0])) == {}
