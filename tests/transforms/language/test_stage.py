import pickle

import apache_beam as beam
from apache_beam.testing.util import assert_that

from schemas.records import Article, Batch
from transforms.language.batch import tag_batch
from transforms.language.stage import TagLanguage


def _article(title, text):
    return Article(
        article_id="0" * 32,
        item_key="1" * 32,
        content_hash="1:00",
        raw_sha256="2" * 64,
        source_uri="a.txt",
        source_kind="text",
        title=title,
        text=text,
        text_kind="full",
        word_count=len(text.split()),
    )


BATCH = Batch(
    slice_number=0,
    ordinal=3,
    read=3,
    articles=(
        _article("Wahlen", "Die Regierung hat am Montag ein neues Gesetz beschlossen, das im Herbst gelten soll."),
        _article("", "Le conseil municipal a voté mardi soir la rénovation de la vieille gare du centre-ville."),
    ),
    seen=1,
)


def test_batch_keeps_everything_but_gains_tags():
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


def test_title_counts_as_text():
    only_title = Batch(0, 0, 1, (_article("Правительство объявило о новых выборах в октябре", ""),))
    assert tag_batch(only_title, "default").articles[0].language == "ru"


def test_batch_of_rejects_alone_passes():
    assert tag_batch(Batch(0, 0, 0, ()), "default").articles == ()


def test_stage_runs_in_a_pipeline():
    def _check(batches):
        (batch,) = batches
        assert [article.language for article in batch.articles] == ["de", "fr"]

    with beam.Pipeline(runner="BundleBasedDirectRunner", argv=[]) as pipeline:
        assert_that(pipeline | beam.Create([BATCH]) | TagLanguage(), _check)
