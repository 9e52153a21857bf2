"""Signals: the first one ends a command in order, the second at once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.stopping import Stopped, stop_gently, stop_on_signals

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _as_before():
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_signal_unwinds_with_the_exit_code_of_a_shell(number, code):
    stop_on_signals()
    with pytest.raises(Stopped) as stopped:
        os.kill(os.getpid(), number)
    assert stopped.value.exit_code == code
    assert {signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)} == {signal.SIG_DFL}


def test_nothing_on_the_way_takes_it_for_a_fault():
    assert not issubclass(Stopped, Exception)


def test_a_copy_with_a_longer_message_ends_with_the_same_code():
    """As Beam raises the errors of a stage."""
    told = Stopped("interrupted", signal.SIGTERM)
    copy = type(told)(told.args[0] + " [while running 'Fold']", *told.args[1:])
    assert copy.exit_code == 143


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_gentle_stop_sets_an_event_and_raises_nothing(number):
    event = stop_gently()
    assert not event.is_set()
    os.kill(os.getpid(), number)
    assert event.wait(30)
    assert signal.getsignal(number) == signal.SIG_DFL


def test_a_second_signal_ends_the_process_at_once():
    script = "import os, signal\nfrom pipelines.stopping import stop_gently\nevent = stop_gently()\n"
    script += "os.kill(os.getpid(), signal.SIGTERM)\nassert event.wait(30)\nprint('in order', flush=True)\n"
    script += "os.kill(os.getpid(), signal.SIGTERM)\nsignal.pause()\n"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False
    )
    assert (done.stdout, done.returncode) == ("in order\n", -signal.SIGTERM)
