"""Addresses in feeds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.sources.feed_links import absolute_link
from transforms.sources.redaction import redacted


@pytest.mark.parametrize(
    ("link", "bases", "expected"),
    [
        ("https://example.org/a?b=1#c", (), "https://example.org/a?b=1#c"),
        (" https://example.org/a\n b ", (), "https://example.org/ab"),
        ("/a", ("https://example.org/feed",), "https://example.org/a"),
        ("a", (None, "not a base", "https://example.org/x/feed"), "https://example.org/x/a"),
        ("//example.org/a", ("https://other.example/",), "https://example.org/a"),
        ("https://user:word@example.org/a", (), "https://example.org/a"),
        ("javascript:alert(1)", ("https://example.org/",), None),
        ("data:text/html,x", ("https://example.org/",), None),
        ("file:///etc/passwd", ("https://example.org/",), None),
        ("/a", ("file:///x/feed.xml",), None),
        ("http://[::1", ("https://example.org/",), None),
        ("http://", (), None),
        ("", ("https://example.org/",), None),
        (None, ("https://example.org/",), None),
        ("tag:example.org,2024:1", ("https://example.org/",), None),
    ],
)
def test_only_web_addresses_survive(link: str | None, bases: tuple[str | None, ...], expected: str | None) -> None:
    assert absolute_link(link, *bases) == expected


@pytest.mark.parametrize(
    "address",
    [
        "https://reader:canary@example.org/feed",
        "https://example.org/feed?token=canary",
        "https://example.org/feed?a=1&api_key=canary",
        "https://example.org/feed?Password=canary&x=2",
    ],
)
def test_secrets_are_replaced_by_a_hash(address: str) -> None:
    shown = redacted(address)
    assert "canary" not in shown
    assert shown.startswith("https://example.org/feed?redacted=")


def test_two_feeds_with_different_secrets_stay_apart() -> None:
    assert redacted("https://example.org/feed?token=a") != redacted("https://example.org/feed?token=b")


@pytest.mark.parametrize(
    "address", ["https://example.org/feed?page=2", "feeds/world.xml", "https://x.example/?user=Bank"]
)
def test_addresses_without_secrets_are_left_alone(address: str) -> None:
    assert redacted(address) == address


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_is_a_web_address_or_none(link: str, base: str) -> None:
    found = absolute_link(link, base)
    assert found is None or found.lower().startswith(("http://", "https://"))
    redacted(link)
