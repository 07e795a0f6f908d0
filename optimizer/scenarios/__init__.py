"""Scenarios: named changes to one policy, and their results side by side."""

from optimizer.scenarios.comparison import Comparison, compare
from optimizer.scenarios.diff import Difference, diff
from optimizer.scenarios.frontier import Frontier, frontier
from optimizer.scenarios.frontier_point import FrontierPoint
from optimizer.scenarios.outcome import Outcome
from optimizer.scenarios.price_of_rules import PriceOfRules, price_of_rules
from optimizer.scenarios.read import Scenario, apply, read_scenarios
from optimizer.scenarios.sweep import Sweep, sweep
from optimizer.scenarios.write import write_comparison, write_sweep

__all__ = [
    "Comparison",
    "Difference",
    "Frontier",
    "FrontierPoint",
    "Outcome",
    "PriceOfRules",
    "Scenario",
    "Sweep",
    "apply",
    "compare",
    "diff",
    "frontier",
    "price_of_rules",
    "read_scenarios",
    "sweep",
    "write_comparison",
    "write_sweep",
]
