"""Two allocations side by side: who moves, what that comes to, and why."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from helpers.results import SCHOOLS, small_allocation, small_case
from helpers.rounds import make_case, random_case

from optimizer import Allocation, allocate, compare, diff
from optimizer.clauses import Quota
from optimizer.explain.explanation import Change
from optimizer.language.text import Text
from optimizer.policy.changes import Changes
from optimizer.problems.errors import InfeasibleError, UsageError
from optimizer.scenarios.comparison import Comparison
from optimizer.scenarios.scenario import Scenario

BASE = small_allocation()
POLICY = BASE.case.policy


def under(policy: Any) -> Allocation:
    return allocate(BASE.case.under(policy))


def awards(allocation: Allocation) -> dict[str, int]:
    table = allocation.awards
    return dict(zip(table["application_id"], map(int, table["award"]), strict=True))


def test_who_moves_is_told_with_the_school_and_a_reason_in_each() -> None:
    other = under(POLICY.with_(pool=2_100))
    found = diff(BASE, other, language="en").frame.set_index("application_id")
    one, two = awards(BASE), awards(other)
    assert set(found.index) == {a for a in one if one[a] != two[a]} != set()
    names = {school["school_id"]: school["name"] for school in SCHOOLS}
    for a, row in found.iterrows():
        assert row["school"] == names[row["school_id"]]
        assert row["change"] == row["award_other"] - row["award_base"] == two[str(a)] - one[str(a)]
        assert row["move"] == ("in" if two[str(a)] else "out")
        assert row["reason_base"] and row["reason_other"]
    reasons = BASE.in_language("en").awards.set_index("application_id")["reason"]
    assert (found["reason_base"] == reasons.loc[found.index]).all()


@pytest.mark.parametrize("number", range(8))
def test_random_rounds_move_as_their_awards_do(number: int) -> None:
    rng = random.Random(f"diff {number}")
    case = random_case(rng, 6, "partial")
    try:
        base = allocate(case)
        other = allocate(case.under(case.policy.with_(pool=rng.randrange(0, 9_000, 500))))
    except InfeasibleError:
        return
    found, one, two = diff(base, other), awards(base), awards(other)
    moved = found.frame.set_index("application_id")
    assert {a: int(change) for a, change in moved["change"].items()} == {
        a: two[a] - one[a] for a in one if one[a] != two[a]
    }
    kinds = {a: _kind(one[a], two[a]) for a in moved.index}
    assert moved["move"].astype(str).to_dict() == kinds
    back = diff(other, base)
    assert (back.frame.set_index("application_id")["change"] + moved["change"] == 0).all()
    totals = found.totals.set_index("figure")
    assert totals.loc["spent", "change"] == other.spent - base.spent


def _kind(before: int, after: int) -> str:
    if not before or not after:
        return "out" if before else "in"
    return "more" if after > before else "less"


def test_totals_and_priorities_stand_side_by_side_exactly() -> None:
    other = under(POLICY.with_(pool=2_100).without("priority.balance").with_(coverage="type"))
    totals = diff(BASE, other).totals.set_index("figure")
    measures = (BASE.measures.figures, other.measures.figures)
    for name, (one, two) in {n: (measures[0][n], measures[1][n]) for n in measures[0]}.items():
        row = totals.loc[name]
        assert (row["base_exact"], row["other_exact"]) == tuple(
            "" if value is None else _text(Fraction(value)) for value in (one, two)
        )
    assert {"priority.coverage", "priority.coverage (other)", "priority.balance"} <= {*totals.index}
    assert totals.loc["priority.coverage", "base"] == 3
    assert str(totals["change"].dtype) == "Float64"


def _text(value: Fraction) -> str:
    from optimizer.result.dtypes import exact_text

    return exact_text(value)


def test_what_differs_to_begin_with_is_named() -> None:
    other = under(
        POLICY.with_(pool=2_100, school_cap=2_000).add(
            Quota(column="district", value="東區", at_least=1)
        )
    )
    causes = diff(BASE, other).causes
    assert set(causes["where"]) == {"policy"}
    said = {row["key"]: (row["base"], row["other"]) for row in causes.to_dict("records")}
    assert said["pool.amount"] == ("4100", "2100")
    assert said["clause.school_cap.amount"] == ("3000", "2000")
    assert any("quota" in key for key in said)
    assert not diff(BASE, other).caution


def test_two_rounds_are_matched_by_application_and_it_is_said() -> None:
    case = BASE.case
    fewer = case.records.applications.drop(index=[0]).assign(requested=900)
    reviews = replace(case.records.reviews)
    records = replace(
        case.records, applications=fewer.reset_index(drop=True), reviews=reviews, originals=None
    )
    found = diff(BASE, allocate(replace(case, records=records)), language="en")
    assert "matched by application_id" in found.caution.en and "依申請編號對應" in found.caution.zh
    assert set(found.causes["where"]) == {"applications"}
    [gone] = [r for r in found.frame.to_dict("records") if r["application_id"] == "A1"] or [None]
    if gone is not None:
        assert pd.isna(gone["award_other"]) and "not in this round" in gone["reason_other"]
    other = make_case([{"application_id": "Z", "school_id": "S9"}])
    moved = diff(BASE, allocate(other), language="en").frame.set_index("application_id")
    assert moved.loc["Z", "move"] == "in" and moved.loc["Z", "school"] == "學校S9"
    assert pd.isna(moved.loc["Z", "award_base"]) and moved.loc["Z", "reason_base"]


def test_nothing_moves_between_a_result_and_itself() -> None:
    found = diff(BASE, BASE)
    assert found.frame.empty and found.causes.empty and (found.totals["change"].dropna() == 0).all()
    assert "0 applications move" in repr(found) and "0 件有異動" in found.summary.zh


@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_a_difference_fits_on_a_screen_and_is_escaped(language: Any) -> None:
    odd = small_case(plan={"title": "<b>x</b>"}, pool={"amount": 1_000})
    schools = odd.records.schools.assign(name="<i>校</i>" * 40)
    other = allocate(replace(odd, records=replace(odd.records, schools=schools, originals=None)))
    found = diff(other, BASE, language)
    assert len(repr(found).splitlines()) <= 20
    assert all(len(line) < 260 for line in repr(found).splitlines())
    html = found._repr_html_()
    assert "<i>" not in html and "<b>x" not in html and "<table" in html
    assert found.summary.say(language) in html


@pytest.mark.parametrize("junk", [None, 3, BASE.case, "BASE"])
def test_only_allocations_are_held_side_by_side(junk: Any) -> None:
    with pytest.raises(UsageError, match="as allocate returns it"):
        diff(BASE, junk)


# ---- cases and comparisons on a screen ----------------------------------------------------------


def compared(*scenarios: Scenario) -> Comparison:
    return compare(BASE.case, scenarios)


def test_a_case_fits_on_a_screen_and_is_escaped() -> None:
    odd = small_case(plan={"title": "<b>x</b>\n" * 90})
    empty = make_case([{"application_id": "A", "school_id": "S"}])
    for case in (BASE.case, odd, empty):
        assert len(repr(case).splitlines()) == 1 and len(repr(case)) < 300
        assert "<b>x" not in case._repr_html_()
    assert "9 applications, 5 schools, 5 districts" in repr(BASE.case)
    assert "9 件申請" in BASE.case._repr_html_() and "補助總額" in BASE.case._repr_html_()


CHANGE = Change(
    True, "merit", Fraction(7), Fraction(13, 2), ("A1",), text=Text("多 <1>", "<1> more")
)


@pytest.mark.parametrize(
    ("value", "line", "html"),
    [
        (BASE.measures, f"<Measures: funded {BASE.measures.funded}, ", "<th>Funded</th>"),
        (BASE.equity, f"<Equity of NT${BASE.spent:,}: Gini ", "district"),
        (CHANGE, "<Change: merit 7 → 6.5; entering: A1>", "多 &lt;1&gt;"),
        (
            replace(CHANGE, priority="", entering=()),
            "<Change: no priority differs>",
            "&lt;1&gt; more",
        ),
    ],
)
def test_figures_fit_on_a_screen(value: Any, line: str, html: str) -> None:
    assert repr(value).startswith(line) and len(repr(value)) < 300
    assert html in value._repr_html_()


def test_a_comparison_fits_on_a_screen_with_what_is_impossible_in_it() -> None:
    hopeless = Quota(column="district", value="中區", at_least=9)
    many = [Scenario(f"<b>{n}", Changes({"pool.amount": 100 * n})) for n in range(1, 9)]
    found = compared(Scenario("no", Changes(add=(hopeless,))), *many)
    assert "no: infeasible" in repr(found) and "and 2 more" in repr(found)
    assert len(repr(found).splitlines()) == 1
    html = found._repr_html_()
    assert "<b>1" not in html and "規則互相牴觸" in html and html.count("<tr>") == 11
