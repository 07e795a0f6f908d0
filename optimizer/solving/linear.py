"""Integer rows and objectives put before a MIP solver in PuLP, whatever the size of their factors.

Variables and rows are named by ordinal: PuLP rewrites names, and ids that differ only in
punctuation would collide. What is too wide for a float to be certain of is stated in digits
(`optimizer.solving.digits`): a wide row as a chain of narrow ones, a wide objective as its digits, the
greatest settled first and kept by a bound while the next is sought.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import gcd

import pulp

from optimizer.foundation import clock
from optimizer.solving.consensus import Found, Voices
from optimizer.solving.digits import base_for, digits, length
from optimizer.solving.doubt import SolverError, contradiction
from optimizer.solving.floats import FARTHEST, LARGEST, tolerance, whole
from optimizer.solving.options import Options
from optimizer.solving.solvers import WAYS, ask

CHAINED = 2**24  # how far the rows of a chain reach at the most
WIDEST = 2**20  # values of one variable; what can take more is several
DIGIT = 2**10  # base of such variables

Term = tuple[pulp.LpVariable | None, int]  # a variable, or None for a constant, with its factor
Summed = list[tuple[pulp.LpVariable, int]]


class Linear:
    """An integer linear program that grows row by row.

    Parameters
    ----------
    options
        Which solver, with how many threads, and when to stop.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.solves = 0
        self._names = 0
        self._size = 1  # the largest sum of a row's factors
        self._chained = False  # whether digits have been needed
        self._problem = pulp.LpProblem("subsidy", pulp.LpMaximize)
        # always 0: PuLP drops rows, and CBC refuses objectives, that have no variable in any row
        self._zero = self.variable(0, 0)
        self._row([(self._zero, 1)], 0)

    def variable(self, low: int, high: int) -> pulp.LpVariable:
        """Add an integer variable between bounds."""
        self._names += 1
        return self._problem.add_variable(f"x{self._names}", low, high, pulp.LpInteger)

    def number(self, high: int) -> list[Term]:
        """Add an integer from 0 to `high`, as a sum of variables: one, or its digits if it is wide."""
        if high < WIDEST:
            return [(self.variable(0, high), 1)]
        self._chained = True
        count = length(high, DIGIT)
        tops = [DIGIT - 1] * (count - 1) + [high // DIGIT ** (count - 1)]
        return [(self.variable(0, top), DIGIT**place) for place, top in enumerate(tops)]

    def require(self, terms: Iterable[Term], sense: str, rhs: int) -> None:
        """Add ``terms <= rhs`` or ``terms >= rhs``, divided by the common divisor of the factors.

        Raises
        ------
        OutOfTime
            If the deadline has passed.
        """
        clock.keep(self.options.deadline)
        sign = 1 if sense == ">=" else -1
        summed, constant, divisor = reduced((v, sign * factor) for v, factor in terms)
        least = -(-(sign * rhs - constant) // divisor)
        if not summed:
            if least > 0:
                self._row([(self._zero, 1)], least)
        elif is_narrow(summed):
            self._row(summed, least)
        else:
            base, count = _base(summed)
            self._chain(summed, base, [[(None, d)] for d in digits(least, base, count)])

    def _row(self, summed: Summed, least: int) -> None:
        """State ``summed >= least`` as it stands."""
        self._size = max(self._size, sum(abs(factor) for _, factor in summed))
        self._names += 1
        row = pulp.LpAffineExpression(summed) >= least
        self._problem.addConstraint(row, f"r{self._names}")

    def _chain(self, summed: Summed, base: int, targets: Sequence[list[Term]]) -> None:
        """``sum_j a_ij x_j + c_i - B c_{i+1} >= target_i`` for each digit i, lowest first."""
        self._chained = True
        levels: list[list[Term]] = [[] for _ in targets]
        for variable, factor in summed:
            parts = digits(factor, base, len(levels))
            for level, part in zip(levels, parts, strict=True):
                level.append((variable, part))
        carry: list[Term] = []
        for place, (level, target) in enumerate(zip(levels, targets, strict=True)):
            left = [*level, *carry, *((v, -factor) for v, factor in target)]
            if place + 1 < len(levels):
                low, high = reach(left)
                over = self.variable(low // base, high // base)
                left, carry = [*left, (over, -base)], [(over, 1)]
            row, constant = _sum(left)
            self._row(row or [(self._zero, 1)], -constant)

    def maximise(self, terms: Iterable[Term], look: Callable[[], int]) -> Found:
        """Maximise a sum under all rows so far.

        Parameters
        ----------
        terms
            The sum.
        look
            Called whenever the solver has a point: checks it in integers and returns what the sum
            really is there.

        Raises
        ------
        OutOfTime
            If the deadline passes while the objective is stated.
        """
        summed, constant, divisor = reduced(terms)
        parts = [(summed or [(self._zero, 1)], 1)] if is_narrow(summed) else self._parts(summed)
        known = 0  # what the digits that are settled are worth
        best: int | None = None
        above: int | None = None  # nothing is worth more
        kept: list[tuple[pulp.LpVariable, int]] = []
        for part, weight in parts:
            seen = None if best is None else (best - known) // weight
            shift = constant + divisor * known
            heard = self._hear(part, partial(_digit, look, shift, divisor * weight), seen)
            if heard.infeasible:
                return heard
            if heard.value is not None:
                best = known + heard.value * weight
            if heard.bound is not None:
                above = known + heard.bound * weight + weight - 1
            if heard.value is None or heard.value != heard.bound:
                break
            known += heard.value * weight
            kept.append((part[0][0], part[0][0].lowBound))
            part[0][0].lowBound = heard.value
        for variable, low in kept:
            variable.lowBound = low
        return Found(best, None if above is None else above * divisor + constant)

    def _parts(self, summed: Summed) -> list[tuple[Summed, int]]:
        """State the digits of a wide sum as variables; return them with their weights, greatest first."""
        base, count = _base(summed)
        top = base ** (count - 1)
        low, high = reach(summed)
        places = [self.variable(0, base - 1) for _ in range(count - 1)]
        places.append(self.variable(low // top, high // top))
        self._chain(summed, base, [[(place, 1)] for place in places])
        return [([(v, 1)], base**place) for place, v in reversed(list(enumerate(places)))]

    def _hear(self, part: Summed, look: Callable[[], int], best: int | None) -> Found:
        """Ask in one way after another until enough voices agree; a way that fails has none.

        `best` is what is reached for certain, if anything is.
        """
        self._problem.setObjective(pulp.LpAffineExpression(part))
        trouble = contradiction(self.options.integer)
        ways = WAYS[self.options.integer]
        none, most = ways if self._chained else 2, reach(part)[1]
        voices = Voices(none, best, most, whole=not self._chained)
        left = iter(reversed(range(ways)) if self._chained else range(ways))
        while self.options.left > 0:
            way = next(left, None)
            if way is None:
                raise trouble
            try:
                voices.hear(*self._ask(part, way, look))
            except SolverError as error:
                trouble = error
            if (verdict := voices.verdict()) is not None:
                return verdict
        return voices.so_far()

    def _ask(
        self, part: Summed, way: int, look: Callable[[], int]
    ) -> tuple[str, int | None, int | None]:
        """Ask once; return the status, the bound in integers, and what the point is really worth.

        Raises
        ------
        SolverError
            If the solver fails, or its point breaks a row in integers.
        """
        size = max(self._size, sum(abs(factor) for _, factor in part))
        self.solves += 1
        status, bound = ask(self._problem, self.options, tolerance(size), way)
        if status in ("infeasible", "nothing"):
            return status, None, None
        value = look()
        return status, value if status == "optimal" and bound is None else whole(bound), value


def _digit(look: Callable[[], int], shift: int, weight: int) -> int:
    """Return the digit that the whole value has at one place, once those above are taken away."""
    return (look() - shift) // weight


def reduced(terms: Iterable[Term]) -> tuple[Summed, int, int]:
    """Add up the terms: factors divided by their greatest common divisor, the constant, the divisor."""
    summed, constant = _sum(terms)
    divisor = gcd(*(factor for _, factor in summed)) or 1
    return [(v, factor // divisor) for v, factor in summed], constant, divisor


def _sum(terms: Iterable[Term]) -> tuple[Summed, int]:
    """Add up the factors of each variable (PuLP would keep the last), and the constants."""
    factors: dict[pulp.LpVariable, int] = {}
    constant = 0
    for variable, factor in terms:
        if variable is None:
            constant += factor
        else:
            factors[variable] = factors.get(variable, 0) + factor
    return [(variable, factor) for variable, factor in factors.items() if factor], constant


def reach(terms: Iterable[Term]) -> tuple[int, int]:
    """Return the least and the greatest value of a sum within the bounds of its variables."""
    low = high = 0
    for variable, factor in terms:
        bounds = (1, 1) if variable is None else (variable.lowBound, variable.upBound)
        ends = [factor * bound for bound in bounds]
        low, high = low + min(ends), high + max(ends)
    return low, high


def is_narrow(summed: Summed) -> bool:
    """Whether a solver's floats are certain of a sum."""
    if sum(abs(factor) for _, factor in summed) > LARGEST:
        return False
    low, high = reach(summed)
    return high - low <= FARTHEST


def _base(summed: Summed) -> tuple[int, int]:
    """Return base and count of the digits that keep every row of a chain narrow."""
    span = max(v.upBound - v.lowBound for v, _ in summed)
    if span == DIGIT - 1:  # numbers in digits: theirs and the row's fall in the same places
        return DIGIT, length(max(abs(factor) for _, factor in summed), DIGIT)
    most = min(LARGEST, CHAINED // max(1, span)) // (len(summed) + 3)
    return base_for([factor for _, factor in summed], max(2, most))
