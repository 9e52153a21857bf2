"""Full texts for items that feeds only summarise: their pages, under robots.txt and with the manners of polls.

polls ── which items are new and have no full text? ── lanes, one a host ── page ── its text, if it is the same story

Pages are asked for after the polls of a round, so that no host is asked by two at once. What cannot be had leaves the
feed's own text; `extra` says why, or where the text is from.
"""

import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace

from schemas.records import RawArticle, Reject
from transforms.feeds.addresses import Policy, target_of
from transforms.feeds.exchange import ExchangeLimits
from transforms.feeds.failures import FetchError, FetchReason
from transforms.feeds.feed import Feed, host_of
from transforms.feeds.fetch import Request, Response
from transforms.feeds.inflate import BodyLimits
from transforms.feeds.page_text import with_page, without_page
from transforms.feeds.permission import Permission, admitted
from transforms.feeds.politeness import HOSTS_AT_ONCE
from transforms.feeds.poll import Fetches, Polled
from transforms.markup.limits import MAX_HTML_BYTES
from transforms.sources.labelled import in_utf8
from transforms.sources.polled import packed_articles
from transforms.sources.redaction import without_secrets

MOST_PER_HOST = 60  # in one round: two minutes of starts; the rest keep their summaries
ACCEPT = "text/html, application/xhtml+xml, */*;q=0.1"
PAGE_LIMITS = ExchangeLimits(body=BodyLimits(received_bytes=MAX_HTML_BYTES, decoded_bytes=MAX_HTML_BYTES))
_PAGE_TYPES = ("text/html", "application/xhtml+xml", "")
_ASKS_FOR_REST = {429, 503}

Reads = Callable[[bytes, str], tuple[Sequence[RawArticle], Sequence[Reject]]]  # a page and its address
Known = Callable[[Sequence[RawArticle]], Sequence[bool]]  # which items are stored already, or to stay forgotten


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to ask for."""

    url: str
    host: str
    policy: Policy
    feed: str = field(default="", repr=False)  # its address, whose secrets the page may print


@dataclass(frozen=True, slots=True)
class Got:
    """What came of asking: a page, or why there is none."""

    page: RawArticle | None = None
    address: str = ""  # where it was in the end
    why: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """What asks for pages; lives from round to round, as long as the memory of robots.txt does.

    Attributes:
        fetcher: asks, within PAGE_LIMITS.
        permission: of the sites; its pace is that of the polls.
        read: reads a page in a process that can be killed.
        known: tells which items are stored or forgotten: their pages are not asked for again.
        stop: when set, no further page is asked for.
    """

    fetcher: Fetches
    permission: Permission
    read: Reads
    known: Known
    stop: threading.Event

    def completed(self, polls: Generator[Polled, None, None], feeds: Iterable[Feed]) -> Generator[Polled, None, None]:
        """Yield polls, those with items to complete after all others and with full texts where these could be had."""
        by_key = {feed.key: feed for feed in feeds}
        waiting: list[tuple[Polled, dict[str, Wanted]]] = []
        with closing(polls):
            for one in polls:
                wanted = self._wanted(one, by_key.get(one.state.feed))
                if wanted:
                    waiting.append((one, wanted))
                else:
                    yield one
        got = self._ask_all(page for _, wanted in waiting for page in wanted.values())
        for one, wanted in waiting:
            yield replace(one, articles=packed_articles(_completed(article, wanted, got) for article in one.articles))

    def _wanted(self, polled: Polled, feed: Feed | None) -> dict[str, Wanted]:
        """Return the pages to ask for by the raw_sha256 of their items: new ones without a full text."""
        # Without their texts: 15 MB of summaries would be four times as much here.
        thin = [replace(one, text=None) for one in polled.articles if one.text_kind != "full" and one.url]
        stored = self.known(thin) if thin else []
        pages = ((article, _page_of(article, feed)) for article, old in zip(thin, stored, strict=True) if not old)
        return {article.raw_sha256: page for article, page in pages if page}

    def _ask_all(self, pages: Iterable[Wanted]) -> Mapping[str, Got]:
        """Ask for every page once, the hosts side by side."""
        lanes: dict[str, dict[str, Wanted]] = {}
        for page in pages:
            lanes.setdefault(page.host, {}).setdefault(page.url, page)
        got: dict[str, Got] = {}
        if lanes:
            with ThreadPoolExecutor(HOSTS_AT_ONCE, thread_name_prefix="pages") as pool:
                for answers in pool.map(self._lane, lanes.values()):
                    got |= answers
            self.permission.save()
        return got

    def _lane(self, pages: Mapping[str, Wanted]) -> dict[str, Got]:
        """Ask for the pages of one host in turn, until it asks for rest."""
        got: dict[str, Got] = {}
        rests = False
        for number, (url, page) in enumerate(pages.items()):
            if self.stop.is_set() or rests or number >= MOST_PER_HOST:
                got[url] = Got(why="not_asked")
                continue
            got[url], rests = self._one(page)
        return got

    def _one(self, wanted: Wanted) -> tuple[Got, bool]:
        """Return what came of one page, and whether its host asks for rest."""
        request = admitted(Request(wanted.url, wanted.policy, accept=ACCEPT), self.permission)
        try:
            robots = self.permission.allowed_url(wanted.url, wanted.policy)
            self.permission.pace.start(wanted.host, robots.delay)
            answer = self.fetcher.fetch(request)
        except FetchError as error:
            # A host that does not answer one page will not answer sixty, and each would cost the whole deadline.
            return Got(why=str(error.reason)), error.reason in {FetchReason.CONNECT, FetchReason.TIMEOUT}
        if answer.status != 200:
            return Got(why=f"status_{answer.status}"), answer.status in _ASKS_FOR_REST
        return self._read(answer, wanted), False

    def _read(self, answer: Response, wanted: Wanted) -> Got:
        kind = answer.headers.get("content-type", "")
        if kind.partition(";")[0].strip().lower() not in _PAGE_TYPES:
            return Got(why="no_page")
        # A private feed's address may be a link in the page, which the lake would then hold.
        body = without_secrets(in_utf8(answer.body, kind), wanted.feed)
        pages, refused = self.read(body, answer.final_url)
        if not pages:
            return Got(why=str(refused[0].reason) if refused else "empty")
        return Got(pages[0], answer.final_url)


def _page_of(article: RawArticle, feed: Feed | None) -> Wanted | None:
    """Return the page of an item; a private address only on the host of a feed that is listed with `allow_private`."""
    assert article.url is not None
    try:
        target = target_of(article.url)
        private = feed is not None and feed.allow_private and target_of(feed.url).host == target.host
        policy = feed.policy if feed is not None and private else Policy()
    except FetchError:
        return None
    return Wanted(target.url, host_of(article.url), policy, feed.url if feed else "")


def _completed(article: RawArticle, wanted: Mapping[str, Wanted], got: Mapping[str, Got]) -> RawArticle:
    page = wanted.get(article.raw_sha256)
    if page is None:
        return article
    answer = got[page.url]
    return without_page(article, answer.why) if answer.page is None else with_page(article, answer.page, answer.address)
