"""Structures of few schools, drawn at random, and every list there is of one."""

from __future__ import annotations

import random
from itertools import product
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from optimizer.solving.dynamic.beside import Beside, Bundle
from optimizer.solving.dynamic.packing import Worth
from optimizer.solving.dynamic.structure import Structure


def drawn(rng: random.Random) -> Structure:
    """Draw a structure of few schools of two applications, many of them worth the same."""
    zones = rng.randint(1, 3)
    zone = sorted(rng.choices(range(zones), k=rng.randint(1, 5)))
    zone = [sorted(set(zone)).index(z) for z in zone]
    bundles: list[tuple[int, int, int]] = []
    start = [0]
    for _ in zone:
        mine = {(0, 0)} if rng.random() < 0.8 else set()
        while len(mine) < rng.randint(1, 4):
            mine.add((rng.randint(0, 3), rng.randint(0, 2)))
        bundles += [(*award, rng.randint(-1, 6) if any(award) else 0) for award in mine]
        start.append(len(bundles))
    award = np.array([bundle[:2] for bundle in bundles], dtype=np.int64)
    bonus = rng.choice((0, 1, 9))
    each = np.array([bundle[2] for bundle in bundles], dtype=np.int64)
    worth = Worth((), each, bonus, per_fund=np.zeros(0, dtype=np.int64), per_award=())
    return Structure(
        cast(Any, SimpleNamespace(size=2 * len(zone))),
        1,
        1,
        pool=rng.randint(0, 8),
        apps=np.arange(2 * len(zone)).reshape(-1, 2),
        start=np.array(start),
        zone=np.array(zone),
        levels=np.array([rng.choice((0, 1, 1, 1, 2, 3)) for _ in sorted(set(zone))]),
        each=np.array([rng.choice((1, 1, 2)) for _ in range(2 * len(zone))]),
        award=award,
        cost=award.sum(axis=1),
        worths=(worth,),
        wide=(),
    )


def every(structure: Structure, own: dict[int, list[Bundle]], pool: int) -> dict[int, list[Any]]:
    """Return the awards of all lists within a pool by their worth."""
    tables = Beside(structure, pool)
    schools = [own.get(c, tables.bundles(c)) for c in range(len(structure.zone))]
    found: dict[int, list[Any]] = {}
    for chosen in product(*schools):
        if sum(bundle.cost for bundle in chosen) <= pool:
            reached = [0] * len(structure.levels)
            for c, bundle in enumerate(chosen):
                funded = zip(structure.apps[c].tolist(), bundle.award, strict=True)
                reached[structure.zone[c]] += sum(int(structure.each[a]) for a, x in funded if x)
            levels = sum(map(min, reached, structure.levels.tolist()))
            worth = sum(bundle.worth for bundle in chosen) + structure.worths[0].bonus * levels
            found.setdefault(worth, []).append([x for bundle in chosen for x in bundle.award])
    return found
