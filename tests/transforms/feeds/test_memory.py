"""Whatever a body holds, the process that polls needs at most 64 MB for it; measured in a process of its own."""

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scripted import answer

ROOT = Path(__file__).parents[3]
MEGABYTE = 1 << 20
WIDE = "\U0001f30d"  # beyond U+FFFF: Python keeps a text with one of these at four bytes a letter
SMALL = b"<rss version='2.0'><channel><title>T</title><item><title>One</title></item></channel></rss>"
LATIN, THAI, ESCAPED = " aeno", " \u0e01\u0e02\u0e03\u0e04", ' "\n\\o'
# Five letters by chance: no text deflates less that comes to 15 MB from 5.
FIVE = bytes(LATIN.encode()[byte % 5] for byte in range(256))
ITEM = "<item><title>t</title><description>{}</description></item>"


def texts(count, letters=14_900_000, alphabet=LATIN, begin=WIDE):
    each = letters // count - 70
    drawn = random.Random(1).randbytes(each * count).translate(FIVE).decode()
    drawn = drawn.translate(str.maketrans(LATIN, alphabet))
    return [begin + drawn[number * each : (number + 1) * each] for number in range(count)]


def rss(items, title="T"):
    return f"<rss version='2.0'><channel><title>{title}</title>{''.join(items)}</channel></rss>"


def json_feed(written):
    items = [{"id": str(number), "content_text": text} for number, text in enumerate(written)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": items}
    return json.dumps(feed, ensure_ascii=False)


def atom(written):
    form = "<entry><id>{}</id><title>t</title><content type='html'>{}</content></entry>"
    entries = (form.format(number, text) for number, text in enumerate(written))
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{''.join(entries)}</feed>"


@pytest.fixture
def poll(serve, tmp_path):
    """Return what polls a body; what it returns is told by `one_poll`."""

    def polled(body, charset="utf-8"):
        packed = gzip.compress(body.encode(charset), 6)
        assert len(packed) < 5 * MEGABYTE < 13 * MEGABYTE < len(body.encode(charset)) <= 15 * MEGABYTE
        named = {"Content-Encoding": "gzip", "Content-Type": f"text/xml; charset={charset.replace('cp', 'windows-')}"}
        answers = {"/small": answer(body=SMALL), "/feed": answer(headers=named, body=packed)}
        server = serve(lambda connection, asked: connection.sendall(answers[asked.path]))
        given = (server.url.replace("/feed", "/small"), server.url, str(tmp_path))
        command = [sys.executable, "-m", "tests.transforms.feeds.one_poll", *given]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        print(f"{told['grown'] / MEGABYTE:.1f} MB", told)  # noqa: T201  for docs/operations.md
        return told

    return polled


def test_a_wide_letter_in_every_item_does_not_make_15_mb_60(poll):
    told = poll(rss(map(ITEM.format, texts(1_000))))
    assert told["grown"] < 64 * MEGABYTE
    assert (told["reason"], told["articles"], told["rejects"]) == (None, 1_000, 0)
    assert told["largest_chunk"] < 5 * MEGABYTE


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "records", "body", "charset"),
    [
        ("json", 1_000, lambda: json_feed(texts(1_000)), "utf-8"),
        ("atom", 1_000, lambda: atom(texts(1_000)), "utf-8"),
        ("utf-16", 1_000, lambda: rss(map(ITEM.format, texts(1_000, 7_500_000))), "utf-16"),
        ("thai", 1_000, lambda: rss(map(ITEM.format, texts(1_000, alphabet=THAI, begin=""))), "cp874"),
        ("escaped", 1_000, lambda: rss(map(ITEM.format, texts(1_000, alphabet=ESCAPED))), "utf-8"),
        ("2,000", 2_000, lambda: rss(map(ITEM.format, texts(2_000))), "utf-8"),
        ("16", 16, lambda: rss(map(ITEM.format, texts(16))), "utf-8"),
        ("too long", 1, lambda: rss(map(ITEM.format, texts(1))), "utf-8"),
        (
            "too long, 100 times",
            100,
            lambda: rss(f"<item><author>{one}</author></item>" for one in texts(100)),
            "utf-8",
        ),
        ("too many", 1, lambda: rss(map(ITEM.format, texts(100_000))), "utf-8"),
        ("title", 1, lambda: rss([ITEM.format("x")] * 1_000, texts(1)[0]), "utf-8"),
        ("attribute", 1, lambda: rss([f"<item><enclosure url='http://e.org/{texts(1)[0]}'/></item>"]), "utf-8"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_no_body_costs_the_process_that_polls_64_mb(poll, name, records, body, charset):
    told = poll(body(), charset)
    assert told["grown"] < 64 * MEGABYTE
    # A feed that takes more than its five seconds of CPU is read entry by entry, as far as its time lasts.
    assert told["articles"] + told["rejects"] == records
