"""The non-dominated values of two or three goals, each found by an exact solve.

A *zone* is a least value for each goal but the first. The best list of a zone is the one with most
of the first goal, then of the others, within it: nothing dominates that list, and what it does not
dominate itself has more than it of some other goal, so it lies in a narrower zone:

    zone l, found z  ->  zones (z_2 + 1, l_3) and (l_2, z_3 + 1).

Where a wider zone's best list lies in a zone, it is the best there, too, and nothing is solved.

References
----------
M. Laumanns, L. Thiele, E. Zitzler, "An efficient, adaptive parameter variation scheme for
metaheuristics based on the epsilon-constraint method", EJOR 169 (2006), doi
10.1016/j.ejor.2004.08.029.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product
from math import isqrt

from optimizer.problems.errors import LimitError
from optimizer.program.program import Goal, Program
from optimizer.program.rows import Decision
from optimizer.solving.options import Options
from optimizer.solving.solution import Solution
from optimizer.solving.solve import solve

Values = tuple[int, ...]
_COARSE = 24  # parts of a range that are asked before it is known whether finer ones find more
ANY = -(2**256)  # a least value that every list has


class UnprovedError(Exception):
    """The time came before a point was proved."""


@dataclass
class FrontierSearch:
    """The search for points that nothing dominates.

    Parameters
    ----------
    program
        Its goals are all priorities in their order.
    chosen
        The places of the goals that are held against each other.
    most
        How many points are wanted.
    options
        Solver, limit and threads of all solves together.
    """

    program: Program
    chosen: tuple[int, ...]
    most: int
    options: Options
    points: dict[Values, Solution] = field(default_factory=dict)
    complete: bool = False
    stopped: bool = False
    order: tuple[int, ...] = ()  # the chosen goals, first the one that is maximised within a zone
    _ends: list[Values] = field(default_factory=list)
    _asked: dict[Values, Values | None] = field(default_factory=dict)

    def run(self) -> None:
        """Find points: the best of each goal, some that are spread, then one after another."""
        try:
            self._begin()
            self._spread()
            self._follow()
        except UnprovedError:
            self.stopped = True

    def _begin(self) -> None:
        """Find the best of each goal; the one with the widest range is maximised within zones."""
        ends = [self._values(self._solved((g, *self._but(g)))) for g in self.chosen]
        spans = [max(some) - min(some) for some in zip(*ends, strict=True)]
        widest = spans.index(max(spans))
        self.order = (self.chosen[widest], *self._but(self.chosen[widest]))
        self._ends = [self._ordered(values) for values in ends]
        self._asked[self._everything] = self._ends[widest]

    @property
    def _everything(self) -> Values:
        return (ANY,) * (len(self.chosen) - 1)

    def _ordered(self, values: Values) -> Values:
        return tuple(values[self.chosen.index(goal)] for goal in self.order)

    def _spread(self) -> None:
        """Ask zones that lie evenly between the worst and the best, finer while that finds more."""
        spans = [(min(some), max(some)) for some in list(zip(*self._ends, strict=True))[1:]]
        most = max(1, (self.most if len(spans) == 1 else isqrt(self.most)) - 1)
        parts, before = min(most, _COARSE), 0
        while parts <= most and before < len(self.points) < self.most:
            before = len(self.points)
            for zone in product(*(_grid(low, high, parts) for low, high in spans)):
                if len(self.points) < self.most:
                    self._best(zone)
            parts *= 2

    def _follow(self) -> None:
        """Go from zone to zone until nothing is left, or as many points as are wanted are found."""
        zones = deque([self._everything])
        seen = set(zones)
        while zones:
            if len(self.points) >= self.most and not self._known(zones[0]):
                return
            zone = zones.popleft()
            found = self._best(zone)
            for narrower in [] if found is None else _narrower(zone, found[1:]):
                if narrower not in seen:
                    seen.add(narrower)
                    zones.append(narrower)
        self.complete = True

    def _but(self, goal: int) -> tuple[int, ...]:
        return tuple(other for other in self.chosen if other != goal)

    def _best(self, zone: Values) -> Values | None:
        """Return the values of a zone's best list, in `order`; None if the zone is empty."""
        known = self._known(zone)
        if not known:
            self._asked[zone] = self._ask(zone)
        return known[0] if known else self._asked[zone]

    def _known(self, zone: Values) -> list[Values | None]:
        """Return the answer of a wider zone if it is the answer of this one, too; else nothing."""
        tops = [max(some) for some in zip(*self._ends, strict=True)][1:]
        if not _within(tops, zone):
            return [None]
        wider = (answer for other, answer in self._asked.items() if _within(zone, other))
        return [a for a in wider if a is None or _within(a[1:], zone)][:1]

    def _ask(self, zone: Values) -> Values | None:
        held = [(goal, least) for goal, least in zip(self.order[1:], zone, strict=True)]
        some = [(g, least) for g, least in held if least != ANY]
        solution = self._solved(self.order, some, self._best_known(zone))
        found = self._ordered(self._values(solution))
        return found if _within(found[1:], zone) else None

    def _best_known(self, zone: Values) -> Decision | None:
        """Return the best list that is known to lie in a zone, to begin with."""
        known = ((self._ordered(values), s.decision) for values, s in self.points.items())
        inside = [(values, d) for values, d in known if _within(values[1:], zone)]
        return max(inside, key=lambda each: each[0])[1] if inside else None

    def _solved(
        self,
        order: Sequence[int],
        held: Sequence[tuple[int, int]] = (),
        start: Decision | None = None,
    ) -> Solution:
        """Solve for some goals first, others held at a least value; keep what lies in the zone."""
        goals = self.program.goals
        first = [_plain(goals[n]) for n in order]
        rest = [goal for n, goal in enumerate(goals) if n not in order]
        kept = [
            replace(_plain(goals[n]), name=f"{goals[n].name} (held)", enough=least)
            for n, least in held
        ]
        try:
            program = replace(self.program, goals=(*kept, *first, *rest))
            solution = solve(program, self.options, start)
        except LimitError:
            raise UnprovedError from None
        if not solution.optimal:
            raise UnprovedError
        values = self._values(solution)
        if all(values[self.chosen.index(n)] >= least for n, least in held):
            self.points.setdefault(values, solution)
        return solution

    def _values(self, solution: Solution) -> Values:
        """Return what the chosen goals reach, in the order chosen."""
        goals = self.program.goals
        return tuple(goals[n].objective.value(solution.decision) for n in self.chosen)


def _plain(goal: Goal) -> Goal:
    """Return a goal that gives nothing up."""
    return replace(goal, give_up_share=Fraction(0), give_up_amount=0)


def _within(values: Sequence[int], zone: Sequence[int]) -> bool:
    return all(value >= least for value, least in zip(values, zone, strict=True))


def _narrower(zone: Values, found: Values) -> Iterator[Values]:
    for n, value in enumerate(found):
        yield (*zone[:n], value + 1, *zone[n + 1 :])


def _grid(low: int, high: int, parts: int) -> list[int]:
    """Return values between two, evenly; both among them."""
    return sorted({low + (high - low) * n // parts for n in range(parts + 1)})
