import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import UsageError
from transforms.sources.columns import NAMES, check_mapping, layout_of, meaning, unreadable_table


def test_no_name_stands_for_two_fields() -> None:
    names = [name for known in NAMES.values() for name in known]
    assert len(set(names)) == len(names)


def test_names_are_written_as_they_are_compared() -> None:
    assert all(name.isalnum() and name == name.lower() for known in NAMES.values() for name in known)


def test_the_better_name_comes_first() -> None:
    layout = layout_of(("content", "TEXT", "body", "date", "published_at"), {})
    assert layout.candidates["text"] == ("TEXT", "body", "content")
    assert layout.candidates["published"] == ("published_at", "date")


def test_columns_that_differ_only_in_spelling_keep_one_order() -> None:
    assert layout_of(("pub_date", "pubDate"), {}) == layout_of(("pubDate", "pub_date"), {})


def test_a_mapped_column_is_first_for_its_field_and_nothing_else() -> None:
    layout = layout_of(("title", "text", "summary"), {"text": "title"})
    assert layout.candidates["text"] == ("title", "text")
    assert "title" not in layout.candidates


@pytest.mark.parametrize(
    ("columns", "readable"),
    [
        (("id", "title"), True),
        (("description",), True),
        (("content_html",), True),
        (("id", "url", "date"), False),
        ((), False),
    ],
)
def test_a_table_is_readable_by_a_text_or_a_title(columns: tuple[str, ...], readable: bool) -> None:
    assert layout_of(columns, {}).readable == readable


def test_meaning_follows_the_columns() -> None:
    assert meaning(("mood", "headline"), {}) == (("mood", "extra"), ("headline", "title"))


@pytest.mark.parametrize(
    ("field", "nearest"),
    [("txt", "text"), ("titel", "title"), ("author", "authors"), ("lang", "language"), ("x", "text")],
)
def test_a_field_that_does_not_exist_names_the_nearest(field: str, nearest: str) -> None:
    with pytest.raises(
        UsageError, match=f"--map {field}=a.*did you mean '{nearest}'.*canonical_url, title, text, html"
    ):
        check_mapping({field: "a"})


@pytest.mark.parametrize(
    ("columns", "advice"),
    [
        (("id", "bodytxt"), "--map text=bodytxt"),
        (("id", "headlin"), "--map title=headlin"),
        (("q", "w"), "--map text=COLUMN"),
        ((), "--map text=COLUMN"),
    ],
)
def test_an_unreadable_table_is_told_the_nearest_mapping(columns: tuple[str, ...], advice: str) -> None:
    assert str(unreadable_table("a.csv", columns)).endswith(advice)


def test_a_table_of_thousands_of_columns_is_told_in_one_line() -> None:
    message = str(unreadable_table("a.csv", tuple(f"column {n} " + "x" * 500 for n in range(5_000))))
    assert "and 4970 more" in message
    assert len(message) < 2_000


@given(st.lists(st.text(max_size=20), unique=True, max_size=8).map(tuple))
def test_every_column_has_exactly_one_meaning(columns: tuple[str, ...]) -> None:
    layout = layout_of(columns, {})
    claimed = [column for found in layout.candidates.values() for column in found]
    assert len(set(claimed)) == len(claimed)
    assert [column for column, _ in meaning(columns, {})] == list(columns)
