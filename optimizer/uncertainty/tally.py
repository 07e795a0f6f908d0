"""What the whole program makes of many draws: how often each application is funded, and its ranks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from optimizer.facts.audit import audit
from optimizer.foundation.exact import IntArray, exact, plus
from optimizer.foundation.frozen import Content
from optimizer.language.text import Text
from optimizer.problems.errors import AuditError, InfeasibleError, LimitError, defect
from optimizer.scoring.build import build_program
from optimizer.scoring.score import Scored
from optimizer.solving.options import Options
from optimizer.solving.solve import solve
from optimizer.uncertainty.redrawn import Redrawn

BANDS = 20  # of ranks


@dataclass(frozen=True, eq=False)
class Tally(Content):
    """Draws of one way, counted.

    Parameters
    ----------
    draws
        How many there are.
    impossible, unproved
        Of how many no list obeys every rule; and how many a limit left unproved.
    times
        Shape (N,): in how many each application is funded.
    bands
        Shape (N, BANDS): in how many its rank by merit lies in each of as many equal parts of all N.
    """

    draws: int
    impossible: int
    unproved: int
    times: IntArray
    bands: IntArray

    @staticmethod
    def none(size: int) -> Tally:
        """Return no draws of so many applications."""
        nothing = np.zeros((size, BANDS), dtype=np.int64)
        return Tally(0, 0, 0, times=nothing[:, 0], bands=nothing)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.draws + other.draws,
            self.impossible + other.impossible,
            self.unproved + other.unproved,
            times=plus(self.times, other.times),
            bands=plus(self.bands, other.bands),
        )

    def share(self, a: int) -> Fraction:
        """Return the share of the draws with a list in which an application is funded."""
        return Fraction(int(self.times[a]), max(self.draws - self.impossible, 1))

    @property
    def document(self) -> dict[str, Any]:
        """The same as JSON has it; only bands that occur."""
        rows, parts = np.nonzero(self.bands)
        return {
            "draws": self.draws,
            "impossible": self.impossible,
            "unproved": self.unproved,
            "times": self.times.tolist(),
            "bands": [rows.tolist(), parts.tolist(), self.bands[rows, parts].tolist()],
        }

    @staticmethod
    def from_document(document: Any) -> Tally:
        """Return what a document says."""
        funded = exact(document["times"])
        bands = np.zeros((len(funded), BANDS), dtype=np.int64)
        rows, parts, counts = document["bands"]
        bands[rows, parts] = counts
        draws, impossible, unproved = (document[n] for n in ("draws", "impossible", "unproved"))
        return Tally(draws, impossible, unproved, times=funded, bands=bands)


def tallied(redrawn: Redrawn, limit: float | None, draws: tuple[str, range]) -> dict[str, Any]:
    """Solve some draws of one way under the whole policy, audit each, and count.

    Parameters
    ----------
    redrawn
        Whose marks are drawn anew.
    limit
        Seconds for each draw.
    draws
        The way, and the numbers of the draws.
    """
    way, numbers = draws
    size = len(redrawn.screened.eligible)
    parts = (_counted(redrawn.scored(way, number), size, limit) for number in numbers)
    return added(parts, size).document


def added(tallies: Iterable[Tally], size: int) -> Tally:
    """Add tallies up."""
    whole = Tally.none(size)
    for one in tallies:
        whole = whole + one
    return whole


def _counted(scored: Scored, size: int, limit: float | None) -> Tally:
    """Count one draw."""
    funded = np.zeros(size, dtype=np.int64)
    bands = _bands(scored, size)
    try:
        solution = solve(build_program(scored), Options(time_limit=limit))
    except InfeasibleError:
        return Tally(1, 1, 0, times=funded, bands=bands)
    except LimitError:
        return Tally(1, 0, 1, times=funded, bands=bands)
    broken = audit(scored.round, scored.screened.policy, solution.decision)
    if broken:
        said = Text("稽核未通過", "the audit failed")
        raise AuditError(said, [defect(v.clause, v.message) for v in broken])
    funded[scored.round.position] = solution.decision.fund
    return Tally(1, 0, int(not solution.proved), times=funded, bands=bands)


def _bands(scored: Scored, size: int) -> IntArray:
    """Mark the part of all ranks that each application with a merit lies in; equals take the best."""
    found = np.zeros((size, BANDS), dtype=np.int64)
    merit = scored.scores.merit
    some = np.flatnonzero(scored.screened.eligible & scored.scores.present.any(axis=1))
    better = len(some) - np.searchsorted(np.sort(merit[some]), merit[some], side="right")
    found[some, better * BANDS // max(len(some), 1)] = 1
    return found
