"""What `ingest` and `watch` are told: by flags, by a file, and by Beam's own flags beside them."""

import click
import pytest

from pipelines.commands.given import (
    inputs_in,
    mapping_in,
    own_flags,
    shared_flags,
    told_by,
    typed,
    without_beam_flags,
)
from schemas.errors import UsageError

FLAGS = dict.fromkeys(
    ("lake", "mapping", "language_detector", "entities", "gazetteer", "horizon", "repost_horizon", "workers")
) | dict.fromkeys(
    ("slice_records", "feeds", "contact", "keep_archive", "fetch_articles", "break_lock", "max_reject_share")
)


@pytest.fixture
def config(tmp_path):
    def written(text):
        (tmp_path / "newsfold.yaml").write_text(text, "utf-8")
        return str(tmp_path / "newsfold.yaml")

    return written


def test_a_flag_wins_over_the_file_and_what_nobody_says_is_not_told(config):
    path = config("lake: from-file\nworkers: 3\nkeep-archive: true\n")
    assert told_by(path, FLAGS | {"workers": 1}) == {"lake": "from-file", "workers": 1, "keep_archive": True}
    assert told_by(None, FLAGS | {"lake": "x"}) == {"lake": "x"}


def test_a_flag_that_is_off_or_nothing_wins_too(config):
    assert told_by(config("keep_archive: true\nworkers: 3\n"), FLAGS | {"keep_archive": False, "workers": 0}) == {
        "keep_archive": False,
        "workers": 0,
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("map: text=body,title=headline", {"mapping": "text=body,title=headline"}),
        ("map:\n  text: body", {"mapping": {"text": "body"}}),
        ("inputs: [a, b]", {"inputs": ["a", "b"]}),
        ("horizon: 30", {"horizon": 30}),
        ("", {}),
    ],
)
def test_the_file_has_the_names_of_the_flags(config, text, told):
    assert told_by(config(text), FLAGS) == told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mapping: text=body", "unknown key 'mapping'"),  # its name is map, as the flag's
        ("worker: 3", "unknown key 'worker'; did you mean 'workers'?"),
        ("workers: '3'", "workers: '3' cannot be meant; write a whole number"),
        ("workers: true", "workers: True cannot be meant"),
        ("keep_archive: 1", "write true or false"),
        ("lake: 3", "write text"),
        ("horizon: [30]", "write text or a whole number"),
    ],
)
def test_what_is_no_option_or_no_value_of_one_is_wrong_usage(config, text, said):
    with pytest.raises(UsageError) as refused:
        told_by(config(text), FLAGS)
    assert said in str(refused.value)


def test_values_get_their_kinds_and_names():
    told = {"lake": "x", "horizon": "8w", "repost_horizon": 365, "mapping": "text=body", "workers": 2}
    assert typed(told) == {
        "lake": "x",
        "horizon_days": 56,
        "repost_horizon_days": 365,
        "mapping": {"text": "body"},
        "workers": 2,
        "gazetteer": (),
    }
    assert told["horizon"] == "8w"  # what was told stays


@pytest.mark.parametrize("told", [{}, {"lake": ""}, {"lake": None}])
def test_without_a_lake_nothing_goes(told):
    with pytest.raises(UsageError, match="--lake is missing"):
        typed(told)


def test_a_gazetteer_is_read_at_once(tmp_path):
    path = tmp_path / "names.csv"
    path.write_text("name,type,id,aliases\nHarbour Trust,organisation,,\n", "utf-8")
    (name,) = typed({"lake": "x", "gazetteer": str(path)})["gazetteer"]
    assert name.name == "Harbour Trust"


@pytest.mark.parametrize(
    ("told", "mapping"),
    [
        ({}, {}),
        ({"mapping": "text=body, title = head"}, {"text": "body", "title": "head"}),
        ({"mapping": {"text": "body"}}, {"text": "body"}),
    ],
)
def test_a_mapping_is_text_or_lines(told, mapping):
    assert mapping_in(told) == mapping


@pytest.mark.parametrize(
    ("told", "inputs"),
    [
        ({}, []),
        ({"inputs": "a"}, ["a"]),
        ({"inputs": ["a", 7]}, ["a", "7"]),
        ({"inputs": ("a",)}, ["a"]),
        ({"inputs": 7}, []),
    ],
)
def test_inputs_are_taken_out_as_a_list(told, inputs):
    assert list(inputs_in(told)) == inputs
    assert "inputs" not in told


@pytest.mark.parametrize(
    ("words", "paths", "flags"),
    [
        ("a b", "a b", ""),
        ("a --runner=flink b", "a b", "--runner=flink"),
        ("a --runner flink b", "a b", "--runner flink"),
        ("--no_save_main_session a", "a", "--no_save_main_session"),  # takes no value
        ("- a", "- a", ""),  # standard input
        ("--runner - a", "a", "--runner -"),
        ("--streaming --runner flink a", "a", "--streaming --runner flink"),
        ("", "", ""),
    ],
)
def test_inputs_are_parted_from_beams_flags(words, paths, flags):
    assert without_beam_flags(words.split()) == (tuple(paths.split()), tuple(flags.split()))


def test_both_commands_have_the_same_flags():
    @click.command()
    @shared_flags
    def command(**told):
        return told

    told = command.main(["a", "b", "--lake", "x", "--workers", "2", "--json"], standalone_mode=False)
    assert told["inputs"] == ("a", "b")
    assert {name: value for name, value in told.items() if value is not None} == {
        "inputs": ("a", "b"),
        "lake": "x",
        "workers": 2,
        "as_json": True,
    }
    assert set(own_flags(command)) >= {"--lake", "--map", "--horizon", "--config", "--json", "--break-lock"}
