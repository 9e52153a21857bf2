"""A trial on Prism, Beam's own small runner, which the command starts by itself."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from runners.parts import prism


@contextlib.contextmanager
def prism_modes(_folder: Path) -> Iterator[dict[str, list[str]]]:
    """Give the flags that run a job on Prism; builds it where it is missing."""
    yield {"Prism": ["--runner=PrismRunner", f"--prism_location={prism()}"]}
