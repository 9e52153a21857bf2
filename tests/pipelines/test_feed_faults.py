"""Servers that misbehave, end to end: every fault has its reason in `polls`, and costs its neighbours nothing."""

import gzip
import json
import socket
import struct
import time as clock
from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.options import IngestOptions
from pipelines.watch import watch
from tests.pipelines.live import by_path, listed, rss, tagged
from tests.pipelines.stored import item_ids, rejects
from tests.pipelines.timeline import Timeline, loopback_fetcher
from tests.scripted import always, answer
from transforms.lake.layout import open_lake
from transforms.lake.verify import verify

FEED = rss("x", range(3))
HOUR = 3600.0


def reset(connection, asked):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def reset_in_the_body(connection, asked):
    connection.sendall(answer(body=FEED)[:-100])
    reset(connection, asked)


def chunked(*pieces):
    return always(answer(headers={"Transfer-Encoding": "chunked"}, length=False) + b"".join(pieces))


def to(location, status=302):
    return always(answer(status, {"Location": location}))


def count_up(connection, asked):
    step = int(asked.path.rpartition("/")[2] or 0) if asked.path.count("/") > 1 else 0
    connection.sendall(answer(302, {"Location": f"/six_redirects/{step + 1}"}))


def coded(body, coding="gzip"):
    return always(answer(headers={"Content-Encoding": coding}, body=body))


FAULTS = {
    "reset": (reset, "reset"),
    "silent": (always(b""), "reset"),
    "reset_in_the_body": (reset_in_the_body, "short_body"),
    "short_length": (always(answer(body=FEED)[:-100]), "short_body"),
    "bad_chunking": (chunked(b"5\r\nhello\r\nzz\r\n"), "short_body"),
    "no_last_chunk": (chunked(b"5\r\nhello\r\n"), "short_body"),
    "no_http": (always(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "bad_response"),
    "endless_headers": (always(answer(headers={"X": "y" * 70_000}, body=FEED)), "bad_response"),
    "circle": (to("/circle"), "redirects"),
    "six_redirects": (count_up, "redirects"),
    "to_a_file": (to("file:///etc/passwd"), "scheme"),
    "to_ftp": (to("ftp://127.0.0.1/feed"), "scheme"),
    "to_another_port": (to("http://127.0.0.1:6379/"), "port"),
    "bomb": (coded(gzip.compress(b"<rss>" + bytes(40_000_000))), "bomb"),
    "too_large": (always(answer(body=b"<rss>" + b"x" * 5_300_000)), "body_too_large"),
    "broken_gzip": (coded(gzip.compress(FEED)[:-20] + b"y" * 20), "broken_coding"),
    "other_coding": (coded(FEED, "br"), "coding"),
    "two_codings": (coded(gzip.compress(gzip.compress(FEED)), "gzip, gzip"), "coding"),
    "error": (always(answer(500)), "status_500"),
    "missing": (always(answer(404)), "status_404"),
    "gone": (always(answer(410)), "status_410"),
    "forbidden": (always(answer(403)), "status_403"),
    "limited": (always(answer(429, {"Retry-After": "60"})), "status_429"),
    "resting": (always(answer(503, {"Retry-After": "7200"})), "status_503"),
    "page": (always(answer(body=b"<!doctype html><html><body>Please log in</body></html>")), "not_a_feed"),
    "json_error": (always(answer(body=b'{"error": "quota"}')), "not_a_feed"),
    "nothing": (always(answer(body=b"")), "not_a_feed"),
    "well": (tagged("well", 3), None),
}
KEPT = {"not_a_feed": 3, "too_large": 1, "broken_archive": 4}


@pytest.fixture
def secure(serve, certificates, tmp_path):
    """Return lines of a list for TLS servers, one well and two not, and the file of all their authorities."""
    lines, bundle = [], tmp_path / "authorities.pem"
    for host, name, expired in ((40, "127.0.0.40", False), (41, "127.0.0.41", True), (42, "other.example", False)):
        context, authority = certificates(name, expired=expired)
        server = serve(always(answer(body=rss(f"tls{host}", range(2)))), context, hosts=host)
        lines.append(f"https://127.0.0.{host}:{server.port}/tls{host} allow_private")
        with bundle.open("ab") as file:
            file.write(Path(authority).read_bytes())
    return lines, bundle


def test_every_fault_has_its_reason_and_costs_nothing_else(serve, secure, newsfold, tmp_path):
    server = serve(by_path(**{name: script for name, (script, _) in FAULTS.items()}), hosts=len(FAULTS))
    lines, authorities = secure
    lines += [
        f"http://127.0.0.{number}:{server.port}/{name} allow_private" for number, name in enumerate(FAULTS, start=1)
    ]
    lines.append("http://127.0.0.99/not_admitted")
    (tmp_path / "list.txt").write_text("\n".join(lines), "utf-8")
    lake = tmp_path / "lake"
    given = ("--feeds", tmp_path / "list.txt", "--lake", lake, "--contact", "a@b.example", "--workers", 1, "--json")
    done = newsfold("ingest", *given, SSL_CERT_FILE=str(authorities))
    assert done.code == 0, done.err
    assert done.err.count("\n") <= 1  # progress; no traceback, no warning of a library
    told = {name: reason for name, (reason,) in listed(lake, "reason").items()}
    expected = {name: reason for name, (_, reason) in FAULTS.items()}
    assert told == expected | {"tls40": None, "tls41": "tls", "tls42": "tls", "not_admitted": "private_address"}
    assert item_ids(lake) == ["tls40-0", "tls40-1", "well-0", "well-1", "well-2"]
    assert done.json["rejected_by_reason"] == KEPT
    assert {len(row["payload"]) <= 65_536 for row in rejects(lake)} == {True}
    assert json.dumps(done.json).count("127.0.0") == 0
    assert verify(open_lake(lake)) == []


@pytest.mark.long
def test_stalls_and_drips_end_after_half_a_minute(serve, newsfold, tmp_path):
    def drip(connection, asked):
        server.drip(connection, answer(body=FEED), 0.5)

    def drip_in_the_body(connection, asked):
        whole = answer(body=FEED)
        connection.sendall(whole[:-200])
        server.drip(connection, whole[-200:], 1.0)

    def stall(connection, asked):
        connection.sendall(answer(body=FEED)[:-10])
        server.over.wait(60)

    def hang(connection, asked):
        server.over.wait(60)

    scripts = {"drip": drip, "drip_in_the_body": drip_in_the_body, "stall": stall, "hang": hang, "well": tagged("w", 2)}
    server = serve(by_path(**scripts), hosts=len(scripts))
    lines = [f"http://127.0.0.{1 + n}:{server.port}/{name} allow_private" for n, name in enumerate(scripts)]
    (tmp_path / "list.txt").write_text("\n".join(lines), "utf-8")
    lake = tmp_path / "lake"
    began = clock.monotonic()
    given = ("--feeds", tmp_path / "list.txt", "--lake", lake, "--contact", "a@b.example", "--workers", 1)
    assert newsfold("ingest", *given).code == 0
    whole = clock.monotonic() - began
    reasons = listed(lake, "reason", "seconds")
    assert {name: reason for name, (reason, _) in reasons.items()} == {
        **dict.fromkeys(("drip", "drip_in_the_body", "stall", "hang"), "timeout"),
        "well": None,
    }
    print(f"\nwhole command {whole:.1f} s")  # noqa: T201  a figure of docs/operations.md
    assert whole < 60
    assert item_ids(lake) == ["w-0", "w-1"]


def simulated(tmp_path, server, time, hours, lines):
    (tmp_path / "list.txt").write_text("\n".join(lines), "utf-8")
    told = IngestOptions(
        (), str(tmp_path / "lake"), feeds=str(tmp_path / "list.txt"), contact="tests@example.org", workers=1
    )
    time.ends(hours * HOUR)
    return watch(told, lambda status: None, time.stop, time.round(), loopback_fetcher(), round_seconds=900.0)


def test_a_host_that_storms_with_429_is_left_alone_as_a_whole(serve, tmp_path):
    time, asked_at = Timeline(), []

    def script(connection, asked):
        asked_at.append(time.seconds)
        if time.seconds < 3 * HOUR:
            connection.sendall(answer(429, {"Retry-After": "1"}))
        else:
            tagged(asked.path.strip("/"), 1)(connection, asked)

    server = serve(script)
    lines = [f"http://one.example:{server.port}/f{number} allow_private" for number in range(10)]
    simulated(tmp_path, server, time, 8, lines)
    storm = [at for at in asked_at if at < 3 * HOUR]
    assert len(storm) <= 13  # one request a quarter of an hour, whatever it says
    assert all(later - earlier >= 899 for earlier, later in pairwise(storm))
    assert item_ids(tmp_path / "lake") == sorted(f"f{number}-0" for number in range(10))


@pytest.mark.long
def test_flapping_servers_and_lying_validators_lose_no_item_that_is_shown(serve, tmp_path):
    time, asked = Timeline(), []

    def flapping(connection, request):
        asked.append(request)
        even = len(asked) % 2 == 0
        connection.sendall(answer(500)) if even else tagged("flapping", 3 + len(asked) // 3)(connection, request)

    def lying(connection, request):
        unchanged = request.headers.get("If-None-Match") == '"same"'
        body = rss("lying", range(3 + int(time.seconds // (24 * HOUR))))
        connection.sendall(answer(304) if unchanged else answer(headers={"ETag": '"same"'}, body=body))

    server = serve(by_path(flapping=flapping, lying=lying))
    lines = [f"http://{name}.example:{server.port}/{name} allow_private" for name in ("flapping", "lying")]
    simulated(tmp_path, server, time, 16 * 24, lines)
    found = item_ids(tmp_path / "lake")
    shown = 3 + (len(asked) - (len(asked) % 2 == 0)) // 3
    assert sum(item.startswith("flapping") for item in found) >= shown - 1
    assert sum(item.startswith("lying") for item in found) >= 3 + 15
    assert len(found) == len(set(found))
