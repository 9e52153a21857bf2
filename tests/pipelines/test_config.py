"""The configuration file."""

import pytest

from pipelines.config import load_config, nearest
from schemas.errors import UsageError

KNOWN = {"lake", "workers", "language_detector"}


def written(tmp_path, text):
    path = tmp_path / "newsfold.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_names_may_have_hyphens_as_flags_do(tmp_path):
    path = written(tmp_path, "lake: my-lake\nlanguage-detector: langdetect\n")
    assert load_config(path, KNOWN) == {"lake": "my-lake", "language_detector": "langdetect"}


def test_an_empty_file_says_nothing(tmp_path):
    assert load_config(written(tmp_path, "# nothing yet\n"), KNOWN) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("wrokers: 2\n", "unknown key 'wrokers'; did you mean 'workers'?"),
        ("- a\n- b\n", "holds a list"),
        ("lake: [unclosed\n", "not YAML"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(tmp_path, text, message):
    with pytest.raises(UsageError) as refusal:
        load_config(written(tmp_path, text), KNOWN)
    assert message in str(refusal.value)
    assert "newsfold.yaml" in str(refusal.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"none\.yaml: No such file"):
        load_config(str(tmp_path / "none.yaml"), KNOWN)


def test_nothing_is_suggested_where_nothing_is_near():
    assert nearest("zzz", KNOWN) == ""
