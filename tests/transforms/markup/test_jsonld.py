"""Article objects in JSON-LD scripts."""

import json

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
