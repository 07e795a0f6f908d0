"""Why an award is less than what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from optimizer.clauses import Clause
from optimizer.explain.asking import Asking
from optimizer.explain.explanation import Statement
from optimizer.explain.holding import USED_UP, would_break
from optimizer.explain.in_part import held_by
from optimizer.explain.naming import Naming, cited, granted_of, nt, short
from optimizer.foundation.exact import plus
from optimizer.language.text import EMPTY, Text, sentences
from optimizer.program.rows import Decision, Rows


@dataclass(frozen=True)
class Cuts:
    """Why each of a round's awards is what it is."""

    asking: Asking
    naming: Naming

    def less(self, a: int) -> Statement | None:
        """Say why its amount, or what it could get at the most, is less than what was asked for."""
        asked, award = self.asking.changed.requested(a), int(self.asking.facts.decision.award[a])
        most = award or int(self.asking.round.most[a])
        if most >= asked:
            return None
        said = sentences(self._cuts(a)) or Text("未載明", "not stated")
        allowed = Text(
            f"申請 {nt(asked).zh}，可核 {nt(most).zh}",
            f"{nt(most).en} of {nt(asked).en} admissible",
        )
        head = granted_of(asked, award) if award else allowed
        text = Text(f"{head.zh}：{said.zh}", f"{head.en}: {said.en}")
        brief = short(f"{nt(most).en} of {nt(asked).en} asked for", head.zh)
        return Statement("amount", text, text, brief)

    def _cuts(self, a: int) -> Iterator[Text]:
        """Yield what screening cut of its request, the sum before its lines, and what the list leaves."""
        round_, facts = self.asking.round, self.asking.facts
        mine = [r for r in facts.scored.remarks if r.finding.application == round_.position[a]]
        limits = [r for r in mine if r.finding.limit is not None]
        yield from (cited(r.finding.message, r.reference) for r in limits)
        cutting = {r.clause for r in limits}
        yield from (r.finding.message for r in mine if r.clause in cutting and r not in limits)
        last = (r for r in mine if r.clause in ("unit", "award"))
        yield from (cited(r.finding.message, r.reference) for r in last)
        if 0 < facts.decision.award[a] < round_.most[a]:
            yield from self._partly(a)

    def _partly(self, a: int) -> Iterator[Text]:
        """Yield what stands against one more unit for it, with its section: rules, the pool, or a priority."""
        facts, held = self.asking.facts, held_by(self.asking.facts, a)
        for rule, rows, row in held:
            if rows.is_pool:
                yield cited(_USED_UP, self.asking.policy.settings.pool.reference)
            else:
                yield self._rule(a, rule, rows, row)
        if not held:
            extra = np.zeros(len(facts.decision.award), dtype=np.int64)
            extra[a] = self.asking.program.unit
            yield self._priority(Decision.of(plus(facts.decision.award, extra)))

    def _rule(self, a: int, rule: Clause, rows: Rows, row: int) -> Text:
        """Name the rule that one more unit would break, and whose awards fill it beside its own."""
        said, school = would_break(rule, self.asking.program.unit), self.asking.round.school
        inside = set(rows.app[rows.row == row].tolist()) - {a}
        others = [b for b in sorted(inside) if self.asking.facts.decision.fund[b]]
        beside = self.naming.awarded(others)
        whose = Text(f"（同校另有 {beside.zh}）", f" (its school also has {beside.en})")
        if not others or any(school[b] != school[a] for b in others):
            whose = EMPTY
        return cited(Text(f"{said.zh}{whose.zh}", f"{said.en}{whose.en}"), rule.reference)

    def _priority(self, more: Decision) -> Text:
        """Name the first priority that would be worse."""
        now = self.asking.facts.decision
        for place, step in enumerate(self.asking.facts.steps):
            objective = next(g for g in self.asking.program.goals if g.name == step.goal).objective
            before, after = objective.value(now), objective.value(more)
            if after < before:
                said = self.naming.change(place, before, after)
                worse = Text(
                    f"再多給本案則較差：{said.zh}", f"more for it would be worse: {said.en}"
                )
                return cited(worse, self.asking.facts.goal_priority(step.goal).reference)
        return Text("再多給本案，名單不會更好", "more for it would make the list no better")


_USED_UP = Text(f"{USED_UP.zh}，名單不會更好", f"{USED_UP.en}, and the list would be no better")
