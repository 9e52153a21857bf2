"""What the tagger is told of an Arabic word beside its class."""

import pytest

from transforms.entities.trained.arabic_features import tell


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("أعلنت", "v000"),
        ("حكومتها", "nها000"),
        ("الهيئة", "nة100"),
        ("شركة", "nة010"),
        ("شارع", "n001"),
        ("شارابوفا", "ا000"),
    ],
)
def test_kind_ending_and_heads_are_told(word, told):
    assert tell(word) == told
