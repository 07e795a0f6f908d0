"""The shape of the code: imports point one way, and heavy libraries live where they belong."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from optimizer.clauses import registry

PACKAGE = Path(__file__).parent.parent / "optimizer"

# From the bottom up: a module may import from its own line and from lines above it, no others.
LAYERS = (
    ("exact", "text", "limits", "clock", "digits", "escaping"),
    ("frozen",),
    ("errors", "settings", "fonts", "schema", "originals"),
    ("likeness",),
    ("arguments", "document", "writing"),
    ("words", "program", "records", "wellformed", "spoken", "policy_words"),
    ("toml_text",),
    ("keyed", "round", "marks", "slips", "severity", "dtypes"),
    ("reading", "plain", "workbooks"),
    ("clauses",),
    ("policy_remedies", "policy_problems", "policy_reach", "policy"),
    ("changes", "catalogue", "digest"),
    ("case",),
    ("screening",),
    ("scoring", "agreement"),
    ("build", "narrow", "start", "solution", "lottery", "shares"),
    ("solvers", "voices", "linear", "model", "lexicographic", "dynamic", "solve", "prove"),
    ("audit", "recheck", "reasons", "tabulate", "headline", "seal", "provenance"),
    ("allocation", "diagnose"),
    ("allocate",),
    ("explain", "revise"),
    ("plots", "report"),
    ("verification",),
    ("verify", "check", "scenarios", "sweep", "robustness"),
    ("invented", "generate"),
    ("new",),
    ("cli",),
)
HOMES: dict[str, tuple[str, ...]] = {
    "argparse": (),  # the one command line is typer's
    "difflib": ("likeness",),
    "pulp": ("linear", "solvers"),
    "highspy": ("solvers",),
    "xlsxwriter": ("workbooks",),
    "matplotlib": ("plots", "fonts"),
    "typer": ("cli",),
    "rich": ("cli",),
}
# who may know a rule by its file: the policy, whose tables imply three, and a rule's own levers
KNOWN = {"policy": {"minimum_merit", "minimum_points", "pool"}}
FORBIDDEN_MODULES = ("pickle", "shelve", "marshal", "dill", "cloudpickle")
FORBIDDEN_CALLS = ("eval", "exec", "compile", "__import__")

FILES = sorted(PACKAGE.rglob("*.py"))


def layer_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def runtime_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk a module without what stands under ``if TYPE_CHECKING``."""
    for node in ast.iter_child_nodes(tree):
        guarded = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not guarded:
            yield node
            yield from runtime_nodes(node)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def imported(path: Path) -> tuple[str, ...]:
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in runtime_nodes(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            if node.module == "optimizer":
                yield from (f"optimizer.{alias.name}" for alias in node.names)


def graph() -> dict[str, set[str]]:
    """Return, for each module or package, what else of the program it imports."""
    found: dict[str, set[str]] = {layer_name(path): set() for path in FILES}
    for path in FILES:
        mine = layer_name(path)
        others = (name.split(".")[1] for name in imported(path) if name.startswith("optimizer."))
        found[mine] |= {other for other in others if other in found and other != mine}
    return found


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
        if height.get(other, 0) > height.get(mine, len(LAYERS))
    ]
    assert not wrong


def test_no_imports_go_in_a_circle() -> None:
    left = graph()
    while left:
        free = {name for name, others in left.items() if not others & set(left)}
        assert free, f"these import each other: {sorted(left)}"
        left = {name: others for name, others in left.items() if name not in free}


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


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_nothing_is_unpickled_or_evaluated(path: Path) -> None:
    assert not {name.split(".")[0] for name in imported(path)} & set(FORBIDDEN_MODULES)
    calls = {
        node.func.id
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & set(FORBIDDEN_CALLS)
