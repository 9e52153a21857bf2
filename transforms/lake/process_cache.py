"""What a process keeps in memory of a lake, for as long as it is the same lake.

A lake may be made anew in the same place, or marked anew by a takedown, after which nothing that was derived from its
rows may be used or held. Both change the identity that its storage tells, so that is compared at every look.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from transforms.lake.layout import Lake
from transforms.lake.storage import storage_of

KeptT = TypeVar("KeptT")


@dataclass(slots=True)
class ProcessCache(Generic[KeptT]):
    """One value a lake; a lake that is not the one the value is of has none, and the value is let go."""

    # By name, not by identity: the value of a lake that was marked anew would stay until the process ends.
    _values: dict[str, tuple[Hashable, KeptT]] = field(default_factory=dict)

    def get(self, lake: Lake) -> KeptT | None:
        """Return what is kept of a lake."""
        found = self._values.get(lake.name)
        if found is None or found[0] == storage_of(lake).identity():
            return None if found is None else found[1]
        self.drop(lake)
        return None

    def put(self, lake: Lake, value: KeptT) -> None:
        """Keep a value of a lake in the place of the one before."""
        self._values[lake.name] = storage_of(lake).identity(), value

    def drop(self, lake: Lake) -> None:
        """Let go of what is kept of a lake."""
        self._values.pop(lake.name, None)
