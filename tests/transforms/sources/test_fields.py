from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import Reason
from schemas.records import MAX_TEXT_CHARS, RawArticle
from transforms.sources.fields import RefusedRecord, article_of, raw_digest, scalar


def article(record: Mapping[str, Any], mapping: Mapping[str, str] | None = None, charset: str = "utf-8") -> RawArticle:
    return article_of(record, "a#line=1", "jsonl", mapping or {}, charset)


def test_the_names_of_the_design_are_read() -> None:
    found = article(
        {
            "id": "7",
            "url": "https://example.org/7",
            "title": "Rain",
            "text": "It rained.",
            "published": "2024-11-20",
            "updated": "2024-11-21",
            "authors": ["Jane Doe", "John Roe"],
            "source": "Example",
            "language": "en",
            "categories": ["Weather"],
        }
    )
    assert (found.item_id, found.url, found.title, found.text) == ("7", "https://example.org/7", "Rain", "It rained.")
    assert (found.published, found.published_source, found.updated) == ("2024-11-20", "field", "2024-11-21")
    assert (found.authors, found.source, found.declared_language) == (("Jane Doe", "John Roe"), "Example", "en")
    assert (found.categories, found.text_kind, found.markup, found.extra) == (("Weather",), "full", False, ())


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("body", "text"),
        ("Content", "text"),
        ("article_text", "text"),
        ("headline", "title"),
        ("link", "url"),
        ("pubDate", "published"),
        ("publish_date", "published"),
        ("publishedAt", "published"),
        ("date", "published"),
        ("created_at", "published"),
        ("Last-Modified", "updated"),
        ("outlet", "source"),
        ("site", "source"),
        ("publisher", "source"),
        ("domain", "source"),
        ("lang", "declared_language"),
        ("guid", "item_id"),
        ("canonical_url", "canonical_link"),
    ],
)
def test_common_other_names_are_recognised(column: str, field: str) -> None:
    assert getattr(article({column: "value", "x": "other"}), field) == "value"


@pytest.mark.parametrize("column", ["tags", "keywords", "section", "category"])
def test_other_names_of_categories(column: str) -> None:
    assert article({column: "Sport"}).categories == ("Sport",)


def test_a_summary_stands_in_for_a_missing_text_only() -> None:
    alone = article({"title": "Rain", "description": "Wet."})
    assert (alone.text, alone.text_kind) == ("Wet.", "summary")
    beside = article({"title": "Rain", "description": "Wet.", "text": "It rained."})
    assert (beside.text, beside.text_kind, beside.extra) == ("It rained.", "full", (("description", "Wet."),))


def test_a_record_without_text_is_a_title() -> None:
    found = article({"title": "Rain", "text": "  "})
    assert (found.text, found.text_kind) == (None, "title")


def test_html_columns_are_markup() -> None:
    found = article({"content_html": "<p>Rain</p>"})
    assert (found.text, found.markup) == ("<p>Rain</p>", True)


def test_paragraphs_given_as_a_list_are_joined() -> None:
    assert article({"text": ["One.", "Two."]}).text == "One.\n\nTwo."


def test_a_mapping_wins_over_recognised_names() -> None:
    found = article(
        {"text": "boilerplate", "body_text": "It rained.", "kicker": "Rain"}, {"text": "body_text", "title": "kicker"}
    )
    assert (found.text, found.title) == ("It rained.", "Rain")
    assert found.extra == (("text", "boilerplate"),)


def test_a_record_without_the_mapped_column_falls_back_to_its_names() -> None:
    assert article({"text": "It rained."}, {"text": "body_text"}).text == "It rained."


def test_further_scalars_are_kept_as_strings_and_nested_values_are_not() -> None:
    found = article(
        {"title": "x", "shares": 12, "paid": False, "score": 0.5, "nested": {"a": 1}, "list": [1], "no": None}
    )
    assert found.extra == (("paid", "false"), ("score", "0.5"), ("shares", "12"))


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Jane Doe, John Roe", ("Jane Doe", "John Roe")),
        ("Doe, Jane", ("Doe, Jane",)),
        ("Jane Doe; John Roe", ("Jane Doe", "John Roe")),
        ("Jane Doe | Jane Doe", ("Jane Doe",)),
        ([{"name": "Jane Doe"}, {"label": "John Roe"}, {}, None, ""], ("Jane Doe", "John Roe")),
        ({"name": "Jane Doe"}, ("Jane Doe",)),
        ("", ()),
        (12, ("12",)),
    ],
)
def test_authors_are_parted_where_that_is_sure(value: object, names: tuple[str, ...]) -> None:
    assert article({"title": "x", "author": value}).authors == names


def test_categories_of_all_columns_come_together() -> None:
    found = article(
        {"title": "x", "section": "Arts, Culture & Media", "tags": "film, opera", "keywords": ["film", "stage"]}
    )
    assert found.categories == ("film", "opera", "stage", "Arts, Culture & Media")


def test_a_nested_source_gives_its_name() -> None:
    assert article({"title": "x", "source": {"id": None, "name": "BBC"}}).source == "BBC"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (float("nan"), None),
        (3.0, "3"),
        (0.1, "0.1"),
        (1e300, "1e+300"),
        (True, "true"),
        (Decimal("1.10"), "1.10"),
        (date(2024, 11, 20), "2024-11-20"),
        (datetime(2024, 11, 20, 10, tzinfo=UTC), "2024-11-20T10:00:00+00:00"),
        (b"x", None),
        ([1], None),
    ],
)
def test_scalars_have_one_spelling(value: object, text: str | None) -> None:
    assert scalar(value) == text


def test_another_charset_is_recorded_but_does_not_change_the_digest() -> None:
    latin, unicode = article({"title": "Été"}, charset="cp1252"), article({"title": "Été"})
    assert latin.extra == (("newsfold:charset", "cp1252"),)
    assert latin.raw_sha256 == unicode.raw_sha256


def test_a_text_past_the_limit_is_refused_not_cut() -> None:
    assert article({"text": "x" * MAX_TEXT_CHARS}).text
    with pytest.raises(RefusedRecord) as caught:
        article({"text": "x" * (MAX_TEXT_CHARS + 1)})
    assert caught.value.reason == Reason.TOO_LARGE


@pytest.mark.parametrize("record", [{"text": {"a": 1}}, {"title": ["a", 1]}, {"title": True}, {"text": b"x"}])
def test_a_text_or_title_that_is_none_is_refused(record: Mapping[str, object]) -> None:
    with pytest.raises(RefusedRecord) as caught:
        article(record)
    assert caught.value.reason == Reason.BAD_FIELD


def test_the_digest_is_the_same_for_ever() -> None:
    # Golden: a change makes every stored record new again.
    assert raw_digest() == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert (
        raw_digest(
            item_id="7", title="Rain", text="It rained.", authors=["Jane"], extra=[("a", "b"), ("newsfold:x", "y")]
        )
        == "708ee2306eb4d95bd572e050c7661a53e313ecd7cf15a6ebcbef132aa8988899"
    )


def test_every_field_changes_the_digest() -> None:
    plain = dict.fromkeys(
        (
            "item_id",
            "source",
            "feed",
            "url",
            "canonical_link",
            "title",
            "text",
            "published",
            "updated",
            "declared_language",
        ),
        "x",
    )
    lists: dict[str, Any] = {"authors": ["x"], "categories": ["x"], "extra": [("x", "x")]}
    digests = {raw_digest(**{name: value}) for name, value in {**plain, **lists}.items()}
    assert len(digests) == len(plain) + len(lists)


@given(st.permutations(["id", "title", "text", "source", "a", "b"]))
def test_the_order_of_keys_does_not_matter(keys: list[str]) -> None:
    record = {"id": "1", "title": "Rain", "text": "It rained.", "source": "s", "a": "1", "b": "2"}
    assert article({key: record[key] for key in keys}) == article(record)
