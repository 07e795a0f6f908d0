"""Conflicts and repairs against enumeration: no solver has a say in what is true here.

Truth is `optimizer.result.audit` over every award vector, and `every_change` for what the cheapest changes
are. The number of random cases without a solution is SUBSIDY_DIAGNOSE_CASES for conflicts and
SUBSIDY_REPAIR_CASES for figures and repairs, which take longer to enumerate.
"""

from __future__ import annotations

import itertools
import os
import random
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from checks.every_change import EveryChange
from helpers.places import TESTS
from helpers.rounds import every_decision, make_case, random_case, random_quota, scored_of

from optimizer.case.case import Case, read_case
from optimizer.clauses.base import Clause
from optimizer.diagnose import DROP, LIMIT, Diagnosis, Figure, Inequality, Repair, diagnose, edited
from optimizer.diagnose.hitting import TooManyError, hitting_set
from optimizer.diagnose.problems import problems
from optimizer.diagnose.repair import Money, cost
from optimizer.diagnose.written import written
from optimizer.language.toml_text import in_toml
from optimizer.pipe import allocate
from optimizer.policy.policy import IN_MEMORY, Policy, make_policy
from optimizer.problems.errors import CaseError, InfeasibleError, Severity
from optimizer.result.audit import audit
from optimizer.scoring.score import Scored
from optimizer.solving.options import Options

CASES = int(os.environ.get("SUBSIDY_DIAGNOSE_CASES", "40"))
REPAIR_CASES = int(os.environ.get("SUBSIDY_REPAIR_CASES", "25"))
BATCH = 5
SOME = 60  # conflicts to list in the tests: more than any of the small cases has

# ---- the truth, by enumeration -----------------------------------------------------------------

Atom = tuple[str, str, str]  # label of the clause, sense, and the school or application


def possible(case: Case, document: Mapping[str, Any]) -> bool:
    """Say whether any award vector passes the audit of a policy."""
    changed = case.under(make_policy(document))
    try:
        round_ = scored_of(changed).round
    except CaseError:  # refused before it comes to any award
        return False
    return any(not audit(round_, changed.policy, d) for d in every_decision(round_))


def split(policy: Policy) -> Policy:
    """Return the same policy with every bound and every decision by hand as a clause of its own."""
    clauses: list[dict[str, Any]] = []
    rules = [rule for rule in policy.clauses if rule.section == "clause"]
    for rule, entry in zip(rules, policy.document.get("clause", []), strict=True):
        if entry["kind"] == "fixed":
            for key, sense in (("fund", ">="), ("refuse", "<=")):
                clauses += [
                    {"kind": "fixed", key: [i], "name": f"{rule.label}|{sense}|{i}"}
                    for i in dict.fromkeys(entry.get(key, []))
                ]
        elif entry["kind"] == "quota":
            for key, sense in (("at_least", ">="), ("at_most", "<=")):
                other = {"at_least": "at_most", "at_most": "at_least"}[key]
                kept = {name: value for name, value in entry.items() if name != other}
                if key in entry:
                    clauses.append({**kept, "name": f"{rule.label}|{sense}|"})
        else:
            clauses.append({**entry, "name": f"{rule.label}|<=|"})
    return make_policy({**policy.document, "clause": clauses})


def broken_sets(scored: Scored) -> list[frozenset[Atom]]:
    """Return, for every award vector, which inequalities it breaks; the smallest sets only."""
    policy = split(scored.screened.policy)
    names = [str(name) for name in scored.screened.records.schools["name"]]
    found = set()
    for decision in every_decision(scored.round):
        atoms = set()
        for violation in audit(scored.round, policy, decision):
            label, sense, about = ("pool", "<=", "")
            if violation.clause != "pool":
                label, sense, about = violation.clause.split("|")
            school = [n for n in names if violation.message.en.startswith(f"{n} receives")]
            atoms.add((label, sense, school[0] if school else about))
        found.add(frozenset(atoms))
    ordered = sorted(found, key=len)
    return [s for n, s in enumerate(ordered) if not any(o < s for o in ordered[:n])]


def atom(inequality: Inequality) -> Atom:
    """Name an inequality of the diagnosis the same way."""
    _, label, sense = inequality.part
    about = inequality.about.en
    if " must " in about:
        return label, sense, about.split(" must ")[0]
    return label, sense, about if about.startswith("學校") else ""


def smallest(broken: Sequence[frozenset[Any]], universe: Sequence[Any]) -> list[frozenset[Any]]:
    """Return all smallest sets that no vector obeys: each vector breaks something in them."""
    for size in range(len(universe) + 1):
        found = [
            frozenset(chosen)
            for chosen in itertools.combinations(universe, size)
            if all(not b.isdisjoint(chosen) for b in broken)
        ]
        if found:
            return found
    return []


def true_conflicts(scored: Scored) -> list[tuple[set[frozenset[Atom]], bool]]:
    """Return the conflicts round by round: smallest in clauses, and then in inequalities."""
    broken = broken_sets(scored)
    left = sorted({a for b in broken for a in b})
    rounds = []
    while True:
        now = [frozenset(a for a in b if a in left) for b in broken]
        if any(not b for b in now):
            return rounds
        labels = sorted({label for label, _, _ in left})
        by_clause = [frozenset(label for label, _, _ in b) for b in now]
        found: set[frozenset[Atom]] = set()
        for clauses in smallest(by_clause, labels):
            inside = [a for a in left if a[0] in clauses]
            found |= set(smallest([b & set(inside) for b in now], inside))
        rounds.append(found)
        left = [a for a in left if not any(a in conflict for conflict in found)]


# ---- random cases without a solution ----------------------------------------------------------


def tight_case(rng: random.Random) -> Case:
    """Make a random case whose policy asks for much."""
    mode = rng.choice((None, None, "partial", "graded"))
    case = random_case(rng, 4 if mode == "partial" else 6, mode)
    ids = list(case.records.applications["application_id"])
    document = dict(case.policy.document)
    clauses = [dict(entry) for entry in document["clause"]]
    for _ in range(rng.choice((0, 1, 1, 2))):
        quota = random_quota(rng)
        quota.pop("at_most", None)
        count = quota["measure"] == "count"
        quota["at_least"] = rng.choice(
            ("60%", "100/3%", "100%", 1, 2, 3) if count else ("60%", 1500)
        )
        if rng.random() < 0.3:
            quota["at_most"] = rng.choice(("20%", "50%", 0, 1) if count else ("40%", 0, 1000))
        clauses.append(quota)
    if rng.random() < 0.6:
        chosen = rng.sample(ids, rng.randint(1, len(ids)))
        cut = rng.randint(0, len(chosen))
        clauses.append({"kind": "fixed", "fund": chosen[:cut], "refuse": chosen[cut:]})
    # every multiple of the unit is tried as a cap, so it must not be 1
    pool = {**document["pool"], "unit": max(100, document["pool"]["unit"])}
    if rng.random() < 0.4:
        pool["amount"] = rng.choice((0, 500, 1000))
    if pool["amount"] <= pool["contingency"]:
        pool["contingency"] = 0
    pool["amount"] = pool["amount"] and max(pool["amount"], pool["unit"])
    for entry in clauses:  # less than a unit can be met by nobody, and is refused before
        if entry["kind"] == "school_cap":
            entry["amount"] = max(entry["amount"], pool["unit"])
    return case.under(make_policy({**document, "clause": clauses, "pool": pool}))


def acceptable(case: Case) -> bool:
    """Say whether the policy does not contradict itself on its face."""
    try:
        scored_of(case)
    except CaseError:
        return False
    return True


@cache
def infeasible(count: int) -> tuple[Case, ...]:
    """Return so many random cases that no award vector obeys."""
    found: list[Case] = []
    for seed in itertools.count():
        case = tight_case(random.Random(seed))
        if acceptable(case) and not possible(case, case.policy.document):
            found.append(case)
            if len(found) == count:
                return tuple(found)
    raise AssertionError


BATCHES = list(range(CASES // BATCH))
REPAIR_BATCHES = list(range(REPAIR_CASES // BATCH))


@pytest.mark.parametrize("batch", BATCHES)
def test_conflicts_are_the_smallest(batch: int) -> None:
    for case in infeasible(CASES)[batch * BATCH : (batch + 1) * BATCH]:
        scored = scored_of(case)
        diagnosis = diagnose(scored, limit=SOME)
        assert diagnosis.conflicts_complete
        truth = true_conflicts(scored)
        said = [frozenset(atom(i) for i in c.inequalities) for c in diagnosis.conflicts]
        assert len(said) == len(set(said))
        for found in truth:
            assert set(said[: len(found)]) == found, case.policy.document
            said = said[len(found) :]
        assert not said
        assert all(c.minimal and c.smallest for c in diagnosis.conflicts)


# ---- repairs ------------------------------------------------------------------------------------


def test_edits_reach_the_document() -> None:
    case = make_case(
        [{"application_id": "A1"}],
        clause=[
            {"kind": "school_cap", "amount": 5},
            {"kind": "school_cap", "amount": 6},
            {"kind": "quota", "column": "level", "value": "junior_high", "at_least": 3},
        ],
    )
    policy = edited(
        case.policy,
        {
            "pool.contingency": 7,
            "review.minimum_merit": "247/3",
            "clause.school_cap": DROP,
            "clause.school_cap_2.amount": 8,
            "clause.quota.level.junior_high.at_least": "40%",
        },
    )
    labels = {rule.label: rule for rule in policy.clauses}
    assert policy.settings.pool.contingency == 7
    assert policy.settings.review.minimum_merit == Fraction(247, 3)
    assert "school_cap" not in labels and labels["school_cap_2"].amount == 8
    assert labels["quota.level.junior_high"].at_least == Fraction(2, 5)
    assert case.policy.document["clause"][0] == {"kind": "school_cap", "amount": 5}


class Knob:
    """One key of a policy as the tests see it: all its looser values, those of least change first.

    Parameters
    ----------
    case, rule, key
        Which key of which clause.
    monotone
        Whether looser values allow all that tighter ones do. Raising the cap need not: it also
        raises what must be granted to large requests where an award is all or nothing.
    """

    def __init__(self, case: Case, rule: Clause, key: str) -> None:
        self.case, self.rule, self.key = case, rule, key
        self.monotone = rule.kind != "school_cap"
        self.unit = case.policy.settings.pool.unit
        self.asked = sum(int(r) for r in case.records.applications["requested"])

    @property
    def name(self) -> str:
        prefix = {"pool": "pool", "review": "review"}.get(self.rule.section)
        return f"{prefix or f'clause.{self.rule.label}'}.{self.key}"

    @property
    def steps(self) -> list[list[Any]]:
        """Return the values step by step, those of one step equally far from the old one."""
        found: list[list[Any]] = getattr(self, f"_{self.key}")()
        return found

    def multiples(self, offset: int = 0) -> range:
        return range(offset, offset + self.asked + self.unit, self.unit)

    def _amount(self) -> list[list[Any]]:
        old: int = self.rule.amount  # type: ignore
        if self.rule.section == "pool":
            offset: int = self.rule.contingency  # type: ignore
            return [[v] for v in self.multiples(offset) if v > old]
        asked = self.case.records.applications.groupby("school")["requested"].sum()
        return [[v] for v in self.multiples() if old < v < int(asked.max()) + self.unit]

    def _contingency(self) -> list[list[Any]]:
        left = (self.rule.amount - spent for spent in self.multiples())  # type: ignore
        return [[v] for v in left if 0 <= v < self.rule.contingency]  # type: ignore

    def _at_least(self) -> list[list[Any]]:
        old = self.rule.at_least  # type: ignore
        if old is None:
            return []
        if isinstance(old, Fraction):
            grid = range(int(old * 1000 // 1), -1, -1)
            return [[f"{v // 10}.{v % 10}%"] for v in grid if Fraction(v, 1000) < old]
        return [[v] for v in reversed(self._measures()) if v < old]

    def _at_most(self) -> list[list[Any]]:
        old = self.rule.at_most  # type: ignore
        if old is None:
            return []
        if isinstance(old, Fraction):
            grid = range(int(old * 1000 // 1), 1001)
            return [[f"{v // 10}.{v % 10}%"] for v in grid if Fraction(v, 1000) > old]
        return [[v] for v in self._measures() if v > old]

    def _measures(self) -> list[int]:
        if self.rule.measure == "amount":  # type: ignore
            return list(self.multiples())
        return list(range(len(self.case.records.applications) + 1))

    def _fund(self) -> list[list[Any]]:
        return self._lists(self.rule.fund)  # type: ignore

    def _refuse(self) -> list[list[Any]]:
        return self._lists(self.rule.refuse)  # type: ignore

    def _lists(self, ids: Sequence[str]) -> list[list[Any]]:
        sizes = range(len(ids) - 1, -1, -1)
        return [[list(c) for c in itertools.combinations(ids, size)] for size in sizes]

    def _minimum_merit(self) -> list[list[Any]]:
        old = self.case.policy.settings.review.minimum_merit
        merits = {Fraction(m) for m in self.case.records.applications["merit"]}
        return [[str(m)] for m in sorted(merits, reverse=True) if m < old]


def knobs(case: Case) -> list[Knob]:
    """Return every key that may be changed."""
    keys = {
        "pool": ("amount", "contingency"),
        "minimum_merit": ("minimum_merit",),
        "school_cap": ("amount",),
        "quota": ("at_least", "at_most"),
        "fixed": ("fund", "refuse"),
    }
    rules = case.policy.clauses
    found = [Knob(case, rule, key) for rule in rules for key in keys.get(rule.kind, ())]
    return [knob for knob in found if knob.steps]


class Truth:
    """What mends a case, by trying values one after another and enumerating every award vector."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.knobs = {knob.name: knob for knob in knobs(case)}
        self.known: dict[str, bool] = {}

    def mends(self, edits: Mapping[str, Any]) -> bool:
        name = repr(sorted(edits.items()))
        if name not in self.known:
            self.known[name] = possible(self.case, edited(self.case.policy, edits).document)
        return self.known[name]

    def least(self, name: str, others: Mapping[str, Any]) -> list[Any]:
        """Return the values of least change that mend, with the other keys as given."""
        steps = self.knobs[name].steps

        def good(step: int) -> list[Any]:
            return [v for v in steps[step] if self.mends({**others, name: v})]

        if not self.knobs[name].monotone:
            return next((found for n in range(len(steps)) if (found := good(n))), [])
        if not good(len(steps) - 1):
            return []
        low, high = 0, len(steps) - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if good(middle) else (middle + 1, high)
        return good(low)


@pytest.mark.parametrize("batch", REPAIR_BATCHES)
def test_repairs_and_figures_are_true(batch: int) -> None:
    for case in infeasible(REPAIR_CASES)[batch * BATCH : (batch + 1) * BATCH]:
        check_diagnosis(case, Counter())


def check_diagnosis(case: Case, found: Counter[str]) -> None:
    """Check every figure, every change as it would be applied, and that the cheapest is there."""
    diagnosis = diagnose(scored_of(case))
    every, truth = EveryChange(case), Truth(case)
    check_singles(every, truth, diagnosis)
    check_figures(every, diagnosis)
    for mending in diagnosis.mendings:
        check_applied(case, mending)
        check_mending(truth, mending)
    check_cheapest(every, diagnosis)
    found["cases"] += 1
    found["figures"] += len(diagnosis.figures)
    found["single changes"] += len(diagnosis.repairs)
    found["combined changes"] += len(diagnosis.combinations)
    found["cheapest proved"] += diagnosis.cheapest
    found["all listed"] += diagnosis.repairs_complete


def check_singles(every: EveryChange, truth: Truth, diagnosis: Diagnosis) -> None:
    """Every key that mends alone is offered, and asks no more than it must."""
    prices = {repair.key: repair.price for repair in diagnosis.repairs}
    assert prices == {key: p for key in every.spans() if (p := every.alone(key)) is not None}
    check_options(truth, diagnosis.repairs)


def check_figures(every: EveryChange, diagnosis: Diagnosis) -> None:
    """A figure is what the rule can come to when it alone is taken out; repairs say the same."""
    asked = {part for conflict in diagnosis.conflicts for part in conflict.parts}
    assert {figure.part for figure in diagnosis.figures} == asked
    singles = {repair.key: repair.new for repair in diagnosis.repairs}
    for figure in diagnosis.figures:
        assert figure.settled
        price = every.alone(figure.key)
        assert (figure.value is None) == (price is None)
        if price is not None:
            assert exactly_of(figure.value) == exactly_of(figure.wanted) + price * direction(figure)
            if figure.unit != "decisions":
                assert singles[figure.key] == figure.value
        if figure.supply is not None:
            check_supply(every.case, figure)


def direction(figure: Figure) -> int:
    """Decisions and least numbers go down, the pool, caps and most numbers go up."""
    return -1 if figure.part[2] == ">=" or figure.unit == "decisions" else 1


def exactly_of(value: Any) -> Fraction:
    return Fraction(value[:-1]) if isinstance(value, str) else Fraction(value)


def check_supply(case: Case, figure: Figure) -> None:
    """With all of the group funded as far as each may be, no more comes together."""
    round_ = scored_of(case).round
    (rule,) = (r for r in case.policy.clauses if r.label == figure.part[1])
    ours = [rule.measured(round_, d)[0] for d in every_decision(round_)]  # type: ignore[attr-defined]
    assert max(ours) == figure.supply < figure.wanted


def pasted(case: Case, mending: Sequence[Repair]) -> dict[str, Any]:
    """Return the policy with every change put in as a reader of the message would."""
    document = deepcopy(dict(case.policy.document))
    gone = []
    for repair in mending:
        change = written(case.policy, repair)
        read = tomllib.loads(change.lines, parse_float=Decimal)
        if not change.number:
            (table,) = read
            document[table] = {**document.get(table, {}), **read[table]}
            continue
        entry = document[change.section][change.number - 1]
        assert entry["kind"] == change.kind and str(change.number) in change.say().zh
        if change.lines:
            assert set(read) <= set(entry), "the line replaces one that is there"
            document[change.section][change.number - 1] = {**entry, **read}
        else:
            gone.append(entry)
    document["clause"] = [c for c in document.get("clause", []) if not any(c is g for g in gone)]
    return document


def check_applied(case: Case, mending: Sequence[Repair]) -> None:
    """What is printed is pasted into the policy where it is said to stand, and then it is possible."""
    assert possible(case, pasted(case, mending))


def check_cheapest(every: EveryChange, diagnosis: Diagnosis) -> None:
    """The cheapest of one, two and three changes is listed, and each set of keys at its cheapest."""
    costs = [cost(mending) for mending in diagnosis.mendings]
    assert costs == sorted(costs)
    cheapest = every.cheapest()
    if cheapest is None:  # it takes four changes or more
        assert costs and all(len(mending) > 3 for mending in diagnosis.mendings)
        return
    assert diagnosis.cheapest and costs[0] == cheapest, (every.case.policy.document, cheapest)
    said = {frozenset(r.key for r in m): cost(m) for m in diagnosis.mendings}
    truth = every.of_keys()
    assert all(truth[keys] == price for keys, price in said.items())
    if diagnosis.repairs_complete:
        assert set(said) == set(truth)


def check_mending(truth: Truth, mending: Sequence[Repair]) -> None:
    """The repairs mend, and none of them can be any smaller while the others stay as they are."""
    edits = {repair.key: repair.new for repair in mending}
    assert truth.mends(edits)
    for repair in mending:
        assert repair.proved
        others = {key: value for key, value in edits.items() if key != repair.key}
        least = truth.least(repair.key, others)
        if repair.key == "review.minimum_merit":
            ids = [len(scored_ids(truth.case, repair.key, v)) for v in (least[0], repair.new)]
            assert ids[0] == ids[1] and Fraction(repair.new) <= Fraction(least[0])
        elif repair.kind == "withdraw_decision":
            assert repair.new in least
        elif repair.key.endswith(("at_least", "at_most")) and isinstance(repair.new, str):
            assert Fraction(repair.new[:-1]) == Fraction(least[0][:-1])
        else:
            assert [repair.new] == least


def scored_ids(case: Case, key: str, value: Any) -> tuple[str, ...]:
    return scored_of(case.under(edited(case.policy, {key: value}))).round.ids


def check_options(truth: Truth, repairs: Sequence[Repair]) -> None:
    """Where one decision is enough, each that does is listed; else the earliest list."""
    for key in {r.key for r in repairs if r.kind == "withdraw_decision"}:
        said = [r.new for r in repairs if r.key == key]
        least = truth.least(key, {})
        if len(least[0]) < len(truth.knobs[key].steps[0][0]):
            assert said == least[:1]
        else:
            assert sorted(said) == sorted(least)[:5] or len(said) == 5


# ---- by hand ------------------------------------------------------------------------------------

SCHOOLS = [
    {"school_id": "S1", "name": "甲國中", "level": "junior_high"},
    {"school_id": "S2", "name": "乙國小", "level": "elementary"},
    {"school_id": "S3", "name": "丙國中", "level": "junior_high"},
]


def app(application_id: str, school_id: str, **more: Any) -> dict[str, Any]:
    return {"application_id": application_id, "school_id": school_id, **more}


def junior(**bounds: Any) -> dict[str, Any]:
    return {"kind": "quota", "column": "level", "value": "junior_high", **bounds}


def by_hand() -> dict[str, Case]:
    return {
        "too few eligible": make_case(
            [app("A1", "S1"), app("A2", "S2"), app("A3", "S3"), app("A4", "S3", merit=60)],
            SCHOOLS,
            review={"minimum_merit": 70},
            clause=[junior(at_least=3)],
        ),
        "decisions over the cap": make_case(
            [app("A1", "S1"), app("A2", "S1"), app("A3", "S3")],
            SCHOOLS,
            clause=[
                {"kind": "school_cap", "amount": 1_500, "reference": "捌二(5)"},
                {
                    "kind": "fixed",
                    "fund": ["A1", "A2", "A3"],
                    "decided_by": "局長",
                    "reason": "示範學校",
                },
            ],
        ),
        "quota over the pool": make_case(
            [app("A1", "S1"), app("A2", "S2"), app("A3", "S3")],
            SCHOOLS,
            pool={"amount": 2_500, "unit": 100, "contingency": 1_000},
            clause=[junior(measure="amount", at_least=1_800)],
        ),
        "two quotas": make_case(
            [app("A1", "S1"), app("A2", "S1"), app("A3", "S3")],
            SCHOOLS,
            clause=[
                junior(at_least=3, name="many"),
                junior(at_most=2, name="few"),
            ],
        ),
        "an ineligible application": make_case(
            [app("A1", "S1", merit=60), app("A2", "S2", members=2)],
            SCHOOLS,
            review={"minimum_merit": 70},
            clause=[{"kind": "members"}, {"kind": "fixed", "fund": ["A1", "A2"]}],
        ),
        "shares": make_case(
            [app("A1", "S1"), app("A2", "S2"), app("A3", "S2")],
            SCHOOLS,
            clause=[{"kind": "fixed", "fund": ["A2", "A3"]}, junior(at_least="40%")],
        ),
        "a cap that also cuts requests": make_case(
            [app("A1", "S1", requested=3_000), app("A2", "S2", requested=2_500)],
            SCHOOLS,
            pool={"amount": 5_000, "unit": 100},
            clause=[
                {"kind": "school_cap", "amount": 2_000},
                {
                    "kind": "quota",
                    "column": "level",
                    "value": "elementary",
                    "measure": "amount",
                    "at_least": 2_300,
                },
            ],
        ),
    }


GOLDEN = TESTS / "golden" / "diagnose.txt"


def said() -> str:
    """Say every case by hand in both languages, one block each."""
    blocks = []
    for name, case in by_hand().items():
        found = problems(diagnose(scored_of(case)))
        lines = [problem.say(lang) for lang in ("zh-TW", "en") for problem in found]  # type: ignore
        blocks.append("\n".join([f"== {name}", *lines]))
    return "\n\n".join(blocks) + "\n"


def test_golden_text() -> None:
    if os.environ.get("SUBSIDY_UPDATE_GOLDEN"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(said(), "utf-8")
    assert said() == GOLDEN.read_text("utf-8")


@pytest.mark.parametrize("name", by_hand())
def test_cases_by_hand_are_true(name: str) -> None:
    case = by_hand()[name]
    truth = Truth(case)
    diagnosis = diagnose(scored_of(case))
    for mending in [(r,) for r in diagnosis.repairs] or diagnosis.combinations:
        check_mending(truth, mending)


def test_figures_by_hand() -> None:
    """What the sentences say, as values that a program can use."""
    repairs = {
        name: {r.key: (r.old, r.new, r.price, r.unit) for r in diagnose(scored_of(case)).repairs}
        for name, case in by_hand().items()
    }
    assert repairs["quota over the pool"] == {
        "pool.amount": (2_500, 3_000, 500, "NT$"),
        "pool.contingency": (1_000, 500, 500, "NT$"),
        "clause.quota.level.junior_high.at_least": (1_800, 1_000, 800, "NT$"),
    }
    assert repairs["shares"]["clause.quota.level.junior_high.at_least"] == (
        "40%",
        "33.3%",
        Fraction(67, 10),
        "percentage points",
    )
    assert repairs["too few eligible"]["review.minimum_merit"][2:] == (10, "points")
    assert repairs["a cap that also cuts requests"]["clause.school_cap.amount"][1] == 2_300


def test_a_higher_cap_is_not_always_a_looser_one() -> None:
    """At 1,200 both fit the pool; at 3,000 the first, all or nothing, takes more than there is."""
    case = make_case(
        [app("A1", "S1", requested=3_000), app("A2", "S2", requested=1_200)],
        SCHOOLS,
        pool={"amount": 2_500, "unit": 100},
        clause=[
            {"kind": "school_cap", "amount": 1_000},
            {"kind": "fixed", "fund": ["A1", "A2"]},
            {
                "kind": "quota",
                "column": "level",
                "value": "elementary",
                "measure": "amount",
                "at_least": 1_200,
            },
        ],
    )
    truth = Truth(case)
    assert not truth.mends({"clause.school_cap.amount": 3_000})
    repairs = {r.key: r for r in diagnose(scored_of(case)).repairs}
    assert repairs["clause.school_cap.amount"].new == 1_200
    for repair in repairs.values():
        check_mending(truth, [repair])


def test_combined_changes_of_a_cap_that_is_not_always_looser() -> None:
    """What fails at one cap says nothing of the caps below it."""
    case = make_case(
        [
            app("A0", "S2", requested=3_000),
            app("A1", "S1", requested=2_000),
            app("A2", "S3", requested=3_000),
            app("A3", "S2", requested=2_000),
        ],
        SCHOOLS,
        pool={"amount": 2_500, "unit": 200},
        clause=[
            {"kind": "school_cap", "amount": 1_000},
            {"kind": "fixed", "fund": ["A1", "A2"]},
            junior(measure="amount", at_least=1_600),
            {"kind": "quota", "name": "e", "column": "level", "value": "elementary", "at_least": 2},
        ],
    )
    check_cheapest(EveryChange(case), diagnose(scored_of(case)))


@pytest.mark.parametrize("wanted", [1, 2, 3, 4, 5, 6])
def test_the_minimum_merit_is_lowered_no_further_than_needed(wanted: int) -> None:
    merits = [Fraction(208, 3), 68, Fraction(135, 2), 60, Fraction(181, 3), Fraction(119, 2)]
    case = make_case(
        [app(f"A{n}", "S1", merit=merit) for n, merit in enumerate(merits)],
        SCHOOLS,
        review={"minimum_merit": 70},
        clause=[junior(at_least=wanted)],
    )
    found = {r.key: r for r in diagnose(scored_of(case)).repairs}["review.minimum_merit"]
    assert (
        Fraction(found.new)
        == [69, 68, Fraction("67.5"), Fraction("60.3"), 60, Fraction("59.5")][wanted - 1]
    )  # 208/3 and 181/3 have no end: the fewest digits above the merit below
    assert found.proved
    check_mending(Truth(case), [found])


def test_no_single_change_mends() -> None:
    case = make_case(
        [app("A1", "S1"), app("A2", "S2")],
        SCHOOLS,
        pool={"amount": 500, "unit": 100},
        clause=[junior(at_least=2), {"kind": "fixed", "fund": ["A2"]}],
    )
    diagnosis = diagnose(scored_of(case))
    assert not diagnosis.repairs
    found = [{r.key: r.new for r in mending} for mending in diagnosis.combinations]
    assert {"pool.amount": 1_000, "clause.quota.level.junior_high.at_least": 0} in found
    assert {"clause.fixed.fund": [], "clause.quota.level.junior_high.at_least": 0} in found
    assert "Repair 1 (1 of 2, together)" in " ".join(p.say("en") for p in problems(diagnosis))


def figures_of(diagnosis: Diagnosis) -> dict[str, Any]:
    return {figure.key: figure.value for figure in diagnosis.figures}


def test_a_figure_counts_the_rules_outside_the_conflict_too() -> None:
    """The decision alone would leave two of three; the pool leaves one, and one is what is said."""
    case = make_case(
        [app("A1", "S1"), app("A2", "S1"), app("A3", "S3")],
        SCHOOLS,
        pool={"amount": 1_000, "unit": 100},
        clause=[junior(at_least=3), {"kind": "fixed", "refuse": ["A3"]}],
    )
    diagnosis = diagnose(scored_of(case))
    assert len(diagnosis.conflicts) == 2
    key = "clause.quota.level.junior_high.at_least"
    assert figures_of(diagnosis)[key] == 1
    assert [(r.key, r.new) for r in diagnosis.repairs] == [(key, 1)]
    said = " ".join(p.say("en") for p in problems(diagnosis))
    assert "at most 1 application can be reached" in said and "at most 2" not in said


def test_the_pool_that_is_needed_is_the_pool_that_is_offered() -> None:
    """NT$21 would do for the cheaper one, but that one must not be funded."""
    case = make_case(
        [app("A1", "S1", requested=21), app("A2", "S3", requested=22)],
        SCHOOLS,
        pool={"amount": 20},
        clause=[junior(at_least=1), {"kind": "fixed", "refuse": ["A1"]}],
    )
    diagnosis = diagnose(scored_of(case))
    assert figures_of(diagnosis)["pool.amount"] == 22
    assert {r.key: r.new for r in diagnosis.repairs}["pool.amount"] == 22
    said = " ".join(p.say("en") for p in problems(diagnosis))
    assert "the pool must be at least NT$22" in said and "at least NT$21" not in said


def test_two_quotas_lowered_by_one_each_keep_the_pool() -> None:
    """More money is the only single change; it is marked, and comes after the two that need none."""
    case = make_case(
        [app("A1", "S1"), app("A2", "S1"), app("B1", "S2"), app("B2", "S2")],
        SCHOOLS,
        pool={"amount": 2_000, "unit": 100},
        clause=[
            junior(at_least=2, name="junior"),
            {**junior(at_least=2, name="elementary"), "value": "elementary"},
            {"kind": "fixed", "fund": ["A1", "B1"], "decided_by": "局長", "reason": "示範"},
        ],
    )
    diagnosis = diagnose(scored_of(case))
    assert [r.key for r in diagnosis.repairs] == ["pool.amount"]
    first, *_, last = diagnosis.mendings
    assert {r.key: r.new for r in first} == {
        "clause.junior.at_least": 1,
        "clause.elementary.at_least": 1,
    }
    assert last[0].key == "pool.amount" and last[0].money is Money.MORE
    said = [p.say("zh-TW") for p in problems(diagnosis)]
    assert any("須另籌 2,000 元" in line for line in said)
    assert any("須一併修改，1/2" in line for line in said)


ONLY_THREE = "No more than 3 applications can be funded: no others are eligible"


@pytest.mark.parametrize(
    ("policy", "offered", "said"),
    [
        # more than have applied: neither money nor a higher cap helps
        (
            {"clause": [junior(at_least=9)]},
            {"clause.quota.level.junior_high.at_least": 3},
            ONLY_THREE,
        ),
        # a pool that pays for nobody
        (
            {"pool": {"amount": 0}, "clause": [junior(at_least=1)]},
            {"clause.quota.level.junior_high.at_least": 0, "pool.amount": 1_000},
            "the pool must be at least NT$1,000",
        ),
        # an application that no reviewer's mark makes eligible
        (
            {"clause": [{"kind": "members"}, {"kind": "fixed", "fund": ["A4"]}]},
            {"clause.fixed.fund": []},
            "A4 is not eligible: 2 members, fewer than 3",
        ),
    ],
)
def test_what_cannot_be_is_said_and_not_advised(
    policy: dict[str, Any], offered: dict[str, Any], said: str
) -> None:
    case = make_case(
        [app("A1", "S1"), app("A2", "S1"), app("A3", "S3"), app("A4", "S2", members=2)],
        SCHOOLS,
        **policy,
    )
    diagnosis = diagnose(scored_of(case))
    assert {r.key: r.new for r in diagnosis.repairs} == offered
    for repair in diagnosis.repairs:
        check_mending(Truth(case), [repair])
    text = " ".join(p.say("en") for p in problems(diagnosis))
    assert said in text


def test_a_policy_that_can_be_obeyed_has_no_diagnosis() -> None:
    diagnosis = diagnose(scored_of(make_case([app("A1", "S1")], SCHOOLS)))
    assert not diagnosis.conflicts and not diagnosis.repairs and not diagnosis.combinations
    assert not problems(diagnosis)


def test_other_kinds_of_clause_can_be_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clause of a kind that the diagnosis has never heard of is taken out whole."""
    from optimizer.diagnose.drop import DropLever
    from optimizer.diagnose.lever import Lever
    from optimizer.diagnose.levers import levers

    def only_drop(rule: Clause) -> list[Lever]:
        return [DropLever(rule)] if rule.kind == "quota" else levers(rule)

    monkeypatch.setattr("optimizer.diagnose.panel.levers", only_drop)
    case = by_hand()["two quotas"]
    keys = [(r.key, r.new) for r in diagnose(scored_of(case)).repairs]
    assert keys == [("clause.many", DROP), ("clause.few", DROP)]


# ---- the same for all, honest about time -----------------------------------------------------


def shown(case: Case, options: Options | None = None, limit: int = LIMIT) -> list[str]:
    return [p.say("en") for p in problems(diagnose(scored_of(case), options, limit))]


def test_row_order_does_not_matter() -> None:
    for number, case in enumerate(infeasible(20)):
        rng = random.Random(number)
        rows = case.records.applications.to_dict("records")
        schools = case.records.schools.to_dict("records")
        again = [rng.sample(rows, len(rows)), rng.sample(schools, len(schools))]
        other = make_case(*again, **case.policy.document)
        assert shown(case) == shown(other)


def test_a_repair_says_what_the_bound_is_a_number_of_once_and_when_none_is_left() -> None:
    """Not "at least 2 funded applications instead of 3 funded applications", and not 0 of anything."""
    for case in [*by_hand().values(), *infeasible(30)[:12]]:
        for problem in problems(diagnose(scored_of(case), Options(time_limit=SOME))):
            en, zh = problem.say("en"), problem.say("zh-TW")
            _, _, old = en.partition(" instead of ")
            assert not old.partition(" (")[0].endswith(("applications", "awards"))
            assert (", ask for at least 0" in en) == ("no minimum then" in en and "NT$0 " not in en)
            assert ("no minimum" in en) == ("沒有下限" in zh)
            assert "only 0" not in en and "than 0 " not in en and "at most 0 of" not in en
            assert "只有 0 件" not in zh


def test_cbc_agrees() -> None:
    for case in infeasible(20)[:8]:
        assert shown(case, limit=SOME) == shown(case, Options("cbc"), SOME)


def test_a_limit_in_time_is_said() -> None:
    case = by_hand()["two quotas"]
    diagnosis = diagnose(scored_of(case), Options(time_limit=0.0))
    assert not diagnosis.conflicts_complete and not diagnosis.repairs_complete
    assert all(not c.minimal and not c.smallest for c in diagnosis.conflicts)
    found = problems(diagnosis)
    assert {p.code for p in found if p.severity is Severity.FLAG} == {
        "more_conflicts",
        "more_repairs",
    }
    assert "not worked out to the end" in " ".join(p.say("en") for p in found)


@pytest.mark.parametrize("asked", range(1, 60, 4))
def test_stopping_anywhere_leaves_what_is_known(
    asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off after so many questions: what is listed as proved still is."""
    from optimizer.diagnose import bench

    plain = bench.Bench._on_time
    count = itertools.count(1)

    def cut_off(self: bench.Bench) -> None:
        plain(self)
        if next(count) > asked:
            raise bench.StoppedError

    monkeypatch.setattr(bench.Bench, "_on_time", cut_off)
    case = by_hand()["decisions over the cap"]
    diagnosis = diagnose(scored_of(case))
    monkeypatch.undo()
    whole = diagnose(scored_of(case))
    said_least = [replace(repair, proved=True) for repair in diagnosis.repairs]
    assert set(map(repr, said_least)) <= set(map(repr, whole.repairs))
    assert diagnosis.cheapest <= all(repair.proved for repair in diagnosis.repairs)
    assert {f for f in diagnosis.figures if f.settled} <= set(whole.figures)
    assert all(f.value is None for f in diagnosis.figures if not f.settled)
    unsettled = any(not f.settled for f in diagnosis.figures)
    said = " ".join(p.say("en") for p in problems(diagnosis))
    assert unsettled == ("was not settled in time" in said)
    assert diagnosis.cheapest <= (diagnosis.mendings[:1] == whole.mendings[:1])
    known = {frozenset(map(atom, c.inequalities)) for c in whole.conflicts}
    for conflict in diagnosis.conflicts:
        if conflict.minimal:
            assert frozenset(map(atom, conflict.inequalities)) in known


def test_fewer_are_listed_and_it_says_so() -> None:
    ids = [f"A{n}" for n in range(8)]
    case = make_case(
        [app(i, "S1") for i in ids],
        SCHOOLS,
        pool={"amount": 1_500, "unit": 100},
        clause=[{"kind": "fixed", "fund": ids}],
    )
    diagnosis = diagnose(scored_of(case), limit=5)
    assert [len(c.inequalities) for c in diagnosis.conflicts] == [3] * 5  # the pool, two of eight
    assert not diagnosis.conflicts_complete
    assert {r.key: r.new for r in diagnosis.repairs}["clause.fixed.fund"] == ["A0"]


def test_many_decisions_are_reported_even_if_not_all_small_sets_are_gone_through() -> None:
    ids = [f"A{n:02d}" for n in range(60)]
    case = make_case(
        [app(i, "S1") for i in ids],
        SCHOOLS,
        pool={"amount": 30_000, "unit": 100},
        clause=[{"kind": "fixed", "fund": ids}],
    )
    (conflict,) = diagnose(scored_of(case)).conflicts
    assert conflict.minimal and not conflict.smallest
    assert len(conflict.inequalities) == 32  # the pool and 31 of NT$1,000


def test_allocate_says_what_conflicts() -> None:
    case = by_hand()["decisions over the cap"]
    with pytest.raises(InfeasibleError) as caught:
        allocate(case)
    found = caught.value.problems
    assert [p.code for p in found][:2] == ["school_cap", "fixed"]
    assert found[0].reference == "捌二(5)" and found[0].place == f"{IN_MEMORY}, clause.school_cap"
    assert "甲國中" in found[0].say("zh-TW")


def test_the_example_is_diagnosed_quickly(example: Path) -> None:
    case = read_case(example)
    quota = {"clause.quota.at_least": 200}
    case = case.under(edited(case.policy, quota))
    diagnosis = diagnose(scored_of(case))
    assert diagnosis.conflicts_complete and diagnosis.repairs_complete
    assert [r.new for r in diagnosis.repairs] == [77]
    assert diagnosis.questions < 200


def test_written_as_toml() -> None:
    values = (
        1_500,
        ["A1", 'a "b" \\c'],
        "33.3%",
        [],
        True,
        ["甲\n\x7f\t乙"],
        {"偏遠": 1, "a-b": {}},
    )
    for value in values:
        assert repr(tomllib.loads(f"x = {in_toml(value)}")["x"]) == repr(value)


@pytest.mark.parametrize("seed", range(200))
def test_hitting_sets(seed: int) -> None:
    rng = random.Random(seed)
    sets = [frozenset(rng.sample(range(6), rng.randint(1, 4))) for _ in range(rng.randint(0, 6))]
    blocked = [frozenset(rng.sample(range(6), rng.randint(1, 3))) for _ in range(rng.randint(0, 2))]
    for size in range(5):
        good = [
            c
            for n in range(size + 1)
            for c in map(frozenset, itertools.combinations(range(6), n))
            if all(s & c for s in sets) and not any(b <= c for b in blocked)
        ]
        found = hitting_set(sets, size, blocked)
        assert (found is None) == (not good)
        assert found is None or found in good


def test_hitting_sets_give_up() -> None:
    sets = [frozenset(range(10 * n, 10 * n + 10)) for n in range(8)]
    with pytest.raises(TooManyError):
        hitting_set(sets, 7)


def test_records_are_left_as_they_are() -> None:
    case = by_hand()["too few eligible"]
    before = replace(case.records)
    diagnose(scored_of(case))
    assert case.records.settings == before.settings
    assert case.policy.document["clause"] == [junior(at_least=3)]
