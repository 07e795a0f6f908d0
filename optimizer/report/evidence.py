"""What a report carries so that it can be checked where it is read: applications, rules, claims.

Nothing personal: of an application its number, its lead school, its exact merit, what it may get and
what it got, and the columns that the rules read. Who convenes it and what its members wrote stays out.
The checker (``templates/proof*.js``) is written apart from this package; see there for what it does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from optimizer.clauses import Clause
from optimizer.clauses.by_hand import Decided
from optimizer.clauses.column_sums import AMOUNT, COUNT, sizes_of
from optimizer.clauses.grouped import Grouped
from optimizer.clauses.named_columns import words
from optimizer.clauses.priority import Share
from optimizer.foundation.escaping import unsteered
from optimizer.report.published_rules import PublishedRule, published, published_rules
from optimizer.tables.case_words import code_of
from optimizer.tables.round import Round

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation


_NOTHING = (Fraction(0), Share(Fraction(0)))


def evidence(allocation: Allocation) -> dict[str, Any]:
    """Return what the checker of a report reads, as plain values that JSON holds.

    ``applications`` are the eligible ones in application_id order: number, ordinal of the lead
    school, merit over ``denominator``, least and most award, award; money in NT$. ``columns`` and
    ``sizes`` hold a cell for each of them: the groups that rules name, and what quotas add up.
    ``rules`` and ``priorities`` carry the keys of the policy, their words in Chinese and English.
    """
    round_, policy = allocation.scored.round, allocation.case.policy
    settings = policy.settings
    named, measured = _columns(allocation)
    ties = {
        rows.clause for rows in allocation.program.rows
    }  # who bound awards, and do not only screen
    return {
        "form": 1,
        "unit": settings.pool.unit,
        "pool": settings.pool.amount,
        "available": allocation.summary["pool"]["available"]
        - allocation.summary["pool"].get("paid_to_others", 0),
        "seed": settings.draw.seed,
        "settled": allocation.status == "optimal",  # proved, and drawn
        "denominator": round_.merit_denominator,
        "schools": _schools(round_),
        "applications": _applications(allocation),
        "columns": {name: _cells(name, round_) for name in named},
        "sizes": {name: sizes_of(round_, name).tolist() for name in measured},
        "rules": [
            *({**_said(rule, round_), "ties": rule.label in ties} for rule in policy.clauses),
            _in_words(published_rules(policy)[-1]),  # the bounds of every award
        ],
        "priorities": list(_priorities(allocation)),
        "totals": _totals(allocation),
    }


def as_json(carried: Mapping[str, Any]) -> str:
    """Return it as text that may stand in a script element: no ``<`` in it."""
    text = json.dumps(carried, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def columns_read(allocation: Allocation) -> list[str]:
    """Return the columns of the case that are carried beside numbers, schools, merits and amounts."""
    named, measured = _columns(allocation)
    return [*named, *measured]


def _in_words(rule: PublishedRule) -> dict[str, Any]:
    """Return a rule by its kind and its words, in both languages."""
    title, sentence = rule.title, rule.sentence
    words = {"title": [title.zh, title.en], "sentence": [sentence.zh, sentence.en]}
    return {"kind": rule.kind, **words, "reference": rule.reference}


def _applications(allocation: Allocation) -> list[list[Any]]:
    round_, decision = allocation.scored.round, allocation.decision
    columns = (round_.school, round_.merit, round_.least, round_.most, decision.award)
    return [list(one) for one in zip(round_.ids, *(c.tolist() for c in columns), strict=True)]


def _schools(round_: Round) -> list[str]:
    schools = round_.records.schools
    return [
        f"{unsteered(name)} {code}"
        for name, code in zip(schools["name"], schools["school_id"], strict=True)
    ]


def _columns(allocation: Allocation) -> tuple[list[str], list[str]]:
    """Return the columns by which rules and priorities group, and those that they add up."""
    rules = allocation.case.policy.rules
    named = {"district"} | {getattr(rule, "column", "") for rule in rules}
    named |= {column for rule in rules for column in rule.reads}
    measured = {getattr(rule, "measure", "") for rule in rules} - {COUNT, AMOUNT}
    known = set(allocation.scored.round.table.columns)
    return sorted(named & known), sorted(measured & known)


def _cells(name: str, round_: Round) -> list[Any]:
    """Return each cell by the codes that rules name: of a list all of them, else the one."""
    cells = round_.table[name].tolist()
    held = [[code_of(word) for word in words(cell)] for cell in cells]
    return held if all(isinstance(cell, tuple) for cell in cells) else [one for (one,) in held]


def _said(rule: Clause, round_: Round) -> dict[str, Any]:
    """Return a rule with its words, in both languages, and the keys of its policy."""
    keys: dict[str, Any] = {
        field.name: _plain(getattr(rule, field.name)) for field in rule.own_keys()
    }
    if isinstance(rule, Grouped):
        keys |= {"values": [code_of(v) for v in rule.values(round_.records)]}
        keys |= {"value": rule.value and code_of(rule.value)}
    return {**_in_words(published(rule)), **keys}


def _priorities(allocation: Allocation) -> Iterator[dict[str, Any]]:
    """Yield the priorities, each with what the list is said to reach."""
    rows = allocation.priorities.to_dict("records")
    for rule in allocation.case.policy.priorities:
        goals = [row for row in rows if row["goal"].partition("[")[0] == rule.label]
        reached = sum(
            (Fraction(row["value_exact"]) for row in goals), Fraction(0)
        )  # ranked: several
        value = [str(reached.numerator), str(reached.denominator)]
        own = {
            "reached": value,
            "goals": len(goals),
            "proved": all(bool(row["proved"]) for row in goals),
            "gives_up": rule.give_up not in _NOTHING,
        }
        yield {**_said(rule, allocation.scored.round), **own}


def _plain(value: Any) -> Any:
    """Return a key's value as JSON holds it: a fraction as two whole numbers, a decision as its number."""
    if isinstance(value, Fraction):
        return [value.numerator, value.denominator]
    if isinstance(value, Decided):
        return value.id
    if isinstance(value, Mapping):
        return {code_of(str(key)): _plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(held) for held in value]
    return value if isinstance(value, str | int | bool | None) else str(value)


def _totals(allocation: Allocation) -> dict[str, Any]:
    districts = allocation.by_district
    return {
        "spent": allocation.summary["pool"]["spent"],
        "funded": allocation.summary["counts"]["funded"],
        "districts": [
            [code_of(str(name)), int(sum_)]
            for name, sum_ in zip(districts["district"], districts["awarded"], strict=True)
        ],
    }
