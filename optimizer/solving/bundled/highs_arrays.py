"""HiGHS, asked with arrays: the relaxation for its prices, the integer program for a point and a bound."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimizer.foundation.exact import IntArray, Words
from optimizer.solving.bundled.rest import Rest
from optimizer.solving.floats import Floats
from optimizer.solving.options import Options

# with a good point at hand the proof is quick; searching for points inside is not
QUICK: tuple[tuple[str, Any], ...] = (
    ("mip_allow_restart", False),
    ("mip_heuristic_run_rins", False),
    ("mip_heuristic_run_rens", False),
    ("mip_heuristic_run_root_reduced_cost", False),
)


FEW, SMALL = 4, 2_000  # one row for so many columns is few; columns of a small relaxation
RELAXED, BEGUN = 5, 20  # nodes that a relaxation, and the beginning of a search, cost as much as
SEEDS = 100  # from one drawing of numbers to the other
FARTHEST_PRICE = 1024.0  # the largest of prices that shall outweigh whatever is worth something


@dataclass(frozen=True)
class Heard:
    """What HiGHS says: ``optimal``, ``feasible``, ``nothing`` or ``infeasible``; what it gives of each."""

    status: str
    bound: float | None = None  # no point is worth more
    values: Words | None = None  # of the open columns, rounded
    ended: bool = True  # whether it went on to the end, or until time ran out


@dataclass(frozen=True)
class Relaxed:
    """What the relaxation says: prices of the rows, and its point.

    Where it has no point, the prices are those that prove it: a ray of its dual (Farkas).
    """

    prices: list[float]
    point: Floats | None = None  # of the open columns


def relaxed(rest: Rest, worth: IntArray, options: Options) -> Relaxed | None:
    """Solve the relaxation; None if it has no answer."""
    import highspy

    highs, count = _started(rest, worth, options), rest.rows.rows
    if count * FEW <= len(rest.columns) <= SMALL:
        highs.setOptionValue("presolve", "off")  # it takes longer than what it takes away would
    options.spend(RELAXED, len(rest.rows.row))
    highs.run()
    if highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        _, known, ray = highs.getDualRay()
        most = max(map(abs, ray[:count]), default=0.0)
        return Relaxed([FARTHEST_PRICE * y / most for y in ray[:count]]) if known and most else None
    solution = highs.getSolution()
    if not solution.dual_valid:
        return None
    return Relaxed(list(solution.row_dual[:count]), np.array(solution.col_value))


def ask(
    rest: Rest,
    worth: IntArray,
    options: Options,
    tolerance: float,
    way: int,
    anew: bool,
    start: Words | None,
    target: int | None,
    nodes: int | None,
) -> Heard:
    """Let HiGHS maximise over a rest, in one of several ways.

    Parameters
    ----------
    tolerance
        How far from an integer a column may be.
    way
        The first is quick where a good point is known.
    anew
        Whether to hand the columns over in the opposite order, and to draw other numbers.
    start
        A point to begin with; -1 for a column of which nothing is known.
    target
        A worth at which to stop; None to go on to the best.
    nodes
        After how many nodes to give up; None to go on to the end.
    """
    import highspy

    turn = -1 if anew else 1
    highs = _started(rest, worth, options, whole=True, turn=turn)
    nodes = options.nodes(len(rest.rows.row), nodes)
    for name, value in (
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.5),
        ("mip_feasibility_tolerance", tolerance),
        ("primal_feasibility_tolerance", 1e-9),
        ("random_seed", way + anew * SEEDS),
        ("presolve", "off" if way > 1 else "on"),
        *(QUICK if way == 0 and start is not None else ()),
        *(() if nodes is None else (("mip_max_nodes", nodes),)),
    ):
        highs.setOptionValue(name, value)
    if target is not None:
        highs.setOptionValue("objective_target", 0.5 - target)
    if start is not None:
        start = start[::turn]
        known = np.flatnonzero(start >= 0).astype(np.int32)
        highs.setSolution(len(known), known, start[known].astype(float))
    highs.run()
    status, info = highs.getModelStatus(), highs.getInfo()
    options.spend(BEGUN + int(info.mip_node_count), len(rest.rows.row))
    said = highspy.HighsModelStatus
    if status in (said.kInfeasible, said.kUnboundedOrInfeasible):
        return Heard("infeasible")
    bound, ended = -info.mip_dual_bound, status not in (said.kSolutionLimit, said.kObjectiveTarget)
    if info.primal_solution_status != 2:
        return Heard("nothing", bound, ended=ended)
    values = np.rint(highs.getSolution().col_value[::turn]).astype(np.int64)
    return Heard("optimal" if status == said.kOptimal else "feasible", bound, values, ended)


def _started(
    rest: Rest, worth: IntArray, options: Options, whole: bool = False, turn: int = 1
) -> Any:
    """Hand a rest over: its rows, then one row for each component, minimising the negative.

    Its columns from the first to the last, or if `turn` is -1 from the last to the first.
    """
    import highspy

    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", options.threads)
    if math.isfinite(options.left):
        highs.setOptionValue("time_limit", max(0.0, options.left))
    rows, count = rest.rows, len(rest.begin)
    sizes = np.diff(np.append(rest.begin, rest.bundles))
    start = np.searchsorted(rows.row, np.arange(rows.rows + 1))
    starts = np.concatenate([start, start[-1] + np.cumsum(sizes)]).astype(np.int32)
    place = np.arange(len(rest.columns))[::turn]
    index = place[np.concatenate([rows.col, np.arange(rest.bundles)])].astype(np.int32)
    value = np.concatenate([rows.value.astype(float), np.ones(rest.bundles)])
    low = np.concatenate([rest.rhs.astype(float), np.ones(count)])
    most = np.where(rest.relations.equal, low[: rows.rows], highspy.kHighsInf)
    high = np.concatenate([most, np.ones(count)])
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(rest.columns), len(low)
    lp.col_cost_ = -worth[place].astype(float)
    lp.col_lower_, lp.col_upper_ = rest.low[place].astype(float), rest.high[place].astype(float)
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = starts, index, value
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(rest.columns)
    highs.passModel(lp)
    return highs
