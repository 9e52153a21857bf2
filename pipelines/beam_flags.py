"""Beam's own flags, passed through after a check: Beam itself only logs a flag that it does not know."""

from collections.abc import Collection, Sequence

from apache_beam.options.pipeline_options import PipelineOptions, SetupOptions, StandardOptions

from pipelines.config import nearest
from schemas.errors import UsageError

# Beam takes the names in any case, and without their last word.
LOCAL_RUNNERS = frozenset({"", "directrunner", "direct", "fnapirunner", "fnapi"})

# What a Flink job server takes beside what Beam's Python side knows (asked of its DescribePipelineOptions, 2.62.0).
_OF_FLINK = frozenset(
    """
    allow_non_restored_state attached_mode auto_balance_write_files_sharding_enabled auto_watermark_interval
    checkpoint_timeout_millis checkpointing_interval checkpointing_mode disable_metrics enable_stable_input_drain
    execution_mode_for_batch execution_retry_delay externalized_checkpoints_enabled fail_on_checkpointing_errors
    faster_copy finish_bundle_before_checkpointing flink_conf_dir force_unaligned_checkpoint_enabled
    job_check_interval_in_secs latency_tracking_interval max_bundle_size max_bundle_time_mills
    min_pause_between_checkpoints num_concurrent_checkpoints number_of_execution_retries object_reuse operator_chaining
    re_iterable_group_by_key_result report_checkpoint_duration retain_externalized_checkpoints_on_cancellation
    savepoint_path semi_persist_dir shutdown_sources_after_idle_ms state_backend state_backend_storage_path
    unaligned_checkpoint_enabled use_data_stream_for_batch
    """.split()  # noqa: SIM905  a name a line would fill a page
)
_ON_FLINK = frozenset({"flinkrunner", "flink", "portablerunner", "portable"})


def beam_options(flags: Sequence[str], our_flags: Collection[str]) -> PipelineOptions:
    """Return Beam's options for `flags`.

    Raises:
        UsageError: a flag is neither ours nor Beam's, or a word stands where a flag should.
    """
    options = PipelineOptions(list(flags))  # never without a list: Beam would read this process's own arguments
    setup = options.view_as(SetupOptions)
    # Nothing of ours is defined in __main__; Dataflow's workers would be sent it all the same.
    setup.save_main_session = bool(setup.save_main_session)
    on_flink = runner_name(options).lower() in _ON_FLINK
    known = _every_beam_flag() | {f"--{name}" for name in _OF_FLINK if on_flink}
    for flag in flags:
        name = flag.partition("=")[0]
        if name.startswith("--") and name not in known:
            raise UsageError(f"unknown flag {name}{nearest(name, known | set(our_flags))}")
    return options


def runner_name(options: PipelineOptions) -> str:
    """Return the runner asked for, empty where none is."""
    # Not get_all_options: it warns of every flag that only a job server knows.
    return str(options.view_as(StandardOptions).runner or "")


def is_local(options: PipelineOptions) -> bool:
    """Tell whether the driver itself cuts slices and runs them, on Beam's in-memory engine."""
    return runner_name(options).lower() in LOCAL_RUNNERS


def _every_beam_flag() -> set[str]:
    """Return all names: some options have several, such as --machine_type and --worker_machine_type."""
    flags: set[str] = set()
    PipelineOptions([]).get_all_options(add_extra_args_fn=lambda parser: flags.update(parser._option_string_actions))  # noqa: SLF001  argparse tells them in no other way
    return flags
