"""The unbounded pipeline over scripted streams: whatever comes when, and fails where, it folds as one run would."""

import random
from datetime import timedelta

import pyarrow as pa
import pytest

from pipelines.stream import event_seconds, late_ones
from tests.pipelines.conftest import corpus, rows, sentence
from tests.pipelines.streaming import (
    Script,
    article_ids,
    at,
    drain_stream,
    families,
    run_bounded,
    run_stream,
    told,
)
from tests.pipelines.test_stream_on_prism import PRISM, needs_prism
from transforms.lake import steps
from transforms.lake.layout import open_lake
from transforms.lake.read import scan
from transforms.lake.verify import verify


@pytest.fixture
def script(tmp_path):
    return Script(tmp_path / "in")


def article(name, published, sentences=12, seed=None):
    dice = random.Random(seed or name)
    text = "\n\n".join(" ".join(sentence(dice) for _ in range(3)) for _ in range(sentences // 3))
    title = f"{name.capitalize()} reports from the {dice.choice(['harbour', 'market', 'bridge'])}"
    url = f"https://{name}.example/story"
    return {"id": name, "url": url, "title": title, "text": text, "published": published.isoformat(), "source": name}


def copy(original, name, published):
    return told(original, id=name, url=f"https://{name}.example/story", published=published.isoformat(), source=name)


def runs(lake):
    columns = ["read", "new", "revision", "exact", "near", "excerpt", "expansion", "seen", "rejected", "spills"]
    return [row for batch in scan(open_lake(lake), "runs", columns) for row in batch.to_pylist()]


def assert_as_one_run(tmp_path, script):
    """Compare families and ids with those of one bounded run over the same items."""
    run_bounded(tmp_path / "bounded", script)
    assert families(tmp_path / "lake") == families(tmp_path / "bounded")
    assert article_ids(tmp_path / "lake") == article_ids(tmp_path / "bounded")
    assert verify(open_lake(tmp_path / "lake")) == []
    assert not [path for path in (tmp_path / "lake" / "_stream").rglob("*") if path.is_file()]


def test_one_window_gives_the_very_rows_of_a_bounded_run(tmp_path, script):
    for number, one in enumerate(corpus(24)):
        script.comes(at(1, 12), told(one, published=at(1, number % 12).isoformat()))
    run_stream(tmp_path / "lake", script)
    assert_as_one_run(tmp_path, script)
    for table in ("articles", "duplicates"):
        assert rows(tmp_path / "lake", table) == rows(tmp_path / "bounded", table)
    assert len(rows(tmp_path / "lake", "duplicates")) > 2
    assert len(runs(tmp_path / "lake")) == 1


def test_the_same_story_in_two_windows_is_one_family(tmp_path, script):
    original = article("alpha", at(1, 10))
    script.comes(at(1, 11), original).commits().watermark(at(2))
    script.comes(at(2, 9), copy(original, "beta", at(2, 8)), article("gamma", at(2, 8)))
    run_stream(tmp_path / "lake", script)
    assert families(tmp_path / "lake") == [["alpha", "beta"], ["gamma"]]
    assert len(runs(tmp_path / "lake")) == 2
    assert_as_one_run(tmp_path, script)


def test_an_original_that_comes_after_its_copy_joins_its_family(tmp_path, script):
    original = article("alpha", at(1, 10))
    script.comes(at(2, 9), copy(original, "beta", at(2, 8))).commits().comes(at(2, 10), original)
    run_stream(tmp_path / "lake", script)
    assert_as_one_run(tmp_path, script)
    # The one difference that order makes: who came first stays the canonical one of what is stored.
    assert [row["item_id"] for row in rows(tmp_path / "lake", "articles")] == ["beta"]
    assert [row["item_id"] for row in rows(tmp_path / "bounded", "articles")] == ["alpha"]


def test_late_articles_are_folded_and_committed(tmp_path, script):
    original = article("alpha", at(3, 10))
    script.comes(at(3, 11), original).commits().watermark(at(5))
    script.comes(at(5, 9), copy(original, "beta", at(3, 12)), article("gamma", at(4, 1)), article("delta", at(5, 2)))
    script.commits().comes(at(5, 10), article("very-late", at(3).replace(year=1999)))
    run_stream(tmp_path / "lake", script)
    assert families(tmp_path / "lake") == [["alpha", "beta"], ["delta"], ["gamma"], ["very-late"]]
    assert_as_one_run(tmp_path, script)


def test_what_is_dated_in_the_future_or_not_at_all_comes_when_it_arrives(tmp_path, script):
    undated = {name: value for name, value in article("alpha", at(1)).items() if name != "published"}
    script.comes(at(3, 11), undated, article("beta", at(3, 20)))
    run_stream(tmp_path / "lake", script)
    assert len(runs(tmp_path / "lake")) == 1
    assert_as_one_run(tmp_path, script)


def test_an_article_is_late_when_its_day_was_over_before_it_came():
    published = pa.chunked_array([[at(3, 10), at(5, 0), None, at(4, 23)]])
    assert late_ones(published, at(5, 1).timestamp()) == 2


@pytest.mark.parametrize(
    ("newest", "event"),
    [(at(3), at(3)), (at(9), at(5)), (None, at(5)), (at(3).replace(year=1850), at(5) - timedelta(days=365))],
)
def test_event_time_is_publication_bounded_by_arrival(newest, event):
    assert event_seconds(newest, at(5).timestamp()) == event.timestamp()


@pytest.mark.parametrize("seed", [1, 2])
def test_order_of_arrival_makes_no_families(tmp_path, script, seed):
    articles = [
        told(one, published=at(1 + number // 8, number % 8).isoformat()) for number, one in enumerate(corpus(24))
    ]
    random.Random(seed).shuffle(articles)
    for start in range(0, 24, 6):
        script.comes(at(3 + start // 6, 12), *articles[start : start + 6])
        script.commits()
    run_stream(tmp_path / "lake", script)
    assert_as_one_run(tmp_path, script)


def test_beyond_the_horizon_a_short_text_is_news_again(tmp_path, script):
    bulletin = article("alpha", at(1, 10), sentences=3)
    script.comes(at(1, 11), bulletin).commits().watermark(at(2))
    again = copy(bulletin, "beta", at(1, 10).replace(month=6, day=20))
    soon = copy(bulletin, "gamma", at(8, 10))
    script.comes(at(1, 11).replace(month=6, day=20), again, soon)
    run_stream(tmp_path / "lake", script)
    assert families(tmp_path / "lake") == [["alpha", "gamma"], ["beta"]]
    assert_as_one_run(tmp_path, script)


@needs_prism
def test_what_waits_when_the_stream_is_drained_is_committed(tmp_path, script):
    original = article("alpha", at(1, 10))
    script.comes(at(1, 11), original).watermark(at(2)).comes(at(2, 9), copy(original, "beta", at(1, 12)))
    script.comes(at(2, 9), article("gamma", at(2, 8)))
    drain_stream(tmp_path / "lake", script, "--runner=PrismRunner", f"--prism_location={PRISM}")
    assert families(tmp_path / "lake") == [["alpha", "beta"], ["gamma"]]
    assert_as_one_run(tmp_path, script)


class Failing:
    """Stands in for `steps.reached`, and breaks at the nth time that a step is reached."""

    def __init__(self, step, nth=1):
        self.step, self.nth, self.met = step, nth, 0

    def __call__(self, step):
        self.met += step == self.step
        if step == self.step and self.met == self.nth:
            raise OSError(f"broken at {step}")


@pytest.mark.parametrize(
    ("step", "seen"),
    [
        ("staged", 0),  # before the commit is decided
        ("intent written", 5),  # decided, nothing published
        ("articles committed", 5),  # half published
        ("swept", 5),  # all done but to say so
    ],
)
def test_a_bundle_that_fails_and_comes_again_stores_each_article_once(tmp_path, script, monkeypatch, step, seen):
    original = article("alpha", at(1, 10))
    copies = [copy(original, name, at(1, 11)) for name in ("beta", "gamma")]
    script.comes(at(1, 12), original, *copies, article("delta", at(1, 9)), article("eps", at(1, 9)))
    monkeypatch.setattr(steps, "reached", Failing(step))
    run_stream(tmp_path / "lake", script)
    monkeypatch.setattr(steps, "reached", lambda step: None)
    assert_as_one_run(tmp_path, script)
    ledger = runs(tmp_path / "lake")
    assert sum(row["seen"] for row in ledger) == seen
    assert sum(row["read"] for row in ledger) == 5 + seen
    for table in ("articles", "duplicates"):
        assert rows(tmp_path / "lake", table) == rows(tmp_path / "bounded", table)


def test_a_fault_that_stays_ends_the_pipeline_and_the_next_one_goes_on(tmp_path, script, monkeypatch):
    script.comes(at(1, 12), article("alpha", at(1, 10)))
    monkeypatch.setattr(steps, "reached", Always("staged"))
    with pytest.raises(OSError, match="broken at staged"):
        run_stream(tmp_path / "lake", script)
    monkeypatch.setattr(steps, "reached", lambda step: None)
    assert rows(tmp_path / "lake", "articles") == []


class Always(Failing):
    """Breaks every time."""

    def __call__(self, step):
        if step == self.step:
            raise OSError(f"broken at {step}")
