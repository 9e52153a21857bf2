"""Beam's own flags, passed through after a check: Beam itself only logs a flag that it does not know."""

from collections.abc import Collection, Sequence

from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.config import nearest
from schemas.errors import UsageError

# Beam takes the names in any case, and without their last word.
LOCAL_RUNNERS = frozenset({"", "directrunner", "direct", "fnapirunner", "fnapi"})


def beam_options(flags: Sequence[str], our_flags: Collection[str]) -> PipelineOptions:
    """Return Beam's options for `flags`.

    Raises:
        UsageError: a flag is neither ours nor Beam's, or a word stands where a flag should.
    """
    known = {f"--{name}" for name in _every_beam_name()}
    for flag in flags:
        name = flag.partition("=")[0]
        if name.startswith("--") and name not in known and name.replace("--no_", "--") not in known:
            raise UsageError(f"unknown flag {name}{nearest(name, known | set(our_flags))}")
    return PipelineOptions(list(flags))


def runner_name(options: PipelineOptions) -> str:
    """Return the runner asked for, empty where none is."""
    named = options.get_all_options(drop_default=True).get("runner")
    return str(named or "")


def is_local(options: PipelineOptions) -> bool:
    """Tell whether the driver itself cuts slices and runs them, on Beam's in-memory engine."""
    return runner_name(options).lower() in LOCAL_RUNNERS


def _every_beam_name() -> set[str]:
    return set(PipelineOptions([]).get_all_options())
