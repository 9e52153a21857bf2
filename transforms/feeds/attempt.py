"""One request for a feed and what came of it: all that is needed to decide, now or again after a crash."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from transforms.feeds.failures import FetchError, FetchReason
from transforms.feeds.fetch import PERMANENT, Response
from transforms.feeds.moments import Moment
from transforms.sources.redaction import redacted, without_secrets


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request with its answer or the reason why there is none; it holds no secrets, and may be written down."""

    feed: str  # the listed address without secrets
    moment: Moment  # when the request began
    in_full: bool = True  # it carried no validators
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    answered_by: str = ""  # the address at the end of all redirects, without secrets
    moved_to: str | None = None  # where permanent redirects lead, if that may be remembered
    reason: FetchReason | None = None
    detail: str = ""
    seconds: float = 0.0


def answered(feed: str, url: str, moment: Moment, response: Response) -> Attempt:
    """Return the attempt at `url` that was answered."""
    return Attempt(
        feed,
        moment,
        not response.conditional,
        response.status,
        response.headers,
        without_secrets(response.body, url),
        _without(redacted(response.final_url), url),
        permanent_target(url, response),
        seconds=response.seconds,
    )


def failed(feed: str, url: str, moment: Moment, error: FetchError) -> Attempt:
    """Return the attempt at `url` that came to nothing; what was received of a body is kept."""
    kept = without_secrets(error.kept, url)
    return Attempt(feed, moment, body=kept, answered_by=redacted(url), reason=error.reason, detail=str(error))


def interrupted(feed: str, moment: Moment) -> Attempt:
    """Return the attempt that was begun, and of which nothing else is known."""
    return Attempt(feed, moment, answered_by=feed, reason=FetchReason.INTERRUPTED, detail="stopped before the answer")


def permanent_target(url: str, response: Response) -> str | None:
    """Return where the unbroken run of 301 and 308 from `url` on leads, None where that must not be remembered.

    A step down from https to http is followed today and never remembered, and so is an address with secrets, because
    what is remembered is stored.
    """
    # Only up to the first temporary one: where that leads is of today.
    lasting = list(takewhile(lambda hop: hop.status in PERMANENT, response.hops))
    if not lasting:
        return None
    places = [url, *(hop.location for hop in lasting)]
    secure = [place.lower().startswith("https:") for place in places]
    downgrade = any(before and not after for before, after in pairwise(secure))
    secret = _without(redacted(places[-1]), url) != places[-1]
    return None if downgrade or secret else places[-1]


def _without(shown: str, address: str) -> str:
    """Return an address without the secrets of another: a redirect may carry them on under a name of its own."""
    return without_secrets(shown.encode("utf-8", "surrogatepass"), address).decode("utf-8", "surrogatepass")
