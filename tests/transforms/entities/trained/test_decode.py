"""Decoding finds the best labelling that opens and closes every name, as trying all of them does."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.trained.decode import LABELS, best_spans


def decode(scores, tokens):
    return best_spans(np.array(scores).reshape(-1, LABELS), np.array(tokens, np.intp))


def follows(before, after):
    """Tell whether a label may come after another: first and inner need inner or last of their type."""
    opened = before % 4 in {1, 2} and before > 0
    if opened:
        return after > 0 and (after - 1) // 4 == (before - 1) // 4 and (after - 1) % 4 in {1, 2}
    return after == 0 or (after - 1) % 4 in {0, 3}


def by_trying_all(scores):
    best, found = float("-inf"), ()
    for labels in product(range(LABELS), repeat=len(scores)):
        if all(follows(a, b) for a, b in zip((0, *labels), (*labels, 0), strict=True)):
            total = sum(row[label] for row, label in zip(scores, labels, strict=True))
            if total > best:
                best, found = total, labels
    return best, found


def total_of(scores, spans):
    """Return the best score of any types for these spans."""
    total = sum(row[0] for row in scores)
    for first, after in spans:
        total -= sum(row[0] for row in scores[first:after])
        ways = []
        for base in (1, 5, 9):
            if after - first == 1:
                ways.append(scores[first][base + 3])
            else:
                inner = sum(row[base + 1] for row in scores[first + 1 : after - 1])
                ways.append(scores[first][base] + inner + scores[after - 1][base + 2])
        total += max(ways)
    return total


row = st.lists(st.integers(-50, 50), min_size=LABELS, max_size=LABELS)


@given(st.lists(row, min_size=1, max_size=3))
def test_no_labelling_is_better(scores):
    assert total_of(scores, decode(scores, range(len(scores)))) == by_trying_all(scores)[0]


def one_by_one(scores):
    """Return the names of a stretch: of equal ways no name, then by type a longer name before one of a single token."""
    best = [(0, ())]  # up to each token, with no name open after it
    running = [(float("-inf"), 0)] * 3
    for at, row in enumerate(scores):
        closed, spans = best[-1]
        ways = [(closed + row[0], spans)]
        for kind, (score, began) in enumerate(running):
            first, inner, last, only = row[1 + 4 * kind : 5 + 4 * kind]
            ways += [(score + last, (*best[began][1], (began, at + 1))), (closed + only, (*spans, (at, at + 1)))]
            running[kind] = (closed + first, at) if closed + first >= score + inner else (score + inner, began)
        best.append(max(ways, key=lambda way: way[0]))
    return list(best[-1][1])


@given(st.lists(st.lists(row, min_size=1, max_size=6), max_size=6))
def test_stretches_decoded_together_are_those_decoded_one_by_one(stretches):
    expected, tokens, first = [], [], 0
    for number, stretch in enumerate(stretches):
        expected += [(first + begin, first + after) for begin, after in one_by_one(stretch)]
        tokens += range(10 * number, 10 * number + len(stretch))
        first += len(stretch)
    assert decode([row for stretch in stretches for row in stretch], tokens) == expected


def test_a_token_that_is_left_out_parts_names():
    inside = [-9, 5, 6, 5, 0] + [-9] * 8
    assert decode([inside] * 4, [3, 4, 6, 7]) == [(0, 2), (2, 4)]
    assert decode([inside] * 4, [3, 4, 5, 6]) == [(0, 4)]


def test_nothing_gives_nothing():
    assert decode([], []) == []
