"""Work that is done ahead comes back in order, and no further ahead than told."""

from collections.abc import Iterator
from concurrent.futures import Future

from hypothesis import given
from hypothesis import strategies as st

from transforms.ahead import submitted_ahead


def _at_once(item: int) -> Future[int]:
    """Do the work when it is handed out."""
    future: Future[int] = Future()
    future.set_result(item + 1)
    return future


@given(st.lists(st.integers()), st.integers(0, 5))
def test_results_come_in_order_with_no_more_items_taken_than_told(items: list[int], most: int) -> None:
    taken: list[int] = []

    def noted() -> Iterator[int]:
        for item in items:
            taken.append(item)
            yield item

    results: list[int] = []
    for future in submitted_ahead(_at_once, noted(), most):
        results.append(future.result())
        assert len(taken) <= len(results) + most
    assert results == [item + 1 for item in items]
