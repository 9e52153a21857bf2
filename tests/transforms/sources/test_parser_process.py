"""The killable parser process: limits, respawn, and the end with its parent."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from transforms.sources.parser_child import HEADER, ParserLimits
from transforms.sources.parser_process import ParserDied, ParserProcess, ParserTooSlow

_ROOT = Path(__file__).resolve().parents[3]
_FEED = b"<rss version='2.0'><channel><title>T</title><item><title>One</title></item></channel></rss>"
# Names in many short pieces: below every limit of ours one by one, and slow in sum.
_SLOW = b"<rss><channel><item><author>" + (b"a" * 900 + b"<![CDATA[b]]>") * 130 + b"</author></item></channel></rss>"


@pytest.fixture
def process() -> Iterator[ParserProcess]:
    with ParserProcess() as process:
        yield process


def _child(process: ParserProcess) -> subprocess.Popen[bytes]:
    assert process._child is not None
    return process._child


def test_a_feed_and_a_page_come_back_as_documents(process: ParserProcess) -> None:
    assert [article.title for article in process.parse("feed", _FEED, "x").articles] == ["One"]
    (page,) = process.parse("html", b"<title>T</title><p>Text of a page.</p>", "x").articles
    assert (page.title, page.text) == ("T", "Text of a page.")


def test_the_child_is_started_when_needed_and_kept(process: ParserProcess) -> None:
    assert process._child is None
    process.parse("feed", _FEED, "x")
    first = _child(process).pid
    process.parse("feed", _FEED, "x")
    assert _child(process).pid == first


def test_payloads_larger_than_a_pipe_pass_both_ways(process: ParserProcess) -> None:
    text = b"word " * 180_000
    document = process.parse(
        "feed", _FEED.replace(b"One", b"One</title><description>" + text + b"</description><title>"), "x"
    )
    assert len(document.articles[0].text or "") > 800_000


def test_a_document_past_its_cpu_time_is_abandoned_and_the_next_is_read() -> None:
    with ParserProcess(ParserLimits(cpu_seconds=0.6)) as process:
        before = os.times()
        with pytest.raises(ParserTooSlow, match=r"more than 0\.6 s of CPU"):
            process.parse("feed", _SLOW, "x")
        spent = os.times().children_user - before.children_user
        assert spent < 2
        assert process.parse("feed", _FEED, "x").articles


def test_every_document_has_its_own_cpu_time() -> None:
    many = _FEED.replace(b"<item>", b"<item><title>x</title></item>" * 40 + b"<item>")
    with ParserProcess(ParserLimits(cpu_seconds=0.9)) as process:
        process.parse("feed", many, "x")
        first = _child(process).pid
        while _cpu_seconds(first) < 1.1:
            process.parse("feed", many, "x")
            assert _child(process).pid == first


def _cpu_seconds(pid: int) -> float:
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11]
    return int(ticks) / os.sysconf("SC_CLK_TCK")


def test_a_child_that_does_not_answer_is_killed_at_the_deadline() -> None:
    with ParserProcess() as process:
        process.parse("feed", _FEED, "x")
        process.limits = ParserLimits(wall_seconds=0.3)
        child = _child(process)
        os.kill(child.pid, signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(ParserTooSlow, match="no answer"):
            process.parse("feed", b"<rss>" + b"x" * 10_000_000, "x")
        assert time.monotonic() - began < 3
        assert child.poll() is not None


def test_a_child_killed_between_calls_is_replaced(process: ParserProcess) -> None:
    process.parse("feed", _FEED, "x")
    os.kill(_child(process).pid, signal.SIGKILL)
    assert process.parse("feed", _FEED, "x").articles


def test_a_crash_on_a_document_is_reported_and_survived(process: ParserProcess) -> None:
    process.parse("feed", _FEED, "x")
    threading.Timer(0.3, os.kill, (_child(process).pid, signal.SIGSEGV)).start()
    with pytest.raises(ParserDied, match="-11"):
        process.parse("feed", _SLOW, "x")
    assert process.parse("feed", _FEED, "x").articles


def test_a_child_out_of_memory_is_reported_and_survived(process: ParserProcess) -> None:
    process.parse("feed", _FEED, "x")
    pages = int(Path(f"/proc/{_child(process).pid}/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + 20_000_000
    resource.prlimit(_child(process).pid, resource.RLIMIT_AS, (limit, limit))
    with pytest.raises(ParserDied):
        process.parse("feed", b"<rss><channel><item>" + b"&#65;<b/>" * 1_000_000, "x")
    assert process.parse("feed", _FEED, "x").articles


def test_threads_share_one_child(process: ParserProcess) -> None:
    payloads = [_FEED.replace(b"One", str(number).encode()) for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda payload: process.parse("feed", payload, "x").articles[0].title, payloads))
    assert found == [str(number) for number in range(40)]


def test_the_thread_that_started_the_child_may_end(process: ParserProcess) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(process.parse, "feed", _FEED, "x").result()
    # The kernel may now kill the child, before or during the next call.
    for _ in range(20):
        assert process.parse("feed", _FEED, "x").articles


def _run(code: str, *arguments: str, cwd: Path) -> subprocess.Popen[str]:
    environment = {"PYTHONPATH": str(_ROOT), "PATH": os.environ.get("PATH", "")}
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True, env=environment, cwd=cwd
    )


_START = (
    "from transforms.sources.parser_process import ParserProcess\n"
    "process = ParserProcess()\n"
    "titles = [a.title for a in process.parse('feed', b'<rss><channel><item><title>One</title></item></channel></rss>', 'x').articles]\n"
    "print(titles, process._child.pid, flush=True)\n"
)


def test_the_child_does_not_depend_on_the_working_directory(tmp_path: Path) -> None:
    (tmp_path / "transforms.py").write_text("raise SystemExit(9)")
    runner = _run("import sys; sys.path.pop(0)\n" + _START, cwd=tmp_path)
    output, _ = runner.communicate(timeout=60)
    assert output.startswith("['One']")


def test_the_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    runner = _run(_START + "input()", cwd=tmp_path)
    assert runner.stdout is not None
    child = int(runner.stdout.readline().split()[-1])
    runner.kill()
    runner.wait()
    runner.stdout.close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _runs(child):
        os.sched_yield()
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_cut_frame_ends_the_child() -> None:
    code = "from transforms.sources.parser_child import ParserLimits, main; main(ParserLimits())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=HEADER.pack(10, 10) + b"{}",
        capture_output=True,
        check=False,
        cwd=_ROOT,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, b"")


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_killed_again_and_again_between_calls_costs_no_document(process: ParserProcess, sent: int) -> None:
    for number in range(4):
        payload = _FEED.replace(b"One", str(number).encode())
        assert process.parse("feed", payload, "x").articles[0].title == str(number)
        child = _child(process)
        os.kill(child.pid, sent)
        child.wait()


def test_two_processes_at_once_answer_for_themselves() -> None:
    with ParserProcess() as one, ParserProcess() as other, ThreadPoolExecutor(2) as pool:
        payloads = [[_FEED.replace(b"One", f"{name}{n}".encode()) for n in range(20)] for name in "ab"]
        answers = [
            pool.submit(
                lambda parser, sent: [parser.parse("feed", p, "x").articles[0].title for p in sent], parser, sent
            )
            for parser, sent in zip((one, other), payloads, strict=True)
        ]
        assert [answer.result() for answer in answers] == [[f"{name}{n}" for n in range(20)] for name in "ab"]
        assert _child(one).pid != _child(other).pid


def test_the_memory_of_the_child_has_a_ceiling() -> None:
    with ParserProcess(ParserLimits(memory_bytes=400 << 20)) as process:
        process.parse("feed", _FEED, "x")
        limits = Path(f"/proc/{_child(process).pid}/limits").read_text()
    assert str(400 << 20) in next(line for line in limits.splitlines() if "address space" in line)


def test_splitting_gives_each_entry_as_a_feed(process: ParserProcess) -> None:
    two = _FEED.replace(b"</item>", b"</item><item><title>Two</title></item>")
    alone = process.split(two)
    assert [process.parse("feed", feed.encode(), "x").articles[0].title for feed in alone] == ["One", "Two"]


def test_a_closed_process_starts_again(process: ParserProcess) -> None:
    process.parse("feed", _FEED, "x")
    first = _child(process)
    process.close()
    process.close()
    assert first.poll() is not None
    assert process.parse("feed", _FEED, "x").articles


def test_what_a_document_makes_a_library_print_gets_into_no_frame(process: ParserProcess) -> None:
    noisy = _FEED.replace(b"One", b"One\x00\x1b[31m&undefined;")
    assert len(process.parse("feed", noisy, "x").articles) == 1
    assert [article.title for article in process.parse("feed", _FEED, "x").articles] == ["One"]


def test_an_answer_that_nobody_reads_to_its_end_is_not_taken_for_the_next_one(process: ParserProcess) -> None:
    def give_up(parts: Iterator[tuple[str, bytes]]) -> None:
        next(parts)
        raise LookupError("enough")

    request = {"kind": "feed", "uri": "x", "content_type": ""}
    with pytest.raises(LookupError):
        process._ask(request, _FEED, give_up)
    other = _FEED.replace(b"One", b"Two")
    assert [article.title for article in process.parse("feed", other, "x").articles] == ["Two"]


def test_a_parser_that_ends_amid_its_answer_has_died(process: ParserProcess) -> None:
    items = b"".join(b"<item><description>%s</description></item>" % (b"x" * 100_000) for _ in range(20))
    feed = b"<rss version='2.0'><channel>" + items + b"</channel></rss>"

    def kill(parts: Iterator[tuple[str, bytes]]) -> int:
        next(parts)
        os.kill(_child(process).pid, signal.SIGSEGV)
        return sum(1 for _ in parts)

    with pytest.raises(ParserDied, match="-11"):
        process._ask({"kind": "feed", "uri": "x", "content_type": ""}, feed, kill)
    assert process.parse("feed", _FEED, "x").articles


def test_the_charset_that_a_server_names_reaches_the_parser(process: ParserProcess) -> None:
    feed = _FEED.decode().replace("One", "Žluť").encode("iso-8859-2")
    assert process.parse("feed", feed, "x", "text/xml; charset=iso-8859-2").articles[0].title == "Žluť"
    (alone,) = process.split(feed, "text/xml; charset=iso-8859-2")
    assert "Žluť" in alone
