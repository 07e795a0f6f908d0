"""The frontier of two or three priorities: what more of one costs another, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import pandas as pd

from optimizer.case.case import Case
from optimizer.clauses import Priority
from optimizer.foundation.frozen import handed_out
from optimizer.foundation.remembered import Remembered
from optimizer.language.text import Language, Text, some
from optimizer.language.words import how_many
from optimizer.pipe import allocated
from optimizer.policy.problems import LISTS
from optimizer.policy.remedies import key_meant
from optimizer.problems.arguments import (
    Seconds,
    Solver,
    Threads,
    Within,
    check_fields,
    checked,
    refusal,
    together,
)
from optimizer.result.allocation import Allocation
from optimizer.scenarios import frontier_tables
from optimizer.scenarios.frontier_point import FrontierPoint, point_of
from optimizer.scenarios.frontier_search import FrontierSearch
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.solving.options import Options, Progress

MOST_POINTS = 10_000
Points = Annotated[int, Within(2, MOST_POINTS)]
_CALL = "frontier(priorities=…)"


@dataclass(frozen=True, repr=False)
class Frontier:
    """The frontier of two or three priorities.

    Parameters
    ----------
    base
        The round under the policy as it is.
    priorities
        Those that are held against each other.
    points
        Lists that nothing dominates, the most of the first priority first; the other priorities
        and the draw settle what is left, in their order.
    complete
        Whether these are all there are.
    stopped
        Whether the limit came first. Each point is proved all the same.

    Examples
    --------
    >>> found = frontier(case, ["merit", "balance"], points=3)
    >>> found.complete, len(found.points)
    (False, 3)
    """

    base: Allocation
    priorities: tuple[Priority, ...]
    points: tuple[FrontierPoint, ...]
    complete: bool
    stopped: bool = False

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def language(self) -> Language:
        """Of the texts in the tables."""
        return self.base.language

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the priorities."""
        return tuple(priority.label for priority in self.priorities)

    @handed_out
    def frame(self) -> pd.DataFrame:
        """One row a point; see `optimizer.scenarios.frontier_tables.points`."""
        return frontier_tables.points(self.base, self.names, self.points)

    @handed_out
    def lists(self) -> pd.DataFrame:
        """One row an application; see `optimizer.scenarios.frontier_tables.lists`."""
        return frontier_tables.lists(self.base, self.points)

    def __repr__(self) -> str:
        more = "" if self.complete else ", there may be more"
        return (
            f"<Frontier of {' and '.join(self.names)}: {how_many(len(self.points), 'point')}{more}>"
        )

    def _repr_html_(self) -> str:
        """Show one row a point in a notebook."""
        shown = self.frame[[name for name in self.frame if not str(name).endswith("_exact")]]
        return str(shown.to_html(escape=True, index=False, border=0, na_rep="—"))


@checked
def frontier(
    case: Case,
    priorities: Sequence[str] = (),
    points: Points = 20,
    solver: Solver = "auto",
    time_limit: Seconds | None = None,
    threads: Threads = 1,
    language: Language = "zh-TW",
    progress: Progress | None = None,
) -> Frontier:
    """Find the lists of a case in which no chosen priority can have more without another having less.

    Each point is solved and proved by itself: one priority is maximised while the others keep a
    least value, then they are maximised in turn, then all other priorities in the policy's order,
    and the draw. What the policy's ``give_up`` allows a chosen priority to cost plays no part.

    Parameters
    ----------
    case
        What `read_case` returned.
    priorities
        Two or three names of its priorities (``merit``, ``coverage``); the first two that have one
        value, unless given.
    points
        How many points are wanted at the most. Where there are more, they are spread between the
        best of one priority and the best of the others.
    solver, threads, language
        As for `allocate`.
    time_limit
        Seconds for all points together.
    progress
        Called with the name of each priority as its turn comes.

    Raises
    ------
    UsageError
        If an argument is not what it should be.
    CaseError, InfeasibleError, LimitError
        As `allocate` does.

    Examples
    --------
    >>> found = frontier(case, ["merit", "balance"], points=5)
    >>> found.names
    ('merit', 'balance')
    >>> found.frame[["point", "is_policy", "funded"]].values.tolist()
    [[0, True, 16], [1, False, 17], [2, False, 16], [3, False, 13], [4, False, 10]]
    """
    options = Options(solver, time_limit, threads, language, progress=progress)
    kept = Remembered()
    chosen = chosen_priorities(case, priorities, kept=kept)
    base = allocated(case, options, kept)
    goals = [goal.name for goal in base.program.goals]
    places = tuple(goals.index(priority.label) for priority in chosen)
    search = FrontierSearch(base.program, places, points, options)
    search.run()
    found = [search.points[values] for values in sorted(search.points, reverse=True)]
    return Frontier(
        base,
        chosen,
        tuple(point_of(base, solution) for solution in found),
        complete=search.complete,
        stopped=search.stopped,
    )


def chosen_priorities(
    case: Case, names: Sequence[str], place: str = _CALL, kept: Remembered | None = None
) -> tuple[Priority, ...]:
    """Return the priorities of some names, or those that are meant where none is given; nothing is solved.

    Parameters
    ----------
    case, names
        As for `frontier`.
    place
        Where they were given, for what is said of them.
    kept
        What is not worked out again.

    Raises
    ------
    UsageError
        If they are not two or three different ones that have one value each.
    CaseError
        As `allocate` does.
    """
    round_ = score(screen(case.records, case.policy, kept), kept).round
    known = [p for p in case.policy.priorities if len(p.objectives(round_)) == 1]
    labels = [p.label for p in known]
    wanted = [_label(known, name) for name in names] or labels[:2]
    wrong = [_unknown(place, name, labels) for name in wanted if name not in labels]
    if not wrong and not (2 <= len(set(wanted)) == len(wanted) <= 3):
        expected = Text(
            f"兩個或三個不同的優先順序；可用：{'、'.join(labels) or '無'}",
            f"two or three different priorities; there are: {', '.join(labels) or 'none'}",
        )
        wrong = [refusal(place, ", ".join(wanted), expected)]
    if wrong:
        raise together(wrong)
    return tuple(known[labels.index(name)] for name in wanted)


def _label(known: Sequence[Priority], name: str) -> str:
    """Return the label that a name means: with its list before it, or the one of that kind."""
    bare = name.removeprefix(f"{LISTS[1]}.")
    alike = [p.label for p in known if p.kind == bare]
    return alike[0] if len(alike) == 1 and bare not in [p.label for p in known] else bare


def _unknown(place: str, name: str, labels: Sequence[str]) -> Text:
    meant, among = key_meant(name, labels), some([Text(label, label) for label in labels], 20)
    zh, en = (f"（{meant.zh}）", f" ({meant.en})") if meant else ("", "")
    expected = Text(
        f"計畫中只有一個數值的優先順序：{among.zh}{zh}",
        f"a priority of the policy that has one value: {among.en}{en}",
    )
    return refusal(place, name, expected)
