"""The graph that a runner is given, as a text to read and to compare: `make job-graph`.

It is taken from the message that is sent to a runner: each stage with what it runs, how its elements are encoded, the
windows they are in, its state and timers. A runner need not be there, nor an account at one.
"""

import base64
import bz2
import io
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_runner_api_pb2 as messages

from pipelines.distributed import whole_graph
from pipelines.ingest import Graph
from pipelines.options import IngestOptions
from pipelines.polling import fetcher_of
from pipelines.stream import build_stream
from pipelines.stream_sources import Watched, chunks_of
from schemas.records import Chunk, Segment
from transforms.entities.taggers import EntityChoice
from transforms.fold.settings import FoldSettings
from transforms.lake.ledger import RunInfo

_OURS = ("pipelines", "transforms")  # not schemas: its records stand in every stage, as what it takes and gives
_PARDO = common_urns.primitives.PAR_DO.urn
_GROUPS = (common_urns.primitives.GROUP_BY_KEY.urn, common_urns.composites.RESHUFFLE.urn)
# Of coders that Beam names and builds of others; all further ones are classes of the Python side.
_BUILT = ("kv", "tuple", "iterable", "nullable", "lengthprefix", "windowed_value")


_RUN = RunInfo("ingest", datetime(2026, 1, 1, tzinfo=UTC))
_GRAPH = Graph("/lake", "/lake/_staging/1", (), "default", EntityChoice(), "1", 0, FoldSettings(), _RUN)


@dataclass(frozen=True)
class Stage:
    """One transform that has no parts."""

    name: str
    kind: str
    runs: tuple[str, ...]  # what of ours it finds by name in the worker
    carries: tuple[str, ...]  # functions that travel whole, as module:name
    state: tuple[str, ...]  # state cells and timers
    key: str | None  # the coder of its key, where it brings elements of one key together
    key_is_stable: bool  # equal keys are equal bytes, in every process
    gives: tuple[str, ...]  # a coder for each output
    windows: str


def main() -> None:
    """Print the graph of an ingest, or with the word `stream` that of a watch."""
    made = stream_graph if "stream" in sys.argv[1:] else bounded_graph
    sys.stdout.write(described(stages(made(PipelineOptions(["--runner=PortableRunner"])))))


def bounded_graph(options: PipelineOptions) -> beam.Pipeline:
    """Return the graph of an ingest of two files."""
    files = ("/news/a.jsonl", "/news/b.csv")
    chunks = [Chunk(0, place, (Segment(file, file, "jsonl"),)) for place, file in enumerate(files)]
    return whole_graph(chunks, _GRAPH, options)


def stream_graph(options: PipelineOptions) -> beam.Pipeline:
    """Return the graph of a watch of a folder and of feeds; queues would come through Beam's own connectors."""
    pipeline = beam.Pipeline(options=options)
    told = IngestOptions(inputs=(), lake="/lake", contact="desk@news.example")
    watched = Watched("/lake", ("/news",), feeds="/feeds.opml", fetcher=partial(fetcher_of, told))
    _ = build_stream(chunks_of(pipeline, watched), replace(_GRAPH, now_us=None))
    return pipeline


def stages(pipeline: beam.Pipeline) -> list[Stage]:
    """Return the stages of a graph in the order in which elements pass them."""
    proto, context = pipeline.to_runner_api(return_context=True)
    reader = _Reader(proto.components, context.coders.get_by_id)
    return [reader.stage(found) for root in proto.root_transform_ids for found in reader.leaves(root)]


def described(found: Sequence[Stage]) -> str:
    """Return stages as text; windows are told where they change."""
    lines, windows = [], None
    for stage in found:
        lines += ["", stage.name, f"    {stage.kind:<8} {', '.join(stage.runs)}".rstrip()]
        lines += [f"    carries  {name}" for name in stage.carries if not name.startswith("apache_beam.")]
        lines += [f"    state    {cell}" for cell in stage.state]
        if stage.key is not None:
            lines.append(f"    by key   {stage.key}{'' if stage.key_is_stable else ', NOT THE SAME IN EVERY PROCESS'}")
        lines += [f"    gives    {coder}" for coder in stage.gives]
        lines += [f"    windows  {stage.windows}"] if stage.windows != windows else []
        windows = stage.windows
    return "\n".join(lines[1:]) + "\n"


@dataclass(frozen=True)
class _Reader:
    parts: messages.Components
    coder_of: Callable[[str], Any]

    def leaves(self, name: str) -> Iterator[messages.PTransform]:
        transform = self.parts.transforms[name]
        # Some have no parts because they do nothing.
        if not transform.subtransforms and not set(transform.outputs.values()) <= set(transform.inputs.values()):
            yield transform
        for part in transform.subtransforms:
            yield from self.leaves(part)

    def stage(self, transform: messages.PTransform) -> Stage:
        urn = transform.spec.urn
        pardo = messages.ParDoPayload.FromString(transform.spec.payload) if urn == _PARDO else messages.ParDoPayload()
        runs, carries = referred(pardo.do_fn.payload) if pardo.do_fn.payload else ((), ())
        state = (*map(self._cell, pardo.state_specs.items()), *(f"timer {name}" for name in pardo.timer_family_specs))
        key = self._key(transform) if urn in _GROUPS or state else None
        outputs = [self.parts.pcollections[output] for output in transform.outputs.values()]
        return Stage(
            name=transform.unique_name,
            kind=_short(urn),
            runs=tuple(name for name in runs if name.partition(".")[0] in _OURS),
            carries=carries,
            state=state,
            key=key and self._coder(key),
            key_is_stable=key is None or self.coder_of(key).is_deterministic(),
            gives=tuple(self._coder(output.coder_id) for output in outputs),
            windows="; ".join(sorted({self._windows(output) for output in outputs})),
        )

    def _cell(self, named: tuple[str, messages.StateSpec]) -> str:
        name, spec = named
        return f"{name}: {spec.WhichOneof('spec')}"

    def _key(self, transform: messages.PTransform) -> str:
        (taken, *_) = transform.inputs.values()
        return str(self.parts.coders[self.parts.pcollections[taken].coder_id].component_coder_ids[0])

    def _coder(self, name: str) -> str:
        coder = self.parts.coders[name]
        kind = _short(coder.spec.urn)
        if kind in _BUILT:
            return f"{kind}({', '.join(map(self._coder, coder.component_coder_ids))})"
        return kind if kind != "pickled_python" else type(self.coder_of(name)).__name__

    def _windows(self, output: messages.PCollection) -> str:
        told = self.parts.windowing_strategies[output.windowing_strategy_id]
        trigger = " ".join(str(told.trigger).replace("{", "").replace("}", "").split())
        late = f", late by {told.allowed_lateness} ms" if told.allowed_lateness else ""
        mode = messages.AccumulationMode.Enum.Name(told.accumulation_mode).lower()
        bound = messages.IsBounded.Enum.Name(output.is_bounded).lower()
        return f"{bound}, {_short(told.window_fn.urn)}, trigger {trigger}, {mode}{late}"


def referred(payload: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a pickled function finds by name in a worker, and which functions it carries whole."""
    watch = _Watch(io.BytesIO(bz2.decompress(base64.b64decode(payload))))
    watch.load()
    return tuple(dict.fromkeys(watch.by_name)), tuple(dict.fromkeys(watch.whole))


class _Watch(pickle.Unpickler):
    """An unpickler that notes what it is asked for."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.by_name: list[str] = []
        self.whole: list[str] = []

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name)
        if name == "_make_function":
            return self._make
        self.by_name.append(f"{module}.{name}")
        return found

    def _make(self, code: Any, known: dict[str, Any], *rest: Any) -> Any:
        self.whole.append(f"{known.get('__name__')}:{code.co_qualname}")
        return super().find_class("apache_beam.internal.cloudpickle.cloudpickle", "_make_function")(code, known, *rest)


def _short(urn: str) -> str:
    return urn.split(":")[2] if urn.startswith("beam:") else urn


if __name__ == "__main__":
    main()
