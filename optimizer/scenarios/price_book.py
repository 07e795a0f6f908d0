"""All that `subsidy prices` tells of one case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from optimizer.case.case import Case
from optimizer.explain import Change
from optimizer.foundation.frozen import handed_out
from optimizer.language.text import Language
from optimizer.problems.arguments import Seconds, Solver, Threads, check_fields, checked
from optimizer.result.allocation import Allocation
from optimizer.scenarios.frontier import Frontier, Points, chosen_priorities, frontier
from optimizer.scenarios.frontier_point import worths
from optimizer.scenarios.pool_curve import Pools, PoolSteps, pool_curve
from optimizer.scenarios.price_of_rules import PriceOfRules, price_of_rules
from optimizer.solving.options import Options, Progress

MORE = 1_000  # NT$, of which it is said what they would bring


@dataclass(frozen=True)
class PriceBook:
    """The price of every rule, the curve of the pool, a frontier, and what each funded one is worth.

    Parameters
    ----------
    rules, pools
        What `price_of_rules` and `pool_curve` returned.
    frontier
        What `optimizer.frontier` returned; None where the policy has no two priorities for one.

    Examples
    --------
    >>> book = prices(case, ["merit", "balance"], points=2, pools=(48_000, 50_000, 1_000))
    >>> len(book.rules.frame), len(book.pools.frame), len(book.frontier.points)
    (16, 3, 2)
    """

    rules: PriceOfRules
    pools: PoolSteps
    frontier: Frontier | None

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def base(self) -> Allocation:
        """The round under the policy as it is."""
        return self.pools.base

    @property
    def language(self) -> Language:
        """Of the texts in it."""
        return self.base.language

    @handed_out
    def more(self) -> Change:
        """What `MORE` NT$ more would bring, and to whom."""
        return self.base.marginal(MORE)

    @property
    def proved(self) -> bool:
        """Whether nothing in it was cut short by a limit."""
        stopped = self.frontier is not None and self.frontier.stopped
        return self.rules.proved and self.pools.proved and not stopped

    @handed_out
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Every table by the name of its file."""
        found = {
            "rules": self.rules.frame,
            "rules_figures": self.rules.figures,
            "rules_moves": self.rules.moves,
            "pools": self.pools.frame,
            "importance": self.base.importance(),
            "equity": self.base.equity.frame,
            "lorenz": self.base.equity.lorenz,
        }
        if self.frontier is not None:
            found |= {"frontier": self.frontier.frame, "frontier_lists": self.frontier.lists}
        return found


@checked
def prices(
    case: Case,
    priorities: Sequence[str] = (),
    points: Points = 20,
    pools: Pools | None = None,
    solver: Solver = "auto",
    time_limit: Seconds | None = None,
    threads: Threads = 1,
    language: Language = "zh-TW",
    progress: Progress | None = None,
) -> PriceBook:
    """Work out the price of each rule, the curve of the pool and a frontier of a case.

    Parameters
    ----------
    case
        What `read_case` returned.
    priorities, points
        As for `frontier`.
    pools
        As for `pool_curve`.
    solver, threads, language
        As for `allocate`.
    time_limit
        Seconds for each rule, for all pools together, and for the frontier.
    progress
        Called with the name of each of them as its turn comes.

    Raises
    ------
    UsageError
        If an argument is not what it should be.
    CaseError, InfeasibleError, LimitError
        As `allocate` does.

    Examples
    --------
    >>> book = prices(case, ["merit", "balance"], points=2, pools=(48_000, 50_000, 1_000))
    >>> book.pools.proved, book.frontier.names
    (True, ('merit', 'balance'))
    """
    if priorities:
        chosen_priorities(case, priorities, "prices(priorities=…)")
    say = progress or (lambda _: None)
    how = Options(solver, time_limit, threads, language)
    keywords = {
        name: getattr(how, name) for name in ("solver", "time_limit", "threads", "language")
    }
    say("pools")
    curve = pool_curve(case, pools, **keywords)
    say("frontier")
    enough = priorities or len(worths(curve.base, curve.base.decision)) > 1
    points_ = frontier(case, priorities, points, **keywords) if enough else None
    rules = price_of_rules(case, **keywords, progress=progress)
    return PriceBook(rules, curve, points_)
