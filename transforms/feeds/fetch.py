"""One feed asked for, redirects followed by hand: every hop is checked as if it were the first."""

import base64
import contextlib
import queue
import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from schemas.errors import UsageError
from transforms.feeds.addresses import Policy, Resolver, Target, resolve_by_system, target_of, vetted
from transforms.feeds.conditional import Validators
from transforms.feeds.exchange import Answer, Deadline, ExchangeLimits, get, secure_context
from transforms.feeds.failures import FetchError, FetchFailed, FetchReason, FetchRefused

PERMANENT = frozenset({301, 308})
REDIRECTS = PERMANENT | {302, 303, 307}
ACCEPT_FEEDS = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
_WANTED = ("age", "cache-control", "content-type", "date", "etag", "expires", "last-modified", "retry-after")
_CONTACT = re.compile(r"[\x21-\x27\x2a-\x7e]+@[\x21-\x27\x2a-\x7e]+|https?://[\x21-\x27\x2a-\x7e]+")


def _anything(_target: Target) -> None:
    """Let every hop pass."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for; without validators it is answered in full."""

    url: str = field(repr=False)  # it may hold secrets
    policy: Policy = Policy()  # noqa: RUF009  it is frozen
    validators: Validators = Validators()  # noqa: RUF009  it is frozen
    accept: str = ACCEPT_FEEDS
    admit: Callable[[Target], None] = _anything  # called before every hop; it refuses one by raising FetchRefused


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect that was followed."""

    status: int
    location: str = field(repr=False)  # absolute


@dataclass(frozen=True, slots=True)
class Response:
    """What a feed answered in the end."""

    status: int
    headers: Mapping[str, str]  # of those that decide something, lower-case names
    body: bytes = field(repr=False)  # decoded; empty unless the status is 200
    final_url: str = field(repr=False)  # without credentials
    hops: tuple[Hop, ...] = ()
    conditional: bool = False  # whether the request that was answered carried validators
    seconds: float = 0.0  # for all of it
    received_bytes: int = 0  # of the body, before inflating


def user_agent(version: str, contact: str) -> str:
    """Return how we present ourselves.

    Raises:
        UsageError: `contact` is neither a mail address nor a page.
    """
    if not _CONTACT.fullmatch(contact):
        raise UsageError(
            f"--contact {contact!r}: give a mail address or the address of a page, for polled sites to use"
        )
    return f"newsfold/{version} (+{contact})"


@dataclass(frozen=True, slots=True)
class Fetcher:
    """How requests are made; one may serve many threads."""

    user_agent: str
    limits: ExchangeLimits = ExchangeLimits()  # noqa: RUF009  it is frozen
    resolve: Resolver = resolve_by_system
    tls: ssl.SSLContext = field(default_factory=secure_context)

    def fetch(self, request: Request) -> Response:
        """Ask, follow redirects, and return what came in the end, whatever its status.

        Raises:
            FetchRefused: an address, a port, a redirect or the answer is against our rules.
            FetchFailed: no answer, or a damaged one.
        """
        began = time.monotonic()
        deadline = Deadline.starting_now(self.limits)
        target = first = target_of(request.url)
        hops: list[Hop] = []
        while True:
            # Validators go to the address that gave them only, wherever it stands in the run of redirects.
            request.admit(target)
            conditions = request.validators.headers_for(target.url)
            headers = self._headers(target, first, request.accept) | conditions
            answer = self._ask(target, request.policy, headers, deadline)
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                break
            target = _next(target, answer, {first.url, *(hop.location for hop in hops)})
            hops.append(Hop(answer.status, target.url))
            if len(hops) > self.limits.redirects:
                raise FetchRefused(FetchReason.REDIRECTS, f"more than {self.limits.redirects} redirects")
        kept = {name: answer.headers[name] for name in _WANTED if name in answer.headers}
        took = time.monotonic() - began
        url, received = target.url, answer.received_bytes
        return Response(answer.status, kept, answer.body, url, tuple(hops), bool(conditions), took, received)

    def _ask(self, target: Target, policy: Policy, headers: Mapping[str, str], deadline: Deadline) -> Answer:
        addresses = vetted(target, policy, _within(deadline, self.resolve))
        return get(target, addresses, headers, self.tls, deadline)

    def _headers(self, target: Target, first: Target, accept: str) -> dict[str, str]:
        headers = {"User-Agent": self.user_agent, "Accept": accept, "Accept-Encoding": "gzip"}
        # To the listed origin only: a redirect must not carry a password to another host, port or scheme.
        if first.credentials and target.origin == first.origin:
            token = base64.b64encode(first.credentials.encode("utf-8", "surrogatepass")).decode("ascii")
            headers["Authorization"] = f"Basic {token}"
        return headers


def _next(target: Target, answer: Answer, visited: set[str]) -> Target:
    """Return where a redirect leads.

    Raises:
        FetchRefused: to no address of the web, or to where we have been.
    """
    try:
        location = urljoin(target.url, _readable(answer.headers["location"]))
    except ValueError:
        raise FetchRefused(FetchReason.BAD_URL, "a redirect leads to what is no address") from None
    following = target_of(location)
    if following.url in visited:
        raise FetchRefused(FetchReason.REDIRECTS, "the redirects go in a circle")
    return following


def _readable(location: str) -> str:
    """Return a Location as it was meant: headers are read as Latin-1, and servers write UTF-8 and blanks."""
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    return location.strip().replace(" ", "%20")


def _within(deadline: Deadline, resolve: Resolver) -> Resolver:
    """Return a resolver that gives up at the deadline: the system's own may take minutes and cannot be interrupted."""

    def resolve_in_time(host: str, port: int) -> Sequence[str]:
        answers: queue.SimpleQueue[Sequence[str] | FetchError] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(resolve(host, port))
            except FetchError as error:
                answers.put(error)

        threading.Thread(target=ask, daemon=True, name="resolve").start()
        try:
            answer = answers.get(timeout=deadline.wait(deadline.limits.gap_seconds))
        except queue.Empty:
            raise FetchFailed(FetchReason.DNS_TEMPORARY, f"{host} did not resolve in time") from None
        if isinstance(answer, FetchError):
            raise answer
        return answer

    return resolve_in_time
