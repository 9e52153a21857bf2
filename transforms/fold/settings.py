"""What a user may set about folding."""

from dataclasses import dataclass

DAY_US = 86_400_000_000
"""Microseconds of a day: all times here are microseconds since 1970, UTC."""


@dataclass(frozen=True, slots=True)
class FoldSettings:
    """How far apart in event time two articles may be one story; an undated article is inside every horizon."""

    horizon_days: float = 30
    repost_horizon_days: float = 365  # for long texts that are nearly the same: reposts come back after months

    def __post_init__(self) -> None:
        if not 0 < self.horizon_days <= self.repost_horizon_days:
            raise ValueError(
                f"horizon_days={self.horizon_days} must be above 0 and at most "
                f"repost_horizon_days={self.repost_horizon_days}"
            )
