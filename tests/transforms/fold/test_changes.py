from transforms.fold.changes import joined
from transforms.fold.refold import Families


def folded(family_of, links=()):
    """Return stories all published at one time."""
    return Families(family_of, list(links), dict.fromkeys(family_of, 0))


def test_what_one_way_joins_and_the_other_does_not():
    now = folded({"a": "a", "b": "a", "c": "c", "d": "d", "e": "e"}, [("b", "a", 0.9)])
    then = folded(
        {"a": "a", "b": "a", "c": "a", "d": "d", "e": "d"}, [("b", "a", 0.9), ("c", "a", 0.62), ("e", "d", 0.61)]
    )
    gained = joined(then, now)
    assert [change.parts for change in gained] == [[["a", "b"], ["c"]], [["d"], ["e"]]]
    assert [change.pair for change in gained] == [("c", "a", 0.62), ("e", "d", 0.61)]
    assert joined(now, then) == []
    assert joined(now, now) == []


def test_the_pair_is_the_most_similar_that_joins_two_parts():
    now = folded({"a": "a", "b": "b", "c": "a"}, [("c", "a", 0.99)])
    then = folded(dict.fromkeys("abc", "a"), [("b", "a", 0.6), ("c", "a", 0.99), ("c", "b", 0.66)])
    assert joined(then, now)[0].pair == ("c", "b", 0.66)


def test_families_that_a_link_bridges_count_as_one():
    now = folded({"a": "a", "b": "b", "c": "b"}, [("c", "b", 0.8), ("c", "a", 0.7)])
    assert joined(now, folded({"a": "a", "b": "b", "c": "c"})) != []
    assert joined(folded(dict.fromkeys("abc", "a"), []), now) == []
