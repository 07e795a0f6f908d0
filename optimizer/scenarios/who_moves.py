"""Who gains and who loses under each scenario, who is in all of them, and what is surprising."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

import pandas as pd

from optimizer.language.text import Language
from optimizer.result.allocation import Allocation
from optimizer.result.dtypes import CODE, TEXT, WHOLE, typed
from optimizer.scenarios import difference_tables
from optimizer.scenarios.outcome import Outcome

GROUPS = ("level", "district", "disadvantage")
_WHO = ("application_id", "school_id", "school", "level", "district", "title")
_POOL = ("pool.amount", "pool.contingency")


def moves(outcomes: Sequence[Outcome], language: Language) -> pd.DataFrame:
    """Return who gets more or less than under the policy as it is, and why: a row for each such scenario.

    Columns: scenario, then those of `optimizer.scenarios.difference_tables.moves`.
    """
    base, parts = outcomes[0].allocation, []
    for outcome in outcomes[1:]:
        if base is not None and outcome.allocation is not None:
            part = difference_tables.moves(base, outcome.allocation, language)
            parts.append(part.assign(scenario=outcome.name))
    if not parts:
        return typed(pd.DataFrame(columns=["scenario", *difference_tables.COLUMNS], dtype=object))
    return pd.concat(parts, ignore_index=True)[["scenario", *difference_tables.COLUMNS]]


def why(outcomes: Sequence[Outcome], language: Language) -> pd.DataFrame:
    """Return why so many get more or less than under the policy as it is: a row a move and kind of cause.

    Columns: scenario, move, count, said, who: see `optimizer.scenarios.difference_tables.why`.
    """
    base = outcomes[0].allocation
    rows = [
        {"scenario": outcome.name, **row}
        for outcome in outcomes[1:]
        if base is not None and outcome.allocation is not None
        for row in difference_tables.why(base, outcome.allocation, language)
    ]
    names = ["scenario", "move", "count", "said", "who"]
    return typed(pd.DataFrame(rows, columns=names, dtype=object), {"count": WHOLE, "move": CODE})


def always(outcomes: Sequence[Outcome], language: Language) -> pd.DataFrame:
    """Return who is funded in every list there is.

    Columns: application_id, school_id, school, level, district, title, merit and merit_exact (under the first
    list), least and most (NT$).
    """
    lists = [_lines(outcome.allocation, language) for outcome in outcomes if outcome.allocation]
    columns = [*_WHO, "merit", "merit_exact", "least", "most"]
    rows = []
    for application, line in (lists[0] if lists else {}).items():
        awards = [int(each[application]["award"]) for each in lists]
        if min(awards) > 0:
            rows.append({**line, "least": min(awards), "most": max(awards)})
    return typed(pd.DataFrame(rows, columns=columns, dtype=object), {"least": WHOLE, "most": WHOLE})


def alike(outcomes: Sequence[Outcome]) -> list[list[str]]:
    """Return the names of the scenarios whose lists are the same, where any are."""
    found: dict[tuple[int, ...], list[str]] = {}
    for outcome in outcomes:
        if outcome.allocation is not None:
            awards = tuple(map(int, outcome.allocation.awards["award"]))
            found.setdefault(awards, []).append(outcome.name)
    return [names for names in found.values() if len(names) > 1]


def by_group(outcomes: Sequence[Outcome], language: Language) -> pd.DataFrame:
    """Return what each level, district and category of disadvantage gets, a row for each scenario.

    Columns: group (`GROUPS`), value, scenario, applications, funded, awarded (NT$).
    """
    rows = []
    for outcome in outcomes:
        if outcome.allocation is None:
            continue
        lines = pd.DataFrame(_lines(outcome.allocation, language).values())
        for group in GROUPS:
            for value, part in lines.groupby(group, sort=True):
                funded = part["award"] > 0
                counts = {"applications": len(part), "funded": int(funded.sum())}
                awarded = sum(map(int, part["award"]))
                rows.append(
                    {
                        "group": group,
                        "value": value,
                        "scenario": outcome.name,
                        **counts,
                        "awarded": awarded,
                    }
                )
    names = ["group", "value", "scenario", "applications", "funded", "awarded"]
    return typed(pd.DataFrame(rows, columns=names, dtype=object), {"group": CODE, "value": TEXT})


def surprises(outcomes: Sequence[Outcome], language: Language) -> pd.DataFrame:
    """Return whom a smaller pool funds and a larger one does not, all else being equal, and why.

    More money makes room for what costs more, and that may take the place of what costs less: so a list need
    not grow with its pool. Columns: application_id, school_id, school, level, district, title, smaller and
    larger (the scenarios), award (NT$, in the smaller), reason (of the larger).
    """
    rows = []
    for small, large in _only_the_pool(outcomes):
        ours, theirs = (_lines(one.allocation, language) for one in (small, large))
        for application, line in ours.items():
            other = theirs[application]
            if int(line["award"]) and not int(other["award"]):
                names = {"smaller": small.name, "larger": large.name, "reason": other["reason"]}
                rows.append({**line, **names})
    columns = [*_WHO, "smaller", "larger", "award", "reason"]
    return typed(pd.DataFrame(rows, columns=columns, dtype=object))


def _only_the_pool(outcomes: Sequence[Outcome]) -> Iterator[tuple[Outcome, Outcome]]:
    """Yield pairs whose policies differ in nothing but the money, the smaller first."""
    lists = [outcome for outcome in outcomes if outcome.allocation is not None]
    for small, large in permutations(lists, 2):
        one, two = small.allocation, large.allocation
        assert one is not None and two is not None
        if one.available < two.available and _rest(one) == _rest(two):
            yield small, large


def _rest(allocation: Allocation) -> dict[str, str]:
    said = allocation.case.content.policy
    return {key: text for key, text in said.items() if key not in _POOL}


def _lines(allocation: Allocation | None, language: Language) -> Mapping[str, dict[str, Any]]:
    """Return the line of each application, with the name of its school and its disadvantage."""
    assert allocation is not None
    schools, applications = allocation.case.records.schools, allocation.case.records.applications
    ids = [str(one) for one in applications["application_id"]]
    lines = difference_tables.lines_of(allocation, language, ids)
    known = schools["disadvantage"].iloc[applications["school"]]
    for application, disadvantage in zip(ids, known, strict=True):
        lines[application]["disadvantage"] = str(disadvantage)
    return lines
