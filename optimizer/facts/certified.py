"""The facts of a round that have passed an audit, and what follows from them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from optimizer.case.case import Case
from optimizer.clauses import Priority
from optimizer.facts.measures import Measures
from optimizer.facts.standing import FundingLine
from optimizer.foundation.exact import total
from optimizer.foundation.frozen import handed_out
from optimizer.language.text import EMPTY, Text, joined
from optimizer.problems.arguments import check_fields
from optimizer.problems.errors import LimitError
from optimizer.program.draw import draw_order
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.scoring.build import state
from optimizer.scoring.remarks import refusals_of
from optimizer.scoring.score import Scored
from optimizer.scoring.screening import Remark
from optimizer.solving.options import Effort, Options
from optimizer.solving.solution import Certainty, Solution, Step
from optimizer.tables.outlines import Outlines

EFFORT = 12_000_000  # of the list without what an earlier decision keeps, as `Effort` counts it: some seconds


@dataclass(frozen=True)
class Certified:
    """What was certified of a round.

    Parameters
    ----------
    case
        What was read.
    scored
        What screening and scoring made of it.
    decision
        Who gets how much, over the eligible applications.
    solution
        What the solver claimed, now audited.
    """

    case: Case
    scored: Scored
    decision: Decision
    solution: Solution

    def __post_init__(self) -> None:
        check_fields(self)

    def __getstate__(self) -> dict[str, Any]:
        """Return the fields alone: what was worked out from them is worked out again."""
        return {field.name: vars(self)[field.name] for field in fields(self)}

    @property
    def status(self) -> str:
        """``optimal`` if every priority and the draw are proved, else ``feasible``."""
        return "optimal" if self.solution.optimal else "feasible"

    @property
    def title(self) -> str:
        """Title of the plan."""
        return self.case.policy.settings.plan.title

    @property
    def districts(self) -> tuple[str, ...]:
        """All districts in the order in which the plan lists them; empty where it lists none."""
        return self.case.policy.settings.plan.districts

    @property
    def outlines(self) -> Outlines | None:
        """The outlines of the districts, of the file that the policy names now."""
        outlines = self.case.records.outlines
        named = self.case.policy.settings.plan.boundaries
        return outlines if outlines is not None and outlines.file == named else None

    @property
    def types(self) -> Sequence[str]:
        """The type of every application, in application_id order."""
        return list(self.case.records.applications["type"])

    @property
    def pool(self) -> int:
        """The whole pool, NT$."""
        return self.case.policy.settings.pool.amount

    @property
    def contingency(self) -> int:
        """NT$ held back."""
        return self.case.policy.settings.pool.contingency

    @property
    def available(self) -> int:
        """NT$ that could be awarded."""
        return self.case.policy.settings.pool.available

    @property
    def spent(self) -> int:
        """NT$ awarded."""
        return total(self.decision.award)

    @property
    def gone(self) -> int:
        """NT$ that are paid already, and that no award can use."""
        ids = self.scored.round.ids
        return sum(rule.gone(ids) for rule in self.case.policy.clauses)

    @property
    def left(self) -> int:
        """NT$ that could still be awarded."""
        return self.available - self.spent - self.gone

    @cached_property
    def refusals(self) -> Mapping[int, Sequence[Remark]]:
        """What refuses applications, by their rows; that one has withdrawn comes first."""
        return refusals_of(self.scored)

    @property
    def withdrawn(self) -> frozenset[int]:
        """Who has withdrawn, by row."""
        leave = {rule.label for rule in self.case.policy.clauses if rule.withdraws}
        return frozenset(row for row, said in self.refusals.items() if said[0].clause in leave)

    @property
    def minimum_merit(self) -> float:
        """The least merit, for drawing."""
        return float(self.case.policy.settings.review.minimum_merit)

    @property
    def premise(self) -> Text:
        """Under what the list is the best there is, as a phrase; empty if it is without condition."""
        said = [rule.premise() for rule in self.case.policy.clauses]
        return joined(text for text in said if text)

    @cached_property
    def unkept(self) -> Program:
        """What would have been solved if what an earlier decision granted by name were not kept."""
        keeping = {rule.label for rule in self.case.policy.clauses if rule.premise()}
        rows = (r for r in self.program.rows if r.clause not in keeping or r.sense == "<=")
        return replace(self.program, rows=tuple(rows))

    @cached_property
    def kept_out(self) -> frozenset[int]:
        """Who gets nothing and would be on a best list were no earlier decision kept, by ordinal.

        Solved; nobody where there is no such decision, or nothing is proved.
        """
        pairs = enumerate(zip(self._if_unkept or (), self.decision.fund.tolist(), strict=False))
        return frozenset(a for a, (fate, got) in pairs if fate != "none" and not got)

    @property
    def kept_out_open(self) -> bool:
        """Whether it is not known who that is: it was not worked out within its effort."""
        return self._if_unkept is None

    @cached_property
    def _if_unkept(self) -> tuple[Certainty, ...] | None:
        """Who every, some or no best list would fund were no earlier decision kept; nothing where none is."""
        if not self.premise or not self.solution.optimal:
            return ()
        from optimizer.solving.solve import solve

        try:
            return solve(self.unkept, Options(effort=Effort(EFFORT), draw=False)).certainty
        except LimitError:
            return None

    @handed_out
    def nobody(self) -> Text:
        """Why nobody is funded, where somebody is eligible and nobody is; else empty."""
        if not self.scored.round.size or self.decision.fund.any():
            return EMPTY
        from optimizer.diagnose import why_nobody

        return why_nobody(self.scored, self.solution.proved)

    @cached_property
    def program(self) -> Program:
        """What was solved."""
        return state(self.scored.round, self.case.policy)

    @handed_out
    def line(self) -> FundingLine:
        """Where the money would end by merit alone."""
        return FundingLine.of(self.scored.round, self.available - self.gone)

    @handed_out
    def measures(self) -> Measures:
        """The list in nine figures."""
        return Measures.of(self.scored.round, self.decision, self.line)

    @handed_out
    def draw_order(self) -> npt.NDArray[np.int64]:
        """The eligible applications in the order of the draw."""
        return np.array(
            draw_order(self.case.policy.settings.draw.seed, self.scored.round.ids), dtype=np.int64
        )

    @property
    def steps(self) -> tuple[Step, ...]:
        """What is known of each priority."""
        return self.solution.steps

    @property
    def certainty(self) -> tuple[Certainty, ...] | None:
        """Funded in every, some or no optimum, for each eligible application."""
        return self.solution.certainty

    @handed_out
    def merit_points(self) -> npt.NDArray[np.float64]:
        """Merit of each row of `awards` in points, the nearest floats, for reading and drawing only."""
        scores = self.scored.scores
        return np.array([float(Fraction(int(m), scores.denominator)) for m in scores.merit])

    def goal_priority(self, goal: str) -> Priority:
        """Return the priority a goal belongs to."""
        return next(
            p
            for p in self.case.policy.priorities
            if p.label == goal or goal.startswith(f"{p.label}[")
        )
