"""Tag JSON lines: language and entities of `text` exactly as given, nothing normalized, nothing trimmed."""

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

from schemas.errors import UsageError
from schemas.records import Entity
from transforms.entities.taggers import EntityChoice, open_tagger
from transforms.entities.titled import Titled
from transforms.language.detect import LanguageTag, detect_batch
from transforms.normalize.characters import stream_safe

_BATCH_LINES = 500  # the language model is evaluated in batches: of 500 at half the cost of 64
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Tagged:
    """What became of one input line: `output` is a line of JSON, or `error` says why there is none."""

    line: int  # 1-based
    output: str = ""
    error: str = ""


@dataclass(frozen=True)
class _Wanted:
    line: int
    id: Any = None
    text: str = ""
    error: str = ""


def open_lines(path: str) -> BinaryIO:
    """Open a file of JSON lines, decompressed where it ends in .gz.

    Raises:
        UsageError: it cannot be opened.
    """
    try:
        return gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb")  # type: ignore[return-value]  # noqa: PTH123  the caller closes it
    except OSError as error:
        raise UsageError(
            f"{path}: {error.strerror}; give a readable file of JSON lines, or - for standard input"
        ) from error


def readable(lines: Iterable[bytes], path: str) -> Iterator[bytes]:
    """Yield the lines of a file that may be a damaged archive.

    Raises:
        UsageError: it breaks off, or is no archive; the lines before that were yielded.
    """
    try:
        yield from lines
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UsageError(f"{path}: the compressed data is damaged ({error}); give a whole file") from error


def tag_lines(lines: Iterable[bytes], detector: str, entities: EntityChoice) -> Iterator[Tagged]:
    """Yield one result a line, in order.

    Raises:
        UsageError: there is no such detector or tagger.
    """
    find = open_tagger(entities)
    wanted = (_wanted(number, line) for number, line in enumerate(lines, start=1))
    while batch := list(islice(wanted, _BATCH_LINES)):
        # For the detector alone, which puts marks in order; entities are found in the text as given, for their offsets.
        texts = [stream_safe(w.text) for w in batch]
        languages = detect_batch(texts, detector)
        found = find([Titled("", one.text, tag.language) for one, tag in zip(batch, languages, strict=True)])
        for one, language, some in zip(batch, languages, found, strict=True):
            yield Tagged(one.line, error=one.error) if one.error else Tagged(one.line, _output(one, language, some))


def _wanted(number: int, line: bytes) -> _Wanted:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _Wanted(number, error=f"not JSON: {error}")
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        return _Wanted(number, error="not an object with a `text` string")
    # U+FFFD is one code point, as the surrogate was, so that offsets stay true.
    return _Wanted(number, record.get("id"), _LONE_SURROGATE.sub("\ufffd", record["text"]))


def _row(entity: Entity) -> dict[str, Any]:
    return entity._asdict() | {"mentions": [mention._asdict() for mention in entity.mentions]}


def _output(wanted: _Wanted, tag: LanguageTag, entities: Iterable[Entity]) -> str:
    found = {
        "id": wanted.id,
        "language": tag.language,
        "language_score": tag.score,
        "language_runner_up": tag.runner_up,
        "language_runner_up_score": tag.runner_up_score,
        "entities": [_row(entity) for entity in entities],
    }
    return json.dumps(found, ensure_ascii=False)
