"""Simulated days against a server that audits every request."""

from datetime import timedelta

import pytest

from tests.pipelines.simulation import KINDS, Life
from transforms.sources.parser_process import ParserProcess


@pytest.fixture(scope="module")
def parser():
    with ParserProcess() as started:
        yield started


def assert_polite(life):
    counts = life.site.counts
    assert life.site.violations == []
    assert counts["conditional"] >= 0.95 * counts["validator known"]


def lost(life, hours_of_grace):
    """Return the items that were published so long ago that a polite reader has seen them, and that we have not."""
    until = life.clock.seconds - hours_of_grace * 3600
    missing = []
    for number in range(len(life.feeds)):
        if KINDS[number % len(KINDS)] in {"busy", "gone", "lying"}:  # they hide what they have
            continue
        count, _ = life.site.published(number, until)
        missing += [f"{number}-{item}" for item in range(count) if f"{number}-{item}" not in life.items]
    return missing


def test_a_day_without_a_fault(tmp_path, parser, serve):
    life = Life(len(KINDS), tmp_path, parser, serve)
    life.live(days=1.2)
    assert_polite(life)
    assert lost(life, 9) == []
    assert life.site.counts["requests"] > 150


def test_a_day_with_a_kill_in_every_fourth_round_and_a_clock_that_is_set(tmp_path, parser, serve):
    life = Life(len(KINDS), tmp_path, parser, serve)
    steps = [(3, timedelta(days=2)), (6, -timedelta(days=3)), (9, timedelta(0))]
    life.live(days=0.8, killed_at=lambda turn: turn % 4 == 0, steps=steps)
    assert [broken for broken in life.site.violations if broken[0] != "an hour to skip"] == []
    assert lost(life, 9) == []
    assert life.recovered > 20


def test_a_feed_that_drops_items_is_asked_as_often_as_manners_allow(tmp_path, parser, serve):
    life = Life(len(KINDS), tmp_path, parser, serve)
    life.live(days=0.5)
    busy = life.states()[life.feeds[KINDS.index("busy")].key]
    assert busy.interval_seconds <= 1800
    seen = sum(item.startswith(f"{KINDS.index('busy')}-") for item in life.items)
    published, _ = life.site.published(KINDS.index("busy"), life.clock.seconds)
    assert seen > 0.8 * published


@pytest.mark.long
def test_thirty_days_over_200_feeds_with_a_kill_a_day(tmp_path, parser, serve):
    life = Life(200, tmp_path, parser, serve)
    life.live(days=30, killed_at=lambda turn: turn % 48 == 0)
    assert_polite(life)
    assert lost(life, 25) == []
    assert life.recovered > 200
