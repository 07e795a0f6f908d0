"""Bundles and amounts chosen together, and slacks, against every list there is."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from helpers.frames import holds_the_best, whole
from helpers.rounds import scored_of

from optimizer.case.case import read_case
from optimizer.foundation.exact import Places, Words, dot, exact
from optimizer.invented.generate import generate_round
from optimizer.policy.policy import make_policy
from optimizer.program.program import Program
from optimizer.scoring.build import build_program
from optimizer.solving.bundled import BundleModel
from optimizer.solving.bundled.at_once import at_once
from optimizer.solving.bundled.frame import Frame
from optimizer.solving.bundled.priced import Priced, price
from optimizer.solving.bundled.reduced_costs import losses
from optimizer.solving.bundled.spared import Sides
from optimizer.solving.bundled.sparse import Sparse
from optimizer.solving.bundled.stated import Weights
from optimizer.solving.bundled.whole_options import WholeOptions, whole_options
from optimizer.solving.dynamic.packing import NotTakeable
from optimizer.solving.merging import Alternatives, Limits, Tied, least_cost, listed, slacks
from optimizer.solving.merging.tied import FAR, TOGETHER
from optimizer.solving.options import Options
from optimizer.solving.solve import solve

CASES = 100
TWICE = (
    262,
    1091,
)  # where the slack of an option's own rows was counted with its losses, and once more


def drawn(rng: random.Random) -> Tied:
    """Draw components with a few bundles, numbers and rows of their own."""
    components, k, r = rng.randint(1, 3), rng.randint(0, 3), rng.randint(0, 3)
    owner = [c for c in range(components) for _ in range(rng.randint(1, 3))]

    def integers(*shape: int, of: tuple[int, ...]) -> Words:
        return np.array(
            [rng.choice(of) for _ in range(int(np.prod(shape)))], dtype=np.int64
        ).reshape(shape)

    low = integers(components, k, of=(0, 0, 1, 2))
    return Tied(
        np.array(owner),
        integers(len(owner), of=(0, 0, 2, 5)),
        integers(len(owner), r, of=(0, 3, 4, 6)),
        low=low,
        high=low + integers(components, k, of=(0, 1, 2, 4)),
        lost=integers(components, k, of=(0, 1, 3)),
        falls=integers(components, k, of=(0, 1)) > 0,
        left=integers(components, r, k, of=(-2, -1, -1, 0, 1)),
        needed=integers(components, r, of=(-FAR, -3, 0, 0, 2)),
        equal=integers(components, r, of=(0, 0, 0, 1)) > 0,
        toll=integers(components, r, of=(0, 1, 2)),
    )


def loses(tied: Tied, bundle: int, values: tuple[int, ...]) -> int | None:
    """Return what an option loses; None if it breaks a row."""
    c, lost = int(tied.component[bundle]), int(tied.bundle_lost[bundle])
    for k, value in enumerate(values):
        end = value - tied.low[c, k] if tied.falls[c, k] else tied.high[c, k] - value
        lost += int(tied.lost[c, k] * end)
    for r in range(tied.needed.shape[1]):
        if tied.needed[c, r] > -FAR:
            left = sum(int(tied.left[c, r, k]) * value for k, value in enumerate(values))
            slack = int(tied.bundle_left[bundle, r]) + left - int(tied.needed[c, r])
            if slack < 0 or (slack and tied.equal[c, r]):
                return None
            lost += slack * int(tied.toll[c, r])
    return lost


@pytest.mark.parametrize("together", [2, TOGETHER])
def test_options_within_a_gap_are_all_there_are(
    together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Listed a few bundles at a time, or all together."""
    monkeypatch.setattr("optimizer.solving.merging.tied.TOGETHER", together)
    tally: Counter[str] = Counter()
    for seed in range(CASES):
        rng = random.Random(f"tied {seed}")
        tied, gap = drawn(rng), rng.randint(0, 8)
        expected, all_ = set(), 0
        for bundle, c in enumerate(tied.component.tolist()):
            ends = zip(tied.low[c].tolist(), tied.high[c].tolist(), strict=True)
            for values in product(*(range(a, b + 1) for a, b in ends)):
                lost, all_ = loses(tied, bundle, values), all_ + 1
                if lost is not None and lost <= gap:
                    expected.add((bundle, values))
        assert tied.fits
        found = listed(tied, gap)
        mine = list(zip(found.bundle.tolist(), map(tuple, found.value.tolist()), strict=True))
        assert set(mine) == expected and len(mine) == len(expected), seed
        assert (found.component == tied.component[found.bundle]).all()
        assert (np.diff(found.component) >= 0).all()
        lost = [loses(tied, bundle, values) for bundle, values in mine]
        assert found.lost.tolist() == lost
        fewer = found.losing(gap // 2)
        assert fewer.lost.tolist() == [
            each for each in lost if each is not None and each <= gap // 2
        ]
        tally["none" if not expected else "all" if len(expected) == all_ else "some"] += 1
    assert tally["some"] > CASES // 2 and tally["none"]


def test_too_many_options_are_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.solving.merging.tied.LISTED", 1)
    with pytest.raises(NotTakeable):
        for seed in range(CASES):
            listed(drawn(random.Random(f"tied {seed}")), 8)


def test_every_list_within_a_gap_leaves_a_slack_that_is_listed() -> None:
    """And some gaps are shown to hold no list, by the steps of the rows alone."""
    tally: Counter[str] = Counter()
    for seed in range(CASES):
        rng = random.Random(f"slack {seed}")
        sizes = [rng.randint(1, 3) for _ in range(rng.randint(1, 5))]
        rows, count = rng.randint(1, 3), sum(sizes)
        step = rng.choice((1, 2, 5, 6))
        left = np.array(
            [[step * rng.choice((-3, 0, 1, 2)) for _ in range(count)] for _ in range(rows)]
        )
        begin = np.concatenate([[0], np.cumsum(sizes)])
        worth = np.zeros(count, dtype=np.int64)
        equal = np.array([rng.random() < 0.3 for _ in range(rows)])
        price = np.where(equal, 0, [rng.choice((0, 1, 2)) for _ in range(rows)])
        rhs = np.array([rng.randint(-12, 6) for _ in range(rows)])
        limits = Limits(rhs, equal, price, gap=rng.randint(0, 9), room=0)
        found = slacks(Alternatives(begin, left, worth, worth), limits)
        if found is None:
            tally["many"] += 1
            continue
        mine = {tuple(way) for way in found.ways}
        assert len(mine) == len(found.ways)
        costs = [
            int(sum(price[i] * x for i, x in zip(found.rows, way, strict=True)))
            for way in found.ways
        ]
        assert costs == sorted(costs) and max(costs, default=0) <= limits.gap
        seen = set()
        for chosen in product(*(range(a, b) for a, b in pairwise(begin))):
            slack = left[:, chosen].sum(axis=1) - rhs
            obeys = np.where(equal, slack == 0, slack >= 0)[found.rows].all()
            if obeys and int((price * slack)[found.rows].sum()) <= limits.gap:
                seen.add(tuple(slack[found.rows].tolist()))
        assert seen <= mine, seed
        first = left[:, begin[:-1]]
        apart = left - np.repeat(first, sizes, axis=1)
        some = found.rows  # a row without a price could leave any slack
        slack = first.sum(axis=1) - rhs
        least = least_cost(apart[some], slack[some], equal[some], price[some], limits.gap)
        assert least == (costs[0] if mine else None), seed
        tally["none" if not mine else "reached" if seen else "steps alone"] += 1
    assert min(tally["none"], tally["reached"]) > CASES // 8


def framed(rng: random.Random) -> tuple[Frame, Places]:
    """Make components with bundles and extras that bundles allow, under rows over all; whose each column is."""
    owner, extras, spans = [], [], []
    for c in range(rng.randint(2, 4)):
        size = rng.randint(1, 3)
        first = len(owner)
        owner += [c] * size
        for _ in range(rng.randint(0, 2)):
            extras.append((c, first + rng.randrange(size)))
            spans.append(rng.randint(1, 3))
    bundles = len(owner)
    component = np.array([*owner, *(-1 for _ in extras)])
    frame = Frame(component, np.array([1] * bundles + spans))
    count = len(component)
    for place, ((_, bundle), span) in enumerate(zip(extras, spans, strict=True)):
        col, value = np.array([bundle, bundles + place]), exact([span, -1])
        row = Sparse.summed(np.zeros_like(col), col, value, rows=1, columns=count)
        frame.require(row, exact([0]))
    units = np.array([rng.choice((0, 15, 20, 50)) for _ in range(count)])
    inside = rng.choice(obeying(frame))
    for _ in range(rng.randint(1, 3)):
        factors = units * np.array(
            [rng.choice(rng.choice(((-3, 22), (-7, 13), (2, 2)))) for _ in component]
        )
        slack = rng.choice((0, 0, rng.randint(1, 60)))
        row = Sparse.summed(
            np.zeros_like(factors), np.arange(count), factors, rows=1, columns=count
        )
        frame.require(
            row, exact([dot(factors, inside) - slack]), equal=slack == 0 and rng.random() < 0.5
        )
    return frame, np.array([*owner, *(c for c, _ in extras)])


def obeying(frame: Frame) -> list[Words]:
    """Return the points that keep to a frame's rows: one bundle a component."""
    owner = frame.component[frame.component >= 0]
    chosen = [np.flatnonzero(owner == c).tolist() for c in range(int(owner.max()) + 1)]
    spans = [range(int(high) + 1) for high in frame.high[len(owner) :]]
    picked = np.array(list(product(*chosen, *spans)))
    every = np.zeros((len(picked), len(frame.high)), dtype=np.int64)
    np.put_along_axis(every, picked[:, : len(chosen)], 1, axis=1)
    every[:, len(owner) :] = picked[:, len(chosen) :]
    relations = whole(frame)
    rows = np.zeros((relations.rows.rows, len(frame.high)), dtype=np.int64)
    rows[relations.rows.row, relations.rows.col] = relations.rows.value
    slack = every @ rows.T - relations.rhs
    return list(every[np.where(relations.equal, slack == 0, slack >= 0).all(axis=1)])


def test_bundles_and_amounts_settled_at_once_leave_what_their_best_lists_have() -> None:
    tally: Counter[str] = Counter()
    for seed in (*range(CASES), *TWICE):
        rng = random.Random(f"joint {seed}")
        frame, owner = framed(rng)
        column = np.arange(len(frame.high))
        sums = [
            Weights(column, exact([rng.choice((-1, 0, 0, 1, 2, 4)) for _ in column]))
            for _ in range(rng.randint(1, 3))
        ]
        good = obeying(frame)
        values = [tuple(dot(each.value, point) for each in sums) for point in good]
        known = rng.choice((None, rng.choice(values)[0], max(values)[0]))
        priced = price(frame, sums[0], None, Options())
        found = at_once(frame, sums, priced, known, Options(), owner=owner)
        if found is None:
            tally["left"] += 1
            continue
        best = [p for p, value in zip(good, values, strict=True) if value == max(values)]
        holds_the_best(found, frame, best, sums=len(sums), seed=seed)
        tally["one" if len(best) == 1 else "several"] += 1
    assert tally["one"] > CASES // 4 and tally["several"] > CASES // 10


def has(found: WholeOptions, point: Words) -> bool:
    """Return whether a point is made of options: one of each component is what the point has of it."""
    columns = found.rest.columns
    chosen = (found.bundle < 0) | (point[columns[found.bundle]] == 1)
    same = (found.extra < 0) | (point[columns[found.extra]] == found.value)
    owner = found.frame.component[: len(chosen)]
    return set(owner[chosen & same.all(axis=1)]) == set(owner)


def test_every_list_that_is_good_enough_is_made_of_options_whatever_slack_loses() -> None:
    """Under prices that are drawn: whatever they are, what they prove holds."""
    tally: Counter[str] = Counter()
    for seed in range(2 * CASES):
        rng = random.Random(f"spared options {seed}")
        frame, owner = framed(rng)
        column = np.arange(len(frame.high))
        worth = Weights(column, exact([rng.randint(-1, 6) for _ in column]))
        priced = Priced.of(frame, worth)
        prices = [rng.choice((0.0, 0.02, 0.1, 0.3)) for _ in range(priced.rest.rows.rows)]
        lost = losses(priced.rest, priced.worth[priced.rest.columns], prices)
        priced = replace(priced, losses=lost)
        lists = [(dot(worth.value, point), point) for point in obeying(frame)]
        top = max(value for value, _ in lists)
        floor = top - rng.choice((0, 0, 2))
        found = whole_options(owner, priced, floor)
        assert not isinstance(found, int), seed
        assert all(has(found, point) for value, point in lists if value >= floor), seed
        gap = priced.gap(priced.inner(floor))
        tally["spared"] += (Sides.of(priced).lost_by_any(priced.rest, gap) or 0) > 0
    assert tally["spared"] > CASES // 10, tally


@pytest.mark.parametrize("whose", [1, -1], ids=["an extra", "a number of no component"])
def test_lists_that_leave_different_slack_and_are_as_good_are_both_seen(whose: int) -> None:
    """``3 a + 2 b <= 7``, worth ``8 a + 4 b``: 2 and 0 leave 1, 1 and 2 leave nothing; both are worth 16.

    The ends of a number that is of no component are told by the lists' own ends alone.
    """
    frame = Frame(np.array([0, 1, -1, -1]), np.array([1, 1, 2, 3]))
    col, value = np.array([2, 3]), exact([-3, -2])
    frame.require(Sparse(np.zeros_like(col), col, value, rows=1), exact([-7]))
    worth = Weights(col, exact([8, 4]))
    priced = price(frame, worth, None, Options())
    found = at_once(frame, [worth], priced, None, Options(), owner=np.array([0, 1, 0, whose]))
    assert found is not None and dot(worth.over(4), found.point) == 16
    assert (found.low[2:].tolist(), found.high[2:].tolist()) == ([1, 0], [2, 2])


SHARES = [
    {"name": "a", "column": "level", "value": "junior_high", "at_least": "35%"},
    {"name": "b", "column": "type", "value": "school_task", "at_least": "15%"},
    {"name": "c", "column": "type", "value": "grade", "at_least": "23%"},
]


def _program(folder: Path, seed: int, least_share: str) -> Program:
    made = generate_round(applications=90, schools=60, districts=8, seed=seed, with_tables=())
    made.write(folder)
    case = read_case(folder)
    document = dict(case.policy.document)
    own = [clause for clause in document["clause"] if clause["kind"] != "quota"]
    quotas = [{"kind": "quota", "measure": "amount", **rule} for rule in SHARES]
    *others, last = document["priority"]
    policy = {
        **document,
        "pool": {**document["pool"], "amount": 123_400},
        "award": {"mode": "partial", "least_share": least_share},
        "clause": [*own, *quotas],
        "priority": [*others, {"kind": "evenness"}, last],
    }
    return build_program(scored_of(case.under(make_policy(policy))))


@pytest.mark.parametrize(("seed", "least_share"), [(1, "50%"), (2, "80%"), (5, "50%")])
def test_partial_awards_under_shares_are_settled_at_once(
    seed: int, least_share: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With and without, the list, what is certain and every bound are the same."""
    program = _program(tmp_path / "case", seed, least_share)
    own, taken = BundleModel.at_once, Counter[int]()

    def watched(model: BundleModel, sums: object) -> object:
        found = own(model, sums)  # type: ignore[arg-type]
        taken[found[1] if found else 0] += 1
        return found

    monkeypatch.setattr(BundleModel, "at_once", watched)
    fast = solve(program)
    assert fast.engine == "bundles" and fast.optimal and max(taken) > 2
    monkeypatch.setattr(BundleModel, "at_once", lambda *_: None)
    slow = solve(program)
    assert (fast.decision, fast.certainty) == (slow.decision, slow.certainty)
    assert [step.bound for step in fast.steps] == [step.bound for step in slow.steps]
