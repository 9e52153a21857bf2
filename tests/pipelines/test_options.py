"""What a run may be told."""

import pytest

from pipelines.options import IngestOptions, days, mapping_of
from schemas.errors import UsageError


@pytest.mark.parametrize(("text", "expected"), [("30d", 30), ("8w", 56), ("7", 7)])
def test_a_duration_is_days_or_weeks(text, expected):
    assert days(text) == expected


@pytest.mark.parametrize("text", ["", "d", "3m", "-1d", "1.5d"])
def test_another_duration_is_refused_with_the_remedy(text):
    with pytest.raises(UsageError, match="write days as 30d"):
        days(text)


def test_a_mapping_names_the_column_of_each_target():
    assert mapping_of("text=body_text, title=headline") == {"text": "body_text", "title": "headline"}


@pytest.mark.parametrize("text", ["text", "text=", "=body"])
def test_half_a_mapping_is_refused(text):
    with pytest.raises(UsageError, match="target=column"):
        mapping_of(text)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"workers": -1}, "--workers"),
        ({"max_reject_share": 1.5}, "--max-reject-share"),
        ({"horizon_days": 0}, "--horizon"),
        ({"horizon_days": 400}, "--repost-horizon"),
        ({"slice_records": 0}, "--slice-records"),
    ],
)
def test_a_value_that_no_run_can_use_is_refused_by_name(wrong, named):
    with pytest.raises(UsageError, match=named):
        IngestOptions(inputs=("a",), lake="lake", **wrong)


def test_the_digest_is_of_what_decides_the_rows():
    plain = IngestOptions(inputs=("a",), lake="lake")
    assert plain.digest() == IngestOptions(inputs=("b",), lake="other", workers=1).digest()
    assert plain.digest() != IngestOptions(inputs=("a",), lake="lake", language_detector="langdetect").digest()


def test_workers_default_to_the_cores():
    assert IngestOptions(inputs=("a",), lake="lake").worker_count >= 1
    assert IngestOptions(inputs=("a",), lake="lake", workers=3).worker_count == 3
