"""One way to find near-duplicates, run over one file: `contenders.py NAME ARTICLES.jsonl OUT.json`.

Writes {article id: group} and, where the peers have documented settings, uses those; each reads `text` alone, as their
documentation does, newsfold also title and date. A process runs one contender, so that its CPU and memory are its own.
"""

import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

# Each peer is imported in its own function: it is installed beside the peers only, and another one needs it not.
# ruff: noqa: PLC0415
# mypy: disable-error-code="import-not-found,import-untyped"

Groups = list[int]
"""For each article the number of another of its group, or its own: an edge to follow."""


def shingles(text: str, width: int) -> list[str]:
    """Return windows of words in lower case; a text shorter than a window is one."""
    words = re.findall(r"\w+", text.lower())
    return [" ".join(words[at : at + width]) for at in range(max(1, len(words) - width + 1))]


def first_alike(found: Sequence[Any], number: int, near: Callable[[int], float], threshold: float) -> int:
    """Return the most similar earlier article that reaches the threshold, or the number itself."""
    best = max(((near(other), -other) for other in found), default=(0.0, -number))
    return -best[1] if best[0] >= threshold else number


def datasketch(texts: Sequence[str], width: int, permutations: int, threshold: float) -> Groups:
    """MinHash and MinHashLSH; each article goes to the most similar one kept so far."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=permutations)
    kept: dict[int, MinHash] = {}
    groups = []
    for number, text in enumerate(texts):
        sketch = MinHash(num_perm=permutations)
        sketch.update_batch([shingle.encode() for shingle in set(shingles(text, width))])
        group = first_alike(index.query(sketch), number, lambda other, of=sketch: of.jaccard(kept[other]), threshold)  # type: ignore[misc]
        if group == number:
            index.insert(number, sketch)
            kept[number] = sketch
        groups.append(group)
    return groups


def rensa(texts: Sequence[str], width: int, permutations: int, threshold: float, bands: int) -> Groups:
    """RMinHash and RMinHashLSH, likewise."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=threshold, num_perm=permutations, num_bands=bands)
    kept, groups = dict[int, Any](), []
    for number, text in enumerate(texts):
        sketch = RMinHash(num_perm=permutations, seed=42)
        sketch.update(text.split() if width == 1 else shingles(text, width))
        group = first_alike(index.query(sketch), number, lambda other, of=sketch: of.jaccard(kept[other]), threshold)
        if group == number:
            index.insert(number, sketch)
            kept[number] = sketch
        groups.append(group)
    return groups


def datatrove(articles: Path, out: Path) -> Groups:
    """The four stages of its MinHash example with their defaults (5 words, 14 x 8), one task."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashDedupBuckets
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.utils.typeshelper import Languages

    base = out.with_suffix(".datatrove")
    reader = JsonlReader(str(articles.parent), glob_pattern=articles.name)
    stages = [
        [reader, MinhashDedupSignature(output_folder=str(base / "signatures"), language=Languages.english)],
        [MinhashDedupBuckets(input_folder=str(base / "signatures"), output_folder=str(base / "buckets"))],
        [MinhashDedupCluster(str(base / "buckets"), str(base / "removed"), save_cluster_id=True)],
    ]
    tasks = (1, 14, 1)  # as many tasks as buckets, says its second stage
    for number, (stage, size) in enumerate(zip(stages, tasks, strict=True)):
        LocalPipelineExecutor(
            pipeline=stage, tasks=size, workers=1, logging_dir=str(base / f"log{number}"), skip_completed=False
        ).run()
    return _clusters(base / "removed", len(articles.read_text("utf-8").splitlines()))


def _clusters(folder: Path, articles: int) -> Groups:
    """Read datatrove's cluster ids: pairs of document number and cluster, 4 bytes each."""
    groups, first = list(range(articles)), dict[int, int]()
    for path in sorted(folder.rglob("*.clusters")):
        numbers = memoryview(path.read_bytes()).cast("I").tolist()
        for document, cluster in zip(numbers[::2], numbers[1::2], strict=True):
            groups[document] = first.setdefault(cluster, document)
    return groups


def text_dedup(articles: Path, out: Path) -> Groups:
    """Its MinHash command with its defaults (5 words, 250 permutations, threshold 0.7), one process."""
    import pickle

    from text_dedup.minhash import main

    base = out.with_suffix(".textdedup")
    arguments = [
        *("--path", "json", "--data_files", str(articles), "--split", "train", "--column", "text"),
        *("--output", str(base), "--cache_dir", str(base) + ".cache", "--debug", "--num_proc", "1"),
    ]
    main(arguments, standalone_mode=False)
    joined = pickle.loads((base / "uf.pkl").read_bytes())  # noqa: S301  written just above
    count = len(articles.read_text("utf-8").splitlines())
    return [joined.find(number) for number in range(count)]


def newsfold(articles: Path) -> Groups:
    """Signatures and Fold as ingest runs them, one slice, from the same file."""
    from stories import stories

    from transforms.fold.refold import Families, Remembered, fold_again, slice_of
    from transforms.fold.settings import FoldSettings

    table, families = stories(articles), Families()
    given = slice_of(table)
    families.add(given, fold_again(given, Remembered(), FoldSettings())[0])
    ids = table.column("article_id").to_pylist()
    place = {one: number for number, one in enumerate(ids)}
    return [place[families.family_of[one]] for one in ids]


def _texts(articles: Path) -> list[str]:
    return [json.loads(line)["text"] for line in articles.read_text("utf-8").splitlines()]


CONTENDERS: dict[str, Callable[[Path, Path], Groups]] = {
    "newsfold": lambda articles, _: newsfold(articles),
    "datasketch, 5 words, 0.7": lambda articles, _: datasketch(_texts(articles), 5, 128, 0.7),
    "datasketch, 2 words, 0.45": lambda articles, _: datasketch(_texts(articles), 2, 256, 0.45),
    "rensa, words, 0.8": lambda articles, _: rensa(_texts(articles), 1, 128, 0.8, 16),
    "rensa, 2 words, 0.45": lambda articles, _: rensa(_texts(articles), 2, 256, 0.45, 64),
    "datatrove, defaults": datatrove,
    "text-dedup, defaults": text_dedup,
    "reading alone": lambda articles, _: list(range(len(_texts(articles)))),
}


def main() -> None:
    """Run from the command line."""
    name, articles, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    groups = CONTENDERS[name](articles, out)
    ids = [json.loads(line)["id"] for line in articles.read_text("utf-8").splitlines()]
    out.write_text(json.dumps(dict(zip(ids, groups, strict=True))), "utf-8")


if __name__ == "__main__":
    main()
