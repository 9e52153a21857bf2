"""The command `newsfold`: finds the subcommand, and turns errors into one line and an exit code.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 finished but more rejects than allowed, 130 or 143 interrupted.
"""

import atexit
import gc
import importlib
import logging
import os
import sys
import threading
from collections.abc import Sequence

import click

from pipelines import prelude
from pipelines.stopping import Stopped, stop_on_signals
from schemas.errors import LakeError, UsageError
from transforms.sources.redaction import scrubbed

VERSION = "0.1.0"
# Names and one line each, so that `newsfold --help` imports no command.
_COMMANDS = {
    "ingest": "Read files, folders or saved feeds into a lake.",
    "watch": "Poll feeds and read new files until stopped.",
    "feeds": "Keep lists of feeds, look at their state, find new ones.",
    "query": "Ask a lake with SQL, or see its summary.",
    "tag": "Tag JSON lines with language and entities.",
    "report": "Draw a lake as one HTML page.",
    "explain": "Say why two stories are, or are not, one family.",
    "what-if": "List the families that other settings would gain or lose.",
    "verify": "Prove the ledger, the checksums and the counts of a lake.",
    "compact": "Merge small files; readers keep working.",
    "forget": "Remove items from all tables and files, for good.",
    "retag": "Give stored stories the tags of the present taggers.",
    "replay": "Run rejects again after a fix.",
    "doctor": "Show versions, optional parts and known-weak parsers.",
}


class _LazyCommands(click.Group):
    """Commands are imported when called, so that a query does not wait for Beam."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        del ctx
        if name not in _COMMANDS:
            return None
        module = importlib.import_module(f"pipelines.commands.{name.replace('-', '_')}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="newsfold")
def newsfold() -> None:
    """Fold near-identical news stories, tag them, and write partitioned Parquet."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code."""
    assert prelude  # importing it is what it is for
    stop_on_signals()
    _configure_logging()
    code = _run(arguments)
    if "duckdb" not in sys.modules:  # its bindings report what was not taken apart
        gc.freeze()  # what is left ends with the process; the interpreter would walk it all for a fifth of a second
    _end(code)


def _end(code: int) -> None:
    """Exit with a code, also while threads of a runner that is gone are still at work in this process.

    The interpreter would stop them in the middle of C++ code, which aborts the process: exit code 134 instead of ours.
    """
    if code and threading.active_count() > 1:
        atexit._run_exitfuncs()  # noqa: SLF001  there is no public name for what sys.exit does next
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = newsfold.main(args=arguments, prog_name="newsfold", standalone_mode=False)
    except (UsageError, click.UsageError) as error:
        return _complain(_message(error), 2)
    except LakeError as error:
        return _complain(_message(error), 1)
    except OSError as error:
        return _complain(_place(error), 1)
    except Stopped as stopped:
        return _complain(
            "interrupted; what was committed stays, and the same command goes on from there", stopped.exit_code
        )
    return code if isinstance(code, int) else 0


def _complain(message: str, code: int) -> int:
    # Addresses may carry passwords and tokens, and messages of libraries carry addresses.
    click.echo(f"newsfold: {scrubbed(message)}", err=True)
    return code


def _message(error: Exception) -> str:
    text = error.format_message() if isinstance(error, click.ClickException) else str(error)
    return " ".join(text.split())


def _place(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}"


# They repeat, with a traceback, an error that is raised as well.
_TELL_TWICE = (
    "common",
    "worker.data_plane",
    "portability.local_job_service",
    "portability.fn_api_runner.worker_handlers",
)


def _configure_logging() -> None:
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="newsfold: %(message)s")
    for name in _TELL_TWICE:
        logging.getLogger(f"apache_beam.runners.{name}").setLevel(logging.CRITICAL)
    for handler in logging.getLogger().handlers:
        handler.addFilter(_is_not_told_again)
    threading.excepthook = _of_a_thread


def _is_not_told_again(record: logging.LogRecord) -> bool:
    """Pass over the trace that a job server sends; it is the text of the error that Beam raises."""
    return not (record.module == "portable_runner" and "Traceback (most recent call last)" in record.getMessage())


def _of_a_thread(died: threading.ExceptHookArgs) -> None:
    """Pass over what a runner or worker that is gone means to each of Beam's threads; the command says it once."""
    of_a_worker = died.thread is not None and died.thread.name == "run_worker"
    if not (of_a_worker or died.exc_type.__module__.startswith("grpc")):
        threading.__excepthook__(died)


if __name__ == "__main__":
    main()
