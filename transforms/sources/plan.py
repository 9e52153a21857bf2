"""The inputs as chunks of work, in slices: lazily, in the same order with the same cuts on every run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from types import MappingProxyType

from schemas.records import Chunk, Segment
from transforms.sources.columns import check_mapping
from transforms.sources.describe import InputReport, describe
from transforms.sources.examine import examine
from transforms.sources.find import Found, find
from transforms.sources.lines import CutLimits
from transforms.sources.opening import InputError
from transforms.sources.segments import Stretch, stretches
from transforms.sources.sniff import holds_records

__all__ = ["InputReport", "PlanLimits", "check", "describe", "plan", "plan_files"]

# So many tables are looked at before the first chunk, so that a wrong column name is told before anything is done.
_CHECKED_AHEAD = 200
_NO_MAPPING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """How much goes into one slice, which is committed as one, and into one chunk, which one worker reads."""

    # 20,000 were 8 % faster, but the driver holds a slice's signatures while workers prepare the next: with 10,000 all
    # processes together stay within 1.5 GB.
    slice_records: int = 10_000
    slice_bytes: int = 64 * 1024 * 1024
    # What a worker holds as Python objects at once, and the smallest share that it can be given.
    chunk_records: int = 1_000
    chunk_bytes: int = 4 * 1024 * 1024

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, not {getattr(self, name)}")


def plan(
    inputs: Sequence[str], limits: PlanLimits, staging: str, mapping: Mapping[str, str] = _NO_MAPPING
) -> Iterator[Chunk]:
    """Return the chunks of all inputs, made as they are asked for; pieces are written under `staging` as they are.

    Raises:
        UsageError: before the first chunk: an input does not exist, or a field of the mapping; a table has neither
            text nor title (of the first 200 files that hold records; of others when their turn comes).
    """
    check_mapping(mapping)
    found = find(inputs)
    ahead = list(islice(found, _CHECKED_AHEAD))
    for entry in ahead:
        check(entry, mapping)
    return plan_files(chain(ahead, found), limits, staging, mapping)


def plan_files(
    files: Iterable[Found], limits: PlanLimits, staging: str, mapping: Mapping[str, str] = _NO_MAPPING
) -> Iterator[Chunk]:
    """Return the chunks of files that were found before, as `plan` does."""
    cut_limits = CutLimits(limits.chunk_records, limits.chunk_bytes)
    parts = (part for entry in files for part in stretches(entry, cut_limits, staging, mapping))
    return _in_slices(_packed(parts, limits), limits)


def check(found: Found, mapping: Mapping[str, str] = _NO_MAPPING) -> None:
    """Look at a file before it is read.

    Raises:
        UsageError: it is a table with neither text nor title.
    """
    if found.refusal or not holds_records(found.path):
        return
    try:
        examine(found, mapping)
    except InputError:
        return  # becomes a reject when its turn comes


def _packed(parts: Iterator[Stretch], limits: PlanLimits) -> Iterator[list[Stretch]]:
    held: list[Stretch] = []
    records = size = 0
    for part in parts:
        full = records + part.records > limits.chunk_records or size + part.bytes > limits.chunk_bytes
        if held and full:
            yield held
            held, records, size = [], 0, 0
        held.append(part)
        records, size = records + part.records, size + part.bytes
    if held:
        yield held


def _in_slices(packs: Iterator[list[Stretch]], limits: PlanLimits) -> Iterator[Chunk]:
    # By what was planned, not by what is read: the cuts must be the same when a killed run is taken up.
    number = records = size = 0
    for ordinal, pack in enumerate(packs):
        pack_records, pack_size = sum(part.records for part in pack), sum(part.bytes for part in pack)
        if records and (records + pack_records > limits.slice_records or size + pack_size > limits.slice_bytes):
            number, records, size = number + 1, 0, 0
        records, size = records + pack_records, size + pack_size
        yield Chunk(number, ordinal, _segments(pack))


def _segments(pack: list[Stretch]) -> tuple[Segment, ...]:
    return tuple(part.segment for part in pack)
