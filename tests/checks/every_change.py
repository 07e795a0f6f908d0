"""What mends a small case, by looking at every award vector: no solver, no search.

For each vector it is counted by how much each rule would have to give way for it. A vector with
nothing to give way is an allocation; one that asks for two rules to give way is a combined repair.
As the school cap also moves what may be granted, every cap is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from helpers.rounds import every_decision, scored_of

from optimizer.case.case import Case
from optimizer.clauses.bounds import missing
from optimizer.diagnose import edited
from optimizer.program.rows import Decision
from optimizer.tables.round import Round

Needs = frozenset[tuple[str, Fraction]]  # key of the policy, and how far it must give way
MERIT = "review.minimum_merit"
MONEY = {"pool.contingency": 1, "pool.amount": 2}


class EveryChange:
    """All that mends one case with a limited number of changes."""

    def __init__(self, case: Case, most: int = 3) -> None:
        self.case = case
        self.most = most
        self.rules = {rule.label: rule for rule in case.policy.clauses}
        self.pool = case.policy.settings.pool
        self.minimum = case.policy.settings.review.minimum_merit
        self._spans = self._how_far()
        everything = {needs for cap in self._caps() for needs in self._under(cap)}
        everything |= self._under(None, cut=True) if self.cut_key in self.spans() else set()
        self.least = _minimal([n for n in everything if len(n) <= most])

    # ---- by how much each rule must give way

    def _caps(self) -> Iterator[Fraction | None]:
        """Yield how much the cap is raised: not, or to any multiple of the unit."""
        yield None
        caps = [rule for rule in self.rules.values() if rule.kind == "school_cap"]
        assert len(caps) <= 1
        for rule in caps:
            top = self.spans()[f"clause.{rule.label}.amount"] + rule.amount
            unit = self.pool.unit
            requests = [] if rule.cut else map(int, self.case.records.applications["requested"])
            for cap in {*range(rule.amount // unit * unit + unit, int(top) + 1, unit), *requests}:
                if cap > rule.amount:
                    yield Fraction(cap - rule.amount)

    def _under(self, raised: Fraction | None, cut: bool = False) -> set[Needs]:
        edits: dict[str, Any] = {MERIT: 0} if self.minimum else {}
        edits |= {f"clause.{r.label}.amount": 0 for r in self._minimum_awards()}
        if raised is not None:
            edits[self.cap_key] = self.rules["school_cap"].amount + int(raised)
        if cut:
            edits[self.cut_key] = True
        case = self.case.under(edited(self.case.policy, edits)) if edits else self.case
        round_ = scored_of(case).round
        cap = edits.get(self.cap_key, getattr(self.rules.get("school_cap"), "amount", None))
        found = set()
        for decision in every_decision(round_):
            if cap is None or max(_by_school(round_, decision), default=0) <= cap:
                needs = dict(self._needs(round_, decision))
                if raised is not None:
                    needs[self.cap_key] = raised
                if cut:
                    needs[self.cut_key] = Fraction(1)
                found |= set(self._paid(needs, int(decision.award.sum())))
                found |= set(self._left_out(round_, decision, needs))
        return found

    def _minimum_awards(self) -> list[Any]:
        return [rule for rule in self.rules.values() if rule.kind == "minimum_award"]

    @property
    def cap_key(self) -> str:
        return "clause.school_cap.amount"

    @property
    def cut_key(self) -> str:
        return "clause.school_cap.cut"

    def _needs(self, round_: Round, decision: Decision) -> Iterator[tuple[str, Fraction]]:
        funded = {round_.ids[a] for a in range(round_.size) if decision.fund[a]}
        merits = [round_.merit_of(a) for a in range(round_.size)]
        low = min([merits[a] for a in range(round_.size) if decision.fund[a]], default=self.minimum)
        if low < self.minimum:
            yield MERIT, self.minimum - _short(low, [m for m in merits if m < low])
        for rule in self.rules.values():
            key = f"clause.{rule.label}"
            if rule.kind == "fixed":
                yield f"{key}.fund", Fraction(len({e.id for e in rule.fund} - funded))
                yield f"{key}.refuse", Fraction(len({e.id for e in rule.refuse} & funded))
            elif rule.kind == "minimum_award":
                lowest = min((int(n) for n in decision.award if n), default=rule.amount)
                yield f"{key}.amount", Fraction(max(0, rule.amount - lowest))
            elif rule.kind == "quota":
                groups = list(rule.measured(round_, decision))
                if moved_as_a_whole(rule):
                    yield key, Fraction(bool(list(rule.audit(round_, decision))))
                elif rule.exactly is not None:
                    yield f"{key}.exactly", Fraction(abs(groups[0].ours - rule.exactly))
                for bound, sign, name in ((rule.at_least, 1, "least"), (rule.at_most, -1, "most")):
                    if bound is not None:
                        away = (_away(bound, g.ours, g.total, sign) for g in groups)
                        yield f"{key}.at_{name}", max(away, default=Fraction(0))

    def _paid(self, needs: Mapping[str, Fraction], spent: int) -> Iterator[Needs]:
        """Yield the ways to pay: by what there is, from the contingency, or by a larger pool."""
        rest = frozenset((key, price) for key, price in needs.items() if price > 0)
        lacking = Fraction(spent - (self.pool.amount - self.pool.contingency))
        if lacking <= 0:
            yield rest
            return
        yield rest | {("pool.amount", lacking)}
        if lacking <= self.pool.contingency:
            yield rest | {("pool.contingency", lacking)}

    def _left_out(
        self, round_: Round, decision: Decision, needs: Mapping[str, Fraction]
    ) -> Iterator[Needs]:
        """Yield how many groups of one rule for each must go, if nothing else must give way."""
        for rule in self.rules.values():
            if rule.kind != "quota" or not rule.for_each:
                continue
            key = f"clause.{rule.label}"
            own = {key, *(f"{key}.{bound}" for bound in ("at_least", "at_most", "exactly"))}
            lacking = int(decision.award.sum()) - (self.pool.amount - self.pool.contingency)
            if lacking > 0 or any(price for k, price in needs.items() if k not in own):
                continue
            short = [
                group
                for group in rule.measured(round_, decision)
                if any(missing(group.ours, group.total, *limit) > 0 for limit in rule.limits)
            ]
            if short:
                yield frozenset({(f"{key}.without", Fraction(len(short)))})

    # ---- what it costs

    def spans(self) -> dict[str, Fraction]:
        """Return how far each key can give way at all."""
        return self._spans

    def _how_far(self) -> dict[str, Fraction]:
        table = self.case.records.applications
        asked = sum(int(r) for r in table["requested"])
        found = {
            "pool.amount": Fraction(asked + self.pool.contingency - self.pool.amount),
            "pool.contingency": Fraction(self.pool.contingency),
            MERIT: Fraction(self.minimum),
        }
        for rule in self.rules.values():
            key = f"clause.{rule.label}"
            if rule.kind == "school_cap":
                most = int(table.groupby("school")["requested"].sum().max())
                found[f"{key}.amount"] = Fraction(most - rule.amount)
                if not rule.cut and int(table["requested"].max()) > rule.amount:
                    found[f"{key}.cut"] = Fraction(1)
            elif rule.kind == "minimum_award":
                found[f"{key}.amount"] = Fraction(rule.amount)
            elif rule.kind == "fixed":
                found[f"{key}.fund"] = Fraction(len({e.id for e in rule.fund}))
                found[f"{key}.refuse"] = Fraction(len({e.id for e in rule.refuse}))
            elif rule.kind == "quota":
                all_of_it = len(table) if rule.measure == "count" else asked
                if rule.measure == "members":
                    all_of_it = int(table["members"].sum())
                if rule.for_each:
                    found[f"{key}.without"] = Fraction(len(rule.values(self.case.records)))
                if moved_as_a_whole(rule):
                    found[key] = Fraction(1)
                elif rule.exactly is not None:
                    far = max(rule.exactly, all_of_it - rule.exactly)
                    found[f"{key}.exactly"] = Fraction(far)
                for bound, name in ((rule.at_least, "least"), (rule.at_most, "most")):
                    share = isinstance(bound, Fraction)
                    top = 0 if name == "least" else 1 if share else all_of_it
                    away = abs(Fraction(top) - Fraction(bound or 0))
                    found[f"{key}.at_{name}"] = away * 100 if share else away
        return found

    def cost(self, needs: Needs) -> tuple[int, Fraction, int]:
        """Return the documented cost: whose money, how much of the rules, how many changes."""
        spans = self.spans()
        money = max((MONEY.get(key, 0) for key, _ in needs), default=0)
        return money, sum((price / spans[key] for key, price in needs), Fraction(0)), len(needs)

    def cheapest(self) -> tuple[int, Fraction, int] | None:
        """Return the cost of the cheapest of all sets of changes."""
        return min(map(self.cost, self.least), default=None)

    def of_keys(self) -> dict[frozenset[str], tuple[int, Fraction, int]]:
        """Return the cheapest for each set of keys."""
        found: dict[frozenset[str], tuple[int, Fraction, int]] = {}
        for needs in self.least:
            keys = frozenset(key for key, _ in needs)
            found[keys] = min(self.cost(needs), found.get(keys, self.cost(needs)))
        return found

    def alone(self, key: str) -> Fraction | None:
        """Return by how much one key must give way if it is the only one; None if it cannot."""
        return next((p for n in self.least if len(n) == 1 for k, p in n if k == key), None)


def moved_as_a_whole(rule: Any) -> bool:
    """Say whether an exact quota can only be taken out: a share, or one for each of several."""
    exactly = getattr(rule, "exactly", None)
    return exactly is not None and (rule.for_each or isinstance(exactly, Fraction))


def _by_school(round_: Round, decision: Decision) -> list[int]:
    received: dict[int, int] = {}
    for school, amount in zip(round_.school, decision.award, strict=True):
        received[int(school)] = received.get(int(school), 0) + int(amount)
    return list(received.values())


def _away(bound: int | Fraction, ours: int, total: int, sign: int) -> Fraction:
    """Return what a bound must give way: whole numbers, or to a full tenth of a percent beyond."""
    if not isinstance(bound, Fraction):
        return Fraction(max(0, sign * (bound - ours)))
    if sign * (bound * total - ours) <= 0:
        return Fraction(0)
    thousandths = 1000 * Fraction(ours, total)
    full = thousandths // 1 if sign > 0 else -(-thousandths // 1)
    return abs(bound * 100 - Fraction(full, 10))


def _short(merit: Fraction, lower: list[Fraction]) -> Fraction:
    """Return the merit, or where it has no end its shortest decimal above all lower ones."""
    if 10**20 % merit.denominator == 0:
        return merit
    digits = (Fraction(merit * 10**n // 1, 10**n) for n in range(20))
    return next(value for value in digits if value > max(lower, default=Fraction(-1)))


def _minimal(all_: list[Needs]) -> list[Needs]:
    """Return those that no other asks less of in everything."""
    found: dict[Needs, dict[str, Fraction]] = {}
    for needs in sorted(all_, key=len):
        prices = dict(needs)
        if not any(all(prices.get(k, 0) >= p for k, p in other) for other in found):
            kept = ((o, own) for o, own in found.items() if not _asks_all(own, needs))
            found = {**dict(kept), needs: prices}
    return list(found)


def _asks_all(own: Mapping[str, Fraction], less: Needs) -> bool:
    return all(own.get(key, -1) >= price for key, price in less)
