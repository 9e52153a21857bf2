from datetime import UTC, datetime

import pytest

from transforms.feeds.attempt import answered
from transforms.feeds.fetch import Hop, Response
from transforms.feeds.moments import Moment

LISTED = "https://old.example/f?token=CANARY"
NOW = Moment(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "target",
    ["https://new.example/f?token=CANARY", "https://new.example/f?again=CANARY", "https://new.example/CANARY/f"],
)
def test_a_secret_that_a_redirect_carries_on_is_neither_shown_nor_remembered(target):
    response = Response(200, {}, b"", target, (Hop(301, target),))
    attempt = answered("https://old.example/f", LISTED, NOW, response)
    assert "CANARY" not in repr(attempt)
    assert attempt.answered_by.startswith("https://new.example/")
    assert attempt.moved_to is None


def test_a_redirect_without_secrets_is_both():
    response = Response(200, {}, b"", "https://new.example/f", (Hop(301, "https://new.example/f"),))
    attempt = answered("https://old.example/f", LISTED, NOW, response)
    assert attempt.answered_by == attempt.moved_to == "https://new.example/f"
