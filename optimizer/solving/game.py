"""A game of chances against answers, as a linear program in HiGHS that grows answer by answer.

``max v`` with, for each answer known so far, ``v <= sum_g count_g chance_g``, and
``sum_g size_g chance_g = picked``. HiGHS's floats are rounded down to whole billionths; what these
chances are worth, and the proof that nothing is worth more, are worked out in integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from optimizer.foundation.exact import BoolArray, IntArray, exact, plus, times, total

PARTS = 10**9  # of which chances and weights are whole numbers


class Game:
    """Chances that are to be best against every answer.

    Parameters
    ----------
    sizes
        Shape (G,): how many each group has.
    sure, lost
        Shape (G,): whose chance is 1, and whose is 0.
    before
        Pairs of groups of which the first has no less chance than the second.
    picked
        What all chances add up to.
    """

    def __init__(
        self,
        sizes: IntArray,
        sure: BoolArray,
        lost: BoolArray,
        before: Sequence[tuple[int, int]],
        picked: int,
    ) -> None:
        import highspy

        self.sizes, self.sure, self.lost, self.picked = sizes, sure, lost, picked
        self._rows: list[IntArray] = []
        self._answers = len(before)  # the rows that come after these are answers
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("threads", 1)
        for fixed, out in zip(sure.tolist(), lost.tolist(), strict=True):
            self._highs.addVar(float(fixed), float(not out))
        self._highs.addVar(0.0, float(picked))
        self._highs.changeColCost(len(sizes), -1.0)
        self._highs.addRow(float(picked), float(picked), *_sparse(sizes))
        for more, less in before:
            self._require(_apart(more, less, len(sizes)), 0)

    def answer(self, counts: IntArray) -> None:
        """Add an answer: how many of each group it counts."""
        self._require(counts, -1)

    def _require(self, factors: IntArray, of_value: int) -> None:
        """``sum_g factor_g chance_g + of_value v >= 0``."""
        from highspy import kHighsInf

        self._rows.append(factors)
        self._highs.addRow(0.0, kHighsInf, *_sparse(np.append(factors, of_value)))

    def play(self) -> tuple[IntArray, Fraction]:
        """Return the best chances (G,) against the answers so far, in billionths, and what bounds them.

        No chances are worth more than the bound, whatever other answers there are.
        """
        self._highs.run()
        found = self._highs.getSolution()
        chance = _parts(np.clip(found.col_value[:-1], 0, 1))
        weight = _parts(np.maximum(found.row_dual[1:], 0))
        return np.where(self.sure, PARTS, chance), self._bound(weight)

    def _bound(self, weight: IntArray) -> Fraction:
        """Return the most of ``sum_row weight_row factor_row chance / sum_answer weight_answer``.

        It is greatest where those have chance 1 that count for most. Rows that say which chance is no
        less add what is not negative.
        """
        answered = total(weight[self._answers :])
        if not answered:
            return Fraction(self.picked)
        worth = exact([0] * len(self.sizes))
        for row in np.flatnonzero(weight):
            worth = plus(worth, times(self._rows[row], int(weight[row])))
        each = [Fraction(w, s) for w, s in zip(worth.tolist(), self.sizes.tolist(), strict=True)]
        order = sorted(
            range(len(each)), key=lambda g: (bool(self.lost[g]), not self.sure[g], -each[g])
        )
        held, left = Fraction(0), self.picked
        for g in order:
            some = min(left, int(self.sizes[g]))
            held, left = held + each[g] * some, left - some
        return held / answered


def _sparse(factors: IntArray) -> tuple[int, Any, Any]:
    """Return a row as HiGHS takes it: how many factors there are, their places, and they."""
    some = np.flatnonzero(factors)
    return len(some), some.astype(np.int32), factors[some].astype(float)


def _apart(more: int, less: int, size: int) -> IntArray:
    row = np.zeros(size, dtype=np.int64)
    row[more], row[less] = 1, -1
    return row


def _parts(values: Any) -> IntArray:
    """Return floats as whole billionths, rounded down."""
    return exact(np.floor(values * PARTS).astype(np.int64))
