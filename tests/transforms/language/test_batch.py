"""What Tag language does to one batch."""

import pickle

import pytest

from schemas.records import Article, Batch
from transforms.language.batch import tag_batch


def article(title, text):
    return Article("a" * 32, "b" * 32, "1:c", "d" * 64, "a.txt", "text", title, text, "full", len(text.split()))


BATCH = Batch(
    slice_number=0,
    ordinal=3,
    read=3,
    articles=(
        article("Wahlen", "Die Regierung hat am Montag ein neues Gesetz beschlossen, das im Herbst gelten soll."),
        article("", "Le conseil municipal a voté mardi soir la rénovation de la vieille gare du centre-ville."),
    ),
    seen=1,
)


def test_a_batch_keeps_everything_but_gains_tags():
    tagged = tag_batch(BATCH, "default")
    assert [article.language for article in tagged.articles] == ["de", "fr"]
    assert (tagged.slice_number, tagged.ordinal, tagged.read, tagged.seen) == (0, 3, 3, 1)
    for before, after in zip(BATCH.articles, tagged.articles, strict=True):
        assert (after.title, after.text, after.article_id) == (before.title, before.text, before.article_id)
        assert after.language_runner_up is not None
        assert 0.9 < after.language_score <= 1.0


def test_elements_are_not_changed_in_place():
    before = pickle.dumps(BATCH)
    tag_batch(BATCH, "default")
    assert pickle.dumps(BATCH) == before


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Правительство объявило о новых выборах в октябре", ""),
        ("", "Правительство объявило о новых выборах в октябре"),
    ],
    ids=["title", "text"],
)
def test_title_and_text_both_count(title, text):
    (tagged,) = tag_batch(Batch(0, 0, 1, (article(title, text),)), "default").articles
    assert tagged.language == "ru"


def test_what_is_no_language_keeps_no_score():
    (tagged,) = tag_batch(Batch(0, 0, 1, (article("", "12 345"),)), "default").articles
    assert (tagged.language, tagged.language_score, tagged.language_runner_up) == ("und", None, None)


def test_the_detector_is_the_one_that_is_named():
    names = Batch(0, 0, 1, (article("", "Nguyen Tran Le Pham Hoang"),))
    said = [tag_batch(names, detector).articles[0].language for detector in ("default", "langdetect")]
    assert said == ["und", "vi"]  # names alone fit no language well enough for the default


def test_a_batch_of_rejects_alone_passes():
    assert tag_batch(Batch(0, 0, 0, ()), "default").articles == ()
