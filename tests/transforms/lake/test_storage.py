"""A lake's storage: which one it is, and that each offers all that the commit protocol asks for."""

import inspect
from pathlib import Path

import pytest

from transforms.lake.bucket import Bucket
from transforms.lake.folder import Folder
from transforms.lake.layout import Lake
from transforms.lake.storage import Storage, storage_of

ASKED = [name for name in vars(Storage) if not name.startswith("_")]


def test_a_lake_with_a_url_lies_on_an_object_store(tmp_path: Path) -> None:
    assert isinstance(storage_of(Lake(tmp_path)), Folder)
    assert isinstance(storage_of(Lake(tmp_path, "s3://bucket/lake", "mark")), Bucket)


@pytest.mark.parametrize("kind", [Folder, Bucket])
@pytest.mark.parametrize("name", ASKED)
def test_each_takes_what_the_protocol_gives(kind: type, name: str) -> None:
    asked, own = getattr(Storage, name), getattr(kind, name)
    if isinstance(asked, property):
        assert isinstance(own, property)
    else:
        assert list(inspect.signature(own).parameters) == list(inspect.signature(asked).parameters)


@pytest.mark.parametrize("kind", [Folder, Bucket])
def test_none_offers_what_the_protocol_does_not_know(kind: type) -> None:
    assert {name for name in vars(kind) if not name.startswith("_")} - {*ASKED, "lake", "url"} == set()
