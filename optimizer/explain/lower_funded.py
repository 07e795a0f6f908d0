"""Which of the funded have a lower score than one that got nothing, or the same, and what requires that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from optimizer.explain.asking import Asking
from optimizer.explain.explanation import Statement
from optimizer.explain.inversions import Exchanges
from optimizer.explain.naming import Naming
from optimizer.language.text import EMPTY, Text, sentences

LOWER = Text("分數低於本案", "a lower score")
_EQUAL = Text("分數與本案相同", "the same score")


@dataclass(frozen=True)
class LowerFunded:
    """The funded ones of a round that another one of no less merit did not come before.

    Parameters
    ----------
    asking
        Who is asked.
    naming
        What things are called.
    """

    asking: Asking
    naming: Naming

    @cached_property
    def exchanges(self) -> Exchanges:
        """What forces each exchange."""
        facts = self.asking.facts
        return Exchanges(self.asking.program, facts.decision, self.asking.round.merit, facts.steps)

    def of(self, a: int) -> Statement:
        """Say which of the funded have the same score or a lower one, and what required that."""
        worse, same = self._in_place_of(a, 0, self.exchanges.worse(a)), self.same(a)
        none = Text("沒有分數低於本案的申請獲補助", "no application with a lower score was funded")
        lower = self._instead_of(LOWER, worse) if worse else none
        full, discreet = (
            self._instead_of(_EQUAL, same, named) if same else EMPTY
            for named in (self.naming.all_of(same), EMPTY)
        )
        return Statement("lower", sentences([full, lower]), sentences([discreet, lower]))

    def same(self, a: int) -> dict[int, int]:
        """Return the funded of the same score, each with what keeps this one from its place."""
        return self._in_place_of(a, self.exchanges.worse(a), self.exchanges.no_better(a))

    def equals_in_short(self, a: int) -> Text:
        """Say that some of the same score were funded; and why not this one, where one thing says it of all."""
        same = self.same(a)
        count, causes = len(same), set(same.values())
        why = self.naming.exchanged(min(causes), self.asking.program.rows)
        if len(causes) > 1:
            why = Text("違反規則或較差", "would break a rule or be worse")
        return Text(
            f"同分者 {count} 件獲補助，以本案換下則{why.zh}",
            f"{count} of the same score funded; with this one instead, the list {why.en}",
        )

    def _in_place_of(self, a: int, start: int, stop: int) -> dict[int, int]:
        """Return some of the funded, each with what keeps this one from its place."""
        some, causes = self.exchanges.funded[start:stop], self.exchanges.causes(a, start, stop)
        return dict(zip(some.tolist(), causes.tolist(), strict=True))

    def _instead_of(self, who: Text, some: Mapping[int, int], named: Text = EMPTY) -> Text:
        causes = Counter(some.values())
        return self.naming.instead_of(who, causes, self.asking.program.rows, named)
