"""Solvers that share no code with the program's own engines, for cross-checks in tests only.

`statement` turns a `Program` into plain lists of integers. `scip` (in process) and `cpsat` (in a
process of its own, for OR-tools and HiGHS do not live together) solve a statement priority by
priority, then the draw, in the simplest way there is.
"""

from cross.statement import Refused, Result, certainty_of, state

__all__ = ["Refused", "Result", "certainty_of", "state"]
