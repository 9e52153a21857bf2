from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.fold.compare import Evidence, Relation, join_evidence, judge
from transforms.fold.evidence import measure
from transforms.fold.settings import FoldSettings, Thresholds
from transforms.fold.signature import UNDATED, sign

SETTINGS = FoldSettings()
LONG = {
    "words": 400.0,
    "length_ratio": 1.0,
    "jaccard": 0.0,
    "containment": 0.0,
    "bag": 0.0,
    "opening": 0.0,
    "title": 0.0,
    "numbers": 0.0,
    "numbers_replaced": 0.0,
    "names": 0.0,
    "names_replaced": 0.0,
    "days": 0.0,
    "same_text": False,
    "same_content": False,
    "same_title": False,
    "title_only": False,
}


def relation(with_time=True, settings=SETTINGS, **measured):
    evidence = Evidence(**{name: np.array([value]) for name, value in (LONG | measured).items()})
    return Relation(int(judge(evidence, settings, with_time)[0]))


NEAR = {"jaccard": 0.7, "containment": 0.8, "bag": 0.9}
EDITED = {"jaccard": 0.4, "containment": 0.5, "bag": 0.82, "opening": 0.65}
SHORT = {"words": 80.0, "jaccard": 0.9, "containment": 0.97, "bag": 0.98}


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        ({}, Relation.NONE),
        (NEAR, Relation.NEAR),
        (NEAR | {"jaccard": 0.69}, Relation.NONE),
        ({"jaccard": 0.4, "containment": 0.94, "bag": 0.95, "length_ratio": 0.4}, Relation.EXCERPT),
        ({"jaccard": 0.39, "containment": 0.99, "bag": 0.99, "length_ratio": 0.4}, Relation.NONE),
        (EDITED, Relation.NEAR),
        (EDITED | {"opening": 0.6}, Relation.NONE),
        (EDITED | {"opening": 0.0, "title": 0.6}, Relation.NEAR),
        (EDITED | {"length_ratio": 0.5}, Relation.NONE),
        (EDITED | {"words": 142.0}, Relation.NONE),
        (EDITED | {"words": 142.0, "jaccard": 0.46}, Relation.NEAR),
        (EDITED | {"words": 142.0, "title": 0.95}, Relation.NEAR),
        ({"words": 50.0, "containment": 0.95, "bag": 1.0, "title": 0.7, "jaccard": 0.2}, Relation.EXCERPT),
        (NEAR | {"same_content": True, "same_text": True, "jaccard": 1.0}, Relation.EXACT),
        ({"jaccard": 0.9, "containment": 0.99, "same_text": True, "bag": 1.0}, Relation.NEAR),
    ],
)
def test_rules_accept_what_they_say(measured, expected):
    assert relation(**measured) == expected


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        (SHORT, Relation.NEAR),
        (SHORT | {"days": 3.1, "containment": 0.96}, Relation.LOOKALIKE),
        (SHORT | {"days": 3.1}, Relation.NEAR),
        (SHORT | {"days": 7.1, "jaccard": 1.0, "containment": 1.0, "same_content": True}, Relation.LOOKALIKE),
        (SHORT | {"numbers": 10.0, "numbers_replaced": 2.0}, Relation.LOOKALIKE),
        (SHORT | {"numbers": 12.0, "numbers_replaced": 2.0}, Relation.NEAR),
        (SHORT | {"names": 7.0, "names_replaced": 2.0}, Relation.LOOKALIKE),
        (SHORT | {"words": 39.0, "jaccard": 0.79, "bag": 0.94}, Relation.LOOKALIKE),
        (NEAR | {"numbers": 10.0, "numbers_replaced": 9.0}, Relation.NEAR),
        (EDITED | {"days": 4.1}, Relation.LOOKALIKE),
        (EDITED | {"numbers": 10.0, "numbers_replaced": 6.0}, Relation.LOOKALIKE),
        (EDITED | {"numbers": 10.0, "numbers_replaced": 3.0}, Relation.NEAR),
    ],
)
def test_the_guard_parts_templates_with_other_facts(measured, expected):
    assert relation(**measured) == expected


@pytest.mark.parametrize(
    ("days", "words", "expected"),
    [
        (29, 400, Relation.NEAR),
        (31, 400, Relation.NEAR),
        (366, 400, Relation.NONE),
        (np.nan, 400, Relation.NEAR),
        (np.nan, 80, Relation.NEAR),
        (31, 80, Relation.NONE),
    ],
)
def test_horizons_are_in_event_time(days, words, expected):
    assert relation(**(NEAR | {"days": float(days), "words": float(words), "containment": 0.98})) == expected


def test_horizons_can_be_set():
    settings = FoldSettings(horizon_days=1, repost_horizon_days=2)
    assert relation(settings=settings, **NEAR, days=1.5) == Relation.NEAR
    assert relation(settings=settings, **NEAR, days=2.5) == Relation.NONE
    with pytest.raises(ValueError, match="horizon_days=3"):
        FoldSettings(horizon_days=3, repost_horizon_days=2)


def test_versions_of_an_item_are_held_together_without_time():
    assert relation(with_time=False, **NEAR, days=5_000.0) == Relation.NEAR
    assert relation(with_time=False, **SHORT, days=5_000.0) == Relation.NEAR


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        ({"same_title": True, "days": 3.0}, Relation.EXCERPT),
        ({"same_title": True, "days": np.nan}, Relation.EXCERPT),
        ({"same_title": True, "days": 5.0}, Relation.NONE),
        ({"same_title": False, "jaccard": 0.9, "containment": 1.0}, Relation.NONE),
        ({"same_title": True, "same_content": True, "jaccard": 1.0}, Relation.EXACT),
    ],
)
def test_an_item_without_text_goes_by_its_title(measured, expected):
    assert relation(title_only=True, words=6.0, **measured) == expected


SENTENCES = st.lists(
    st.sampled_from("The mayor of Lund opened 12 schools 1999 today while Anna sang and rain fell on 7 roofs".split()),
    max_size=60,
)


@given(SENTENCES, SENTENCES, SENTENCES, st.integers(0, 20))
def test_the_decision_is_symmetric(first, second, title, days):
    signatures = sign(
        [" ".join(title), " ".join(title[3:])],
        [" ".join(first), " ".join(first[: len(second)] + second)],
        np.array([0, days * 86_400_000_000]),
    )
    there = measure(signatures, np.array([0]), np.array([1]), Thresholds(), whole=True)
    back = measure(signatures, np.array([1]), np.array([0]), Thresholds(), whole=True)
    for field in fields(Evidence):
        assert getattr(there, field.name).tolist() == getattr(back, field.name).tolist(), field.name
    assert judge(there, SETTINGS) == judge(back, SETTINGS)


def test_evidence_of_two_texts_is_what_one_counts_by_hand():
    signatures = sign(
        ["Storm hits Hull", "Storm hits Leeds"],
        ["A storm hit Hull and 20 homes lost power", "A storm hit Leeds and 30 homes lost power"],
        np.array([0, UNDATED]),
    )
    found = measure(signatures, np.array([0]), np.array([1]), Thresholds(), whole=True)
    # The texts are tiny, so each has its title in front: 12 tokens, 10 windows, 2 of them in common.
    assert found.words[0] == 12
    assert found.bag[0] == 9 / 12
    assert (found.numbers[0], found.numbers_replaced[0]) == (1, 1)
    assert (found.names[0], found.names_replaced[0]) == (4, 2)
    assert found.title[0] == 2 / 4
    assert np.isnan(found.days[0])
    assert found.containment[0] == found.jaccard[0] * (20 - found.jaccard[0] * 20 / (1 + found.jaccard[0])) / 10


def test_leaving_tokens_out_changes_no_relation(words):
    texts = [" ".join(words(1, cut) + words(seed, 300 - cut)) for seed in (2, 3) for cut in (20, 100, 200, 270, 295)]
    signatures = sign([""] * 10, texts, np.zeros(10, dtype=np.int64))
    left, right = (side.ravel() for side in np.meshgrid(np.arange(10), np.arange(10)))
    whole, quick = (
        measure(signatures, left, right, Thresholds(), whole=True),
        measure(signatures, left, right, Thresholds()),
    )
    assert judge(whole, SETTINGS).tolist() == judge(quick, SETTINGS).tolist()


def test_parts_of_evidence_join_in_order():
    one = Evidence(**{name: np.array([value]) for name, value in LONG.items()})
    both = join_evidence([one, replace(one, jaccard=np.array([0.5]))])
    assert both.jaccard.tolist() == [0, 0.5]
    assert both.take(np.array([1, 0])).jaccard.tolist() == [0.5, 0]
