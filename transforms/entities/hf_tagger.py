"""Entities by a token-classification model of the transformers library (extra `hf`); the only seam to it."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import transformers

from schemas.errors import UsageError
from schemas.records import Entity
from transforms.entities.model_files import digest_of
from transforms.entities.model_labels import ModelSpan, entities_of
from transforms.entities.titled import Titled

_BATCH_TEXTS = 16
_SPECIAL_TOKENS = 4  # room for a model's own marks in each window


class HfTagger:
    """A loaded model. It reads articles of every language: choose one that was trained on yours."""

    def __init__(self, model: str) -> None:
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(model, use_fast=True)
            network = transformers.AutoModelForTokenClassification.from_pretrained(model)
        except (OSError, ValueError, ImportError) as error:
            reason = " ".join(str(error).split())[:200]
            raise UsageError(
                f"--entities hf:{model}: transformers cannot load it ({reason}); name a model for token classification "
                "on the Hugging Face hub, or a folder that holds one"
            ) from error
        # Texts are longer than what a network sees at once: windows that overlap by a quarter.
        window = min(tokenizer.model_max_length, _positions(network.config) - _SPECIAL_TOKENS)
        tokenizer.model_max_length = window
        self._pipeline: Any = transformers.pipeline(
            "token-classification",
            model=network,
            tokenizer=tokenizer,
            aggregation_strategy="simple",
            stride=window // 4,
            batch_size=_BATCH_TEXTS,
        )
        place = Path(model)
        told = digest_of(place) if place.is_dir() else str(network.config._commit_hash)[:8]  # noqa: SLF001  the hub's commit stands nowhere else
        self.version = f"hf-{place.name}-{told}"

    def __call__(self, articles: Sequence[Titled]) -> list[tuple[Entity, ...]]:
        """Return the entities of each article."""
        fields = list(chain.from_iterable((one.title, one.text) for one in articles))
        asked = [at for at, field in enumerate(fields) if field.strip()]
        answers = dict(zip(asked, self._pipeline([fields[at] for at in asked]), strict=True)) if asked else {}
        return [
            entities_of(
                [
                    *_spans("title", answers.get(2 * at, [])),
                    *_spans("text", answers.get(2 * at + 1, [])),
                ],
                *one,
            )
            for at, one in enumerate(articles)
        ]


def _positions(config: Any) -> int:
    return int(getattr(config, "max_position_embeddings", 512))


def _spans(field: Any, answer: Sequence[dict[str, Any]]) -> list[ModelSpan]:
    return [ModelSpan(field, one["start"], one["end"], one["entity_group"]) for one in answer]
