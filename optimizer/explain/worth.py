"""What a funded application is worth to the list, and what more money would be: both by solving.

Either is the list as it is held against the best list of a round with one thing different: V
against V-, and the pool against a larger one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimizer.explain.answer import Asked
from optimizer.explain.asking import Asking
from optimizer.explain.explanation import Change
from optimizer.explain.naming import Naming, nt
from optimizer.language.text import Text

_SAME = Text("名單相同", "the list stays the same")
_NONE = Text("沒有符合所有規則的名單", "no list obeys every rule")
_OPEN = Text("時限內未能求得", "not settled within the limit")


@dataclass(frozen=True)
class Marginals:
    """What would be lost without each of the funded, and what more money would bring.

    Parameters
    ----------
    asking, naming
        Who is asked, and what things are called.
    """

    asking: Asking
    naming: Naming

    def each(self) -> Iterator[tuple[int, Asked, Change]]:
        """Yield every funded application with the best list without it, and what that changes."""
        for a in np.flatnonzero(self.asking.facts.decision.fund).tolist():
            asked = self.asking.forced(a, False)
            yield a, asked, self.change(asked)

    def places(self) -> dict[int, int]:
        """Return the place of each of the funded: 1 for whom most is lost without."""
        losses = {a: self._loss(asked) for a, asked, _ in self.each() if asked.settled}
        greater = sorted(set(losses.values()), reverse=True)
        place, found = 1, {}
        for loss in greater:
            alike = [a for a, own in losses.items() if own == loss]
            found.update(dict.fromkeys(alike, place))
            place += len(alike)
        return found

    def _loss(self, asked: Asked) -> tuple[int, ...]:
        """Return what is lost in each goal; more than anything where no list goes without."""
        if asked.solution is None:
            return (1, *(0 for _ in self.asking.now.values))
        pairs = zip(self.asking.now.values, asked.values, strict=True)
        return (0, *(now - then for now, then in pairs))

    def more(self, amount: int) -> Change:
        """Say what so many NT$ more would bring."""
        found = self.change(self.asking.pool(self.asking.facts.available + amount))
        if not found.known:
            return found
        said, given = found.text, nt(amount)
        text = Text(f"經費增加 {given.zh}：{said.zh}", f"with {given.en} more: {said.en}")
        return Change(**{**vars(found), "text": text})

    def change(self, asked: Asked) -> Change:
        """Hold the list as it is against the answer to a question."""
        if not (asked.settled and self.asking.now.settled):
            return Change(False, text=_OPEN)
        if asked.solution is None:
            return Change(False, text=_NONE)
        facts = self.asking.facts
        before, after = facts.decision.fund, asked.solution.decision.fund
        moves = [np.flatnonzero(some).tolist() for some in (after & ~before, before & ~after)]
        into, out = (tuple(facts.scored.round.ids[a] for a in some) for some in moves)
        values = enumerate(zip(self.asking.now.values, asked.values, strict=True))
        place = next((n for n, (one, two) in values if one != two), None)
        said = self._said(moves)
        if place is None:
            return Change(True, entering=into, leaving=out, text=said or _SAME)
        now, then = self.asking.now.values[place], asked.values[place]
        priority = facts.goal_priority(facts.steps[place].goal)
        scale, first = (
            priority.people_scale(facts.scored.round),
            self.naming.change(place, now, then),
        )
        text = Text(
            "；".join(filter(None, (first.zh, said.zh))),
            "; ".join(filter(None, (first.en, said.en))),
        )
        return Change(
            True,
            priority=priority.label,
            now=Fraction(now) / scale,
            then=Fraction(then) / scale,
            entering=into,
            leaving=out,
            text=text,
        )

    def _said(self, moves: list[list[int]]) -> Text:
        """Name who would come in and who would go."""
        words = Text("新獲補助", "newly funded"), Text("不再獲補助", "no longer funded")
        named = [(w, self.naming.all_of(m)) for w, m in zip(words, moves, strict=True) if m]
        return Text(
            "；".join(f"{w.zh}：{t.zh}" for w, t in named),
            "; ".join(f"{w.en}: {t.en}" for w, t in named),
        )
