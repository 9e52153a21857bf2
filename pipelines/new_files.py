"""Which files of the inputs are new or changed since they were last read, for runs that go on."""

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from schemas.errors import UsageError
from transforms.sources.find import Found, find
from transforms.sources.plan import check

_LOG = logging.getLogger(__name__)
# A look at 100,000 files takes 0.7 s of CPU: without a bound a third of a core, for ever.
_LOOKING_SHARE = 0.05
_DIGEST_BYTES = 8  # two of a million files are mistaken for each other at odds of 1 in 40 million


@dataclass(frozen=True, slots=True)
class Looked:
    """What is remembered from look to look, a digest for each version of a file that is there; what is gone is not."""

    taken: frozenset[bytes] = frozenset()
    met: frozenset[bytes] = frozenset()  # at the last look, and not taken


@dataclass(slots=True)
class NewFiles:
    """Looks at the inputs again and again. A file is ready when two looks in a row find it the same."""

    inputs: Sequence[str]
    mapping: Mapping[str, str] = field(default_factory=dict)
    looked: Looked = Looked()
    _found: bool = False
    _ready: list[Found] = field(default_factory=list)
    _not_before: float = 0.0  # seconds of uptime

    def look_if_due(self, uptime: Callable[[], float]) -> None:
        """Look, unless it took so long the last time that looking would fill more than a twentieth of the time."""
        begun = uptime()
        if begun >= self._not_before:
            self.look()
            self._not_before = begun + (uptime() - begun) / _LOOKING_SHARE

    def look(self) -> None:
        """Find out which files are ready; where an input cannot be listed, nothing is and nothing is forgotten."""
        self._ready = []
        try:
            files = {_digest(found): found for found in find(self.inputs)} if self.inputs else {}
        except UsageError as error:
            if self._found:  # told once, when it goes
                _LOG.warning("%s", error)
            self._found = False
            return
        self._found = bool(files)
        # Met twice the same: whoever writes a file slowly changes its size or time between two looks.
        new = files.keys() - self.looked.taken
        self._ready = [found for digest, found in files.items() if digest in new and digest in self.looked.met]
        self.looked = Looked(self.looked.taken & files.keys(), frozenset(new))

    @property
    def ready_bytes(self) -> int:
        """Return the size of what `take` would give."""
        return sum(found.bytes for found in self._ready)

    def take(self) -> list[Found]:
        """Return the files that were ready at the last look, sorted by path: each version of a file once.

        A table that no column can be read from is told and passed over, like an input that is gone.
        """
        ready, self._ready = self._ready, []
        digests = frozenset(map(_digest, ready))
        self.looked = Looked(self.looked.taken | digests, self.looked.met - digests)
        return [found for found in ready if self._readable(found)]

    def _readable(self, found: Found) -> bool:
        try:
            check(found, self.mapping)
        except UsageError as error:
            _LOG.warning("%s", error)
            return False
        return True


def version_of(found: Found) -> tuple[str, int, int]:
    """Return what tells a version of a file: its path, bytes, and nanoseconds of the last change."""
    return found.path, found.bytes, found.modified_ns


def _digest(found: Found) -> bytes:
    told = repr(version_of(found)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(told, digest_size=_DIGEST_BYTES).digest()
