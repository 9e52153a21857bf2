"""What the end-to-end tests share: the command line as a user has it, a small corpus, and lakes read back."""

import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.pipelines import interrupted
from tests.pipelines.interrupted import ROOT, Finished

FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
VOLATILE = {"run_id", "commit", "fetched_at", "ingested_at", "rejected_at"}
PLACES = "Lisbon Oslo Nairobi Lima Hanoi Quito Dakar Tallinn Accra Cork Porto Bergen Lyon Turin Graz Malmö".split()
TOPICS = "harbour school bridge orchard tram library clinic market river museum bakery stadium forest archive".split()
ACTIONS = "reopened expanded closed moved repaired painted celebrated inspected renamed lit planned funded".split()
PEOPLE = "fishermen teachers engineers farmers drivers readers nurses traders rangers curators bakers players".split()
REASONS = (
    "after a wet spring;before the holidays;with a new grant;against the council's advice;for the first time".split(";")
)


@pytest.fixture(scope="session")
def newsfold(tmp_path_factory):
    """Run the command line in a process of its own; where that is told more than arguments, as a user starts it."""

    def run(*arguments, timeout=240, stdin=None, **environment):
        if stdin is None and not environment:
            return interrupted.run(tmp_path_factory.mktemp("command"), *arguments, timeout=timeout)
        done = subprocess.run(
            [sys.executable, "-m", "pipelines.cli", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=timeout,
            input=stdin,
            cwd=ROOT,
            env=os.environ | environment,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    return run


def sentence(dice):
    count, year = dice.randint(2, 900), dice.randint(1900, 2024)
    return (
        f"{dice.choice(PEOPLE).capitalize()} in {dice.choice(PLACES)} {dice.choice(ACTIONS)} the {dice.choice(TOPICS)} "
        f"of {year} {dice.choice(REASONS)}, and {count} {dice.choice(PEOPLE)} watched the {dice.choice(TOPICS)} "
        f"being {dice.choice(ACTIONS)} near {dice.choice(PLACES)}."
    )


def corpus(count, seed=7):
    """Return `count` articles, a fifth of them copies of earlier ones: exact, re-headlined or trimmed."""
    dice = random.Random(seed)
    articles = []
    for number in range(count):
        text = "\n\n".join(" ".join(sentence(dice) for _ in range(3)) for _ in range(4))
        title = f"{dice.choice(TOPICS).capitalize()} {dice.choice(ACTIONS)} in {dice.choice(PLACES)} {number}"
        published = FIRST_DAY + timedelta(hours=7 * number)
        if number > 5 and dice.random() < 0.2:
            original = articles[dice.randrange(number)]
            title, text = original["title"], original["text"]
            published = datetime.fromisoformat(original["published"]) + timedelta(hours=dice.randint(1, 48))
            kind = dice.choice(["exact", "headline", "trimmed"])
            title = f"Also in the news: {title}" if kind == "headline" else title
            text = text[: int(len(text) * 0.8)].rsplit(". ", 1)[0] + "." if kind == "trimmed" else text
        articles.append(
            {
                "id": f"a{number:05d}",
                "url": f"https://paper{number % 7}.example/{number}",
                "title": title,
                "text": text,
                "published": published.isoformat(),
                "source": f"paper{number % 7}",
            }
        )
    return articles


def write_jsonl(path, articles):
    path.write_text("".join(json.dumps(article, ensure_ascii=False) + "\n" for article in articles), encoding="utf-8")
    return path


def glob_of(lake, table):
    return str(Path(lake, table, "*", "*", "*.parquet"))


def rows(lake, table):
    """Return the rows of a story table as a plain glob gives them, without the columns that may differ."""
    if not any(Path(lake, table).glob("*/*/*.parquet")):
        return []
    found = duckdb.sql(
        "select * from read_parquet(?, hive_partitioning = true, "
        "hive_types = {'published_month': varchar, 'language': varchar}) order by article_id",
        params=[glob_of(lake, table)],
    ).to_arrow_table()
    return found.select([name for name in found.column_names if name not in VOLATILE]).to_pylist()


def published(lake):
    """Return path → bytes of everything a reader can see, without the ledger."""
    return {
        str(path.relative_to(lake)): path.read_bytes()
        for table in ("articles", "duplicates", "rejects")
        for path in sorted(Path(lake, table).rglob("*.parquet"))
    }
