"""Reviews in memory: to a table of marks and back, and what cannot be taken up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from helpers.rounds import make_case, scored_of, with_reviews

from optimizer.case.case import Case, read_case
from optimizer.problems.errors import CaseError, UsageError

Frame = pd.DataFrame
MARKS: Any = {
    "A1": {"P": [Fraction(1, 3), 5], "Q": ["recused", "recused"]},
    "A2": {"P": [10, None], "Q": [Fraction("2.5"), 3]},
}


def case() -> Case:
    applications = [{"application_id": own} for own in MARKS]
    review = {"criteria": {"needs": 20, "team": 10}, "missing": "zero"}
    return with_reviews(make_case(applications, review=review), MARKS)


def test_a_table_of_marks_and_the_reviews_say_the_same(example: Path) -> None:
    for one in (case(), read_case(example)):
        turned = one.marks.iloc[::-1].reset_index(drop=True)
        again = one.with_reviews(turned)
        assert len(one.marks) == one.records.reviews.points.size
        assert again.marks.equals(one.marks) and again.content == one.content


def test_a_mark_that_is_left_out_is_missing() -> None:
    without = case().marks.drop(index=0).reset_index(drop=True)
    reviews = case().with_reviews(without).records.reviews
    assert reviews.given.tolist() == [[False, True], [False] * 2, [True, False], [True] * 2]
    assert reviews.recused.tolist() == [False, True, False, False]


def test_a_mark_changed_in_memory_changes_merit_by_as_much() -> None:
    marks = case().marks
    marks.loc[0, "points"] = Fraction(4, 3)
    merits = [
        Fraction(int(scores.merit[0]), scores.denominator)
        for scores in (scored_of(case()).scores, scored_of(case().with_reviews(marks)).scores)
    ]
    assert merits[1] - merits[0] == 1


def at(column: str, row: int, value: Any) -> Callable[[Frame], Frame]:
    def change(marks: Frame) -> Frame:
        marks = marks.astype({column: object})
        marks.loc[row, column] = value
        return marks

    return change


REFUSED: dict[str, tuple[Callable[[Frame], Frame], tuple[str, ...]]] = {
    "no such application": (at("application_id", 1, "A9"), ("row 1 ", "A9", "application's id")),
    "no such criterion": (at("criterion", 2, "other"), ("row 2 ", "one of needs, team")),
    "a float": (at("points", 3, 0.5), ("row 3 ", "0.5", "a Fraction or int")),
    "a negative mark": (at("points", 0, -1), ("row 0 ", "not negative")),
    "another word": (at("points", 0, "absent"), ("row 0 ", "blank or recused")),
    "no name": (at("reviewer", 0, None), ("row 0 ", "expected text")),
    "a mark twice": (lambda f: pd.concat([f, f[:1]], ignore_index=True), ("row 8 ", "one row")),
    "recused and marked": (at("points", 2, 7), ("row 2 ", "recused")),
    "no points": (lambda f: f.drop(columns="points"), ("points", "has no such column")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_table_that_says_no_reviews_is_refused_with_the_place(name: str) -> None:
    change, words = REFUSED[name]
    with pytest.raises(UsageError) as caught:
        case().with_reviews(change(case().marks))
    said = caught.value.say("en")
    assert "Case.with_reviews(marks=…)" in said and all(word in said for word in words), said


CHANGED: dict[str, dict[str, Any]] = {
    "application": {"application": np.array([0, 0, 1, 2])},
    "reviewer": {"reviewer": np.array([0, -1, 0, 1])},
    "points": {"points": np.full((4, 2), 0.5)},
    "given": {"given": np.ones((4, 3), dtype=bool)},
    "recused": {"recused": [True] * 4},
    "denominator": {"denominator": 0},
    "reviewers": {"reviewers": ("Q", "P")},
    "criteria": {"criteria": ("team", "needs")},
}


@pytest.mark.parametrize("name", CHANGED)
def test_an_array_that_is_not_what_it_should_be_is_refused(name: str) -> None:
    good = case()
    reviews = replace(good.records.reviews, **CHANGED[name])
    with pytest.raises(UsageError) as caught:
        replace(good, records=replace(good.records, reviews=reviews))
    assert "Case(records=…)" in str(caught.value) and name in str(caught.value)


def test_a_reviewer_who_reviews_an_application_twice_is_refused() -> None:
    good = case()
    twice = replace(good.records.reviews, reviewer=np.array([0, 0, 0, 1]))
    with pytest.raises(CaseError, match="one code stands 2 times"):
        replace(good, records=replace(good.records, reviews=twice))
