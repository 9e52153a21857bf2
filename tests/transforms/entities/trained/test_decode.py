"""Decoding finds the best labelling that opens and closes every name, as trying all of them does."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.trained.decode import LABELS, best_spans


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
    spans = list(best_spans(scores, range(len(scores))))
    assert total_of(scores, spans) == by_trying_all(scores)[0]


def test_a_token_that_is_left_out_parts_names():
    inside = [-9, 5, 6, 5, 0] + [-9] * 8
    assert list(best_spans([inside] * 4, [3, 4, 6, 7])) == [(3, 5), (6, 8)]
    assert list(best_spans([inside] * 4, [3, 4, 5, 6])) == [(3, 7)]


def test_nothing_gives_nothing():
    assert list(best_spans([], [])) == []
