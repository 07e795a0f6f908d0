"""The archives hold what they must: the wheel every file of the package, the source all of the project."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import optimizer

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
MADE = ("__pycache__", ".hypothesis", ".ipynb_checkpoints")


def templates(command: str) -> list[str]:
    """Return what the lines of MANIFEST.in of one command name."""
    lines = map(str.split, (ROOT / "MANIFEST.in").read_text("utf-8").splitlines())
    return [name for words in lines if words and words[0] == command for name in words[1:]]


def in_the_source(path: str) -> bool:
    """Say whether an archive of the source holds a file."""
    if any(fnmatch(Path(path).name, pattern) for pattern in templates("global-exclude")):
        return False
    grafted = any(path.startswith(f"{folder}/") for folder in templates("graft"))
    return grafted or any("/" not in path and fnmatch(path, p) for p in templates("include"))


def own_files() -> list[str]:
    """Return every file of the project that somebody wrote."""
    folders = [*templates("graft"), "optimizer", "tests", "data", "docs", "notebooks", ".ci"]
    inside = {path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()}
    top = {path for path in ROOT.iterdir() if path.is_file()}
    said = (path.relative_to(ROOT) for path in inside | top)
    return sorted(p.as_posix() for p in said if not {*p.parts} & {*MADE})


def test_the_source_archive_holds_every_file() -> None:
    by_itself = {"pyproject.toml", "MANIFEST.in"}  # setuptools adds these
    ours = [p for p in own_files() if not fnmatch(p, "*.py[co]") and p not in by_itself]
    assert len(ours) > 700
    own_top = {"README.md", "LICENSE", "Makefile", "constraints.txt", "Containerfile"}
    assert own_top <= set(ours)
    missing = [p for p in ours if not in_the_source(p) and ("/" in p or p in own_top)]
    assert not missing
    assert in_the_source("optimizer/report/templates/sections/check.html")
    assert not in_the_source("optimizer/__pycache__/pipe.cpython-311.pyc")


def test_the_wheel_holds_every_file_of_the_package() -> None:
    """What MANIFEST.in names inside the package goes into the wheel, unless that is switched off."""
    setuptools = PROJECT["tool"]["setuptools"]
    assert setuptools.get("include-package-data", True) is True
    assert not {"package-data", "exclude-package-data"} & setuptools.keys()
    assert "optimizer" in templates("graft")
    assert setuptools["packages"]["find"]["include"] == ["optimizer*"]


def test_the_version_is_that_of_the_installed_package() -> None:
    assert optimizer.__version__ == version("subsidy-optimizer")
    with pytest.raises(AttributeError):
        _ = optimizer.surprise


def test_the_licences_that_are_named_are_there() -> None:
    assert all((ROOT / name).is_file() for name in PROJECT["project"]["license-files"])


def test_the_container_installs_extras_that_there_are() -> None:
    text = (ROOT / "Containerfile").read_text("utf-8")
    extras = text.partition(".[")[2].partition("]")[0].split(",")
    assert extras
    assert set(extras) <= PROJECT["project"]["optional-dependencies"].keys()
    assert "\nUSER subsidy\n" in text
    assert 'ENTRYPOINT ["subsidy"]' in text
