"""Time an entity tagger by the clock: processes that are made ready as the workers of a run are tag a file at once.

    tagging.py ARTICLES.jsonl fast|accurate [--workers 2] [--runs 5]

Languages are told beforehand and not timed. Prints a line a run, in new processes each, and the median.
"""

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from pipelines import fork_server
from pipelines.heap import share_one_heap
from pipelines.worker import collect_seldom
from transforms.entities.taggers import EntityChoice, open_tagger
from transforms.entities.titled import Titled
from transforms.language.detect import detect_batch

BATCH = 100  # articles that are handed to the tagger at once


def read(path: str) -> list[Titled]:
    """Return title, text and language of each article."""
    records = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    tags = detect_batch([record["text"] for record in records])
    return [
        Titled(record.get("title") or "", record["text"], tag.language)
        for record, tag in zip(records, tags, strict=True)
    ]


def work(articles: Sequence[Titled], name: str, driver: Connection) -> None:
    """Tag articles as soon as the driver says so, and send the CPU seconds that it took."""
    collect_seldom()
    share_one_heap()
    tagger = open_tagger(EntityChoice(name))
    tagger(articles[:BATCH])
    driver.send(None)
    driver.recv()
    begun = time.process_time()
    for at in range(0, len(articles), BATCH):
        tagger(articles[at : at + BATCH])
    driver.send(time.process_time() - begun)


def measure(articles: Sequence[Titled], name: str, workers: int) -> tuple[float, float]:
    """Return the seconds by the clock until all is tagged, and the CPU seconds of all workers."""
    made = fork_server.context()
    pipes = []
    for number in range(workers):
        driver, worker = made.Pipe()
        made.Process(target=work, args=(articles[number::workers], name, worker), daemon=True).start()
        pipes.append(driver)
    for pipe in pipes:
        pipe.recv()
    begun = time.perf_counter()
    for pipe in pipes:
        pipe.send(None)
    spent = sum(pipe.recv() for pipe in pipes)
    return time.perf_counter() - begun, spent


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles")
    parser.add_argument("entities", choices=("fast", "accurate"))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    articles = read(args.articles)
    rates = []
    for _ in range(args.runs):
        seconds, spent = measure(articles, args.entities, args.workers)
        rates.append(len(articles) / seconds)
        print(f"{rates[-1]:8,.0f} articles/s {1000 * spent / len(articles):6.2f} ms of CPU an article", flush=True)
    print(f"{statistics.median(rates):8,.0f} articles/s, the median of {args.runs} with {args.workers} workers")


if __name__ == "__main__":
    main()
