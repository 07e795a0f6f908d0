"""MERIT, a yardstick for lists: how many of the truly best a choice is sure to hold.

After A. Goldberg, G. Fanti and N. B. Shah, "A Principled Approach to Randomized Selection under
Uncertainty: Applications to Peer Review and Grant Funding", 2025, https://arxiv.org/abs/2506.19083.
Of each application no more is known than an interval that its merit lies in. k of them are picked,
a with chance ``p_a``; then the merits are settled within their intervals, in the worst way:

    ``max_p min_T sum_{a in T} p_a``,   ``sum_a p_a = k``,  ``0 <= p_a <= 1``,

T being any k that can be the best: whoever is outside does not lie wholly above anyone inside. In
order of their lowest merit, let i be the first that a T leaves out. The others that are outside have
no higher lowest merit, so T is the i before it and any k - i later ones that reach its lowest merit:
for each i the worst T takes those with the least chance. So all worst sets of given chances are found
in k passes. Applications that lie above, and below, equally many share one chance; one that lies above
no fewer, and below no more, than another has no less (taking the mean of two chances in the wrong
order makes no T worse). With that a few rounds of a linear program over the worst sets found so far
are enough. Its floats are rounded down to whole billionths; what they are worth, and the proof that
nothing is worth more (weights of sets T: no choice holds more of them on average), are worked out in
integers. It knows no cap, quota or amount: it measures, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

import numpy as np

from optimizer.foundation.exact import (
    BoolArray,
    IntArray,
    Places,
    exact,
    running,
    times,
    total,
)
from optimizer.foundation.frozen import Content
from optimizer.scoring.score import Scores, aggregated
from optimizer.solving.game import PARTS, Game
from optimizer.tables.settings import Review

NEAR = Fraction(1, 10**8)  # of what is picked: how far the best found may be from what is proved


@dataclass(frozen=True, eq=False)
class Intervals(Content):
    """Between what the merit of each application lies: shape (N,), numerators over one denominator."""

    worst: IntArray
    best: IntArray
    denominator: int = 1

    def among(self, who: BoolArray) -> Intervals:
        """Return those of some."""
        return Intervals(self.worst[who], self.best[who], self.denominator)

    @property
    def above(self) -> Places:
        """Shape (N,): how many others each lies wholly above."""
        return np.searchsorted(np.sort(self.best), self.worst, side="left")

    @property
    def below(self) -> Places:
        """Shape (N,): how many others lie wholly above each."""
        return len(self.worst) - np.searchsorted(np.sort(self.worst), self.best, side="right")


@dataclass(frozen=True, eq=False)
class Lottery(Content):
    """Chances that are sure of most.

    Parameters
    ----------
    chance
        Shape (N,): each one's chance to be picked, in billionths.
    sure
        However the merits lie, so many of the best are picked on average at least.
    bound
        No chances are sure of more.
    """

    chance: IntArray
    sure: Fraction
    bound: Fraction


def merit_intervals(scores: Scores, review: Review) -> Intervals:
    """Return between what each merit lies if any one of an application's own reviews is left out, or none."""
    several = scores.present.sum(axis=1) > 1
    merits, scales = [scores.merit], [scores.denominator]
    for slot in range(scores.present.shape[1]):
        kept = scores.present.copy()
        kept[several, slot] = False
        merit, common = aggregated(scores.totals, kept, review)
        merits.append(merit)
        scales.append(int(common) * scores.totals_denominator)
    scale = lcm(*scales)
    every = np.array([times(m, scale // int(own)) for m, own in zip(merits, scales, strict=True)])
    return Intervals(exact(every.min(axis=0)), exact(every.max(axis=0)), scale)


def worst_sets(of: Intervals, chance: IntArray, picked: int) -> Iterator[tuple[int, Places]]:
    """Yield for each i the set of the best with the least chance, and that chance. See above."""
    order = np.argsort(-of.worst, kind="stable")
    place = np.argsort(order)
    rising = np.argsort(chance, kind="stable")
    later, reach = place[rising], of.best[rising]
    before = [0, *running(chance[order]).tolist()]
    for i in range(picked):
        others = (later > i) & np.asarray(reach >= of.worst[order[i]], dtype=bool)
        rest = rising[np.flatnonzero(others)[: picked - i]]
        if len(rest) == picked - i:
            yield before[i] + total(chance[rest]), np.concatenate([order[:i], rest])
    yield before[picked], order[:picked]


def sure_of(of: Intervals, chance: IntArray, picked: int) -> int:
    """Return what chances, or a list of ones and noughts, hold of the `picked` best in the worst case."""
    return min(value for value, _ in worst_sets(of, chance, picked))


def maximin(of: Intervals, picked: int) -> Lottery:
    """Return chances that are sure of most among all that add up to `picked`.

    Parameters
    ----------
    of
        Between what the merits lie.
    picked
        How many are picked; no more than there are.
    """
    kinds, group = np.unique(np.stack([of.above, -of.below]), axis=1, return_inverse=True)
    sizes, group = np.bincount(group.ravel()), group.ravel()
    sure, lost = kinds[0] >= len(group) - picked, -kinds[1] >= picked
    game = Game(sizes, sure, lost, before=_dominating(kinds), picked=picked)
    best = Lottery(exact([0] * len(group)), Fraction(0), Fraction(picked))
    known: set[bytes] = set()
    while True:
        chances, bound = game.play()
        sets = list(worst_sets(of, chances[group], picked))
        value = Fraction(min(value for value, _ in sets), PARTS)
        best = replace(best, bound=min(best.bound, bound))
        if value >= best.sure:
            best = replace(best, chance=chances[group], sure=value)
        near = [members for value, members in sets if value < best.bound * PARTS]
        answers = [np.bincount(group[members], minlength=len(sizes)) for members in near]
        fresh = {counts.tobytes(): counts for counts in answers if counts.tobytes() not in known}
        if not fresh or best.bound - best.sure <= picked * NEAR:
            return best
        known |= fresh.keys()
        for counts in fresh.values():
            game.answer(counts)


def _dominating(kinds: Places) -> list[tuple[int, int]]:
    """Return pairs of groups, the nearest that dominate each: above no fewer, below no more.

    `kinds` are (above, -below) in rising order, so that whatever dominates comes later.
    """
    pairs = []
    for g, less in enumerate(kinds[1].tolist()):
        later = g + 1 + np.flatnonzero(kinds[1, g + 1 :] >= less)
        nearest = np.minimum.accumulate(np.append(np.inf, kinds[1, later]))[:-1] > kinds[1, later]
        pairs += [(int(other), g) for other in later[nearest]]
    return pairs
