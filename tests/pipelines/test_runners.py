"""Runners with workers of their own: Prism and Flink where they were fetched, and what is told where they are not."""

import os
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from apache_beam.options.pipeline_options import SetupOptions
from apache_beam.portability import python_urns

from pipelines.beam_flags import beam_options, is_local
from pipelines.distributed import _anywhere, _gist
from runners import parts
from runners.compare import differences
from runners.on_flink import flink_modes
from runners.on_flink_stream import same_rows
from runners.on_spark import spark_modes
from runners.servers import answers, free_port, serving
from runners.trial import compare_runs
from schemas.errors import UsageError
from schemas.records import Chunk, Segment
from tests.pipelines.conftest import corpus, write_jsonl
from tests.pipelines.interrupted import descendants, ended, started, wait_for
from transforms.lake.layout import Lake, create_or_open
from transforms.lake.lock import hold_as_worker, writer_lock

PRISM = parts.CACHE / "prism" / "prism"
needs_prism = pytest.mark.skipif(not PRISM.exists(), reason="Prism is not built here; make prism builds it")
needs_flink = pytest.mark.skipif(
    shutil.which("java") is None or not all((parts.CACHE / name).exists() for name in ("flink", "job-server", "boot")),
    reason="Java or Flink is not here; make flink fetches Flink",
)
needs_spark = pytest.mark.skipif(
    shutil.which("java") is None or not all((parts.CACHE / name).exists() for name in ("spark-job-server", "boot")),
    reason="Java or Spark is not here; make spark fetches Spark",
)


@pytest.fixture(scope="module")
def own(newsfold, tmp_path_factory):
    """A folder with an input, and the lake that this machine's own runner makes of it."""
    folder = tmp_path_factory.mktemp("own")
    write_jsonl(folder / "news.jsonl", corpus(60))
    done = newsfold("ingest", folder / "news.jsonl", "--lake", folder / "lake", "--workers", 1)
    assert done.code == 0, done.err
    return folder


# What a user is told


@pytest.mark.parametrize("flags", [[], ["--runner=DirectRunner"], ["--runner=directrunner"], ["--runner=direct"]])
def test_the_local_runner_goes_by_every_name_that_beam_knows_it_by(flags):
    assert is_local(beam_options(flags, []))


@pytest.mark.parametrize("name", ["PrismRunner", "FlinkRunner", "PortableRunner", "DataflowRunner"])
def test_other_runners_are_not_local(name):
    assert not is_local(beam_options([f"--runner={name}"], []))


@pytest.mark.parametrize(
    ("flags", "code", "told"),
    [
        (["--runner=FlonkRunner"], 2, "Unexpected pipeline runner: FlonkRunner"),
        (["--runner=PrismRunner", "--prism_location=/not/there"], 2, '"/not/there"'),
        (
            ["--runner=PortableRunner", "--job_endpoint=localhost:1", "--job_server_timeout=1"],
            1,
            "PortableRunner: nothing answers at its job endpoint",
        ),
    ],
)
def test_a_runner_that_cannot_be_had_is_one_line(newsfold, own, tmp_path, flags, code, told):
    done = newsfold("ingest", own / "news.jsonl", "--lake", tmp_path / "lake", *flags)
    last = done.err.strip().splitlines()[-1]
    assert (done.code, last.startswith("newsfold: ")) == (code, True)
    assert told in last
    assert "Traceback" not in done.err


def test_of_a_runners_report_our_own_error_is_told():
    report = "Pipeline x failed in state FAILED: java.lang.RuntimeException\n  at y\nschemas.errors.LakeError: disk full\n  z"
    assert _gist(RuntimeError(report)) == "disk full"
    assert _gist(RuntimeError("worker\n  lost ")) == "worker lost"
    trace = "Job x failed: Traceback (most recent call last):\n  File y\nqueue.Empty\n\nDuring it:\n\nTraceback (most recent call last):\n  File z, line 3\nRuntimeError: Channel closed.\n"
    assert _gist(RuntimeError(trace)) == "RuntimeError: Channel closed."


# What a worker finds


def test_a_worker_gets_absolute_paths_and_the_user_the_name_as_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    near, far = Segment("in/a.jsonl", "in/a.jsonl", "jsonl"), Segment("gs://b/c.csv", "gs://b/c.csv", "csv")
    chunk = _anywhere(Lake(tmp_path / "lake"), Chunk(0, 3, (near, far)))
    assert chunk == Chunk(0, 3, (replace(near, path=str(tmp_path / "in/a.jsonl")), far))


def test_a_writer_may_be_its_own_worker_many_times_over(tmp_path):
    lake = create_or_open(tmp_path / "lake")
    for _ in range(2):
        with writer_lock(lake):
            hold_as_worker(str(lake.root))
            hold_as_worker(str(lake.root))


# The runs


@needs_prism
def test_prism_makes_the_same_rows_and_leaves_nothing_in_staging(newsfold, own, tmp_path):
    prism = ["--runner=PrismRunner", f"--prism_location={PRISM}"]
    done = newsfold("ingest", own / "news.jsonl", "--lake", tmp_path / "lake", *prism)
    assert done.code == 0, done.err
    assert differences(own / "lake", tmp_path / "lake") == []
    assert not any((tmp_path / "lake" / "_staging").iterdir())


@needs_prism
def test_what_prism_ingested_is_seen_by_the_local_runner(newsfold, own, tmp_path):
    prism = ["--runner=PrismRunner", f"--prism_location={PRISM}"]
    newsfold("ingest", own / "news.jsonl", "--lake", tmp_path / "lake", *prism)
    again = newsfold("ingest", own / "news.jsonl", "--lake", tmp_path / "lake", "--json")
    assert again.json["counts"]["seen"] == again.json["counts"]["read"] == 60


@needs_prism
def test_a_runner_that_is_killed_ends_the_run_in_one_line_and_the_next_run_finishes(own, newsfold, tmp_path):
    lake = tmp_path / "lake"
    command = started("ingest", own / "news.jsonl", "--lake", lake, "--runner=PrismRunner", f"--prism_location={PRISM}")
    wait_for(command, "Serving JobManagement")
    while not list(lake.glob("_staging/*.arrow")):
        assert command.poll() is None, command.stderr.read()
    (prism,) = [
        pid for pid in descendants(command.pid) if str(PRISM) in Path(f"/proc/{pid}/cmdline").read_text("utf-8")
    ]
    os.kill(prism, signal.SIGKILL)
    done, _ = ended(command)
    told = [line for line in done.err.splitlines() if "Really destroying service" not in line]
    assert (done.code, len(told)) == (1, 1), done.err
    assert told[0].startswith("newsfold: PrismRunner gave up: ")
    assert newsfold("ingest", own / "news.jsonl", "--lake", lake, "--workers", 1).code == 0
    assert differences(own / "lake", lake) == []


@pytest.mark.long
@pytest.mark.parametrize("step", ["staged", "intent written"])
def test_a_worker_that_dies_in_a_commit_ends_the_run_and_the_next_run_finishes(own, newsfold, tmp_path, step):
    lake, worker = tmp_path / "lake", f"exec {sys.executable} -m tests.pipelines.dying_worker '{step}'"
    beam = ["--runner=PortableRunner", "--job_endpoint=embed", f"--environment_type={python_urns.SUBPROCESS_SDK}"]
    command = started("ingest", own / "news.jsonl", "--lake", lake, *beam, f"--environment_config={worker}")
    done, _ = ended(command, 120)
    told = [line for line in done.err.splitlines() if line.startswith("newsfold: ") and "Worker: " not in line]
    assert (done.code, len(told)) == (1, 1), done.err
    assert told[0].startswith("newsfold: PortableRunner gave up: ")
    assert newsfold("ingest", own / "news.jsonl", "--lake", lake, "--workers", 1).code == 0
    assert differences(own / "lake", lake) == []


@pytest.mark.long
@needs_flink
def test_flink_makes_the_same_rows_in_the_driver_and_in_workers_that_install_the_sdist(own, tmp_path):
    assert compare_runs([str(own / "news.jsonl")], tmp_path, {"flink": flink_modes})


@pytest.mark.long
@needs_flink
def test_a_stream_on_flink_outlives_its_task_manager(tmp_path):
    assert same_rows(tmp_path)


@pytest.mark.long
@needs_spark
def test_spark_makes_the_same_rows_in_the_driver_and_in_workers_that_install_the_sdist(own, tmp_path):
    assert compare_runs([str(own / "news.jsonl")], tmp_path, {"spark": spark_modes})


# The scripts


def test_lakes_of_other_rows_differ_and_say_where(newsfold, own, tmp_path):
    articles = corpus(60)
    articles[0]["title"] += " again"
    write_jsonl(tmp_path / "news.jsonl", articles)
    newsfold("ingest", tmp_path / "news.jsonl", "--lake", tmp_path / "lake", "--workers", 1)
    found = differences(own / "lake", tmp_path / "lake")
    assert found
    assert all(line.startswith(("articles, only in", "duplicates, only in")) for line in found)
    assert differences(own / "lake", own / "lake") == []


def test_a_server_runs_as_long_as_the_block(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    with serving(command, tmp_path / "web.log", lambda: answers(port)):
        assert answers(port)
    assert not answers(port)


def test_a_server_that_does_not_start_is_quoted(tmp_path):
    command = [sys.executable, "-c", "print('no memory left'); raise SystemExit(1)"]
    with (
        pytest.raises(RuntimeError, match=r"(?s)web did not start.*no memory left"),
        serving(command, tmp_path / "web.log", lambda: False),
    ):
        pass


def test_a_part_is_fetched_once_and_whole_or_not_at_all(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "CACHE", tmp_path / "cache")
    fetched = []

    def broken(folder):
        (folder / "half").touch()
        raise parts.PartMissingError("the registry has none")

    def whole(folder):
        fetched.append(folder)
        (folder / "jar").touch()

    with pytest.raises(parts.PartMissingError):
        parts._once("flink", broken)
    for _ in range(2):
        assert [path.name for path in parts._once("flink", whole).iterdir()] == ["jar"]
    assert len(fetched) == 1


def test_a_tool_that_is_not_installed_is_named_with_its_use():
    with pytest.raises(parts.PartMissingError, match="no-such-tool is not installed; it is needed to try"):
        parts.need("no-such-tool", "to try")


def test_what_a_registry_answers_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "CACHE", tmp_path)
    refuse = [sys.executable, "-c", "print('\\nnot found'); raise SystemExit(1)"]
    with pytest.raises(parts.PartMissingError, match=r"(?s)Flink cannot be fetched:\n  not found"):
        parts._run("Flink", refuse)


def test_unknown_flags_of_a_runner_are_refused():
    with pytest.raises(UsageError, match="unknown flag --prism_locaton"):
        beam_options(["--prism_locaton=x"], [])


@pytest.mark.parametrize(
    "flag", ["--machine_type=n", "--worker_machine_type=n", "--experiment=x", "--experiments=x", "--no_use_public_ips"]
)
def test_a_flag_of_beams_goes_by_each_of_its_names(flag):
    assert beam_options(["--runner=DataflowRunner", flag], [])


def test_workers_are_sent_nothing_of_main_unless_it_is_asked_for():
    flag = "--save_main_session"
    for flags, sent in ([], False), ([flag], True):
        options = beam_options(["--runner=DataflowRunner", *flags], [])
        assert options.view_as(SetupOptions).save_main_session is sent


def test_what_only_a_flink_job_server_knows_passes_to_flink_alone():
    flag = "--checkpointing_interval=60000"
    for name in ("FlinkRunner", "PortableRunner"):
        assert beam_options([f"--runner={name}", flag], [])
    for flags in ([flag], ["--runner=PrismRunner", flag]):
        with pytest.raises(UsageError, match="unknown flag --checkpointing_interval"):
            beam_options(flags, [])
