"""The scores of a batch are those of a plain evaluation, token by token, and what is remembered is bounded."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.entities.find import find_entities
from transforms.entities.lexicon import lexicon
from transforms.entities.titled import Titled
from transforms.entities.trained import model, vocabulary
from transforms.entities.trained.decode import LABELS
from transforms.entities.trained.features import (
    CLASSES,
    CONTEXTS,
    LANGUAGES,
    LINE_END,
    LISTED,
    MAY_BE_NAMED,
    OUTSIDE,
    TAGS,
    look_at,
)
from transforms.entities.trained.reading import read
from transforms.entities.trained.singles import NOTHING

STORIES = st.builds(
    Titled,
    st.sampled_from(["", "Paris", "東京で"]),
    st.lists(
        st.sampled_from("Mira Holloway of Paris , the 1984 \n\n Bank 東京 محمد وبيروت x".split(" ")), max_size=12
    ).map(" ".join),
    st.sampled_from(["en", "de", "ar", "ja"]),
)


def whole_form(word, words):
    """Return the form of a word; of a single character with the one that follows."""
    following = ~word & 0x1FFFFF
    return words.form(word) + (chr(following) if word < 0 and following != NOTHING else "")


def plain_scores(forms, tags, listed, language, weights):
    """Return the tokens that may be of a name, and their scores, from the definition of the features."""
    words = [look_at(form, lexicon(language)) for form in [OUTSIDE, OUTSIDE, *forms, OUTSIDE, OUTSIDE]]
    coarse = [word.coarse for word in words]
    tags, listed = [0, 0, *tags, 0, 0], [0, 0, *listed, 0, 0]
    named = [c >= MAY_BE_NAMED or t > 0 or in_list > 0 for c, t, in_list in zip(coarse, tags, listed, strict=True)]
    number = weights.languages.index(language)
    scores = {}
    for at in (at for at in range(2, len(words) - 2) if any(named[at - 2 : at + 3])):
        row = np.zeros(LABELS, int)
        for place in range(5):
            for bucket in words[at + place - 2].buckets:
                row += weights.forms[bucket, place * LABELS : (place + 1) * LABELS]
        start = 0
        for width, context in contexts_of(at, coarse, tags, listed, number):
            row += weights.contexts[start + context]
            start += width
        assert start == CONTEXTS
        row[0] += model._NEVER * (coarse[at] == LINE_END)
        scores[at - 2] = row.tolist()
    return scores


def contexts_of(at, coarse, tags, listed, number):
    """Yield how many contexts there are of each kind, and which one it is."""
    left, here, right = coarse[at - 1 : at + 2]
    before, mine, after = tags[at - 1 : at + 2]
    yield from ((TAGS, tag) for tag in tags[at - 2 : at + 3])
    yield from ((LISTED, kind) for kind in listed[at - 1 : at + 2])
    yield from ((CLASSES * CLASSES, one * CLASSES + two) for one, two in ((left, here), (here, right), (left, right)))
    yield from ((TAGS * TAGS, one * TAGS + two) for one, two in ((before, mine), (mine, after)))
    yield TAGS * CLASSES, mine * CLASSES + here
    yield TAGS * LISTED, mine * LISTED + listed[at]
    yield TAGS * LANGUAGES, mine * LANGUAGES + number
    yield CLASSES * LANGUAGES, here * LANGUAGES + number


@settings(max_examples=40, deadline=None)
@given(st.lists(STORIES, min_size=1, max_size=4))
def test_scores_are_those_of_each_token_by_itself(batch):
    weights = model.load()
    reading = read(batch, [find_entities(*article) for article in batch], weights.vocabulary)
    at, scores = weights.scores(reading)
    found = dict(zip(at.tolist(), scores.tolist(), strict=True))
    forms = [whole_form(word, weights.vocabulary) for word in reading.tokens.words.tolist()]
    expected = {}
    for whole, end in zip(reading.wholes, [*(w.first - 4 for w in reading.wholes[1:]), len(forms) - 2], strict=True):
        here = slice(whole.first, end)
        scored = plain_scores(forms[here], reading.tags[here], reading.listed[here], whole.words.language, weights)
        expected |= {whole.first + number: row for number, row in scored.items()}
    assert found == expected


def test_words_are_forgotten_when_they_are_many(monkeypatch):
    weights = model.Model(model.load().forms, model.load().contexts, model.load().languages)
    story = Titled("", "Mira Holloway won in Tilbrook.", "en")
    first = weights.scores(read([story], [()], weights.vocabulary))
    monkeypatch.setattr(vocabulary, "_KEPT", 3)
    weights.make_room()
    assert weights.vocabulary.size == 0
    again = weights.scores(read([story], [()], weights.vocabulary))
    assert np.array_equal(first[1], again[1])
