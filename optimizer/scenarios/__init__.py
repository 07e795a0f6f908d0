"""Scenarios: named changes to one policy, and their results side by side."""

from optimizer.scenarios.batch import batch
from optimizer.scenarios.comparison import Comparison, compare
from optimizer.scenarios.diff import Difference, diff
from optimizer.scenarios.frontier import Frontier, frontier
from optimizer.scenarios.frontier_point import FrontierPoint
from optimizer.scenarios.outcome import Outcome
from optimizer.scenarios.pool_curve import PoolSteps, pool_curve
from optimizer.scenarios.price_book import PriceBook, prices
from optimizer.scenarios.price_of_rules import PriceOfRules, price_of_rules
from optimizer.scenarios.read import read_scenarios
from optimizer.scenarios.scenario import Scenario, apply
from optimizer.scenarios.sweep import Sweep, sweep
from optimizer.scenarios.write import write_comparison, write_sweep
from optimizer.scenarios.write_prices import write_prices

__all__ = [
    "Comparison",
    "Difference",
    "Frontier",
    "FrontierPoint",
    "Outcome",
    "PoolSteps",
    "PriceBook",
    "PriceOfRules",
    "Scenario",
    "Sweep",
    "apply",
    "batch",
    "compare",
    "diff",
    "frontier",
    "pool_curve",
    "price_of_rules",
    "prices",
    "read_scenarios",
    "sweep",
    "write_comparison",
    "write_prices",
    "write_sweep",
]
