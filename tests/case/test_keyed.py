"""A case in memory: what its tables say counts, not their order or the positions that they hold."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from helpers.results import small_case
from helpers.rounds import random_case

from optimizer.case.case import Case, read_case
from optimizer.pipe import allocate
from optimizer.plain import Papers
from optimizer.problems.errors import CaseError, SubsidyError, UsageError
from optimizer.recheck import recheck
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen

Frame = pd.DataFrame


def with_table(case: Case, name: str, change: Callable[[Frame], Frame]) -> Case:
    frame = change(getattr(case.records, name).copy())
    return replace(case, records=replace(case.records, **{name: frame}))


def backwards(frame: Frame) -> Frame:
    return frame.iloc[::-1].reset_index(drop=True)


@pytest.mark.parametrize("name", ["applications", "schools"])
def test_the_order_of_rows_in_memory_makes_no_difference(name: str) -> None:
    case = small_case()
    other = with_table(case, name, backwards)
    one, two = allocate(case), allocate(other)
    assert one.seal == two.seal
    assert one.awards.equals(two.awards) and two.summary["changes"] == {"tables": [], "policy": []}


def shuffled(frame: Frame) -> Frame:
    return frame.sample(frac=1, random_state=3).reset_index(drop=True)


@pytest.mark.parametrize("name", ["budget_lines", "meetings", "schools"])
def test_the_order_of_rows_of_the_example_makes_no_difference(example: Path, name: str) -> None:
    case = read_case(example)
    other = with_table(case, name, shuffled)
    assert allocate(other).seal == allocate(case).seal


def test_the_order_of_reviews_of_the_example_makes_no_difference(example: Path) -> None:
    case = read_case(example)
    reviews = case.records.reviews
    backwards = reviews.taken(np.arange(len(reviews))[::-1])
    other = replace(case, records=replace(case.records, reviews=backwards))
    assert (
        other.records.reviews == case.with_reviews(shuffled(case.marks)).records.reviews == reviews
    )


def test_reviews_keep_to_the_application_at_their_position(example: Path) -> None:
    """Reversed together with what they point at, they say the same as before."""
    case = read_case(example)
    last = len(case.records.applications) - 1
    turned = {
        name: getattr(case.records, name).assign(application=lambda f: last - f["application"])
        for name in ("budget_lines", "meetings")
    }
    reviews = case.records.reviews
    turned["reviews"] = replace(reviews, application=last - reviews.application)
    turned["applications"] = backwards(case.records.applications)
    other = replace(case, records=replace(case.records, **turned))
    assert other.content.tables == case.content.tables
    assert allocate(other).seal == allocate(case).seal


@pytest.mark.parametrize("seed", range(5))
def test_a_position_that_lies_about_the_school_is_not_believed(seed: int) -> None:
    case = random_case(random.Random(seed))
    schools = len(case.records.schools)
    lie = with_table(case, "applications", lambda f: f.assign(school=(f["school"] + 1) % schools))
    assert lie.content == case.content
    assert lie.records.applications.equals(case.records.applications)


REFUSED: dict[str, tuple[str, Callable[[Frame], Any], type[SubsidyError], str]] = {
    "an application twice": (
        "applications",
        lambda f: f.assign(application_id=["A1", *f["application_id"][1:-1], "A1"]),
        CaseError,
        "申請編號：同一代碼出現 2 次「A1」",
    ),
    "a school twice": (
        "schools",
        lambda f: pd.concat([f, f[:1]], ignore_index=True),
        CaseError,
        "同一代碼出現 2 次",
    ),
    "no such school": (
        "applications",
        lambda f: f.assign(school_id="X"),
        CaseError,
        "沒有這個學校代碼",
    ),
    "no such application": (
        "meetings",
        lambda f: f.assign(application=99),
        UsageError,
        "應為applications 的列序，0 至 8",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_told_apart_or_belongs_to_nothing_is_refused(name: str) -> None:
    table, change, kind, words = REFUSED[name]
    case = small_case()
    meetings = pd.DataFrame({"application": [0], "date": [None]})
    case = replace(case, records=replace(case.records, meetings=meetings))
    with pytest.raises(kind) as caught:
        with_table(case, table, change)
    assert words in caught.value.say("zh-TW")


def test_a_second_reading_in_another_order_is_never_taken_for_agreement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = small_case()
    scored = score(screen(case.records, case.policy))
    module = __import__("optimizer.recheck.disagreements", fromlist=["read_papers"])
    right = module.read_papers

    def turned(records: Any) -> Papers:
        papers: Papers = right(records)
        return replace(papers, applications=papers.applications[::-1])

    monkeypatch.setattr(module, "read_papers", turned)
    assert [p.code for p in recheck(case, scored)] == ["recheck"]
