"""The record of a revision: what changed, who keeps, loses and enters, what the promise costs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from optimizer.case.case import Case
from optimizer.case.provenance import policy_changes, table_changes
from optimizer.clauses.promise import Promise
from optimizer.result.allocation import Allocation
from optimizer.revisions.answers import Answers
from optimizer.revisions.promised import promise, promise_of, promised, under
from optimizer.revisions.published import Published, own_keys, tables
from optimizer.revisions.why import Entering

SCHEMA = "urn:subsidy-optimizer:revision:1"


def record_of(
    allocation: Allocation, chain: Sequence[Published], answers: Answers
) -> dict[str, Any]:
    """Return everything that revision.json says.

    Parameters
    ----------
    allocation
        The revised result.
    chain
        Every result published before, the first one first.
    answers
        What only solving again can say.
    """
    parent, now = chain[-1], Published.of(allocation)
    rule, before = promised(allocation.case), promise_of(parent)
    fresh = [one for one in rule.withdrawn if one not in before.withdrawn]
    was = parent.funded
    return {
        "schema": SCHEMA,
        "language": allocation.language,
        "parent": parent.seal,
        "seal": now.seal,
        "withdrawn": [_money_of(one, was.get(one, 0), 0, rule) for one in fresh],
        "reduced": [
            _money_of(one, was[one], most, rule)
            for one, most in rule.reduced.items()
            if one in was and before.reduced.get(one) != most
        ],
        "paid": dict(rule.paid),
        "pool": {"was": parent.pool, "now": now.pool},
        "corrections": _corrections(parent, now, rule),
        "kept": {one: min(award, rule.kept[one]) for one, award in _kept(now, rule)},
        "raised": [*_raised(allocation, parent, answers, rule=rule)],
        "lowered": dict(_lowered(now, rule)),
        "lost": [*_lost(allocation, now, rule)],
        "entered": [*_entered(allocation, parent, answers)],
        "money": _money(allocation, parent, rule),
        "cost": _cost(allocation, answers),
        "chain": [link.link() for link in chain],
    }


def _money_of(one: str, was: int, now: int, rule: Promise) -> dict[str, Any]:
    """Say of one application what was promised, what is paid, and what comes free of it."""
    paid = rule.paid.get(one, 0)
    return {
        "application_id": one,
        "was": was,
        "now": now,
        "paid": paid,
        "freed": was - max(now, paid),
    }


def _corrections(parent: Published, now: Published, rule: Promise) -> dict[str, Any]:
    was, is_ = tables(parent), tables(now)
    return {
        "tables": list(table_changes(was, is_)),
        "policy": list(policy_changes(own_keys(parent), own_keys(now))),
        "applications": [*_corrected(parent, now, rule)],
    }


def _corrected(parent: Published, now: Published, rule: Promise) -> Iterator[dict[str, Any]]:
    """Yield the applications whose merit or eligibility is another one, and that did not withdraw."""
    before = {row[0]: _standing(row) for row in parent.awards}
    for row in now.awards:
        was, is_ = before.pop(row[0], None), _standing(row)
        if was != is_ and row[0] not in rule.withdrawn:
            yield {"application_id": row[0], "was": was, "now": is_}
    for one, was in before.items():
        yield {"application_id": one, "was": was, "now": None}


def _standing(row: Sequence[str]) -> dict[str, Any]:
    return {"eligible": row[4] != "ineligible", "merit": row[7]}


def _kept(now: Published, rule: Promise) -> Iterator[tuple[str, int]]:
    funded = now.funded
    return ((one, funded[one]) for one in sorted(rule.kept) if one in funded)


def _raised(
    allocation: Allocation, parent: Published, answers: Answers, rule: Promise
) -> Iterator[dict[str, Any]]:
    """Yield those who get more than they were promised, and which change did it."""
    reasons = Entering(allocation, parent, answers)
    for one, award in _kept(Published.of(allocation), rule):
        if award > rule.kept[one]:
            alone = answers.alone.get(one)
            yield {
                "application_id": one,
                "was": rule.kept[one],
                "now": award,
                "alone": alone if alone is None else list(alone),
                "why": reasons.raised(one).say(allocation.language),
            }


def _lowered(now: Published, rule: Promise) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield those whose correction leaves them less than what was published."""
    for one, award in _kept(now, rule):
        if award < rule.kept[one]:
            yield one, {"was": rule.kept[one], "now": award}


def _lost(allocation: Allocation, now: Published, rule: Promise) -> Iterator[dict[str, Any]]:
    """Yield those who kept nothing: a correction has made them ineligible."""
    reasons = _column(allocation, "reason")
    for one in sorted(set(rule.kept) - set(now.funded)):
        yield {**_money_of(one, rule.kept[one], 0, rule), "reason": reasons.get(one, "")}


def _entered(
    allocation: Allocation, parent: Published, answers: Answers
) -> Iterator[dict[str, Any]]:
    reasons, before = Entering(allocation, parent, answers), parent.funded
    for one, award in Published.of(allocation).funded.items():
        if one not in before:
            alone, other = answers.alone.get(one), answers.without.get(one)
            yield {
                "application_id": one,
                "award": award,
                "alone": alone if alone is None else list(alone),
                "without": other and {**asdict(other), "instead": list(other.instead)},
                "why": reasons.of(one).say(allocation.language),
            }


def _column(allocation: Allocation, name: str) -> dict[str, str]:
    table = allocation.awards
    return {
        str(one): str(cell) for one, cell in zip(table["application_id"], table[name], strict=True)
    }


def _money(allocation: Allocation, parent: Published, rule: Promise) -> dict[str, int]:
    """Keep what is paid and what is only promised apart, NT$."""
    now = Published.of(allocation).funded
    kept = sum(min(least, now[one]) for one, least in rule.kept.items() if one in now)
    paid, gone, spent = sum(rule.paid.values()), allocation.gone, allocation.spent
    return {
        "published": sum(parent.funded.values()),
        "kept": kept,
        "paid": paid,
        "paid_to_others": gone,
        "still_to_pay": spent - (paid - gone),
        "free_for_others": allocation.available - kept - gone,
        "awarded": spent,
        "left": allocation.left,
    }


def _cost(allocation: Allocation, answers: Answers) -> dict[str, Any]:
    """Say what the promise costs against starting anew, priority by priority."""
    pairs = [
        {
            "goal": row["goal"],
            "title": row["title"],
            "unit": row["unit"],
            "promised": row["value_exact"],
            "anew": there,
            "same": row["value_exact"] == there,
        }
        for row, there in zip(allocation.priorities.to_dict("records"), answers.anew, strict=True)
    ]
    kept, free = set(Published.of(allocation).funded), answers.funded_anew
    return {
        "first": next((pair["goal"] for pair in pairs if not pair["same"]), None),
        "proved": answers.proved,
        "priorities": pairs,
        "only_promised": sorted(kept - free),
        "only_anew": sorted(free - kept),
    }


def case_of(record: Mapping[str, Any], parent: Published, case: Case) -> Case:
    """Return a case under the promise that a record says its result was made under.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError
        If it is no record.
    SubsidyError
        If it cannot belong to the case.
    """
    before = promise_of(parent)
    withdrawn = {*before.withdrawn, *(entry["application_id"] for entry in record["withdrawn"])}
    reduced = {e["application_id"]: e["now"] for e in record["reduced"]}
    rule = promise(parent, tuple(withdrawn), {**before.reduced, **reduced}, record["paid"])
    return under(case, rule, record["pool"]["now"])


def record_bytes(record: Mapping[str, Any]) -> bytes:
    """Return the content of revision.json."""
    return (json.dumps(record, ensure_ascii=False, indent=1, default=dict) + "\n").encode()
