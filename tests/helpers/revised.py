"""Small random rounds, published and revised."""

from __future__ import annotations

import random
from dataclasses import replace

from helpers.rounds import random_case

from optimizer.case.case import Case
from optimizer.pipe import allocate
from optimizer.problems.errors import InfeasibleError
from optimizer.result.allocation import Allocation
from optimizer.revisions import Revision, revise
from optimizer.revisions.published import Published


def made(number: int) -> tuple[Allocation, Case, Revision]:
    """Publish a small random round with little money and let two of its winners go."""
    rng = random.Random(f"why {number}")
    while True:
        case = random_case(rng, 6, "full")
        settings = case.policy.settings
        amount = rng.choice((1_500, 2_000, 2_500)) + settings.pool.contingency
        policy = case.policy.with_settings(
            replace(settings, pool=replace(settings.pool, amount=amount))
        )
        records = replace(case.records, settings=policy.settings)
        case = replace(case, policy=policy, records=records)
        try:
            published = allocate(case)
            was = sorted(Published.of(published).funded)
            pool = rng.choice((None, amount + 1_500))
            if len(was) > 1 and not published.decision.fund.all():
                gone = rng.sample(was, 2)
                return published, case, revise(published, case, withdraw=gone, pool=pool)
        except InfeasibleError:
            continue
