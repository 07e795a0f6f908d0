"""By what one application may envy another, conditions being equal.

*Envy*, for a priority that favours some where conditions are equal (schools with fewer resources):
one that it favours more got nothing, and one that it favours less, of the same band of merit and no
dearer, is funded. It is *justified* where no rule and no earlier priority forces it; then there is a
better list, so in an optimum there is none. Freedom from justified envy is what reserves for such
groups are held to: Pathak, Sönmez, Ünver, Yenmez, "Fair allocation of vaccines, ventilators and
antiviral treatments" (arXiv 2008.00374); Sönmez, Yenmez, "Constitutional implementation of
affirmative action policies in India" (arXiv 2102.03186).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from optimizer.foundation.exact import BoolArray, IntArray, Places
from optimizer.policy.policy import Policy
from optimizer.tables.round import Round


@dataclass(frozen=True)
class Grounds:
    """By what one application may envy another.

    Parameters
    ----------
    favours
        Shape (n,): by how much the priority favours each.
    alike
        Shape (n, k): the classes within which conditions are equal.
    most
        Shape (n,), NT$: what each would cost.
    """

    favours: IntArray
    alike: IntArray
    most: IntArray

    @property
    def favoured(self) -> BoolArray:
        """Who may envy anybody."""
        return np.asarray(self.favours > self.favours.min(initial=0), dtype=bool)

    def envied(self, u: int, funded: Places, award: IntArray) -> BoolArray:
        """Say which of the funded u has grounds to envy."""
        equal = (self.alike[funded] == self.alike[u]).all(axis=1)
        less, no_dearer = self.favours[funded] < self.favours[u], award[funded] <= self.most[u]
        return np.asarray(equal & less & no_dearer, dtype=bool)


def grounds_of_envy(round_: Round, policy: Policy) -> Iterator[tuple[str, Grounds]]:
    """Yield each priority that favours some, by its name; conditions are those before it."""
    bands: list[IntArray] = []
    for priority in policy.priorities:
        favours, band = priority.favours(round_), priority.alike(round_)
        if favours is not None:
            alike = np.stack(bands, axis=1) if bands else np.zeros((round_.size, 0), np.int64)
            yield priority.label, Grounds(favours, alike, round_.most)
        if band is not None:
            bands.append(band)
