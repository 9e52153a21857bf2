"""Files that workers on several machines share: sent below a lake on an object store, and fetched from there."""

from pathlib import Path

import pytest

from schemas.errors import LakeError
from transforms.lake.layout import Lake
from transforms.lake.shared import fetch, is_shared, send, shared_staging


def test_a_folder_shares_its_staging_and_a_lake_on_a_store_a_place_below_its_url(tmp_path: Path) -> None:
    assert shared_staging(Lake(tmp_path)) == str(tmp_path / "_staging")
    assert shared_staging(Lake(tmp_path, "s3://bucket/lake")) == "s3://bucket/lake/_staging"


@pytest.mark.parametrize(
    ("name", "shared"),
    [
        ("s3://bucket/lake/_staging/a.arrow", True),
        ("s3://bucket/lake/_staging", False),
        ("s3://bucket/lake/articles/a.parquet", False),
        ("s3://bucket/lake2/_staging/a.arrow", False),
        ("/cache/_staging/a.arrow", False),
    ],
)
def test_what_lies_in_shared_staging_is_to_be_fetched(tmp_path: Path, name: str, shared: bool) -> None:
    assert is_shared(name, Lake(tmp_path, "s3://bucket/lake")) == shared
    assert not is_shared(name, Lake(tmp_path))


def test_what_was_sent_is_fetched_by_the_names_that_sending_gave(bucket: str, tmp_path: Path) -> None:
    own, place = tmp_path / "own", f"{bucket}/lake/_staging"
    (own / "pieces").mkdir(parents=True)
    files = [own / "b.arrow", own / "pieces" / "a.json"]
    for file in files:
        file.write_text(file.name)
    names = send(files, own, place)
    assert names == [f"{place}/b.arrow", f"{place}/pieces-a.json"]
    fetched = fetch(names, tmp_path / "other")
    assert [path.read_text() for path in fetched] == ["b.arrow", "a.json"]
    assert [path.parent for path in fetched] == [tmp_path / "other"] * 2
    fetched[0].write_text("kept")
    assert fetch(names[:1], tmp_path / "other")[0].read_text() == "kept"  # what is there is not fetched again
    with pytest.raises(LakeError):
        fetch([f"{place}/c.arrow"], tmp_path / "other")


def test_nothing_is_fetched_without_a_question(tmp_path: Path) -> None:
    assert fetch([], tmp_path / "new") == []
    assert (tmp_path / "new").is_dir()
