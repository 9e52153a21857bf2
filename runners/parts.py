"""Fetch what a trial on a real runner needs, each from its own registry; once, into .cache/runners."""

import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir
from os import environ
from pathlib import Path

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache" / "runners"
_GO_MODULE = "github.com/apache/beam/sdks/v2"
_BEAM = "v2.77.0"
_COPY_JARS = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"


class PartMissingError(Exception):
    """Something a trial needs is not here and cannot be fetched; the message says what and why."""


def need(tool: str, what_for: str) -> str:
    """Return the path of a program.

    Raises:
        PartMissingError: it is not installed.
    """
    found = shutil.which(tool)
    if found is None:
        raise PartMissingError(f"{tool} is not installed; it is needed {what_for}")
    return found


def flink() -> Path:
    """Return a folder with the jars of a Flink server."""
    return _once("flink", _fetch_flink)


def job_server() -> Path:
    """Return a folder with the jars of Beam's Flink job server."""
    return _once("job-server", lambda folder: _fetch_jars("flink_job_server.xml", folder))


def spark_job_server() -> Path:
    """Return a folder with the jars of Beam's Spark job server and of Spark."""
    return _once("spark-job-server", lambda folder: _fetch_jars("spark_job_server.xml", folder))


def prism() -> Path:
    """Return the Prism program."""
    return _once("prism", lambda folder: _go_install(f"{_GO_MODULE}/go/cmd/prism", folder)) / "prism"


def boot() -> Path:
    """Return Beam's own start program of a Python worker: it fetches and installs what the driver has staged."""
    return _once("boot", lambda folder: _go_install(f"{_GO_MODULE}/python/container", folder)) / "container"


def _once(name: str, fetch: Callable[[Path], None]) -> Path:
    """Return CACHE/name, filled by `fetch` at the first time, whole or not at all."""
    folder = CACHE / name
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as unfinished:
            fetch(Path(unfinished))
            shutil.copytree(unfinished, CACHE / f"{name}.new", dirs_exist_ok=True)
        (CACHE / f"{name}.new").rename(folder)
    return folder


def _fetch_flink(folder: Path) -> None:
    # The archive holds jars alone; without isolation no build tools are fetched to look into it.
    pip = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-build-isolation"]
    listed = str(Path(__file__).with_name("flink.txt"))
    with tempfile.TemporaryDirectory(dir=CACHE) as download:
        _run("Flink", [*pip, "--no-deps", "--require-hashes", "-r", listed, "-d", download])
        (archive,) = Path(download).iterdir()
        _unpack_servers(archive, folder)


def _unpack_servers(archive: Path, folder: Path) -> None:
    """Take the server and its logging out of the archive; the table API and the Python API are not needed."""
    with tarfile.open(archive) as packed:
        for member in packed:
            name = Path(member.name).name
            if name.startswith(("flink-dist", "log4j")) and name.endswith(".jar"):
                member.name = name
                packed.extract(member, folder, filter="data")


def _fetch_jars(listed: str, folder: Path) -> None:
    """Bring what a list of Maven's names, and all that it needs."""
    maven = [need("mvn", "to fetch Beam's job servers"), "-B", "-q", "-f", str(Path(__file__).with_name(listed))]
    _run(listed, [*maven, _COPY_JARS, f"-DoutputDirectory={folder}", "-DincludeScope=runtime"])


def _go_install(package: str, folder: Path) -> None:
    go = need("go", f"to build {package}")
    _run(package, [go, "install", f"{package}@{_BEAM}"], {"GOBIN": str(folder)})


def _run(what: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    # Maven would look for a project, and Go for a module, in the working directory.
    with chdir(CACHE):
        done = subprocess.run(  # noqa: S603  the commands are the ones above
            command, capture_output=True, text=True, check=False, env={**environ, **(environment or {})}
        )
    if done.returncode:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise PartMissingError(f"{what} cannot be fetched:\n  " + "\n  ".join(line[:300] for line in said[:4]))
