"""A hundred corruptions of a result: what `verify` calls wrong, the report's own checker calls wrong, too.

What it cannot see is named, with the reason; nothing else may escape it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from helpers.checker import checked, verdicts
from helpers.results import edit_rows, edit_summary, reseal, small_allocation, small_case

from optimizer.facts.audit import audit, values
from optimizer.problems.errors import NotComparableError
from optimizer.program.rows import Decision
from optimizer.report import write_result
from optimizer.report.evidence import as_json, evidence
from optimizer.result.allocation import Allocation
from optimizer.verify.verify import verify_result

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed"),
    pytest.mark.slow,
]
ALL = bool(os.environ.get("SUBSIDY_ALL_CASES"))
POLICIES: dict[str, dict[str, Any]] = {
    "the draw decides": {},
    "quotas across schools bind": {
        "pool": {"amount": 5_000},
        "clause": [
            {"kind": "quota", "column": "level", "value": "elementary", "at_most": "60%", "measure": "amount"},
            {"kind": "quota", "column": "type", "value": "subject", "at_least": 3},
        ],
    },
    "amounts may be less": {
        "award": {"mode": "partial", "least_share": "50%"},
        "priority": [{"kind": "coverage"}, {"kind": "merit"}, {"kind": "amount"}],
    },
}  # fmt: skip
CANNOT = {
    "merit": "a merit is carried as it is; that it follows from the marks takes the original tables. "
    "Seen where the list reaches another sum or is no longer the best by it",
    "seed": "the seed is carried as it is, and every seed draws some list. Seen where it draws another",
    "words": "reasons are words, and carry nothing that could be worked out",
}
AWARD, MERIT, REASON = 11, 6, 14  # columns of awards.csv


@dataclass(frozen=True)
class Corruption:
    """One thing made wrong, in the folder of a result and in what its report carries."""

    kind: str
    policy: str
    folder: Callable[[Path], None]
    carried: Any


def other_list(result: Allocation, award: Any) -> Allocation:
    """Return a result with another list that claims what that one reaches, and that it is proved."""
    decision = Decision.of(award)
    worth = values(result.scored.round, result.case.policy, decision)
    steps = tuple(
        replace(step, value=worth[step.goal], bound=worth[step.goal], floor=worth[step.goal])
        for step in result.steps
    )
    solution = replace(result.solution, decision=decision, steps=steps)
    return replace(result, decision=decision, solution=solution)


def random_list(result: Allocation, rng: random.Random) -> list[int]:
    """Draw a list that obeys every rule."""
    round_, policy = result.scored.round, result.case.policy
    bounds = list(zip(round_.least.tolist(), round_.most.tolist(), strict=True))
    while True:
        award = [rng.choice((0, low, high)) for low, high in bounds]
        if not audit(round_, policy, Decision.of(award)):
            return award


def lists(name: str, result: Allocation, rng: random.Random) -> list[Corruption]:
    """Put other lists in its place, each true to itself."""
    wrong: list[list[int]] = []
    while len(wrong) < 12:
        award = random_list(result, rng)
        if award not in (*wrong, result.decision.award.tolist()):
            wrong.append(award)
    made = []
    for award in wrong:
        forged = other_list(result, award)

        def write(folder: Path, forged: Allocation = forged) -> None:
            write_result(forged, folder, parts=[])

        made.append(Corruption("list", name, write, json.loads(as_json(evidence(forged)))))
    return made


def cells(name: str, result: Allocation, rng: random.Random) -> list[Corruption]:
    """Change single cells and figures, and make all hashes agree."""
    right = json.loads(as_json(evidence(result)))
    made: list[Corruption] = []

    def put(kind: str, edit: Callable[[Path], Any], change: Callable[[Any], Any]) -> None:
        carried = deepcopy(right)
        change(carried)

        def forge(folder: Path) -> None:
            edit(folder)
            reseal(folder)

        made.append(Corruption(kind, name, forge, carried))

    def cell(one: str, column: int, text: str) -> Callable[[Path], None]:
        def edit(rows: list[list[str]]) -> None:
            next(row for row in rows if row[0] == one)[column] = text

        return lambda folder: edit_rows(folder, "awards.csv", edit)

    for a, (one, _, merit, _, most, award) in enumerate(right["applications"]):
        amount = rng.choice([n for n in (0, 500, 1_000, most, most + 100) if n != award])
        put(
            "award",
            cell(one, AWARD, str(amount)),
            lambda c, a=a, n=amount: c["applications"][a].__setitem__(5, n),
        )
        more = merit + right["denominator"]
        text = (
            str(more // right["denominator"])
            if more % right["denominator"] == 0
            else f"{more}/{right['denominator']}"
        )
        put(
            "merit",
            cell(one, MERIT, text),
            lambda c, a=a, n=more: c["applications"][a].__setitem__(2, n),
        )
    put("words", cell(right["applications"][0][0], REASON, "x"), lambda c: None)
    put(
        "seed",
        lambda f: edit_summary(f, lambda d: d["draw"].__setitem__("seed", "x")),
        lambda c: c.__setitem__("seed", "x"),
    )
    for key, part in (("spent", "pool"), ("funded", "counts")):
        put(
            key,
            lambda f, k=key, p=part: edit_summary(f, lambda d: d[p].__setitem__(k, d[p][k] + 100)),
            lambda c, k=key: c["totals"].__setitem__(k, c["totals"][k] + 100),
        )
    for n in range(len(right["priorities"])):
        put(
            "value",
            lambda f, n=n: edit_summary(
                f,
                lambda d: d["priorities"][n].__setitem__("value", d["priorities"][n]["value"] + 1),
            ),
            lambda c, n=n: c["priorities"][n]["reached"].__setitem__(
                0, str(int(c["priorities"][n]["reached"][0]) + 1)
            ),
        )
    put(
        "district",
        lambda f: edit_rows(f, "by_district.csv", lambda rows: rows[1].__setitem__(6, "77")),
        lambda c: c["totals"]["districts"][0].__setitem__(1, 77),
    )
    return made  # fmt: skip


def called_wrong(folder: Path, policy: str) -> bool:
    case = small_case(**POLICIES[policy])
    try:
        return bool(verify_result(folder, case, quick=True) or verify_result(folder, case))
    except NotComparableError:
        return True


def test_the_checker_sees_what_verify_sees(tmp_path: Path) -> None:
    rng, corruptions, right = random.Random(103), [], []
    for name, document in POLICIES.items():
        result = small_allocation(**document)
        assert result.status == "optimal"
        write_result(result, tmp_path / name, parts=[])
        right.append(json.loads(as_json(evidence(result))))
        corruptions += [*lists(name, result, rng), *cells(name, result, rng)]
    assert len(corruptions) >= 100
    assert all(verdicts(found, ("best", "draw", "value")) == {True} for found in checked(right))
    said = checked(one.carried for one in corruptions)
    missed, unseen = [], set()
    for number, (one, found) in enumerate(zip(corruptions, said, strict=True)):
        if ALL or number % 4 == 0:  # that these are corruptions at all
            folder = tmp_path / str(number)
            if one.kind != "list":
                shutil.copytree(tmp_path / one.policy, folder)
            one.folder(folder)
            assert called_wrong(folder, one.policy), (one.policy, one.kind)
        if False not in verdicts(found):
            (unseen.add if one.kind in CANNOT else missed.append)(one.kind)
    assert not missed
    assert unseen <= set(CANNOT)
