"""Where real files lie, if they are on this machine."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"


def _folder() -> Path | None:
    """Return a folder `real`: named by REAL_FILES, or in a neighbour of the tree."""
    if named := os.environ.get("REAL_FILES"):
        return Path(named)
    return next(
        (path.parent.parent for path in ROOT.parent.glob("*/real/taichung/schools.csv")), None
    )


REAL = _folder()
