"""A feed that is slow as a whole costs its slow entries only."""

from collections.abc import Iterator

import pytest

from schemas.reasons import Reason
from transforms.sources.documents import read_document
from transforms.sources.entries_alone import read_entries_alone
from transforms.sources.feed_document import ParsedDocument
from transforms.sources.feed_xml import entries_alone, parse_feed
from transforms.sources.parser_child import ParserLimits
from transforms.sources.parser_process import ParserDied, ParserProcess, ParserTooSlow

_HEAD = "<rss version='2.0'><channel><title>Post</title><link>https://post.example/</link><language>sv</language>"
_ITEM = "<item><guid isPermaLink='false'>{0}</guid><title>Title {0}</title><link>/{0}</link></item>"
_END = "</channel></rss>"
# Names in many short pieces: below every limit of ours one by one, and slow in sum.
_SLOW = "<item><author>" + ("a" * 900 + "<![CDATA[b]]>") * 130 + "</author></item>"


def feed_of(*items: str) -> bytes:
    return (_HEAD + "".join(items) + _END).encode()


@pytest.fixture
def hasty() -> Iterator[ParserProcess]:
    with ParserProcess(ParserLimits(cpu_seconds=0.8)) as process:
        yield process


def test_the_neighbours_of_a_slow_entry_are_read(hasty: ParserProcess) -> None:
    payload = feed_of(_ITEM.format(1), _SLOW, _ITEM.format(3))
    articles, rejects = read_document(payload, "feed.xml", "rss", hasty)
    assert [(one.source_uri, one.title, one.url) for one in articles] == [
        ("feed.xml#entry=1", "Title 1", "https://post.example/1"),
        ("feed.xml#entry=3", "Title 3", "https://post.example/3"),
    ]
    assert [(one.source_uri, one.reason) for one in rejects] == [("feed.xml#entry=2", Reason.TOO_SLOW)]
    assert b"CDATA" in rejects[0].payload
    assert dict(articles[0].extra) == {"newsfold:feed_warning": "TooSlow"}


def test_entries_read_alone_are_the_entries_of_the_feed(parser: ParserProcess) -> None:
    payload = feed_of(*(_ITEM.format(number) for number in range(1, 8)))
    whole = parse_feed(payload, "feed.xml")
    alone = read_entries_alone(payload, "feed.xml", "rss", parser)
    assert alone is not None
    assert (tuple(alone.articles), alone.title, alone.feed) == (whole.articles, whole.title, whole.feed)


def test_equal_guids_are_told_apart_over_the_whole_feed(parser: ParserProcess) -> None:
    items = (_ITEM.format(number).replace(f">{number}</guid>", ">same</guid>") for number in range(1, 5))
    alone = read_entries_alone(feed_of(*items), "feed.xml", "rss", parser)
    assert alone is not None
    assert [article.item_id for article in alone.articles] == [None] * 4


@pytest.mark.parametrize("payload", [b"", b"no feed", feed_of(), feed_of(_ITEM.format(1))])
def test_what_has_no_entries_to_part_is_not_read_again(parser: ParserProcess, payload: bytes) -> None:
    assert read_entries_alone(payload, "feed.xml", "rss", parser) is None


def test_a_large_head_is_not_repeated_for_every_entry() -> None:
    head = _HEAD.replace("</title>", "x" * 100_000 + "</title>")
    assert entries_alone((head + _ITEM * 300 + _END).encode()) == []
    assert len(entries_alone((head + _ITEM * 30 + _END).encode())) == 30


class _Scripted(ParserProcess):
    """Answers each entry as told: an error, or a parsed feed."""

    def __init__(self, *answers: Exception | None, wall_seconds: float = 30.0) -> None:
        super().__init__(ParserLimits(wall_seconds=wall_seconds))
        self._answers = list(answers)

    def parse(self, kind: str, payload: bytes, uri: str, content_type: str = "") -> ParsedDocument:
        answer = self._answers.pop(0)
        if answer:
            raise answer
        return parse_feed(payload, uri)

    def split(self, payload: bytes, content_type: str = "") -> list[str]:
        return entries_alone(payload)


def test_every_way_to_fail_costs_one_entry() -> None:
    payload = feed_of(*(_ITEM.format(number) for number in range(1, 5)))
    scripted = _Scripted(ParserDied("signal 11"), None, ParserTooSlow("5 s"), None)
    found = read_entries_alone(payload, "x", "rss", scripted)
    assert found is not None
    assert [article.place for article in found.articles] == [2, 4]
    assert [(fault.place, fault.reason) for fault in found.faults] == [(1, Reason.PARSER_DIED), (3, Reason.TOO_SLOW)]
    assert found.title == "Post"


def test_what_is_not_reached_in_time_is_refused_entry_by_entry() -> None:
    payload = feed_of(*(_ITEM.format(number) for number in range(1, 4)))
    found = read_entries_alone(payload, "x", "rss", _Scripted(wall_seconds=-1))
    assert found is not None
    assert (len(found.articles), [fault.place for fault in found.faults]) == (0, [1, 2, 3])
    assert all(fault.payload and b"<item>" in fault.payload.head for fault in found.faults)


def test_an_entry_that_is_refused_when_alone_keeps_its_place(parser: ParserProcess) -> None:
    payload = feed_of(_ITEM.format(1), f"<item><title>{'x' * 1001}</title></item>")
    found = read_entries_alone(payload, "x", "rss", parser)
    assert found is not None
    assert [(fault.place, fault.reason) for fault in found.faults] == [(2, Reason.TOO_LARGE)]
