"""The bench: a case tried under changed policies, each trial a question to the solver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np

from optimizer.diagnose.edit import Edits, edited
from optimizer.diagnose.parts import Stated, state
from optimizer.foundation import clock
from optimizer.foundation.clock import OutOfTime
from optimizer.foundation.exact import BoolArray, IntArray, times
from optimizer.language.text import EMPTY
from optimizer.problems.errors import CaseError, PolicyError
from optimizer.program.narrow import narrow
from optimizer.program.objectives import Additive
from optimizer.program.program import Goal, Program
from optimizer.program.rows import Decision, Rows
from optimizer.program.start import first_decision
from optimizer.scoring.score import Scored, score
from optimizer.scoring.screening import screen
from optimizer.solving.model import Answer, Model, SolverError
from optimizer.solving.options import Options

KEPT = 100  # changed policies whose programs are kept; they hold whole tables
CHUNK = 10  # decisions settled by one question: weights up to 2**10 stay far from doubt


StoppedError = OutOfTime  # what was asked is not known: no time left, or figures beyond the solver


@contextmanager
def _in_doubt() -> Iterator[None]:
    """Take what a solver cannot be certain of as not known."""
    try:
        yield
    except (PolicyError, SolverError):
        raise StoppedError from None


@dataclass
class Bench:
    """Asks the solver, and counts.

    Parameters
    ----------
    light
        Keys of the policy that neither screen nor bound an application: under changes of these
        alone the round need not be screened anew until a repair is checked.
    """

    scored: Scored  # the case under its own policy
    options: Options = field(default_factory=Options)
    light: frozenset[str] = frozenset()
    asked: int = 0
    _stated: dict[str, Stated] = field(default_factory=dict)

    def under(self, edits: Edits) -> Stated:
        """Return the program of the case under a changed policy."""
        name = repr(sorted(edits.items()))
        if name not in self._stated:
            self._on_time()
            stated = self._changed(edits)
            while len(self._stated) >= KEPT:
                del self._stated[next(iter(self._stated))]
            self._stated[name] = stated
        return self._stated[name]

    def _changed(self, edits: Edits) -> Stated:
        heavy = {key: value for key, value in edits.items() if key not in self.light}
        if len(heavy) == len(edits):
            return state(self._afresh(edits) if edits else self.scored)
        base = self.under(heavy)
        policy = edited(self.scored.screened.policy, edits)
        screened = replace(base.scored.screened, policy=policy)
        return state(replace(base.scored, screened=screened), base.program)

    def _afresh(self, edits: Edits) -> Scored:
        policy = edited(self.scored.screened.policy, edits)
        records = replace(self.scored.screened.records, settings=policy.settings)
        return score(screen(records, policy))

    def ask(self, program: Program) -> Answer:
        """Look for any decision that obeys every inequality; the answer is yes or no.

        Raises
        ------
        StoppedError
            If the time ran out before either was known.
        """
        self._on_time()
        if hopeless(program):
            return Answer(None, None, None, infeasible=True)
        decision = first_decision(program)
        if decision is not None:
            return Answer(decision, 0, 0)
        return self._solved(program, program.rows, ())

    def possible(self, program: Program) -> bool:
        """Say whether any decision obeys every inequality; raises as `ask` does."""
        return self.ask(program).decision is not None

    def best(self, program: Program, objective: Additive) -> Answer:
        """Maximise one objective, to proved optimality.

        Raises
        ------
        StoppedError
            If the time ran out before.
        """
        self._on_time()
        if hopeless(program):
            return Answer(None, None, None, infeasible=True)
        rows = (*program.rows, *_as_rows(objective))
        return self._solved(program, rows, (Goal("wanted", objective),))

    def _solved(self, program: Program, rows: Sequence[Rows], goals: tuple[Goal, ...]) -> Answer:
        """Solve without the applications that help none of these rows: they get nothing."""
        none = Decision.of(np.zeros(program.size, dtype=np.int64))
        small = narrow(replace(program, goals=goals), helpful(program.size, rows), none)
        with _in_doubt():
            model = Model(small.program, self.options)
            wanted = [goal.objective for goal in small.program.goals]
            answer = model.maximise(wanted[0]) if wanted else model.feasible()
        self._known(answer, proved=bool(goals))
        if answer.decision is None:
            return answer
        return replace(answer, decision=small.widen(answer.decision))

    def first(self, program: Program, worth: IntArray, order: Sequence[int]) -> Decision | None:
        """Maximise ``sum_a worth_a * fund_a`` with worths 0, 1, -1, earlier ones in `order` first.

        None if nothing obeys the program.

        Raises
        ------
        StoppedError
            If the time ran out before.
        """
        best = self.best(program, Additive(worth))
        decision = best.decision
        if decision is None or best.value is None:
            return None
        with _in_doubt():
            return self._earliest(program, worth, order, decision=decision, value=best.value)

    def _earliest(
        self,
        program: Program,
        worth: IntArray,
        order: Sequence[int],
        decision: Decision,
        value: int,
    ) -> Decision:
        """Among the decisions worth so much, settle the applications in order, a chunk at a time."""
        model = Model(program, self.options)
        model.hold(Additive(worth), value)
        for start in range(0, len(order), CHUNK):
            chunk = list(order[start : start + CHUNK])
            rank: IntArray = np.zeros(program.size, dtype=np.int64)
            rank[chunk] = times(worth[chunk], 2 ** np.arange(len(chunk))[::-1])
            if any(bool(decision.fund[a]) != (worth[a] > 0) for a in chunk):
                answer = self._known(model.maximise(Additive(rank)), proved=True)
                decision = answer.decision or decision
            for a in chunk:
                model.fix(a, bool(decision.fund[a]))
        return decision

    def mends(self, edits: Edits) -> bool:
        """Say whether any allocation obeys a changed policy, read, screened and scored anew."""
        try:
            stated = state(self._afresh(edits))
        except (CaseError, PolicyError):  # it contradicts itself and is not even accepted
            return False
        return self.possible(stated.program)

    def _on_time(self) -> None:
        self.options.say("diagnosis")
        clock.keep(self.options.deadline)

    def _known(self, answer: Answer, proved: bool = False) -> Answer:
        self.asked += 1
        if answer.decision is None and not answer.infeasible:
            raise StoppedError
        if proved and answer.decision is not None and not answer.proved:
            raise StoppedError
        return answer


def hopeless(program: Program) -> bool:
    """Say whether one inequality cannot be met even by the best awards for it alone.

    Applications that an inequality of their own puts in or keeps out are counted as such.
    """
    inside, outside = _forced(program)
    return bool((inside & outside).any()) or any(
        _out_of_reach(program, rows, inside, outside) for rows in program.rows
    )


def _forced(program: Program) -> tuple[BoolArray, BoolArray]:
    """Return who is in by ``fund_a >= 1`` and who is out by ``fund_a <= 0``. Shape (n,) each."""
    inside, outside = np.zeros(program.size, dtype=bool), np.zeros(program.size, dtype=bool)
    for rows in program.rows:
        alone = np.bincount(rows.row, minlength=len(rows.rhs))[rows.row] == 1
        mine = alone & (rows.coefficient > 0)
        bound = rows.rhs[rows.row]
        if rows.sense == ">=":
            inside[rows.app[mine & (bound > 0)]] = True
        else:
            outside[rows.app[mine & (bound <= 0)]] = True
    return inside, outside


def _out_of_reach(program: Program, rows: Rows, inside: BoolArray, outside: BoolArray) -> bool:
    """``max_x sum_j c_j * x_j < rhs`` for ``>=``, or the minimum above it for ``<=``."""
    sign = 1 if rows.sense == ">=" else -1
    money = rows.on == "award"
    reach = [0] * len(rows.rhs)
    for row, app, factor in zip(rows.row, rows.app, rows.coefficient, strict=True):
        push = sign * int(factor)
        if push > 0 and not outside[app]:
            reach[int(row)] += push * (int(program.most[app]) if money else 1)
        elif push < 0 and inside[app]:
            reach[int(row)] += push * (int(program.least[app]) if money else 1)
    return any(most < sign * int(rhs) for most, rhs in zip(reach, rows.rhs, strict=True))


def helpful(size: int, rows: Sequence[Rows]) -> BoolArray:
    """Say which applications can bring any inequality nearer to being met. Shape (size,)."""
    found = np.zeros(size, dtype=bool)
    for block in rows:
        helps = (block.coefficient > 0) == (block.sense == ">=")
        found[block.app[helps & (block.coefficient != 0)]] = True
    return found


def _as_rows(objective: Additive) -> list[Rows]:
    """Write what an objective asks for as rows, only to see which applications help it."""
    worths = [objective.per_fund]
    if objective.per_award is not None:
        worths.append(objective.per_award)
    return [Rows.single("", "fund", worth, sense=">=", rhs=0, label=EMPTY) for worth in worths]


def widened(low: Program, high: Program) -> Program:
    """Return a program that no program between two is looser than.

    Where a key moves what an application may get (the school cap does), each award may be as small
    as under the one policy and as large as under the other.
    """
    least_of = dict(zip(low.ids, low.least, strict=True))
    least = [
        min(int(n), int(least_of.get(i, high.unit)))
        for i, n in zip(high.ids, high.least, strict=True)
    ]
    return replace(high, least=np.array(least, dtype=np.int64))
