"""Entities by a spaCy model (extra `spacy`); the only seam to spaCy."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import spacy

from schemas.errors import UsageError
from schemas.records import Entity
from transforms.entities.find import find_entities
from transforms.entities.model_files import digest_of
from transforms.entities.model_labels import ModelSpan, entities_of
from transforms.entities.titled import Titled

_ANY_LANGUAGE = "xx"
_SAME = {"nb": "no", "nn": "no"}
_UNUSED = ("parser", "lemmatizer", "attribute_ruler", "tagger", "morphologizer", "senter")  # names need none of them
_MAX_CHARACTERS = 1_000_001  # what a text may have at most, and one


class SpacyTagger:
    """A loaded model. Articles in a language that is not the model's are left to the rules."""

    def __init__(self, model: str) -> None:
        try:
            self._nlp = spacy.load(model, exclude=_UNUSED)
        except (OSError, ValueError) as error:
            reason = " ".join(str(error).split())[:200]
            raise UsageError(
                f"--entities spacy:{model}: spaCy cannot load it ({reason}); "
                f"install it with python -m spacy download {model}, or name its folder"
            ) from error
        self._nlp.max_length = _MAX_CHARACTERS
        self._language = _SAME.get(self._nlp.lang, self._nlp.lang)
        folder = Path(str(self._nlp.path))
        self.version = f"spacy-{self._nlp.meta['name']}-{self._nlp.meta['version']}-{digest_of(folder)}"

    def __call__(self, articles: Sequence[Titled]) -> list[tuple[Entity, ...]]:
        """Return the entities of each article."""
        mine = [at for at, one in enumerate(articles) if self._language in {_ANY_LANGUAGE, one.language}]
        fields = chain.from_iterable((articles[at].title, articles[at].text) for at in mine)
        docs = self._nlp.pipe(fields)
        found = {at: self._entities(articles[at], next(docs), next(docs)) for at in mine}
        return [found[at] if at in found else find_entities(*one) for at, one in enumerate(articles)]

    @staticmethod
    def _entities(article: Titled, title: spacy.tokens.Doc, text: spacy.tokens.Doc) -> tuple[Entity, ...]:
        spans = [ModelSpan("title", one.start_char, one.end_char, one.label_) for one in title.ents]
        spans += [ModelSpan("text", one.start_char, one.end_char, one.label_) for one in text.ents]
        return entities_of(spans, *article)
