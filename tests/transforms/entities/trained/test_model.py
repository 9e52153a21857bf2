"""The weights: scores are plain sums of features, alone and in any company."""

import re

import numpy as np
import pytest

from transforms.entities.find import scan_all
from transforms.entities.titled import Titled
from transforms.entities.trained import model as module
from transforms.entities.trained.decode import LABELS
from transforms.entities.trained.features import BRACKET, LINE_END, MAY_BE_NAMED, QUOTE, WINDOW, look_around
from transforms.entities.trained.marks import mark
from transforms.entities.trained.model import Model, load
from transforms.entities.trained.of_words import look_into
from transforms.entities.trained.reading import read

STORIES = [
    Titled("Mira Holloway wins", "Mira Holloway of the Harbour Party won in Paris, said nobody to anyone else.", "en"),
    Titled("", "Minister Ola Bakkum reiste til Oslo.", "nb"),
    Titled("", "nothing is named here", "en"),
    Titled("", "王小明在巴黎说。", "zh"),
    Titled("", "Avisen «Dagen Qwrt» (Oslo) skrev det.", "nb"),
]


def fresh():
    return Model(load().forms, load().contexts, load().of_words, load().languages)


def reading_of(model, *stories):
    return read(stories, scan_all(stories, mark), model.vocabulary)


def scored(model, story):
    """Return the scores by the place of each token in the article."""
    reading = reading_of(model, story)
    near, scores = model.scores(reading)
    return dict(zip((reading.tokens.starts[near] - reading.wholes[0].position).tolist(), scores.tolist(), strict=True))


def by_hand(model, reading, language):
    """Add up the weights of one token after the other, as the features are described."""
    tokens = reading.tokens
    coarse, buckets = model.vocabulary.coarse(tokens.words), model.vocabulary.buckets(tokens.words)
    languages = np.full(len(tokens.words), model.languages.index(language))
    rows = {}
    for at in np.flatnonzero(tokens.ends > tokens.starts).tolist():
        window = slice(at - WINDOW, at + WINDOW + 1)
        named = (coarse[window] >= MAY_BE_NAMED) | (reading.tags[window] > 0) | (reading.listed[window] > 0)
        if not named.any():
            continue
        around = look_around(np.array([at]), coarse, reading.tags, reading.listed, languages)[:, 0]
        total = model.contexts[around].astype(int).sum(axis=0)
        for place in range(2 * WINDOW + 1):
            share = slice(place * LABELS, (place + 1) * LABELS)
            total += model.forms[buckets[at + place - WINDOW], share].astype(int).sum(axis=0)
        if reading.placed.words[at]:
            inside = look_into(np.array([at]), reading.placed, reading.tags)[:, 0]
            total += model.of_words[inside].astype(int).sum(axis=0)
        total[0] += 10_000 * (coarse[at] == LINE_END)
        apart, touching = tokens.starts[at] > tokens.ends[at - 1], tokens.ends[at] == tokens.starts[at + 1]
        if coarse[at] in (QUOTE, BRACKET) and apart and touching:
            total[3::4] -= 10_000
            total[4::4] -= 10_000
        rows[at] = total.tolist()
    return rows


@pytest.mark.parametrize("story", STORIES, ids=["title and text", "Norwegian", "no name", "Chinese", "marks"])
def test_scores_are_the_sums_of_the_weights_of_the_features(story):
    model = fresh()
    reading = reading_of(model, story)
    near, scores = model.scores(reading)
    assert dict(zip(near.tolist(), scores.tolist(), strict=True)) == by_hand(model, reading, story.language)


def test_tokens_far_from_anything_that_may_be_named_are_left_out():
    text = "so it was and so it is and Qwrt left it as it was"
    kept = scored(fresh(), Titled("", text, "en"))
    starts = [match.start() for match in re.finditer(r"\w+", text)]
    name = starts.index(text.index("Qwrt"))
    assert list(kept) == starts[name - WINDOW : name + WINDOW + 1]


def test_an_article_has_the_same_scores_in_any_company():
    alone = [scored(fresh(), story) for story in STORIES]
    shared = fresh()
    for _ in range(2):  # with words learnt, then known
        assert [scored(shared, story) for story in STORIES] == alone
    reading = reading_of(shared, *STORIES)
    near, scores = shared.scores(reading)
    assert scores.tolist() == [row for article in alone for row in article.values()]
    assert len(near) == sum(map(len, alone))


def test_words_are_forgotten_when_they_are_many_and_learnt_again(monkeypatch):
    model = fresh()
    before = scored(model, STORIES[0])
    model.make_room()
    assert model.vocabulary.size > 0
    monkeypatch.setattr("transforms.entities.trained.vocabulary._KEPT", 3)
    model.make_room()
    assert model.vocabulary.size == 0
    assert scored(model, STORIES[0]) == before


def test_no_name_goes_over_a_line_end():
    kept = scored(fresh(), Titled("Mira Qwrt", "Castro left", "en"))
    line_end = kept[len("Mira Qwrt")]
    assert line_end[0] - max(line_end[1:]) > 5_000


@pytest.mark.parametrize(("mark", "opens"), [("«", True), ("(", True), ('"', True), ("“", True), ("» ", False)])
def test_no_name_ends_with_a_mark_that_opens(mark, opens):
    row = scored(fresh(), Titled("", f"Mira Qwrt {mark}Castro", "en"))[len("Mira Qwrt ")]
    ending, other = (*row[3::4], *row[4::4]), (*row[1::4], *row[2::4])
    assert (max(ending) < -5_000) == opens
    assert min(other) > -5_000


def test_sums_of_the_stored_weights_stay_within_16_bits():
    kept = load()
    forms = np.abs(kept.forms.astype(int)).max(axis=0).reshape(2 * WINDOW + 1, LABELS)
    assert 8 * forms.max() < 2**15  # eight features a word
    assert (kept.forms.dtype, kept.contexts.dtype) == (np.int8, np.int16)


def test_the_digest_names_the_weights():
    assert re.fullmatch(r"[0-9a-f]{8}", module.digest())


def test_tokens_scored_in_blocks_are_those_scored_at_once(monkeypatch):
    model = fresh()
    reading = reading_of(model, Titled("", "Mira Holloway 東京タワー of the Bank, " * 9, "ja"))
    at, scores = model.scores(reading)
    monkeypatch.setattr(module, "_AT_ONCE", 7)
    again, in_blocks = model.scores(reading)
    assert again.tolist() == at.tolist()
    assert in_blocks.tolist() == scores.tolist()
