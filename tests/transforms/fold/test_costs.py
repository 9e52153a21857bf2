"""What folding costs, in comparisons and values, not in seconds: linear for what recurs and for what is long."""

import random

import pytest

from transforms.fold import evidence, pairing
from transforms.fold.fingerprint import BYTES
from transforms.fold.sketch import BINS, HOT_WINDOW

SKETCHED = 60  # words of a form letter: enough for some 50 keys


@pytest.fixture
def compared(monkeypatch):
    """Count pairs that are compared, with texts and with fingerprints, and the values that are merged for it."""
    counts = {"pairs": 0, "stored": 0, "values": 0}

    def measure(signatures, left, right, *options):
        counts["pairs"] += len(left)
        return evidence.measure(signatures, left, right, *options)

    def compare_stored(signatures, rows, records, *options):
        counts["stored"] += len(rows)
        return compare(signatures, rows, records, *options)

    def counted(*asked):
        for first, second in rows(*asked):
            counts["values"] += len(first) + len(second)
            yield first, second

    compare, rows = pairing.compare_stored, evidence._rows
    monkeypatch.setattr(pairing, "measure", measure)
    monkeypatch.setattr(pairing, "compare_stored", compare_stored)
    monkeypatch.setattr(evidence, "_rows", counted)
    return counts


def form_letters(story, words, count, first=0):
    """Return articles of one wording, each with a fact of its own, an hour apart."""
    letter = words(1, SKETCHED)
    return [
        story(f"{number:06}", " ".join([*letter, f"fact{number}"]), day=number / 24)
        for number in range(first, first + count)
    ]


def test_form_letters_cost_a_few_comparisons_each(compared, fold, story, words):
    found = {}
    for count in (400, 800):
        compared.update(pairs=0, stored=0)
        fold(form_letters(story, words, count))
        found[count] = compared["pairs"] / count
    # A key meets the eight before it; a few more are compared with the canonical of a member.
    assert all(each <= 2 * HOT_WINDOW for each in found.values())
    assert found[800] <= 1.1 * found[400]


def test_form_letters_in_the_memory_cost_a_few_comparisons_each(compared, fold, story, words):
    found = {}
    for stored in (400, 800):
        compared.update(pairs=0, stored=0)
        fold(form_letters(story, words, stored), form_letters(story, words, 50, first=stored))
        found[stored] = compared["stored"] / 50
    assert found[400] > 1, found
    assert found[800] <= 1.2 * found[400] <= 2 * HOT_WINDOW, found


def test_pairs_are_measured_a_block_at_a_time_and_come_to_the_same(monkeypatch, fold, story, words):
    slices = form_letters(story, words, 60), form_letters(story, words, 40, first=60)
    whole, compare, sizes = fold(*slices), pairing.compare_stored, []

    def counting(signatures, rows, records, *options):
        sizes.append(len(rows))
        return compare(signatures, rows, records, *options)

    monkeypatch.setattr(pairing, "_BLOCK", 7)
    monkeypatch.setattr(pairing, "compare_stored", counting)
    parts = fold(*slices)
    assert parts.outcomes == whole.outcomes
    assert parts.decisions == whole.decisions
    assert max(sizes) == 7
    assert sum(sizes) > 100


@pytest.mark.long  # 50,000 signatures and 400,000 comparisons: 20 s
def test_fifty_thousand_form_letters_cost_a_few_comparisons_each(compared, fold, story, words):
    fold(form_letters(story, words, 50_000))
    assert compared["pairs"] <= 2 * HOT_WINDOW * 50_000


def test_an_article_of_a_million_letters_costs_as_much_as_its_length(compared, fold, story):
    found = {}
    for letters in (100_000, 1_000_000):
        dice = random.Random(letters)
        text = " ".join(f"{dice.getrandbits(28):07x}" for _ in range(letters // 8))
        compared.update(pairs=0, values=0)
        folded = fold(
            [story("a", text), story("b", text[: int(0.9 * letters)], day=1), story("c", "Other news. " * 40)]
        )
        assert folded.outcomes == {"a": "new", "b": "near", "c": "new"}
        assert compared["pairs"] == 1
        found[letters] = compared["values"]
        (segment,) = folded.memory.segments
        assert len(segment.keys.values) <= 3 * BINS
        assert segment.rows.fingerprint.nbytes == 3 * BYTES <= 3 * 512
    assert found[1_000_000] <= 10.1 * found[100_000]
