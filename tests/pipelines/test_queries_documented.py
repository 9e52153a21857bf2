"""The questions of docs/options.md are answered as they are written there."""

import re

import pytest

from pipelines.cli import _run
from tests.pipelines.conftest import ROOT, write_jsonl
from transforms.lake.layout import open_lake
from transforms.lake.views import Session

QUESTIONS = re.findall(r"```sql\n(.+?)```", (ROOT / "docs" / "options.md").read_text("utf-8"), re.DOTALL)
STORIES = [
    ("a", "2024-03-05T08:00:00Z", "Angela Merkel travelled to Berlin and spoke to the European Union about Germany."),
    ("b", "2024-03-06T08:00:00Z", "The European Union invited Angela Merkel again; France was not asked this time."),
    ("c", "2024-04-01T08:00:00Z", "Emmanuel Macron stayed in France, where the trains to the coast were late again."),
]


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    folder = tmp_path_factory.mktemp("questions")
    told = [
        {"id": name, "published": at, "source": f"paper {name}", "title": "", "text": text}
        for name, at, text in STORIES
    ]
    given = write_jsonl(folder / "stories.jsonl", told)
    assert _run(["ingest", str(given), "--lake", str(folder / "lake"), "--workers", "1"]) == 0
    with Session(open_lake(folder / "lake")) as session:
        yield lambda sql: session.ask(sql).to_pylist()


def test_there_is_one_for_each_of_three_uses():
    assert len(QUESTIONS) == 3


def test_co_mentions_per_week(ask):
    together = ask(QUESTIONS[0])
    assert [(row["name"], row["and_name"], row["articles"]) for row in together] == [
        ("Angela Merkel", "European Union", 2)
    ]
    assert str(together[0]["week"]).startswith("2024-03-04")


def test_share_of_articles_by_country(ask):
    assert [(row["id"], row["percent"]) for row in ask(QUESTIONS[1])] == [("iso:FR", 66.67), ("iso:DE", 33.33)]


def test_first_mention_of_a_person(ask):
    found = [(row["name"], str(row["first_named"])[:10], row["source"]) for row in ask(QUESTIONS[2])]
    assert found == [("Angela Merkel", "2024-03-05", "paper a"), ("Emmanuel Macron", "2024-04-01", "paper c")]
