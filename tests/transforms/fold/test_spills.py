"""What waits in staging: written once, read back as it was, in part or whole."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from schemas.errors import LakeError
from schemas.reasons import Reason
from schemas.rejects import reject
from schemas.tables import PREPARED, REJECTS
from tests.transforms.fold.ingested import START, article, batch
from transforms.fold.fingerprint import pack
from transforms.fold.ragged import Ragged
from transforms.fold.signature import UNDATED, Signatures, join, sign
from transforms.fold.spills import (
    at_hand,
    files_of,
    fingerprint_column,
    read_columns,
    read_rows,
    read_signatures,
    spill_name,
    write_spill,
)


@pytest.fixture(scope="module")
def articles(words):
    texts = [" ".join(words(seed, 30 * seed)) for seed in range(7)]  # the first is empty, the second tiny
    return [article(number, text, title=f"Title {number}") for number, text in enumerate(texts)]


def spilled(folder, *parts):
    return [write_spill(batch(part, ordinal), str(folder)) for ordinal, part in enumerate(parts)]


def signed(articles):
    times = np.array(
        [(one.published_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) for one in articles]
    )
    return sign(
        [one.title for one in articles], [one.text for one in articles], times, [one.content_hash for one in articles]
    )


def test_names_are_in_order_as_numbers_are():
    numbers = [(0, 9), (0, 10), (1, 0), (10, 3)]
    assert [spill_name(*pair) for pair in numbers] == sorted(spill_name(*pair) for pair in numbers)
    assert spill_name(7, 42) == "000007-00000042.arrow"


def test_a_spill_says_what_its_batch_counted(tmp_path, articles):
    refused = reject("a.jsonl#line=1", "read", Reason.EMPTY, "nothing", b"{}")
    given = replace(batch(articles[:3], 5, 2), read=9, seen=5, rejects=(refused,), polls="a.polls", staged=("b",))
    spill = write_spill(given, str(tmp_path / "new" / "folder"))
    told = (spill.slice_number, spill.ordinal, spill.read, spill.seen, spill.articles, spill.rejects)
    assert told == (2, 5, 9, 5, 3, 1)
    assert (spill.polls, spill.staged) == ("a.polls", ("b",))
    assert Path(spill.path) == tmp_path / "new" / "folder" / spill_name(2, 5)


def test_a_spill_is_three_files_and_leaves_no_other(tmp_path, articles):
    (spill,) = spilled(tmp_path, articles)
    assert sorted(tmp_path.iterdir()) == sorted(files_of(spill))
    assert [path.name for path in files_of(spill)] == [
        spill_name(0, 0) + suffix for suffix in ("", ".signatures", ".rejects")
    ]


def test_rejects_lie_beside_with_what_a_commit_knows_left_open(tmp_path):
    refused = reject("a.jsonl#line=1", "normalize", Reason.EMPTY, "nothing in it", b"{}")
    (spill,) = [write_spill(replace(batch([]), rejects=(refused,)), str(tmp_path))]
    with pa.OSFile(str(files_of(spill)[2])) as file:
        rows = pa.ipc.open_file(file).read_all()
    assert rows.schema.equals(REJECTS)
    (row,) = rows.to_pylist()
    assert (row["detail"], row["payload"], row["commit"], row["rejected_at"]) == ("nothing in it", b"{}", None, None)


def test_columns_come_as_they_were_asked_for(tmp_path, articles):
    (spill,) = spilled(tmp_path, articles)
    found = read_columns(spill, ["title", "article_id", "language"])
    assert found.column_names == ["title", "article_id", "language"]
    assert found.column("title").to_pylist() == [one.title for one in articles]
    assert read_columns(spill, PREPARED.names).schema.equals(PREPARED)


def test_rows_are_counted_over_all_spills(tmp_path, articles):
    spills = spilled(tmp_path, articles[:2], [], articles[2:5], articles[5:])
    found = read_rows(spills, [6, 0, 2, 2], ["article_id", "title"])
    assert found == {row: (articles[row].article_id, articles[row].title) for row in (0, 2, 6)}
    assert read_rows(spills, [], ["title"]) == {}


@pytest.mark.parametrize("cut", [[7], [0, 7], [3, 4], [1, 0, 5, 1]])
def test_signatures_of_all_spills_are_those_of_all_articles(tmp_path, articles, cut):
    parts, at = [], 0
    for size in cut:
        parts.append(articles[at : at + size])
        at += size
    found, fingerprints = read_signatures(spilled(tmp_path, *parts))
    found, whole = join(found), signed(articles)
    for field in fields(Signatures):
        one, other = getattr(found, field.name), getattr(whole, field.name)
        if isinstance(other, Ragged):
            assert one.offsets.tolist() == other.offsets.tolist()
            one, other = one.values, other.values
        assert np.array_equal(one, other), field.name
        assert one.dtype == other.dtype, field.name
    assert fingerprints.tobytes() == pack(whole).tobytes()


def test_an_undated_article_is_signed_as_such(tmp_path, articles):
    (spill,) = spilled(tmp_path, [replace(articles[3], published_at=None), articles[4]])
    assert join(read_signatures([spill])[0]).published.tolist()[0] == UNDATED
    assert read_columns(spill, ["published_at"]).column(0).to_pylist() == [None, START + timedelta(hours=4)]


def test_fingerprints_are_binaries_of_one_size(articles):
    packed = pack(signed(articles))
    assert fingerprint_column(packed).to_pylist() == [record.tobytes() for record in packed]


def test_what_tagged_the_rows_is_said(tmp_path, articles):
    spill = write_spill(batch(articles), str(tmp_path), "tags 7")
    assert set(read_columns(spill, ["tags_version"]).column(0).to_pylist()) == {"tags 7"}


def test_spills_of_this_machine_are_at_hand_as_they_are(tmp_path, articles):
    spills = spilled(tmp_path, articles)
    with at_hand(spills) as here:
        assert here == spills


def test_spills_of_shared_staging_are_fetched_for_the_time_they_are_needed(bucket, tmp_path, articles):
    (own,), shared = spilled(tmp_path, articles[:2]), write_spill(batch(articles, 1), f"{bucket}/lake/_staging")
    assert shared.path == f"{bucket}/lake/_staging/{spill_name(0, 1)}"
    with at_hand([own, shared]) as here:
        assert here[0] == own
        assert read_columns(here[1], ["title"]).column(0).to_pylist() == [one.title for one in articles]
        assert all(path.exists() for path in files_of(here[1]))
    assert not any(path.exists() for path in files_of(here[1]))
    gone = replace(shared, path=f"{bucket}/lake/_staging/{spill_name(0, 2)}")
    with pytest.raises(LakeError), at_hand([gone]):
        pass
