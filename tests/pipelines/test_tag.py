"""`newsfold tag`: one line out for each line in, in order, with offsets in the text exactly as given."""

import gzip
import json
import subprocess
import sys

import pytest

from tests.pipelines.conftest import ROOT

KEYS = [
    "id",
    "language",
    "language_score",
    "language_runner_up",
    "language_runner_up_score",
    "entities",
]
TEXTS = {
    7: "  Angela Merkel travelled to Paris on Monday.\r\n\r\nThe Chancellor met Emmanuel Macron there. ",
    None: "😀😀 𝔘nicode: Angela Merkel 😀 was in Paris, and 𠀀 stood beside her; Paris was quiet.",
    "surrogate": "\ud83d half a face before Angela Merkel in Paris, and \udc00 another half after that.",
    "decomposed": "Cafe\u0301 by cafe\u0301, Angela Merkel walked through Paris and found nothing to her taste.",
    "empty": "",
    "spaces": " \n\t ",
    "markup": "<p>Angela Merkel</p> &amp; the mayor of Paris &lt;met&gt; on Monday morning at the station.",
}


def lines_of(texts):
    return "".join(json.dumps({"id": name, "text": text, "other": 1}) + "\n" for name, text in texts.items())


@pytest.fixture(scope="module")
def tagged(newsfold):
    done = newsfold("tag", "-", stdin=lines_of(TEXTS))
    assert (done.code, done.err) == (0, "")
    return [json.loads(line) for line in done.out.splitlines()]


def test_every_line_is_answered_in_order_with_its_id_as_given(tagged):
    assert [found["id"] for found in tagged] == list(TEXTS)
    assert all(list(found) == KEYS for found in tagged)


def test_offsets_cut_the_mention_out_of_the_text_as_given(tagged):
    for found, text in zip(tagged, TEXTS.values(), strict=True):
        mentions = [mention for entity in found["entities"] for mention in entity["mentions"]]
        assert all(text[m["start"] : m["end"]] == m["text"] and m["field"] == "text" for m in mentions)
        names = {entity["name"] for entity in found["entities"]}
        assert (names >= {"Angela Merkel", "Paris"}) == ("Merkel" in text)
        assert all(entity["count"] == len(entity["mentions"]) for entity in found["entities"])


def test_nothing_to_read_is_no_language(tagged):
    by_id = {found["id"]: found for found in tagged}
    assert by_id["empty"]["language"] == by_id["spaces"]["language"] == "und"
    assert by_id["empty"]["entities"] == []
    assert by_id["decomposed"]["language"] == "en"


def test_a_bad_line_is_told_with_its_number_and_costs_only_itself(newsfold, tmp_path):
    path = tmp_path / "lines.jsonl.gz"
    good = json.dumps(
        {"id": 1, "text": "The mayor of Lyon spoke to the drivers of the night trams on Monday."}
    ).encode()
    bad = [b"{broken", b"[1]", b'{"id": 2}', b'{"id": 3, "text": 4}', b"\xff\xfe", b"", b"[" * 100_000]
    path.write_bytes(gzip.compress(b"\n".join([good, *bad, good]) + b"\n"))
    done = newsfold("tag", path)
    assert done.code == 1
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == [1, 1]
    errors = [json.loads(line) for line in done.err.splitlines()]
    assert [error["line"] for error in errors] == list(range(2, 9))
    assert all(error.keys() == {"line", "error"} and error["error"] for error in errors)


def test_a_damaged_archive_is_one_line(newsfold, tmp_path):
    whole = gzip.compress(lines_of(TEXTS).encode("utf-8", "surrogatepass") * 50)
    for name, content in (("cut.gz", whole[:-20]), ("none.gz", b"no archive at all")):
        path = tmp_path / name
        path.write_bytes(content)
        done = newsfold("tag", path)
        assert done.code in {1, 2}
        assert done.err.count("\n") == 1
        assert name in done.err


def test_a_reader_that_leaves_early_is_no_traceback(tmp_path):
    path = tmp_path / "lines.jsonl"
    path.write_text(lines_of(dict.fromkeys(range(3_000), "The mayor of Lyon spoke to the drivers of the trams.")))
    command = f"{sys.executable} -m pipelines.cli tag {path} | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
