"""A case at a glance: one line, and its tables and rules for a notebook."""

from __future__ import annotations

from html import escape

from optimizer.language.text import Text
from optimizer.language.words import how_many
from optimizer.policy.policy import Policy
from optimizer.policy.shown import policy_html
from optimizer.problems.errors import shorten
from optimizer.tables.case_words import table_words
from optimizer.tables.records import Records


def case_line(records: Records, policy: Policy) -> str:
    """Say what it is about, and how many of what there are, in one line."""
    plan, pool = policy.settings.plan, policy.settings.pool
    title = f"{shorten(repr(plan.title))}, " if plan.title else ""
    return f"{title}{_counts(records).en}; pool of NT${pool.amount:,}, {how_many(len(policy.rules), 'rule')}"


def case_html(records: Records, policy: Policy) -> str:
    """Show the tables with their rows, and the policy, as escaped HTML."""
    said = _counts(records)
    lines = "".join(
        f"<tr><td>{escape(table_words(name).zh)}</td><td>{name}</td><td>{rows:,}</td></tr>"
        for name, rows in _rows(records)
    )
    return (
        f"<p>{escape(said.zh)}<br>{escape(said.en)}</p><table>{lines}</table>"
        f"{policy_html(policy.settings, policy.rules)}"
    )


def _rows(records: Records) -> list[tuple[str, int]]:
    """Return how many rows each table has; of the reviews, how many there are."""
    names = ("schools", "applications", "budget_lines", "meetings")
    held = [(name, getattr(records, name)) for name in names]
    rows = [(name, len(table)) for name, table in held if table is not None]
    reviews = len(records.reviews.application)
    return [*rows[:2], *([("reviews", reviews)] if reviews else []), *rows[2:]]


def _counts(records: Records) -> Text:
    schools, applications = records.schools, records.applications
    districts, reviewers = schools["district"].nunique(), len(records.reviews.reviewers)
    zh = f"{len(applications)} 件申請，{len(schools)} 所學校，{districts} 個行政區"
    pairs = ((len(applications), "application"), (len(schools), "school"), (districts, "district"))
    en = ", ".join(how_many(*pair) for pair in pairs)
    if not reviewers:
        return Text(zh, en)
    return Text(f"{zh}，{reviewers} 位委員", f"{en}, {how_many(reviewers, 'reviewer')}")
