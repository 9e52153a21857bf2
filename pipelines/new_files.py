"""Which files of the inputs are new or changed since they were last read, for runs that go on."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schemas.errors import UsageError
from transforms.sources.find import Found, find
from transforms.sources.plan import check

_LOG = logging.getLogger(__name__)
Version = tuple[int, int]  # bytes, nanoseconds of the last change


@dataclass(slots=True)
class NewFiles:
    """Looks at the inputs again and again. A file is ready when two looks in a row find it the same."""

    inputs: Sequence[str]
    mapping: Mapping[str, str] = field(default_factory=dict)
    _seen: dict[str, Version] = field(default_factory=dict)
    _taken: dict[str, Version] = field(default_factory=dict)
    _ready: list[Found] = field(default_factory=list)

    def look(self) -> None:
        """Find out which files are ready."""
        files = self._find()
        before, self._seen = self._seen, {found.path: _version(found) for found in files}
        self._ready = [
            found
            for found in files
            if before.get(found.path) == _version(found) and self._taken.get(found.path) != _version(found)
        ]

    def take(self) -> list[Found]:
        """Return the files that were ready at the last look, sorted by path: each version of a file once.

        A table that no column can be read from is told and passed over, like an input that is gone.
        """
        ready, self._ready = self._ready, []
        self._taken |= {found.path: _version(found) for found in ready}
        return [found for found in ready if self._readable(found)]

    def _find(self) -> list[Found]:
        try:
            return list(find(self.inputs)) if self.inputs else []
        except UsageError as error:
            if self._seen:  # told once, when it goes
                _LOG.warning("%s", error)
            return []

    def _readable(self, found: Found) -> bool:
        try:
            check(found, self.mapping)
        except UsageError as error:
            _LOG.warning("%s", error)
            return False
        return True


def _version(found: Found) -> Version:
    return found.bytes, found.modified_ns
