"""The seam of protego: what a site's robots.txt allows us (RFC 9309), and how long it wants between two requests."""

from dataclasses import dataclass
from functools import cached_property

from protego import Protego

OUR_NAME = "newsfold"  # the product token that records are matched with
MAX_ROBOTS_BYTES = 512 * 1024  # RFC 9309 asks for 500 KiB at least
LONGEST_DELAY = 30.0  # seconds; a site that wants more has nothing fetched
# Every rule is stored once for each agent above it: what is out of proportion is not read.
_MAX_RULES_TIMES_AGENTS = 1_000_000


@dataclass(frozen=True)
class Robots:
    """What one site says. `text` is None where it says nothing that could be read: then `allowed` holds for all."""

    text: str | None
    allowed: bool = True

    def allows(self, url: str) -> bool:
        """Return whether an absolute URL of the site may be fetched."""
        if self._rules is None:
            return self.allowed
        return bool(self._rules.can_fetch(url, OUR_NAME)) and self.delay <= LONGEST_DELAY

    @property
    def delay(self) -> float:
        """Return how many seconds the site wants between two requests; 0 where it does not say."""
        stated = None if self._rules is None else self._rules.crawl_delay(OUR_NAME)
        return float(stated or 0.0)

    @cached_property
    def _rules(self) -> Protego | None:
        return None if self.text is None else Protego.parse(self.text)


EVERYTHING = Robots(text=None)
NOTHING = Robots(text=None, allowed=False)


def read_robots(status: int | None, body: bytes) -> Robots:
    """Return what an answer to /robots.txt means.

    Args:
        status: 2xx is read; 4xx, but for 429, means that there are no rules; everything else, and None for no answer,
            means that nothing may be fetched (RFC 9309, 2.3.1).
        body: of a 200; a text beyond 512 KB is not believed in parts.
    """
    if status is None or status == 429 or status >= 500:
        return NOTHING
    if status != 200:
        return EVERYTHING if 400 <= status < 500 else NOTHING
    # Counted before it is parsed, in any of the spellings that the parser takes.
    text = body.decode("utf-8-sig", "replace")
    agents = sum(
        line.lstrip()[:10].lower().startswith(("user-agent", "useragent", "user agent")) for line in text.splitlines()
    )
    too_much = len(body) > MAX_ROBOTS_BYTES or agents * text.count("\n") > _MAX_RULES_TIMES_AGENTS
    return NOTHING if too_much else Robots(text)
