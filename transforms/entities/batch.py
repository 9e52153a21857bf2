"""What Tag entities does to one batch."""

from dataclasses import replace

from schemas.records import Article, Batch
from transforms.entities.taggers import EntityChoice, open_tagger
from transforms.entities.titled import Titled


def tag_batch(batch: Batch[Article], choice: EntityChoice) -> Batch[Article]:
    """Return the batch with the entities of every article filled in; to tag nothing no model is loaded."""
    if not batch.articles:
        return batch
    found = open_tagger(choice)([Titled(article.title, article.text, article.language) for article in batch.articles])
    tagged = (replace(article, entities=some) for article, some in zip(batch.articles, found, strict=True))
    return replace(batch, articles=tuple(tagged))
