"""A dataclass whose methods are compiled late is the dataclass it was."""

from __future__ import annotations

import dataclasses
import inspect
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from optimizer.foundation import late_methods
from optimizer.foundation.late_methods import compile_late


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Compile late, and note which methods are compiled."""
    compiled: list[str] = []
    plain = getattr(dataclasses, late_methods._MAKE, None)
    if plain is None:
        pytest.skip("this Python compiles a dataclass at once")
    while hasattr(plain, "__closure__") and plain.__module__ != "dataclasses":
        (plain,) = (cell.cell_contents for cell in plain.__closure__)

    def noted(name: str, *how: Any, **more: Any) -> Any:
        compiled.append(name)
        return plain(name, *how, **more)

    noted.__module__ = "dataclasses"
    monkeypatch.setattr(dataclasses, late_methods._MAKE, noted)
    compile_late()
    yield compiled


def made() -> Any:
    @dataclasses.dataclass(frozen=True)
    class Point:
        """A point."""

        x: int
        y: int = 0

    return Point


def test_only_what_is_called_is_compiled_and_once(late: list[str]) -> None:
    point = made()
    assert late == ["__init__"]
    assert point(1) == point(1, 0)
    assert point(1) != point(2)
    assert late == ["__init__", "__eq__"]


def test_it_does_what_it_did(late: list[str]) -> None:
    point = made()
    assert repr(point(1)).endswith("Point(x=1, y=0)")
    assert hash(point(1)) == hash((1, 0))
    assert {point(1): "a"}[point(1)] == "a"
    with pytest.raises(dataclasses.FrozenInstanceError, match="assign to field 'x'"):
        point(1).x = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match="delete field 'x'"):
        del point(1).x
    assert dataclasses.replace(point(1), y=3) == point(1, 3)
    assert str(inspect.signature(point)) == "(x: 'int', y: 'int' = 0) -> None"
    assert point.__eq__.__qualname__.endswith("Point.__eq__")


def test_a_subclass_may_still_set_what_is_its_own(late: list[str]) -> None:
    class Named(made()):  # type: ignore[misc]
        pass

    one = Named(1)
    one.name = "a"
    assert one.name == "a"
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.x = 2


def test_asked_twice_it_is_done_once(late: list[str]) -> None:
    once = getattr(dataclasses, late_methods._MAKE)
    compile_late()
    assert getattr(dataclasses, late_methods._MAKE) is once


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="nothing to compile late")
def test_a_command_compiles_late() -> None:
    import optimizer.cli  # noqa: F401

    assert getattr(dataclasses, late_methods._MAKE).__module__ == late_methods.__name__
