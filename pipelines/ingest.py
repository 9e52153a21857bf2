"""The pipeline: what becomes of an input, stage by stage.

    inputs ── plan ── Read ── Skip seen ── Normalize ── Tag language ── Tag entities ── Fingerprint ─┐
                        │                      │                                                     │ spills
                        └──────────────────────┴── rejects, beside the articles they came with ──────┤
                                                                                                     │
    lake ◄── Commit ◄── Fold ◄── Gather slice ◄──────────────────────────────────────────────────────┘
      │       one stage  ▲
      └── the memory ────┘   what was stored is what Fold remembers, and what Skip seen skips

| stage            | element in → out                      | may run anywhere         |
|------------------|---------------------------------------|--------------------------|
| Read             | Chunk → Batch[RawArticle]             | yes                      |
| Skip seen        | Batch[RawArticle] → Batch[RawArticle] | yes, sees the lake       |
| Normalize        | Batch[RawArticle] → Batch[Article]    | yes                      |
| Refuse forgotten | Batch[Article] → Batch[Article]       | yes, sees the lake       |
| Tag language     | Batch[Article] → Batch[Article]       | yes                      |
| Tag entities     | Batch[Article] → Batch[Article]       | yes                      |
| Fingerprint      | Batch[Article] → Spill, text staged   | yes, sees staging        |
| Gather slice     | Spill → all spills of a slice         | the one shuffle, no text |
| Fold             | spills + memory → DecidedSlice        | one at a time, and with  |
| Commit           | DecidedSlice → rows in the lake       | nothing between the two  |

`pipelines/stream.py` wires the same stages into a pipeline that never ends. Worker processes of this machine do what
`prepare` wires, without a graph: `pipelines/worker.py`.
"""

from apache_beam.pvalue import PCollection

from pipelines.fold_and_commit import FoldAndCommit
from pipelines.graph import Graph
from schemas.records import Chunk, Spill
from transforms.entities.stage import TagEntities
from transforms.fold.stage import Fingerprint, GatherSlice
from transforms.language.stage import TagLanguage
from transforms.normalize.stage import Normalize, RefuseForgotten, SkipSeen
from transforms.sources.stage import Read


def build(chunks: PCollection[Chunk], graph: Graph) -> PCollection[int]:
    """Wire the whole pipeline; return the numbers of the commits it makes."""
    return decide(prepare(chunks, graph), graph)


def prepare(chunks: PCollection[Chunk], graph: Graph) -> PCollection[Spill]:
    """Wire the stages that need no other article: plain maps that any runner spreads over workers."""
    spills: PCollection[Spill] = (
        chunks
        | "Read" >> Read(dict(graph.mapping))
        | "Skip seen" >> SkipSeen(graph.lake)
        | "Normalize" >> Normalize(graph.now_us)
        | "Refuse forgotten" >> RefuseForgotten(graph.lake)
        | "Tag language" >> TagLanguage(graph.language_detector)
        | "Tag entities" >> TagEntities(graph.entities)
        | "Fingerprint" >> Fingerprint(graph.staging, graph.tags_version)
    )
    return spills


def decide(spills: PCollection[Spill], graph: Graph) -> PCollection[int]:
    """Wire the stages that decide together: the memory of Fold is what Commit has stored."""
    commits: PCollection[int] = (
        spills
        | "Gather slice" >> GatherSlice()
        | "Fold and commit" >> FoldAndCommit(graph.lake, graph.fold, graph.run, graph.most_batches, graph.all_batches)
    )
    return commits
