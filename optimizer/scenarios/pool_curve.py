"""The curve of the pool: what every unit of money more brings, and to whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

import pandas as pd

from optimizer.case.case import Case
from optimizer.foundation.exact import total
from optimizer.foundation.frozen import handed_out
from optimizer.language.text import Language, Text
from optimizer.pipe import allocated
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
from optimizer.program.rows import Decision
from optimizer.result.allocation import Allocation
from optimizer.result.dtypes import CODE, OUTCOMES, POINTS, WHOLE, category, exact_text, typed
from optimizer.scenarios.comparison_tables import PRIORITY, PRIORITY_EXACT
from optimizer.scenarios.frontier_point import worths
from optimizer.scenarios.pool_lists import PoolList, PoolLists
from optimizer.solving.options import Options, Progress

_Least = Annotated[int, Within(0)]
_Apart = Annotated[int, Within(1)]
Pools = tuple[_Least, _Least] | tuple[_Least, _Least, _Apart]
_AROUND = Fraction(1, 10)  # of the pool, to either side, unless other pools are asked for
_FEW = 20  # steps of it where most pools would have to be solved
_WHOLE = ("pool", "spent", "left", "funded", "districts_covered", "entering", "leaving")


@dataclass(frozen=True, repr=False)
class PoolSteps:
    """The best list for every pool of a range.

    Where no rule looks at the pool, each priority in its turn is worth between two pools what lies
    between what it is worth at either.

    Parameters
    ----------
    base
        The round under the policy as it is.
    lists
        What is known of each pool, the least first.

    Examples
    --------
    >>> steps = pool_curve(case, (48_000, 50_000, 1_000))
    >>> steps.frame[["pool", "spent", "funded"]].values.tolist()
    [[48000, 48000, 17], [49000, 49000, 16], [50000, 50000, 17]]
    """

    base: Allocation
    lists: tuple[PoolList, ...]

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def language(self) -> Language:
        """Of the texts that come with it."""
        return self.base.language

    @property
    def proved(self) -> bool:
        """Whether the list of every pool is known and proved."""
        return all(one.source != "limit" for one in self.lists)

    @handed_out
    def frame(self) -> pd.DataFrame:
        """One row a pool.

        Columns: pool (NT$, the contingency included), status (optimal, infeasible, limit), source
        (see `PoolList`), spent, left, funded, districts_covered, ``priority.NAME`` and
        ``priority_exact.NAME`` of every priority that has one value; then against the pool before
        it: entering and leaving (how many are in, and out), who_enters and who_leaves.
        """
        single = list(worths(self.base, self.base.decision))
        values = [prefix + name for name in single for prefix in (PRIORITY, PRIORITY_EXACT)]
        who = ["entering", "leaving", "who_enters", "who_leaves"]
        names = ["pool", "status", "source", "spent", "left", "funded", "districts_covered"]
        rows = list(self._rows())
        table = pd.DataFrame(rows, columns=[*names, *values, *who], dtype=object)
        texts = [name for name in table if str(name).startswith((PRIORITY_EXACT, "who_"))]
        table = table.fillna(dict.fromkeys(texts, ""))
        kinds = dict.fromkeys(_WHOLE, WHOLE) | {"status": CODE, "source": CODE}
        table = typed(table, kinds | {f"{PRIORITY}{name}": POINTS for name in single})
        table["status"] = category(table["status"], OUTCOMES)
        return table

    def _rows(self) -> Iterator[dict[str, Any]]:
        before: Decision | None = None
        row: dict[str, Any] = {}
        for one in self.lists:
            if one.decision is None or before is None or one.decision != before:
                row = self._list(one)
            yield {**row, **self._money(one), **self._moves(before, one.decision)}
            before = one.decision

    def _money(self, one: PoolList) -> dict[str, Any]:
        status = "infeasible" if one.decision is None else "optimal"
        spent = None if one.decision is None else total(one.decision.award)
        return {
            "pool": one.pool + self.base.contingency,
            "status": "limit" if one.source == "limit" else status,
            "source": one.source,
            "spent": spent,
            "left": None if spent is None else one.pool - spent,
        }

    def _list(self, one: PoolList) -> dict[str, Any]:
        """Return what a list is worth."""
        if one.decision is None:
            return {}
        fund, found = one.decision.fund, worths(self.base, one.decision)
        return {
            "funded": int(fund.sum()),
            "districts_covered": self.base.scored.round.table["district"][fund].nunique(),
            **{PRIORITY + name: value for name, value in found.items()},
            **{PRIORITY_EXACT + name: exact_text(value) for name, value in found.items()},
        }

    def _moves(self, before: Decision | None, now: Decision | None) -> dict[str, Any]:
        if before is None or now is None:
            return {}
        ids = self.base.scored.round.ids
        into = [ids[a] for a in (now.fund & ~before.fund).nonzero()[0]]
        out = [ids[a] for a in (before.fund & ~now.fund).nonzero()[0]]
        said = {"who_enters": "; ".join(into), "who_leaves": "; ".join(out)}
        return {"entering": len(into), "leaving": len(out), **said}

    def __repr__(self) -> str:
        if not self.lists:
            return "<PoolSteps of no pool>"
        first, last = (self.lists[n].pool + self.base.contingency for n in (0, -1))
        return f"<PoolSteps NT${first:,} to NT${last:,}: {len(self.lists):,} pools>"


@checked
def pool_curve(
    case: Case,
    pools: Pools | None = None,
    solver: Solver = "auto",
    time_limit: Seconds | None = None,
    threads: Threads = 1,
    language: Language = "zh-TW",
    progress: Progress | None = None,
) -> PoolSteps:
    """Find the best list of a case for every pool of a range, each proved.

    Parameters
    ----------
    case
        What `read_case` returned.
    pools
        The least and the greatest pool, and how far they are apart, NT$: a unit unless given. With
        nothing given, a tenth of the pool to either side; in twenty steps where most of the pools
        would have to be solved.
    solver, threads, language
        As for `allocate`.
    time_limit
        Seconds for all of it; what is not known by then is said to be so.
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
    >>> steps = pool_curve(case, (48_000, 50_000, 1_000))
    >>> steps.proved
    True
    >>> steps.frame[["pool", "entering", "leaving"]].fillna(0).values.tolist()
    [[48000, 0, 0], [49000, 2, 3], [50000, 4, 3]]
    """
    if pools is not None and pools[0] > pools[1]:
        expected = Text("先小後大的金額", "amounts, the smaller first")
        raise together([refusal("pool_curve(pools=…)", list(pools), expected)])
    options = Options(solver, time_limit, threads, language, progress=progress)
    base = allocated(case, options)
    lists = PoolLists(base, _range(base, pools or _around(base)), options)
    if pools is None and 2 * lists.look_up() < len(lists.pools):
        lists = PoolLists(base, _fewer(base, lists.pools), options)
    return PoolSteps(base, tuple(lists.all()))


def _around(base: Allocation) -> Sequence[int]:
    margin = int(base.available * _AROUND)
    return base.pool - margin, base.pool + margin


def _range(base: Allocation, pools: Sequence[int]) -> range:
    """Return what may be awarded with each pool, in whole units."""
    unit, apart = base.program.unit, base.contingency
    first, last = (max(0, pool - apart) // unit for pool in pools[:2])
    step = max(1, pools[2] // unit) if len(pools) > 2 else 1
    return range(first * unit, last * unit + 1, step * unit)


def _fewer(base: Allocation, pools: range) -> range:
    """Return few of many pools, the one as it is, in whole units, among them."""
    step = max(1, len(pools) // _FEW) * pools.step
    offset = (base.available // pools.step * pools.step - pools[0]) % step
    return range(pools[0] + offset, pools[-1] + 1, step)
