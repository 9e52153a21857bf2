"""Two clocks read at once: the one on the wall, which may be set, and the machine's own, which only runs forward."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happens."""

    now: datetime  # UTC
    boot: str = ""  # which start of the machine `uptime` counts from
    uptime: float = 0.0  # seconds, also while the machine sleeps

    def since(self, earlier: datetime, boot: str, uptime: float) -> timedelta:
        """Return how much time has passed at least since an earlier moment, also where the wall clock was set.

        Within one boot the machine's own clock tells. Across boots the wall clock does; where it stands before the
        earlier moment, what is sure is only the time since this boot.
        """
        if boot and boot == self.boot and self.uptime >= uptime:
            return timedelta(seconds=self.uptime - uptime)
        passed = self.now - earlier
        return passed if passed >= timedelta(0) else timedelta(seconds=self.uptime)


Clock = Callable[[], Moment]


def system_moment() -> Moment:
    """Return the moment by this machine's clocks."""
    boot_clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return Moment(datetime.now(UTC), _boot(), time.clock_gettime(boot_clock))


@cache
def _boot() -> str:
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return ""  # elsewhere than on Linux only the wall clock tells across processes
