"""The best list if one application were decided otherwise, against the list there is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.explain.answer import Asked
from optimizer.explain.asking import Asking
from optimizer.explain.naming import Naming
from optimizer.language.text import Text


@dataclass(frozen=True)
class OtherList:
    """Another list, and how it differs from the certified one.

    Parameters
    ----------
    asking
        Who was asked.
    naming
        What things are called.
    other
        The best list with one application decided otherwise.
    """

    asking: Asking
    naming: Naming
    other: Asked

    @property
    def place(self) -> int:
        """The first goal by which it is worse."""
        pairs = zip(self.asking.now.values, self.other.values, strict=True)
        return next((n for n, (now, then) in enumerate(pairs) if then < now), 0)

    def cost(self) -> Text:
        """Say what it is like, the first priority that would be worse, and by how much."""
        worse, change = self.naming.worse_alone(self.place), self.change()
        return Text(f"{worse.zh}：{change.zh}", f"{worse.en}: {change.en}")

    def change(self) -> Text:
        """Say by how much the first priority that would be worse is worse."""
        place = self.place
        return self.naming.change(place, self.asking.now.values[place], self.other.values[place])

    def moves(self, a: int) -> Text:
        """Say who but one would leave the list, enter it, or get less."""
        now, then = self.asking.facts.decision, self.other.solution
        assert then is not None
        fund, award = then.decision.fund, then.decision.award
        parts = [
            (Text("退出", "leaving"), now.fund & ~fund),
            (Text("進入", "entering"), ~now.fund & fund),
            (Text("減少", "getting less"), now.fund & fund & np.asarray(award < now.award)),
        ]
        named = [
            (word, self.naming.all_of(set(np.flatnonzero(some).tolist()) - {a}))
            for word, some in parts
        ]
        said = [Text(f"{t.zh}{word.zh}", f"{word.en} {t.en}") for word, t in named if t]
        return Text("，".join(t.zh for t in said), "; ".join(t.en for t in said))
