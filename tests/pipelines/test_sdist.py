"""The source distribution, which is what a runner's workers install (--setup_file=./setup.py)."""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

import pytest

from tests.pipelines.conftest import ROOT

PACKAGES = ("pipelines", "schemas", "transforms")
BESIDE = {
    "LICENSE",
    "MANIFEST.in",
    "PKG-INFO",
    "README.md",
    "pyproject.toml",
    "requirements/runtime.in",
    "setup.cfg",
    "setup.py",
}
EXPECTED = json.loads((ROOT / "tests/golden/seeds_expected.json").read_text("utf-8"))["totals"]
LARGEST_BYTES = 5_000_000  # every worker fetches it; 3.7 MB, of which 3.3 are the names and the tagger of Tag entities


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    """Build the sdist as Beam's stager does, from the checkout's own folder."""
    folder = tmp_path_factory.mktemp("sdist")
    run([sys.executable, "setup.py", "-q", "egg_info", "-e", folder, "sdist", "--dist-dir", folder], ROOT)
    (built,) = folder.glob("*.tar.gz")
    return built


@pytest.fixture(scope="module")
def installed(sdist, tmp_path_factory):
    """Return an environment in which the sdist alone is installed; what it needs is lent, no index is asked."""
    folder = tmp_path_factory.mktemp("installed")
    run([sys.executable, "-m", "venv", "--without-pip", folder], folder)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    pip = [folder / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    run([*pip, "--no-index", "--no-deps", "--no-build-isolation", "--ignore-installed", sdist], folder)
    return folder


def run(command, place):
    told = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([*map(str, command)], cwd=place, env=told, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 3}, done.stderr
    return done.stdout


def test_it_holds_every_file_of_the_packages_and_nothing_that_no_worker_needs(sdist):
    with tarfile.open(sdist) as packed:
        held = {member.name.split("/", 1)[1] for member in packed if member.isfile()}
    ours = {
        path.relative_to(ROOT).as_posix() for name in PACKAGES for path in (ROOT / name).rglob("*") if path.is_file()
    }
    ours = {name for name in ours if "__pycache__" not in name}
    beside = {name for name in held if not name.startswith("newsfold.egg-info/")} - ours
    assert ours <= held
    assert beside == BESIDE
    assert sdist.stat().st_size < LARGEST_BYTES


def test_every_file_of_the_packages_is_installed(installed):
    (packages,) = installed.glob("lib/python*/site-packages")
    for name in PACKAGES:
        there = {path.relative_to(packages).as_posix() for path in (packages / name).rglob("*") if path.is_file()}
        here = {path.relative_to(ROOT).as_posix() for path in (ROOT / name).rglob("*") if path.is_file()}
        assert {path for path in here if "__pycache__" not in path} == {
            path for path in there if "__pycache__" not in path
        }


def test_what_it_installs_ingests_the_seeds_outside_the_checkout(installed, tmp_path):
    (packages,) = installed.glob("lib/python*/site-packages")
    where = run([installed / "bin" / "python", "-c", "import pipelines; print(pipelines.__file__)"], tmp_path)
    assert Path(where.strip()).is_relative_to(packages)
    # The taggers of --entities accurate read every data file there is.
    ingest = ["ingest", ROOT / "seeds", "--lake", "lake", "--json", "--workers", 1, "--entities", "accurate"]
    counts = json.loads(run([installed / "bin" / "newsfold", *ingest], tmp_path))["counts"]
    assert {name: counts[name] for name in EXPECTED} == EXPECTED
