"""Would the tests see it if a line were wrong? Change one at random, and run the tests that reach it.

``python tests/mutants.py cover OUT [TESTS...]`` runs the tests once and keeps in the folder OUT which test
reaches which line, and its cost. ``python tests/mutants.py try OUT ROOM [COUNT] [SEED]`` makes COUNT
changes within functions of ``optimizer/ROOM``, each alone, in memory, in a fork of a process that has
everything loaded, and adds a line for each to ``OUT/ROOM.jsonl``: what was changed, and which test noticed.
Needs ``coverage`` beside the extra ``test``, and a system that can fork.
"""

from __future__ import annotations

import ast
import gc
import importlib
import json
import os
import random
import resource
import signal
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from types import CodeType, FunctionType

import coverage
import pytest
from _pytest.runner import runtestprotocol

Place = tuple[ast.expr | ast.stmt, str]  # what is changed, and the text in its place
TREE = Path(__file__).resolve().parent.parent
QUICK, LONG = 5, 60  # processor seconds of tests: the quickest first, then others up to this
SWAPS: dict[type[ast.AST], type] = {
    ast.Lt: ast.LtE, ast.Gt: ast.GtE, ast.Eq: ast.NotEq, ast.In: ast.NotIn, ast.Is: ast.IsNot,
    ast.Add: ast.Sub, ast.Mult: ast.FloorDiv, ast.BitAnd: ast.BitOr, ast.And: ast.Or,
}  # fmt: skip
OTHER: dict[type[ast.AST], type] = {**SWAPS, **{b: a for a, b in SWAPS.items()}, ast.Mod: ast.Add}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}


class Cover:
    """Keeps which test reaches which line, and its cost."""

    def __init__(self, out: Path) -> None:
        self.out, self.costs = out, dict[str, float]()
        self.seen = coverage.Coverage(out / "reached", source=["optimizer"], config_file=False)
        self.seen.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.seen.switch_context(item.nodeid)
        begun = sum(os.times()[:4])
        result = yield
        self.costs[item.nodeid] = sum(os.times()[:4]) - begun
        self.seen.switch_context("")
        return result

    def pytest_sessionfinish(self) -> None:
        self.seen.stop()
        self.seen.save()
        (self.out / "costs.json").write_text(json.dumps(self.costs))


class Try:
    """Makes one change after another and runs the tests that might notice."""

    def __init__(self, out: Path, room: str, count: int = 60, seed: int = 1) -> None:
        self.log, self.room, self.count, self.seed = out / f"{room}.jsonl", room, count, seed
        self.costs: dict[str, float] = json.loads((out / "costs.json").read_text())
        self.reached = coverage.CoverageData(str(out / "reached"))
        self.reached.read()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        files = sorted((TREE / "optimizer" / self.room).rglob("*.py"))
        for file in files:
            importlib.import_module(".".join(file.relative_to(TREE).with_suffix("").parts))
        functions = [f for f in gc.get_objects() if isinstance(f, FunctionType)]
        gc.freeze()  # the forks share what is loaded
        items = {item.nodeid: item for item in session.items if item.nodeid in self.costs}
        drawn = [(f, *place) for f in files for place in in_functions(ast.parse(f.read_bytes()))]
        random.Random(self.seed).shuffle(drawn)
        with self.log.open("a", encoding="utf-8") as log:
            for file, at, text in drawn[: self.count]:
                name = file.relative_to(TREE).as_posix()
                found = self.reaching(name, at) & items.keys()
                made_of = [f for f in functions if f.__code__.co_filename == str(file)]
                by = noticed(made_of, at, text, [items[test] for test in self.chosen(found)])
                said = {"file": name, "line": at.lineno, "was": ast.unparse(at), "is": text}
                said |= {"tests": len(found), "by": by}
                print(json.dumps(said, ensure_ascii=False), file=log, flush=True)
        return True

    def reaching(self, name: str, at: ast.expr | ast.stmt) -> set[str]:
        """Return the tests that reach a place, wherever the tree stood that was measured."""
        measured = (f for f in self.reached.measured_files() if f.endswith(name))
        lines = self.reached.contexts_by_lineno(next(measured, name))
        return {t for n in range(at.lineno, (at.end_lineno or 0) + 1) for t in lines.get(n, ())}

    def chosen(self, found: set[str]) -> list[str]:
        """Return the quickest; then the room's own, those beside them, which share what was made once, and others."""
        files = {test.partition("::")[0] for test in found}
        quick = self.fitting(sorted(found, key=self.costs.__getitem__), QUICK)
        others = [t for t in self.costs if t.partition("::")[0] in files and t not in quick]
        own = f"tests/{self.room}/"
        others.sort(key=lambda t: (t not in found, not t.startswith(own), self.costs[t]))
        return [*sorted(quick), *sorted(self.fitting(others, LONG))]

    def fitting(self, tests: list[str], limit: float) -> list[str]:
        """Return those of the tests, from the first on, that together stay below the limit."""
        return [t for t in tests if self.costs[t] < limit and (limit := limit - self.costs[t])]


def noticed(
    functions: list[FunctionType], at: ast.expr | ast.stmt, text: str, items: list[pytest.Item]
) -> str:
    """Return the test that fails in a fork of this process with a change, or nothing."""
    receive, send = os.pipe()
    if not (fork := os.fork()):
        said = "could not be made"
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (4 * LONG, 4 * LONG))
            signal.alarm(10 * LONG)
            put_in(functions, at, text)
            said = first_failing(items)
        finally:
            os.write(send, said.encode())
            os._exit(0)
    ended = os.waitpid(fork, 0)[1]
    os.close(send)
    said = os.read(receive, 2**16).decode()
    os.close(receive)
    return f"ended by signal {ended}" if ended else said


def put_in(functions: list[FunctionType], at: ast.expr | ast.stmt, text: str) -> None:
    """Give the functions of a file the code that they have after a change of it."""
    name = functions[0].__code__.co_filename
    source = Path(name).read_bytes()
    old = codes(compile(source, name, "exec"))
    new = codes(compile(changed(source, at, text), name, "exec"))
    for function in functions:
        function.__code__ = new[next(k for k, code in old.items() if code == function.__code__)]


def codes(module: CodeType) -> dict[tuple[str, int, int], CodeType]:
    """Return the code of every function by its name and line, and which it is of several there."""
    found: dict[tuple[str, int, int], CodeType] = {}
    waiting = [module]
    while waiting:
        for code in waiting.pop().co_consts:
            if isinstance(code, CodeType):
                name, line = code.co_qualname, code.co_firstlineno
                found[name, line, sum(key[:2] == (name, line) for key in found)] = code
                waiting.append(code)
    return found


def first_failing(items: list[pytest.Item]) -> str:
    """Run tests, one after another, and return the first that fails."""
    for item, following in zip_longest(items, items[1:]):
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
            return item.nodeid
    return ""


def changes(node: ast.AST) -> Iterator[ast.expr | str]:
    """Give what could stand in place of ``node``; of a condition, in place of what is tested."""
    match node:
        case ast.Compare(left, [op], right) if type(op) in OTHER:
            yield ast.Compare(left, [OTHER[type(op)]()], right)
        case ast.BinOp(left, op, right) if type(op) in OTHER:
            yield ast.BinOp(left, OTHER[type(op)](), right)
        case ast.AugAssign(target, op, value) if type(op) in OTHER:
            yield ast.unparse(ast.AugAssign(target, OTHER[type(op)](), value))
        case ast.BoolOp(op, values):
            yield ast.BoolOp(OTHER[type(op)](), values)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield operand
        case ast.If(test) | ast.While(test) | ast.IfExp(test):
            yield ast.UnaryOp(ast.Not(), test)
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value)):
            yield ast.Constant(value + 1)
        case ast.Call(ast.Name(name), arguments, keywords) if name in CALLS:
            yield ast.Call(ast.Name(CALLS[name]), arguments, [] if name == "sorted" else keywords)
        case ast.Raise() | ast.Continue() | ast.Break() | ast.Expr(ast.Call() | ast.Yield()):
            yield f"if 0: {ast.unparse(node)}"


def places(node: ast.AST) -> Iterator[Place]:
    """Give each part of ``node`` that can be changed, and the text that stands there then."""
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            words = isinstance(child, ast.JoinedStr) or field in ("annotation", "returns")
            if isinstance(child, ast.AST) and not words:
                for change in changes(child):
                    at = child.test if isinstance(child, ast.If | ast.While | ast.IfExp) else child
                    assert isinstance(at, ast.expr | ast.stmt)
                    yield at, change if isinstance(change, str) else ast.unparse(change)
                yield from places(child)


def in_functions(node: ast.AST) -> Iterator[Place]:
    """Give the places inside of functions: what stands outside of them has been read already."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield from places(ast.Module(child.body, []))
        else:
            yield from in_functions(child)


def changed(source: bytes, at: ast.expr | ast.stmt, text: str) -> bytes:
    """Return the source with ``text`` in the place of ``at``, every other line where it was."""
    assert at.end_lineno is not None and at.end_col_offset is not None
    before = source.splitlines(keepends=True)
    first = len(b"".join(before[: at.lineno - 1])) + at.col_offset
    last = len(b"".join(before[: at.end_lineno - 1])) + at.end_col_offset
    lines = "\n" * (at.end_lineno - at.lineno)
    new = f"{text}{lines}" if isinstance(at, ast.stmt) else f"({text}{lines})"
    return source[:first] + new.encode() + source[last:]


if __name__ == "__main__":
    sys.path.insert(0, str(TREE))
    os.chdir(TREE)
    what, folder, *more = sys.argv[1:]
    plugin: Cover | Try
    if what == "cover":
        plugin = Cover(Path(folder).resolve())
    else:
        plugin = Try(Path(folder).resolve(), more[0], *map(int, more[1:]))
        more = sorted({test.partition("::")[0] for test in plugin.costs})
    sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", *more], plugins=[plugin]))
