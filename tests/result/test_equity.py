"""Who gets the money: groups add up, and curves and coefficients are those of the definition."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pandas as pd
import pytest
from helpers.results import small_allocation
from helpers.rounds import random_case, varied

from optimizer import allocate
from optimizer.problems.errors import CaseError, InfeasibleError
from optimizer.result.equity import GROUPS, Lorenz


def gini(weights: list[int], money: list[int]) -> Fraction:
    """Return half the mean difference of every pair, over the mean: Gini's own definition."""
    units = [(w, Fraction(m, w)) for w, m in zip(weights, money, strict=True) if w]
    whole = sum(w for w, _ in units)
    mean = Fraction(sum(money), whole)
    pairs = sum(v * w * abs(a - b) for (v, a), (w, b) in product(units, units))
    return Fraction(pairs) / (2 * whole * whole * mean)


@pytest.mark.parametrize("number", range(20))
def test_the_coefficient_is_half_the_mean_difference(number: int) -> None:
    rng = random.Random(f"gini {number}")
    weights = [rng.choice((1, 2, 40, 600)) for _ in range(rng.randint(1, 7))]
    money = [rng.choice((0, 0, 500, 1_000, 5_000)) for _ in weights]
    curve = Lorenz.of(weights, money)
    if not any(money):
        assert curve.gini is None
        return
    assert curve.points[0] == (0, 0) and curve.points[-1] == (1, 1)
    assert all(y <= x for x, y in curve.points)
    assert curve.gini == gini(weights, money)


@pytest.mark.parametrize("number", range(8))
def test_every_kind_of_group_adds_up_to_the_round(number: int) -> None:
    rng = random.Random(f"equity {number}")
    try:
        allocation = allocate(varied(random_case(rng, 8), rng))
    except (InfeasibleError, CaseError):
        return
    table, records = allocation.equity.frame, allocation.case.records
    assert set(table["kind"]) == set(GROUPS)
    for _, part in table.groupby("kind", observed=True):
        assert part["awarded"].sum() == allocation.spent
        assert part["funded"].sum() == allocation.decision.fund.sum()
        assert part["applications"].sum() == len(records.applications)
        assert part["eligible"].sum() == allocation.scored.round.size
        assert part["schools"].sum() == len(records.schools)
        assert part["requested"].sum() == records.applications["requested"].sum()
        assert not part["group"].duplicated().any()
    for row in table.to_dict("records"):
        assert Fraction(row["share_applying_exact"]) == Fraction(row["applying"], row["schools"])
        if row["per_student_exact"]:
            assert Fraction(row["per_student_exact"]) * row["students"] == row["awarded"]
    for kind in ("school", "district"):
        points = allocation.equity.lorenz[allocation.equity.lorenz["over"] == kind]
        assert len(points) == len(allocation.equity.curves[kind].points)


def test_groups_are_named_in_the_language_of_the_allocation() -> None:
    allocation = small_allocation()
    chinese = set(allocation.equity.frame["group"])
    english = set(allocation.in_language("en").equity.frame["group"])
    assert {"國小", "非弱勢", "人數不詳", "中區"} <= chinese
    assert {"elementary", "not disadvantaged", "students unknown", "中區"} <= english
    assert not allocation.equity.by_students


def test_groups_of_files_are_codes_and_disadvantage_goes_from_none_to_the_worst() -> None:
    equity = small_allocation().equity
    coded = replace(equity, coded=True).frame
    groups = {kind: list(part["group"]) for kind, part in coded.groupby("kind", observed=True)}
    worst = ["none", "remote", "special_remote", "extreme_remote"]
    assert groups["level"] == [n for n in ("elementary", "junior_high") if n in groups["level"]]
    assert groups["disadvantage"] == [n for n in worst if n in groups["disadvantage"]]
    assert len(groups["disadvantage"]) > 1
    assert groups["size"] == ["unknown"]
    pd.testing.assert_frame_equal(coded.drop(columns="group"), equity.frame.drop(columns="group"))
