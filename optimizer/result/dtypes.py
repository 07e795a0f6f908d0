"""What kind of cells each column of a public table holds: numbers are numbers.

``text`` (`str`), ``whole`` (`Int64`: money, counts, ranks), ``points`` (`Float64`, for reading and
sorting; the exact value stands beside it in ``NAME_exact``), ``yes`` (`bool`), or a category: in a
fixed order where one is meant, else in alphabetical order. A blank is a missing value, except in
text. Nothing is decided by these tables: decisions are made from the exact integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from optimizer.language.words import exact_points

EXACT = "_exact"

TEXT, WHOLE, POINTS, YES, CODE = "text", "whole", "points", "yes", "code"
ORDERED: Mapping[str, tuple[str, ...]] = {
    "status": ("funded", "not_funded", "ineligible"),
    "certainty": ("every", "some", "none"),
    "severity": ("error", "refusal", "flag"),
    "covered": ("yes", "no", "uncoverable"),
}
OUTCOMES = (  # of a scenario, the best known first
    "optimal",
    "feasible",
    "infeasible",
    "limit",
    "audit",
    "refused",
)
KINDS: Mapping[str, str] = {
    **dict.fromkeys(("level", "district", "disadvantage", "reason_code", "code"), CODE),
    **dict.fromkeys(("rank", "requested", "admissible", "award", "awarded", "comes_at"), WHOLE),
    **dict.fromkeys(("schools", "applications", "eligible", "funded", "row"), WHOLE),
    **dict.fromkeys(("pool", "spent", "left", "districts_covered", "disadvantaged_funded"), WHOLE),
    **dict.fromkeys(("merit", "merit_total", "value", "bound", "gap"), POINTS),
    **dict.fromkeys(("passed_over", "lost_to_sister"), WHOLE),
    **dict.fromkeys(
        ("mean_merit", "merit_of_money", "lowest_funded", "highest_not_funded"), POINTS
    ),
    "proved": YES,
}


def typed(table: pd.DataFrame, kinds: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Give every column of a table its type.

    Parameters
    ----------
    table
        Cells in any form; points may be exact fractions.
    kinds
        What the columns of this one table hold that `KINDS` does not know, or knows otherwise.
    """
    known = {**KINDS, **(kinds or {})}
    return pd.DataFrame(
        {
            name: typed_column(table[name], str(name), known.get(str(name), TEXT))
            for name in table.columns
        },
        columns=table.columns,
    )


def typed_column(cells: pd.Series, name: str, kind: str) -> pd.Series:
    """Give one column its type."""
    if kind == WHOLE:
        return pd.Series([_or_missing(cell, int) for cell in cells], cells.index, "Int64")
    if kind == POINTS:
        return pd.Series([_or_missing(cell, float) for cell in cells], cells.index, "Float64")
    if kind == YES:
        return cells.astype(bool)
    if name in ORDERED and kind == TEXT:
        return category(cells, ORDERED[name])
    if kind == CODE:
        return category(cells, sorted({str(cell) for cell in cells} - {""}), ordered=False)
    return cells.astype("str")


def category(cells: pd.Series, values: Any, ordered: bool = True) -> pd.Series:
    """Return codes as a category, blanks as missing."""
    dtype = pd.CategoricalDtype(list(values), ordered=ordered)
    return pd.Series([cell if cell != "" else None for cell in cells], cells.index, dtype)


def missing(cell: Any) -> bool:
    """Return whether a cell of a table is blank."""
    return cell is None or cell is pd.NA or bool(cell != cell)


def _or_missing(cell: Any, make: Any) -> Any:
    return pd.NA if missing(cell) or cell == "" else make(cell)


def exact_text(value: Fraction | None) -> str:
    """Write an exact figure: ``83.25``, or ``251/3`` where it is no finite decimal; "" for none."""
    return "" if value is None else exact_points(value)


def rounded(value: float) -> str:
    """Write points for reading: two digits behind, halves away from zero (83.335 is 83.34).

    What is rounded is the shortest decimal that names the float, so that binary does not show.
    """
    return str(Decimal(repr(float(value))).quantize(Decimal("0.01"), ROUND_HALF_UP))


def plain_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain mappings for people's eyes, blanks as ""."""
    return [
        {str(name): "" if missing(cell) else cell for name, cell in row.items()}
        for row in table.to_dict("records")
    ]
