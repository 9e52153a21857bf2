"""What a worker process of this machine does: the stages of `ingest.prepare`, called one after the other.

No graph is made and Beam is not imported, here and in all that this imports: that would cost the fork server 0.6 s
before the first worker begins, and each share of a slice 0.1 s. What comes out is the same to the byte, and tested so.
"""

import gc
import signal
from collections.abc import Sequence

from pipelines.graph import Graph
from pipelines.heap import give_back, share_one_heap
from schemas.records import Chunk, Spill
from transforms.entities.batch import tag_batch as tag_entities
from transforms.fold.spills import write_spill
from transforms.lake.lock import hold_as_worker
from transforms.lake.seen import SeenIndex
from transforms.language.batch import tag_batch as tag_language
from transforms.normalize.batch import forgotten_by, moment_of, normalize_batch, without_forgotten, without_seen
from transforms.sources.parser_process import ParserProcess
from transforms.sources.read import read_chunk


def begin(lake_root: str) -> None:
    """Prepare a worker: it leaves interrupts to the driver, ends with it, and is known to the lake's lock."""
    collect_seldom()
    share_one_heap()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all processes; the driver ends them in order
    hold_as_worker(lake_root)


def collect_seldom() -> None:
    """Let Python look for garbage in circles every 500,000 objects, not every 700.

    Tagging makes many short-lived objects and no circles; walking the others for each 700 took 15 % of the time, and
    for each 100,000, fewer than a batch holds, still 3 to 4 % of what tagging takes.
    """
    gc.set_threshold(500_000, 20, 20)


def prepare_share(graph: Graph, chunks: Sequence[Chunk]) -> list[Spill]:
    """Carry the stages from Read to Fingerprint out over `chunks`.

    Raises:
        LakeError, OSError: as a stage raised it.
    """
    assert graph.now_us is not None  # only a pipeline without end, which has no workers of ours, goes by arrival
    # Opened for each share: the driver commits slices meanwhile, and an index that is behind costs time only.
    seen, forgotten = SeenIndex.open(graph.lake), forgotten_by(graph.lake)
    now, mapping = moment_of(graph.now_us), dict(graph.mapping)
    spills = []
    with ParserProcess() as parser:
        for chunk in chunks:
            fresh = without_seen(read_chunk(chunk, mapping, parser), seen)
            batch = without_forgotten(normalize_batch(fresh, now), forgotten)
            batch = tag_entities(tag_language(batch, graph.language_detector), graph.entities)
            spills.append(write_spill(batch, graph.staging, graph.tags_version))
    give_back()
    return spills
