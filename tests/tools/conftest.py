"""Lets the tests of the checks build small trees of sources."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))


@pytest.fixture
def tree(tmp_path):
    """Writes files below an empty root: tree({"src/LAYERS": "base:\\n", …}) gives the root."""

    def write(files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write
