"""The integer program, solved priority by priority, then the draw; honest about what was proved."""

from __future__ import annotations

from itertools import count, takewhile

import numpy as np

from optimizer.foundation.clock import OutOfTime
from optimizer.foundation.exact import BoolArray, exact, floored, largest, plus, times, total
from optimizer.problems.errors import no_allocation
from optimizer.program.objectives import Additive, Objective, lessened
from optimizer.program.program import Goal
from optimizer.program.rows import Decision
from optimizer.program.start import simple_bound
from optimizer.solving.doubt import contradiction
from optimizer.solving.formulation import Answer, Formulation
from optimizer.solving.solution import Certainty, Step, class_of, step_of

MANY = 20  # different worths of applications that leave few optima
TOGETHER = 4  # awards of the draw that are looked at together: few enough for an LP to tell apart
CHUNK = 10  # decisions of the draw settled by one solve: weights up to 2**10 stay far from doubt
BRIEFLY = 50  # lists that are looked for to tell quickly who still has a choice
FIRST_LOOK = 8  # chunks after which is looked who still has a choice; again after twice as many


class Lexicographic:
    """The state of one lexicographic solve: the best decision and what is proved of it.

    Parameters
    ----------
    model
        The integer program; goals are held in it as they are settled.
    start
        A decision to begin with, or None.
    """

    def __init__(self, model: Formulation, start: Decision | None) -> None:
        self.program = model.program
        self.model = model
        self.best = start
        self.bounds: list[tuple[Goal, int | None, str]] = []
        self.stopped = self.drawn = False

    def run(self, goals: tuple[Goal, ...]) -> tuple[Certainty, ...] | None:
        """Settle goals, class the applications, draw; return the classes if all is proved."""
        say = self.model.options.say
        taken = 0
        for place, goal in enumerate(goals):
            say(goal.name)
            if place >= taken:
                taken = place + self.settle_at_once(goals[place:])
            if place >= taken:
                self.settle(goal)
            if self.model.narrows and place == _telling(goals) and not self.stopped:
                self.narrow()
        if self.stopped or not self._any_decision():
            return None
        say("certainty")
        certainty = self.classify()
        if certainty is None or not self.model.options.draw:
            return certainty
        say("draw")
        self.drawn = self.draw(certainty)
        return certainty if self.drawn else None

    @property
    def steps(self) -> tuple[Step, ...]:
        """What is known of each goal, by the best decision there is now."""
        assert self.best is not None
        return tuple(step_of(goal, self.best, bound, by) for goal, bound, by in self.bounds)

    def hold(self, goal: Goal, optimum: int) -> None:
        """Take a goal's optimum as known and hold it, before it is listed in `bounds`."""
        smaller, offset = self._smaller(goal.objective)
        floor = goal.floor(optimum)
        self.model.hold(smaller, floor - offset, exactly=floor == optimum)

    def reach(self, goal: Goal, value: int) -> None:
        """Hold a goal that is reached already, and may be passed; what an LP's prices tell is settled."""
        self.model.quick_bound(goal.objective)
        self.model.hold(goal.objective, goal.floor(value))

    def take(self, goal: Goal, optimum: int) -> None:
        """Hold a goal's optimum that is known; what an LP's prices tell is settled."""
        self.model.quick_bound(goal.objective)
        self.hold(goal, optimum)

    def _ask(self, objective: Objective) -> Answer:
        """Maximise, beginning from what is known, and refuse what cannot be."""
        self.model.known = self.best
        answer = self.model.maximise(objective)
        self._refuse(answer)
        return answer

    def _refuse(self, answer: Answer) -> None:
        """Raise if there is no allocation, or if a solver contradicts what is known."""
        if (answer.infeasible and self.best is not None) or self._is_beyond(answer.decision):
            raise contradiction(self.model.options.integer)
        if answer.infeasible:
            raise no_allocation()

    def _is_beyond(self, decision: Decision | None) -> bool:
        """Return whether a decision is worth more than was said to be possible."""
        return decision is not None and any(
            bound is not None and goal.objective.value(decision) > bound
            for goal, bound, _ in self.bounds
        )

    def settle(self, goal: Goal) -> None:
        """Maximise one goal under those before it, and hold it."""
        ceiling = simple_bound(self.program, goal.objective)
        if self.stopped:
            self.bounds.append((goal, ceiling, "counting"))
            return
        if self.best is not None and goal.objective.value(self.best) == ceiling:
            answer, by = Answer(self.best, ceiling, ceiling), "counting"
        else:
            answer, by = self._maximise(goal), self.model.name
        if answer.bound is None or (ceiling is not None and ceiling < answer.bound):
            answer, by = Answer(answer.decision, answer.value, ceiling), "counting"
        self.best = answer.decision
        self.stopped = not (answer.proved and self._held(goal, answer.value))
        self.bounds.append((goal, answer.bound, by))

    def settle_at_once(self, goals: tuple[Goal, ...]) -> int:
        """Maximise as many of the leading sums as can be settled together, and hold them; how many."""
        sums = list(takewhile(_is_plain_sum, goals))
        if self.stopped or not sums:
            return 0
        self.model.known = self.best
        found = self.model.at_once(self._smallest([goal.objective for goal in sums]))
        if found is None:
            return 0
        self.best, taken = found
        for goal in sums[:taken]:
            optimum = goal.objective.value(self.best)
            self.stopped = self.stopped or not self._held(goal, optimum)
            self.bounds.append((goal, optimum, self.model.name))
        return taken

    def _smallest(self, sums: list[Objective]) -> list[Additive]:
        """Return the smallest coefficients that order the same, sum after sum."""
        early = [g.objective for g, bound, _ in self.bounds if bound is not None and not g.gives]
        found = []
        for place, late in enumerate(sums):
            assert isinstance(late, Additive)
            ahead = [each for each in (*early, *sums[:place]) if isinstance(each, Additive)]
            smaller = (lessened(late, each)[0] for each in ahead)
            found.append(min((late, *smaller), key=lambda each: total(abs(each.coefficients))))
        return found

    def _held(self, goal: Goal, optimum: int | None) -> bool:
        """Hold a proved optimum; say whether there was time to."""
        assert optimum is not None
        try:
            self.hold(goal, optimum)
        except OutOfTime:
            return False
        return True

    def _maximise(self, goal: Goal) -> Answer:
        """Solve, and keep the better of what is found and what was known."""
        smaller, offset = self._smaller(goal.objective)
        answer = self._ask(smaller).plus(offset)
        if self.best is not None:
            known = goal.objective.value(self.best)
            if answer.value is None or known > answer.value:
                return Answer(self.best, known, answer.bound)
        return answer

    def _smaller(self, objective: Objective) -> tuple[Objective, int]:
        """Return the smallest coefficients that order the same under what is held.

        Returns
        -------
        objective, offset
            Its value is the given objective's less `offset`.
        """
        best, offset = objective, 0
        for goal, bound, _ in self.bounds:
            early = goal.objective
            if not isinstance(objective, Additive) or not isinstance(early, Additive):
                continue
            if bound is not None and goal.floor(bound) == bound:
                rest, times = lessened(objective, early)
                if times and isinstance(best, Additive) and rest.size < best.size:
                    best, offset = rest, times * bound
        return best, offset

    def _any_decision(self) -> bool:
        """Find any decision if no goal has found one yet."""
        if self.best is None:
            answer = self.model.feasible()
            self._refuse(answer)
            self.best = answer.decision
        return self.best is not None

    def classify(self, brief: bool = False) -> tuple[Certainty, ...] | None:
        """Class each application: funded in every, some or no optimum; None if it takes too long.

        Each solve asks for the optimum that differs most from all seen so far:
        ``max sum_{a never seen funded} fund_a - sum_{a always seen funded} fund_a``. When that
        finds nothing new, nothing new exists.
        """
        assert self.best is not None
        seen_in, seen_out = self.best.fund.copy(), ~self.best.fund
        for looked in count():
            if (seen_in & seen_out).all():
                break
            if brief and looked == BRIEFLY:
                return None
            self.model.known = self.best
            answer = self.model.improve(self._news(seen_in, seen_out), brief)
            self._refuse(answer)
            if answer.decision is None:
                return None
            fresh_in = answer.decision.fund & ~seen_in
            fresh_out = ~answer.decision.fund & ~seen_out
            if not fresh_in.any() and not fresh_out.any():
                if not answer.proved:
                    return None
                break
            seen_in |= answer.decision.fund
            seen_out |= ~answer.decision.fund
        return tuple(class_of(i, o) for i, o in zip(seen_in, seen_out, strict=True))

    def narrow(self) -> None:
        """Fix what is the same in every optimum so far, where that is quickly told."""
        certainty = self.classify(brief=True)
        if certainty is not None and self.best is not None:
            for a, name in enumerate(certainty):
                if name != "some":
                    self.model.fix(a, bool(self.best.fund[a]))

    @staticmethod
    def _news(seen_in: BoolArray, seen_out: BoolArray) -> Additive:
        return Additive((~seen_in).astype(np.int64) - (~seen_out).astype(np.int64))

    def draw(self, certainty: tuple[Certainty, ...]) -> bool:
        """Take the lexicographically greatest (fund, award) among the optima, in draw order."""
        assert self.best is not None
        open_ = np.array([c == "some" for c in certainty], dtype=bool)
        for a in np.flatnonzero(~open_):
            self.model.fix(int(a), bool(self.best.fund[a]))
        if self.program.all_or_nothing:
            return self._draw_funding([int(a) for a in self.program.draw if open_[a]])
        try:
            left = [a for a in self.program.draw.tolist() if not self.model.is_settled(a)]
            return self._draw_awards(left, open_)
        except OutOfTime:
            return False

    def _draw_funding(self, order: list[int]) -> bool:
        """Settle a chunk at a time: ``max sum_i 2**(k-1-i) * fund_i`` over its k applications.

        Once the first have had their choice, the others may have none: every now and then all that
        are the same in every optimum left are settled together.
        """
        chunks, due = 0, FIRST_LOOK
        while order:
            if chunks == due and len(order) > FIRST_LOOK * CHUNK:
                self.narrow()
                order = [a for a in order if not self.model.is_settled(a)]
                due *= 2
            chunk, order, chunks = order[:CHUNK], order[CHUNK:], chunks + 1
            worth = np.zeros(self.program.size, dtype=np.int64)
            worth[chunk] = [2 ** (len(chunk) - 1 - place) for place in range(len(chunk))]
            if not self._take(Additive(worth), 2 ** len(chunk) - 1):
                return False
            assert self.best is not None
            for a in chunk:
                self.model.fix(a, bool(self.best.fund[a]))
        return True

    def _draw_awards(self, left: list[int], open_: BoolArray) -> bool:
        """Settle one after another, or several at once where none of them can have more."""
        while left:
            several = self._as_good_as_can_be(left)
            for a in left[:several]:
                self._fix(a)
            if not several and not self._draw_award(left[0], bool(open_[left[0]])):
                return False
            left = left[several or 1 :]
        return True

    def _as_good_as_can_be(self, left: list[int]) -> int:
        """Return how many of the next have all that they can have, as far as is quickly proved.

        ``sum_i weight_i * (fund_i * (1 - least_i) + award_i)`` in units, over those that have not
        their most, a weight being greater than all that come after can add up to. Where nobody can
        have more of that, no earlier one can have more, whatever those that have their most do.
        """
        assert self.best is not None
        below = [n for n, a in enumerate(left) if self.best.award[a] < self.program.most[a]]
        if not below:
            return len(left)
        looked = below[:TOGETHER]
        levels, weights = 1, [0] * self.program.size
        for n in reversed(looked):
            weights[left[n]] = levels
            levels *= self._levels(left[n])
        per_award = exact(weights)
        least = floored(self.program.least, self.program.unit)
        worth = Additive(times(per_award, plus(times(least, -1), 1)), per_award, self.program.unit)
        bound = self.model.quick_bound(worth)
        if bound is None or bound > worth.value(self.best):
            return below[0]
        return below[len(looked)] if len(looked) < len(below) else len(left)

    def _fix(self, a: int) -> None:
        """Settle what an application gets."""
        assert self.best is not None
        self.model.fix(a, bool(self.best.fund[a]))
        if self.best.fund[a]:
            self.model.fix_award(a, int(self.best.award[a]))

    def _levels(self, a: int) -> int:
        """Return how many amounts an application can get, nothing among them."""
        return (int(self.program.most[a]) - int(self.program.least[a])) // self.program.unit + 2

    def _draw_award(self, a: int, is_open: bool) -> bool:
        """Settle one application: funded if possible, then with as much as possible."""
        assert self.best is not None
        worth = np.zeros(self.program.size, dtype=np.int64)
        worth[a] = 1
        if is_open and not self._take(Additive(worth), 1):
            return False
        self.model.fix(a, bool(self.best.fund[a]))
        unit = self.program.unit
        amount = Additive(np.zeros_like(worth), worth, unit)
        if self.best.fund[a] and not self._take(amount, int(self.program.most[a]) // unit):
            return False
        self._fix(a)
        return True

    def _take(self, objective: Additive, ceiling: int) -> bool:
        """Move to the best decision for an objective; say whether it is proved to be the best."""
        assert self.best is not None
        if objective.value(self.best) >= ceiling:
            return True
        answer = self._ask(objective)
        if answer.decision is None or not answer.proved:
            return False
        self.best = answer.decision
        return True


def _is_plain_sum(goal: Goal) -> bool:
    """Return whether a goal is a sum of which later ones may cost nothing."""
    return isinstance(goal.objective, Additive) and not goal.gives


def _telling(goals: tuple[Goal, ...]) -> int:
    """Return which goal leaves few optima: the last whose sum has many values; -1 for none."""
    telling = [
        place
        for place, goal in enumerate(goals[:-1])
        if isinstance(goal.objective, Additive)
        and largest(goal.objective.coefficients) > MANY
        and not goal.gives
    ]
    return max(telling, default=-1)
