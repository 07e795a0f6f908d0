"""The best point for one objective, sought over larger and larger cores."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from optimizer.foundation import clock
from optimizer.foundation.exact import IntArray, Words, dot, grouped, largest, times, total
from optimizer.language.text import Text
from optimizer.program.objectives import Objective
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.solving.bundled.bundle_columns import QUOTAS, Columns
from optimizer.solving.bundled.frame import Frame
from optimizer.solving.bundled.highs_arrays import ask
from optimizer.solving.bundled.priced import Priced, narrowed
from optimizer.solving.bundled.rest import Rest
from optimizer.solving.consensus import Found, Voices
from optimizer.solving.doubt import SolverError, contradiction, doubted
from optimizer.solving.dynamic.packing import too_large
from optimizer.solving.floats import FARTHEST, LARGEST, tolerance, whole
from optimizer.solving.formulation import broken
from optimizer.solving.options import Options

FIRST_CORE = 50  # bundles, besides the best, that the first, smallest program looks at
NEAREST = 25  # bundles besides the best, among which a first decision is looked for
WIDER = 4  # times as many in the next
WAYS = 4  # of asking HiGHS
ENOUGH = 2  # of them must say that there is no point
PATIENCE = 7_000_000  # nodes times entries of the rows, before another way is tried
GLANCE = 500_000  # the same where an answer is wanted only if it is quick


@dataclass
class Widening:
    """The search for one objective over the bundles that lose least, then over more of them.

    Parameters
    ----------
    program, options, held
        What every point must obey, and until when it is sought.
    columns, frame
        The program over bundles, as far as it is settled.
    objective, priced
        What is maximised, and what bundles lose for it.
    known
        The best decision so far, or None.
    hasty
        Whether any decision better than the known one is enough.
    brief
        Whether to leave it at what one way says in its time.
    """

    program: Program
    options: Options
    held: list[tuple[Objective, int]]
    columns: Columns
    frame: Frame
    objective: Objective
    priced: Priced
    known: Decision | None
    hasty: bool
    brief: bool
    solves: int = field(default=0, init=False)

    def widen(self, value: int | None) -> Found:
        """Find the best value, and believe that it is when prices prove it or it was said twice."""
        while True:
            found = self._search(value)
            value = found.value
            if value is None or found.bound is None or value < found.bound:
                return found
            bound = self._again(value)
            if bound is not None:
                return replace(found, bound=bound)
            assert self.known is not None
            value = self.objective.value(self.known)

    def _again(self, value: int) -> int | None:
        """Return what none exceeds, for certain, of a value that was called the best; None if it is not.

        Where prices do not settle it in integers, HiGHS is asked once more about all that points as good can
        have, its numbers in another order: what it says once is believed of no optimum.
        """
        bound = self._narrow(value) if self.priced.outer(self.priced.top) > value else value
        if bound <= value:
            return value
        priced = self.priced
        said = self._heard(priced, Voices(1, priced.inner(value), proofs=1), anew=True)
        if said.value is not None and priced.outer(said.value) > value:
            return None
        return bound if said.bound is None else priced.outer(said.bound)

    def _search(self, value: int | None) -> Found:
        """Solve over larger and larger cores until nothing outside can be worth more than a value."""
        bound, size = self.priced.outer(self.priced.top), FIRST_CORE
        if value is not None and value < bound:
            bound = self._narrow(value)
        if not self.hasty and (value is None or value < bound):
            near = self._near()
            if near is not None and (value is None or near > value):
                value, bound = near, min(bound, self._narrow(near))
        while value is None or value < bound:
            clock.keep(self.options.deadline)
            floor = self._floor(size)
            last = floor is None or (value is not None and floor <= value)
            floor = value if last else floor
            inside = self._over(floor, ENOUGH if last else 1)
            beyond = None if floor is None else self.priced.below(floor)
            better = inside.value is not None and (value is None or inside.value > value)
            value = inside.value if better else value
            if (better and self.hasty) or (inside.bound is None and not inside.infeasible):
                break
            known = [each for each in (inside.bound, beyond) if each is not None]
            if not known:
                return inside
            bound = min(bound, max(known))
            if value is not None and value > bound:
                raise contradiction("highs")
            if last:
                break
            if better and value is not None and value < bound:
                bound = min(bound, self._narrow(value))
            size *= WIDER
        return Found(value, bound)

    def _near(self) -> int | None:
        """Return the worth of the best decision of two small programs; None if neither has any.

        What is whole in the relaxation's point stays (RENS; Berthold 2014, doi 10.1007/s12532-013-0060-9),
        and of all bundles those that lose least.
        """
        small = (self.priced.near(self.frame), self.priced.losing_least(self.frame, NEAREST))
        found = [self._found(*bounds) for bounds in small if bounds is not None]
        return max((value for value in found if value is not None), default=None)

    def _found(self, low: Words, high: Words) -> int | None:
        """Return the worth of the best decision within some values of the columns; None if none is found."""
        frame = self.frame.copy()
        frame.settle(low, high)
        try:
            decision = self._ask(Priced.of(frame, self.priced.stated), 0, None)[2]
        except SolverError:
            return None
        if decision is None:
            return None
        self._remember(decision)
        return self.objective.value(decision)

    def _floor(self, size: int) -> int | None:
        """Return the least worth of points with none but so many bundles besides the best; None for any."""
        gap = self.priced.letting_in(size)
        return None if gap is None else self.priced.outer(self.priced.beyond(gap) + 1)

    def _narrow(self, value: int) -> int:
        """Leave only what points worth at least a value can have; return what none exceeds."""
        self.priced = narrowed(self.frame, self.priced, value, self.options)
        return self.priced.outer(self.priced.top)

    def _over(self, floor: int | None, enough: int) -> Found:
        """Solve over what points worth at least a floor can have; remember a better decision."""
        priced = self.priced
        if floor is not None:
            priced = narrowed(self.frame.copy(), priced, floor, self.options)
            if priced.outer(priced.top) < floor:
                return Found(infeasible=True)
        if not len(priced.rest.columns) and priced.rest.rows.rows:
            return Found(infeasible=True)
        return _outer(priced, self._heard(priced, Voices(enough, proofs=1)))

    def _heard(self, priced: Priced, voices: Voices, anew: bool = False) -> Found:
        """Ask in one way after another until enough is said; remember a better decision."""
        trouble: SolverError | None = None
        known, target = self.known, None
        if self.hasty and known is not None:
            target = priced.inner(self.objective.value(known)) + 1
        for way in range(1 if self.brief else WAYS):
            if self.options.left <= 0:
                break
            try:
                status, bound, decision, ended = self._ask(priced, way, target, anew)
            except SolverError as error:
                trouble = error
                continue
            value = None
            if decision is not None:
                value = priced.inner(self.objective.value(decision))
                self._remember(decision)
            voices.hear(status, bound if ended else None, value)
            if ended and (verdict := voices.verdict()) is not None:
                return verdict
            if self.hasty and known is not None and self.known is not known:
                break
        else:
            if trouble or not self.brief:
                raise trouble or contradiction("highs")
        return voices.so_far()

    @property
    def _patience(self) -> int:
        return GLANCE if self.brief else PATIENCE

    def _remember(self, decision: Decision) -> None:
        if self.known is None or self.objective.value(decision) > self.objective.value(self.known):
            self.known = decision

    def _ask(
        self, priced: Priced, way: int, target: int | None, anew: bool = False
    ) -> tuple[str, int | None, Decision | None, bool]:
        """Ask once; return the status, the bound in integers, the point checked in integers, the end.

        Raises
        ------
        NotTakeable
            If the numbers are too large for a solver's floats.
        SolverError
            If the point breaks a row in integers.
        """
        core, worth = priced.rest, priced.worth[priced.rest.columns]
        if not len(core.columns):
            return "optimal", 0, self._decision(core.base), True
        self.solves += 1
        limit = tolerance(_size(core, worth))
        start = self._start(core)
        heard = ask(
            core,
            worth,
            self.options,
            tolerance=limit,
            way=way,
            anew=anew,
            start=start,
            target=target,
            nodes=None if way else self._patience // max(1, len(core.rows.row)),
        )
        values = heard.values
        decision = None if values is None else self._decision(core.point(values))
        bound = None if heard.status == "infeasible" else whole(heard.bound)
        return heard.status, bound, decision, heard.ended

    def _start(self, core: Rest) -> Words | None:
        """Return the known decision as a point of a core, if it is one."""
        if self.known is None:
            return None
        whole = np.full(len(core.base), -1, dtype=np.int64)
        point = self.columns.point(self.known)
        whole[: len(point)] = point
        settled = np.ones(len(point), dtype=bool)
        settled[core.columns[core.columns < len(point)]] = False
        if (point != core.base[: len(point)])[settled].any():
            return None
        return whole[core.columns]

    def _decision(self, point: Words) -> Decision:
        """Return a point's decision, checked against every row in integers."""
        columns = self.columns
        chosen = np.bincount(columns.component[: columns.bundles][point[: columns.bundles] > 0])
        decision = columns.decision(point)
        if (chosen != 1).any() or broken(self.program, self.held, decision):
            what = Text("的答案化為整數後不符合計畫", "breaks the policy once rounded to integers")
            raise doubted("highs", what)
        return decision


def _outer(priced: Priced, found: Found) -> Found:
    """Return what was learnt of ``worth . x`` as values of the objective."""
    value, bound = (None if x is None else priced.outer(x) for x in (found.value, found.bound))
    return replace(found, value=value, bound=bound)


def _size(core: Rest, worth: IntArray) -> int:
    """Return the greatest sum of factors of a row or the objective.

    Raises
    ------
    NotTakeable
        If a solver's floats would not be certain of it.
    """
    rows = core.rows
    reach = grouped(times(abs(rows.value), core.high[rows.col]), rows.row, rows.rows)
    size = max(largest(grouped(abs(rows.value), rows.row, rows.rows)), total(abs(worth)))
    farthest = max(largest(reach), largest(core.rhs), dot(abs(worth), core.high))
    if size > LARGEST or farthest > FARTHEST:
        raise too_large(QUOTAS)
    return size
