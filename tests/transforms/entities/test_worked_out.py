"""A table that fills itself asks once for each key, and stays as small as it is told."""

from transforms.entities.worked_out import WorkedOut


def test_each_value_is_worked_out_once():
    asked = []
    table = WorkedOut(lambda key: asked.append(key) or len(key))
    assert [table["Oslo"], table["Rome"], table["Oslo"]] == [4, 4, 4]
    assert asked == ["Oslo", "Rome"]


def test_what_is_not_asked_for_is_not_there():
    table = WorkedOut(len)
    assert "Oslo" not in table
    assert table.get("Oslo") is None


def test_beyond_the_most_all_are_forgotten_before_the_next():
    table = WorkedOut(len, 2)
    sizes = [len(table) for key in ("a", "b", "c", "a", "d") if table[key]]
    assert sizes == [1, 2, 3, 3, 1]


def test_without_a_most_nothing_is_forgotten():
    table = WorkedOut(str)
    assert [table[number] for number in range(1000)] == list(map(str, range(1000)))
    assert len(table) == 1000
