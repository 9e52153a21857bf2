"""How the local driver cuts what it reads."""

import pytest

from pipelines.options import IngestOptions
from pipelines.run import limits_of
from transforms.sources.find import find
from transforms.sources.plan import plan_files


def chunks(tmp_path, kilobytes, waiting, workers=2):
    """Return into how many chunks a file of lines of 1 KB is cut."""
    path = tmp_path / "news.jsonl"
    path.write_text(f"{'x' * 1023}\n" * kilobytes, "ascii")
    found = list(find((str(path),)))
    told = IngestOptions(inputs=(str(path),), lake=str(tmp_path / "lake"), workers=workers)
    limits = limits_of(told, sum(one.bytes for one in found) if waiting else None)
    return len(list(plan_files(found, limits, str(tmp_path))))


@pytest.mark.parametrize(
    ("kilobytes", "waiting", "cut"),
    [(900, False, 1), (900, True, 2), (200, True, 1), (1_500, False, 2), (9_000, False, 9), (9_000, True, 9)],
)
def test_workers_that_run_share_what_one_chunk_would_hold(tmp_path, kilobytes, waiting, cut):
    assert chunks(tmp_path, kilobytes, waiting) == cut


def test_every_running_worker_has_some(tmp_path):
    assert chunks(tmp_path, 990, waiting=True, workers=3) == 3


def test_a_small_slice_has_small_chunks():
    assert limits_of(IngestOptions(inputs=("a",), lake="lake", slice_records=100)).chunk_records == 25
