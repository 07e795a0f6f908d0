"""What ``pytest --nbmake --overwrite notebooks`` adds to nbmake.

Every notebook is run and its outputs are stored, without the noise of the run; it fails if what it says
has changed, figures apart. Look at what changed, and commit it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbmake.nb_result import NotebookError, NotebookResult
from nbmake.pytest_items import NotebookFailedException

REAL = "real-proposals"  # tag of cells about a file that is not part of this project
FOUND = "72 real proposals"  # begins what the first of them prints where there is that file


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Hold what a notebook says against what was stored."""
    if not (getattr(item, "nbmake", False) and item.config.getoption("overwrite")):
        return (yield)
    before = item.path.read_bytes()
    stored = nbformat.reads(before.decode("utf-8"), nbformat.NO_CONVERT)
    try:
        result = yield
    except BaseException:
        item.path.write_bytes(before)
        raise
    made = _tidied(item.path, stored)
    changed = list(
        unified_diff([*_said(stored)], [*_said(made)], "stored", "now", n=1, lineterm="")
    )
    if changed:
        said = f"{item.path.name} now says something else"
        raise NotebookFailedException(
            NotebookResult(made, NotebookError(said, "\n".join(changed), failing_cell_index=0))
        )
    return result


def _tidied(path: Path, stored: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out what differs from run to run; without the real file, keep what was stored of it."""
    made = nbformat.read(path, nbformat.NO_CONVERT)
    made.metadata = stored.metadata
    ours, theirs = ([cell for cell in nb.cells if REAL in _tags(cell)] for nb in (made, stored))
    if ours and not str(ours[0].outputs).count(FOUND):
        for cell, other in zip(ours, theirs, strict=True):
            cell.outputs = other.outputs
    for cell in made.cells:
        cell.metadata.pop("execution", None)
    nbformat.write(made, path)
    return made


def _tags(cell: nbformat.NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def _said(notebook: nbformat.NotebookNode) -> Iterator[str]:
    """Yield, line by line, what each cell of code is and what it put out, images left out."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            yield from cell.source.splitlines()
            for output in cell.outputs:
                yield from output.get("text", "").splitlines()
                for kind, said in output.get("data", {}).items():
                    yield kind
                    yield from () if kind.startswith("image/") else said.splitlines()
