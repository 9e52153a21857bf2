"""What an article looks like to Fold: each field of a signature, for one article and for many."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.fold.ragged import Ragged
from transforms.fold.shingles import shingle_sets
from transforms.fold.signature import TINY, UNDATED, Signatures, join, line_hashes, masked, sign
from transforms.fold.sketch import sketches
from transforms.fold.tokens import identity, tokenize

WORDS = "rain Rain sun wind 7 12 hail\n\n mist".split(" ")
STORIES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join),
        st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join),
    ),
    max_size=6,
)


def signed(*stories, hashes=None):
    titles, texts = [title for title, _ in stories], [text for _, text in stories]
    return sign(titles, texts, np.arange(len(stories), dtype=np.int64), hashes)


def words(count, first=0):
    return " ".join(f"w{number}x" for number in range(first, first + count))


def equal(one, other):
    return all(_same(getattr(one, field.name), getattr(other, field.name)) for field in fields(Signatures))


def _same(one, other):
    if isinstance(one, Ragged):
        return np.array_equal(one.values, other.values) and np.array_equal(one.offsets, other.offsets)
    return np.array_equal(one, other)


def test_a_title_stands_in_front_of_a_text_of_fewer_than_25_tokens():
    found = signed(("A title", words(TINY - 1)), ("A title", words(TINY)), ("A title", ""))
    assert found.words.sizes.tolist() == [TINY + 1, TINY, 2]
    assert found.line_sizes.row(0).tolist() == [2, TINY - 1]  # as a line of its own
    assert found.line_sizes.row(1).tolist() == [TINY]


def test_a_title_counts_as_a_set_and_as_a_sequence():
    found = signed(("Sun and rain and sun", "x"), ("rain and sun", "x"), ("", "x"))
    assert found.title.sizes.tolist() == [3, 3, 0]
    assert found.title.row(0).tolist() == found.title.row(1).tolist()
    assert found.title_hash[0] != found.title_hash[1]
    assert found.title_hash[2] == 0


def test_the_order_of_words_matters_to_a_text_and_their_case_does_not():
    found = signed(("", "sun and rain"), ("", "Sun, AND rain!"), ("", "rain and sun"), ("title", ""))
    assert found.text_hash[0] == found.text_hash[1]
    assert found.text_hash[0] != found.text_hash[2]
    assert found.text_hash[3] == 0


def test_one_word_is_not_no_words():
    assert signed(("", "sun"), ("", "sun sun")).text_hash.tolist() != [0, 0]
    assert len(set(signed(("", "sun"), ("", "sun sun"), ("", "")).text_hash.tolist())) == 3


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17])
def test_the_opening_is_the_first_16_words_with_zeroes_behind(count):
    opening = signed(("", words(count).title())).opening[0].tolist()
    expected = identity(tokenize([words(16)]).words.values).tolist()
    assert opening == expected[:count] + [0] * (16 - min(count, 16))


@pytest.mark.parametrize(
    ("text", "numbers", "names"), [("In May 12 of Covid19 fell", 2, 3), ("", 0, 0), ("a 1b 2", 2, 0)]
)
def test_numbers_have_a_digit_and_names_a_capital(text, numbers, names):
    found = signed(("", text))
    assert (found.numbers[0], found.names[0]) == (numbers, names)


@pytest.mark.parametrize(
    ("text", "characters", "alphabetic"),
    [
        ("words of letters", False, False),
        ("市長 of it", False, False),  # half is not most
        ("市長が of it", True, False),
        ("กขค of it", True, True),
        ("กข 市長", True, False),
    ],
)
def test_a_script_without_spaces_is_one_where_most_tokens_are_letters(text, characters, alphabetic):
    found = signed(("", text))
    assert (bool(found.characters[0]), bool(found.alphabetic[0])) == (characters, alphabetic)
    tokens = int(found.words.sizes[0])
    assert found.lengths_of(np.array([0])).tolist() == [tokens / 1.6 if characters else tokens]


def test_content_is_the_first_64_bits_of_the_hash_whatever_its_version():
    hashes = [f"1:{'0' * 15}a{'f' * 48}", f"22:{'0' * 15}a{'0' * 48}", "1:ffffffffffffffff"]
    assert signed(*[("", "x")] * 3, hashes=hashes).content.tolist() == [10, 10, 0xFFFFFFFFFFFFFFFF]


def test_without_content_hashes_no_two_articles_are_copies():
    assert len(set(signed(*[("", "same")] * 3).content.tolist())) == 3


def test_sets_are_made_of_the_words_that_are_folded_upon():
    found = signed(("A title", words(30)), ("A title", words(10)))
    assert found.shingles.sizes.tolist() == [28, 10]
    assert found.bag.sizes.tolist() == found.words.sizes.tolist() == [30, 12]
    assert np.array_equal(found.keys, sketches(shingle_sets(found.words, 5)))


def test_lines_are_told_by_their_words_and_empty_ones_are_none():
    found = signed(("", f"First line, here.\n\n   \n{words(30)}\nfirst LINE here"))
    assert found.line_sizes.row(0).tolist() == [3, 30, 3]
    assert found.line_hashes.row(0)[[0, 2]].tolist() == line_hashes(["first line here"] * 2).tolist()
    assert found.line_sizes.row(0).sum() == found.words.sizes[0]


@settings(max_examples=25)
@given(STORIES)
def test_an_article_looks_the_same_alone_and_among_others(stories):
    together = signed(*stories)
    assert len(together) == len(stories)
    for row, story in enumerate(stories):
        alone = sign([story[0]], [story[1]], np.array([row]), [f":{row:016x}"])
        assert equal(together.take(np.array([row])), alone)


def test_more_articles_than_are_signed_at_a_time_stay_in_order():
    stories = [(f"title {number}", words(number % 40, number)) for number in range(130)]
    parts = [signed(*stories).take(np.arange(first, first + 13)) for first in range(0, 130, 13)]
    assert equal(join(parts), signed(*stories))
    assert signed(*stories).published.tolist() == list(range(130))


@settings(max_examples=25)
@given(STORIES, st.randoms(use_true_random=False))
def test_lines_masked_are_as_if_they_had_never_been_there(stories, dice):
    stories = [("", f"{words(TINY)}\n{text}") for _, text in stories]  # no title in front
    kept, flags = [], []
    for _, text in stories:
        lines = [line for line in text.split("\n") if tokenize([line]).words.values.size]
        gone = [dice.random() < 0.4 for _ in lines[1:]]
        flags += [False, *gone]
        kept.append(("", "\n".join(line for line, out in zip(lines, [False, *gone], strict=True) if not out)))
    found = masked(signed(*stories), np.arange(len(stories)), np.array(flags, dtype=bool))
    plain = signed(*kept)
    for name in ("words", "line_hashes", "line_sizes", "shingles", "bag", "keys", "opening", "numbers", "names"):
        assert _same(getattr(found, name), getattr(plain, name)), name


def test_any_rows_are_masked_in_any_order_as_they_are_alone():
    stories = signed(*((f"title {number}", f"{words(30 + number)}\nSubscribe 7 now") for number in range(150)))
    rows = np.arange(149, 9, -1)
    found = masked(stories, rows, np.tile([False, True], len(rows)))
    alone = [masked(stories.take(rows[[place]]), np.arange(1), np.array([False, True])) for place in range(len(rows))]
    assert equal(found, join(alone))


def test_what_is_of_the_whole_stays_when_lines_are_masked():
    whole = signed(("A title", f"{words(30)}\nSubscribe 7 now"))
    left = masked(whole, np.arange(1), np.array([False, True]))
    for name in ("title", "title_hash", "text_hash", "characters", "alphabetic", "published", "content"):
        assert _same(getattr(left, name), getattr(whole, name)), name
    assert left.numbers[0] == whole.numbers[0] - 1


def test_no_article_has_a_signature_of_no_rows():
    assert len(signed()) == 0
    assert signed().keys.shape == (0, 64)


def test_an_unknown_time_is_before_all_times():
    assert np.iinfo(np.int64).min == UNDATED
