"""Run the pipeline on Prism, Beam's own small runner, and compare its rows with the local runner's: `make prism`."""

import sys
import tempfile
from pathlib import Path

from runners.parts import CACHE, PartMissingError, prism
from runners.trial import compare_runs


def main() -> None:
    """Build Prism where it is missing, compare; exit with 1 where rows differ or it cannot be built."""
    try:
        flags = ["--runner=PrismRunner", f"--prism_location={prism()}"]
    except PartMissingError as error:
        sys.exit(f"no trial on Prism: {error}")
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="prism-") as folder:
        equal = compare_runs(sys.argv[1:] or ["seeds"], Path(folder), {"Prism": flags})
    sys.exit(not equal)


if __name__ == "__main__":
    main()
