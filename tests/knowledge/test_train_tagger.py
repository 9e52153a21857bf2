"""Training learns from marked texts what is a name, and the same texts give the same weights."""

import sys
from pathlib import Path

import numpy as np
import pytest

KNOWLEDGE = Path(__file__).parent.parent.parent / "knowledge"


@pytest.fixture
def trainer(monkeypatch):
    monkeypatch.syspath_prepend(str(KNOWLEDGE))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # nothing is left beside the data
    import train_tagger  # noqa: PLC0415  a script, found through the path set above

    monkeypatch.setattr(train_tagger, "EPOCHS", 2)
    monkeypatch.setattr(train_tagger, "RUNS", 1)
    return train_tagger


@pytest.mark.parametrize("language", ["id", "ko", "zh"])
def test_the_same_texts_give_the_same_weights_which_find_the_marked_names(trainer, language):
    documents = list(trainer.gold.read(KNOWLEDGE / "gold" / f"{language}.txt"))[:8]
    vocabulary = trainer.Vocabulary()
    examples = [trainer.prepare(document, [language], vocabulary) for document in documents]
    first, second = (trainer.train(examples, [language]) for _ in range(2))
    assert np.array_equal(first.forms, second.forms)
    assert np.array_equal(first.contexts, second.contexts)
    assert np.array_equal(first.of_words, second.of_words)
    assert first.of_words.any() == (language != "id")
    rules, trained = (
        sum((trainer.compare(trainer.found(d, model), trainer.marked(d)) for d in documents), trainer.Counter())
        for model in (None, first)
    )
    assert trainer.figures(trained)[0] > trainer.figures(rules)[0]


def test_counts_and_figures_are_those_of_f1(trainer):
    marked = {(0, 4, "person"), (10, 14, "place")}
    mine = {(0, 4, "person"), (9, 14, "place"), (20, 22, "place")}
    typed, overlap = trainer.figures(trainer.compare(mine, marked))
    assert typed == pytest.approx(2 / 5)
    assert overlap == pytest.approx(2 * (2 / 3) / (2 / 3 + 1))


def test_one_token_left_over_moves_the_weights_no_more_than_any_other(trainer, monkeypatch):
    monkeypatch.setattr(trainer, "EPOCHS", 1)
    whole, with_one_over = (_weights_of_like_tokens(trainer, monkeypatch, batch) for batch in (1000, 999))
    assert np.abs(whole - with_one_over).max() <= 1


def _weights_of_like_tokens(trainer, monkeypatch, batch):
    """Train on tokens that nothing tells apart, a tenth of them names."""
    monkeypatch.setattr(trainer, "BATCH", batch)
    forms = np.zeros((1000, trainer.PLACES, trainer.SLOTS), np.int32)
    labels = np.array([4, *[0] * 9] * 100, np.int64)
    contexts, of_words = np.zeros((1000, 1), np.int32), np.zeros((1000, trainer.WORD_SLOTS), np.int32)
    return trainer.train([trainer.Example(None, forms, contexts, of_words, labels)], ["ko"]).contexts[0]
