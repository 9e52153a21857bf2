"""robots.txt is asked for once a day and site, in turn with everything else that a host is asked for."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from transforms.feeds.addresses import Policy, target_of
from transforms.feeds.failures import FetchFailed, FetchReason, FetchRefused
from transforms.feeds.fetch import Response
from transforms.feeds.moments import Moment
from transforms.feeds.permission import Pace, Permission

PAGE = target_of("https://www.news.example/story/1")


@dataclass
class Sites:
    """Answers for /robots.txt, with a clock that only waiting moves."""

    status: int = 200
    body: bytes = b"User-agent: *\nDisallow: /no\n"
    asked: list[str] = field(default_factory=list)
    seconds: float = 1000.0

    def fetch(self, request):
        self.asked.append(request.url)
        if not self.status:
            raise FetchFailed(FetchReason.TIMEOUT, "no bytes in time")
        return Response(self.status, {}, self.body, request.url)

    def clock(self):
        return Moment(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.seconds), "boot", self.seconds)

    def wait(self, seconds):
        self.seconds += seconds
        return False


def permission(sites, kept_in=None):
    return Permission(sites, Pace(sites.clock, sites.wait), kept_in)


def test_a_site_is_asked_once_a_day():
    sites = Sites()
    asking = permission(sites)
    for _ in range(3):
        assert asking.admit(PAGE, Policy()).allows(PAGE.url)
    assert sites.asked == ["https://www.news.example/robots.txt"]
    sites.seconds += 24 * 3600
    asking.admit(PAGE, Policy())
    assert len(sites.asked) == 2


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (503, False), (0, False)])
def test_a_site_that_does_not_answer_well_is_asked_no_more_either(status, allowed):
    sites = Sites(status)
    asking = permission(sites)
    for _ in range(2):
        if allowed:
            asking.admit(PAGE, Policy())
        else:
            with pytest.raises(FetchRefused) as caught:
                asking.admit(PAGE, Policy())
            assert caught.value.reason == FetchReason.ROBOTS
    assert len(sites.asked) == 1


def test_scheme_and_port_are_sites_of_their_own():
    sites = Sites()
    asking = permission(sites)
    for url in ("https://news.example/a", "http://news.example/a", "https://www.news.example/a"):
        asking.admit(target_of(url), Policy())
    assert len(sites.asked) == 3
    assert sites.seconds == 1004.0  # two seconds between each: it is one host


def test_what_was_told_is_known_in_the_next_run(tmp_path):
    sites, place = Sites(), tmp_path / "new" / "robots.json"
    first = permission(sites, place)
    first.admit(PAGE, Policy())
    first.save()
    with pytest.raises(FetchRefused):
        permission(sites, place).admit(target_of("https://www.news.example/no"), Policy())
    assert len(sites.asked) == 1
    sites.seconds += 24 * 3600
    permission(sites, place).admit(PAGE, Policy())
    assert len(sites.asked) == 2


@pytest.mark.parametrize("content", ["", "[1]", '{"a": 1}', '[{"site": ["https", "a", 443]}]', "\0"])
def test_a_file_that_is_not_whole_costs_a_request(tmp_path, content):
    sites, place = Sites(), tmp_path / "robots.json"
    place.write_text(content)
    permission(sites, place).admit(PAGE, Policy())
    assert len(sites.asked) == 1


def test_a_host_waits_for_its_turn_and_for_what_its_site_wants():
    sites = Sites()
    pace = Pace(sites.clock, sites.wait)
    pace.start("a")
    pace.start("b")
    assert sites.seconds == 1000.0
    pace.start("a")
    assert sites.seconds == 1002.0
    pace.start("a", 7.0)
    assert sites.seconds == 1009.0


def test_a_run_that_stops_waits_no_more():
    sites = Sites()
    with pytest.raises(FetchRefused) as caught:
        Pace(sites.clock, lambda _seconds: True).start("a")
    assert caught.value.reason == FetchReason.INTERRUPTED
