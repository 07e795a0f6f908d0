"""Conflicts: which rules cannot be obeyed together, down to the single inequality."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from optimizer.diagnose.bench import Bench, StoppedError
from optimizer.diagnose.cores import Cores
from optimizer.diagnose.parts import Inequality, Stated, picked
from optimizer.program import Shortfall

PATIENCE = 60  # questions to the solver about one set of clauses before its inequalities are left


@dataclass(frozen=True)
class Conflict:
    """Inequalities that no allocation obeys together.

    Parameters
    ----------
    inequalities
        The members, in the policy's order.
    reached
        For each member, the nearest that its left-hand side comes to the right-hand side when all
        other members are obeyed; None where not worked out.
    minimal
        Whether it is proved that the others can be obeyed once any one member is left out.
    smallest
        Whether it is proved that these clauses have no conflict of fewer inequalities, and the
        policy none of fewer clauses.
    """

    inequalities: tuple[Inequality, ...]
    reached: tuple[int | None, ...]
    minimal: bool = True
    smallest: bool = True

    @property
    def clauses(self) -> tuple[tuple[str, str], ...]:
        """Section and label of the clauses in it, each once."""
        return tuple(dict.fromkeys(i.clause for i in self.inequalities))


def find_conflicts(bench: Bench, stated: Stated, limit: int) -> tuple[tuple[Conflict, ...], bool]:
    """Return the smallest conflicts, then those that are left once these are set aside.

    First come all sets of the fewest clauses, and in each all sets of the fewest inequalities;
    what has nothing in common with any of them follows.

    Returns
    -------
    conflicts
        At most `limit`.
    complete
        Whether these are all.
    """
    found: list[Conflict] = []
    left: Sequence[Inequality] = stated.inequalities
    try:
        while bench.ask(stated.keeping(left)).decision is None:
            if len(found) >= limit:
                return tuple(found), False
            fresh, complete = _smallest(bench, stated, left, limit - len(found))
            found += fresh
            if not complete:
                return tuple(found), False
            used = {i for conflict in found for i in conflict.inequalities}
            left = [i for i in left if i not in used]
    except StoppedError:
        if not found:
            found = [_unproved(left)]
        return tuple(found), False
    return tuple(found), True


def _smallest(
    bench: Bench, stated: Stated, left: Sequence[Inequality], limit: int
) -> tuple[list[Conflict], bool]:
    clauses = _grouped(left)
    sets, complete = Cores(bench, stated, clauses).smallest(limit)
    found: list[Conflict] = []
    for chosen in sets:
        inside = [i for group in sorted(chosen) for i in clauses[group]]
        fresh, all_of_them = _refined(bench, stated, inside, len(chosen), limit)
        found += fresh
        complete = complete and all_of_them
    return found[:limit], complete and len(found) <= limit


def _refined(
    bench: Bench, stated: Stated, inside: Sequence[Inequality], clauses: int, limit: int
) -> tuple[list[Conflict], bool]:
    """Go from clauses down to single inequalities, as far as the patience goes."""
    if len(inside) == clauses:
        return [_explained(bench, stated, inside, True)], True
    cores = Cores(bench, stated, [(i,) for i in inside], PATIENCE)
    best: list[Inequality] = []
    try:
        best = [inside[n] for n in sorted(cores.one())]
        sets, complete = cores.smallest(limit)
    except StoppedError:
        if not best:
            return [_unproved(inside)], True
        return [_explained(bench, stated, best, len(best) == clauses)], False
    return [
        _explained(bench, stated, [inside[n] for n in sorted(chosen)], True) for chosen in sets
    ], complete


def _grouped(inequalities: Sequence[Inequality]) -> list[list[Inequality]]:
    groups: dict[tuple[str, str], list[Inequality]] = {}
    for inequality in inequalities:
        groups.setdefault(inequality.clause, []).append(inequality)
    return list(groups.values())


def _unproved(inequalities: Sequence[Inequality]) -> Conflict:
    unknown = (None,) * len(inequalities)
    return Conflict(tuple(inequalities), unknown, minimal=False, smallest=False)


def _explained(
    bench: Bench, stated: Stated, members: Sequence[Inequality], smallest: bool
) -> Conflict:
    """Leave each member out in turn: the rest must be possible, and comes so near to it."""
    try:
        reached = tuple(_reached(bench, stated, members))
    except StoppedError:
        return Conflict(tuple(members), (None,) * len(members), minimal=False, smallest=smallest)
    return Conflict(tuple(members), reached, minimal=None not in reached, smallest=smallest)


def _reached(bench: Bench, stated: Stated, members: Sequence[Inequality]) -> Iterator[int | None]:
    """Minimise ``max(0, how far member i is from being met)`` under all other members."""
    for member in members:
        rows = picked(stated.program.rows[member.block], [member.row])
        rest = stated.keeping(other for other in members if other != member)
        answer = bench.best(rest, Shortfall(rows))
        if answer.value is None:
            yield None
        else:
            yield int(rows.rhs[0]) + (answer.value if rows.sense == ">=" else -answer.value)
