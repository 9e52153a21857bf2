from datetime import UTC, datetime

from schemas.reasons import Reason
from schemas.records import Chunk, RawArticle, Segment
from schemas.rejects import reject
from transforms.sources.parser_process import ParserProcess
from transforms.sources.polled import packed_articles, packed_rejects, read_polled, write_polled
from transforms.sources.read import read_chunk

ARTICLES = [
    RawArticle("https://e.org/feed#entry=1", "rss", "00ff", item_id="a", title="cut \ud800 surrogate", text="<p>x</p>"),
    RawArticle(
        "https://e.org/feed#entry=2",
        "atom",
        "11ff",
        markup=True,
        authors=("Zoë", "李"),
        categories=("a",),
        fetched_at=datetime(2026, 11, 21, 12, 0, 0, 5, tzinfo=UTC),
        extra=(("k", "v"), ("k", "w")),
    ),
]
REJECTS = [
    reject("https://e.org/feed#entry=3", "read", Reason.EMPTY, "why", b"\0\xff payload \xed\xa0\x80 \xf0\x9f\x8c\x8d")
]
LINES = [*packed_articles(ARTICLES).lines(), *packed_rejects(REJECTS).lines()]


def test_records_come_back_as_they_were_written(tmp_path):
    write_polled(tmp_path / "new folder" / "1.jsonl", LINES)
    assert read_polled(str(tmp_path / "new folder" / "1.jsonl")) == (ARTICLES, REJECTS)


def test_packed_records_are_the_records():
    assert list(packed_articles(ARTICLES)) == ARTICLES
    assert list(packed_rejects(REJECTS)) == REJECTS


def test_a_chunk_of_polled_records_is_read_without_a_parser(tmp_path):
    write_polled(tmp_path / "1", LINES)
    with ParserProcess() as parser:
        batch = read_chunk(Chunk(0, 3, (Segment("feeds", str(tmp_path / "1"), "polled"),)), {}, parser)
        assert parser._child is None
    assert (batch.read, batch.articles, batch.rejects) == (3, ARTICLES, tuple(REJECTS))
