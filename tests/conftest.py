"""Shared by all tests: where real files lie, if they are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.places import REAL, ROOT


@pytest.fixture(scope="session")
def real() -> Path:
    """Return the folder of real files, or skip where it is absent."""
    if REAL is None or not REAL.is_dir():
        pytest.skip("the real files are not on this machine")
    return REAL


@pytest.fixture(scope="session")
def example() -> Path:
    """Return the committed example round."""
    return ROOT / "data" / "taichung-103"
