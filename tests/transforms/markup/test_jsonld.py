"""Article objects in JSON-LD scripts."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.markup.jsonld import LinkedArticle, read_linked_article


def _read(*objects: object) -> LinkedArticle:
    return read_linked_article([json.dumps(one) for one in objects])


@pytest.mark.parametrize(
    "kind", ["NewsArticle", "Article", ["Thing", "ReportageNewsArticle"], "OpinionNewsArticle", "BlogPosting"]
)
def test_all_kinds_of_article_are_known(kind: object) -> None:
    assert _read({"@type": kind, "headline": "h"}).headline == "h"


@pytest.mark.parametrize("kind", ["WebPage", "Organization", None, 5, []])
def test_other_objects_are_no_article(kind: object) -> None:
    assert _read({"@type": kind, "headline": "h"}) == LinkedArticle()


def test_the_most_particular_article_with_a_headline_is_taken() -> None:
    found = _read(
        {"@type": "Article", "headline": "general"},
        [{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "news"}}],
        {"@type": "NewsArticle"},
    )
    assert found.headline == "news"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ada", ("Ada",)),
        ({"name": "Ada"}, ("Ada",)),
        ([{"name": "Ada"}, {"name": ["Ben", "Cy"]}, "Ada"], ("Ada", "Ben", "Cy")),
        ({"name": "https://example.org/ada"}, ()),
        ([None, {"name": None}], ()),
        (None, ()),
    ],
)
def test_authors_come_in_many_shapes(author: object, names: tuple[str, ...]) -> None:
    assert _read({"@type": "Article", "headline": "h", "author": author}).authors == names


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ({"@id": "https://example.org/a"}, "https://example.org/a"),
        (True, None),
        ("/relative", None),
    ],
)
def test_the_address_is_absolute_or_none(page: object, address: str | None) -> None:
    assert _read({"@type": "Article", "headline": "h", "mainEntityOfPage": page}).url == address


@pytest.mark.parametrize("wrapping", ["<!--{}-->", "//<![CDATA[{}//]]>", " \n{};", "{}"])
def test_wrappings_of_scripts_are_taken_off(wrapping: str) -> None:
    script = wrapping.replace("{}", json.dumps({"@type": "Article", "headline": "a\tb"}))
    assert read_linked_article([script]).headline == "a\tb"


def test_raw_line_breaks_in_strings_are_read() -> None:
    assert read_linked_article(['{"@type": "Article", "headline": "a", "articleBody": "b\nc"}']).body == "b\nc"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["@type", "author", "name", "url", "keywords", "@graph", "datePublished"]), inner
        )
    ),
    max_leaves=10,
)


@given(_JSON)
def test_any_json_gives_an_article_or_none(value: object) -> None:
    assert isinstance(_read(value, {"@type": "Article", "headline": "h", "author": value}), LinkedArticle)


@pytest.mark.parametrize(
    ("node", "field", "expected"),
    [
        ({"headline": ["First", "Second"]}, "headline", "First"),
        ({"name": "Named"}, "headline", "Named"),
        ({"headline": "AT&amp;T"}, "headline", "AT&T"),
        ({"headline": 7}, "headline", "7"),
        ({"datePublished": "2024-11-05"}, "published", "2024-11-05"),
        ({"dateCreated": "2024-11-04"}, "published", "2024-11-04"),
        ({"datePublished": "2024-11-05", "dateCreated": "2024-11-04"}, "published", "2024-11-05"),
        ({"datePublished": "  "}, "published", None),
        ({"dateModified": "2024-11-06"}, "updated", "2024-11-06"),
        ({"inLanguage": "sv-SE"}, "language", "sv-SE"),
        ({"publisher": {"name": "Alder Post"}}, "publisher", "Alder Post"),
        ({"publisher": "Alder Post"}, "publisher", "Alder Post"),
        ({"publisher": {"url": "https://a.example"}}, "publisher", None),
        ({"articleSection": "Local", "keywords": "ferry, lake"}, "categories", ("Local", "ferry", "lake")),
        ({"articleSection": ["Local", "Local"]}, "categories", ("Local",)),
        ({"keywords": {"a": 1}}, "categories", ()),
        ({"articleBody": " Text. "}, "body", "Text."),
        ({}, "authors", ()),
    ],
)
def test_fields_are_read_in_the_shapes_that_sites_give_them(
    node: dict[str, object], field: str, expected: object
) -> None:
    script = json.dumps({"@type": "NewsArticle", **node})
    assert getattr(read_linked_article([script]), field) == expected


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda node: [node],
        lambda node: {"@graph": [{"@type": "WebSite"}, node]},
        lambda node: {"@type": "WebPage", "mainEntity": node},
        lambda node: [[{"deep": [node]}]],
    ],
)
def test_the_article_is_found_wherever_it_stands(wrapped: Callable[[object], object]) -> None:
    node = {"@type": "NewsArticle", "headline": "Ferry"}
    assert read_linked_article([json.dumps(wrapped(node))]).headline == "Ferry"


def test_of_several_scripts_the_broken_ones_cost_nothing() -> None:
    good = json.dumps({"@type": "Article", "headline": "Ferry"})
    assert read_linked_article(["{", "", "[" * 20_000, "null", good]).headline == "Ferry"
    assert read_linked_article([]) == read_linked_article(["{"])
