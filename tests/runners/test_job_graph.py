"""The graphs that runners are given: what they are, and that workers which know nothing but our package can run them."""

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions, PortableOptions
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_runner_api_pb2 as messages
from apache_beam.transforms.environments import DockerEnvironment
from apache_beam.transforms.userstate import BagStateSpec, TimerSpec, on_timer
from apache_beam.transforms.window import FixedWindows
from apache_beam.utils.timestamp import Duration

from pipelines.beam_flags import beam_options
from pipelines.stream import LATENESS_SECONDS
from runners.job_graph import bounded_graph, described, stages, stream_graph
from runners.parts import ROOT

OPTIONS = PipelineOptions(["--runner=PortableRunner"])
GRAPHS = {"job_graph.txt": stages(bounded_graph(OPTIONS)), "stream_graph.txt": stages(stream_graph(OPTIONS))}
BOUNDED, STREAM = GRAPHS.values()
either = pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
ON_DATAFLOW = """
    --runner=DataflowRunner --project=news-project --region=r --temp_location=gs://newsfold/tmp
    --sdk_container_image=r-docker.pkg.dev/p/news/newsfold-worker --service_account_email=w@p.iam.gserviceaccount.com
    --max_num_workers=4 --worker_machine_type=e2-standard-2 --no_use_public_ips --experiments=use_runner_v2
""".split()


class Counted(beam.DoFn):
    SEEN = BagStateSpec("seen", beam.coders.VarIntCoder())
    DUE = TimerSpec("due", beam.TimeDomain.WATERMARK)
    _CELL, _TIMER = beam.DoFn.StateParam(SEEN), beam.DoFn.TimerParam(DUE)

    def process(self, element, seen=_CELL, due=_TIMER):
        seen.add(1)
        due.set(0)

    @on_timer(DUE)
    def end(self):
        yield 1


@pytest.mark.parametrize("name", GRAPHS)
def test_the_graph_is_the_one_written_down(name):
    written = (ROOT / "tests" / "golden" / name).read_text("utf-8")
    assert described(GRAPHS[name]) == written, "if this is meant: make job-graph, and read the difference"


@either
def test_equal_keys_are_equal_bytes_in_every_process(graph):
    keys = [stage.key for stage in graph if stage.key is not None]
    assert keys
    assert all(stage.key_is_stable for stage in graph)
    # Nor is any left to Beam's pickling, which finds out with the element in hand.
    assert not [key for key in keys if "Coder" in key]


@either
def test_no_function_of_ours_travels_whole(graph):
    carried = [name for stage in graph for name in stage.carries]
    assert carried  # Beam's own wrappers do
    assert all(name.startswith("apache_beam.") for name in carried)


def test_nothing_is_shuffled_but_chunks_spills_and_numbers_which_hold_no_text():
    assert [stage.name for stage in BOUNDED if stage.key is not None] == [
        "Spread chunks/ReshufflePerKey/GroupByKey",
        "Gather slice/Group by slice",
        "Hand on commits/ReshufflePerKey/GroupByKey",
    ]


def test_whatever_is_late_is_committed():
    windows = next(stage.windows for stage in STREAM if stage.name == "Gather slice/Group by slice")
    assert f"late by {LATENESS_SECONDS * 1000} ms" in windows


# What the text would show


@pytest.fixture
def pipeline():
    return beam.Pipeline(options=PipelineOptions(["--runner=PortableRunner"]))


def test_a_lambda_is_shown(pipeline):
    _ = pipeline | beam.Create([1]) | "Double" >> beam.Map(lambda number: 2 * number)
    assert "    carries  tests.runners.test_job_graph:test_a_lambda_is_shown.<locals>.<lambda>\n" in described(
        stages(pipeline)
    )


def test_a_key_that_is_pickled_is_shown():
    pipeline = beam.Pipeline(options=PipelineOptions(["--allow_non_deterministic_key_coders"]))
    keyed = beam.Map(lambda number: (object(), number)).with_output_types(tuple[object, int])
    _ = pipeline | beam.Create([1]) | keyed | beam.GroupByKey()
    assert "NOT THE SAME IN EVERY PROCESS" in described(stages(pipeline))


def test_windows_state_and_timers_are_shown(pipeline):
    windows = beam.WindowInto(FixedWindows(60), allowed_lateness=Duration(seconds=30))
    _ = pipeline | beam.Create([(1, 2)]) | windows | "Count" >> beam.ParDo(Counted())
    shown = described(stages(pipeline))
    assert "windows  bounded, fixed_windows, trigger default, discarding, late by 30000 ms" in shown
    assert "\nCount\n" in shown
    assert "    state    seen: bag_spec\n    state    timer ts-due\n    by key   " in shown


# Where the workers come from


def test_dataflows_flags_are_taken():
    assert beam_options(ON_DATAFLOW, [])


@pytest.mark.parametrize("made", [bounded_graph, stream_graph])
def test_dataflows_own_client_takes_the_graph_and_would_run_it_in_our_image(made):
    pytest.importorskip("google.cloud.dataflow", reason="pip install apache-beam[gcp]")
    # As far as it goes without an account: everything but the request.
    options = beam_options([*ON_DATAFLOW, "--no_auth", "--dry_run=True"], [])
    sent = made(options).run().job.proto_pipeline
    (known,) = sent.components.environments.values()
    image = messages.DockerPayload.FromString(known.payload).container_image
    assert image == "r-docker.pkg.dev/p/news/newsfold-worker"
    assert staged(known.dependencies) == []


def test_workers_of_an_image_are_sent_nothing_to_install():
    flags = ["--runner=PortableRunner", "--environment_type=DOCKER", "--environment_config=news/newsfold-worker"]
    environment = DockerEnvironment.from_options(PipelineOptions(flags).view_as(PortableOptions))
    assert environment.container_image == "news/newsfold-worker"
    assert staged(environment.artifacts()) == []


def test_other_workers_are_sent_our_sdist(monkeypatch):
    monkeypatch.chdir(ROOT)
    flags = ["--runner=PortableRunner", "--environment_type=DOCKER", "--setup_file=./setup.py"]
    environment = DockerEnvironment.from_options(PipelineOptions(flags).view_as(PortableOptions))
    assert environment.container_image.startswith("apache/beam_python3.11_sdk:")
    assert staged(environment.artifacts()) == ["workflow.tar.gz"]


def staged(artifacts):
    role = common_urns.artifact_roles.STAGING_TO.urn
    files = [artifact for artifact in artifacts if artifact.role_urn == role]
    names = [messages.ArtifactStagingToRolePayload.FromString(file.role_payload).staged_name for file in files]
    return [name for name in names if name != "submission_environment_dependencies.txt"]
