"""A table that fills itself: what is asked for first is worked out then, and a look-up of all else costs no call."""

from collections.abc import Callable
from typing import TypeVar

KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")


class WorkedOut(dict[KeyT, ValueT]):
    """Values by key, made by `work_out`; where there are more than `most`, all are forgotten before the next."""

    __slots__ = ("_most", "_work_out")

    def __init__(self, work_out: Callable[[KeyT], ValueT], most: int | None = None) -> None:
        self._work_out = work_out
        self._most = most

    def __missing__(self, key: KeyT) -> ValueT:
        if self._most is not None and len(self) > self._most:
            self.clear()
        found = self[key] = self._work_out(key)
        return found
