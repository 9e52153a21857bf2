"""End cleanly when asked to: SIGTERM unwinds a command as SIGINT does, and a second signal ends it at once."""

import queue
import signal
import threading
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopped(BaseException):
    """A signal asked the process to end; no Exception, so that nothing on the way takes it for a fault.

    Beam raises a copy with a longer first argument, so the arguments are all there is.
    """

    @property
    def exit_code(self) -> int:
        """What a shell expects of a process that a signal ended: 130 or 143."""
        return 128 + int(self.args[1])


def stop_on_signals() -> None:
    """Let the first SIGINT or SIGTERM raise Stopped in the main thread."""
    for number in _SIGNALS:
        signal.signal(number, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    del frame
    # A second one ends the process at once; what that cuts short the next start finishes.
    for one in _SIGNALS:
        signal.signal(one, signal.SIG_DFL)
    raise Stopped("interrupted", number)


def stop_gently() -> threading.Event:
    """Let the first SIGINT or SIGTERM set the event that is returned, and the second one end the process at once."""
    event, signals = threading.Event(), queue.SimpleQueue[int]()

    def note(number: int, frame: FrameType | None) -> None:
        del frame
        for one in _SIGNALS:
            signal.signal(one, signal.SIG_DFL)
        signals.put(number)

    def wait() -> None:
        signals.get()
        event.set()

    for number in _SIGNALS:
        signal.signal(number, note)
    # Not from the handler: it may interrupt whoever holds the event's lock. A SimpleQueue has none.
    threading.Thread(target=wait, daemon=True, name="stop").start()
    return event
