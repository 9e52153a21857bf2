import numpy as np

from transforms.fold import differences
from transforms.fold.explain import Told, explain
from transforms.fold.settings import FoldSettings
from transforms.fold.signature import sign

DAY = 86_400_000_000
NOTHING = np.empty(0, np.uint64)


def told(text, title="A title", day=0):
    return Told(title, text, day * DAY, f"1:{len(title) + 7 * len(text):08x}00000000")


def test_a_copy_is_explained_by_its_similarity(words):
    text = words(1, 200)
    found = explain(told(" ".join(text)), told(" ".join([*text, "and", "more"]), day=1), FoldSettings(), NOTHING)
    assert (found.relation, found.met_as_candidates, found.guard) == ("near", True, [])
    assert found.evidence["jaccard"] > 0.95
    assert found.evidence["days"] == 1
    assert found.differences == ["and", "more"]


def test_a_look_alike_is_explained_by_what_the_guard_saw():
    notice = (
        "The index of the exchange closed at {} points, {} percent below the day before, on {} trades in all sectors."
    )
    found = explain(told(notice.format(810, 3, 92)), told(notice.format(799, 1, 45), day=5), FoldSettings(), NOTHING)
    assert "other numbers in a short text" in found.guard
    assert "days between short texts" in found.guard
    assert found.relation in {"lookalike", "none"}


def test_known_furniture_is_left_out_and_counted(words):
    text, line = " ".join(words(1, 120)), " ".join(words(2, 40))
    hashes = sign([""], [line], np.zeros(1, dtype=np.int64)).line_hashes.values
    found = explain(told(text), told(f"{text}\n{line}", day=1), FoldSettings(), hashes)
    assert found.furniture == (0, 1)
    assert found.evidence["jaccard"] == 1


def test_what_has_few_words_meets_by_its_title():
    found = explain(told("Four words of text"), told("Quite another text"), FoldSettings(), NOTHING)
    assert (found.shared_keys, found.met_as_candidates) == (0, True)


def test_strangers_did_not_meet(words):
    found = explain(told(" ".join(words(1, 200))), told(" ".join(words(2, 200))), FoldSettings(), NOTHING)
    assert (found.relation, found.shared_keys, found.met_as_candidates) == ("none", 0, False)
    assert len(found.differences) == 10


def differing_words(text, other, **limit):
    return differences.differing_words(differences.words_of(text), differences.words_of(other), **limit)


def test_differing_words_are_bare_ordered_and_few():
    assert differing_words("Rain fell. On 12 roofs", "rain fell on 13 roofs!") == ["12", "13"]
    assert differing_words("same words", "same  words") == []
    assert differing_words("one two", "one (two)") == []
    assert differing_words("a b c d", "", limit=2) == ["a", "b"]
    assert differing_words("政府表示，明年开始。", "政府表示，今年开始。") == [
        "政府表示，明年开始",
        "政府表示，今年开始",
    ]
