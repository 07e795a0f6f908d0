"""Merit and points a second time: slow, in fractions, one application at a time, no arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from statistics import mean, median
from typing import Any

from helpers.rounds import make_case, with_reviews

from optimizer.case.case import Case

Marks = Mapping[str, Mapping[str, Sequence[Any]]]


def right_way_round(mark: Any, full: Fraction, review: Mapping[str, Any]) -> Any:
    if mark is None:
        return None
    if review.get("direction") == "lower_is_better":
        return full + Fraction(review.get("lowest", 0)) - Fraction(mark)
    return Fraction(mark)


def slow_totals(
    reviews: Mapping[str, Sequence[Any]], review: Mapping[str, Any]
) -> dict[str, Fraction]:
    full = [Fraction(value) for value in review["criteria"].values()]
    taken = {
        name: [right_way_round(m, f, review) for m, f in zip(marks, full, strict=True)]
        for name, marks in reviews.items()
        if "recused" not in marks
    }
    missing = review.get("missing", "error")
    if missing == "zero":
        return {name: sum((m or Fraction(0)) for m in marks) for name, marks in taken.items()}
    if missing == "criterion_mean":
        means = []
        for column in range(len(full)):
            known = [marks[column] for marks in taken.values() if marks[column] is not None]
            means.append(mean(known) if known else None)
        taken = {
            name: [means[c] if m is None else m for c, m in enumerate(marks)]
            for name, marks in taken.items()
        }
    totals = {}
    for name, marks in taken.items():
        marked = sum(f for m, f in zip(marks, full, strict=True) if m is not None)
        if marked:
            got = sum(m for m in marks if m is not None)
            totals[name] = got * sum(full) / marked
    return totals


def slow_aggregate(totals: Sequence[Fraction], review: Mapping[str, Any]) -> Fraction:
    if not totals:
        return Fraction(0)
    if review.get("aggregate") == "median":
        return Fraction(median(totals))
    if review.get("aggregate") == "trimmed_mean":
        cut = min(review.get("trim", 1), (len(totals) - 1) // 2)
        totals = sorted(totals)[cut : len(totals) - cut]
    return Fraction(mean(totals))


def slow_effects(totals: Mapping[str, Mapping[str, Fraction]]) -> dict[str, Fraction]:
    """Least squares for total = merit of the application + effect of the reviewer, both unknown."""
    cells = [(a, r, y) for a, reviews in totals.items() for r, y in reviews.items()]
    unknowns = sorted({("a", a) for a, _, _ in cells}) + sorted({("r", r) for _, r, _ in cells})
    place = {name: n for n, name in enumerate(unknowns)}
    rows = [[Fraction(0)] * (len(unknowns) + 1) for _ in unknowns]
    for a, r, y in cells:
        i, j = place["a", a], place["r", r]
        for one, other in ((i, j), (j, i)):
            rows[one][one] += 1
            rows[one][other] += 1
            rows[one][-1] += y
    for group in components(cells):
        last = place["r", max(group)]
        rows[last] = [Fraction(0)] * (len(unknowns) + 1)
        for _, r, _ in cells:
            if r in group:
                rows[last][place["r", r]] += 1
    solved = gauss(rows)
    return {name: solved[n] for (kind, name), n in place.items() if kind == "r"}


def components(cells: Sequence[tuple[str, str, Fraction]]) -> list[set[str]]:
    groups = [{r} for r in {r for _, r, _ in cells}]
    for (a, r, _), (b, s, _) in pairwise(sorted(cells)):
        if a == b and r != s:
            one = next(g for g in groups if r in g)
            other = next(g for g in groups if s in g)
            if one is not other:
                groups.remove(other)
                one |= other
    return groups


def gauss(rows: list[list[Fraction]]) -> list[Fraction]:
    size = len(rows)
    for k in range(size):
        pivot = next(i for i in range(k, size) if rows[i][k])
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [value / rows[k][k] for value in rows[k]]
        for i in range(size):
            if i != k and rows[i][k]:
                rows[i] = [x - rows[i][k] * y for x, y in zip(rows[i], rows[k], strict=True)]
    return [row[-1] for row in rows]


def slow_merits(marks: Marks, review: Mapping[str, Any]) -> dict[str, Fraction]:
    totals = {a: slow_totals(reviews, review) for a, reviews in marks.items()}
    if review.get("severity") == "additive":
        effects = {
            r: Fraction(round(effect * 100), 100) for r, effect in slow_effects(totals).items()
        }
        totals = {a: {r: y - effects[r] for r, y in rs.items()} for a, rs in totals.items()}
    return {a: slow_aggregate(list(rs.values()), review) for a, rs in totals.items()}


def slow_points(marks: Marks, review: Mapping[str, Any]) -> dict[str, list[Fraction]]:
    full = [Fraction(value) for value in review["criteria"].values()]
    zero = review.get("missing") == "zero"
    found = {}
    for a, reviews in marks.items():
        taken = [m for m in reviews.values() if "recused" not in m]
        found[a] = []
        for c, top in enumerate(full):
            known = [right_way_round(m[c], top, review) for m in taken]
            known = (
                [m or Fraction(0) for m in known] if zero else [m for m in known if m is not None]
            )
            found[a].append(mean(known) if known else Fraction(0))
    return found


def reviewed(marks: Marks, review: Mapping[str, Any], **document: Any) -> Case:
    case = make_case([{"application_id": a} for a in marks], review=dict(review), **document)
    return with_reviews(case, marks)
