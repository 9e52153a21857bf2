"""What a run says it did."""

import pytest

from pipelines.summary import COUNTS, Summary, add_up, describe


def ledger_row(**counts):
    return dict.fromkeys(COUNTS, 0) | counts


def summary(**counts):
    return Summary("0000000001", "lake", 1, 2.0, ledger_row(**counts), {"broken_record": counts.get("rejected", 0)})


def test_the_slices_of_a_run_are_added_up():
    rows = [ledger_row(read=10, new=9, rejected=1), ledger_row(read=5, seen=5)]
    assert add_up(rows) == ledger_row(read=15, new=9, seen=5, rejected=1)


def test_a_count_that_an_older_release_did_not_have_is_nothing():
    assert add_up([ledger_row(read=3) | {"excerpt": None}])["excerpt"] == 0


@pytest.mark.parametrize(("read", "rejected", "share"), [(99, 99, 0.0), (100, 25, 0.25), (0, 0, 0.0)])
def test_rejects_are_a_share_only_where_enough_was_read(read, rejected, share):
    assert summary(read=read, rejected=rejected).reject_share == share


def test_the_description_names_what_is_there_and_leaves_out_what_is_not():
    text = describe(summary(read=10, new=6, near=3, rejected=1))
    assert "read 10 articles in 2.0 s (5/s)" in text
    assert "6 new, 3 near" in text
    assert "excerpt" not in text
    assert "1 (1 broken_record)" in text


def test_json_holds_every_count():
    assert set(summary(read=1).to_json()["counts"]) == set(COUNTS)
