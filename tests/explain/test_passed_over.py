"""What forces "the worse one funded, the better one not", against the rules' own audits, pair by pair."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from helpers.results import small_allocation
from helpers.rounds import every_decision, make_case, random_case, scored_of

from optimizer import allocate
from optimizer.case.case import Case
from optimizer.explain.improving import improving
from optimizer.explain.inversions import BETTER, DRAW, Exchanges
from optimizer.explain.naming import Naming
from optimizer.explain.passed_over import Inversions
from optimizer.facts.audit import audit, values
from optimizer.problems.errors import AuditError, InfeasibleError
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.result.allocation import Allocation
from optimizer.result.certify import certify
from optimizer.scoring.build import build_program
from optimizer.scoring.score import Scored

# --- the same, by the audits alone --------------------------------------------------------------


def exchanges_of(scored: Scored, decision: Decision, u: int, f: int) -> Iterator[Decision]:
    """Yield the lists with u in f's place, the largest award first."""
    unit = scored.round.settings.pool.unit
    for amount in range(int(scored.round.most[u]), int(scored.round.least[u]) - 1, -unit):
        award = decision.award.copy()
        award[f], award[u] = 0, amount
        yield Decision.of(award)


def by_audits(
    case: Case, scored: Scored, program: Program, *, lists: list[Decision], now: Decision
) -> str:
    """Name what stands against an exchange: a rule, a goal, ``draw`` or ``better``."""
    rules = {rule.label: rule for rule in case.policy.clauses}
    labels = dict.fromkeys(rows.clause for rows in program.rows)
    for label in sorted(labels, key="pool".__eq__):  # the pool only where no other rule is
        lists = [d for d in lists if not list(rules[label].audit(scored.round, d))]
        if not lists:
            return label
    assert not audit(scored.round, case.policy, lists[0])
    before = values(scored.round, case.policy, now)
    after = values(scored.round, case.policy, lists[0])
    for goal, value in after.items():
        if value != before[goal]:
            return goal if value < before[goal] else "better"
    return "draw"


def named(program: Program, cause: int) -> str:
    if cause in (DRAW, BETTER):
        return "draw" if cause == DRAW else "better"
    rows = program.rows
    return rows[cause].clause if cause < len(rows) else program.goals[cause - len(rows)].name


def all_pairs(case: Case, scored: Scored, decision: Decision) -> dict[tuple[int, int], str]:
    program = build_program(scored)
    funded, waiting = np.flatnonzero(decision.fund), np.flatnonzero(~decision.fund)
    return {
        (u, f): by_audits(
            case, scored, program, lists=list(exchanges_of(scored, decision, u, f)), now=decision
        )
        for u in waiting.tolist()
        for f in funded.tolist()
    }


def some_list(case: Case, scored: Scored, rng: random.Random) -> Decision | None:
    """Return some list that obeys the rules, seldom the best."""
    every = list(every_decision(scored.round)) if scored.round.size < 6 else []
    rng.shuffle(every)
    obeying = (d for d in every[:400] if d.fund.any() and not audit(scored.round, case.policy, d))
    return next(obeying, None)


def best(case: Case) -> Allocation | None:
    try:
        return allocate(case)
    except InfeasibleError:
        return None


@pytest.mark.parametrize("mode", ["full", "partial"])
def test_every_cause_and_every_better_exchange_is_what_the_audits_say(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of lists that are not the best, so that every kind of cause occurs."""
    rng, seen, found_better = random.Random(11), Counter[str](), 0
    for _ in range(100):
        case = random_case(rng, 5, mode)
        scored = scored_of(case)
        decision = some_list(case, scored, rng)
        if decision is None:
            continue
        program, truth = build_program(scored), all_pairs(case, scored, decision)
        exchanges = Exchanges(program, decision, scored.round.merit)
        said = {
            (u, int(f)): named(program, int(cause))
            for u in np.flatnonzero(~decision.fund).tolist()
            for f, cause in zip(exchanges.funded, exchanges.causes(u), strict=True)
        }
        assert said == truth
        better = {pair for pair, cause in truth.items() if cause == "better"}
        for few in (64, 1, 0):  # however many count as few in one inequality
            monkeypatch.setattr("optimizer.explain.improving._FEW", few)
            assert set(improving(program, decision, ())) == better
        seen.update(truth.values())
        found_better += bool(better)
    assert found_better > 10
    assert {"pool", "school_cap", "coverage", "merit", "better"} <= set(seen)


@pytest.mark.parametrize("mode", ["full", "partial"])
def test_the_facts_of_a_list_are_what_counting_by_hand_says(mode: str) -> None:
    rng, passed, sisters, pairs, envious = random.Random(5), 0, 0, 0, 0
    for _ in range(50):
        case = random_case(rng, 12, mode)
        allocation = best(case)
        if allocation is None:
            continue
        scored, decision = allocation.scored, allocation.decision
        program, round_ = build_program(scored), scored.round
        found = Inversions(allocation, program)
        truth = all_pairs(case, scored, decision)
        merit = [round_.merit_of(a) for a in range(round_.size)]
        inverted = {pair: c for pair, c in truth.items() if merit[pair[1]] < merit[pair[0]]}
        counted = Counter(named(program, cause) for cause in Counter(found.pairs).elements())
        assert counted == Counter(inverted.values())
        assert "better" not in truth.values()
        above = above_the_line(allocation, merit)
        assert [p.application for p in found.passed_over] == sorted(
            above - set(np.flatnonzero(decision.fund).tolist()), key=lambda a: (-merit[a], a)
        )
        for one in found.passed_over:
            mine = {f: c for (u, f), c in inverted.items() if u == one.application}
            assert Counter(mine.values()) == Counter(
                named(program, c) for c in Counter(one.causes).elements()
            )
            school = [f for f in mine if round_.school[f] == round_.school[one.application]]
            assert (one.sister is None) == (not school)
            if one.sister is not None:
                assert merit[one.sister] == min(merit[f] for f in school)
                assert named(program, one.sister_cause) == mine[one.sister]
        envious += check_envy(case, allocation, found, truth=truth)
        passed, pairs = passed + len(found.passed_over), pairs + len(inverted)
        sisters += sum(p.sister is not None for p in found.passed_over)
    assert min(passed, pairs) > 20 and min(sisters, envious) > 2


def above_the_line(allocation: Allocation, merit: list[Fraction]) -> set[int]:
    """Take whole ties from the top while the pool pays them."""
    paid: set[int] = set()
    for level in sorted(set(merit), reverse=True):
        tie = {a for a, m in enumerate(merit) if m == level}
        if sum(int(allocation.scored.round.most[a]) for a in paid | tie) > allocation.available:
            break
        paid |= tie
    assert paid == set(np.flatnonzero(allocation.line.above).tolist())
    return paid


def check_envy(case: Case, allocation: Allocation, found: Inversions, *, truth: dict) -> int:
    """Count the pairs of envy by the words of the definition."""
    round_, program = allocation.scored.round, found.program
    priorities = case.policy.priorities
    at = [n for n, p in enumerate(priorities) if p.kind == "disadvantage"]
    assert list(found.envy) == [priorities[n].label for n in at]
    if not at:
        return 0
    weight = [dict(priorities[at[0]].weights).get(c, 0) for c in round_.table["disadvantage"]]
    earlier = [p.band for p in priorities[: at[0]] if p.kind == "merit"]
    merit = [round_.merit_of(a) for a in range(round_.size)]

    def alike(u: int, f: int) -> bool:
        return all(merit[u] // b == merit[f] // b if b else merit[u] == merit[f] for b in earlier)

    mine = Counter(
        cause
        for (u, f), cause in truth.items()
        if weight[u] > weight[f] and alike(u, f) and allocation.decision.award[f] <= round_.most[u]
    )
    said = Counter(found.envy[priorities[at[0]].label])
    assert Counter(named(program, c) for c in said.elements()) == mine
    before = {rows.clause for rows in program.rows}
    before |= {
        g.name for g in program.goals[: [g.name for g in program.goals].index("disadvantage")]
    }
    assert set(mine) <= before, "justified envy"
    return sum(mine.values())


# --- by hand ------------------------------------------------------------------------------------


def three(per: str = "amount", **more: object) -> Case:
    """One school with two applications, another with one; the pool pays one or two of them."""
    applications = [
        {"application_id": "A1", "school_id": "S1", "merit": 95, "requested": 3_000},
        {"application_id": "A2", "school_id": "S1", "merit": 80, "requested": 1_500},
        {"application_id": "A3", "school_id": "S2", "merit": 78, "requested": 1_500},
    ]
    document = {
        "pool": {"amount": 3_000, "unit": 100},
        "priority": [{"kind": "merit", "per": per}],
        **more,
    }
    return make_case(applications, **document)


def test_two_cheap_ones_pass_a_better_one_over_where_each_counts_once() -> None:
    """80 + 78 beats 95: so A1, above the line, loses to its own sister; the pool forbids one for one."""
    allocation = allocate(three("application"))
    found = Inversions(allocation, build_program(allocation.scored))
    assert allocation.decision.award.tolist() == [0, 1_500, 1_500]
    [one] = found.passed_over
    assert (one.application, one.sister, one.worse) == (0, 1, 2)
    assert {named(found.program, c): n for c, n in one.causes.items()} == {"pool": 2}
    measures = allocation.measures
    assert (measures.passed_over, measures.lost_to_sister) == (1, 1)
    assert (measures.lowest_funded, measures.highest_not_funded) == (78, 95)


def test_by_the_amount_the_best_comes_first() -> None:
    """95 x 30 beats 80 x 15 + 78 x 15: A1 alone, and nobody is passed over."""
    allocation = allocate(three("amount"))
    assert allocation.decision.award.tolist() == [3_000, 0, 0]
    assert Inversions(allocation, build_program(allocation.scored)).pairs == {}
    assert allocation.measures.passed_over == 0 and allocation.measures.merit_of_money == 95


def test_a_tie_that_cannot_be_paid_in_whole_lies_below_the_line() -> None:
    merits = {"A1": 90, "A2": 85, "A3": 85, "A4": 70}
    applications = [{"application_id": a, "merit": m} for a, m in merits.items()]
    for pool, count in ((500, 0), (1_000, 1), (2_000, 1), (3_000, 3), (9_000, 4)):
        case = make_case(applications, pool={"amount": pool}, priority=[{"kind": "merit"}])
        line = allocate(case).line
        assert line.count == count == line.above.sum()
        assert line.amount == 1_000 * count
        assert line.merit is None or {1: 90, 3: 85, 4: 70}[count] * 1 == line.merit


# --- an audit that finds something --------------------------------------------------------------


@pytest.mark.parametrize("keys", [{}, {"form": "ranked"}, {"per": "amount"}])
def test_a_better_exchange_in_a_list_that_is_called_proved_fails_the_audit(keys: dict) -> None:
    """A1 in A2's place: the same cost, more merit. The claim is made to fit, so all else passes."""
    applications = [
        {"application_id": "A1", "school_id": "S1", "merit": 90},
        {"application_id": "A2", "school_id": "S2", "merit": 80},
    ]
    case = make_case(applications, pool={"amount": 1_000}, priority=[{"kind": "merit", **keys}])
    with pytest.raises(AuditError) as caught:
        claimed(case, [0, 1_000])
    [problem] = caught.value.problems
    assert problem.application_id == "A1" and "A1 got nothing while A2 is funded" in problem.say(
        "en"
    )


def test_justified_envy_fails_the_audit_and_is_called_so() -> None:
    applications = [
        {"application_id": "A1", "school_id": "S1", "merit": "80.2"},
        {"application_id": "A2", "school_id": "S2", "merit": "80.7"},
    ]
    schools = [{"school_id": "S1", "disadvantage": "remote"}, {"school_id": "S2"}]
    priority = [
        {"kind": "merit", "band": 1},
        {"kind": "disadvantage", "weights": {"remote": 1}},
        {"kind": "merit", "name": "exact"},
    ]
    case = make_case(applications, schools, pool={"amount": 1_000}, priority=priority)
    assert allocate(case).decision.award.tolist() == [1_000, 0]
    with pytest.raises(AuditError) as caught:
        claimed(case, [0, 1_000])
    assert "條件相同而本應優先" in caught.value.say("zh-TW")


def test_what_may_be_given_up_forces_nothing() -> None:
    """Merit may lose 5%, so that the remote one comes in; the exchange back is better by merit alone."""
    applications = [
        {"application_id": "A1", "school_id": "S1", "merit": 78},
        {"application_id": "A2", "school_id": "S2", "merit": 80},
    ]
    schools = [{"school_id": "S1", "disadvantage": "remote"}, {"school_id": "S2"}]
    priority = [
        {"kind": "merit", "give_up": "5%"},
        {"kind": "disadvantage", "weights": {"remote": 1}},
    ]
    case = make_case(applications, schools, pool={"amount": 1_000}, priority=priority)
    allocation = allocate(case)
    assert allocation.decision.award.tolist() == [1_000, 0]
    found = Inversions(allocation, build_program(allocation.scored))
    assert {named(found.program, c): n for c, n in found.pairs.items()} == {"disadvantage": 1}


def claimed(case: Case, award: list[int]) -> Allocation:
    """Certify a list as if it had been proved the best."""
    scored = scored_of(case)
    program, decision = build_program(scored), Decision.of(award)
    true = allocate(case).solution
    worth = [goal.objective.value(decision) for goal in program.goals]
    steps = tuple(
        replace(step, value=value, bound=value, floor=value)
        for step, value in zip(true.steps, worth, strict=True)
    )
    return certify(case, scored, program, replace(true, decision=decision, steps=steps))


def test_what_several_inequalities_of_one_rule_forbid_is_said_once() -> None:
    facts = small_allocation()
    row = facts.program.rows[0]
    said = Naming(facts).causes({0: 1, 1: 4, DRAW: 3}, [row, row])
    assert said.zh.count("違反「") == 1 and said.zh.index("者 5 件") < said.zh.index("者 3 件")
