"""Templates are compiled once; what is kept is used only if it was made of the very same."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment

from optimizer.report.compiled_templates import CompiledTemplates


def rendered(folder: Path, maker: bytes = b"1") -> str:
    environment = Environment(loader=CompiledTemplates(folder, maker), autoescape=True)
    return environment.get_template("parts/page.html").render(name="<a>")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "page.html").write_text("Dear {{ name }}")
    return tmp_path


def kept(folder: Path) -> Path:
    (file,) = (folder / "parts" / "__pycache__").iterdir()
    return file


def test_what_is_kept_is_used(folder: Path) -> None:
    assert rendered(folder) == "Dear &lt;a&gt;"
    data = kept(folder).read_bytes()
    assert b"Dear " in data
    kept(folder).write_bytes(data.replace(b"Dear ", b"Lief "))
    assert rendered(folder) == "Lief &lt;a&gt;"


@pytest.mark.parametrize("changed", ["template", "maker", "head", "empty"])
def test_what_was_made_of_anything_else_is_left_aside(folder: Path, changed: str) -> None:
    rendered(folder)
    data = kept(folder).read_bytes().replace(b"Dear ", b"Lief ")
    kept(folder).write_bytes({"head": b"x" + data, "empty": b""}.get(changed, data))
    if changed == "template":
        (folder / "parts" / "page.html").write_text("Dear  {{ name }}")
    assert rendered(folder, b"2" if changed == "maker" else b"1").startswith("Dear ")
    assert b"Dear " in kept(folder).read_bytes()


def test_where_nothing_is_to_be_kept_nothing_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert rendered(folder) == "Dear &lt;a&gt;"
    assert not (folder / "parts" / "__pycache__").exists()


def test_where_nothing_can_be_kept_a_page_is_made_all_the_same(folder: Path) -> None:
    (folder / "parts" / "__pycache__").write_text("a file in the way")
    assert rendered(folder) == "Dear &lt;a&gt;"
