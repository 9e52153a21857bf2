"""Beam's in-memory engine, named outright: the DirectRunner's own choice would first try to download Prism."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pvalue import PCollection
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner

from pipelines.heap import give_back, share_one_heap
from schemas.errors import LakeError

# Beam pickles what a graph holds, so a result cannot be caught by a closure; a name in this module can be reached.
_BOXES: dict[str, list[Any]] = {}


def run_local(elements: Iterable[Any], wire: Callable[[PCollection[Any]], PCollection[Any]]) -> list[Any]:
    """Run one bounded graph over `elements` in this process and return what comes out of `wire`.

    Raises:
        LakeError, OSError: as a stage raised it; any other error of a stage comes as Beam raises it.
    """
    share_one_heap()  # before Beam starts the graph's threads
    box = uuid.uuid4().hex
    _BOXES[box] = []
    pipeline = beam.Pipeline(runner=FnApiRunner(), options=_OptionsParsedOnce([]))
    _ = wire(pipeline | "Create" >> beam.Create(list(elements), reshuffle=False)) | "Collect" >> beam.ParDo(
        _Collect(box)
    )
    try:
        pipeline.run().wait_until_finish()
        return _BOXES[box]
    except (LakeError, RuntimeError) as error:
        # Beam raises a copy with the stage's name in its message, or a RuntimeError; the error itself says it best.
        if isinstance(error.__context__, LakeError | OSError):
            raise error.__context__ from None
        raise
    finally:
        del _BOXES[box]
        give_back()


class _OptionsParsedOnce(PipelineOptions):
    """Beam asks for its options a hundred times a graph and parses them anew each time: a fifth of a small graph."""

    def view_as(self, cls: type[Any]) -> Any:
        """Return the options of one kind; all views share their values."""
        views: dict[type[Any], Any] = self.__dict__.setdefault("_newsfold_views", {})
        if cls not in views:
            views[cls] = super().view_as(cls)
        return views[cls]


class _Collect(beam.DoFn):
    def __init__(self, box: str) -> None:
        self._box = box

    def process(self, element: Any) -> None:
        _BOXES[self._box].append(element)
