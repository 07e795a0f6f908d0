"""Random cases without a solution, and what mends them, by enumerating every award vector."""

from __future__ import annotations

import itertools
import random
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from typing import Any

from checks.every_change import EveryChange, moved_as_a_whole
from helpers.rounds import every_decision, random_case, random_quota, scored_of

from optimizer.case.case import Case
from optimizer.clauses.base import Clause
from optimizer.diagnose import DROP, Diagnosis, Figure, Repair, diagnose, edited
from optimizer.diagnose.policy_lines import written
from optimizer.diagnose.repair import cost
from optimizer.facts.audit import audit
from optimizer.policy.policy import make_policy
from optimizer.problems.errors import CaseError, PolicyError


def possible(case: Case, document: Mapping[str, Any]) -> bool:
    """Say whether any award vector passes the audit of a policy."""
    changed = case.under(make_policy(document))
    try:
        round_ = scored_of(changed).round
    except CaseError:  # refused before it comes to any award
        return False
    return any(not audit(round_, changed.policy, d) for d in every_decision(round_))


def tight_case(rng: random.Random) -> Case:
    """Make a random case whose policy asks for much."""
    mode = rng.choice((None, None, "partial", "graded"))
    case = random_case(rng, 4 if mode == "partial" else 6, mode)
    ids = list(case.records.applications["application_id"])
    document = dict(case.policy.document)
    clauses = [dict(entry) for entry in document["clause"]]
    for _ in range(rng.choice((0, 1, 1, 2))):
        quota = random_quota(rng)
        if "exactly" not in quota:
            quota.pop("at_most", None)
            quota |= _much(rng, quota)
        clauses.append(quota if _stands(quota) else {**quota, "at_most": quota["at_least"]})
    if rng.random() < 0.6:
        chosen = rng.sample(ids, rng.randint(1, len(ids)))
        cut = rng.randint(0, len(chosen))
        named = [i if rng.random() < 0.7 else {"id": i, "reason": "示範"} for i in chosen]
        clauses.append({"kind": "fixed", "fund": named[:cut], "refuse": named[cut:]})
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


def _stands(quota: Mapping[str, Any]) -> bool:
    """Say whether a quota does not contradict itself, which is refused when a policy is read."""
    try:
        make_policy({"pool": {"amount": 100}, "draw": {"seed": "1"}, "clause": [dict(quota)]})
    except PolicyError as error:
        return not any("at_least" in (p.column or "") + p.message.en for p in error.problems)
    return True


def _much(rng: random.Random, quota: Mapping[str, Any]) -> dict[str, Any]:
    """Draw bounds that are hard to keep; of everybody, no shares."""
    high: tuple[Any, ...] = {"count": (1, 2, 3), "members": (6, 18)}.get(quota["measure"], (1500,))
    low: tuple[Any, ...] = {"count": (0, 1), "members": (0, 6)}.get(quota["measure"], (0, 1000))
    shares = quota["measure"] == "count" and "column" in quota
    some = "column" in quota
    least = rng.choice(
        ((*("60%", "100/3%", "100%"), *high) if shares else ("60%", *high)) if some else high
    )
    if rng.random() >= 0.3:
        return {"at_least": least}
    return {"at_least": least, "at_most": rng.choice(("20%", "50%", *low) if some else low)}


def acceptable(case: Case) -> bool:
    """Say whether the policy does not contradict itself on its face."""
    try:
        scored_of(case)
    except CaseError:
        return False
    return True


def infeasible(count: int) -> list[Case]:
    """Return so many random cases that no award vector obeys, each drawn once for all who ask."""
    _FOUND.extend(itertools.islice(_SEARCH, max(0, count - len(_FOUND))))
    return _FOUND[:count]


def _search() -> Iterator[Case]:
    for seed in itertools.count():
        case = tight_case(random.Random(seed))
        if acceptable(case) and not possible(case, case.policy.document):
            yield case


_SEARCH, _FOUND = _search(), list[Case]()


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
        self.monotone = rule.kind != "school_cap" and key != "exactly"
        self.unit = case.policy.settings.pool.unit
        self.asked = sum(int(r) for r in case.records.applications["requested"])

    def _exactly(self) -> list[list[Any]]:
        old = self.rule.exactly  # type: ignore
        if old is None or moved_as_a_whole(self.rule):
            return [] if old is None else [[DROP]]
        away = sorted({abs(n - old) for n in self._measures()} - {0})
        return [[n for n in dict.fromkeys((old - far, old + far)) if n >= 0] for far in away]

    @property
    def name(self) -> str:
        if self.key == "exactly" and moved_as_a_whole(self.rule):
            return f"clause.{self.rule.label}"
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
        if self.rule.kind == "minimum_award":
            return [[v] for v in reversed(self.multiples()) if v < old]
        asked = self.case.records.applications.groupby("school")["requested"].sum()
        requests = [] if self.rule.cut else self.case.records.applications["requested"]  # type: ignore
        values = sorted({*self.multiples(), *map(int, requests)})
        return [[v] for v in values if old < v < int(asked.max()) + self.unit]

    def _cut(self) -> list[list[Any]]:
        over = any(int(r) > self.rule.amount for r in self.case.records.applications["requested"])  # type: ignore
        return [[True]] if over and not self.rule.cut else []  # type: ignore

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
        measure = self.rule.measure  # type: ignore
        if measure == "amount":
            return list(self.multiples())
        if measure == "count":
            return list(range(len(self.case.records.applications) + 1))
        held = [int(n) for n in self.case.records.applications[measure]]
        sums = {sum(some) for k in range(len(held) + 1) for some in itertools.combinations(held, k)}
        return sorted(sums)

    def _fund(self) -> list[list[Any]]:
        return self._lists([entry.written for entry in self.rule.fund])  # type: ignore

    def _refuse(self) -> list[list[Any]]:
        return self._lists([entry.written for entry in self.rule.refuse])  # type: ignore

    def _lists(self, ids: Sequence[Any]) -> list[list[Any]]:
        sizes = range(len(ids) - 1, -1, -1)
        return [[list(c) for c in itertools.combinations(ids, size)] for size in sizes]

    def _without(self) -> list[list[Any]]:
        if not self.rule.for_each:  # type: ignore
            return []
        old, groups = list(self.rule.without), self.rule.values(self.case.records)  # type: ignore
        sizes = range(1, len(groups) + 1)
        return [[[*old, *c] for c in itertools.combinations(groups, size)] for size in sizes]

    def _minimum_merit(self) -> list[list[Any]]:
        old = self.case.policy.settings.review.minimum_merit
        merits = {Fraction(m) for m in self.case.records.applications["merit"]}
        return [[str(m)] for m in sorted(merits, reverse=True) if m < old]


def knobs(case: Case) -> list[Knob]:
    """Return every key that may be changed."""
    keys = {
        "pool": ("amount", "contingency"),
        "minimum_merit": ("minimum_merit",),
        "school_cap": ("amount", "cut"),
        "minimum_award": ("amount",),
        "quota": ("at_least", "at_most", "exactly", "without"),
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
    gone = {r.label for r in every.case.policy.clauses if moved_as_a_whole(r)}
    asked = {p for conflict in diagnosis.conflicts for p in conflict.parts if p[1] not in gone}
    assert {figure.part for figure in diagnosis.figures} == asked
    singles = {repair.key: repair.new for repair in reversed(diagnosis.repairs)}
    for figure in diagnosis.figures:
        assert figure.settled
        price = every.alone(figure.key)
        assert (figure.value is None) == (price is None)
        if price is not None:
            moved = exactly_of(figure.value) - exactly_of(figure.wanted)
            exact = figure.key.endswith(".exactly")
            assert (abs(moved) if exact else moved * direction(figure)) == price
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
    ours = [next(rule.measured(round_, d)).ours for d in every_decision(round_)]  # type: ignore[attr-defined]
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
            assert (set(read) <= set(entry)) != change.added, "it replaces a line or is added"
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
    assert costs[0] == cheapest, (every.case.policy.document, cheapest)
    alone = any(getattr(rule, "for_each", False) for rule in every.case.policy.clauses)
    assert diagnosis.cheapest or alone
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
        elif repair.kind in ("withdraw_decision", "move_quota", "leave_out"):
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
