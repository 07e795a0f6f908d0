"""The reference of the Python API: which names stand under which heading."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import optimizer
from docs.making.markup import code, fenced, paragraphs, table

START = """\
from optimizer import *

generate("trial", applications=40, schools=24, districts=6)
case = read_case("trial")"""
GROUPS = {
    "Read, check, make": (
        "read_case",
        "Case",
        "check_case",
        "new_case",
        "generate",
        "generate_round",
    ),
    "Policies": ("Policy", "read_policy", "make_policy", "catalogue", "clause"),
    "Allocate": ("allocate", "Allocation", "Session", "write_result", "verify_result"),
    "Compare": (
        *("compare", "Comparison", "Scenario", "read_scenarios", "write_comparison"),
        *("diff", "Difference", "sweep", "Sweep", "write_sweep", "batch"),
    ),
    "Prices": (
        *("prices", "PriceBook", "write_prices", "price_of_rules", "PriceOfRules"),
        *("pool_curve", "PoolSteps", "frontier", "Frontier"),
    ),
    "How firm": ("robustness", "Robustness", "write_robustness"),
    "Figures, and other formats": ("plots", "import_pb"),
    "After publication": (
        "revise",
        "Revision",
        "write_revision",
        "reopen",
        "write_letters",
        "copy_templates",
    ),
}


def page() -> str:
    """Return the page."""
    return paragraphs(
        "# Python API",
        "All that `import optimizer` offers. Money is whole NT$, merit an exact fraction; arguments are checked, and what is wrong is "
        "said in words. Errors carry [exit codes](exit-codes.md).",
        "Here every name stands with its call and its first sentence. Parameters, what is returned, errors and examples stand below each "
        "table in the site that `make docs` makes (`site/api.html`), where lines that begin with `:::` are replaced by them; in Python, "
        "`help(optimizer.allocate)` says the same.",
        "The examples of this page begin with an invented round, and run as they stand:",
        fenced(START, "python"),
        *(part for title, names in GROUPS.items() for part in _group(title, names)),
    )


def _group(title: str, names: tuple[str, ...]) -> Iterator[str]:
    """Yield a heading, a table of the names in short, and the place of each in full."""
    yield f"## {title}"
    yield table(("call", "what it is"), [(_call(name), _first(name)) for name in names])
    yield from (f"::: optimizer.{name}" for name in names)


def _call(name: str) -> str:
    """Return a name with its parameters and their defaults, linked to where it stands in full."""
    named = getattr(optimizer, name)
    said = name
    if callable(named):
        signature = inspect.signature(named)
        bare = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
        shown = signature.replace(parameters=bare, return_annotation=signature.empty)
        said += str(shown).replace("<factory>", "…")
    return f"[{code(said)}](#optimizer.{name})"


def _first(name: str) -> str:
    """Return the first paragraph of what is said of a name."""
    return (inspect.getdoc(getattr(optimizer, name)) or "").partition("\n\n")[0]
