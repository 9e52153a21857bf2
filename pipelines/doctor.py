"""What `newsfold doctor` looks at: versions, optional parts, file systems, and parsers known to be weak."""

import importlib.metadata
import importlib.util
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from xml.parsers import expat

_PACKAGES = (
    "apache-beam",
    "pyarrow",
    "deltalake",
    "obstore",
    "duckdb",
    "feedparser",
    "selectolax",
    "py3langid",
    "langdetect",
    "numpy",
)
_OPTIONAL = {
    "lingua": "--language-detector lingua, default+lingua",
    "spacy": "--entities spacy:MODEL",
    "transformers": "--entities hf:MODEL",
    "apache_beam.io.gcp.gcsfilesystem": "gs:// inputs",
    "boto3": "s3:// inputs",
    "azure.storage.blob": "azfs:// inputs",
}
# Of lakes on an object store: what was tested, and by which variables one is reached.
_STORES = {
    "s3": ("tested against a server on loopback", "AWS_"),
    "gs": ("the same code as s3, never run", "GOOGLE_"),
    "az": ("tested by hand against an emulator", "AZURE_"),
}
# expat before this has known denial-of-service faults; our pre-pass and killable parser make them tolerable.
_SOUND_EXPAT = (2, 8, 4)


@dataclass(frozen=True)
class Finding:
    """One line of the examination."""

    state: Literal["ok", "missing", "warning"]
    name: str
    detail: str


def examine() -> Iterator[Finding]:
    """Yield what there is, in the order it is worth reading."""
    yield Finding("ok", "python", f"{platform.python_version()} on {sys.platform}")
    yield from (_package(name) for name in _PACKAGES)
    yield _expat()
    yield from (_optional(module, purpose) for module, purpose in _OPTIONAL.items())
    yield _file_systems()
    yield from (_store(scheme, *told) for scheme, told in _STORES.items())


def _package(name: str) -> Finding:
    try:
        return Finding("ok", name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding("warning", name, "not installed; run `make ingest` once, or pip install newsfold")


def _expat() -> Finding:
    version = ".".join(map(str, expat.version_info))
    if expat.version_info >= _SOUND_EXPAT:
        return Finding("ok", "expat", version)
    wanted = ".".join(map(str, _SOUND_EXPAT))
    return Finding(
        "warning", "expat", f"{version}; {wanted} has the known fixes and comes with a newer Python patch release"
    )


def _optional(module: str, purpose: str) -> Finding:
    # Looked for, not imported: some of them take seconds, or fail for want of a driver.
    try:
        present = importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        present = False
    return Finding("ok" if present else "missing", module, purpose)


def _file_systems() -> Finding:
    from apache_beam.io.filesystem import FileSystem  # noqa: PLC0415  Beam is slow to import, and only needed here
    from apache_beam.io.filesystems import FileSystems  # noqa: F401, PLC0415  registers what is installed

    schemes = sorted({scheme for kind in FileSystem.get_all_subclasses() if (scheme := kind.scheme())})
    return Finding("ok", "file systems", ", ".join([*schemes, "local files"]))


def _store(scheme: str, tested: str, prefix: str) -> Finding:
    """Say which of a store's variables are set, never what they hold."""
    names = ", ".join(sorted(name for name in os.environ if name.startswith(prefix))) or f"no {prefix}… is set"
    return Finding("ok", f"--lake {scheme}://", f"{tested}; {names}")
