"""The ledger's arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.lake.ledger import OUTCOMES, ConservationError, check_conservation


@given(st.fixed_dictionaries(dict.fromkeys((*OUTCOMES, "rejected"), st.integers(0, 99))), st.integers(-3, 3))
def test_counts_balance_exactly_or_the_run_fails(counts: dict[str, int], off: int) -> None:
    balanced = counts | {"read": sum(counts.values()) + off, "published_rejects": 7}
    if off:
        with pytest.raises(ConservationError, match="nothing was published"):
            check_conservation(balanced)
    else:
        check_conservation(balanced)
