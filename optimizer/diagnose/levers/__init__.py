"""Levers: for each kind of clause, which keys can make it give way, and by how little.

A lever is one key of the policy. Where it stands is a price, 0 for untouched. It finds the lowest
price that makes the policy possible while the other levers stand where they are put; how depends on
the key:

==================  ===========================================================================
pool, contingency   ``min sum_a award_a`` under everything else
quota, absolute     ``max`` (for at_least) or ``min sum_{a in group} x_a`` under everything else
quota, share        steps up from what is reached, in tenths of a percentage point
decisions by hand   ``max`` number of them obeyed under everything else
minimum merit       bisection over the merits that applications have
school cap          branch and bound over its values, as it also moves what may be granted
==================  ===========================================================================
"""

from __future__ import annotations

from fractions import Fraction
from functools import singledispatch

from optimizer.clauses import Clause
from optimizer.clauses.fixed import Fixed
from optimizer.clauses.minimum_merit import MinimumMerit
from optimizer.clauses.pool import PoolLimit
from optimizer.clauses.quota import Quota
from optimizer.clauses.school_cap import SchoolCap
from optimizer.diagnose.levers.base import Lever
from optimizer.diagnose.levers.cap import CapLever
from optimizer.diagnose.levers.decision import DecisionLever
from optimizer.diagnose.levers.drop import DropLever
from optimizer.diagnose.levers.merit import MeritLever
from optimizer.diagnose.levers.pool import ContingencyLever, PoolLever
from optimizer.diagnose.levers.quota import QuotaLever, ShareLever

__all__ = ["Lever", "levers"]


@singledispatch
def levers(rule: Clause) -> list[Lever]:
    """Return the levers of a clause: for a kind not known here, taking it out."""
    return [DropLever(rule)]


@levers.register
def _(rule: PoolLimit) -> list[Lever]:
    return [PoolLever(rule), *([ContingencyLever(rule)] if rule.contingency else [])]


@levers.register
def _(rule: SchoolCap) -> list[Lever]:
    return [CapLever(rule)]


@levers.register
def _(rule: Quota) -> list[Lever]:
    found: list[Lever] = []
    for bound, least in ((rule.at_least, True), (rule.at_most, False)):
        if isinstance(bound, Fraction):
            found.append(ShareLever(rule, least))
        elif bound is not None:
            found.append(QuotaLever(rule, least))
    return found


@levers.register
def _(rule: Fixed) -> list[Lever]:
    return [
        DecisionLever(rule, fund) for ids, fund in ((rule.fund, True), (rule.refuse, False)) if ids
    ]


@levers.register
def _(rule: MinimumMerit) -> list[Lever]:
    return [MeritLever(rule)] if rule.points else []
