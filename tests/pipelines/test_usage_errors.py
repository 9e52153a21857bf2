"""Wrong usage: one line that names thing, place and remedy, exit code 2, and nothing written."""

import json
import multiprocessing
import os

import pytest

from pipelines.cli import _run
from tests.pipelines.conftest import corpus, rows, write_jsonl
from transforms.lake.layout import create_or_open
from transforms.lake.lock import writer_lock

CONFIGS = {
    "key.yaml": "wrokers: 2\n",
    "list.yaml": "- a\n",
    "broken.yaml": "lake: [\n",
    "type.yaml": "workers: many\n",
    "mapping.yaml": "map: [text, title]\n",
    "nothing.yaml": "inputs: 7\nlake: new\n",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory that holds good and bad inputs, a lake, and folders and files that are none."""
    monkeypatch.chdir(tmp_path)
    write_jsonl(tmp_path / "good.jsonl", corpus(3))
    (tmp_path / "columns.jsonl").write_text('{"kop": "a", "inhoud": "b", "nummer": 1}\n' * 3)
    (tmp_path / "table.csv").write_text("kop;inhoud\na;b\nc;d\n")
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "todo.txt").write_text("buy milk")
    (tmp_path / "config").mkdir()
    for name, content in CONFIGS.items():
        (tmp_path / "config" / name).write_text(content)
    create_or_open(tmp_path / "lake")
    return tmp_path


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


INGEST = "ingest good.jsonl --lake new"
CASES = [
    ("ingest none.jsonl --lake new", "none.jsonl: there is no such file or folder; check the name"),
    ("ingest none/none.jsonl --lake new", "(the folder none does not exist either)"),
    ("ingest good.jsonl none.jsonl --lake new", "none.jsonl: there is no such file"),
    ("ingest none*.jsonl --lake new", "none*.jsonl: no file matches"),
    ("ingest empty --lake new", "empty: no file to read there; name files, or a folder that holds some"),
    ("ingest --lake new", "nothing to ingest: name files or folders"),
    ("ingest good.jsonl", "--lake is missing: name the folder for the tables"),
    ("ingest good.jsonl --lake notes", "notes is not empty and no lake; name a new or empty folder"),
    ("ingest good.jsonl --lake good.jsonl", "good.jsonl is a file, and a lake is a folder; name another folder"),
    ("ingest good.jsonl --lake good.jsonl/new", "good.jsonl is a file, and a lake is a folder"),
    ("ingest good.jsonl --lake s3://key:secret@bucket/lake", "no place for a lake; write s3://BUCKET/FOLDER"),
    (f"{INGEST} --wrokers 2", "unknown flag --wrokers; did you mean '--workers'?"),
    (f"{INGEST} --worker=2", "unknown flag --worker; did you mean '--workers'?"),
    (f"{INGEST} --runer=DirectRunner", "unknown flag --runer; did you mean '--runner'?"),
    (f"{INGEST} --workers two", "'two' is not a valid integer"),
    (f"{INGEST} --workers -1", "--workers -1: give 1 or more"),
    (f"{INGEST} --slice-records 0", "--slice-records 0: give 1 or more"),
    (f"{INGEST} --max-reject-share 20", "--max-reject-share 20.0: give a share between 0 and 1"),
    (f"{INGEST} --horizon soon", "'soon' is no duration: write days as 30d or weeks as 8w"),
    (f"{INGEST} --horizon -3d", "no duration"),
    (f"{INGEST} --horizon 0d", "--horizon 0d"),
    (f"{INGEST} --repost-horizon 7d", "--repost-horizon 7d"),
    (
        f"{INGEST} --language-detector guess",
        "--language-detector guess: there is none of that name; use one of default",
    ),
    (
        f"{INGEST} --entities guess",
        "--entities guess: there is none of that name; use fast, accurate, spacy:MODEL or hf:MODEL",
    ),
    (f"{INGEST} --gazetteer none.csv", "--gazetteer none.csv: No such file or directory; give a readable CSV file"),
    (f"{INGEST} --gazetteer good.jsonl", "--gazetteer good.jsonl line 1:"),
    (f"{INGEST} --map text", "--map 'text': write target=column pairs"),
    (f"{INGEST} --map txet=inhoud", "did you mean 'text'?"),
    ("ingest columns.jsonl --lake new", "kop, inhoud, nummer"),
    ("ingest table.csv --lake new", "kop, inhoud"),
    (f"{INGEST} --config none.yaml", "--config none.yaml: No such file or directory; give a readable YAML file"),
    (f"{INGEST} --config empty", "--config empty: Is a directory"),
    (f"{INGEST} --config config/key.yaml", "--config config/key.yaml: unknown key 'wrokers'; did you mean 'workers'?"),
    (f"{INGEST} --config config/list.yaml", "--config config/list.yaml: holds a list"),
    (f"{INGEST} --config config/broken.yaml", "--config config/broken.yaml: not YAML"),
    (f"{INGEST} --config config/type.yaml", "type.yaml: workers: 'many' cannot be meant; write a whole number"),
    (f"{INGEST} --config config/mapping.yaml", "mapping.yaml: map: ['text', 'title'] cannot be meant"),
    ("ingest --config config/nothing.yaml", "nothing.yaml: inputs: 7 cannot be meant; write text or a list"),
    ("ingest good.jsonl none --dry-run", "none: there is no such file or folder"),
    ("ingest good.jsonl --dry-run --map txet=a", "did you mean 'text'?"),
    ("ignest good.jsonl", "No such command 'ignest'"),
    ("query", "Missing option '--lake'"),
    ("query --lake notes", "notes is no lake"),
    ("query --lake none", "none is no lake"),
    ("query --lake good.jsonl", "good.jsonl is no lake"),
    ("query --lake lake --format xml", "'xml' is not one of 'table', 'csv', 'json', 'parquet'"),
    ("query --lake lake --format parquet SELECT", "--format parquet: a file is needed; add --output FILE"),
    ("query --lake lake nonsense", "the SQL cannot be answered"),
    ("verify --lake notes", "notes is no lake"),
    ("compact --lake notes", "notes is no lake"),
    ("replay --lake notes", "notes is no lake"),
    ("replay --lake lake --map txet=a", "did you mean 'text'?"),
    ("tag none.jsonl", "none.jsonl: No such file or directory; give a readable file of JSON lines"),
    ("tag good.jsonl --language-detector guess", "guess"),
    ("tag empty", "empty: Is a directory"),
]


@pytest.mark.parametrize(("line", "words"), CASES, ids=[line for line, _ in CASES])
def test_wrong_usage_is_one_line_and_exit_code_2(line, words, folder, capfd):
    before = tree(folder)
    assert _run(line.split()) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.startswith("newsfold: ")
    assert words in said.err
    assert tree(folder) == before


@pytest.mark.parametrize(
    "sql",
    [
        "select nothing from articles",
        "select * from nothing",
        "selec 1",
        "select * from read_csv('/etc/passwd')",
        "select 1; select 2",
        "drop view articles",
        "copy articles to 'stolen.csv'",
    ],
)
def test_sql_that_cannot_be_answered_is_one_line(sql, folder, capfd):
    before = tree(folder)
    assert _run(["query", "--lake", "lake", sql]) == 2
    said = capfd.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert tree(folder) == before


def test_inputs_that_cannot_be_opened_are_rejects_and_cost_nothing_else(folder, capfd):
    (folder / "in").mkdir()
    write_jsonl(folder / "in" / "good.jsonl", corpus(3))
    (folder / "in" / "gone.jsonl").symlink_to(folder / "in" / "nowhere.jsonl")
    (folder / "in" / "secret.jsonl").symlink_to(folder / "notes" / "todo.txt")
    (folder / "in" / "folder.jsonl").mkdir()
    os.mkfifo(folder / "in" / "pipe.jsonl")
    assert _run(["ingest", "in", "--lake", "new", "--workers", "1", "--json"]) == 0
    done = json.loads(capfd.readouterr().out)
    assert (done["counts"]["read"], done["counts"]["new"], done["counts"]["rejected"]) == (6, 3, 3)
    assert done["rejected_by_reason"] == {"outside_tree": 1, "unreadable": 2}


@pytest.mark.parametrize("name", ["gone.jsonl", "pipe.jsonl"])
def test_one_named_file_that_cannot_be_opened_is_read_and_rejected(name, folder, capfd):
    (folder / "gone.jsonl").symlink_to(folder / "nowhere.jsonl")
    os.mkfifo(folder / "pipe.jsonl")
    assert _run(["ingest", name, "--lake", "new", "--workers", "1"]) == 0
    assert "rejected  1 (1 unreadable)" in capfd.readouterr().out


def test_a_second_writer_is_refused_and_told_who_the_first_is(folder, capfd):
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    holder = context.Process(target=hold, args=(str(folder / "lake"), held, done))
    holder.start()
    try:
        assert held.wait(60)
        before = tree(folder)
        for command in ("ingest good.jsonl", "compact", "replay"):
            assert _run([*command.split(), "--lake", "lake"]) == 1
            said = capfd.readouterr().err
            assert said.count("\n") == 1
            assert f"is being written by process {holder.pid}" in said
            assert "(newsfold holding)" in said
        assert tree(folder) == before
        assert _run(["query", "--lake", "lake", "select 1"]) == 0  # reading needs no leave
    finally:
        done.set()
        holder.join()


def hold(root, held, done):
    """Be a writer until told to stop."""
    with writer_lock(create_or_open(root), "holding"):
        held.set()
        done.wait(60)


def test_more_rejects_than_allowed_end_with_exit_code_3_and_everything_readable_stored(folder, capfd):
    lines = (folder / "good.jsonl").read_text("utf-8").splitlines() + ["{broken"] * 40 + ["[7]"] * 60
    (folder / "storm.jsonl").write_text("\n".join(lines), "utf-8")
    assert _run(["ingest", "storm.jsonl", "--lake", "new", "--workers", "1", "--json"]) == 3
    said = capfd.readouterr()
    counts = json.loads(said.out)["counts"]
    assert (counts["read"], counts["new"], counts["rejected"]) == (103, 3, 100)
    assert said.err.splitlines()[-1].startswith("newsfold: 97% of what was read was rejected, and 20% is allowed")
    assert _run(["ingest", "storm.jsonl", "--lake", "new", "--workers", "1", "--max-reject-share", "1"]) == 0


def test_a_configuration_file_says_what_flags_say_and_a_flag_wins(folder, capfd):
    config = {
        "inputs": ["good.jsonl"],
        "lake": "new",
        "workers": 1,
        "slice-records": 1,
        "horizon": "8w",
        "map": {"title": "id"},
    }
    (folder / "newsfold.yaml").write_text(json.dumps(config))
    assert _run(["ingest", "--config", "newsfold.yaml", "--slice-records", "2", "--json"]) == 0
    done = json.loads(capfd.readouterr().out)
    assert done.keys() == {"run_id", "lake", "commits", "seconds", "counts", "rejected_by_reason", "polls"}
    assert done["commits"] == 2
    assert {row["title"] for row in rows("new", "articles")} == {"a00000", "a00001", "a00002"}
    assert done["counts"] == {
        "read": 3, "new": 3, "revision": 0, "exact": 0, "near": 0, "excerpt": 0, "expansion": 0, "seen": 0, "rejected": 0,
    }  # fmt: skip
