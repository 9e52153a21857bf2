"""Time each stage's pure functions over a file, in one process without Beam: CPU ms an article and share of the whole.

stages.py ARTICLES.jsonl [--json]
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.worker import collect_seldom
from schemas.records import Spill
from transforms.entities.batch import tag_batch as tag_entities
from transforms.entities.taggers import EntityChoice, open_tagger
from transforms.fold.against_lake import fold_spills
from transforms.fold.expected import committed
from transforms.fold.settings import FoldSettings
from transforms.fold.spills import write_spill
from transforms.lake.commit import commit_slice
from transforms.lake.layout import create_or_open
from transforms.lake.ledger import RunInfo
from transforms.lake.recover import recover
from transforms.lake.seen import SeenIndex
from transforms.language.batch import tag_batch as tag_language
from transforms.normalize.batch import normalize_batch, without_seen
from transforms.sources.parser_process import ParserProcess
from transforms.sources.plan import PlanLimits, plan
from transforms.sources.read import read_chunk

STAGES = ("Plan", "Read", "Skip seen", "Normalize", "Tag language", "Tag entities", "Fingerprint", "Fold", "Commit")


def measure(path: str, lake_root: Path) -> tuple[dict[str, float], int]:
    """Return CPU seconds by stage, and how many articles there were."""
    collect_seldom()  # as drivers and workers do
    spent = dict.fromkeys(STAGES, 0.0)

    def timed(stage: str, work: Callable[..., Any], *arguments: Any) -> Any:
        begun = time.process_time()
        result = work(*arguments)
        spent[stage] += time.process_time() - begun
        return result

    lake = create_or_open(str(lake_root))
    recover(lake)
    parser, now = ParserProcess(), datetime.now(UTC)
    open_tagger()  # loads the lists, which is no article's cost
    chunks = timed("Plan", lambda: list(plan([path], PlanLimits(), str(lake.staging))))
    articles = 0
    for number in sorted({chunk.slice_number for chunk in chunks}):
        spills: list[Spill] = []
        for chunk in (chunk for chunk in chunks if chunk.slice_number == number):
            raw = timed("Read", read_chunk, chunk, {}, parser)
            raw = timed("Skip seen", lambda raw=raw: without_seen(raw, SeenIndex.open(lake.root)))
            batch = timed("Normalize", normalize_batch, raw, now)
            batch = timed("Tag language", tag_language, batch, "default")
            batch = timed("Tag entities", tag_entities, batch, EntityChoice())
            spills.append(timed("Fingerprint", write_spill, batch, str(lake.staging)))
        decided = timed("Fold", fold_spills, lake, number, spills, FoldSettings())
        run = RunInfo(command="ingest", started_at=now, slice_number=number)
        committed(lake, timed("Commit", commit_slice, lake, decided, run).number)
        articles += sum(spill.read for spill in spills)
    parser.close()
    return spent, articles


def lines(spent: dict[str, float], articles: int) -> Iterable[str]:
    """Yield the table."""
    whole = sum(spent.values())
    for stage, seconds in spent.items():
        yield f"{stage:14} {1000 * seconds / articles:8.3f} ms {seconds / whole:6.1%}"
    yield f"{'all':14} {1000 * whole / articles:8.3f} ms over {articles:,} articles"


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        spent, articles = measure(args.articles, Path(folder, "lake"))
    print(json.dumps({"articles": articles, "seconds": spent}) if args.json else "\n".join(lines(spent, articles)))


if __name__ == "__main__":
    sys.exit(main())
