"""A comparison at a glance: one line, and a table of the scenarios for a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd

from optimizer.facts.measures import MEASURES
from optimizer.language.text import Language, Text
from optimizer.problems.errors import shorten
from optimizer.result.dtypes import missing, rounded
from optimizer.scenarios.outcome import STATUS, Outcome

_NAMED = 8  # scenarios that one line names
_HEADS = {
    "scenario": Text("情境", "Scenario"),
    "status": Text("狀態", "Status"),
    "pool": Text("經費總額", "Pool"),
    "spent": Text("核定金額", "Spent"),
    "funded": MEASURES["funded"],
    "districts_covered": MEASURES["districts_covered"],
    "mean_merit": MEASURES["mean_merit"],
    "disadvantaged_funded": MEASURES["disadvantaged_funded"],
    "passed_over": MEASURES["passed_over"],
    "conflict": Text("無法核定的原因", "Why there is none"),
}


def comparison_line(outcomes: Sequence[Outcome]) -> str:
    """Say what became of each scenario, in one line."""
    said = [f"{shorten(one.name)}: {_short(one)}" for one in outcomes[:_NAMED]]
    more = len(outcomes) - len(said)
    return "; ".join([*said, *([f"and {more} more"] if more else [])])


def _short(outcome: Outcome) -> str:
    allocation = outcome.allocation
    if allocation is None:
        return outcome.status
    return f"NT${allocation.spent:,} to {int(allocation.decision.fund.sum())}"


def comparison_html(totals: pd.DataFrame, language: Language) -> str:
    """Show one row a scenario, as escaped HTML."""
    heads = "".join(f"<th>{escape(head.say(language))}</th>" for head in _HEADS.values())
    rows = "".join(
        f"<tr>{''.join(_cell(name, row[name], language) for name in _HEADS)}</tr>"
        for row in totals.to_dict("records")
    )
    return f"<table><tr>{heads}</tr>{rows}</table>"


def _cell(name: str, value: Any, language: Language) -> str:
    if missing(value):
        return "<td></td>"
    if name == "status":
        text = STATUS[str(value)].say(language)
    elif isinstance(value, float):
        text = rounded(value)
    else:
        text = f"{value:,}" if isinstance(value, int) else shorten(str(value))
    return f"<td>{escape(text)}</td>"
