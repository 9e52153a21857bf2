"""The lines of recent articles: in a file, in the tables, and the same in both."""

from dataclasses import fields, replace

import numpy as np
import pytest

from tests.transforms.fold.ingested import article, ingested
from transforms.fold import recent
from transforms.fold.fingerprint import VERSION
from transforms.fold.furniture import Lines, lines_of, no_lines
from transforms.fold.ragged import Ragged
from transforms.fold.signature import sign
from transforms.lake.layout import create_or_open, open_lake

FOOTER = "Follow our paper on all channels"


def told(words, number, **given):
    return replace(article(number, f"{' '.join(words(number, 40))}\n{FOOTER}", title=f"Title {number}"), **given)


@pytest.fixture(scope="module")
def articles(words):
    made = [told(words, number) for number in range(6)]
    # The second commit: one published before those of the first, one undated, and a copy, which is a duplicate.
    return [*made[2:5], made[0], replace(made[5], published_at=None), replace(made[1], text=made[2].text)]


@pytest.fixture(scope="module")
def lake(tmp_path_factory, articles):
    root = tmp_path_factory.mktemp("recent") / "lake"
    assert ingested(root, articles[:3], articles[3:])[1] == {"new": 2, "near": 1}
    return open_lake(root)


def lines(articles):
    texts = [one.text for one in articles]
    signatures = sign([one.title for one in articles], texts, np.zeros(len(articles), np.int64))
    return lines_of(signatures, np.arange(len(articles)))


def equal(one, other):
    return all(_same(getattr(one, field.name), getattr(other, field.name)) for field in fields(Lines))


def _same(one, other):
    if isinstance(one, Ragged):
        return np.array_equal(one.values, other.values) and np.array_equal(one.offsets, other.offsets)
    return np.array_equal(one, other)


def test_lines_are_read_commit_by_commit_and_in_order_of_publication_undated_last(lake, articles):
    ordered = [*articles[:3], articles[3], articles[5], articles[4]]
    assert equal(recent.read(lake, 0), lines(ordered))


def test_only_what_came_after_a_commit_is_read(lake, articles):
    assert equal(recent.read(lake, 1), lines([articles[3], articles[5], articles[4]]))
    assert len(recent.read(lake, 2)) == 0


def test_lines_are_the_same_from_a_file(tmp_path, words):
    lake, some = create_or_open(tmp_path / "lake"), lines([told(words, number) for number in range(3)])
    recent.save(lake, some, 7)
    found, commit = recent.load(lake, 9)
    assert equal(found, some)
    assert commit == 7


def test_the_file_that_is_saved_is_the_only_one(tmp_path):
    lake = create_or_open(tmp_path / "lake")
    lake.memory.mkdir()
    (lake.memory / "lines-0-0000000001.npz").write_bytes(b"of an older release")
    for commit in (3, 5):
        recent.save(lake, no_lines(), commit)
    assert [path.name for path in lake.memory.iterdir()] == [f"lines-{VERSION}-0000000005.npz"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (f"lines-{VERSION}-0000000009.npz", None),  # of a commit that is no longer there
        (f"lines-{VERSION}-0000000006.npz", b""),
        (f"lines-{VERSION}-0000000006.npz", b"PK\x03\x04 and no more"),
        (f"lines-{VERSION}-0000000006.npz", b"no archive at all"),
        (f"lines-{VERSION + 1}-0000000006.npz", None),  # of another release's fingerprints
    ],
)
def test_a_file_that_cannot_be_used_is_passed_over(tmp_path, words, name, content):
    lake, some = create_or_open(tmp_path / "lake"), lines([told(words, 1)])
    recent.save(lake, some, 5)
    (whole,) = lake.memory.iterdir()
    (lake.memory / name).write_bytes(whole.read_bytes() if content is None else content)
    found, commit = recent.load(lake, 8)
    assert (len(found), commit) == (1, 5)


def test_a_file_with_a_changed_byte_is_passed_over(tmp_path, words):
    lake = create_or_open(tmp_path / "lake")
    recent.save(lake, lines([told(words, 1)]), 5)
    (path,) = lake.memory.iterdir()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert len(recent.load(lake, 5)[0]) == 0


@pytest.mark.parametrize(("most", "after"), [(1, 1), (3, 1), (4, 0), (6, 0), (7, 0)])
def test_without_a_file_as_many_articles_are_read_as_are_counted_with(lake, monkeypatch, most, after):
    monkeypatch.setattr(recent, "RECENT_ARTICLES", most)
    found, commit = recent.load(lake, 0)  # files are of later commits
    assert (len(found), commit) == (0, after)
