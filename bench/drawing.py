"""How the pictures of docs/ are written."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure


def save(figure: Figure, path: Path) -> None:
    """Write a figure as SVG, the same bytes for the same figures."""
    mpl.rcParams["svg.hashsalt"] = "newsfold"
    figure.savefig(path, metadata={"Date": None})
