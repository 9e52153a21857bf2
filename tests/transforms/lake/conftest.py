"""An empty lake for every test of this folder."""

import sys
from pathlib import Path

import pytest

from transforms.lake.layout import Lake, create_or_open

sys.path.insert(0, str(Path(__file__).parent))  # small_lakes.py, which child processes run too


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return create_or_open(tmp_path / "lake")
