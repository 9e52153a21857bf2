"""Damaged archives: which of the records inflated last are kept when damage is noticed.

gzip goes on inflating nonsense behind damaged bytes until a block does not begin like one, which is after one
block as a rule. So what was inflated last is held back, and given up from shortly before the first record in it
that is none: nonsense is made of the letters of the text around it, and for a while it may read like a record.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from transforms.sources.compressed import DamagedError
from transforms.sources.lines import Cut
from transforms.sources.opening import InputError

# A deflate block holds some 200 KB of text. But a stream may also fall into step again behind damage, so that only
# the checksum at its end tells: in files up to this size that is in time.
HELD_BYTES = 16 * 1024 * 1024
# In JSON and CSV of news, nonsense met its first quote, bracket or line break within a tenth of this.
DOUBTED_BYTES = 32 * 1024


def before_damage(
    cuts: Iterable[Cut],
    records_of: Callable[[bytes], Iterable[tuple[int, int]]],
    is_sound: Callable[[bytes], bool],
) -> Iterator[Cut]:
    """Yield the cuts of a compressed file, 16 MB later; before damage, those of them that hold sound records.

    Args:
        cuts: stretches of records as they are inflated.
        records_of: gives (start, end) of the records in a cut's body.
        is_sound: whether a record reads as one.

    Raises:
        InputError: as `cuts` does.
    """
    held: deque[Cut] = deque()
    size = 0
    try:
        for cut in cuts:
            held.append(cut)
            size += len(cut.body)
            while size - len(held[0].body) >= HELD_BYTES:
                size -= len(held[0].body)
                yield held.popleft()
    except DamagedError:
        yield from _sound_ones(held, records_of, is_sound)
        raise
    except InputError:  # cut short or too large: what came before is sound
        yield from held
        raise
    yield from held


def _sound_ones(
    held: Iterable[Cut], records_of: Callable[[bytes], Iterable[tuple[int, int]]], is_sound: Callable[[bytes], bool]
) -> Iterator[Cut]:
    """Yield what is left of the cuts, all of it at least `DOUBTED_BYTES` before the first record that is none."""
    # Two passes: where the first record that is none stands must be known before any that may be nonsense is given out.
    cuts = list(held)
    left = sum(_sound_part(cuts, records_of, is_sound)) - DOUBTED_BYTES
    for cut in cuts:
        kept = records = 0
        for start, end in [] if cut.oversized else records_of(cut.body):
            if end > left:
                break
            kept, records = end, records + bool(cut.body[start:end].strip())
        left -= len(cut.body)
        if left >= 0:
            yield cut
        elif records:
            yield replace(cut, end=cut.start + kept, records=records, body=cut.body[:kept])


def _sound_part(
    cuts: Iterable[Cut], records_of: Callable[[bytes], Iterable[tuple[int, int]]], is_sound: Callable[[bytes], bool]
) -> Iterator[int]:
    """Yield how many bytes of each cut stand before the first record that is none."""
    for cut in cuts:
        for start, end in [] if cut.oversized else records_of(cut.body):
            record = cut.body[start:end]
            if record.strip() and not is_sound(record):
                yield start
                return
        yield len(cut.body)


def line_ends(body: bytes) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each line."""
    start = 0
    while start < len(body):
        end = body.find(b"\n", start) + 1 or len(body)
        yield start, end
        start = end
