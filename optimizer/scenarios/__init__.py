"""Scenarios: named changes to one policy, and their results side by side."""

from optimizer.scenarios.batch import batch
from optimizer.scenarios.comparison import Comparison, compare
from optimizer.scenarios.diff import Difference, diff
from optimizer.scenarios.outcome import Outcome
from optimizer.scenarios.read import Scenario, apply, read_scenarios
from optimizer.scenarios.sweep import Sweep, sweep
from optimizer.scenarios.write import write_comparison, write_sweep

__all__ = [
    "Comparison",
    "Difference",
    "Outcome",
    "Scenario",
    "Sweep",
    "apply",
    "batch",
    "compare",
    "diff",
    "read_scenarios",
    "sweep",
    "write_comparison",
    "write_sweep",
]
