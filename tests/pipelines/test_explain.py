"""Why two stories are, or are not, one family."""

import json

import pytest

from pipelines.explain import difference_lines
from tests.pipelines.conftest import write_jsonl

BULLETIN = (
    "A quake of magnitude {size} was felt near {place} on {day} at a depth of {depth} kilometres. No damage was "
    "reported by the evening, and the regional office asked people to keep away from old walls while the checks of "
    "schools and bridges go on for {days} days."
)
REPORT = (
    "The night ferry between the two islands sails again from Friday, the harbour office said. Engineers replaced the "
    "rudder and both engines over the winter, and the crew spent a week learning the new controls. Passengers may bring "
    "bicycles without a fee until the end of the season. The first crossing is planned for the early evening, weather "
    "permitting, and the brass band of the fire brigade will play on the quay. Tickets are sold at the kiosk and aboard. "
    "Islanders had waited since the autumn storms, when the old ferry was towed into the shipyard after its engines "
    "failed in the narrow channel between the lighthouse and the seal rocks, with forty people and a wedding cake aboard. "
    "Nobody was hurt, and the cake arrived a day late."
)


@pytest.fixture(scope="module")
def lake(newsfold, tmp_path_factory):
    folder = tmp_path_factory.mktemp("explain")
    stories = [
        ("quake-1", BULLETIN.format(size="4.1", place="Volos", day="Monday", depth=11, days=3), "Quake notice: Volos"),
        (
            "quake-2",
            BULLETIN.format(size="5.6", place="Patras", day="Sunday", depth=27, days=9),
            "Quake notice: Patras",
        ),
        ("ferry-1", REPORT, "The night ferry sails again"),
        ("ferry-2", REPORT.replace("Friday", "Saturday").replace("a week", "ten days"), "Night ferry back in service"),
    ]
    articles = [
        {"id": name, "title": title, "text": text, "source": name, "published": "2024-05-03T08:00:00Z"}
        for name, text, title in stories
    ]
    path = write_jsonl(folder / "stories.jsonl", articles)
    done = newsfold("ingest", path, "--lake", folder / "lake", "--workers", 1)
    assert done.code == 0, done.err
    return folder / "lake"


def test_a_family_is_explained_by_what_its_texts_share(newsfold, lake):
    answer = newsfold("explain", "--lake", lake, "ferry-1", "ferry-2", "--json").json
    assert answer["same_family"]
    assert answer["relation"] == "near"
    assert answer["met_as_candidates"]
    assert answer["evidence"]["jaccard"] > 0.7
    assert answer["guard"] == []
    assert {"saturday", "friday"} <= set(answer["differences"])


def test_a_lookalike_is_explained_by_what_the_guard_saw(newsfold, lake):
    done = newsfold("explain", "--lake", lake, "quake-1", "quake-2")
    assert done.code == 0, done.err
    assert "two families" in done.out
    assert "other numbers in a short text" in done.out
    assert "[-4.1-]{+5.6+}" in done.out


def test_a_name_that_fits_nothing_is_told_in_one_line(newsfold, lake):
    done = newsfold("explain", "--lake", lake, "ferry-1", "nowhere'; drop table articles")
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1
    assert "no stored story" in done.err


def test_json_is_plain_json(newsfold, lake):
    text = newsfold("explain", "--lake", lake, "ferry-1", "quake-1", "--json").out
    assert "NaN" not in text
    assert json.loads(text)["same_family"] is False


def lines(first, second):
    return [line.plain for line in difference_lines(first, second)]


def test_a_difference_is_shown_with_words_around_it():
    assert lines("a b c d e f g h x i j", "a b c d e f g h y i j") == ["… c d e f g h [-x-]{+y+} i j …"]


def test_equal_texts_say_so():
    assert lines("a b", "a  b") == ["the texts are the same, word for word"]


def test_many_differences_are_counted_not_listed():
    first = " ".join(f"same{n} old{n}" for n in range(40))
    shown = lines(first, first.replace("old", "new"))
    assert len(shown) == 13
    assert shown[-1] == "and 28 more places"
