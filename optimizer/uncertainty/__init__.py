"""How firm decisions are: marks drawn anew, expected ranks, and what the whole program then decides."""

from optimizer.uncertainty.robustness import Robustness, robustness
from optimizer.uncertainty.written import write_robustness

__all__ = ["Robustness", "robustness", "write_robustness"]
