"""What other settings would make of a lake, which stays as it is."""

import hashlib

import pytest

from tests.pipelines.conftest import corpus, write_jsonl
from tests.pipelines.test_explain import BULLETIN, REPORT
from transforms.fold.refold import Families, Remembered, fold_again, slice_of
from transforms.fold.settings import FoldSettings
from transforms.fold.texts import stored_texts
from transforms.lake.layout import open_lake
from transforms.lake.views import Session


@pytest.fixture(scope="module")
def lake(newsfold, tmp_path_factory):
    folder = tmp_path_factory.mktemp("what-if")
    quakes = [("4.1", "Volos", "Monday", 11, 3), ("5.6", "Patras", "Sunday", 27, 9)]
    made = [
        {"id": f"quake-{size}", "title": f"Quake: {place}", "published": "2024-05-03T08:00:00Z"}
        | {"text": BULLETIN.format(size=size, place=place, day=day, depth=depth, days=days)}
        for size, place, day, depth, days in quakes
    ]
    words = REPORT.split()
    edited = " ".join(word if place % 12 else "otherwise" for place, word in enumerate(words))
    for name, text in (("ferry", REPORT), ("ferry-edited", edited)):
        made.append({"id": name, "title": "The ferry sails", "text": text, "published": "2024-05-03T09:00:00Z"})
    articles = [{key: one[key] for key in ("id", "title", "text", "published")} for one in corpus(120)]
    path = write_jsonl(folder / "stories.jsonl", [*made, *articles])
    done = newsfold("ingest", path, "--lake", folder / "lake", "--workers", 1, "--slice-records", 40)
    assert done.code == 0, done.err
    return folder / "lake"


def contents(lake):
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(lake.rglob("*")) if path.is_file()}


def test_a_looser_setting_gains_and_a_tighter_one_loses(newsfold, lake):
    before = contents(lake)
    tighter = newsfold("what-if", "--lake", lake, "--similarity", 0.9, "--kept", 0.97, "--json").json
    assert (tighter["gained"], len(tighter["lost"])) == ([], 1)
    assert [part["title"] for part in tighter["lost"][0]["parts"]] == ["The ferry sails"] * 2
    assert tighter["families_then"] == tighter["families_now"] + 1
    unguarded = newsfold("what-if", "--lake", lake, "--short-words", 0, "--similarity", 0.4, "--json").json
    titles = [{part["title"] for part in change["parts"]} for change in unguarded["gained"]]
    assert {"Quake: Volos", "Quake: Patras"} in titles
    assert contents(lake) == before


def test_the_terminal_names_both_stories_and_their_similarity(newsfold, lake):
    told = newsfold("what-if", "--lake", lake, "--similarity", 0.9, "--kept", 0.97)
    assert told.code == 0, told.err
    assert "lost: 1 family that would fall apart" in told.out
    assert told.out.count("The ferry sails") == 2
    assert "1 + 1 stories   similarity 0." in told.out


def test_the_usual_settings_change_nothing(newsfold, lake):
    same = newsfold("what-if", "--lake", lake, "--similarity", 0.7, "--json").json
    assert (same["gained"], same["lost"]) == ([], [])


def test_nothing_to_change_is_wrong_usage(newsfold, lake):
    assert newsfold("what-if", "--lake", lake).code == 2
    assert newsfold("what-if", "--lake", lake, "--similarity", 1.5).code == 2
    assert newsfold("what-if", "--lake", lake, "--horizon", "400d").code == 2


def test_folding_commits_again_gives_the_stored_families(lake):
    opened = open_lake(lake)
    found, before = Families(), Remembered()
    with Session(opened) as session:
        commits = session.ask("select distinct commit from stories order by commit")[0].to_pylist()
        for commit in commits:
            given = slice_of(session.ask(f"select * from stories where commit = {commit}"))
            decisions, before = fold_again(given, before, FoldSettings(), stored_texts(opened))
            found.add(given, decisions)
        stored = session.ask("select article_id, family_id from stories").to_pylist()
        merged = session.ask("select unnest(family_ids) as family_id, family_id as label from families").to_pylist()
    assert len(commits) > 2
    assert found.family_of == {row["article_id"]: row["family_id"] for row in stored}
    labels = {row["family_id"]: row["label"] for row in merged}
    assert found.bridged() == {row["article_id"]: labels[row["family_id"]] for row in stored}
