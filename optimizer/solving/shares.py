"""The shares of their admissible amounts that awards can be: found without listing them all."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.program.objectives import LeastShare
from optimizer.program.program import Program


def middle_share(program: Program, objective: LeastShare, above: int, most: int) -> int:
    """Return a share in the middle of those that can occur above one and up to another.

    It is the weighted median of every application's own middle, so that a quarter of them at least
    lies on either side; `most` itself must be one of them.
    """
    spans = sorted(_spans(program, objective, above, most)) or [(most, 1)]
    half, seen = sum(count for _, count in spans), 0
    for middle, count in spans:
        seen += 2 * count
        if seen >= half:
            return middle
    raise AssertionError("the counts add up")


def share_below(program: Program, objective: LeastShare, share: int, least: int) -> int:
    """Return the greatest share that can occur below one, and `least` if that is greater."""
    return max([least, *_tops(program, objective, share - 1)])


def _steps(program: Program, objective: LeastShare) -> Iterator[tuple[int, int, int]]:
    """Yield, of every application, the share of one unit and the least and most units it can get."""
    unit = program.unit
    for least, most in zip(program.least.tolist(), objective.most.tolist(), strict=True):
        yield unit * (objective.denominator // most), least // unit, most // unit


def _spans(
    program: Program, objective: LeastShare, above: int, most: int
) -> Iterator[tuple[int, int]]:
    """Yield the middle and the number of each application's shares in ``(above, most]``."""
    for step, low, high in _steps(program, objective):
        first, last = max(low, above // step + 1), min(high, most // step)
        if first <= last:
            yield (first + last) // 2 * step, last - first + 1


def _tops(program: Program, objective: LeastShare, most: int) -> Iterator[int]:
    """Yield each application's greatest share up to `most`."""
    for step, low, high in _steps(program, objective):
        last = min(high, most // step)
        if last >= low:
            yield last * step
