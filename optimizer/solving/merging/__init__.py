"""Components merged one after another, states with the same left sides kept once: an exact list, no solver.

A knapsack with several rows has far too many states for a box of all left sides there could be. But most
components move few rows, and many of them along the same line (who is in no quota moves the pool alone).
So components are *merged* in an order in which their left sides stay together, and a row is done with, and
forgotten, as soon as all of its own components are merged (bucket elimination; Dechter 1999, doi
10.1016/S0004-3702(99)00059-4). What loses more than a gap against the bound of an LP's prices is left out.

- `arrivals`, `states`: what merged components can come to; `pairs`: one merge; `several`: many small ones at once;
- `order`: which are merged next;
- `traced`: which options the best states are made of;
- `tied`: the options of a component that has numbers beside its bundles;
- `slack`: how far rows can be more than met at all.

Its numbers are `Words`: whoever calls sees to it, by `Limits.fits`, that no sum of them leaves 64 bits.
"""

from optimizer.solving.merging.order import Alternatives, best_of_all
from optimizer.solving.merging.slack import Vector, least_cost, slacks
from optimizer.solving.merging.states import Limits, NoListError
from optimizer.solving.merging.tied import Tied, TiedOptions, listed
from optimizer.solving.merging.traced import Traced, traced

__all__ = [
    "Alternatives",
    "Limits",
    "NoListError",
    "Tied",
    "TiedOptions",
    "Traced",
    "Vector",
    "best_of_all",
    "least_cost",
    "listed",
    "slacks",
    "traced",
]
