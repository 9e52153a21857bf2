"""What pairs have in common, against sets and counts of words."""

from collections import Counter
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.fold.evidence import TITLE_TOKENS, _undecided, common, measure, met
from transforms.fold.ragged import Ragged, offsets_of
from transforms.fold.settings import DAY_US, Thresholds
from transforms.fold.signature import OPENING, TINY, UNDATED, sign

WORDS = st.sampled_from("a b c d rome Rome oslo Oslo 7 12 x9".split())
TEXTS = st.lists(WORDS, max_size=34).map(" ".join)
TITLES = st.lists(WORDS, max_size=5).map(" ".join)
STORIES = st.lists(st.tuples(TITLES, TEXTS, st.sampled_from([UNDATED, 0, 3 * DAY_US])), min_size=1, max_size=5)
LIMITS = Thresholds()


def measured(stories, left, right, limits=LIMITS, whole=True):
    titles, texts, published = zip(*stories, strict=True)
    signatures = sign(titles, texts, np.array(published, dtype=np.int64))
    return measure(signatures, np.array(left), np.array(right), limits, whole)


def words_of(text):
    return text.lower().split()


def windows_of(words):
    return {tuple(words[at : at + 3]) for at in range(max(len(words) - 2, min(len(words), 1)))}


def jaccard(one, other):
    return len(one & other) / max(len(one | other), 1)


def titled(story):
    return bool(words_of(story[0])) and 0 < len(words_of(story[1])) < TINY


def plain(one, other):
    """Return the evidence on two stories, a title apart from its tiny text where only one of the two has it in front."""
    parts, alike = [], jaccard(set(words_of(one[0])), set(words_of(other[0])))
    apart = alike >= LIMITS.edited_title and one[1] and other[1] and titled(one) != titled(other)
    for title, text, _ in (one, other):
        parts.append(text.split() if apart or len(text.split()) >= TINY else [*title.split(), *text.split()])
    (first, second), lowered = parts, [[word.lower() for word in part] for part in parts]
    windows = [windows_of(part) for part in lowered]
    both, shorter = len(windows[0] & windows[1]), min(map(len, parts))
    numbers = [Counter(word for word in part if any(map(str.isdigit, word))) for part in lowered]
    few_numbers, few_names = (min(count(part) for part in parts) for count in (numbers_in, names_in))
    openings = [part[:OPENING] for part in lowered]
    seen = min(sum(word in openings[1] for word in openings[0]), sum(word in openings[0] for word in openings[1]))
    days = abs(one[2] - other[2]) / DAY_US
    return {
        "words": shorter,
        "length_ratio": shorter / max(*map(len, parts), 1),
        "jaccard": jaccard(*windows),
        "containment": both / max(min(map(len, windows)), 1),
        "bag": (Counter(lowered[0]) & Counter(lowered[1])).total() / max(shorter, 1),
        "opening": min(seen / max(min(map(len, openings)), 1), 1),
        "title": alike,
        "numbers": few_numbers,
        "numbers_replaced": max(few_numbers - (numbers[0] & numbers[1]).total(), 0),
        "names": few_names,
        "names_replaced": max(few_names - names_shared(first, second), 0),
        "days": float("nan") if UNDATED in (one[2], other[2]) else days,
        "same_text": words_of(one[1]) == words_of(other[1]) != [],
        "same_content": one is other,
        "same_title": words_of(one[0]) == words_of(other[0]) and len(set(words_of(one[0]))) >= TITLE_TOKENS,
        "title_only": not (one[1] and other[1]),
    }


def numbers_in(words):
    return sum(any(map(str.isdigit, word)) for word in words)


def names_in(words):
    return sum(word[0].isupper() for word in words)


def names_shared(first, second):
    """A word in both texts is a shared name if it stands with a capital in one of them, its small spellings met first."""
    counts, small = [], []
    for part in (first, second):
        counts.append(Counter(word.lower() for word in part))
        small.append(Counter(word for word in part if word.islower() or word.isdigit()))
    shared = counts[0] & counts[1]
    return sum(count - min(count, small[0][word], small[1][word]) for word, count in shared.items())


@settings(max_examples=30)
@given(STORIES)
def test_all_evidence_is_what_sets_and_counts_say(stories):
    pairs = [(one, other) for one in range(len(stories)) for other in range(len(stories))]
    found = measured(stories, *zip(*pairs, strict=True))
    for place, (one, other) in enumerate(pairs):
        # A story is the same object as itself alone: without content hashes no two contents are equal.
        expected = plain(stories[one], stories[other]) | {"same_content": one == other}
        told = {field.name: getattr(found, field.name)[place] for field in fields(found)}
        assert told == pytest.approx(expected, nan_ok=True), (stories[one], stories[other])


@settings(max_examples=20)
@given(STORIES, st.sampled_from([Thresholds(), Thresholds(short_words=5, near_jaccard=0.5)]))
def test_words_are_compared_only_where_windows_do_not_decide(stories, limits):
    pairs = [(one, other) for one in range(len(stories)) for other in range(one + 1)]
    quick, whole = (measured(stories, *zip(*pairs, strict=True), limits, kept) for kept in (False, True))
    near = (whole.jaccard >= limits.near_jaccard) & (whole.words >= limits.short_words)
    decided = (whole.jaccard < limits.least_jaccard) | near
    for field in fields(whole):
        told, expected = (getattr(one, field.name)[~decided] for one in (quick, whole))
        assert np.array_equal(told, expected, equal_nan=field.name == "days")
    assert (quick.bag[decided] == (whole.words[decided] > 0)).all()
    assert not quick.numbers_replaced[decided].any()
    assert not quick.names_replaced[decided].any()


@pytest.mark.parametrize(
    ("jaccard", "words", "asked"),
    [
        (0.119, 500, False),
        (0.12, 500, True),
        (0.699, 500, True),
        (0.70, 110, False),  # long and nearly the same: the guard does not ask for its words
        (0.70, 109, True),
        (1.00, 109, True),
    ],
)
def test_strangers_and_long_texts_that_are_nearly_the_same_need_no_words(jaccard, words, asked):
    assert _undecided(np.array([jaccard]), np.array([words]), LIMITS).tolist() == [asked]


def test_a_tiny_text_is_held_without_its_title_against_a_longer_one_of_like_title():
    tiny, longer = "a b c d " * 5, "a b c d " * 7
    found = measured([("rome oslo", tiny, 0), ("rome oslo", longer, 0), ("other words", longer, 0)], [0, 0], [1, 2])
    assert found.jaccard.tolist() == [1, 4 / 6]  # of its six windows two have words of the title
    assert found.words.tolist() == [20, 22]


@pytest.mark.parametrize(("title", "same"), [("Rain", False), ("Rain again", False), ("Rain comes again", True)])
def test_a_title_of_fewer_than_three_words_names_no_story(title, same):
    stories = [(title, "one text", 0), (title.upper(), "another one", 0)]
    assert measured(stories, [0], [1]).same_title.tolist() == [same]


def test_the_same_content_is_told_by_its_hash_alone():
    hashes = ["1:00000000000000aa" + "0" * 48, "1:00000000000000aa" + "f" * 48, "1:00000000000000ab" + "0" * 48]
    signatures = sign([""] * 3, ["one", "two", "one"], np.zeros(3, np.int64), hashes)
    found = measure(signatures, np.array([0, 0]), np.array([1, 2]), LIMITS)
    assert found.same_content.tolist() == [True, False]
    assert found.same_text.tolist() == [False, True]


def test_letters_of_few_kinds_tell_nothing_so_words_are_read_from_windows():
    thai = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภม"
    stories = [("", thai * 2, 0), ("", thai + thai[::-1], 0)]
    found = measured(stories, [0], [1])
    assert found.bag[0] == pytest.approx(1 - (1 - found.containment[0]) / 1.6)
    assert found.bag[0] < 1  # the bags of letters are equal


def test_lengths_of_scripts_without_spaces_are_counted_in_words():
    found = measured([("", "市" * 16 + "長" * 16, 0), ("", "word " * 40, 0)], [0, 1], [0, 1])
    assert found.words.tolist() == [32 / 1.6, 40]


@settings(max_examples=15)
@given(st.lists(st.sets(st.integers(1, 20)), min_size=2, max_size=4))
def test_common_values_are_those_of_sets(sets):
    rows = Ragged(
        np.array([value for one in sets for value in sorted(one)], dtype=np.uint32),
        offsets_of(np.array([len(one) for one in sets])),
    )
    pairs = [(one, other) for one in range(len(sets)) for other in range(len(sets))]
    left, right = np.array(pairs).T
    assert common(rows, left, right).tolist() == [len(sets[one] & sets[other]) for one, other in pairs]


def test_zeroes_are_no_words_to_be_met():
    tokens, among = np.array([[5, 5, 0, 3], [0, 0, 0, 0]]), np.array([[5, 0, 0, 0], [0, 0, 0, 0]])
    assert met(tokens, among).tolist() == [2, 0]
    assert met(among, tokens).tolist() == [1, 0]
