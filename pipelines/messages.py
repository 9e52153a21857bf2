"""Messages as a source: which queue an address names, Beam's connector for it, and its messages as chunks of records.

A message is one JSON object with the fields of a line of JSON lines; what is none is a reject with its message inside.
"""

import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PBegin, PCollection
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import MIN_TIMESTAMP, Timestamp
from apache_beam.utils.windowed_value import WindowedValue

from schemas.errors import UsageError
from schemas.records import Chunk, RawArticle, Reject, Segment
from transforms.fold.waiting import ordinal_of
from transforms.lake.layout import open_lake
from transforms.sources.jsonlines import read_record
from transforms.sources.plan import PlanLimits
from transforms.sources.polled import packed_articles, packed_rejects, write_polled

_PUBSUB = re.compile(r"pubsub://([a-z][a-z0-9.:-]+)/([A-Za-z][A-Za-z0-9._~+%-]{2,254})")
_KAFKA = re.compile(r"kafka://([^/?#\s,]+:[0-9]{1,5}(?:,[^/?#\s,]+:[0-9]{1,5})*)/([A-Za-z0-9._-]{1,249})")
_LIMITS = PlanLimits()  # of a chunk, as of any other input
_GROUP = "newsfold"  # of the readers of a topic, whose place in it the brokers keep

Message = tuple[str, bytes]
"""Where a message stood, and what it holds."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Where messages come from."""

    address: str
    kind: str  # pubsub, kafka
    server: str  # the project, or the brokers
    name: str  # of the subscription or topic


def queue_of(address: str) -> Queue:
    """Take the address of a queue apart.

    Raises:
        UsageError: it is neither pubsub://PROJECT/SUBSCRIPTION nor kafka://HOST:PORT[,HOST:PORT]/TOPIC.
    """
    for kind, form in (("pubsub", _PUBSUB), ("kafka", _KAFKA)):
        found = form.fullmatch(address)
        if found:
            return Queue(address, kind, found[1], found[2])
    raise UsageError(
        f"--input {address}: write pubsub://PROJECT/SUBSCRIPTION or kafka://HOST:PORT/TOPIC; "
        "files and folders are named without --input"
    )


def messages_of(root: PBegin | beam.Pipeline, queue: Queue) -> PCollection[Message]:
    """Return the messages of a queue, through Beam's own connector.

    Raises:
        UsageError: what the connector needs is not installed.
    """
    label = f"Read {queue.address}"
    if queue.kind == "pubsub":
        return _of_pubsub(root, queue, label)
    return _of_kafka(root, queue, label)


def _of_pubsub(root: PBegin | beam.Pipeline, queue: Queue, label: str) -> PCollection[Message]:
    try:
        importlib.import_module("google.cloud.pubsub_v1")  # Beam itself misses it only when the pipeline runs
    except ImportError as error:
        raise UsageError(f"--input {queue.address}: {error}; pip install 'apache-beam[gcp]'") from error
    from apache_beam.io.gcp.pubsub import ReadFromPubSub  # noqa: PLC0415  imports what is optional

    subscription = f"projects/{queue.server}/subscriptions/{queue.name}"
    read = ReadFromPubSub(subscription=subscription, with_attributes=True)
    told: Any = beam.Map(_pubsub_message, queue.address)
    messages: PCollection[Message] = root | label >> read | f"Name {queue.address}" >> told
    return messages


def _of_kafka(root: PBegin | beam.Pipeline, queue: Queue, label: str) -> PCollection[Message]:
    from apache_beam.io.kafka import ReadFromKafka  # noqa: PLC0415  imports what starts other languages

    settings = {"bootstrap.servers": queue.server, "group.id": _GROUP, "auto.offset.reset": "earliest"}
    read = ReadFromKafka(settings, [queue.name], with_metadata=True, commit_offset_in_finalize=True)
    try:
        records = root | label >> read
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(
            f"--input {queue.address}: Beam's Kafka connector needs Java 11 or newer and its expansion service, which "
            f"it downloads from Maven Central ({' '.join(str(error).split())[:200]})"
        ) from error
    told: Any = beam.Map(_kafka_message, queue.address)
    messages: PCollection[Message] = records | f"Name {queue.address}" >> told
    return messages


def _pubsub_message(message: Any, address: str) -> Message:
    return f"{address}#message={message.message_id}", message.data


def _kafka_message(record: Any, address: str) -> Message:
    return f"{address}#partition={record.partition},offset={record.offset}", record.value or b""


def read_message(message: Message, mapping: Mapping[str, str]) -> RawArticle | Reject:
    """Return the record of a message, or why it is none."""
    uri, body = message
    return read_record(body.strip(), uri, mapping)


@dataclass
class StageMessages(beam.PTransform[PCollection[Message], PCollection[Chunk]]):
    """Message → Chunk: a bundle's records wait in staging, some hundred in a file, as those of feeds do."""

    lake_root: str
    mapping: Mapping[str, str]

    def expand(self, messages: PCollection[Any]) -> PCollection[Any]:
        """Write records to staging, a file a bundle or more."""
        stage: Any = beam.ParDo(_StageMessages(self.lake_root, dict(self.mapping)))
        chunks: PCollection[Any] = messages | "Stage messages" >> stage.with_output_types(Chunk)
        return chunks


class _StageMessages(beam.DoFn):
    ARRIVED: Any = beam.DoFn.TimestampParam

    def __init__(self, lake_root: str, mapping: dict[str, str]) -> None:
        self._lake_root = lake_root
        self._mapping = mapping

    def start_bundle(self) -> None:
        self._records: list[RawArticle | Reject] = []
        self._bytes = 0
        self._arrived: Timestamp = MIN_TIMESTAMP

    def process(self, message: Message, arrived: Any = ARRIVED) -> Iterator[WindowedValue]:
        self._records.append(read_message(message, self._mapping))
        self._bytes += len(message[1])
        self._arrived = max(self._arrived, arrived)
        if len(self._records) >= _LIMITS.chunk_records or self._bytes >= _LIMITS.chunk_bytes:
            yield self._chunk()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        if self._records:
            yield self._chunk()

    def _chunk(self) -> WindowedValue:
        # Named by the messages in it: a bundle that is repeated writes the same file again.
        records, arrived = self._records, self._arrived
        self.start_bundle()
        ordinal = ordinal_of([record.source_uri for record in records])
        path = open_lake(self._lake_root).stream / "messages" / f"{ordinal}.jsonl"
        articles = packed_articles(record for record in records if isinstance(record, RawArticle))
        rejects = packed_rejects(record for record in records if isinstance(record, Reject))
        write_polled(path, chain(articles.lines(), rejects.lines()))
        chunk = Chunk(0, ordinal, (Segment("messages", str(path), "polled"),), staged=(str(path),))
        return WindowedValue(chunk, arrived, (GlobalWindow(),))
