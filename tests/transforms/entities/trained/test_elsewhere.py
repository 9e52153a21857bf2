"""What the other places of a word in an article add to its scores."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.entities.trained.decode import LABELS, TYPES
from transforms.entities.trained.elsewhere import add_elsewhere

MOST = 100

_TOKENS = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 3), st.lists(st.integers(-300, 300), min_size=LABELS, max_size=LABELS)),
    max_size=12,
)


def added(tokens):
    scores = np.array([row for _, _, row in tokens], np.int16).reshape(-1, LABELS)
    articles, words = (np.array([token[at] for token in tokens], np.int64) for at in (0, 1))
    after = scores.copy()
    add_elsewhere(after, articles, words, MOST)
    return after - scores


def by_loops(tokens):
    """Return for each token and label what is added, worked out place by place."""
    rows = []
    for at, (article, word, _) in enumerate(tokens):
        others = [row for i, (a, w, row) in enumerate(tokens) if i != at and (a, w) == (article, word)]
        more = [0] * LABELS
        for number, label in product(range(len(TYPES) if others else 0), range(4)):
            leads = [max(row[1 + 4 * number : 5 + 4 * number]) - row[0] for row in others]
            more[1 + 4 * number + label] = sum(min(max(lead, -MOST), MOST) for lead in leads) // (2 * len(others))
        rows.append(more)
    return np.array(rows).reshape(-1, LABELS)


@given(_TOKENS)
def test_half_the_mean_lead_of_the_other_places_is_added(tokens):
    assert (added(tokens) == by_loops(tokens)).all()


@given(_TOKENS)
def test_an_article_gets_the_same_alone(tokens):
    alone = [token for token in tokens if token[0] == 1]
    mine = [at for at, token in enumerate(tokens) if token[0] == 1]
    assert (added(tokens)[mine] == added(alone)).all()


def test_a_bare_surname_becomes_the_person_it_is_elsewhere():
    plain, person, place = (np.zeros(LABELS, np.int16) for _ in range(3))
    person[1], place[8] = 90, 10
    more = added([(1, 7, place.tolist()), (1, 7, person.tolist()), (1, 8, plain.tolist())])
    assert (place + more[0]).argmax() == 1
    assert not more[2].any()
