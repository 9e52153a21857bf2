"""Records before damage are kept, nonsense behind it is not; blank stretches cost nothing."""

import gzip
import json
import random
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.reasons import Reason
from transforms.sources.compressed import DamagedError
from transforms.sources.damage import DOUBTED_BYTES, HELD_BYTES, before_damage, line_ends
from transforms.sources.lines import Cut
from transforms.sources.opening import InputError


def cuts_of(*bodies: bytes, error: Exception | None = None) -> Iterator[Cut]:
    start, place = 0, 1
    for body in bodies:
        records = body.count(b"\n")
        yield Cut(start, start + len(body), place, records, body)
        start, place = start + len(body), place + records
    if error:
        raise error


def kept(found: Iterator[Cut]) -> tuple[bytes, bool]:
    """Return the bytes that came, and whether damage was told behind them."""
    got = b""
    try:
        for cut in found:
            assert cut.end - cut.start == len(cut.body)
            got += cut.body
    except InputError:
        return got, True
    return got, False


def sound(line: bytes) -> bool:
    return b"!" not in line


DAMAGE = DamagedError(Reason.BROKEN_ARCHIVE, "damaged")


SPAN = b"x" * (DOUBTED_BYTES - 1) + b"\n"  # what is given up before the damage, as one record


@pytest.mark.parametrize(
    ("bodies", "expected"),
    [
        ((b"a\nb\n" + SPAN, b"!\nc\n"), b"a\nb\n"),
        ((b"a\nb\n", SPAN + b"b!\nc\n", b"d\n"), b"a\nb\n"),
        ((b"a\n" + SPAN[1:] + b"!\n",), b""),
        ((b"a\n\nb\n" + SPAN + b"!\n",), b"a\n\nb\n"),
        ((b"a\n", SPAN), b"a\n"),
        ((b"!\nb\n", SPAN, SPAN), b""),
        ((b"a\n", b"b\n"), b""),
        ((), b""),
    ],
)
def test_what_stands_well_before_the_first_record_that_is_none_is_kept(
    bodies: tuple[bytes, ...], expected: bytes
) -> None:
    assert kept(before_damage(cuts_of(*bodies, error=DAMAGE), line_ends, sound)) == (expected, True)


def test_without_damage_broken_records_stay_for_their_own_rejects() -> None:
    bodies = (b"a!\n", b"b\n", b"c!\n")
    assert kept(before_damage(cuts_of(*bodies), line_ends, sound)) == (b"".join(bodies), False)


def test_a_file_cut_short_held_no_nonsense() -> None:
    error = InputError(Reason.BROKEN_ARCHIVE, "cut short")
    assert kept(before_damage(cuts_of(b"a!\n", b"b\n", error=error), line_ends, sound)) == (b"a!\nb\n", True)


def test_what_lies_far_before_the_damage_is_not_doubted() -> None:
    far = b"a!\n" + b"x" * HELD_BYTES + b"\n"
    assert kept(before_damage(cuts_of(far, far, b"b!\n", error=DAMAGE), line_ends, sound))[0].count(b"a!") == 1


def test_cuts_are_held_back_by_their_size_and_no_more() -> None:
    taken: list[int] = []

    def source() -> Iterator[Cut]:
        for number in range(100):
            taken.append(number)
            yield Cut(0, 1 << 18, 1, 1, b"x" * (1 << 18))

    found = before_damage(source(), line_ends, sound)
    next(found)
    assert len(taken) == HELD_BYTES // (1 << 18) + 1


@given(st.binary(max_size=300))
def test_lines_make_up_the_body(body: bytes) -> None:
    found = list(line_ends(body))
    assert b"".join(body[start:end] for start, end in found) == body
    assert all(b"\n" not in body[start : end - 1] for start, end in found)


def rows(count: int) -> list[dict[str, str]]:
    words = "harbour bridge council lantern winter ferry market choir orchard signal".split()
    choose = random.Random(7).choice
    return [
        {"id": str(n), "title": f"Title {n}", "text": " ".join(choose(words) for _ in range(40))} for n in range(count)
    ]


@pytest.mark.parametrize("shape", ["lines", "array", "csv"])
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0.15, 0.85), st.integers(1, 40), st.integers(0, 3))
def test_wherever_gzip_is_damaged_records_before_it_are_true_and_the_damage_is_one_reject(
    read_all: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
    shape: str,
    place: float,
    size: int,
    seed: int,
) -> None:
    expected = rows(1_500)
    if shape == "lines":
        data = "".join(json.dumps(row) + "\n" for row in expected)
    elif shape == "array":
        data = json.dumps(expected)
    else:
        data = "id,title,text\n" + "".join(f"{row['id']},{row['title']},{row['text']}\n" for row in expected)
    packed = bytearray(gzip.compress(data.encode()))
    at = int(len(packed) * place)
    packed[at : at + size] = random.Random(seed).randbytes(size)
    folder = tmp_path_factory.mktemp("damaged")
    (folder / f"a.{'csv' if shape == 'csv' else 'json'}.gz").write_bytes(packed)
    articles, rejects = read_all(folder)
    assert [reject.reason for reject in rejects] == [Reason.BROKEN_ARCHIVE]
    true = [(row["id"], row["title"], row["text"]) for row in expected]
    found = [(article.item_id, article.title, article.text) for article in articles]
    # A stream that falls into step again behind the damage has wrong words, and only its checksum, at the end, tells.
    wholly_before = zlib.decompressobj(wbits=31).decompress(bytes(packed[:at])).count(b"Title ") - 1
    assert found[:wholly_before] == true[: min(wholly_before, len(found))]
    assert len(found) > 300 or wholly_before < 450


def test_the_last_partial_record_of_a_cut_archive_is_part_of_its_reject(
    tmp_path: Path, read_all: Callable[..., Any]
) -> None:
    data = "".join(json.dumps(row) + "\n" for row in rows(300)).encode()
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(data)[:-2_000])
    articles, [refused] = read_all(tmp_path)
    assert 0 < len(articles) < 300
    assert refused.detail == "cut short"


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_blank_lines_make_no_chunks(tmp_path: Path, name: str, read_all: Callable[..., Any]) -> None:
    from transforms.sources.plan import PlanLimits, plan  # noqa: PLC0415

    data = b'{"title": "first"}\n' + b"\n" * 50_000 + b'{"title": "last"}\n'
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    chunks = list(plan([str(tmp_path)], PlanLimits(), str(tmp_path / ".s")))
    assert len(chunks) <= 2
    articles, rejects = read_all(tmp_path)
    assert not rejects
    assert [a.source_uri.split("#")[1] for a in articles] == ["line=1", "line=50002"]
