"""Explanations as data, for summary.json and for ``--json``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from optimizer.explain.explanation import Explanation, Need, Statement
from optimizer.language.text import Language
from optimizer.language.words import exact_points
from optimizer.report.summary import MadeBy

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation

SCHEMA_VERSION = 1


def explanations_as_data(
    allocation: Allocation, explanations: Sequence[Explanation], language: Language
) -> dict[str, Any]:
    """Return what summary.json says of explanations."""
    return {
        "schema_version": SCHEMA_VERSION,
        "type": "explanations",
        "language": language,
        "plan": {"title": allocation.title},
        "status": allocation.status,
        "seal": allocation.seal,
        "explanations": [as_data(one, language) for one in explanations],
        **MadeBy.here().document,
        "inputs": [asdict(source) for source in allocation.case.sources],
    }


def as_data(explanation: Explanation, language: Language) -> dict[str, Any]:
    """Return one explanation as JSON has it."""
    return {
        "application_id": explanation.application_id,
        "status": explanation.status,
        "award": explanation.award,
        "because": _statement(explanation.because, language),
        "more": [_statement(one, language) for one in explanation.more],
        "needs": [_need(one, language) for one in explanation.needs],
        **({"earlier": asdict(explanation.earlier)} if explanation.earlier else {}),
    }


def _statement(said: Statement, language: Language) -> dict[str, Any]:
    return {
        "code": said.code,
        "full": said.full.say(language),
        "discreet": said.discreet.say(language),
        "short": said.short.say(language),
    }


def _need(need: Need, language: Language) -> dict[str, Any]:
    value = exact_points(need.value) if isinstance(need.value, Fraction) else need.value
    return {
        **_statement(need, language),
        "value": value,
        "certain": need.certain,
        "names": list(need.names),
        "rivals": [list(those) for those in need.rivals],
    }
