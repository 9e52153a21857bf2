import hashlib
from dataclasses import fields

import numpy as np
import pytest

from transforms.fold.compare import Evidence, judge
from transforms.fold.evidence import measure
from transforms.fold.fingerprint import BYTES, VERSION, compare_stored, keys_of, pack, unpack
from transforms.fold.settings import FoldSettings, Thresholds
from transforms.fold.signature import UNDATED, sign
from transforms.fold.sketch import EMPTY

DAY = 86_400_000_000


def pair(text, other, title="Some title of a story", other_title=None):
    titles = [title, title if other_title is None else other_title]
    texts = [" ".join(text), " ".join(other)]
    contents = [f"1:{hashlib.sha256(repr(pair).encode()).hexdigest()}" for pair in zip(titles, texts, strict=True)]
    signatures = sign(titles, texts, np.array([0, DAY]), contents)
    there = compare_stored(signatures, np.array([1]), pack(signatures)[[0]])
    back = compare_stored(signatures, np.array([0]), pack(signatures)[[1]])
    return measure(signatures, np.array([0]), np.array([1]), Thresholds(), whole=True), there, back


def test_a_fingerprint_is_small_and_says_its_version(words):
    packed = pack(sign(["Title"], [" ".join(words(1, 5_000))], np.array([UNDATED])))
    assert len(packed.tobytes()) == BYTES <= 512
    assert packed.tobytes()[0] == VERSION
    assert packed["published"][0] == UNDATED


@pytest.mark.parametrize("count", [3, 8, 40, 600, 20_000])
def test_it_holds_the_very_keys_of_the_sketch(words, count):
    signatures = sign([""], [" ".join(words(1, count))], np.array([0]))
    assert keys_of(pack(signatures)).tolist() == signatures.keys.tolist()


@pytest.mark.parametrize("count", [60, 300, 900, 5_000])
@pytest.mark.parametrize("kept", [0.0, 0.5, 0.8, 0.95, 1.0])
def test_similarity_is_estimated_within_what_a_sample_allows(words, count, kept):
    cut = int(count * kept)
    exact, *estimates = pair(words(1, count), words(1, cut) + words(2, count - cut))
    for estimate in estimates:
        assert abs(estimate.jaccard - exact.jaccard) < 0.13
        assert abs(estimate.containment - exact.containment) < 0.13
        assert abs(estimate.bag - exact.bag) < 0.13
        assert abs(estimate.opening - exact.opening) <= 0.13
        assert estimate.days == exact.days == 1


@pytest.mark.parametrize("count", [30, 150, 900])
def test_clear_cases_are_decided_as_with_the_text(words, count):
    text = words(1, count)
    for other in (text, words(2, count), [*text[: count // 2], "one", "word", *text[count // 2 :]]):
        exact, there, back = pair(text, other)
        relations = [int(judge(evidence, FoldSettings())[0]) for evidence in (exact, there, back)]
        assert relations[0] == relations[1] == relations[2]


def test_titles_and_texts_are_known_again(words):
    text = words(1, 50)
    _, same, _ = pair(text, text)
    assert (same.same_text[0], same.same_title[0], same.same_content[0], same.title[0]) == (True, True, True, 1.0)
    _, other, _ = pair(text, text, other_title="Quite another headline here")
    assert (other.same_text[0], other.same_title[0], other.same_content[0], other.title[0]) == (True, False, False, 0.0)


def test_replaced_numbers_are_seen_in_short_texts():
    text = "Shares of Acme rose 4 percent to 27 euros on 300 trades after 9 quarters and 61 days of losses".split()
    other = [str(int(word) + 100) if word.isdigit() else word for word in text]
    exact, *estimates = pair(text, other)
    assert exact.numbers_replaced[0] == 5
    for estimate in estimates:
        assert estimate.numbers[0] == 5
        assert estimate.numbers_replaced[0] >= 4


def test_an_article_without_words_is_like_nothing():
    _, there, back = pair([], [], title="", other_title="")
    for estimate in (there, back):
        assert (estimate.jaccard[0], estimate.containment[0], estimate.bag[0]) == (0, 0, 0)
        assert not estimate.same_title[0]


def test_evidence_on_a_pair_does_not_depend_on_the_pairs_beside_it(words):
    texts = [" ".join([*words(number // 2, 30 + 7 * number), f"and {number} more"]) for number in range(30)]
    signatures = sign([f"Title {number % 4}" for number in range(30)], texts, np.arange(30) * DAY)
    new, stored = (pairs.reshape(-1) for pairs in np.meshgrid(np.arange(30), np.arange(30), indexing="ij"))
    order = np.random.default_rng(1).permutation(len(new))
    together = compare_stored(signatures, new[order], pack(signatures)[stored[order]])
    for place in range(0, len(order), 37):
        pair = order[[place]]
        alone = compare_stored(signatures, new[pair], pack(signatures)[stored[pair]])
        for field in fields(Evidence):
            assert getattr(alone, field.name)[0] == getattr(together, field.name)[place]


def test_a_fingerprint_of_another_version_is_one_that_nothing_meets():
    known = pack(sign([""], ["one two three four five six"], np.zeros(1, np.int64)))[0].tobytes()
    others = [None, b"", known[:-1], known + b"x", bytes([VERSION + 1]) + known[1:]]
    found = unpack([known, *others])
    assert found[0].tobytes() == known
    assert (keys_of(found[1:]) == EMPTY).all()
    assert not found[1:]["text"].any()
    assert len(known) == BYTES
