"""Merit against a slow second implementation in fractions, on invented and on real reviews."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from statistics import stdev
from typing import Any

import numpy as np
import pytest
from checks.merits import Marks, reviewed, slow_merits, slow_points
from helpers.rounds import eligible, findings, make_case, scored_of, with_reviews
from helpers.slow import numbers
from hypothesis import HealthCheck, given, settings, strategies as st

from optimizer.case.case import Case
from optimizer.problems.errors import Severity
from optimizer.scoring.agreement import agreement
from optimizer.scoring.marks import reviews_that_count, totals_of
from optimizer.scoring.remarks import screening_problems
from optimizer.scoring.score import bounds
from optimizer.tables.settings import Award

FILLS = ("criterion_mean", "rescale", "zero")


# --- against the second implementation ---------------------------------------------------------


def merits(case: Case) -> dict[str, Fraction]:
    scores = scored_of(case).scores
    ids = case.records.applications["application_id"]
    return {a: Fraction(int(m), scores.denominator) for a, m in zip(ids, scores.merit, strict=True)}


@st.composite
def rounds(draw: st.DrawFn) -> tuple[Marks, dict[str, Any]]:
    lowest = draw(st.sampled_from([0, 1]))
    full = draw(st.lists(st.sampled_from([5, 10, 20, "2.5"]), min_size=1, max_size=3))
    review: dict[str, Any] = {
        "criteria": {f"c{n}": value for n, value in enumerate(full)},
        "aggregate": draw(st.sampled_from(["mean", "median", "trimmed_mean"])),
        "direction": draw(st.sampled_from(["higher_is_better", "lower_is_better"])),
        "lowest": lowest,
        "missing": draw(st.sampled_from(["error", *FILLS])),
        "trim": draw(st.integers(1, 2)),
        "severity": draw(st.sampled_from(["none", "none", "additive"])),
    }

    def mark(top: Any) -> Any:
        steps = int((Fraction(top) - lowest) * 4)
        numbers = st.integers(0, steps).map(lambda n: lowest + Fraction(n, 4))
        return numbers if review["missing"] == "error" else st.none() | numbers

    def a_review() -> Any:
        whole = st.tuples(*(mark(top) for top in full))
        return whole | st.just(("recused",) * len(full)) if draw(st.booleans()) else whole

    marks: dict[str, dict[str, Any]] = {}
    for number in range(draw(st.integers(1, 4))):
        names = draw(st.lists(st.sampled_from("PQRSTU"), min_size=1, max_size=5, unique=True))
        marks[f"A{number}"] = {name: draw(a_review()) for name in names}
    return marks, review


@pytest.mark.slow
@settings(
    max_examples=len(numbers(400, 150)), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(rounds())
def test_merit_agrees_with_the_slow_implementation(round_: tuple[Marks, dict[str, Any]]) -> None:
    marks, review = round_
    case = reviewed(marks, review)
    assert merits(case) == slow_merits(marks, review)
    scores = scored_of(case).scores
    assert scores.criterion_means is not None
    got = [
        [Fraction(int(p), scores.criterion_denominator) for p in row]
        for row in scores.criterion_means
    ]
    assert got == list(slow_points(marks, review).values())


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(rounds(), st.randoms())
def test_the_order_of_reviews_makes_no_difference(
    round_: tuple[Marks, dict[str, Any]], rng: Any
) -> None:
    marks, review = round_
    other = {}
    for a in rng.sample(list(marks), len(marks)):
        other[a] = {r: marks[a][r] for r in rng.sample(list(marks[a]), len(marks[a]))}
    assert merits(reviewed(marks, review)) == merits(reviewed(other, review))


def test_both_outcomes_of_every_setting_are_drawn() -> None:
    seen: set[tuple[str, Any]] = set()

    @settings(max_examples=200, deadline=None, database=None, derandomize=True)
    @given(rounds())
    def look(round_: tuple[Marks, dict[str, Any]]) -> None:
        seen.update((k, v) for k, v in round_[1].items() if isinstance(v, str))
        cells = [m for rs in round_[0].values() for row in rs.values() for m in row]
        seen.update({("mark", "blank") for m in cells if m is None})
        seen.update({("mark", "recused") for m in cells if m == "recused"})

    look()
    assert {("missing", m) for m in ("error", *FILLS)} <= seen
    assert {("aggregate", a) for a in ("mean", "median", "trimmed_mean")} <= seen
    assert {("severity", "additive"), ("mark", "blank"), ("mark", "recused")} <= seen
    assert {("direction", "lower_is_better"), ("direction", "higher_is_better")} <= seen


# --- worked by hand ----------------------------------------------------------------------------

TWO = {"criteria": {"needs": 20, "budget": 10}}


def merit_of(reviews: Mapping[str, Sequence[Any]], **review: Any) -> Fraction:
    return merits(reviewed({"A1": reviews}, {**TWO, **review}))["A1"]


def test_the_mean_is_exact() -> None:
    assert merit_of({"P": [15, 7], "Q": [16, 8], "R": [17, 8]}) == Fraction(71, 3)


@pytest.mark.parametrize(
    ("trim", "short"), [(1, 2), (2, 3), (None, 0)], ids=["one", "two", "a plain mean"]
)
def test_a_trimmed_mean_of_too_few_reviews_is_flagged_with_how_many(
    trim: int | None, short: int
) -> None:
    """A1 has one review, A2 two, A3 three and A4 five: so many cannot leave out one, or two, a side."""
    aggregate = {"aggregate": "trimmed_mean", "trim": trim} if trim else {"aggregate": "mean"}
    case = make_case(
        [{"application_id": f"A{i}"} for i in (1, 2, 3, 4)],
        review={"criteria": {"needs": 20}, **aggregate},
    )
    reviews = {"A1": 1, "A2": 2, "A3": 3, "A4": 5}
    marks = {i: {f"P{n}": [10] for n in range(count)} for i, count in reviews.items()}
    problems = screening_problems(scored_of(with_reviews(case, marks)))
    said = [p.message.en for p in problems if p.code == "untrimmed"]
    assert len(said) == bool(short)
    if trim:
        assert said[0].startswith(
            f"{short} application{' has' if short == 1 else 's have'} fewer than {2 * trim + 1} reviews"
        )


def test_the_median_and_the_trimmed_mean() -> None:
    reviews = {"P": [10, 5], "Q": [12, 5], "R": [13, 5], "S": [20, 10]}
    assert merit_of(reviews, aggregate="median") == Fraction(35, 2)
    assert merit_of(reviews, aggregate="trimmed_mean") == Fraction(35, 2)
    assert merit_of({"P": [10, 5]}, aggregate="trimmed_mean", trim=3) == 15


def test_a_blank_mark() -> None:
    reviews = {"P": [15, None], "Q": [12, 8], "R": [12, 6]}
    assert merit_of(reviews, missing="zero") == Fraction(15 + 20 + 18, 3)
    assert merit_of(reviews, missing="criterion_mean") == Fraction(22 + 20 + 18, 3)
    assert merit_of(reviews, missing="rescale") == (Fraction(45, 2) + 20 + 18) / 3


def test_a_low_is_better_scale_is_turned_round() -> None:
    low = {"direction": "lower_is_better", "lowest": 1}
    assert merit_of({"P": [1, 1]}, **low) == 30
    assert merit_of({"P": [20, 10]}, **low) == 2
    assert merit_of({"P": [3, "2.5"]}, **low) == Fraction(53, 2)


def test_a_recused_reviewer_is_left_out() -> None:
    assert merit_of({"P": [10, 5], "Q": ["recused", "recused"]}) == 15


def test_an_application_without_a_usable_mark_is_refused_not_given_nought() -> None:
    case = reviewed(
        {"A1": {"P": [None, None]}, "A2": {"P": [10, 5]}}, {**TWO, "missing": "rescale"}
    )
    assert eligible(case) == ["A2"]
    assert findings(case, "review") == [("A1", Severity.REFUSAL, "there is no mark that counts")]


def test_totals_are_those_given() -> None:
    case = reviewed({"A1": {"P": [10, 5], "Q": [20, 10]}}, {**TWO, "severity": "additive"})
    review = case.policy.settings.review
    totals, counts, denominator = totals_of(reviews_that_count(case.records), review)
    assert (totals / denominator).tolist() == [15, 30] and counts.all()


# --- severity ----------------------------------------------------------------------------------

ONE = {"criteria": {"all": 100}, "severity": "additive"}


def test_a_severe_reviewer_does_not_cost_an_application_its_place() -> None:
    # Q marks 10 below P throughout; A3 has met only the severe one, A2 only the lenient one
    marks = {
        "A1": {"P": [80], "Q": [70]},
        "A2": {"P": [78]},
        "A3": {"Q": [75]},
        "A4": {"P": [90], "Q": [80]},
    }
    plain = merits(reviewed(marks, {**ONE, "severity": "none"}))
    assert plain["A2"] > plain["A3"]
    assert merits(reviewed(marks, ONE)) == {"A1": 75, "A2": 73, "A3": 80, "A4": 85}


def test_effects_add_up_to_nothing_over_all_reviews() -> None:
    marks = {"A1": {"P": [81], "Q": [72]}, "A2": {"Q": [70], "R": [75]}, "A3": {"P": [60]}}
    effects = scored_of(reviewed(marks, ONE)).scores.effects
    assert effects is not None
    # P is 9 above Q, Q 5 below R; with 2, 2 and 1 reviews: Q = -(2 * 9 + 1 * 5) / 5 = -4.6
    assert effects.hundredths.tolist() == [440, -460, 40]


def test_reviewers_whom_nothing_links_are_compared_among_themselves_and_flagged() -> None:
    marks = {
        "A1": {"P": [80], "Q": [70]},
        "A2": {"P": [80], "Q": [70]},
        "A3": {"R": [50], "S": [40]},
        "A4": {"T": [99]},
    }
    case = reviewed(marks, ONE)
    assert merits(case) == {"A1": 75, "A2": 75, "A3": 45, "A4": 99}
    assert [(a, s) for a, s, _ in findings(case, "review")] == [
        ("A3", Severity.FLAG),
        ("A4", Severity.FLAG),
    ]


def test_what_is_taken_out_is_rounded_to_a_hundredth_and_merit_follows_it_exactly() -> None:
    marks = {"A1": {"P": [80], "Q": [70]}, "A2": {"P": [75], "Q": [72], "R": [71]}}
    scores = scored_of(reviewed(marks, ONE)).scores
    assert scores.effects is not None
    p, q, r = (Fraction(int(h), 100) for h in scores.effects.hundredths)
    assert merits(reviewed(marks, ONE))["A2"] == (75 - p + 72 - q + 71 - r) / 3


# --- agreement ---------------------------------------------------------------------------------


def test_agreement_by_application_and_by_reviewer() -> None:
    marks = {
        "A1": {"P": [80], "Q": [70], "R": [75]},
        "A2": {"P": [60], "Q": [56]},
        "A3": {"R": [9]},
    }
    tables = agreement(scored_of(reviewed(marks, {**ONE, "severity": "none"})))
    first = tables.applications.iloc[0]
    assert (first["reviews"], first["mean"], first["lowest"], first["highest"]) == (3, 75, 70, 80)
    assert first["spread"] == 10 and first["deviation"] == pytest.approx(stdev([80, 70, 75]))
    assert np.isnan(tables.applications["deviation"].iloc[2])
    reviewers = tables.reviewers.set_index("reviewer")
    assert reviewers["reviews"].to_dict() == {"P": 2, "Q": 2, "R": 2}
    assert reviewers["compared"].to_dict() == {"P": 2, "Q": 2, "R": 1}
    assert reviewers["severity"].to_dict() == {"P": (7.5 + 4) / 2, "Q": (-7.5 - 4) / 2, "R": 0}
    assert reviewers["mean"].to_dict() == {"P": 70, "Q": 63, "R": 42}
    assert (reviewers["taken_out"] == 0).all() and (reviewers["group"] == 0).all()


def test_agreement_is_about_the_marks_as_given() -> None:
    marks = {"A1": {"P": [80], "Q": [70]}, "A2": {"P": [60], "Q": [56]}}
    plain = agreement(scored_of(reviewed(marks, {**ONE, "severity": "none"})))
    taken = agreement(scored_of(reviewed(marks, ONE)))
    assert plain.applications.equals(taken.applications)
    assert taken.reviewers["taken_out"].tolist() == [3.5, -3.5]


# --- award bounds ------------------------------------------------------------------------------


@given(
    st.integers(0, 6_000),
    st.integers(0, 400),
    st.sampled_from(["full", "partial", "graded"]),
    st.fractions(0, 1, max_denominator=7),
)
def test_bounds_of_an_award(allowed: int, merit: int, mode: Any, share: Fraction) -> None:
    grades = ((Fraction(90), Fraction(1)), (Fraction("72.5"), share))
    award = Award(mode, share, grades if mode == "graded" else ())
    least, most = bounds(award, np.array([allowed]), np.array([merit]), 4, 100)
    points = Fraction(merit, 4)
    if mode == "graded":
        of = 1 if points >= 90 else share if points >= Fraction("72.5") else 0
        down = int(allowed * of / 100) * 100
        assert (least[0], most[0]) == (down, down)
        return
    whole = allowed - allowed % 100
    assert most[0] == whole
    if mode == "full" or not whole:
        assert least[0] == whole
        return
    assert least[0] % 100 == 0 and 100 <= least[0] <= whole
    assert least[0] >= share * allowed or least[0] == whole
    assert least[0] == 100 or least[0] - 100 < share * allowed


# --- real reviews: 72 proposals, 3 reviewers each, 1.0 best and 5.0 worst -----------------------

AIBS = ("Innovation", "Approach", "Investig", "Signif", "Impact")


def aibs(real: Path, columns: Sequence[str]) -> tuple[Marks, list[dict[str, str]]]:
    with (real / "reviews" / "aibs_reviews.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    marks: dict[str, dict[str, list[str | None]]] = {}
    for row in rows:
        number = f"P{int(row['ID']):03d}"
        marks.setdefault(number, {})[row["RevCode"]] = [_number(row[c]) for c in columns]
    return marks, rows


def _number(cell: str) -> str | None:
    return cell if cell.strip() not in ("", "NA", "NaN") else None


@pytest.mark.parametrize("missing", FILLS)
@pytest.mark.parametrize("aggregate", ["mean", "median", "trimmed_mean"])
def test_real_reviews_agree_with_the_slow_implementation(
    real: Path, missing: str, aggregate: str
) -> None:
    marks, _ = aibs(real, AIBS)
    review = {
        "criteria": dict.fromkeys(AIBS, 5),
        "direction": "lower_is_better",
        "lowest": 1,
        "missing": missing,
        "aggregate": aggregate,
    }
    assert merits(reviewed(marks, review)) == slow_merits(marks, review)


def test_real_overall_scores_agree_with_the_published_means(real: Path) -> None:
    marks, rows = aibs(real, ["Score"])
    review = {
        "criteria": {"overall": 5},
        "direction": "lower_is_better",
        "lowest": 1,
        "missing": "rescale",
    }
    got = merits(reviewed(marks, review))
    for row in rows:
        assert abs(float(6 - got[f"P{int(row['ID']):03d}"]) - float(row["ScoreAvg"])) < 0.051


def test_what_is_taken_out_of_real_reviews_is_the_least_squares_fit(real: Path) -> None:
    _, rows = aibs(real, ["Score"])
    marks: dict[str, dict[str, list[str | None]]] = {}
    for row in rows:
        marks.setdefault(f"P{row['ID']:0>3}", {})[f"R{row['RevID']:0>2}"] = [_number(row["Score"])]
    review = {
        "criteria": {"overall": 5},
        "direction": "lower_is_better",
        "lowest": 1,
        "missing": "rescale",
        "severity": "additive",
    }
    scores = scored_of(reviewed(marks, review)).scores
    totals = np.where(scores.present, scores.totals / scores.totals_denominator, np.nan).astype(
        float
    )
    away = totals - np.nanmean(totals, axis=1, keepdims=True)
    for reviewer in range(len(scores.reviewers)):
        mine = away[scores.reviewer == reviewer]
        assert abs(mine.sum()) <= 0.01 * len(mine)  # effects are rounded to hundredths
    assert scores.effects is not None and abs(scores.effects.hundredths).max() > 0
