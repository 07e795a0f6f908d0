"""The promise of a revision: it does not give way."""

from __future__ import annotations

from optimizer.clauses.promise import Promise
from optimizer.diagnose.lever import Lever


def levers(rule: Promise) -> list[Lever]:
    """Return none: what was published is not taken back to make room for other rules."""
    return []
