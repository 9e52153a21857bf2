"""What Tag language does to one batch."""

from dataclasses import replace

from schemas.records import Article, Batch
from transforms.language.detect import LanguageTag, as_tagged, detect_batch


def tag_batch(batch: Batch[Article], detector: str) -> Batch[Article]:
    """Return the batch with the language of each article's title and text."""
    tags = detect_batch([as_tagged(article.title, article.text) for article in batch.articles], detector)
    return replace(batch, articles=tuple(map(_tagged, batch.articles, tags)))


def _tagged(article: Article, tag: LanguageTag) -> Article:
    return replace(
        article,
        language=tag.language,
        language_score=tag.score,
        language_runner_up=tag.runner_up,
        language_runner_up_score=tag.runner_up_score,
    )
