"""Which releases made a row."""

import importlib.metadata
import platform

import pytest

from pipelines.versions import tags_version, versions
from transforms.entities.taggers import EntityChoice


def test_the_ledger_names_what_decides_the_rows():
    found = versions()
    assert set(found) == {
        *("newsfold", "python", "language", "entities"),
        *("apache-beam", "pyarrow", "deltalake", "feedparser", "selectolax"),
    }
    assert found["pyarrow"] == importlib.metadata.version("pyarrow")
    assert found["newsfold"] == importlib.metadata.version("newsfold")
    assert found["python"] == platform.python_version()
    assert all(found.values())


@pytest.mark.parametrize(
    ("detector", "entities", "same"),
    [("default", "fast", True), ("py3langid", "fast", False), ("default", "accurate", False)],
)
def test_rows_of_other_taggers_say_another_version(detector, entities, same):
    plain = tags_version("default", EntityChoice("fast", ()))
    assert (tags_version(detector, EntityChoice(entities, ())) == plain) == same


def test_the_version_is_that_of_the_rules_the_detector_and_the_tagger():
    found, known = tags_version("py3langid", EntityChoice()), versions()
    assert found == f"{known['language']}/py3langid {known['entities']}"
