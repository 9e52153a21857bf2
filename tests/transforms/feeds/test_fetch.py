import gzip
import ipaddress
import logging
import time
import traceback
from dataclasses import replace

import pytest

from schemas.errors import UsageError
from tests.scripted import always, answer
from transforms.feeds import exchange
from transforms.feeds.addresses import Policy, is_public, policy_of
from transforms.feeds.conditional import Validators
from transforms.feeds.exchange import ExchangeLimits, secure_context
from transforms.feeds.failures import FetchError, FetchFailed, FetchReason, FetchRefused
from transforms.feeds.fetch import Fetcher, Request, user_agent
from transforms.feeds.inflate import BodyLimits

AGENT = "newsfold/0.1.0 (+mailto@example.org)"
FEED = b"<rss version='2.0'><channel><title>t</title></channel></rss>"


NONE = Validators()
DEFAULT = ExchangeLimits()


def loopback(host, port):
    return ["127.0.0.1"]


def fetch(url, validators=NONE, limits=DEFAULT, certificates=None, policy=None, resolve=loopback):
    policy = policy or policy_of(url, allow_private=True)
    tls = secure_context(certificates)
    return Fetcher(AGENT, limits, resolve, tls).fetch(Request(url, policy, validators))


def reason_of(url, kind=FetchError, **named):
    with pytest.raises(kind) as caught:
        fetch(url, **named)
    return caught.value.reason


def test_a_feed_is_fetched_with_manners(serve):
    packed = gzip.compress(FEED)
    server = serve(always(answer(headers={"Content-Encoding": "gzip", "ETag": '"1"', "X-Other": "1"}, body=packed)))
    got = fetch(server.url)
    assert (got.status, got.body, got.final_url, got.hops) == (200, FEED, server.url, ())
    assert got.headers == {"etag": '"1"'}
    assert got.received_bytes == len(packed)
    sent = server.log[0].headers
    assert sent.keys() == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
    assert sent["User-Agent"] == AGENT
    assert sent["Accept-Encoding"] == "gzip"
    assert sent["Accept"].endswith("*/*;q=0.1")
    assert sent["Host"] == f"127.0.0.1:{server.port}"


def test_the_environment_names_no_proxy(serve, monkeypatch):
    server = serve(always(answer(body=FEED)))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    assert fetch(server.url).status == 200


def test_cookies_and_referrers_are_never_sent(serve):
    def script(connection, asked):
        moved = {"Set-Cookie": "a=b", "Location": "/there"}
        connection.sendall(answer(302, moved) if asked.path == "/feed" else answer(body=FEED))

    server = serve(script)
    assert fetch(server.url).status == 200
    assert not any({"cookie", "referer"} & {name.lower() for name in asked.headers} for asked in server.log)


def test_only_the_vetted_address_is_connected_to(serve):
    server = serve(always(answer(body=FEED)))
    asked = []

    def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]  # a name that answers otherwise the second time

    got = fetch(f"http://feeds.example:{server.port}/feed", resolve=resolve)
    assert got.status == 200
    assert asked == ["feeds.example"]
    assert server.log[0].headers["Host"] == f"feeds.example:{server.port}"


def test_validators_go_back_byte_for_byte(serve):
    etag, modified = b'W/"\xe9 \\"x"', "Sat, 21 Nov 2026 10:00:00 +0000 ?"
    server = serve(always(answer(headers={"ETag": etag, "Last-Modified": modified}, body=FEED)))
    first = fetch(server.url)
    known = Validators(first.final_url, first.headers["etag"], first.headers["last-modified"])
    assert fetch(server.url, known).conditional
    assert b"\r\nIf-None-Match: " + etag + b"\r\n" in server.log[1].raw
    assert b"\r\nIf-Modified-Since: " + modified.encode() + b"\r\n" in server.log[1].raw


def test_validators_are_sent_only_to_the_address_that_gave_them(serve):
    def script(connection, asked):
        connection.sendall(answer(302, {"Location": "/there"}) if asked.path == "/feed" else answer(304))

    server = serve(script)
    got = fetch(server.url, Validators(f"http://127.0.0.1:{server.port}/there", '"1"'))
    assert (got.status, got.conditional) == (304, True)
    assert ["If-None-Match" in asked.headers for asked in server.log] == [False, True]


@pytest.mark.parametrize("status", [204, 304, 403, 404, 410, 429, 500, 503])
def test_of_other_answers_only_status_and_headers_count(serve, status):
    body = b"" if status in {204, 304} else b"x" * 10
    server = serve(always(answer(status, {"Retry-After": "60"}, body, length=bool(body))))
    got = fetch(server.url)
    assert (got.status, got.body, got.headers) == (status, b"", {"retry-after": "60"})


def test_redirects_are_followed_and_told(serve):
    steps = {"/feed": (301, "/a b"), "/a%20b": (308, "//localhost:{port}/c"), "/c": (307, "d?é"), "/d?%C3%A9": None}

    def script(connection, asked):
        step = steps[asked.path]
        location = step and step[1].format(port=server.port).encode()
        connection.sendall(answer(step[0], {"Location": location}) if step else answer(body=FEED))

    server = serve(script)
    got = fetch(server.url)
    assert got.final_url == f"http://localhost:{server.port}/d?%C3%A9"
    assert [hop.status for hop in got.hops] == [301, 308, 307]


@pytest.mark.parametrize("redirects", [5, 6])
def test_five_redirects_are_followed_and_no_more(serve, redirects):
    def script(connection, asked):
        number = int(asked.path.rpartition("=")[2]) if "=" in asked.path else 0
        more = answer(302, {"Location": f"/?n={number + 1}"})
        connection.sendall(more if number < redirects else answer(body=FEED))

    server = serve(script)
    if redirects == 5:
        assert fetch(server.url).status == 200
    else:
        assert reason_of(server.url, FetchRefused) == FetchReason.REDIRECTS


def test_a_circle_of_redirects_ends_at_once(serve):
    server = serve(lambda connection, asked: connection.sendall(answer(302, {"Location": "/feed"})))
    assert reason_of(server.url, FetchRefused) == FetchReason.REDIRECTS
    assert len(server.log) == 1


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", FetchReason.SCHEME),
        ("ftp://127.0.0.1/", FetchReason.SCHEME),
        ("gopher://127.0.0.1/", FetchReason.SCHEME),
        ("data:text/xml,<rss/>", FetchReason.SCHEME),
        ("javascript:alert(1)", FetchReason.SCHEME),
        ("http://example.org:22/", FetchReason.PORT),
        ("http://127.0.0.1\\@example.org/", FetchReason.BAD_URL),
        ("http://[::1/", FetchReason.BAD_URL),
    ],
)
def test_a_redirect_to_elsewhere_is_refused(serve, location, reason):
    server = serve(always(answer(302, {"Location": location})))
    assert reason_of(server.url, FetchRefused) == reason


@pytest.fixture
def public(monkeypatch):
    """Return a function that makes a loopback server stand at every public address, as if it were on the internet."""

    def stand_in(server):
        joined = exchange._joined

        def to_loopback(address, port, deadline):
            assert is_public(address), "only what was vetted is connected to"
            return joined(ipaddress.ip_address("127.0.0.1"), server.port, deadline)

        monkeypatch.setattr(exchange, "_joined", to_loopback)

    return stand_in


INSIDE = """
http://169.254.169.254/latest http://[fd00:ec2::254]/ http://[::ffff:127.0.0.1]/ http://[64:ff9b::a9fe:a9fe]/ http://127.1/
http://[2002:7f00:1::]/ http://2130706433/ http://0x7f.1/ http://0177.0.0.1/ http://①②⑦.⓪.⓪.①/ http://127.0.0.1./
http://93.184.216.34@10.0.0.1/ http://inside.example/ http://168.63.129.16/ http://[::]/ http://0/
""".split()


@pytest.mark.parametrize("inside", INSIDE)
def test_a_redirect_from_a_public_address_to_a_private_one_is_refused(serve, public, inside):
    server = serve(always(answer(302, {"Location": inside.encode()})))
    public(server)

    def resolve(host, port):
        return ["10.0.0.1"] if host == "inside.example" else ["93.184.216.34"]

    reason = reason_of("http://feeds.example/feed", FetchRefused, policy=Policy(), resolve=resolve)
    assert reason == FetchReason.PRIVATE_ADDRESS
    assert [asked.path for asked in server.log] == ["/feed"]


def test_a_name_that_turns_private_on_a_redirect_is_refused(serve, public):
    server = serve(always(answer(302, {"Location": "/again"})))
    public(server)
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])

    def resolve(host, port):
        return next(answers)

    reason = reason_of("http://feeds.example/feed", FetchRefused, policy=Policy(), resolve=resolve)
    assert reason == FetchReason.PRIVATE_ADDRESS
    assert len(server.log) == 1


def test_credentials_stay_with_their_origin(serve):
    other = serve(always(answer(body=FEED)))

    def script(connection, asked):
        steps = {"/feed": "/again", "/again": f"http://other:secret@localhost:{server.port}/elsewhere"}
        there = steps.get(asked.path)
        connection.sendall(answer(302, {"Location": there}) if there else answer(body=FEED))

    server = serve(script)
    assert fetch(f"http://user:p%40ss@127.0.0.1:{server.port}/feed").final_url.startswith("http://localhost:")
    assert [asked.headers.get("Authorization") for asked in server.log] == ["Basic dXNlcjpwQHNz"] * 2 + [None]
    assert not other.log


QUICK = ExchangeLimits(connect_seconds=0.3, gap_seconds=0.3, total_seconds=0.6)


@pytest.mark.parametrize(
    "content",
    [answer(headers={"X": "y" * 1000}, body=FEED), answer(body=FEED), b"HTTP/1.1 100 Continue\r\n\r\n" * 1000],
    ids=["headers", "body", "interim"],
)
def test_a_byte_at_a_time_does_not_outlast_the_deadline(serve, content):
    def script(connection, asked):
        given_at_once = content.find(b"\r\n\r\n") + 4 if content.endswith(FEED) and b"X: " not in content else 0
        connection.sendall(content[:given_at_once])
        server.drip(connection, content[given_at_once:], 0.05)

    server = serve(script)
    began = time.monotonic()
    assert reason_of(server.url, FetchFailed, limits=QUICK) == FetchReason.TIMEOUT
    assert 0.5 < time.monotonic() - began < 2.5  # the last byte would come later


@pytest.mark.parametrize("sent", [b"", answer(body=FEED)[:-5]])
def test_silence_ends_before_the_deadline(serve, sent):
    def script(connection, asked):
        connection.sendall(sent)
        server.over.wait(120)

    server = serve(script)
    began = time.monotonic()
    # A slow machine may take many times the gap, and still ends well before the deadline and before the server does.
    patient = replace(QUICK, total_seconds=60.0)
    assert reason_of(server.url, FetchFailed, limits=patient) == FetchReason.TIMEOUT
    assert time.monotonic() - began < 30


def test_a_resolver_that_hangs_ends_in_time():
    assert reason_of("http://slow.example/", resolve=lambda h, p: time.sleep(1) or [], limits=QUICK) == "dns_temporary"


def test_the_deadline_spans_redirects(serve):
    def script(connection, asked):
        server.over.wait(0.2)
        connection.sendall(answer(302, {"Location": f"/?{len(server.log)}"}))

    server = serve(script)
    assert reason_of(server.url, FetchFailed, limits=QUICK) == FetchReason.TIMEOUT


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", FetchReason.RESET),
        (b"nonsense\r\n\r\n", FetchReason.BAD_RESPONSE),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello", FetchReason.BAD_RESPONSE),
        (answer(body=FEED)[:-1], FetchReason.SHORT_BODY),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", FetchReason.SHORT_BODY),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", FetchReason.SHORT_BODY),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", FetchReason.SHORT_BODY),
        (b"HTTP/1.1 200 OK\r\n" + b"".join(b"H%d: x\r\n" % n for n in range(200)) + b"\r\n", FetchReason.BAD_RESPONSE),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", FetchReason.BAD_RESPONSE),
        (b"HTTP/1.1 200 OK\r\n" + (b"X: " + b"y" * 9_000 + b"\r\n") * 20 + b"\r\n", FetchReason.HEADERS_TOO_LARGE),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000, FetchReason.HEADERS_TOO_LARGE),
        (answer(headers={"Content-Encoding": "br"}, body=FEED), FetchReason.CODING),
        (answer(headers={"Content-Encoding": "gzip"}, body=FEED), FetchReason.BROKEN_CODING),
        (
            answer(headers={"Content-Encoding": "gzip"}, body=gzip.compress(b"\0" * (3 << 20), mtime=0)),
            FetchReason.BOMB,
        ),
    ],
)
def test_damaged_and_hostile_answers_are_told_apart(serve, content, reason):
    server = serve(always(content))
    assert reason_of(server.url) == reason


def test_a_body_longer_than_said_is_read_as_far_as_said(serve):
    server = serve(always(answer(body=FEED) + b"more"))
    assert fetch(server.url).body == FEED


def test_a_body_without_length_is_read_to_its_end(serve):
    server = serve(always(answer(body=FEED, length=False)))
    assert fetch(server.url).body == FEED


def test_a_chunked_body_is_put_together(serve):
    pieces = b"5\r\nhello\r\n1;ext=1\r\n \r\n5\r\nworld\r\n0\r\n\r\n"
    server = serve(always(answer(headers={"Transfer-Encoding": "chunked"}, body=pieces, length=False)))
    assert fetch(server.url).body == b"hello world"


def test_too_large_a_body_is_refused_with_its_beginning(serve):
    server = serve(always(answer(body=b"x" * 100_001)))
    with pytest.raises(FetchRefused) as caught:
        fetch(server.url, limits=ExchangeLimits(body=BodyLimits(received_bytes=100_000)))
    assert caught.value.reason == FetchReason.BODY_TOO_LARGE
    assert caught.value.kept == b"x" * 65536


def test_nobody_listening_fails():
    assert reason_of("http://127.0.0.1:1/") == FetchReason.CONNECT


def test_the_next_address_is_tried_where_one_takes_no_connection(serve):
    server = serve(always(answer(body=FEED)))
    got = fetch(f"http://two.example:{server.port}/", resolve=lambda host, port: ["::1", "127.0.0.1"])
    assert got.status == 200


def test_names_are_proven_by_certificates(serve, certificates):
    context, authority = certificates("feeds.example", "127.0.0.1")
    server = serve(always(answer(body=FEED)), context)
    named = f"https://feeds.example:{server.port}/feed"
    assert fetch(named, certificates=authority).body == FEED
    assert fetch(server.url, certificates=authority).body == FEED
    assert reason_of(f"https://other.example:{server.port}/feed", certificates=authority) == FetchReason.TLS
    assert reason_of(named) == FetchReason.TLS  # nobody vouches for it


def test_an_expired_certificate_proves_nothing(serve, certificates):
    context, authority = certificates("feeds.example", expired=True)
    server = serve(always(answer(body=FEED)), context)
    assert reason_of(f"https://feeds.example:{server.port}/", certificates=authority) == FetchReason.TLS


def test_a_server_without_tls_is_no_https(serve):
    server = serve(always(answer(body=FEED)))
    found = reason_of(f"https://127.0.0.1:{server.port}/", limits=QUICK)
    assert found in {FetchReason.TLS, FetchReason.RESET, FetchReason.TIMEOUT}


def test_a_drip_over_tls_does_not_outlast_the_deadline(serve, certificates):
    context, authority = certificates("127.0.0.1")
    server = serve(lambda connection, asked: server.drip(connection, answer(body=FEED), 0.05), context)
    assert reason_of(server.url, certificates=authority, limits=QUICK) == FetchReason.TIMEOUT


@pytest.mark.parametrize(
    "content",
    [b"", b"HTTP/1.1 200 OK\r\nbroken header\r\n\r\n", answer(302, {"Location": "ftp://u:CANARY@h/?token=CANARY"})],
)
def test_no_secret_of_an_address_is_told(serve, content, caplog):
    caplog.set_level(logging.DEBUG)
    server = serve(always(content))
    url = f"http://user:CANARY@127.0.0.1:{server.port}/feed?token=CANARY"
    told = [repr(Request(url)), caplog.text]
    try:
        told.append(repr(fetch(url)))
    except FetchError as error:
        told += [str(error), repr(error), *traceback.format_exception(error)]
    assert "CANARY" not in "".join(told)


@pytest.mark.parametrize("contact", ["", "nobody", "a b@c", "x@y (z)", "ftp://example.org", "a@b\r\nX: y"])
def test_a_contact_that_reaches_nobody_is_wrong_usage(contact):
    with pytest.raises(UsageError, match="--contact"):
        user_agent("0.1.0", contact)


def test_we_say_who_we_are():
    assert user_agent("0.1.0", "https://example.org/bot") == "newsfold/0.1.0 (+https://example.org/bot)"
