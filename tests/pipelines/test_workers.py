"""Whether workers are worth starting is found out from the beginnings of a few chunks."""

import json

from pipelines import workers
from transforms.sources.parser_process import ParserProcess
from transforms.sources.plan import PlanLimits, plan
from transforms.sources.read import read_chunk


def read(chunk):
    with ParserProcess() as parser:
        return read_chunk(chunk, {}, parser)


def test_a_probe_of_lines_reads_the_beginning_only(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"id": i, "text": f"{i} " + "word " * 300}) + "\n" for i in range(900)))
    (chunk,) = plan([str(path)], PlanLimits(), str(tmp_path))
    whole, probe = read(chunk), read(workers._opening(chunk))
    assert len(whole.articles) == 900
    assert 30 < len(probe.articles) < 100
    assert list(probe.articles) == list(whole.articles[: len(probe.articles)])


def test_a_probe_of_files_reads_a_few(tmp_path):
    for number in range(50):
        (tmp_path / f"{number:02}.txt").write_text(f"Story {number}\n\nIt was day {number}.")
    (chunk,) = plan([str(tmp_path)], PlanLimits(), str(tmp_path / "staging"))
    assert len(read(workers._opening(chunk)).articles) == 10


def test_no_worker_is_started_to_do_nothing(tmp_path):
    pool = workers.Workers(2, str(tmp_path))
    assert list(pool.map(len, [])) == []
    assert pool._pool is None
