"""JSON Feed 1.0 and 1.1."""

import json

import pytest

from schemas.reasons import Reason
from transforms.sources.jsonfeed import parse_json_feed


def _feed(*items: object, **more: object) -> bytes:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Harbour Post", "items": list(items), **more}
    return json.dumps(feed).encode()


def test_an_item_is_read_whole() -> None:
    item = {
        "id": "17",
        "url": "/bridge",
        "external_url": "https://other.example/b",
        "title": "Bridge closed",
        "content_html": "<p>Until spring.</p>",
        "content_text": "no",
        "summary": "no",
        "date_published": "2024-11-05T08:00:00Z",
        "date_modified": "2024-11-06T08:00:00Z",
        "authors": [{"name": "Ada"}, {"url": "https://x.example"}, "odd"],
        "tags": ["local", "local", 5, "bridge"],
        "language": "en",
        "attachments": [{"url": "a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 12}, {"url": "javascript:x"}],
    }
    payload = _feed(item, home_page_url="https://example.org/", feed_url="https://example.org/feed.json", language="de")
    document = parse_json_feed(payload, "x")
    (article,) = document.articles
    assert (document.kind, document.title, document.feed) == (
        "jsonfeed",
        "Harbour Post",
        "https://example.org/feed.json",
    )
    assert (article.place, article.item_id, article.url) == (1, "17", "https://example.org/bridge")
    assert (article.text, article.markup, article.text_kind) == ("<p>Until spring.</p>", True, "full")
    assert (article.published, article.published_source) == ("2024-11-05T08:00:00Z", "entry")
    assert (article.updated, article.language) == ("2024-11-06T08:00:00Z", "en")
    assert (article.authors, article.categories) == (("Ada",), ("local", "5", "bridge"))
    assert dict(article.extra)["external_url"] == "https://other.example/b"
    assert json.loads(dict(article.extra)["enclosures"]) == [
        {"length": 12, "type": "audio/mpeg", "url": "https://example.org/a.mp3"}
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"content_text": "a < b"}, ("a < b", False, "full")),
        ({"summary": "short"}, ("short", False, "summary")),
        ({"title": "t"}, (None, False, "title")),
        ({"content_html": 5.0, "content_text": ["x"], "summary": None}, ("5.0", True, "full")),
    ],
)
def test_the_fullest_text_is_taken(body: dict[str, object], expected: tuple[str | None, bool, str]) -> None:
    (article,) = parse_json_feed(_feed({"id": "1", **body}), "x").articles
    assert (article.text, article.markup, article.text_kind) == expected


def test_numbers_as_ids_are_kept_as_written() -> None:
    payload = b'{"version":"https://jsonfeed.org/version/1","items":[{"id":12345678901234567890123,"title":"t"}]}'
    assert parse_json_feed(payload, "x").articles[0].item_id == "12345678901234567890123"


def test_the_author_of_version_1_and_of_the_feed_count() -> None:
    first, second = {"id": "1", "author": {"name": "Ada"}}, {"id": "2"}
    articles = parse_json_feed(_feed(first, second, author={"name": "Desk"}), "x").articles
    assert [article.authors for article in articles] == [("Ada",), ("Desk",)]


def test_an_item_that_is_no_object_costs_only_itself() -> None:
    document = parse_json_feed(_feed({"id": "1", "title": "a"}, "odd", None, {"id": "4", "title": "d"}), "x")
    assert [article.place for article in document.articles] == [1, 4]
    assert [(fault.place, fault.reason) for fault in document.faults] == [
        (2, Reason.NOT_A_RECORD),
        (3, Reason.NOT_A_RECORD),
    ]


def test_an_item_past_a_limit_is_refused_not_cut() -> None:
    document = parse_json_feed(_feed({"id": "1", "title": "x" * 1001}, {"id": "2", "title": "x" * 1000}), "x")
    assert [article.place for article in document.articles] == [2]
    assert [(fault.place, fault.reason) for fault in document.faults] == [(1, Reason.TOO_LARGE)]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"{", Reason.NOT_A_FEED),
        (b'{"error": "not found"}', Reason.NOT_A_FEED),
        (b'{"items": []}', Reason.NOT_A_FEED),
        (b'[{"version": "https://jsonfeed.org/version/1", "items": []}]', Reason.NOT_A_FEED),
        (b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 100_000, Reason.TOO_DEEP),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"{}," * 2000 + b"{}]}", Reason.TOO_LARGE),
    ],
)
def test_what_is_no_feed_is_one_refusal(payload: bytes, reason: Reason) -> None:
    document = parse_json_feed(payload, "x")
    assert document.articles == ()
    assert [(fault.place, fault.reason) for fault in document.faults] == [(None, reason)]


def test_brackets_in_strings_are_no_nesting() -> None:
    assert len(parse_json_feed(_feed({"id": "1", "title": "[" * 500 + '\\"{'}), "x").articles) == 1


def test_secrets_in_the_feed_address_are_not_kept() -> None:
    document = parse_json_feed(_feed({"id": "1", "title": "t"}, feed_url="https://me:canary@example.org/f"), "x")
    assert document.feed is not None
    assert "canary" not in document.feed
