import time

import pytest

from transforms.feeds.robots import EVERYTHING, MAX_ROBOTS_BYTES, NOTHING, read_robots

PAGE = "https://news.example/story/1"
RULES = b"""\xef\xbb\xbfUser-agent: *
Disallow: /

User-agent: Newsfold
Disallow: /private/*.html$
Allow: /private/open.html
Crawl-delay: 7
"""


def test_our_own_record_goes_before_everyones():
    robots = read_robots(200, RULES)
    assert robots.allows(PAGE)
    assert not robots.allows("https://news.example/private/a.html")
    assert robots.allows("https://news.example/private/open.html")
    assert robots.delay == 7.0


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        (404, True),
        (401, True),
        (403, True),
        (410, True),
        (429, False),
        (500, False),
        (503, False),
        (None, False),
        (304, False),
    ],
)
def test_a_status_without_rules_allows_all_or_nothing(status, allowed):
    assert read_robots(status, b"User-agent: *\nDisallow:\n") == (EVERYTHING if allowed else NOTHING)
    assert read_robots(status, b"").allows(PAGE) is allowed


def test_a_site_that_wants_longer_waits_than_we_have_is_left_alone():
    assert not read_robots(200, b"User-agent: *\nCrawl-delay: 31\n").allows(PAGE)


@pytest.mark.parametrize("body", [b"", b"<html>not found</html>", b"\xff\xfe\x00", b"Disallow: /\n"])
def test_what_states_no_rule_for_us_forbids_nothing(body):
    assert read_robots(200, body).allows(PAGE)


@pytest.mark.parametrize(
    "body",
    [
        b"User-agent: *\n" + b"Allow: /" + b"*a" * 100_000 + b"$\n",
        b"User-agent: *\n" + b"Disallow: /x\n" * 30_000,
        b"".join(b"User-agent: a%d\n" % number for number in range(15_000)) + b"Disallow: /x\n" * 15_000,
        b"#" * (MAX_ROBOTS_BYTES + 1),
    ],
)
def test_hostile_rules_take_no_time(body):
    began = time.process_time()
    read_robots(200, body).allows("https://news.example/" + "a" * 2000)
    assert time.process_time() - began < 2
