"""Conflicts: which rules cannot be obeyed together, down to the single inequality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.diagnose.bench import Bench, StoppedError
from optimizer.diagnose.cores import Cores
from optimizer.diagnose.parts import Inequality, Stated, picked
from optimizer.program import Shortfall

PATIENCE = 40  # questions to the solver about one set of clauses before its inequalities are left
SMALL = 12  # inequalities of a conflict up to which each is left out once more


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
    cores = Cores(bench, stated, clauses)
    complete = cores.smallest(limit)
    found: list[Conflict] = []
    for chosen in cores.found:
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
    complete, one = False, None
    try:
        one = cores.one()
        complete = cores.smallest(limit)
    except StoppedError:
        if one is None:
            return [_unproved(inside)], False
    proved = cores.found or len(one) == clauses
    return [
        _explained(bench, stated, [inside[n] for n in sorted(chosen)], bool(proved))
        for chosen in cores.found or [one]
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
    """Leave members out in turn: the rest must be possible, and comes so near to them.

    Of a large conflict only those are asked about whose figure is said; that none of the others
    can be left out has been found with the conflict itself.
    """
    parts = [member.part for member in members]
    asked = [len(members) <= SMALL or parts.count(part) == 1 for part in parts]
    try:
        reached = tuple(
            _reached(bench, stated, members, member) if wanted else None
            for member, wanted in zip(members, asked, strict=True)
        )
    except StoppedError:
        return Conflict(tuple(members), (None,) * len(members), minimal=False, smallest=smallest)
    proved = all(n is not None for n, wanted in zip(reached, asked, strict=True) if wanted)
    return Conflict(tuple(members), reached, minimal=proved, smallest=smallest)


def _reached(
    bench: Bench, stated: Stated, members: Sequence[Inequality], member: Inequality
) -> int | None:
    """Minimise ``max(0, how far the member is from being met)`` under all others."""
    rows = picked(stated.program.rows[member.block], [member.row])
    rest = stated.keeping(other for other in members if other != member)
    answer = bench.best(rest, Shortfall(rows))
    if answer.value is None:
        return None
    return int(rows.rhs[0]) + (answer.value if rows.sense == ">=" else -answer.value)
