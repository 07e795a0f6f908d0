"""What decided on some, read from the tables of a round: nothing is solved for it.

Of a funded one: the first priority by which the best list without it is worse, or the rule that would
be broken without it. Of one that got nothing while a sister of less merit holds its place: that she
counts for more, because more money is paid at her merit. Where the tables do not tell, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce

import numpy as np

from optimizer.clauses import Clause, Priority
from optimizer.explain.exchange_rows import Held
from optimizer.explain.known import KnownLists
from optimizer.facts.certified import Certified
from optimizer.foundation.exact import IntArray, dot, total
from optimizer.foundation.frozen import kept_with
from optimizer.language.text import EMPTY, Text, money, run_on
from optimizer.language.words import figure
from optimizer.program.objectives import Additive
from optimizer.program.rows import Decision
from optimizer.solving.solution import Solution


@kept_with
def known_lists(facts: Certified) -> KnownLists | None:
    """Return the tables of a round; None where they cannot be had, or the list is not proved."""
    return KnownLists.of(facts.program, facts.decision) if facts.solution.optimal else None


@dataclass(frozen=True)
class Weighed:
    """That a school counts for more as it is: in plain words, with the sums, in few words; or nothing."""

    full: Text
    sums: Text
    in_short: Text

    def __bool__(self) -> bool:
        return bool(self.full)


NOT_HEAVIER = Weighed(EMPTY, EMPTY, EMPTY)


class Deciding:
    """What decided on the applications of one round.

    Parameters
    ----------
    facts
        What was certified.
    """

    def __init__(self, facts: Certified) -> None:
        self._facts, self._merit = facts, facts.scored.round.merit

    def priority(self, a: int) -> Priority | None:
        """Return the priority that decided for a funded application; None where that is not known."""
        solution = self._turned(a)
        now = self._facts.steps
        pairs = enumerate(zip(solution.steps if solution else (), now, strict=False))
        place = next((n for n, (then, here) in pairs if then.value < here.value), None)
        return None if place is None else self._priority(place)

    def _turned(self, a: int) -> Solution | None:
        """Return the one best list that decides otherwise about an application, where it is known."""
        tables = known_lists(self._facts)
        return tables.turned(a)[1] if tables else None

    def _priority(self, place: int) -> Priority:
        return self._facts.goal_priority(self._facts.steps[place].goal)

    def by_merit(self, priority: Priority) -> bool:
        """Say whether a priority tells better from worse: within it, conditions are equal."""
        return priority.alike(self._facts.scored.round) is not None

    @cached_property
    def needed(self) -> Mapping[int, Clause]:
        """Which rule would be broken without a funded application that is below the line, if one would."""
        facts, found, line = self._facts, dict[int, Clause](), self._facts.line.merit
        funded = np.flatnonzero(facts.decision.fund)
        rules = {r.label: r for r in facts.case.policy.clauses if not (r.by_hand or r.premise())}
        for rows in facts.program.rows:
            if rows.clause in rules and not rows.is_pool and line is not None:
                breaks = Held.of(rows, facts.decision, funded).breaks_by_leaving
                low = (int(a) for a in funded[breaks > 0] if self._merit[a] < line)
                found = dict.fromkeys(low, rules[rows.clause]) | found
        return found

    def heavier(self, a: int, sisters: Iterable[int]) -> Weighed:
        """Say that sisters of no more merit count for more by the money, where the tables show that."""
        no_better = any(self._merit[s] <= self._merit[a] for s in sisters)
        solution = self._turned(a) if no_better else None
        return self.weighed(a, solution.decision) if solution else NOT_HEAVIER

    def weighed(self, a: int, then: Decision) -> Weighed:
        """Hold what is counted of a school now against what is counted of it on the best list with one more.

        Said where that list is worse first of all by merit times money, and less of it, in all or for
        each NT$, is its school's.
        """
        lists = self._facts.decision, then
        place, per_award = self._first_difference(*lists)
        if per_award is None or not self.by_merit(self._priority(place)):
            return NOT_HEAVIER
        round_, title = self._facts.scored.round, self._priority(place).spoken
        mine = np.flatnonzero(round_.school == round_.school[a])
        now, later = (dot(per_award[mine], one.award[mine]) for one in lists)
        paid, then_paid = (total(one.award[mine]) for one in lists)
        in_all = now > later
        if not in_all and now * then_paid <= later * paid:
            return NOT_HEAVIER
        scale = self._priority(place).people_scale(round_) * round_.settings.pool.unit
        worth = {b: figure(int(per_award[b]) / scale) for b in mine.tolist()}
        sums = [(now, 1), (later, 1)] if in_all else [(now, paid), (later, then_paid)]
        ours, theirs = (figure(Fraction(value, by) / scale) for value, by in sums)
        more, less = (
            _equals(self._terms(worth, one, a), value, in_all)
            for one, value in zip(lists, (ours, theirs), strict=True)
        )
        here = mine[lists[0].fund[mine]].tolist()
        who, how, ids = self._no_better(a, here), _IN_ALL if in_all else _EACH, round_.ids
        plain = Text(
            f"{who.zh}，但依「{title.zh}」，補助 {'、'.join(ids[b] for b in here)} {how.zh}高於改補助本案",
            f'{who.en}, but by "{title.en}" {" and ".join(ids[b] for b in here)} '
            f"{'brings' if len(here) == 1 else 'bring'} more {how.en} than this one instead",
        )
        figures = Text(f"計算：{more.zh}；{less.zh}", f"worked out: {more.en}; {less.en}")
        by = _BY_MONEY if in_all else _BY_EACH
        brief = Text(f"{by.zh} {ours}，高於改補助本案 {theirs}", f"{by.en} {ours} against {theirs}")
        return Weighed(plain, figures, brief)

    def _no_better(self, a: int, sisters: Iterable[int]) -> Text:
        """Name those of less merit, or, where there are none, those of the same."""
        ids, merit = self._facts.scored.round.ids, self._merit
        low = [ids[s] for s in sisters if merit[s] < merit[a]]
        same = [ids[s] for s in sisters if merit[s] == merit[a]]
        zh, en = ("較低", "less") if low else ("相同", "the same")
        named = low or same
        have = "has" if len(named) == 1 else "have"
        return Text(f"{'、'.join(named)} 分數雖{zh}", f"{' and '.join(named)} {have} {en} merit")

    def _first_difference(self, now: Decision, then: Decision) -> tuple[int, IntArray | None]:
        """Return the first goal that differs, and how it counts money, if it does."""
        for place, goal in enumerate(self._facts.program.goals):
            objective = goal.objective
            if objective.value(now) != objective.value(then):
                return place, objective.per_award if isinstance(objective, Additive) else None
        return 0, None

    def _terms(self, worth: Mapping[int, str], list_: Decision, a: int) -> Text:
        """Write what is counted of each of a school: the merit that is used, times its amount."""
        ids, award, now = self._facts.scored.round.ids, list_.award, self._facts.decision.fund
        called = {
            b: Text(ids[b], ids[b]) if now[b] else Text(f"同校 {ids[b]}", f"its school's {ids[b]}")
            for b in worth
        } | {a: Text("本案", "this one")}
        said = [(called[b], worth[b], money(int(award[b]))) for b in worth if award[b]]
        zh = [f"{run_on(who.zh, '以')} {merit} 分乘以 {nt} 元" for who, merit, nt in said]
        return Text(
            reduce(lambda before, one: run_on(f"{before}，加上", one), zh),
            " + ".join(f"{who.en} at {merit} points × NT${nt}" for who, merit, nt in said),
        )


_IN_ALL = Text("所得分數之合計（分數乘以金額）", "merit times money")
_EACH = Text("平均每元所得分數", "for each NT$")
_BY_MONEY = Text("分數乘金額計", "merit times NT$:")
_BY_EACH = Text("平均每元", "for each NT$")


def _equals(terms: Text, value: str, in_all: bool) -> Text:
    """Write what terms come to: in all, or for each NT$."""
    if in_all:
        return Text(f"{terms.zh}，得 {value}", f"{terms.en} = {value}")
    return Text(f"{terms.zh}，平均每元 {value} 分", f"{terms.en}, {value} for each NT$")
