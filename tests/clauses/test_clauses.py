"""Every rule there is: explained, shown by example, and audited by what it tells the solver.

A rule that has no worked example in tests/plan, or no random keys here if it puts rows on the
awards or states an objective, fails these tests.
"""

from __future__ import annotations

import importlib.util
import random
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import numpy as np
import pytest
from helpers.places import TESTS
from helpers.rounds import (
    every_decision,
    random_case,
    random_quota,
    random_sizes,
    scored_of,
    varied,
)
from helpers.slow import first_quick

from optimizer.case.case import Case
from optimizer.clauses import Clause, Priority, Violation, registry
from optimizer.language.text import Text
from optimizer.policy.catalogue import Rule, catalogue
from optimizer.policy.parse import adapter
from optimizer.policy.policy import make_policy
from optimizer.program.objectives import Additive, LeastShare, Objective
from optimizer.program.program import Program
from optimizer.program.rows import Decision, Rows
from optimizer.solving.model import Model
from optimizer.solving.options import Options
from optimizer.tables.round import Round

PLAN = TESTS / "plan"
MODES = ("full", "partial", "graded")
Kind = tuple[str, str]

CONSTRAINTS = [k for k, rule in registry().items() if rule.rows is not Clause.rows]
PRIORITIES = [k for k, rule in registry().items() if issubclass(rule, Priority)]


@cache
def examples() -> dict[Kind, list[dict[str, Any]]]:
    """Return the keys under which the worked examples show each rule."""
    found: dict[Kind, list[dict[str, Any]]] = {}
    for path in sorted(PLAN.glob("test_*.py")):
        spec = importlib.util.spec_from_file_location(f"plan_{path.stem}", path)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for kind, keys in module.RULES.items():
            found.setdefault(kind, []).append(keys)
    return found


def made(kind: Kind, keys: dict[str, Any]) -> Clause:
    return adapter(registry()[kind]).validate_python(keys)


# --- every rule is explained and shown ---------------------------------------------------------


@pytest.mark.parametrize("kind", registry(), ids="-".join)
def test_a_rule_has_a_worked_example(kind: Kind) -> None:
    assert kind in examples(), f"no module of tests/plan names {kind} in its RULES"


def test_examples_are_of_rules_that_exist() -> None:
    assert set(examples()) <= set(registry())


@pytest.mark.parametrize("kind", registry(), ids="-".join)
def test_a_rule_says_where_it_comes_from(kind: Kind) -> None:
    doc = vars(registry()[kind])["__doc__"] or ""
    assert "§" in doc or "Beyond the plan's own text" in doc
    assert not doc.startswith(registry()[kind].__name__ + "(")


@pytest.mark.parametrize("kind", registry(), ids="-".join)
def test_a_rule_and_its_keys_are_said_in_both_languages(kind: Kind) -> None:
    rule = registry()[kind]
    assert_said(rule.title)
    for key in rule.policy_keys():
        assert_said(key.metadata["help"])
    for keys in examples()[kind]:
        clause = made(kind, keys)
        assert_said(clause.sentence())
        assert clause.sentence().zh.endswith("。") and clause.sentence().en.endswith(".")
        if isinstance(clause, Priority):
            assert clause.unit().zh and clause.unit().en


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("kind", registry(), ids="-".join)
def test_a_rule_narrowed_to_nothing_is_said_whole(kind: Kind, whole: bool) -> None:
    for keys in examples()[kind]:
        clause = made(kind, keys)
        said = clause.narrowed((), "", whole)
        assert said == clause.sentence()
        assert not said.zh.startswith("：") and not said.en.startswith(":")
        named = any(getattr(clause, key, ()) for key in ("fund", "refuse"))
        assert not (named and ("未指定任何" in said.zh or "No application" in said.en))


def assert_said(text: Text) -> None:
    assert text.zh and text.en and text.zh != text.en
    assert any("\u4e00" <= character <= "\u9fff" for character in text.zh)
    assert not any("\u4e00" <= character <= "\u9fff" for character in text.en)


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: f"{rule.section}-{rule.kind}")
def test_the_sample_of_a_rule_is_what_a_policy_reads(rule: Rule) -> None:
    policy = make_policy({"pool": {"amount": 1_000}, **tomllib.loads(rule.toml)})
    assert [
        r.sentence() for r in policy.rules if (r.section, r.kind) == (rule.section, rule.kind)
    ] == [rule.example]


@pytest.mark.parametrize("kind", registry(), ids="-".join)
def test_an_unknown_key_is_refused(kind: Kind) -> None:
    with pytest.raises(ValueError, match="surprise"):
        made(kind, {**examples()[kind][0], "surprise": 1})


def test_each_module_of_rules_holds_one_rule() -> None:
    by_module: dict[str, list[str]] = {}
    for rule in registry().values():
        by_module.setdefault(rule.__module__, []).append(rule.__name__)
    assert all(len(names) == 1 for names in by_module.values())


# --- the audit agrees with the rows, the worth with the objective -------------------------------


def _fixed(rng: random.Random) -> dict[str, Any]:
    ids = [f"A{i:02d}" for i in range(6)]
    rng.shuffle(ids)
    own = {"id": ids[4], "reason": "示範", "decided_by": "board"}
    fund, refuse = (
        ids[: rng.randint(0, 2)],
        [*ids[2 : 2 + rng.randint(0, 2)], *([own] * rng.randint(0, 1))],
    )
    return {"fund": fund, "refuse": refuse, "reason": rng.choice(("", "pilot"))}


def _promise(rng: random.Random) -> dict[str, Any]:
    ids = [f"A{i:02d}" for i in range(6)]
    rng.shuffle(ids)
    return {
        "kept": {one: rng.choice((500, 900, 1_000)) for one in ids[: rng.randint(0, 2)]},
        "paid": {one: rng.choice((300, 900)) for one in ids[: rng.randint(0, 3)]},
        "reduced": dict.fromkeys(ids[: rng.randint(0, 1)], 500),
    }


RANDOM_KEYS = {
    ("pool", "pool"): lambda rng: {
        "amount": rng.choice((0, 1_000, 2_500, 6_000)),
        "contingency": rng.choice((0, 300)),
    },
    ("clause", "school_cap"): lambda rng: {
        "amount": rng.choice((900, 1_000, 1_500, 2_500)),
        "cut": rng.random() < 0.5,
        **random_sizes(rng),
    },
    ("clause", "quota"): lambda rng: without_kind(random_quota(rng, soft=rng.random() < 0.5)),
    ("clause", "fixed"): _fixed,
    ("clause", "promise"): _promise,
    ("priority", "quota"): lambda rng: without_kind(random_quota(rng, soft=True)),
    ("priority", "coverage"): lambda rng: {"column": rng.choice(("district", "type", "level"))},
    ("priority", "merit"): lambda rng: {
        "band": rng.choice((0, 1, 5, "2.5", "1/3")),
        **rng.choice(({"form": "ranked"}, {"per": "amount"}, {"per": "application"})),
    },
    ("priority", "disadvantage"): lambda rng: {
        "weights": {"remote": rng.randint(0, 3), "極偏": rng.randint(0, 5)}
    },
    ("priority", "sharing"): lambda rng: {},
    ("priority", "balance"): lambda rng: {"column": rng.choice(("type", "methods", "district"))},
    ("priority", "amount"): lambda rng: {},
    ("priority", "evenness"): lambda rng: {},
}


def without_kind(keys: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in keys.items() if name != "kind"}


def random_rounds(
    kind: Kind, count: int, first: int = 0
) -> Iterator[tuple[random.Random, Round, Clause]]:
    """Yield small rounds in every award mode, and a rule of that kind with random keys."""
    assert kind in RANDOM_KEYS, f"{kind} needs random keys"
    for number, round_ in plain_rounds(count, first):
        rng = random.Random(f"{kind}{number}")
        yield rng, round_, made(kind, {**RANDOM_KEYS[kind](rng), "name": "mine"})


def plain_rounds(count: int, first: int = 0) -> Iterator[tuple[int, Round]]:
    """Yield the numbers of small rounds in every award mode, and the rounds; for every rule the same."""
    for number in range(first, first + count):
        round_ = plain_round(number)
        if round_.size:
            yield number, round_


@cache
def plain_round(number: int) -> Round:
    """Draw a small round with no column of one value only."""
    mode = MODES[number % 3]
    case = random_case(random.Random(f"plain {number}"), 3 if mode == "partial" else 5, mode)
    case = varied(case, random.Random(f"varied {number}"))
    return scored_of(make_plain(case)).round


def make_plain(case: Case) -> Case:
    """Take the case's own rules away, so that only the award mode and merit are left."""
    document = {**case.policy.document, "clause": [], "priority": []}
    return case.under(make_policy(document))


@pytest.mark.parametrize("first", first_quick(range(0, 120, 30)))
@pytest.mark.parametrize("kind", CONSTRAINTS, ids="-".join)
def test_the_audit_agrees_with_the_rows(kind: Kind, first: int) -> None:
    seen = set()
    for _, round_, clause in random_rounds(kind, 30, first):
        for holds, said, decision in held_both_ways(clause, round_):
            assert holds == said, (clause, decision)
            seen.add(holds)
    assert seen == {True, False}, "both outcomes must have been seen"


def held_both_ways(clause: Clause, round_: Round) -> Iterator[tuple[bool, bool, Decision]]:
    """Yield, for every decision, whether the rows hold and whether the audit says nothing."""
    rows = clause.rows(round_)
    for decision in every_decision(round_):
        holds = all(slack >= 0 for part in rows for slack in part.slack(decision))
        yield holds, not list(clause.audit(round_, decision)), decision


COLUMNS = list(plain_round(0).table.columns)
KEYS = ("application_id", "row")  # no two applications share one of these


@dataclass(frozen=True, kw_only=True)
class OneOf(Clause):
    """At most one funded application for each value of a column; a rule for these tests alone."""

    kind: ClassVar[str] = "one_of"
    title: ClassVar[Text] = Text("各值至多一件", "One of a value")
    column: str
    audited: Callable[[list[str]], list[str]] = list  # what the audit takes for the cells

    def _cells(self, round_: Round) -> list[str]:
        return [str(cell) for cell in round_.table[self.column]]

    def rows(self, round_: Round) -> Sequence[Rows]:
        """State, for each value v, ``sum_{a of v} fund_a <= 1``."""
        cells, said = self._cells(round_), Text("一件", "one")
        return [
            Rows.single(
                self.label, "fund", np.array([cell == v for cell in cells]) * 1, "<=", 1, said
            )
            for v in set(cells)
        ]

    def audit(self, round_: Round, decision: Decision) -> Iterator[Violation]:
        """Count the funded ones by value, or by what is wrongly taken for it."""
        cells = self.audited(self._cells(round_))
        counts = Counter(cell for cell, fund in zip(cells, decision.fund, strict=True) if fund)
        if max(counts.values(), default=0) > 1:
            yield Violation(self.label, Text("多於一件", "more than one"))


def all_alike(cells: list[str]) -> list[str]:
    return ["" for _ in cells]


def all_different(cells: list[str]) -> list[str]:
    return [str(number) for number, _ in enumerate(cells)]


def told(clause: Clause, rounds: Iterable[Round]) -> Iterator[bool]:
    """Yield, round by round, whether rows and audit are seen to differ."""
    for round_ in rounds:
        yield any(holds != said for holds, said, _ in held_both_ways(clause, round_))


@pytest.mark.slow
@pytest.mark.parametrize("column", COLUMNS)
def test_a_rule_that_ignores_a_column_is_told_by_the_random_rounds(column: str) -> None:
    """If not, let `varied` in tests/helpers/rounds.py draw the column: it is the same for all."""
    rounds = [round_ for _, round_ in plain_rounds(15)]
    assert not any(told(OneOf(column=column), rounds))
    assert any(told(OneOf(column=column, audited=all_alike), rounds))
    assert any(told(OneOf(column=column, audited=all_different), rounds)) or column in KEYS


@pytest.mark.slow
@pytest.mark.parametrize("kind", CONSTRAINTS, ids="-".join)
def test_a_rule_stands_against_those_whom_its_audit_would_refuse(kind: Kind) -> None:
    """Of decisions that obey it: against all whose every amount breaks it, and against no others."""
    seen = set()
    for rng, round_, clause in random_rounds(kind, 120):
        lists = [d for d in every_decision(round_) if not list(clause.audit(round_, d))]
        for decision in rng.sample(lists, min(len(lists), 12)):
            against = clause.stands_against(round_, decision)
            for a in range(round_.size):
                refused = not decision.fund[a] and all(
                    list(clause.audit(round_, added)) for added in with_added(round_, decision, a)
                )
                assert (a in against) == refused, (clause, decision, a)
                seen.add(refused)
            assert all(text.zh and text.en != text.zh for text in against.values())
    assert seen == {True, False}, "both outcomes must have been seen"


def with_added(round_: Round, decision: Decision, a: int) -> Iterator[Decision]:
    """Yield a decision with one application added, at each amount that it may get."""
    unit = round_.settings.pool.unit
    for amount in range(int(round_.least[a]), int(round_.most[a]) + 1, unit):
        award = decision.award.copy()
        award[a] = amount
        yield Decision.of(award)


@pytest.mark.parametrize("first", first_quick(range(0, 120, 30)))
@pytest.mark.parametrize("kind", PRIORITIES, ids="-".join)
def test_the_worth_agrees_with_the_objective(kind: Kind, first: int) -> None:
    seen: set[tuple[int, ...]] = set()
    for _, round_, priority in random_rounds(kind, 30, first):
        assert isinstance(priority, Priority)
        objectives = priority.objectives(round_)
        assert len(priority.goals(round_)) == len(objectives)
        for decision in every_decision(round_):
            worth = priority.worth(round_, decision)
            assert worth == tuple(o.value(decision) for o in objectives), (priority, decision)
            seen.add(worth)
    assert len(seen) > 1, "more than one value must have been seen"


@pytest.mark.parametrize("kind", sorted({*CONSTRAINTS, *PRIORITIES}), ids="-".join)
def test_a_rule_that_stands_apart_does_not_look_at_who_is_left_out(kind: Kind) -> None:
    for rng, round_, rule in random_rounds(kind, 15):
        keep = np.array([rng.random() < 0.7 for _ in range(round_.size)])
        if not rule.apart or not keep.any():
            continue
        left = round_.without(np.flatnonzero(~keep).tolist())
        for decision in every_decision(left):
            award = np.zeros(round_.size, dtype=np.int64)
            award[keep] = decision.award
            assert told_of(rule, left, decision) == told_of(rule, round_, Decision.of(award))


def told_of(rule: Clause, round_: Round, decision: Decision) -> tuple[bool, list[int]]:
    """Return whether a decision obeys a rule's inequalities, and what it is worth by its objectives."""
    holds = all(slack >= 0 for part in rule.rows(round_) for slack in part.slack(decision))
    goals = rule.objectives(round_) if isinstance(rule, Priority) else ()
    return holds, [objective.value(decision) for objective in goals]


def test_rules_that_stand_apart_are_some() -> None:
    found = {
        kind
        for kind in (*CONSTRAINTS, *PRIORITIES)
        for _, _, rule in random_rounds(kind, 6)
        if rule.apart
    }
    assert len(found) >= 7 and ("priority", "balance") not in found


def pinned(round_: Round, decision: Decision) -> tuple[Rows, ...]:
    """Return rows that leave nothing but one decision."""
    said = Text("指定", "pinned")
    found = []
    for a in range(round_.size):
        unit = np.zeros(round_.size, dtype=np.int64)
        unit[a] = 1
        for sense in ("<=", ">="):
            for on, at in (("fund", int(decision.fund[a])), ("award", int(decision.award[a]))):
                found.append(Rows.single("pin", on, unit, sense, at, said))
    return tuple(found)


def answer(
    round_: Round, rows: tuple[Rows, ...], objective: Objective, solver: str = "highs"
) -> int | None:
    """Return the optimum that the integer program finds, or None if there is no point."""
    program = Program(
        round_.ids,
        round_.settings.pool.unit,
        round_.least,
        round_.most,
        rows,
        (),
        np.arange(round_.size),
    )
    found = Model(program, Options(solver)).maximise(objective)
    assert found.infeasible == (found.value is None)
    return found.value


@pytest.mark.slow
@pytest.mark.parametrize("kind", PRIORITIES, ids="-".join)
def test_the_integer_program_values_a_decision_alike(kind: Kind) -> None:
    for rng, round_, priority in random_rounds(kind, 45):
        assert isinstance(priority, Priority)
        decision = rng.choice(list(every_decision(round_)))
        worth = priority.worth(round_, decision)
        objectives = priority.objectives(round_)
        place = rng.randrange(len(objectives))
        assert answer(round_, pinned(round_, decision), objectives[place]) == worth[place]


@pytest.mark.slow
@pytest.mark.parametrize("kind", PRIORITIES, ids="-".join)
def test_the_integer_program_finds_the_best_of_all_decisions(kind: Kind) -> None:
    for _, round_, priority in random_rounds(kind, 24):
        assert isinstance(priority, Priority)
        objective = priority.objectives(round_)[0]
        rows = () if not isinstance(objective, LeastShare) else _someone(round_)
        best = max(
            priority.worth(round_, d)[0]
            for d in every_decision(round_)
            if all(slack >= 0 for part in rows for slack in part.slack(d))
        )
        assert answer(round_, rows, objective) == best


def _someone(round_: Round) -> tuple[Rows, ...]:
    """Return a row that funds everyone within half of what they ask for in all."""
    ones = np.ones(round_.size, dtype=np.int64)
    half = max(int(round_.least.sum()), int(round_.most.sum()) * 2 // 3)
    said = Text("半數", "half")
    return (
        Rows.single("someone", "fund", ones, ">=", round_.size, said),
        Rows.single("half", "award", ones, "<=", half, said),
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", CONSTRAINTS, ids="-".join)
def test_the_integer_program_refuses_what_the_audit_refuses(kind: Kind) -> None:
    for rng, round_, clause in random_rounds(kind, 45):
        nothing_to_gain = Additive(np.zeros(round_.size, dtype=np.int64))
        decision = rng.choice(list(every_decision(round_)))
        rows = (*(part for part in clause.rows(round_) if len(part.rhs)), *pinned(round_, decision))
        fine = not list(clause.audit(round_, decision))
        assert (answer(round_, rows, nothing_to_gain) is not None) == fine


# --- nothing is left out ------------------------------------------------------------------------


def test_every_rule_is_a_screen_a_constraint_or_a_priority() -> None:
    screens = {
        kind
        for kind, rule in registry().items()
        if rule.screen is not Clause.screen or rule.screen_merit is not Clause.screen_merit
    }
    assert {*screens, *CONSTRAINTS, *PRIORITIES} == set(registry())


def test_audits_do_not_look_at_rows_or_objectives(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (*CONSTRAINTS, *PRIORITIES):
        rng, round_, rule = next(random_rounds(kind, 6))
        decision = rng.choice(list(every_decision(round_)))
        with monkeypatch.context() as patch:
            patch.setattr(type(rule), "rows", _forbidden)
            if isinstance(rule, Priority):
                patch.setattr(type(rule), "objectives", _forbidden)
                rule.worth(round_, decision)
            list(rule.audit(round_, decision))


def _forbidden(*_: Any) -> Any:
    raise AssertionError("an audit must not look at what the solver is told")
