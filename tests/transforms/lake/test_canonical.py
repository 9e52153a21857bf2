"""Which story of a family comes first under each policy."""

import duckdb
import pytest

from schemas.errors import UsageError
from transforms.lake.canonical import canonical_order

# id, source, words, published
STORIES = [
    ("c", "wire", 90, "2024-01-02"),
    ("b", "desk", 50, "2024-01-01"),
    ("a", "desk", 90, None),
    ("d", "it's", 20, "2024-01-01"),
    ("e", None, None, "2024-01-03"),
]


@pytest.mark.parametrize(
    ("policy", "order"),
    [
        ("earliest", "bdcea"),  # of equal times the smaller id; an undated one last
        ("longest", "cabde"),  # of equal lengths the earlier; one of unknown length last
        ("source=wire", "cbdea"),
        ("source=desk, wire", "bacde"),  # all others after those that are named, the earliest first
        ("source=it's,nobody", "dbcea"),
        ("source=desk,,", "badce"),
    ],
)
def test_a_policy_is_an_order(policy: str, order: str) -> None:
    rows = duckdb.connect()
    rows.execute("create table stories (article_id varchar, source varchar, word_count integer, published_at date)")
    rows.executemany("insert into stories values (?, ?, ?, ?)", STORIES)
    found = rows.execute(f"select article_id from stories order by {canonical_order(policy)}").fetchall()
    assert "".join(one for (one,) in found) == order


@pytest.mark.parametrize("policy", ["", "newest", "source", "source=", "source= , ", "Earliest", "sources=a"])
def test_anything_else_is_wrong_usage(policy: str) -> None:
    with pytest.raises(UsageError, match="write earliest, longest, or source=NAME,NAME"):
        canonical_order(policy)
