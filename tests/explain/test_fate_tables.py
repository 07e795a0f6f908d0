"""Who is on every, some or no best list, as two tables say it, against every decision there is."""

from __future__ import annotations

import random
from collections import Counter

from checks.truth import truth_of
from helpers.rounds import counting_case, scored_of

from optimizer.explain.fate_tables import FateTables
from optimizer.policy.policy import make_policy
from optimizer.problems.errors import CaseError
from optimizer.scoring.build import build_program

SUMS = ("quota", "merit", "disadvantage", "sharing", "amount")
TYING = ("quota", "fixed")  # rules that may tie schools together


def test_what_two_tables_say_is_what_all_decisions_say() -> None:
    tally: Counter[str] = Counter()
    for seed in range(24):
        case = counting_case(random.Random(f"fates {seed}"), 5, ("partial", "full")[seed % 2])
        document = dict(case.policy.document)
        sums = [p for p in document["priority"] if p["kind"] in SUMS and "form" not in p]
        document["priority"] = [{**p, "give_up": 0} for p in sums]
        document["clause"] = [c for c in document["clause"] if c["kind"] not in TYING]
        try:
            scored = scored_of(case.under(make_policy(document)))
        except CaseError:
            continue
        program, truth = build_program(scored), truth_of(scored)
        tables = FateTables.of(program)
        tally["tables" if tables else "none of them"] += 1
        if tables is None:
            continue
        said = tuple(map(tables.fate, program.ids))
        assert said == (truth.certainty if truth else ("none",) * program.size), seed
        assert tables.fate("no such application") == "none"
        tally.update(said)
    assert all(tally[what] > 3 for what in ("tables", "every", "some", "none")), tally
