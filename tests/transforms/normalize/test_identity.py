"""Identity is what lakes are built on: the values here must never change."""

import subprocess
import sys
from itertools import pairwise

import pytest

from transforms.normalize.identity import article_id, content_hash, item_key

CONTENT = content_hash("Élection: le résultat", "Premier paragraphe.\n\nDeuxième — 第二段。")
URL = "https://news.example/a?b=1"


def test_golden_values():
    # Stored in every lake ever written: if one of these changes, a release no longer knows its own articles. Never edit.
    assert CONTENT == "1:8feb339ba952fad6b838569588d4b0ec55dea2137ba62372d06e47dc8fb08a54"
    assert content_hash("", "") == "1:ffe679bb831c95b67dc17819c63c5090d221aac6f4c7bf530f594ab43d21fa1e"
    assert item_key(CONTENT, canonical_url=URL) == "7aaa46ce390a59f0a6fb6cf32555ee71"
    assert item_key(CONTENT, feed="https://news.example/feed", item_id="tag:1") == "9d29cf992c78ea25ba3906bbc18bfaa1"
    assert item_key(CONTENT, source="Example News", item_id="17") == "2778dfb6c4b46dee5a75251898b8fcf2"
    assert item_key(CONTENT, item_id="17") == "dd85af9876e7fb85a8b175392b4ead1f"
    assert item_key(CONTENT) == "a843b9357009b0042f451af4c2a3ea3c"
    assert article_id("0" * 32, CONTENT) == "ddd110083d09a2025c01d19d55066551"


def test_whitespace_and_composition_do_not_make_another_content():
    assert content_hash("A  title", "one\n\ntwo\tthree ") == content_hash(" A title", "one two three")
    assert content_hash("e\u0301", "") == content_hash("é", "")


def test_title_and_text_are_kept_apart():
    assert content_hash("a b", "c") != content_hash("a", "b c")
    assert content_hash("a", "") != content_hash("", "a")


def test_the_first_rule_that_holds_decides():
    full = {"canonical_url": URL, "feed": "f", "source": "s", "item_id": "i"}
    keys = []
    for missing in (None, "canonical_url", "feed", "source", "item_id"):
        if missing:
            full[missing] = None
        keys.append(item_key(CONTENT, **full))
    assert all(first != second for first, second in pairwise(keys))
    assert item_key("1:other", canonical_url=URL) == keys[0]
    assert item_key("1:other", feed="f", source="other", item_id="i") == keys[1]
    assert item_key("1:other", source="s", item_id="i") == keys[2]
    assert item_key("1:other", item_id="i") != keys[3]
    assert item_key("1:other") != keys[4]


@pytest.mark.parametrize("front_page", ["https://news.example/", "https://news.example/index.html"])
def test_a_front_page_is_no_item(front_page):
    assert item_key(CONTENT, canonical_url=front_page) == item_key(CONTENT)
    assert item_key(CONTENT, canonical_url=front_page, item_id="i") == item_key(CONTENT, item_id="i")


def test_fields_cannot_be_shifted_into_one_another():
    assert item_key(CONTENT, feed="ab", item_id="c") != item_key(CONTENT, feed="a", item_id="bc")
    assert item_key(CONTENT, feed="a", item_id="b") != item_key(CONTENT, source="a", item_id="b")


def test_ids_are_32_hex_digits_and_do_not_depend_on_the_hash_seed():
    code = (
        "from transforms.normalize.identity import *; c = content_hash('a', 'b'); print(c, article_id(item_key(c), c))"
    )
    seeds = (
        {"PYTHONHASHSEED": seed, "PYTHONPATH": ".", "TZ": zone} for seed, zone in (("0", "UTC"), ("1", "Asia/Tokyo"))
    )
    first, second = (
        subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout
        for env in seeds
    )
    assert first == second
    content, article = first.split()
    assert len(article) == 32
    assert len(content) == 66
    assert set(article) <= set("0123456789abcdef")
