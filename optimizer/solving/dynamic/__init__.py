"""An exact dynamic programme over spent units: the same optimum without an integer program.

It takes every policy in which little more than the pool ties districts together, works in integers
throughout, and says plainly which policies it cannot take. In five parts:

- `structure`: schools as *bundles* (every permitted combination of a school's awards, a
  multiple-choice knapsack), zones (districts), and the few inequalities that span zones; it is put
  together from `components`, `bundles` and `packing` (several goals in one integer);
- `prices`: Lagrangian prices in integers, which settle most schools at once and prove it;
- `opened`: what prices leave open within a gap, and how many states there is room for;
- `forward_pass`: the dynamic programme over the schools that are left, in a box of states where there is
  room for few; `listed_pass`: the same over a list of the states that are met, where there is room for many;
- `paths`: all optima at once, as a graph, on which later priorities, certainty and the draw work;
- `levels`: goal after goal with prices of its own, where all optima of the first goals would be too many for
  a graph; what each goal is worth is found in a small `core`.

References
----------
H. Kellerer, U. Pferschy, D. Pisinger, *Knapsack Problems*, Springer 2004, chapter 11 (the
multiple-choice knapsack and its core), doi 10.1007/978-3-540-24777-7.
"""

from optimizer.solving.dynamic.curve import Forced, PoolCurve, forced, pool_curve, relaxed_optimum
from optimizer.solving.dynamic.engine import Dynamic, Optima, Prepared, solve_additive
from optimizer.solving.dynamic.levels import Settled
from optimizer.solving.dynamic.packing import NotTakeable
from optimizer.solving.dynamic.structure import additive_goals

__all__ = [
    "Dynamic",
    "Forced",
    "NotTakeable",
    "Optima",
    "PoolCurve",
    "Prepared",
    "Settled",
    "additive_goals",
    "forced",
    "pool_curve",
    "relaxed_optimum",
    "solve_additive",
]
