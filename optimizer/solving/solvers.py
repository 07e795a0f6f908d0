"""The MIP solvers behind PuLP, and what each really says of its answer.

Each takes a stated problem, the options (its threads, when to stop) and how far from an integer a
variable may be, and returns one of ``optimal``, ``feasible``, ``nothing`` and ``infeasible``, with the bound
on the objective if it gives one. A *way* is one setting of the solver of several: what it says in
one can be held against what it says in another. Whatever else happens to a solver is a `SolverError`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from tempfile import TemporaryDirectory
from typing import Any

import pulp

from optimizer.foundation import clock
from optimizer.language.text import Text
from optimizer.solving.doubt import doubted
from optimizer.solving.options import Options

Said = tuple[str, float | None]

# CBC's integer preprocessing has been seen to call a worse point optimal; without it, branching
# first on what has a cost keeps `balance` from taking minutes
_PLAIN = ("preprocess off", "presolve off", "cuts off", "heuristicsOnOff off")
CBC_WAYS = (
    ("preprocess off", "costStrategy priorities"),
    ("preprocess on", "randomCbcSeed 1"),
    ("preprocess off", "cuts off", "randomCbcSeed 2"),
    ("preprocess on", "cuts off", "randomCbcSeed 3"),
    # the safest: seen to be right where those above called a point that is there impossible
    (*_PLAIN, "scaling equilibrium", "primalTolerance 1e-10"),
    (*_PLAIN, "scaling off", "primalTolerance 1e-8", "dualTolerance 1e-9", "perturbation off"),
    (*_PLAIN, "scaling geometric", "primalTolerance 1e-10", "primalSimplex"),
)
BEGUN = 20  # nodes that the beginning of a search costs as much as
WAYS = {"highs": 4, "cbc": len(CBC_WAYS)}


def ask(problem: pulp.LpProblem, options: Options, tolerance: float, way: int) -> Said:
    """Ask a solver in one way.

    Raises
    ------
    SolverError
        If it cannot be started, ends without an answer, or writes one that cannot be read.
    """
    try:
        return _RUN[options.integer](problem, options, tolerance, way)
    except (pulp.PulpError, OSError, ValueError, LookupError) as error:
        raise doubted(options.integer, _trouble(error)) from error


def _trouble(error: Exception) -> Text:
    """Say in words what happened to a solver."""
    if isinstance(error, OSError):
        why = error.strerror or str(error)
        return Text(f"無法執行（{why}）", f"cannot be run ({why})")
    if "cannot execute" in str(error):
        return Text("在此電腦上無法執行", "cannot be run on this machine")
    if isinstance(error, pulp.PulpError):
        return Text("異常結束，沒有答案", "ended without an answer")
    return Text("的答案無法讀取", "gave an answer that cannot be read")


class _Highs(pulp.HiGHS):  # type: ignore[misc]
    """HiGHS through PuLP; the time that PuLP takes to hand the problem over counts."""

    deadline: float | None = None
    nodes: int | None = None

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 - PuLP's name
        """Run with the time that is left."""
        left = clock.left(self.deadline)
        if math.isfinite(left):
            lp.solverModel.setOptionValue("time_limit", max(0.0, left))
        if self.nodes is not None:
            lp.solverModel.setOptionValue("mip_max_nodes", self.nodes)
        super().callSolver(lp)

    def findSolutionValues(self, lp: pulp.LpProblem) -> tuple[int, int]:  # noqa: N802 - PuLP's name
        """Take the point over; PuLP has no word for a search that its nodes ended."""
        try:
            found: tuple[int, int] = super().findSolutionValues(lp)
        except KeyError:
            return pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound
        return found


def _highs(problem: pulp.LpProblem, options: Options, tolerance: float, way: int) -> Said:
    """Solve in process, and ask HiGHS itself: PuLP's own status says Optimal too often."""
    import highspy

    solver = _Highs(
        msg=False,
        gapRel=0.0,
        gapAbs=0.5,
        threads=options.threads,
        mip_feasibility_tolerance=tolerance,
        primal_feasibility_tolerance=1e-9,
        random_seed=way,
        # it lost optima in HiGHS 1.13 and 1.14 (#2957, #2975, #3043, #3073); one way does without it
        presolve="off" if way % 2 else "on",
    )
    entries = 0 if options.effort is None else sum(map(len, problem.constraints()))
    solver.deadline, solver.nodes = options.deadline, options.nodes(entries)
    problem.solve(solver)
    highs = problem.solverModel
    status, info = highs.getModelStatus(), highs.getInfo()
    options.spend(BEGUN + int(info.mip_node_count), entries)
    if status in (
        highspy.HighsModelStatus.kInfeasible,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    ):
        return "infeasible", None
    bound = -info.mip_dual_bound if len(problem.variables()) else 0.0
    if info.primal_solution_status != 2:
        return "nothing", bound
    optimal = status == highspy.HighsModelStatus.kOptimal
    return ("optimal" if optimal else "feasible"), bound


class _Cbc(pulp.COIN_CMD):  # type: ignore[misc]
    """CBC through PuLP; the time that PuLP takes to write the problem counts."""

    deadline: float | None = None

    def getOptions(self) -> list[Any]:  # noqa: N802 - PuLP's name; called once all is written
        """Add the time that is left."""
        left = clock.left(self.deadline)
        limit = [f"sec {max(0.0, left):.2f}"] if math.isfinite(left) else []
        return [*super().getOptions(), *limit]


def _cbc(problem: pulp.LpProblem, options: Options, tolerance: float, way: int) -> Said:
    """Solve in a process of CBC's; a bound is only known when it says Optimal."""
    solver = _Cbc(
        path=getattr(pulp.PULP_CBC_CMD, "pulp_cbc_path", None),
        msg=False,
        gapRel=0.0,
        gapAbs=0.5,
        threads=options.threads if options.threads > 1 else None,
        options=[f"integerTolerance {tolerance}", *CBC_WAYS[way]],
    )
    solver.deadline = options.deadline
    with TemporaryDirectory(prefix="subsidy-") as folder:  # gone too if the process fails
        solver.tmpDir = folder
        problem.solve(solver)
    status = problem.sol_status
    # "Integer infeasible" reaches PuLP's status only, not its sol_status
    if pulp.LpStatusInfeasible == problem.status or status == pulp.LpSolutionInfeasible:
        return "infeasible", None
    if status == pulp.LpSolutionOptimal:
        return "optimal", None
    return ("feasible" if status == pulp.LpSolutionIntegerFeasible else "nothing"), None


_RUN: dict[str, Callable[..., Said]] = {"highs": _highs, "cbc": _cbc}
