"""Simulated days against a server that audits every request: the watch as it is, in time that passes by itself."""

import random
from datetime import timedelta

import pytest

from tests.pipelines.simulation import HOUR, KINDS, Life, by_wall
from transforms.lake.layout import open_lake
from transforms.lake.verify import verify


def assert_polite(life):
    counts = life.site.counts
    assert life.site.violations == []
    assert counts["conditional"] >= 0.95 * counts["validator known"]


def assert_whole(life):
    assert life.lost(by_wall) == []
    assert [item for item, times in life.stored().items() if times > 1] == []
    assert verify(open_lake(life.lake)) == []


def test_a_day_with_kills(tmp_path, serve, monkeypatch):
    life = Life(len(KINDS), tmp_path, serve, monkeypatch, round_seconds=3600.0)
    life.live(days=1.25, kills=[hour * HOUR for hour in range(1, 30, 2)])
    assert_polite(life)
    assert_whole(life)
    assert life.starts == 16
    assert life.site.counts["requests"] > 100


def test_a_clock_that_is_set_neither_hastens_nor_stalls_anything(tmp_path, serve, monkeypatch):
    life = Life(len(KINDS), tmp_path, serve, monkeypatch, round_seconds=1800.0)
    life.live(days=0.5, steps=[(3, timedelta(days=2)), (6, -timedelta(days=3)), (9, timedelta(0))])
    # Which hours are to be skipped the wall clock alone tells.
    assert [broken for broken in life.site.violations if broken[0] != "an hour to skip"] == []
    assert life.lost(lambda state: state.uptime if state.answered_at == state.polled_at else 0.0) == []


def test_a_feed_that_drops_items_is_asked_as_often_as_manners_allow(tmp_path, serve, monkeypatch):
    life = Life(4, tmp_path, serve, monkeypatch)
    life.live(days=0.4)
    busy = KINDS.index("busy")
    (state,) = (state for key, state in life.states().items() if key.endswith(f"/{busy}"))
    assert state.interval_seconds <= 2700
    seen = sum(item.startswith(f"{busy}-") for item in life.stored())
    published, _ = life.site.published(busy, life.time.seconds)
    assert seen > 0.8 * published


@pytest.mark.long
def test_thirty_days_over_200_feeds_with_300_kills(tmp_path, serve, monkeypatch):
    life = Life(200, tmp_path, serve, monkeypatch, round_seconds=3600.0)
    dice = random.Random(5)
    life.live(days=30, kills=[dice.uniform(0, 29.9 * 24 * HOUR) for _ in range(300)])
    print(  # noqa: T201  the figures of docs/operations.md
        f"\n{life.site.counts}, {life.starts - 1} kills at {dict(life.killer.places)}, "
        f"{len(life.stored())} items, {len(life.lost(by_wall))} lost, {len(life.site.violations)} violations"
    )
    assert_polite(life)
    assert_whole(life)
    assert life.starts == 301
