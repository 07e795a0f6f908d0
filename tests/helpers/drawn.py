"""Results that figures draw, made up or worked out on small rounds."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from types import SimpleNamespace
from typing import Any

import pandas as pd
from checks.merits import Marks, reviewed
from helpers.rounds import random_case
from helpers.stub import allocation_stub
from matplotlib.axes import Axes

from optimizer import plots, prices, robustness
from optimizer.plots import firmness, yardsticks
from optimizer.problems.errors import InfeasibleError
from optimizer.result.dtypes import exact_text
from optimizer.scenarios.price_book import PriceBook
from optimizer.uncertainty.robustness import Robustness


def priced_book(rng: random.Random, lang: str = "zh-TW") -> PriceBook:
    """Price the rules of a random round with two priorities or more."""
    while True:
        try:
            book = prices(random_case(rng, 9), pools=(0, 4_000), points=5, language=lang)
        except InfeasibleError:
            continue
        if book.frontier is not None:
            return book


def robust() -> Robustness:
    """Return how firm the decisions of a small round are, by a few draws."""
    rng = random.Random(3)
    marks: Marks = {
        f"A{a:02d}": {r: [rng.randint(50, 90)] for r in rng.sample("甲乙丙丁", 3)}
        for a in range(14)
    }
    given = {"pool": {"amount": 6_000}, "priority": [{"kind": "merit"}], "draw": {"seed": "s"}}
    return robustness(reviewed(marks, {"criteria": {"all": 100}}, **given), draws=6)


def comparison(scenarios: int = 4) -> SimpleNamespace:
    """Make up totals; of every seven scenarios one has no list, and of every eleven one no time."""
    names = ["現行辦法", "pool of $800,000 and $900,000", "不限行政區", "學校上限 4,000"]
    rows = [
        _totals(n, names[n % 4] + " 很長的情境名稱" * (n % 3)) if n % 7 != 3 else {}
        for n in range(scenarios)
    ]
    columns = list(_totals(0, ""))
    totals = pd.DataFrame(rows, columns=columns).astype(object)
    totals["scenario"] = [names[n % 4] + " 很長的情境名稱" * (n % 3) for n in range(scenarios)]
    none = ["limit" if n % 2 else "infeasible" for n in range(scenarios)]
    totals["status"] = [
        s if isinstance(s, str) else no for s, no in zip(totals["status"], none, strict=True)
    ]
    return SimpleNamespace(totals=totals)


def _totals(n: int, name: str) -> dict[str, Any]:
    points = {"mean_merit": Fraction(262, 3), "merit_of_money": Fraction(8_707, 100)}
    points |= {"lowest_funded": Fraction(211, 3), "highest_not_funded": Fraction(92 + n % 3)}
    return {
        "scenario": name,
        "status": "feasible" if n % 5 == 1 else "optimal",
        "spent": 879_900 - 10_000 * (n // 3),
        "left": 100,
        "funded": 251 - n,
        "passed_over": 1_200 + n,
        "lost_to_sister": n,
        "districts_covered": 28,
        "disadvantaged_funded": 20 + n % 3,
        **{f"{name}_exact": exact_text(value - n) for name, value in points.items()},
    }


OF_A_LIST = (
    plots.scores_figure,
    plots.districts_map,
    plots.districts_figure,
    plots.pool_figure,
    plots.disadvantage_figure,
    plots.reviewers_figure,
)
Drawn = tuple[Callable[..., Axes], Any]


@cache
def every_figure() -> tuple[Drawn, ...]:
    """Return every figure with a result to draw."""
    book, found, stub = priced_book(random.Random("in a grid")), robust(), allocation_stub()
    lists = SimpleNamespace(
        outcomes=[SimpleNamespace(name=n, status="optimal", allocation=stub) for n in "甲乙"],
        totals=comparison(2).totals,
    )
    return (
        *((draw, stub) for draw in OF_A_LIST),
        (plots.equity_figure, book.base.equity),
        (plots.rules_figure, book.rules),
        (plots.pools_figure, book.pools),
        (plots.frontier_figure, book.frontier),
        (plots.compare_figure, comparison()),
        (plots.lists_figure, lists),
        *((draw, found) for draw in (firmness.FIGURES | yardsticks.FIGURES).values()),
    )
