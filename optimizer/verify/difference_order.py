"""Which of the differences come first: what was changed before what only follows from it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from optimizer.problems.errors import Problem
from optimizer.verify.suspect import CODE

_OTHER_CASE = ("content", "policy")
_FILES = ("changed", "missing_folder", "missing_file", "malformed", "unlisted", "not_utf8")
_OF_THE_LIST = 2
_FUNDAMENTAL = 3


def ordered(
    found: Sequence[Problem], broken: Collection[Problem], other: bool
) -> tuple[list[Problem], int]:
    """Return the differences, the most fundamental first, and how many are to be said one by one.

    Of another case only that it is another; elsewhere, where something fundamental is wrong, what
    else differs mostly follows from it and is counted, but for the first place of every file that was
    changed, which may have been changed by itself.
    """
    weights = {id(one): _weight(one, one in broken) for one in found}
    changed = {one.file for one in found if one.code == "changed"}
    inside = [one for one in found if weights[id(one)] > _FUNDAMENTAL]
    firsts = list({one.file: one for one in reversed(inside)}.values())
    if any(_OF_THE_LIST <= weight <= _FUNDAMENTAL for weight in weights.values()):
        said = {one.file for one in found if _OF_THE_LIST <= weights[id(one)] <= _FUNDAMENTAL}
        told = [one for one in firsts if one.file in changed - said]
    else:
        told = [*firsts, *(one for one in inside if one.file in changed)] if changed else []
    weights |= {id(one): _FUNDAMENTAL for one in told}
    by_weight = sorted(found, key=lambda one: weights[id(one)])
    most = 0 if other else _FUNDAMENTAL
    first = sum(weight <= most for weight in weights.values())
    return by_weight, first or len(by_weight)


def _weight(one: Problem, is_rule: bool) -> int:
    """Return how fundamental a difference is; 0 is the most."""
    if one.code in _OTHER_CASE and one.file != "awards.csv":
        return 0
    if one.code in _FILES:
        return 1
    if one.code == CODE:
        return 2
    if is_rule or one.code in ("seal", "commitment"):
        return 3
    return 4
