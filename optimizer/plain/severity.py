"""Reviewers' severity, fitted a second time (Raymond and Viswesvaran 1993).

Each total is the application's own worth plus the reviewer's effect plus an error; least squares.
For a reviewer r this asks that, over the applications a that r marked,

    ``sum_a (effect_r - mean effect of the reviewers of a) = sum_a (total_ar - mean total of a)``,

in each group of reviewers whom common applications link; there the effects, each counted once a
review, add up to nothing. They are published in hundredths of a point, halves to the even one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm

Number = int | Fraction


def effects_of(totals: Iterable[Mapping[str, Number]], scale: int) -> dict[str, int]:
    """Return each reviewer's effect in hundredths of a point."""
    reviewed = [by for by in totals if by]
    common = lcm(*(len(by) for by in reviewed))
    left: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    right: dict[str, Number] = defaultdict(int)
    times: dict[str, int] = defaultdict(int)
    for by in reviewed:
        part, whole = common // len(by), sum(by.values())
        for r, total in by.items():
            times[r] += 1
            right[r] += common * total - part * whole
            left[r][r] += common
            for s in by:
                left[r][s] -= part
    found: dict[str, int] = {}
    for group in _groups(left):
        rows = [[Fraction(left[r].get(s, 0)) for s in group] + [Fraction(right[r])] for r in group]
        rows[-1] = [Fraction(times[s]) for s in group] + [Fraction(0)]
        for reviewer, effect in zip(group, _solved(list(map(_whole, rows))), strict=True):
            found[reviewer] = round(effect * 100 / scale)
    return found


def _groups(links: Mapping[str, Mapping[str, int]]) -> Iterable[list[str]]:
    """Yield the groups of reviewers whom common applications link."""
    open_ = set(links)
    for reviewer in sorted(links):
        if reviewer in open_:
            group, ahead = set[str](), [reviewer]
            while ahead:
                one = ahead.pop()
                if one not in group:
                    group.add(one)
                    ahead.extend(links[one])
            open_ -= group
            yield sorted(group)


def _whole(row: Sequence[Fraction]) -> list[int]:
    """Multiply an equation so that it has the least whole coefficients."""
    common = lcm(*(value.denominator for value in row))
    whole = [int(value * common) for value in row]
    divisor = gcd(*whole) or 1
    return [value // divisor for value in whole]


def _solved(rows: list[list[int]]) -> list[Fraction]:
    """Solve equations in whole numbers, exactly: each unknown is taken out of all the others."""
    for k in range(len(rows)):
        pivot = next(i for i in range(k, len(rows)) if rows[i][k])
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for i, row in enumerate(rows):
            if i != k and row[k]:
                a, b = rows[k][k], row[k]
                mixed = [a * x - b * y for x, y in zip(row, rows[k], strict=True)]
                divisor = gcd(*mixed) or 1
                rows[i] = [value // divisor for value in mixed]
    return [Fraction(row[-1], row[k]) for k, row in enumerate(rows)]
