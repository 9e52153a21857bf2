import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import Reason
from transforms.sources.lines import Cut, CutLimits, cut_lines
from transforms.sources.opening import MAX_RECORD_BYTES, InputError

LIMITS = CutLimits(records=3, bytes=50)


def blocks(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def cuts_of(data: bytes, size: int = 7, limits: CutLimits = LIMITS) -> list[Cut]:
    return list(cut_lines(blocks(data, size), limits))


@given(st.lists(st.binary(max_size=30)), st.integers(1, 40), st.integers(1, 4), st.integers(1, 60))
def test_cuts_are_whole_lines_that_make_up_the_stream(lines: list[bytes], size: int, records: int, most: int) -> None:
    data = b"\n".join(lines)
    limits = CutLimits(records, most)
    cuts = cuts_of(data, size, limits)
    end, place = 0, 1
    for cut in cuts:
        assert data[cut.start : cut.end] == cut.body
        passed = data[end : cut.start]  # blank lines make no cut of their own
        assert not passed.strip()
        assert cut.first_place == place + passed.count(b"\n")
        assert cut.end == len(data) or cut.body.endswith(b"\n")
        assert cut.records == cut.body.count(b"\n") + (not cut.body.endswith(b"\n"))
        end, place = cut.end, cut.first_place + cut.records
    assert not data[end:].strip()


@given(st.lists(st.binary(max_size=30)), st.integers(1, 40))
def test_cuts_keep_the_limits_unless_one_line_is_larger(lines: list[bytes], size: int) -> None:
    for cut in cuts_of(b"\n".join(lines) + b"\n", size)[:-1]:
        assert cut.records <= LIMITS.records
        assert len(cut.body) <= LIMITS.bytes or cut.records == 1


@given(st.binary(max_size=300), st.integers(1, 40), st.integers(1, 40))
def test_records_do_not_depend_on_how_the_stream_arrives(data: bytes, one: int, other: int) -> None:
    def lines(size: int) -> list[bytes]:
        return b"".join(cut.body for cut in cuts_of(data, size)).split(b"\n")

    assert lines(one) == lines(other)


def test_a_line_past_the_record_limit_is_passed_over_and_counted() -> None:
    long = b"x" * (MAX_RECORD_BYTES + 600_000)
    data = b"first\n" + long + b"\nlast\n"
    limits = CutLimits(records=1_000, bytes=4 * 1024 * 1024)
    first, oversized, last = cut_lines(blocks(data, 256 * 1024), limits)
    assert (first.body, last.body) == (b"first\n", b"last\n")
    assert oversized.oversized
    assert data[oversized.start : oversized.end] == long + b"\n"
    assert len(oversized.body) == 64 * 1024
    assert [cut.first_place for cut in (first, oversized, last)] == [1, 2, 3]


def test_whole_lines_before_a_break_are_kept() -> None:
    def broken() -> object:
        yield b"one\ntwo\nth"
        raise InputError(Reason.BROKEN_ARCHIVE, "damaged")

    kept: list[Cut] = []
    with pytest.raises(InputError, match="damaged"):
        kept.extend(cut_lines(broken(), LIMITS))  # type: ignore[arg-type]
    assert not kept or kept[0].body == b"one\ntwo\n"
