"""Beam's in-memory engine as we use it."""

import errno

import apache_beam as beam
import pytest

from pipelines.local import run_local
from schemas.errors import LakeError


def _double(numbers):
    return numbers | beam.Map(lambda number: number * 2)


def _divide(numbers):
    return numbers | beam.Map(lambda number: 1 / number)


def test_a_graph_gives_back_what_it_makes():
    assert sorted(run_local([1, 2, 3], _double)) == [2, 4, 6]


def test_no_elements_make_none():
    assert run_local([], _double) == []


def _refuse(numbers):
    return numbers | beam.Map(_raise)


def _raise(kind):
    raise {"lake": LakeError("the lake is taken"), "disk": OSError(errno.ENOSPC, "No space left", "/lake/x")}[kind]


@pytest.mark.parametrize(("kind", "error"), [("lake", LakeError), ("disk", OSError)])
def test_what_a_person_can_mend_comes_out_as_it_was_raised(kind, error):
    with pytest.raises(error) as raised:
        run_local([kind], _refuse)
    assert "while running" not in str(raised.value)


def test_an_error_in_a_stage_fails_the_run():
    with pytest.raises(Exception, match="division by zero"):
        run_local([0], _divide)


def test_runs_do_not_see_each_other():
    assert run_local([1], _double) == [2]
    assert run_local([5], _double) == [10]
