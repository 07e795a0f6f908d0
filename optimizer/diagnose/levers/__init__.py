"""Levers: which keys of a clause can make it give way, and by how little.

A rule that has levers of its own has a module here of the same name as its own in `clauses`, with a
function ``levers``; it is found by being there. Any other rule says which of its keys is an upper
bound (`Clause.gives_way`), or can only be taken out.

A lever is one key of the policy. Where it stands is a price, 0 for untouched. It finds the lowest
price that makes the policy possible while the other levers stand where they are put; how depends on
the key:

==================  ===========================================================================
pool, contingency   ``min sum_a award_a`` under everything else
quota, absolute     ``max`` (for at_least) or ``min sum_{a in group} x_a`` under everything else
quota, exactly      the same from both sides: the nearest number
quota, groups       an implicit hitting set: the fewest to be left out, never combined
quota, share        steps up from what is reached, in tenths of a percentage point
decisions by hand   ``max`` number of them obeyed under everything else
minimum award       bisection over the units below it
minimum merit       bisection over the merits that applications have
requests above it   cut to the school cap, or not
school cap          branch and bound over its values, as it also moves what may be granted
==================  ===========================================================================
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from optimizer.clauses import Clause
from optimizer.diagnose.drop import DropLever
from optimizer.diagnose.lever import Lever
from optimizer.diagnose.raising import RaiseLever


def levers(rule: Clause) -> list[Lever]:
    """Return the levers of a clause."""
    own = _modules().get(type(rule).__module__.rpartition(".")[2])
    if own:
        return list(own.levers(rule))
    return [RaiseLever(rule) if rule.gives_way else DropLever(rule)]


@cache
def _modules() -> dict[str, ModuleType]:
    names = [info.name for info in iter_modules(__path__)]
    return {name: import_module(f"{__name__}.{name}") for name in names}
