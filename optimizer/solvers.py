"""The MIP solvers behind PuLP, and what each really says of its answer.

Each takes a stated problem, the seconds left, the threads and how far from an integer a variable
may be, and returns one of ``optimal``, ``feasible``, ``nothing`` and ``infeasible``, with the bound
on the objective if it gives one.
"""

from __future__ import annotations

import math
import time

import pulp

Said = tuple[str, float | None]


def _highs(problem: pulp.LpProblem, left: float, threads: int, tolerance: float) -> Said:
    """Solve in process; that there is no point is believed when it is said twice."""
    since = time.monotonic()
    said = _ask_highs(problem, left, threads, tolerance, seed=0)
    if said[0] == "infeasible":
        left = max(0.0, left - (time.monotonic() - since))
        said = _ask_highs(problem, left, threads, tolerance, seed=1)
    return said


def _ask_highs(
    problem: pulp.LpProblem, left: float, threads: int, tolerance: float, seed: int
) -> Said:
    """Ask HiGHS itself: PuLP's own status says Optimal too often."""
    import highspy

    solver = pulp.HiGHS(
        msg=False,
        gapRel=0.0,
        gapAbs=0.5,
        threads=threads,
        timeLimit=left if math.isfinite(left) else None,
        mip_feasibility_tolerance=tolerance,
        primal_feasibility_tolerance=1e-9,
        random_seed=seed,
        presolve="off",  # it has been seen to lose optima (HiGHS 1.13 and 1.14)
    )
    problem.solve(solver)
    highs = problem.solverModel
    status, info = highs.getModelStatus(), highs.getInfo()
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


def _cbc(problem: pulp.LpProblem, left: float, threads: int, tolerance: float) -> Said:
    """Solve in a process of CBC's; a bound is only known when it says Optimal."""
    solver = pulp.COIN_CMD(
        path=getattr(pulp.PULP_CBC_CMD, "pulp_cbc_path", None),
        msg=False,
        gapRel=0.0,
        gapAbs=0.5,
        threads=threads if threads > 1 else None,
        timeLimit=left if math.isfinite(left) else None,
        # its integer preprocessing has been seen to call a worse point optimal; without it, branching
        # first on what has a cost keeps `balance` from taking minutes
        options=[f"integerTolerance {tolerance}", "preprocess off", "costStrategy priorities"],
    )
    problem.solve(solver)
    status = problem.sol_status
    # "Integer infeasible" reaches PuLP's status only, not its sol_status
    if pulp.LpStatusInfeasible == problem.status or status == pulp.LpSolutionInfeasible:
        return "infeasible", None
    if status == pulp.LpSolutionOptimal:
        return "optimal", None
    return ("feasible" if status == pulp.LpSolutionIntegerFeasible else "nothing"), None


RUN = {"highs": _highs, "cbc": _cbc}
