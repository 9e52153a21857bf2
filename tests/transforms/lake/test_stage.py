"""The stage Commit in a graph, and the ledger's arithmetic."""

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given
from hypothesis import strategies as st
from small_lakes import decided, decision, run_info, spill, story

from transforms.lake.layout import Lake
from transforms.lake.ledger import OUTCOMES, ConservationError, check_conservation
from transforms.lake.read import last_commit
from transforms.lake.stage import Commit


def test_a_graph_commits_its_slice_and_gives_the_number(lake: Lake) -> None:
    stories = [story(number) for number in range(3)]
    part = decided([spill(lake, 0, stories)], [decision(article) for article in stories])
    with beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions([])) as pipeline:
        numbers = pipeline | beam.Create([part]) | Commit(str(lake.root), run_info())
        assert_that(numbers, equal_to([1]))
    assert last_commit(lake) == 1


@given(st.fixed_dictionaries(dict.fromkeys((*OUTCOMES, "rejected"), st.integers(0, 99))), st.integers(-3, 3))
def test_counts_balance_exactly_or_the_run_fails(counts: dict[str, int], off: int) -> None:
    balanced = counts | {"read": sum(counts.values()) + off, "published_rejects": 7}
    if off:
        with pytest.raises(ConservationError, match="nothing was published"):
            check_conservation(balanced)
    else:
        check_conservation(balanced)
