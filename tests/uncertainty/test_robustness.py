"""Robustness: draws against enumeration and against rounds allocated by hand."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from checks.merits import Marks, reviewed
from helpers.documented import check_documented
from helpers.rounds import make_case

from optimizer import allocate, robustness, write_robustness
from optimizer.case.case import Case
from optimizer.problems.errors import UsageError
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.uncertainty.expected_rank import expected_ranks
from optimizer.uncertainty.redrawn import Redrawn
from optimizer.uncertainty.robustness import _known
from optimizer.uncertainty.tally import BANDS

REVIEW = {"criteria": {"all": 100}}
MERIT = [{"kind": "merit"}]
TWO = {"amount": 2_000}  # two applications of 1,000
MARKS: Marks = {
    "A1": {"甲": [90], "乙": [60]},
    "A2": {"甲": [70], "乙": [80]},
    "A3": {"甲": [74], "乙": [75], "丙": [50]},
    "A4": {"丙": [72]},
}


def some_case(marks: Marks = MARKS, **document: Any) -> Case:
    given = {"pool": {"amount": 10_000}, "priority": MERIT, "draw": {"seed": "s"}, **document}
    return reviewed(marks, given.pop("review", REVIEW), **given)


def funded(case: Case) -> frozenset[str]:
    found = allocate(case)
    return frozenset(
        i for i, fund in zip(found.scored.round.ids, found.decision.fund, strict=True) if fund
    )


def redrawn_of(case: Case, seed: str = "x") -> Redrawn:
    screened = screen(case.records, case.policy)
    return Redrawn(screened, score(screened).scores, seed)


def test_the_chance_of_resampled_reviewers_is_that_of_all_resamples() -> None:
    some: Marks = {"A1": {"甲": [90], "乙": [60]}, "A2": {"甲": [70], "乙": [82]},
                   "A3": {"甲": [74], "乙": [77]}}  # fmt: skip
    own = {a: sorted(marks[0] for marks in reviews.values()) for a, reviews in some.items()}
    counts: Counter[str] = Counter()
    for kinds in product(((0, 0, 1), (0, 1, 2), (1, 1, 1)), repeat=3):
        marks: Marks = {
            a: {"r1": [own[a][first]], "r2": [own[a][second]]}
            for a, (first, second, _) in zip(own, kinds, strict=True)
        }
        ways = int(np.prod([times for *_, times in kinds]))
        counts.update(dict.fromkeys(funded(some_case(marks, pool=TWO)), ways))
    found = robustness(some_case(some, pool=TWO), draws=300, ways=["bootstrap"])
    for a, application_id in enumerate(own):
        exact = counts[application_id] / 64
        drawn = int(found.by_chance["bootstrap"].times[a]) / 300
        assert abs(drawn - exact) <= 4 * np.sqrt(exact * (1 - exact) / 300), application_id
        assert 0 < exact < 1


def test_one_reviewer_left_out_is_the_round_without_him() -> None:
    case = some_case(pool=TWO)
    found = robustness(case, draws=1, ways=["leave_one_out"])
    ids = case.records.applications["application_id"].tolist()
    names, parts = case.records.reviews.reviewers, found.tallies["leave_one_out"]
    assert sorted(names) == ["丙", "乙", "甲"]
    for name, part in zip(names, parts, strict=True):
        marks: Marks = {
            a: {r: m for r, m in reviews.items() if r != name or len(reviews) == 1}
            for a, reviews in MARKS.items()
        }
        assert {ids[a] for a in np.flatnonzero(part.times)} == funded(some_case(marks, pool=TWO))
    assert [bool(flip.any()) for flip in found.flips.values()].count(True) in (1, 2)


def test_the_same_marks_are_drawn_under_every_policy() -> None:
    one, other = redrawn_of(some_case()), redrawn_of(some_case(pool=TWO))
    for way in ("bootstrap", "noise", "severity"):
        drawn = [one.scored(way, n).scores.merit.tolist() for n in range(8)]
        assert drawn == [other.scored(way, n).scores.merit.tolist() for n in range(8)]
        assert len({tuple(merits) for merits in drawn}) > 1
        assert drawn != [redrawn_of(some_case(), "y").scored(way, n).scores.merit.tolist()
                         for n in range(8)]  # fmt: skip


def test_noise_is_as_large_as_reviewers_differ_and_stays_within_the_scale() -> None:
    rng = np.random.default_rng(1)
    marks: Marks = {
        f"A{a:02d}": {f"r{r}": [int(np.clip(60 + 6 * x, 0, 100))]
                      for r, x in enumerate(rng.standard_normal(3))}
        for a in range(40)
    }  # fmt: skip
    of = redrawn_of(some_case(marks))
    totals = np.array([[m[0] for m in reviews.values()] for reviews in marks.values()], float)
    assert of.deviation == pytest.approx(np.sqrt(totals.var(axis=1, ddof=1).mean()))
    drawn = [of.scored("noise", n).scores for n in range(100)]
    moved = np.array([s.merit / s.denominator for s in drawn]) - totals.mean(axis=1)
    assert moved.std() == pytest.approx(of.deviation / np.sqrt(3), rel=0.05)
    for full in (100, 0):
        alike: Marks = {a: {r: [full] for r in m} for a, m in marks.items()}
        edge = redrawn_of(some_case({**marks, **dict(list(alike.items())[:3])}))
        assert all(
            0 <= Fraction(int(t), s.totals_denominator) <= 100
            for s in (edge.scored("noise", n).scores for n in range(5))
            for t in s.totals.ravel()
        )


def test_more_processes_and_a_second_start_give_the_same(tmp_path: Path) -> None:
    case, kept = some_case(), tmp_path / "kept"
    once = robustness(case, draws=30, cache=kept)
    known = sorted(kept.rglob("*.json"))
    assert len(known) == 2 + 2 + 2 + 3
    known[0].unlink()
    known[1].write_text("{half")
    seen: list[str] = []
    again = robustness(case, draws=30, cache=kept, progress=seen.append)
    assert again.frame.equals(once.frame) and again.rankogram.equals(once.rankogram)
    assert seen[-1] == "93/93" and once.reused == 0
    assert again.reused == 93 - sum(
        json.loads(k.read_bytes())["answer"]["draws"] for k in known[:2]
    )
    more = robustness(case, draws=40, ways=["noise"], cache=kept)
    assert more.by_chance["noise"].draws == 40


def test_what_lies_in_a_band_adds_up(tmp_path: Path) -> None:
    found = robustness(some_case(), draws=10)
    by = found.rankogram.groupby(["application_id", "way"], observed=True)["chance"].sum()
    assert by.to_numpy() == pytest.approx(100)
    assert found.rankogram["band"].between(1, BANDS).all()
    assert list(found.frame["group"]).count("chance") == found.groups.count("chance")
    files = write_robustness(found, tmp_path / "out")
    assert [path.name for path in files if path.suffix == ".csv"] == [
        "lists.csv",
        "rankogram.csv",
        "robustness.csv",
    ]
    check_documented(tmp_path / "out", "robustness")


def test_severity_is_taken_out_of_each_draw_and_of_the_marks_as_they_are() -> None:
    """丁 gives ten less than the others; A1 had the bad luck to get him, and twice in some draws."""
    marks: Marks = {
        "A1": {"甲": [80], "丁": [70]}, "A2": {"甲": [77], "乙": [77]},
        "A3": {"乙": [60], "丁": [50]}, "A4": {"甲": [60], "乙": [60]},
    }  # fmt: skip
    case = some_case(marks, pool={"amount": 1_000})
    assert funded(case) == {"A2"}
    found = robustness(case, draws=50, ways=["severity", "bootstrap"])
    adjusted = some_case(marks, review={**REVIEW, "severity": "additive"}, pool={"amount": 1_000})
    assert found.adjusted is not None
    assert funded(adjusted) == {"A1"}
    assert found.adjusted.awards.equals(allocate(adjusted).awards)
    assert list(found.frame["status_adjusted"]) == ["funded", *["not_funded"] * 3]
    under = redrawn_of(adjusted)
    for number in range(5):
        drawn = [
            of.scored(way, number)
            for of, way in ((redrawn_of(case), "severity"), (under, "bootstrap"))
        ]
        assert drawn[0].scores == drawn[1].scores
    chances = found.frame.set_index("application_id")
    assert chances.loc["A1", "chance_severity"] > chances.loc["A1", "chance_bootstrap"] + 10
    row = found.lists.set_index("list").loc["severity_taken_out"]
    assert (row["entering"], row["leaving"]) == (1, 1)
    same = robustness(adjusted, draws=1, ways=["severity"])
    assert same.adjusted is same.allocation


def test_lists_are_held_against_what_is_sure_of_the_best() -> None:
    found = robustness(some_case(pool=TWO), draws=5, ways=["bootstrap"])
    frame, lists = found.frame.set_index("application_id"), found.lists.set_index("list")
    assert frame.loc["A3", ["merit_low", "merit_high"]].tolist() == [62.0, 74.5]
    assert frame.loc["A4", ["merit_low", "merit_high"]].tolist() == [72.0, 72.0]
    assert list(lists.index) == [
        "funded",
        "merit",
        "bootstrap",
        "expected_rank",
        "maximin",
        "lottery",
    ]
    assert (lists["picked"] == 2).all() and lists.loc["funded", "also_funded"] == 2
    assert frame["maximin"].sum() == pytest.approx(200)
    assert lists["sure"].max() == lists.loc["lottery", "sure"]
    assert Fraction(lists.loc["funded", "sure_exact"]) == int(lists.loc["funded", "sure"])


def test_a_draw_without_a_list_is_told_and_the_others_stand() -> None:
    quota = {"kind": "quota", "column": "type", "value": "subject", "at_least": 1}
    case = some_case(clause=[quota], review={**REVIEW, "minimum_merit": 70})
    types = ["subject", "grade", "grade", "grade"]
    table = case.records.applications.assign(type=types)
    case = replace(case, records=replace(case.records, applications=table))
    found = robustness(case, draws=100, ways=["bootstrap"])
    tally = found.by_chance["bootstrap"]
    assert 10 < tally.impossible < 50
    assert int(tally.times[0]) == tally.draws - tally.impossible
    assert found.groups[0] == "firm_in"


def test_ranks_of_clear_differences_are_sure_and_of_none_are_not() -> None:
    clear: Marks = {f"A{a}": {r: [10 + 15 * a] for r in "甲乙丙"} for a in range(6)}
    case = some_case(clear)
    among = np.ones(6, dtype=bool)
    found = expected_ranks(redrawn_of(case).scores, among, "x")
    assert found is not None
    assert found.mean.round().tolist() == [6, 5, 4, 3, 2, 1]
    assert (found.high - found.low).max() <= 1
    rng = np.random.default_rng(3)
    noise: Marks = {
        f"A{a:02d}": {r: [int(m)] for r, m in zip("甲乙丙", rng.integers(40, 80, 3), strict=True)}
        for a in range(30)
    }
    unsure = expected_ranks(redrawn_of(some_case(noise)).scores, np.ones(30, dtype=bool), "x")
    assert unsure is not None
    assert np.nansum(unsure.mean) == pytest.approx(30 * 31 / 2)
    assert (unsure.high - unsure.low).min() > 10
    assert unsure.convergence < 1.2


def test_the_model_finds_the_deviations_that_marks_were_made_with() -> None:
    rng = np.random.default_rng(5)
    own, severe = 8 * rng.standard_normal(200), 5 * rng.standard_normal(12)
    marks: Marks = {
        f"A{a:03d}": {
            f"r{r:02d}": [int(np.clip(round(60 + own[a] + severe[r] + 4 * rng.standard_normal()), 0, 100))]
            for r in rng.choice(12, 4, replace=False)
        }
        for a in range(200)
    }  # fmt: skip
    found = expected_ranks(redrawn_of(some_case(marks)).scores, np.ones(200, dtype=bool), "x")
    assert found is not None
    tau, omega, sigma = found.deviations
    assert tau == pytest.approx(8, rel=0.15) and sigma == pytest.approx(4, rel=0.1)
    assert omega == pytest.approx(5, rel=0.6)
    true_ranks = np.argsort(np.argsort(-own)) + 1
    inside = (found.low <= true_ranks) & (true_ranks <= found.high)
    assert 0.9 <= inside.mean() <= 1


@pytest.mark.parametrize(
    ("draws", "en", "zh"),
    [
        (5, ["5 draws are too few", "±44 ", "only some 54%"], ["不足以認定穩定", "±44 ", "54%"]),
        (50, ["too few", "±14 ", "only some 94%"], ["不足以認定穩定", "±14 "]),
        (58, ["too few"], ["不足以認定穩定"]),
        (59, ["With 59 draws"], ["抽 59 次"]),
        (1000, ["near 50% is known to some ±3 ", "95% to some ±1."], ["±3 ", "±1 "]),
    ],
)
def test_how_well_chances_are_known_is_true_at_a_half_too(
    draws: int, en: list[str], zh: list[str]
) -> None:
    said = _known(draws)
    assert all(words in said.en for words in en) and all(words in said.zh for words in zh)
    assert ("too few" in said.en) == (0.95**draws > 0.05)


def test_what_cannot_be_drawn_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match="settled elsewhere"):
        robustness(make_case([{"application_id": "A1"}]))
    single: Marks = {a: {"甲": [80]} for a in ("A1", "A2")}
    with pytest.raises(UsageError, match="has two reviews"):
        robustness(some_case(single), draws=2)
    found = robustness(some_case(single), draws=2, ways=["bootstrap"])
    assert found.ranks is None and found.frame["expected_rank"].isna().all()
