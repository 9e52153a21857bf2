"""The feeds of a page, in two tiers: those it names; only if it names none, those that its links lead to."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from transforms.feeds.addresses import Policy, policy_of
from transforms.feeds.failures import FetchError
from transforms.feeds.feed import host_of
from transforms.feeds.fetch import ACCEPT_FEEDS, Request, Response
from transforms.feeds.moments import Clock
from transforms.feeds.permission import Pace, Permission, admitted
from transforms.feeds.poll import Fetches
from transforms.sources.feed_document import FeedLink
from transforms.sources.labelled import in_utf8
from transforms.sources.parser_process import ParserDied, ParserProcess, ParserTooSlow
from transforms.sources.redaction import redacted, scrubbed

MAX_PROBES = 5
ACCEPT_PAGES = "text/html, application/xhtml+xml;q=0.9, " + ACCEPT_FEEDS
FoundBy = Literal["itself", "named", "linked"]


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed of the page."""

    url: str  # it may hold secrets
    found_by: FoundBy  # the address given is one; the page names it; a link of the page led to it
    title: str | None = None
    kind: str | None = None  # of those that were asked
    items: int | None = None

    @property
    def shown(self) -> dict[str, Any]:
        """Return it as plain values without secrets."""
        title = scrubbed(self.title) if self.title else None
        found = {"feed": redacted(self.url), "title": title, "found_by": self.found_by}
        return found | {"kind": self.kind, "items": self.items}


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found, and what stood in the way."""

    feeds: tuple[FoundFeed, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asking:
    """All that a request of a discovery needs."""

    fetcher: Fetches
    parser: ParserProcess
    permission: Permission
    allow_private: bool

    def ask(self, url: str) -> Response:
        policy = policy_of(url, allow_private=self.allow_private) if self.allow_private else Policy()
        request = admitted(Request(url, policy, accept=ACCEPT_PAGES), self.permission)
        # Unlike a feed of a list, which a person chose, what a page links to is a crawler's finding: robots.txt counts.
        robots = self.permission.allowed_url(url, policy)
        self.permission.pace.start(host_of(url), robots.delay)
        return self.fetcher.fetch(request)

    def feed_in(self, response: Response) -> FoundFeed | None:
        """Return the feed that an answer is, None where it is none."""
        body = in_utf8(response.body, response.headers.get("content-type", ""))
        document = self.parser.parse("feed", body, response.final_url)
        if any(fault.place is None for fault in document.faults):
            return None
        return FoundFeed(response.final_url, "linked", document.title, document.kind, len(document.articles))


def discover(
    url: str,
    fetcher: Fetches,
    parser: ParserProcess,
    clock: Clock,
    *,
    allow_private: bool = False,
    pace: Pace | None = None,
) -> Discovery:
    """Return the feeds of the page at `url`, under robots.txt and with two seconds between two requests to a host.

    Args:
        url: a page, or a feed, which is then its own answer.
        fetcher: asks.
        parser: reads pages and feeds.
        clock: paces.
        allow_private: the page and what it names may stand on private addresses, at the ports they name.
        pace: when hosts were asked before; its own where None.

    Raises:
        FetchError: the page itself cannot be had.
    """
    asking = _Asking(fetcher, parser, Permission(fetcher, pace or Pace(clock)), allow_private)
    response = asking.ask(url)
    if response.status != 200:
        return Discovery(notes=(f"{redacted(url)}: status {response.status}",))
    try:
        itself = asking.feed_in(response)
        links = [] if itself else parser.links(in_utf8(response.body, _type_of(response)), response.final_url)
    except (ParserTooSlow, ParserDied) as error:
        return Discovery(notes=(f"{redacted(url)}: {error}",))
    if itself:
        return Discovery((replace(itself, url=url, found_by="itself"),))
    named = tuple(FoundFeed(link.url, "named", link.title or None) for link in links if link.named)
    return Discovery(named) if named else _probed(asking, [link for link in links if not link.named])


def _probed(asking: _Asking, links: list[FeedLink]) -> Discovery:
    feeds: list[FoundFeed] = []
    notes: list[str] = []
    # A page may have a hundred links that look like feeds; who needs more of them names a feed.
    for link in links[:MAX_PROBES]:
        try:
            response = asking.ask(link.url)
            found = asking.feed_in(response) if response.status == 200 else None
        except (FetchError, ParserTooSlow, ParserDied) as error:
            notes.append(f"{redacted(link.url)}: {error}")
            continue
        if found:
            feeds.append(replace(found, url=link.url, title=found.title or link.title or None))
    if len(links) > MAX_PROBES:
        notes.append(f"{len(links) - MAX_PROBES} more links look like feeds; at most {MAX_PROBES} are asked")
    return Discovery(tuple(feeds), tuple(notes))


def _type_of(response: Response) -> str:
    return response.headers.get("content-type", "")
