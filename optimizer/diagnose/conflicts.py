"""Conflicts: which rules cannot be obeyed together, down to the single inequality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.diagnose.bench import Bench, StoppedError
from optimizer.diagnose.cores import Cores
from optimizer.diagnose.parts import Inequality, Part, Stated

PATIENCE = 40  # questions to the solver about one set of clauses before its inequalities are left


@dataclass(frozen=True)
class Conflict:
    """Inequalities that no allocation obeys together.

    Parameters
    ----------
    inequalities
        The members, in the policy's order.
    minimal
        Whether it is proved that the others can be obeyed once any one member is left out.
    smallest
        Whether it is proved that these clauses have no conflict of fewer inequalities, and the
        policy none of fewer clauses.
    """

    inequalities: tuple[Inequality, ...]
    minimal: bool = True
    smallest: bool = True

    @property
    def parts(self) -> tuple[Part, ...]:
        """The clauses and directions in it, each once."""
        return tuple(dict.fromkeys(i.part for i in self.inequalities))

    def members(self, part: Part) -> list[Inequality]:
        """Return those of one of its parts."""
        return [i for i in self.inequalities if i.part == part]


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
        while not bench.possible(stated.keeping(left)):
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
    cores = Cores(bench, stated, clauses)
    complete = cores.smallest(limit)
    found: list[Conflict] = []
    for chosen in cores.found:
        inside = [i for group in sorted(chosen) for i in clauses[group]]
        fresh, all_of_them = _refined(bench, stated, inside, clauses=len(chosen), limit=limit)
        found += fresh
        complete = complete and all_of_them
    return found[:limit], complete and len(found) <= limit


def _refined(
    bench: Bench, stated: Stated, inside: Sequence[Inequality], clauses: int, limit: int
) -> tuple[list[Conflict], bool]:
    """Go from clauses down to single inequalities, as far as the patience goes."""
    if len(inside) == clauses:
        return [Conflict(tuple(inside))], True
    cores = Cores(bench, stated, [(i,) for i in inside], PATIENCE)
    complete, one = False, None
    try:
        one = cores.one()
        complete = cores.smallest(limit)
    except StoppedError:
        if one is None:
            return [_unproved(inside)], False
    proved = cores.found or len(one) == clauses
    return [
        Conflict(tuple(inside[n] for n in sorted(chosen)), smallest=bool(proved))
        for chosen in cores.found or [one]
    ], complete


def _grouped(inequalities: Sequence[Inequality]) -> list[list[Inequality]]:
    groups: dict[tuple[str, str], list[Inequality]] = {}
    for inequality in inequalities:
        groups.setdefault(inequality.clause, []).append(inequality)
    return list(groups.values())


def _unproved(inequalities: Sequence[Inequality]) -> Conflict:
    return Conflict(tuple(inequalities), minimal=False, smallest=False)
