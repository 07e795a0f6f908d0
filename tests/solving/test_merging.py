"""Merged components, and sums settled at once, against every list there is."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from helpers.frames import frame_of, held, holds_the_best, points, whole
from helpers.rounds import scored_of

from optimizer.case.case import read_case
from optimizer.foundation.exact import dot, exact
from optimizer.invented.generate import generate_round
from optimizer.policy.policy import make_policy
from optimizer.scoring.build import build_program
from optimizer.solving.bundled import BundleModel
from optimizer.solving.bundled.at_once import at_once
from optimizer.solving.bundled.priced import price
from optimizer.solving.bundled.stated import Weights
from optimizer.solving.dynamic.packing import NotTakeable
from optimizer.solving.merging import Alternatives, Limits, NoListError, best_of_all, traced
from optimizer.solving.merging.pairs import BLOCK, FEW
from optimizer.solving.options import Options
from optimizer.solving.solve import solve

CASES = 150
ROOMY = 10**6


def drawn(rng: random.Random) -> tuple[Alternatives, Limits, int]:
    """Draw components and rows under prices; what lists lose follows from them. Return the bound, too."""
    sizes = [rng.randint(1, 3) for _ in range(rng.randint(1, 6))]
    rows, count = rng.randint(1, 3), sum(sizes)
    begin = np.concatenate([[0], np.cumsum(sizes)])
    units = np.array([rng.choice((0, 1, 2, 2, 5)) for _ in range(count)])
    factor = [[rng.choice((-7, -3, 0, 2, 13)) for _ in sizes] for _ in range(rows)]
    left = np.array([np.repeat(each, sizes) * units for each in factor])
    worth = np.array([rng.randint(0, 6) for _ in range(count)])
    some = [rng.randrange(int(a), int(b)) for a, b in pairwise(begin)]
    equal = np.array([rng.random() < 0.3 for _ in range(rows)])
    rhs = left[:, some].sum(axis=1) - np.where(equal, 0, [rng.randint(0, 4) for _ in range(rows)])
    price = np.array([rng.choice((0, 1, 2)) for _ in range(rows)])
    net = worth + price @ left
    best = np.maximum.reduceat(net, begin[:-1])
    bound = int(best.sum() - price @ rhs)
    value = int(worth[some].sum()) + rng.randint(-2, 3)
    lost = np.repeat(best, sizes) - net
    limits = Limits(rhs, equal, np.where(equal, 0, price), gap=bound - value, room=ROOMY)
    return Alternatives(begin, left, lost, worth), limits, value


@pytest.mark.parametrize(
    ("few", "block", "together"),
    [(0, BLOCK, CASES), (FEW, BLOCK, CASES), (FEW, 2, CASES), (FEW, BLOCK, 1)],
    ids=["windows", "losses", "blocks", "many together"],
)
def test_merged_components_come_to_the_best_of_all_lists(
    few: int, block: int, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pairs by what they lose, by the row that leaves the fewest, in blocks, many sets together: the same list."""
    monkeypatch.setattr("optimizer.solving.merging.pairs.FEW", few)
    monkeypatch.setattr("optimizer.solving.merging.pairs.BLOCK", block)
    monkeypatch.setattr("optimizer.solving.merging.order.AT_ONCE", together)
    tally: Counter[str] = Counter()
    for seed in range(CASES):
        options, limits, value = drawn(random.Random(f"merged {seed}"))
        mine = [range(a, b) for a, b in pairwise(options.begin)]
        lists: dict[int, list[tuple[int, ...]]] = {}
        for chosen in product(*mine):
            sides = options.left[:, chosen].sum(axis=1)
            if (np.where(limits.equal, sides == limits.rhs, sides >= limits.rhs)).all():
                lists.setdefault(int(options.worth[list(chosen)].sum()), []).append(chosen)
        best = max(lists, default=value - 1)
        try:
            whole_ = best_of_all(options, limits)
        except NoListError:
            assert best < value, seed
            tally["none"] += 1
            continue
        assert int(whole_.worth.max()) == best >= value, seed
        found = traced(whole_, len(options.worth))
        assert tuple(sorted(found.one.tolist())) in lists[best], seed
        assert np.flatnonzero(found.seen).tolist() == sorted({o for c in lists[best] for o in c})
        tally["one" if len(lists[best]) == 1 else "several"] += 1
    assert min(tally.values()) > CASES // 8 and len(tally) == 3


def test_sums_settled_at_once_leave_what_their_best_lists_have() -> None:
    tally: Counter[str] = Counter()
    for seed in range(CASES):
        rng = random.Random(f"at once {seed}")
        frame = frame_of(rng)
        before = whole(frame)
        column = np.arange(len(frame.high))
        sums = [
            Weights(column, exact([rng.choice((-1, 0, 0, 1, 2, 4)) for _ in column]))
            for _ in range(rng.randint(1, 3))
        ]
        good = [point for point in points(frame) if held(before, point)]
        values = [tuple(dot(each.value, point) for each in sums) for point in good]
        known = rng.choice((None, rng.choice(values)[0], max(values)[0]))
        found = at_once(frame, sums, price(frame, sums[0], None, Options()), known, Options())
        if found is None:
            tally["left"] += 1
            continue
        best = [p for p, value in zip(good, values, strict=True) if value == max(values)]
        holds_the_best(found, frame, best, sums=len(sums), seed=seed)
        tally["one" if len(best) == 1 else "several"] += 1
    assert tally["one"] > CASES // 4 and tally["several"] > CASES // 10


def test_no_list_within_a_limit_of_room_is_no_proof() -> None:
    """Where the room ends it is said, whatever has been seen until then."""
    options, limits, _ = drawn(random.Random("merged 3"))
    limits.room = 0
    with pytest.raises(NotTakeable):
        best_of_all(options, limits)


SHARES = [
    {"kind": "quota", "name": "a", "column": "level", "value": "junior_high", "at_least": "35%"},
    {"kind": "quota", "name": "b", "column": "type", "value": "school_task", "at_least": "15%"},
    {"kind": "quota", "name": "c", "column": "type", "value": "grade", "at_most": "22%"},
]


def test_three_shares_of_the_money_are_settled_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways, with and without, come to the same list; and it is done at once."""
    made = generate_round(applications=90, schools=60, districts=8, seed=5, with_tables=())
    made.write(tmp_path / "case")
    case = read_case(tmp_path / "case")
    document = dict(case.policy.document)
    clauses = [*document["clause"], *({**rule, "measure": "amount"} for rule in SHARES)]
    policy = make_policy({**document, "clause": clauses})
    program = build_program(scored_of(case.under(policy)))
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
    assert fast.solves < slow.solves
    assert (fast.decision, fast.certainty) == (slow.decision, slow.certainty)
    assert [step.bound for step in fast.steps] == [step.bound for step in slow.steps]
