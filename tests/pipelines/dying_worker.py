"""Beam's own worker program, killed at a named step of a commit: python -m tests.pipelines.dying_worker STEP."""

import os
import signal
import sys

from apache_beam.runners.worker import sdk_worker_main

from transforms.lake import steps


def main():
    step = sys.argv.pop()
    assert step in steps.STEPS, step
    steps.reached = lambda reached: os.kill(os.getpid(), signal.SIGKILL) if reached == step else None
    sdk_worker_main.main(sys.argv)


if __name__ == "__main__":
    main()
