"""Queues as sources: their addresses, their messages, and what is told where a connector is missing."""

import json
from importlib.util import find_spec
from types import SimpleNamespace

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.local import run_local
from pipelines.messages import (
    Queue,
    StageMessages,
    _kafka_message,
    _pubsub_message,
    messages_of,
    queue_of,
    read_message,
)
from schemas.errors import UsageError
from schemas.reasons import Reason
from transforms.lake.layout import create_or_open
from transforms.sources.polled import read_polled


@pytest.mark.parametrize(
    ("address", "queue"),
    [
        ("pubsub://my-project/news", ("pubsub", "my-project", "news")),
        ("pubsub://example.com:my-project/news.raw", ("pubsub", "example.com:my-project", "news.raw")),
        ("kafka://localhost:9092/news", ("kafka", "localhost:9092", "news")),
        ("kafka://a.example:9092,b.example:9093/news_raw", ("kafka", "a.example:9092,b.example:9093", "news_raw")),
    ],
)
def test_an_address_names_server_and_queue(address, queue):
    assert queue_of(address) == Queue(address, *queue)


@pytest.mark.parametrize(
    "address", ["kafka://localhost/news", "pubsub://news", "kafka://localhost:9092/", "articles/", "amqp://h:1/q"]
)
def test_anything_else_is_wrong_usage(address):
    with pytest.raises(UsageError, match=r"--input .*write pubsub://PROJECT/SUBSCRIPTION or kafka://HOST:PORT/TOPIC"):
        queue_of(address)


def test_a_message_is_a_line_of_json_lines_and_says_where_it_stood():
    body = json.dumps({"id": "7", "title": "Harbour", "body": "The harbour reopened.", "lang": "en"}).encode()
    kafka = SimpleNamespace(topic="news", partition=3, offset=17, value=body)
    article = read_message(_kafka_message(kafka, "kafka://b:9092/news"), {})
    assert (article.item_id, article.title, article.text) == ("7", "Harbour", "The harbour reopened.")
    assert (article.source_uri, article.source_kind) == ("kafka://b:9092/news#partition=3,offset=17", "jsonl")
    pubsub = SimpleNamespace(message_id="812", data=b"  " + body + b"\n")
    again = read_message(_pubsub_message(pubsub, "pubsub://my-project/news"), {})
    assert again.source_uri == "pubsub://my-project/news#message=812"
    assert again.raw_sha256 == article.raw_sha256


@pytest.mark.parametrize(
    ("body", "reason"), [(b"{", Reason.BROKEN_RECORD), (b"[1]", Reason.NOT_A_RECORD), (b"", Reason.BROKEN_RECORD)]
)
def test_a_message_that_is_no_record_is_a_reject(body, reason):
    refused = read_message(("kafka://b:9092/news#partition=0,offset=1", body), {})
    assert (refused.reason, refused.source_uri) == (reason, "kafka://b:9092/news#partition=0,offset=1")


def test_names_of_columns_can_be_given():
    assert read_message(("u", b'{"body_text": "Harbour"}'), {"text": "body_text"}).text == "Harbour"


def test_the_records_of_a_bundle_wait_in_one_file(tmp_path):
    lake = create_or_open(tmp_path / "lake")
    messages = [(f"kafka://b:9092/t#partition=0,offset={at}", b'{"title": "One"}') for at in range(5)]
    messages.append(("kafka://b:9092/t#partition=0,offset=5", b"broken"))
    (chunk,) = run_local(messages, lambda given: given | StageMessages(str(lake.root), {}))
    articles, rejects = read_polled(chunk.segments[0].path)
    assert [article.source_uri for article in articles] == [uri for uri, _ in messages[:5]]
    assert len(rejects) == 1
    assert chunk.staged == (chunk.segments[0].path,)
    (again,) = run_local(messages, lambda given: given | StageMessages(str(lake.root), {}))
    assert again == chunk


def test_large_bundles_are_cut(tmp_path):
    lake = create_or_open(tmp_path / "lake")
    messages = [(f"u#{at}", b'{"title": "One"}') for at in range(2_500)]
    chunks = run_local(messages, lambda given: given | StageMessages(str(lake.root), {}))
    assert [len(read_polled(chunk.segments[0].path)[0]) for chunk in chunks] == [1_000, 1_000, 500]


@pytest.mark.skipif(find_spec("google.cloud") is not None, reason="the connector is installed here")
def test_a_missing_connector_is_one_line_with_its_remedy():
    with pytest.raises(UsageError, match=r"pip install 'apache-beam\[gcp\]'"):
        messages_of(beam.Pipeline(options=PipelineOptions([])), queue_of("pubsub://my-project/news"))
