"""One poll of one feed: ask, keep the answer, read it, decide what comes next.

    state ── request ── fetch ── archive ── unchanged? ── read ── overlap ── decide ── new state, articles, rejects

What `settle` decides depends on the attempt and the state alone, so that an attempt found in the archive after a crash
is decided as it would have been, without asking again.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from schemas.reasons import Reason
from schemas.records import RawArticle, Reject
from schemas.rejects import reject
from transforms.feeds import outcome, steps
from transforms.feeds.archive import Archive
from transforms.feeds.attempt import Attempt, answered, failed
from transforms.feeds.conditional import Validators, asks_in_full, body_hash
from transforms.feeds.failures import FetchError, FetchReason
from transforms.feeds.feed import Feed
from transforms.feeds.fetch import Request, Response
from transforms.feeds.hints import read_hints
from transforms.feeds.moments import Clock, Moment
from transforms.feeds.outcome import Decided
from transforms.feeds.overlap import Gap, Overlap, compare, sample
from transforms.feeds.state import FeedState, covers, to_row
from transforms.sources.documents import document_records
from transforms.sources.packed import Packed
from transforms.sources.parser_process import ParserProcess
from transforms.sources.polled import packed_articles, packed_rejects

STAGE = "fetch"
# A weekly look behind the validators must not make up more than one request in twenty.
_CONDITIONAL_BETWEEN = 20
_TOO_MUCH = {FetchReason.BODY_TOO_LARGE: Reason.TOO_LARGE, FetchReason.BOMB: Reason.BROKEN_ARCHIVE}
_DAMAGED = {FetchReason.BROKEN_CODING: Reason.BROKEN_ARCHIVE, FetchReason.CODING: Reason.BROKEN_ARCHIVE}


NO_ARTICLES = packed_articles(())
NO_REJECTS = packed_rejects(())
Settles = Callable[[Feed, FeedState, Attempt], "Polled"]  # `settle`, with a parser


class Fetches(Protocol):
    """What asks: `fetch.Fetcher`, or a stand-in."""

    def fetch(self, request: Request) -> Response:
        """Return what was answered, or raise FetchError."""
        ...


@dataclass(frozen=True, slots=True)
class Polled:
    """All that one poll gave; the state counts only once it is committed together with the articles."""

    attempt: Attempt  # without its body
    state: FeedState
    articles: Packed[RawArticle] = NO_ARTICLES
    rejects: Packed[Reject] = NO_REJECTS
    items_new: int = 0  # as the overlap tells; what is new to the lake the commit tells
    items_missed: int = 0
    warnings: tuple[str, ...] = ()

    @property
    def row(self) -> dict[str, Any]:
        """Return the row of `polls`, without `run_id` and `commit`, which the commit knows."""
        return {
            **to_row(self.state),
            "seconds": self.attempt.seconds,
            "items_new": self.items_new,
            "items_missed_estimate": self.items_missed,
            "warnings": list(self.warnings),
        }


class Parsed(NamedTuple):
    """What a document holds."""

    articles: Packed[RawArticle]
    rejects: Packed[Reject]
    keys: list[str]  # of the articles, by which documents of a feed are compared


def ask(feed: Feed, state: FeedState, clock: Clock, fetcher: Fetches, archive: Archive) -> Attempt:
    """Ask a feed that is due, and keep what came of it; a network that fails is an outcome, not an error.

    Raises:
        OSError: the archive cannot be written: nothing may be asked that cannot be kept.
    """
    moment = clock()
    url = state.url or feed.url
    # In this order: a crash after the request must not ask again, and one before the commit must not lose the answer.
    archive.begin(feed.key, moment)
    steps.reached("request begun")
    try:
        response = fetcher.fetch(request_of(feed, state, moment))
    except FetchError as error:
        attempt = failed(feed.key, url, moment, error)
    else:
        attempt = answered(feed.key, url, moment, response)
    steps.reached("answer received")
    archive.keep(attempt)
    steps.reached("answer kept")
    return attempt


def recover(
    feeds: Iterable[Feed], states: Mapping[str, FeedState], archive: Archive, settled_by: Settles
) -> Generator[Polled, None, None]:
    """Yield what was asked before a crash and never committed; to be committed before anything else is asked.

    Attempts that the states already cover are let go. A feed that is not listed any more is settled all the same: it
    was asked, and what it said is here.
    """
    listed = {feed.key: feed for feed in feeds}
    settled = dict(states)
    for attempt in archive.waiting():
        state = settled.get(attempt.feed, FeedState(attempt.feed))
        if covers(state, attempt.moment):
            archive.release([attempt])
            continue
        polled = settled_by(listed.get(attempt.feed, Feed(attempt.feed)), state, attempt)
        settled[attempt.feed] = polled.state
        yield polled


def request_of(feed: Feed, state: FeedState, moment: Moment) -> Request:
    """Return what is asked for: conditional on what is known, but for once a week and where a server lies."""
    weekly = asks_in_full(feed.key, state.in_full_at, moment.now) and state.conditional_polls >= _CONDITIONAL_BETWEEN
    validators = Validators() if weekly or state.validators_lie else state.validators
    return Request(state.url or feed.url, feed.policy, validators)


def settle(feed: Feed, state: FeedState, attempt: Attempt, parser: ParserProcess) -> Polled:
    """Decide what an attempt means, now or after a crash."""
    asked = state.asked_at(attempt.moment)
    if attempt.reason is not None:
        return _of(attempt, outcome.refused(asked, attempt, feed.every), rejects=_refused_body(attempt))
    if attempt.status == 304 and not attempt.in_full:
        return _of(attempt, outcome.unchanged(asked, attempt, feed.every))
    if attempt.status != 200:
        return _of(attempt, outcome.refused(asked, attempt, feed.every))
    # Whatever the server says of it: many send no validators, and parsing is the dearest part of a poll.
    digest = body_hash(attempt.body)
    if digest == state.body_sha256:
        return _of(attempt, outcome.unchanged(asked, attempt, feed.every))
    return _read(feed, asked, state, attempt, digest, parser)


def _read(
    feed: Feed, asked: FeedState, before: FeedState, attempt: Attempt, digest: str, parser: ParserProcess
) -> Polled:
    articles, rejects, keys = parsed(attempt, parser)
    # A feed of which every entry was refused is a feed all the same; a document that is none counts as a failure.
    if rejects and not articles and all("#entry=" not in refusal.source_uri for refusal in rejects):
        return _of(attempt, outcome.refused(asked, attempt, feed.every), rejects=rejects)
    overlap = _overlap(before, keys, attempt)
    hints, kept = read_hints(attempt.body), sample(keys) or before.recent_items
    decided = outcome.changed(asked, attempt, feed.every, digest, hints, overlap, kept)
    return _of(attempt, decided, articles, rejects, overlap)


def parsed(attempt: Attempt, parser: ParserProcess) -> Parsed:
    """Return what a document holds, now or whenever it is read again."""
    stated = attempt.headers.get("content-type", "")
    articles, rejects = document_records(attempt.body, attempt.answered_by, "rss", parser, stated)
    keys: list[str] = []

    def stamped() -> Iterator[RawArticle]:
        for article in articles:
            keys.append(article.item_id or article.url or article.title or article.raw_sha256)
            yield replace(article, fetched_at=attempt.moment.now)

    return Parsed(packed_articles(stamped()), packed_rejects(rejects), keys)


def _overlap(before: FeedState, keys: Sequence[str], attempt: Attempt) -> Overlap:
    gap = Gap(_hours(before.answered_at, attempt), _hours(before.changed_at, attempt))
    return compare(before.recent_items, before.items_seen, keys, gap, before.items_per_hour)


def _hours(since: datetime | None, attempt: Attempt) -> float:
    return 0.0 if since is None else max(0.0, (attempt.moment.now - since).total_seconds() / 3600)


def _refused_body(attempt: Attempt) -> Packed[Reject]:
    """Return the reject of a body that was given up: what was lost with it must show."""
    reason = (_TOO_MUCH | _DAMAGED).get(attempt.reason) if attempt.reason else None
    refusals = [reject(attempt.answered_by, STAGE, reason, attempt.detail, attempt.body)] if reason else []
    return packed_rejects(refusals)


def _of(
    attempt: Attempt,
    decided: Decided,
    articles: Packed[RawArticle] = NO_ARTICLES,
    rejects: Packed[Reject] = NO_REJECTS,
    overlap: Overlap | None = None,
) -> Polled:
    new, missed = (overlap.new, overlap.missed) if overlap else (0, 0)
    return Polled(replace(attempt, body=b""), decided.state, articles, rejects, new, missed, decided.warnings)
