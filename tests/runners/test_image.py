"""The worker image: that its file keeps step with the locks, and that the script runs its steps as an engine would."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from runners import image
from runners.image import DOCKERFILE, instructions, run_steps

PROGRAMS = Path(sys.executable).parent
STEPS = list(instructions(DOCKERFILE.read_text("utf-8")))


def test_the_image_is_of_the_beam_release_and_python_that_are_locked():
    wanted = re.search(
        r"^apache-beam==(\S+)", (image.ROOT / "requirements/runtime.txt").read_text("utf-8"), re.MULTILINE
    )
    python = re.search(r"--python-version (\S+)", (image.ROOT / "Makefile").read_text("utf-8"))
    assert ("ARG", f"BEAM_IMAGE=apache/beam_python{python[1]}_sdk:{wanted[1]}") in STEPS
    assert {rest.partition(" ")[0] for word, rest in STEPS if word == "FROM"} == {"${BEAM_IMAGE}"}


def test_the_image_starts_beams_own_program_and_not_as_root():
    assert STEPS[-1] == ("ENTRYPOINT", '["/opt/apache/beam/boot"]')
    assert ("ARG", "WORKER_USER=nobody") in STEPS
    assert ("USER", "${WORKER_USER}") in STEPS


def test_packages_come_with_hashes_or_from_the_image_alone():
    installs = [rest for word, rest in STEPS if word == "RUN" and "pip install" in rest]
    assert installs
    assert all("--require-hashes" in rest or "--no-index --no-deps" in rest for rest in installs)


def test_lines_are_joined_and_comments_left_out():
    text = "# one\nFROM a AS b\n\nRUN x && \\\n    # between\n    y\n"
    assert list(instructions(text)) == [("FROM", "a AS b"), ("RUN", "x &&      y")]


def test_steps_run_where_and_with_what_the_file_says(tmp_path, monkeypatch):
    monkeypatch.setattr(image, "ROOT", tmp_path / "context")
    (tmp_path / "context" / "package" / "inner").mkdir(parents=True)
    (tmp_path / "context" / "package" / "inner" / "a.py").write_text("A = 1\n", "utf-8")
    (tmp_path / "context" / "list.txt").write_text("words\n", "utf-8")
    text = """
    FROM base AS first
    WORKDIR /build
    COPY package package/
    COPY list.txt lists/
    RUN cat package/inner/a.py lists/list.txt > out
    FROM base
    ENV GREETING=hello PIP_NO_CACHE_DIR=1
    WORKDIR /opt/done
    COPY --from=first /build/out ./
    RUN echo "$GREETING $(cat out)" > said && test -z "$PIP_NO_CACHE_DIR"
    """
    run_steps(text, tmp_path, PROGRAMS)
    (said,) = tmp_path.glob("stage*/opt/done/said")
    assert said.read_text("utf-8") == "hello A = 1\nwords\n"


def test_a_step_that_fails_ends_the_run_with_what_it_said(tmp_path):
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run_steps("FROM base\nRUN echo no space left && exit 4\nRUN touch later\n", tmp_path, PROGRAMS)
    assert (failed.value.returncode, failed.value.output) == (4, "no space left\n")
    assert not list(tmp_path.rglob("later"))
