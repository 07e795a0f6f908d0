"""Changed cases and their fates by brute force: what explanations are held against."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from helpers.rounds import brute_force, random_case, scored_of

from optimizer import allocate
from optimizer.case.case import Case
from optimizer.explain.asking import Asking
from optimizer.explain.needs import Needs, Turn
from optimizer.policy.policy import make_policy
from optimizer.problems.errors import CaseError, InfeasibleError
from optimizer.result.allocation import Allocation
from optimizer.solving.options import Options

CASES = int(os.environ.get("SUBSIDY_EXPLAIN_CASES", "8"))
RANK = {"none": 0, "some": 1, "every": 2}


def fates(case: Case) -> dict[str, str]:
    """Return, by brute force, which applications every, some or no best list funds."""
    found = dict.fromkeys(case.records.applications["application_id"], "none")
    try:
        scored = scored_of(case)
    except CaseError:  # one that was fixed by hand has been taken away
        return found
    truth = brute_force(scored.round, case.policy)
    if truth is not None:
        found |= dict(zip(scored.round.ids, truth[2], strict=True))
    return found


def with_cell(case: Case, application_id: str, column: str, value: Any) -> Case:
    table = case.records.applications.copy()
    table.loc[table["application_id"] == application_id, column] = value
    return replace(case, records=replace(case.records, applications=table))


def with_merit(case: Case, application_id: str, value: Fraction) -> Case:
    table = case.records.applications.copy()
    merits = [
        value if a == application_id else m
        for a, m in zip(table["application_id"], table["merit"], strict=True)
    ]
    table["merit"] = merits
    return replace(case, records=replace(case.records, applications=table))


def under(case: Case, policy: Any) -> Case:
    return replace(case, policy=policy, records=replace(case.records, settings=policy.settings))


def without(case: Case, gone: tuple[str, ...]) -> Case:
    table = case.records.applications
    kept = table[~table["application_id"].isin(gone)].reset_index(drop=True)
    return replace(case, records=replace(case.records, applications=kept))


def some_case(rng: random.Random, mode: str | None, most: int) -> tuple[Case, Allocation]:
    """Draw a case that has a list, in steps of NT$500 so that every step can be looked at."""
    while True:
        case = random_case(rng, most, mode)
        document = dict(case.policy.document)
        document["pool"] = {**document["pool"], "unit": 500}
        try:
            case = under(case, make_policy(document))
            return case, allocate(case)
        except InfeasibleError:
            continue


def needs_of(found: Allocation, options: Options | None = None) -> Iterator[tuple[str, Needs]]:
    asking = Asking(found, options or Options())
    for a, application_id in enumerate(found.scored.round.ids):
        yield application_id, Needs(asking, a)


def first(
    values: Any, fate_at: Callable[[Any], str], turned: Callable[[str], bool], sure: str
) -> Turn:
    for value in values:
        if turned(fate := fate_at(value)):
            return Turn(value, fate == sure)
    return Turn(None)


def with_pool(case: Case, available: int) -> Case:
    pool = case.policy.document["pool"]
    amount = available + pool.get("contingency", 0)
    return under(case, make_policy({**case.policy.document, "pool": {**pool, "amount": amount}}))
