"""Staging that workers on several machines share: files below a lake on an object store.

A worker writes to a folder of its own and sends what it wrote; whoever needs it fetches it into one of its own. The
next start of a writer sweeps what lies there, as it sweeps a lake's staging in a folder.
"""

from collections.abc import Sequence
from pathlib import Path

from transforms.lake.layout import SHARED, Lake
from transforms.lake.objects import objects_at


def shared_staging(lake: Lake) -> str:
    """Return where workers leave what others need: a folder that all see, or a URL."""
    return f"{lake.url}/{SHARED}" if lake.url else str(lake.staging)


def send(files: Sequence[Path], folder: Path, place: str) -> list[str]:
    """Send files of a folder to shared staging at a URL, and return their names there, in order."""
    # Of a path's folders a name is made, for a store has none and pieces of two inputs may be called the same.
    keys = ["-".join(path.relative_to(folder).parts) for path in files]
    objects_at(place).upload(zip(keys, files, strict=True))
    return [f"{place}/{key}" for key in keys]


def is_shared(name: str, lake: Lake) -> bool:
    """Tell whether a name is one of shared staging that must be fetched."""
    return bool(lake.url) and name.startswith(f"{lake.url}/{SHARED}/")


def fetch(names: Sequence[str], folder: Path) -> list[Path]:
    """Fetch files of shared staging into a folder, those that are not there yet, and return their paths, in order.

    Raises:
        LakeError: one is gone, or the store does not answer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # What is there was fetched whole before; names are never used for other content within a run.
    paths = [folder / name.rpartition("/")[2] for name in names]
    missing = [(name, path) for name, path in zip(names, paths, strict=True) if not path.exists()]
    for place in {name.rpartition("/")[0] for name, _ in missing}:
        here = [(name.rpartition("/")[2], path) for name, path in missing if name.rpartition("/")[0] == place]
        objects_at(place).download(here)
    return paths
