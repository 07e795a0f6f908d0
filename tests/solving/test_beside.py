"""Best lists with a bundle, and for every pool, against every choice of a bundle a school.

``SUBSIDY_BESIDE_CASES`` says how many random structures are drawn.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from helpers.structures import drawn, every

from optimizer.solving.dynamic.beside import Beside, Bundle
from optimizer.solving.dynamic.best_lists import NEVER, best_lists
from optimizer.solving.dynamic.bundles import Instead, bundles_of
from optimizer.solving.dynamic.ceilings import least_of_lines

CASES = int(os.environ.get("SUBSIDY_BESIDE_CASES", "60"))
Chosen = list[tuple[int, int, tuple[int, ...]]]  # cost, worth and awards of each school


def test_a_best_list_with_a_bundle_is_one_of_all_there_are() -> None:
    tally: Counter[str] = Counter()
    for seed in range(CASES):
        rng = random.Random(f"beside {seed}")
        structure = drawn(rng)
        pool = rng.randint(structure.pool, 12)
        tables, wanted = Beside(structure, pool), []
        for c in range(len(structure.zone)):
            some = tables.bundles(c)
            new = [Bundle((rng.randint(1, 3), rng.randint(0, 3)), 0, rng.randint(-1, 6))]
            new = [Bundle(b.award, sum(b.award), b.worth) for b in new]
            wanted += [(c, some), (c, rng.sample(some, rng.randint(0, len(some)))), (c, new)]
        for c, bundles in wanted:
            best = tables.best(c, bundles)
            lists = every(structure, {c: list(bundles)}, pool)
            if best is None:
                assert not lists
                tally["none"] += 1
                continue
            top = max(lists)
            assert (best.worth, best.alone) == (top, len(lists[top]) == 1)
            assert best.award.tolist() in lists[top]
            tally["alone" if best.alone else "among others"] += 1
    assert min(tally.values()) > CASES // 4 and len(tally) == 3


def test_a_best_list_of_every_pool_is_one_of_all_there_are() -> None:
    tally: Counter[bool] = Counter()
    for seed in range(CASES):
        structure = drawn(random.Random(f"pools {seed}"))
        lists = best_lists(structure, structure.pool)
        for place, worth in enumerate(lists.worth.tolist()):
            found = every(structure, {}, structure.pool + place)
            if worth <= NEVER // 2:
                assert not found
                continue
            alone = bool(lists.alone[place])
            assert (worth, alone) == (max(found), len(found[max(found)]) == 1)
            assert structure.award[lists.bundle[:, place]].ravel().tolist() in found[worth]
            tally[alone] += 1
    assert min(tally.values()) > CASES // 4 and len(tally) == 2


def test_the_least_of_lines_is_found_at_every_whole_number() -> None:
    rng, at = random.Random("lines"), np.arange(60)
    for _ in range(300):
        slopes = sorted(rng.sample(range(40), rng.randint(1, 12)))
        starts = [rng.randint(-50, 200) for _ in slopes]
        begun, line = zip(*least_of_lines(slopes, starts), strict=True)
        found = np.array(line)[np.searchsorted(begun, at, side="right") - 1]
        every = np.array(starts)[:, None] + np.array(slopes)[:, None] * at
        assert found.tolist() == every.argmin(axis=0).tolist(), (slopes, starts)


def test_bundles_with_other_awards_of_one_application_each() -> None:
    """Several schools at once, one of them twice: each as if laid out alone, by hand."""
    least, most = np.array([2, 4, 3, 2]), np.array([4, 4, 5, 2])
    program = cast(Any, SimpleNamespace(least=least, most=most, unit=1))
    apps = np.array([[0, 1], [2, -1], [3, -1]])
    instead = Instead(np.array([1, 2, 0]), np.array([1, 6, 3]), np.array([2, 7, 3]))
    award, task = bundles_of(program, apps, np.array([0, 1, 0]), [], instead)
    found = [award[task == n].tolist() for n in range(3)]
    assert found[0] == [[one, two] for one in (0, 2, 3, 4) for two in (1, 2)]
    assert found[1] == [[6, 0], [7, 0]]
    assert found[2] == [[3, 0], [3, 4]]
