"""Shared by all tests: the cases that many of them start from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from helpers.places import REAL, ROOT

pytest.register_assert_rewrite("checks", "helpers.told")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each process one stretch of the tests in their order: what a module shares is made once."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.option.dist == "load" else None


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


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small case as files that is in order."""
    from helpers.commands import run

    folder = tmp_path_factory.mktemp("cases") / "case"
    assert run("new", folder, "--example").exit_code == 0
    return folder
