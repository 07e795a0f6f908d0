"""The examples of the public docstrings run as docs/api.md says: after its first lines, as they stand."""

from __future__ import annotations

import doctest
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from helpers.places import ROOT

import optimizer


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Run what the page begins with, in a folder of its own."""
    folder = tmp_path_factory.mktemp("examples")
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    [start] = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        exec(start, names)
    return folder, names


@pytest.mark.parametrize("name", optimizer.__all__)
def test_the_example_runs(
    name: str, names: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, Any] = {}
    for place in ("clauses.own", "clauses.define", "clauses"):  # a rule of one's own is forgotten
        monkeypatch.setattr(f"optimizer.{place}.OWN", kept)
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.chdir(names[0])
    _, heading, examples = (inspect.getdoc(getattr(optimizer, name)) or "").partition(
        "\nExamples\n"
    )
    test = doctest.DocTestParser().get_doctest(examples, {**names[1]}, name, None, 0)
    assert heading and any(example.want for example in test.examples), "shows nothing"
    said: list[str] = []
    doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert not said, "".join(said)
