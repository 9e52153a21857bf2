"""No secret of a feed's address gets into any byte that a command writes: streams, tables, archive, report, tracebacks."""

import base64
import gzip
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet as pq
import pytest

from tests.pipelines.conftest import ROOT
from tests.pipelines.interrupted import ended, run, started, wait_for
from tests.pipelines.live import rss
from tests.scripted import answer

PASSWORD, TOKEN, KEY = "c4n4ry/Pw4%26x", "c4n4ry-T0ken", "c4n4ry7Zq2Rk9mB8xTz41LwV"
# How each of them might be written anywhere.
WRITTEN = {
    *(PASSWORD, "c4n4ry/Pw4&x", quote("c4n4ry/Pw4&x", safe=""), "c4n4ry\\/Pw4", "c4n4ry/Pw4&amp;x"),
    *(TOKEN, KEY, base64.b64encode(b"reader:c4n4ry/Pw4&x").decode()),
}
FORMS = (
    "http://reader:{password}@127.0.0.{host}:{port}/{name}",
    "http://127.0.0.{host}:{port}/{name}?page=2&access_token={token}",
    "http://127.0.0.{host}:{port}/{name}/private/{key}/feed.xml",
)
NAMES = ("good", "page", "cut", "nonsense", "denied", "moved", "bomb", "coded", "broken")
CONTACT = ("--contact", "tests@example.org", "--workers", 1)


def echo(address):
    """Return a feed that prints its own address wherever it can, with one entry that is refused and one that is not."""
    shown = address.replace("&", "&amp;")
    body, joint = rss("good", range(2)).decode(), "&amp;" if "?" in address else "?"
    long = f"<item><title>{'x' * 1001}</title><link>{shown}</link><guid>{shown}#1</guid></item>"
    linked = f"<item><title>Here</title><description>At {shown}</description><link>{shown}{joint}item=1</link></item>"
    own = f"<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='self' href='{shown}'/><link>{shown}</link>"
    return body.replace("</channel>", f"{own}{long}{linked}</channel>").encode()


def script(addresses):
    """Return a site that repeats the address it was asked by in every kind of answer."""

    def answers(connection, asked):
        name = asked.path.strip("/").partition("/")[0].partition("?")[0]
        path = asked.path.partition("item=")[0].partition("again=")[0].rstrip("?&")
        address = next((one for one in addresses if "/" + one.split("/", 3)[3] == path), "")
        again = f"{'&' if '?' in address else '?'}again={TOKEN if TOKEN in address else 1}"
        page = f"<html>{address} is not here</html>".encode()
        told = {
            "good": answer(headers={"ETag": '"1"'}, body=echo(address)),
            "page": answer(body=page),
            "cut": answer(body=echo(address))[:-90],
            "nonsense": f"HTTP/1.1 {address} no\r\n{address}\r\n\r\n".encode(),
            "denied": answer(401, {"WWW-Authenticate": f"Basic realm={address}"}, page),
            "moved": answer(301, {"Location": address.replace("moved", "good") + again}),
            "bomb": answer(headers={"Content-Encoding": "gzip"}, body=gzip.compress(page + bytes(16 * 1024 * 1024))),
            "coded": answer(headers={"Content-Encoding": "gzip"}, body=page),
            "broken": answer(body=b"<rss><channel><item>" + page),
        }
        connection.sendall(told.get(name, answer(404, body=page)))

    return answers


@pytest.fixture
def site(serve, tmp_path):
    """Return the addresses of feeds that misbehave in every way, one secret of each kind in turn, and their list."""
    addresses = []
    server = serve(script(addresses), hosts=len(NAMES))
    for number, name in enumerate(NAMES):
        for form in FORMS:
            parts = {"host": 1 + number, "port": server.port, "name": name}
            addresses.append(form.format(password=quote(PASSWORD, safe="%"), token=TOKEN, key=KEY, **parts))
    folder = tmp_path / "given"
    folder.mkdir()
    listed = folder / "list.txt"
    listed.write_text("".join(f"{address} allow_private\n" for address in addresses))
    return addresses, listed


def written(folder):
    """Yield every file below a folder, decoded as far as it is packed, with its name."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "given" not in path.parts:
            content = path.read_bytes()
            if content.startswith(b"\x1f\x8b"):
                content += gzip.decompress(content)
            if path.suffix == ".parquet":
                content += b"".join(repr(row).encode() for row in pq.read_table(path).to_pylist())
            yield path.relative_to(folder).as_posix(), path.as_posix().encode() + content


def found(*streams, folder):
    """Return where a secret stands, in any of its spellings."""
    told = [(f"stream {number}", stream.encode()) for number, stream in enumerate(streams)]
    secrets = [secret.encode() for secret in WRITTEN]
    return [(name, secret) for name, content in (*told, *written(folder)) for secret in secrets if secret in content]


def test_the_search_finds_what_is_hidden_in_files(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(TOKEN.encode()))
    (tmp_path / "b.txt").write_text(f"at {KEY}")
    assert [name for name, _ in found(f"x {PASSWORD}", folder=tmp_path)] == ["stream 0", "a.gz", "b.txt"]


def test_no_secret_of_an_address_is_written_anywhere(site, tmp_path):
    addresses, listed = site
    lake = tmp_path / "lake"
    poll = ("ingest", "--feeds", listed, "--lake", lake, *CONTACT, "--keep-archive", "--fetch-articles", "--json")
    streams = []
    done = run(tmp_path, *poll)
    assert done.json["polls"]["asked"] == len(addresses)
    assert done.json["polls"]["changed"] >= 3
    assert done.json["counts"]["new"] > 0
    assert done.json["counts"]["rejected"] >= 6
    for words in (
        poll,
        ("ingest", "--feeds", addresses[0], "--lake", lake, *CONTACT),
        ("ingest", "--feeds", addresses[1] + " every=1m", "--lake", lake, *CONTACT),
        ("ingest", addresses[1], "--lake", lake),
        ("feeds", "list", listed, "--lake", lake),
        ("feeds", "check", listed, "--lake", lake, "--resolve"),
        ("feeds", "discover", addresses[3], *CONTACT[:2]),
        ("feeds", "discover", addresses[4], *CONTACT[:2], "--allow-private"),
        ("feeds", "export", listed),
        ("query", "--lake", lake, "select * from polls"),
        ("query", "--lake", lake, "--format", "json", "select * from rejects"),
        ("query", "--lake", lake, "--format", "csv", "select * from stories"),
        ("report", "--lake", lake, "--output", tmp_path / "report.html"),
    ):
        ran = run(tmp_path, *words)
        streams += [ran.out, ran.err]
        assert "Traceback" not in ran.err
    assert (tmp_path / "report.html").stat().st_size > 1000
    hits = found(done.out, done.err, *streams, folder=tmp_path)
    assert hits == []


@pytest.mark.long
def test_watching_writes_no_secret(site, tmp_path):
    _, listed = site
    lake, status = tmp_path / "lake", tmp_path / "status.json"
    child = started("watch", "--feeds", listed, "--lake", lake, *CONTACT, "--status-file", status)
    wait_for(child, "items new")
    child.send_signal(signal.SIGTERM)
    done, _ = ended(child, 120)
    assert done.code == 0, done.err
    assert status.exists()
    assert any(lake.joinpath("polls").glob("*.parquet"))
    assert found(done.out, done.err, folder=tmp_path) == []


_BUGS = {
    "asking": "from transforms.feeds import fetch\n"
    "def bug(self, request):\n    raise RuntimeError(f'{request!r} {self!r}')\nfetch.Fetcher.fetch = bug\n",
    "reading": "from transforms.feeds import poll\n"
    "def bug(feed, asked, state, attempt, digest, parser):\n"
    "    raise RuntimeError(f'{feed!r} {state!r} {attempt!r}')\npoll._read = bug\n",
    "committing": "from transforms.lake import publish\n"
    "def bug(*given, **named):\n    raise RuntimeError(repr(given))\n"
    "from transforms.lake import commit\ncommit.publish = bug\n",
}


@pytest.mark.parametrize(
    "bug", ["asking", *(pytest.param(bug, marks=pytest.mark.long) for bug in _BUGS if bug != "asking")]
)
def test_a_crash_tells_no_secret(site, tmp_path, bug):
    _, listed = site
    words = ["newsfold", "ingest", "--feeds", listed, "--lake", tmp_path / "lake", *CONTACT]
    code = (
        f"import sys; sys.argv = {[str(word) for word in words]}\n{_BUGS[bug]}\nfrom pipelines.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=ROOT, env=os.environ, check=False
    )
    assert done.returncode == 1
    assert "RuntimeError" in done.stderr
    assert found(done.stdout, done.stderr, folder=Path(tmp_path)) == []
