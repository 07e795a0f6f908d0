"""The shape of the code: imports point one way, and heavy libraries live where they belong."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from optimizer.clauses import registry

PACKAGE = Path(__file__).parent.parent / "optimizer"

# From the bottom up: a room may import from itself and from rooms above its line, no others.
LAYERS = (
    ("foundation", "language"),
    ("tables", "program"),
    ("problems", "plain"),
    ("reading", "writing", "solving", "workbooks"),
    ("clauses",),
    ("policy",),
    ("case", "scoring", "stationery"),
    ("recheck", "diagnose", "invented"),
    ("facts",),
    ("explain", "plots"),
    ("result",),
    ("pipe", "report"),
    ("session",),
    ("revisions",),
    ("check", "scenarios", "verify", "new", "letters", "pabulib"),
    ("uncertainty",),
    ("desk",),
    ("cli",),
)
HOMES: dict[str, tuple[str, ...]] = {
    "argparse": (),  # the one command line is typer's
    "difflib": ("problems",),
    "joblib": ("scenarios",),
    "distributed": ("scenarios",),
    "pulp": ("solving",),
    "highspy": ("solving",),
    "xlsxwriter": ("workbooks",),
    "typst": ("report",),
    "matplotlib": ("plots", "language"),
    "typer": ("cli",),
    "rich": ("cli",),
    "nicegui": ("desk",),
    "tomlkit": ("desk",),
}
# who may know a rule by its file: the policy, whose tables imply three, and a rule's own levers
# and what makes the promise of a revision out of what was published
KNOWN = {"policy": {"minimum_merit", "minimum_points", "pool"}, "revisions": {"promise"}}
# files of one name, each with the reason: what a reader meets twice is twice on purpose
_COMMAND = "a command, and what it calls"
_LEVER = "a rule, and the lever that can make it give way"
_FIGURE = "a figure, and the rule or the command that it shows"
_TABLE = "a table, read and invented"
_FORMAT = "a format, read and written"
_TWIN = "written twice on purpose: the second, plain reading"
_PAGE = "a room of the workbench, and what it shows"
TWICE = {
    ("answer", "desk/pages", "explain"): _PAGE,
    ("rules", "desk/pages", "invented"): _PAGE,
    ("batch", "cli", "scenarios"): _COMMAND,
    ("check", "", "cli"): _COMMAND,
    ("compare", "cli", "plots"): _FIGURE,
    ("sweep", "cli", "plots", "scenarios"): f"{_COMMAND}; {_FIGURE}",
    ("explain", "cli", "diagnose"): "a command, and what a contradiction is explained by",
    ("generate", "cli", "invented"): _COMMAND,
    ("robustness", "cli", "uncertainty"): _COMMAND,
    ("revise", "cli", "revisions"): _COMMAND,
    ("schema", "cli", "tables"): "a command that prints JSON Schemas, and the columns of a case",
    ("verify", "cli", "verify"): _COMMAND,
    ("fixed", "clauses", "diagnose/levers"): _LEVER,
    ("minimum_award", "clauses", "diagnose/levers"): _LEVER,
    ("minimum_merit", "clauses", "diagnose/levers"): _LEVER,
    ("pool", "clauses", "diagnose/levers", "plots"): f"{_LEVER}; {_FIGURE}",
    ("promise", "clauses", "diagnose/levers"): _LEVER,
    ("quota", "clauses", "diagnose/levers"): _LEVER,
    ("school_cap", "clauses", "diagnose/levers"): _LEVER,
    ("disadvantage", "clauses", "plots"): _FIGURE,
    ("equity", "plots", "result"): _FIGURE,
    ("frontier", "plots", "scenarios"): _FIGURE,
    ("prices", "cli", "solving/dynamic"): "a command, and the prices that settle schools",
    ("shown", "case", "policy", "scenarios"): "a value at a glance: its line, its HTML",
    ("write", "revisions", "scenarios"): "what writes a folder of files",
    ("applications", "invented", "reading"): _TABLE,
    ("budget_and_meetings", "invented", "reading"): _TABLE,
    ("reviews", "invented", "reading", "tables"): _TABLE,
    ("schools", "invented", "reading"): _TABLE,
    ("ods", "reading", "workbooks"): _FORMAT,
    ("xlsx", "reading", "workbooks"): _FORMAT,
    ("cells", "plain", "reading"): _TWIN,
    ("header_notes", "plain", "reading"): _TWIN,
    ("layout", "plain", "reading"): _TWIN,
    ("score", "plain", "scoring"): _TWIN,
    ("severity", "plain", "scoring"): _TWIN,
}
CLASSES_TWICE: set[tuple[str, ...]] = set()
FORBIDDEN_MODULES = ("pickle", "shelve", "marshal", "dill", "cloudpickle")
FORBIDDEN_CALLS = ("eval", "exec", "compile", "__import__")

FILES = sorted(PACKAGE.rglob("*.py"))
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in FILES
}


def layer_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def imported(path: Path) -> tuple[str, ...]:
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    """Yield what a module imports: at its top, inside functions and for types alone."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            named = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in MODULES else str(node.module) for name in named)


def graph() -> dict[str, set[str]]:
    """Return, for each module or package, what else of the program it imports."""
    found: dict[str, set[str]] = {layer_name(path): set() for path in FILES}
    for path in FILES:
        mine = layer_name(path)
        others = (name.split(".")[1] for name in imported(path) if name.startswith("optimizer."))
        found[mine] |= {other for other in others if other in found and other != mine}
    return found


def files() -> dict[str, set[str]]:
    """Return, for each file, which others it imports."""
    return {
        name: {other for other in imported(path) if other in MODULES and other != name}
        for name, path in MODULES.items()
    }


def test_every_module_has_its_layer() -> None:
    placed = [name for layer in LAYERS for name in layer]
    assert len(placed) == len(set(placed))
    homeless = set(graph()) - set(placed) - {"__init__"}
    assert not homeless, f"put them into LAYERS where they belong: {sorted(homeless)}"


def test_imports_point_one_way() -> None:
    height = {name: number for number, layer in enumerate(LAYERS) for name in layer}
    wrong = [
        f"{mine} imports {other}"
        for mine, others in graph().items()
        for other in others
        if height.get(other, 0) >= height.get(mine, len(LAYERS))
    ]
    assert not wrong


@pytest.mark.parametrize("of", [graph, files])
def test_no_imports_go_in_a_circle(of: Callable[[], dict[str, set[str]]]) -> None:
    left = of()
    while left:
        free = {name for name, others in left.items() if not others & set(left)}
        assert free, f"these import each other: {sorted(left)}"
        left = {name: others for name, others in left.items() if name not in free}


def homes(names: Iterable[tuple[str, str]]) -> set[tuple[str, ...]]:
    """Return each name that stands in several places, with the places, of pairs of both."""
    found: dict[str, list[str]] = {}
    for name, home in names:
        found.setdefault(name, []).append(home)
    return {(name, *sorted(where)) for name, where in found.items() if len(where) > 1}


def test_no_two_classes_have_one_name() -> None:
    """The one nearest the user has the plain name, the others say what they are besides."""
    classes = (
        (node.name, name)
        for name, path in MODULES.items()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
    )
    assert homes(classes) == CLASSES_TWICE, "name them apart"


def test_files_of_one_name_have_a_reason() -> None:
    places = (path.relative_to(PACKAGE) for path in FILES if not path.stem.startswith("__"))
    named = ((path.stem, path.parent.as_posix().removeprefix(".")) for path in places)
    assert homes(named) == set(TWICE), "name them apart, or say why not in TWICE"


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_is_imported_where_it_belongs(library: str) -> None:
    users = {
        layer_name(path)
        for path in FILES
        if any(name.split(".")[0] == library for name in imported(path))
    }
    assert users <= set(HOMES[library])


def test_nothing_knows_a_rule_by_name_but_its_own_file() -> None:
    """So a rule that is added is known wherever the others are."""
    rules = {rule.__module__ for rule in registry().values()}
    for path in FILES:
        known = {name.rpartition(".")[2] for name in imported(path) if name in rules}
        mine = {path.stem} if path.parent.name == "levers" else set()
        if path.parent.name != "clauses":
            assert known <= KNOWN.get(layer_name(path), set()) | mine, path


def test_nothing_is_unpickled_or_evaluated() -> None:
    for path in FILES:
        names = {name.split(".")[0] for name in imported(path)}
        assert not names & set(FORBIDDEN_MODULES), path
        calls = {
            node.func.id
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not calls & set(FORBIDDEN_CALLS), path


def test_no_test_module_imports_from_another() -> None:
    """What several of them need stands in tests/helpers or, where it checks, in tests/checks."""
    borrowed = re.compile(r"^ *(?:from|import) +(?:\w+\.)*test_\w+", re.MULTILINE)
    tests = Path(__file__).parent.rglob("*.py")
    assert not {
        path.name: found for path in tests if (found := borrowed.findall(path.read_text("utf-8")))
    }


def test_a_problem_is_built_in_one_place() -> None:
    """Everything else says `defect`, `flag` or `problem_of`: no heap of unnamed arguments."""
    builders = {
        path.relative_to(PACKAGE).as_posix()
        for path in FILES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and (node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", ""))
        == "Problem"
    }
    assert builders == {"problems/errors.py"}


# ---- style -------------------------------------------------------------------------------------

MOST = 4  # arguments without a name that a reader can tell apart
# functions that take as many as they are given, or of C
NAMELESS = {"zip", "rename", "face.show", "renderer.draw_text"}


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
