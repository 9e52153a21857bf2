import mmap

import numpy as np
import pytest

from transforms.fold import store
from transforms.fold.fingerprint import pack
from transforms.fold.memory import Memory, remember
from transforms.fold.segment import Rows, raw_hashes
from transforms.fold.signature import sign


def rows_of(numbers, words):
    ids = np.array([f"{number:016x}{0:016x}" for number in numbers], "S32")
    texts = [" ".join(words(number, 60)) for number in numbers]
    signatures = sign([""] * len(texts), texts, np.arange(len(texts)))
    return Rows(ids, ids, ids, raw_hashes(ids, ids), np.ones(len(ids), dtype=np.int32), pack(signatures))


@pytest.fixture
def memory(words):
    memory = remember(Memory(), rows_of(range(50), words), 1)
    return remember(memory, rows_of(range(50, 60), words), 3)


def ids_of(memory):
    return sorted(identifier for segment in memory.segments for identifier in segment.rows.article_id.tolist())


def test_what_is_saved_is_loaded(tmp_path, memory):
    store.save(tmp_path, memory)
    loaded = store.load(tmp_path, 3)
    assert loaded.reached == 3
    assert ids_of(loaded) == ids_of(memory)
    for kept, found in zip(memory.segments, loaded.segments, strict=True):
        assert kept.rows.fingerprint.tobytes() == found.rows.fingerprint.tobytes()
        assert kept.keys.values.tolist() == found.keys.values.tolist()
        assert kept.commits == found.commits


def test_commits_that_are_no_longer_there_are_passed_over(tmp_path, memory):
    store.save(tmp_path, memory)
    assert store.load(tmp_path, 2).reached == 1
    assert store.load(tmp_path, 0) == Memory()


@pytest.mark.parametrize("harm", ["cut", "flip", "empty", "header", "version"])
def test_a_damaged_file_is_passed_over(tmp_path, memory, harm):
    store.save(tmp_path, memory)
    path = sorted(tmp_path.iterdir())[1]
    content = bytearray(path.read_bytes())
    if harm == "flip":
        content[5000] ^= 1
    if harm == "header":
        content[3] ^= 255
    cut = {"cut": len(content) // 2, "empty": 0}.get(harm, len(content))
    path.write_bytes(bytes(content[:cut]).replace(b"segment 2", b"segment 1") if harm == "version" else content[:cut])
    loaded = store.load(tmp_path, 3)
    assert loaded.reached == 1
    assert len(loaded) == 50


def test_files_of_an_older_format_are_replaced(tmp_path, memory):
    old = tmp_path / "fold-0000000000-0000000003.segment"
    old.write_text("an older format")
    assert store.load(tmp_path, 3) == Memory()
    store.save(tmp_path, memory)
    assert not old.exists()
    assert ids_of(store.load(tmp_path, 3)) == ids_of(memory)


def test_what_was_written_is_mapped_and_no_longer_held(tmp_path, memory):
    saved = store.save(tmp_path, memory)
    assert ids_of(saved) == ids_of(memory)
    assert all(not segment.rows.fingerprint.flags.owndata for segment in saved.segments)
    assert all(isinstance(_owner(segment.keys.values), mmap.mmap) for segment in saved.segments)


def _owner(array):
    """Return what an array's memory belongs to."""
    return _owner(array.base) if isinstance(array, np.ndarray) else array


def test_a_missing_link_ends_the_chain(tmp_path, memory):
    store.save(tmp_path, memory)
    min(tmp_path.iterdir()).unlink()
    assert store.load(tmp_path, 3) == Memory()


def test_files_of_merged_segments_are_removed(tmp_path, memory, words):
    store.save(tmp_path, memory)
    grown = remember(memory, rows_of(range(60, 100), words), 4)
    store.save(tmp_path, grown)
    assert len(list(tmp_path.iterdir())) == len(grown.segments)
    assert ids_of(store.load(tmp_path, 4)) == ids_of(grown)


def test_a_folder_without_files_holds_nothing(tmp_path):
    assert store.load(tmp_path / "none", 5) == Memory()
    (tmp_path / "fold-x.segment").write_text("other")
    assert store.load(tmp_path, 5) == Memory()


def test_a_loaded_memory_grows_on(tmp_path, memory, words):
    store.save(tmp_path, memory)
    loaded = store.load(tmp_path, 3)
    grown = remember(loaded, rows_of(range(60, 90), words), 5)
    assert len(grown) == 90
    store.save(tmp_path, grown)
    assert ids_of(store.load(tmp_path, 5)) == ids_of(grown)
