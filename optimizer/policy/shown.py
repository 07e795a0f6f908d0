"""A policy at a glance: one line, and a table of its rules for a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from optimizer.clauses import Clause, Priority
from optimizer.language.text import Text, money
from optimizer.language.words import how_many
from optimizer.problems.errors import shorten
from optimizer.tables.settings import Settings

_MOST_RULES = 40  # lines of the table


def policy_line(settings: Settings, rules: Sequence[Clause]) -> str:
    """Say title, money and number of rules, and the priorities in their order, in one line."""
    order = [rule.label for rule in rules if isinstance(rule, Priority)]
    others = len(rules) - len(order)
    said = f"{settings.plan.title!r}, " if settings.plan.title else ""
    goals = shorten(" > ".join(order) or "none")
    return f"{shorten(said)} {_pool(settings).en}; {how_many(others, 'rule')}; priorities: {goals}".strip()


def policy_html(settings: Settings, rules: Sequence[Clause]) -> str:
    """Show the money and every rule under its label, in both languages, as escaped HTML."""
    head = escape(settings.plan.title or "—")
    pool = _pool(settings)
    rows = [(_label(rule), rule.sentence()) for rule in rules[:_MOST_RULES]]
    more = len(rules) - len(rows)
    left = f"<p>… {more} more</p>" if more else ""
    return f"<p><b>{head}</b><br>{escape(pool.zh)}<br>{escape(pool.en)}</p>{_table(rows)}{left}"


def _label(rule: Clause) -> str:
    return rule.label if rule.label == rule.section else f"{rule.section}.{rule.label}"


def _table(rows: Iterable[tuple[str, Text]]) -> str:
    cells = "".join(
        f"<tr><td>{escape(label)}</td><td>{escape(said.zh)}</td><td>{escape(said.en)}</td></tr>"
        for label, said in rows
    )
    return f"<table><tr><th></th><th>規則</th><th>Rule</th></tr>{cells}</table>"


def _pool(settings: Settings) -> Text:
    pool = settings.pool
    kept = pool.contingency
    return Text(
        f"經費總額 {money(pool.amount)} 元，單位 {money(pool.unit)} 元"
        + (f"，預備金 {money(kept)} 元" if kept else ""),
        f"pool of NT${money(pool.amount)} in units of NT${money(pool.unit)}"
        + (f", NT${money(kept)} held back" if kept else ""),
    )
