"""The reference of the Python API: which names stand under which heading."""

from __future__ import annotations

from docs.making.markup import fenced, paragraphs

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
        "The examples of this page begin with an invented round, and run as they stand:",
        fenced(START, "python"),
        *(
            part
            for title, names in GROUPS.items()
            for part in (f"## {title}", *(f"::: optimizer.{n}" for n in names))
        ),
    )
