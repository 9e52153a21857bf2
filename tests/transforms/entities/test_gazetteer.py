"""The data file and the lists it is built from: enough, well-formed, and read back as written."""

import csv
import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from transforms.entities import gazetteer
from transforms.entities.gazetteer import load

KNOWLEDGE = Path(__file__).parents[3] / "knowledge"
LISTS = ["people.csv", "organisations.csv", "places.csv"]
IDENTIFIER = re.compile(r"|wikidata:Q[1-9]\d*|iso:[A-Z]{2}(-[A-Z0-9]{1,3})?|geonames:([1-9]\d*|\?)")


def rows(name):
    with (KNOWLEDGE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_well_formed(name):
    for row in rows(name):
        assert None not in row
        assert None not in row.values()
        assert row["type"] in {"person", "place", "organisation"}
        assert IDENTIFIER.fullmatch(row["id"]), row
        assert row["name"] == row["name"].strip() != ""


@pytest.mark.parametrize(("name", "least"), [("people.csv", 150), ("organisations.csv", 150), ("places.csv", 100)])
def test_lists_are_long_and_name_nothing_twice(name, least):
    names = Counter(row["name"] for row in rows(name))
    assert len(names) >= least
    assert [n for n, times in names.items() if times > 1] == []


def test_no_alias_names_two_people():
    owner = {}
    for row in rows("people.csv"):
        for alias in filter(None, row["aliases"].split("|")):
            assert owner.setdefault(alias, row["name"]) == row["name"], alias


def test_an_id_stands_for_one_person():
    ids = Counter(row["id"] for row in rows("people.csv") if row["id"])
    assert [i for i, times in ids.items() if times > 1] == []


def test_the_data_file_is_small_and_carries_no_date():
    data = gazetteer.DATA.read_bytes()
    assert len(data) <= 6_000_000
    assert data[4:8] == b"\0\0\0\0"


def test_every_listed_name_is_loaded():
    lists = load()
    for row in rows("people.csv"):
        assert lists.names[row["name"]].type == "person"


def test_entries_are_unique_and_sorted_by_weight():
    entries = json.loads(gzip.decompress(gazetteer.DATA.read_bytes()))["entries"]
    names = Counter(name for entry in entries for name in entry[3].split("|") if name and "@" not in name)
    assert [n for n, times in names.items() if times > 1] == []


def test_names_of_one_id_share_the_key_and_the_canonical_name():
    names = load().names
    assert names["Kiev"].key == names["Київ"].key == names["基辅"].key == "geonames:703448"
    assert {names[n].name for n in ("Deutschland", "Allemagne", "Германия", "德国")} == {"Germany"}


@pytest.mark.parametrize("name", ["French", "Français", "Deutsche", "Russian"])
def test_demonyms_are_not_names(name):
    assert name not in load().names


def test_spans_respect_word_boundaries():
    lists = load()
    assert [(s.start, s.end) for s in lists.spans("Iranians in Iran", "en")] == [(12, 16)]
    assert [s.known.name for s in lists.spans("وسوريا", "ar")] == ["Syria"]
    assert list(lists.spans("xParis", "en")) == []
    assert list(lists.spans("ایران\u200cشناسی", "fa")) == []


@pytest.mark.parametrize("word", ["دو", "خبر", "مالی", "دوشنبه"])
def test_a_common_word_without_capitals_is_no_town_but_may_be_one(word):
    assert load().named(word, "fa") is None
    assert word in load().cautious


def test_the_longest_name_wins():
    assert [s.known.name for s in load().spans("New York Times", "en")] == ["New York Times"]
    assert [s.known.name for s in load().spans("the UN Security Council", "en")] == ["UN Security Council"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("کلینتون در مشهد", ["Bill Clinton", "Mashhad"]),
        ("مجلس خبرگان و صدا و سیما", ["Assembly of Experts", "IRIB"]),
        ("آذربایجان غربی", ["West Azerbaijan"]),
    ],
)
def test_persian_names_of_the_news_are_known(text, names):
    assert [span.known.name for span in load().spans(text, "fa")] == names


def test_the_digest_names_the_data():
    assert re.fullmatch(r"[0-9a-f]{8}", gazetteer.digest())
