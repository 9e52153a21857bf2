"""One feed of a list, as the user listed it."""

from dataclasses import dataclass, field
from datetime import timedelta

from transforms.feeds.addresses import Policy, policy_of, target_of
from transforms.sources.redaction import redacted


@dataclass(frozen=True, slots=True)
class Feed:
    """A listed feed. Private addresses may be reached only where its own list entry says so."""

    url: str = field(repr=False)  # as listed; it may hold secrets
    allow_private: bool = False
    every: timedelta | None = None  # asked for by the user; None: as the feed deserves
    title: str = ""
    folder: str = ""  # of an OPML outline, levels joined by slashes

    @property
    def key(self) -> str:
        """Return what the feed is called in tables, logs and file names: its address without secrets."""
        return redacted(self.url)

    @property
    def policy(self) -> Policy:
        """Return what a request for it may reach."""
        return policy_of(self.url, allow_private=self.allow_private)


def host_of(url: str) -> str:
    """Return the host that politeness counts by: `www.` is the same machine."""
    return target_of(url).host.removeprefix("www.")
