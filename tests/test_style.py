"""The style of the code, where it can be read off: who makes what, and arguments that have names."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from test_layers import FILES, PACKAGE, parsed

MOST = 4  # arguments without a name that a reader can tell apart
# functions that take as many as they are given, or of C; the last is being taken apart
NAMELESS = {"zip", "rename", "face.show", "Problem"}


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Yield every call of the program: its file, what is called, the call."""
    for path in FILES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call):
                yield path.relative_to(PACKAGE).as_posix(), ast.unparse(node.func), node


def test_only_certify_makes_an_allocation() -> None:
    makers = {file for file, called, _ in calls() if called in ("Allocation", "Certified")}
    assert makers == {"result/certify.py"}


def test_many_arguments_have_names() -> None:
    wrong = [
        f"{file}:{call.lineno} {called}"
        for file, called, call in calls()
        if len(call.args) > MOST and called not in NAMELESS
    ]
    assert not wrong, f"more than {MOST} arguments without a name: {wrong}"
