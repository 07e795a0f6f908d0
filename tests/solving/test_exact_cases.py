"""Long decimals, long denominators and large money against plain fractions: every clause, every score.

A clause of the registry that has no check in `FRACTIONS` fails, so a new one needs one. Random cases of
all of it against brute force are in `tests/test_oracle.py`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from checks.engines import joined
from checks.merits import reviewed, slow_merits, slow_points
from checks.truth import check_solution, truth_of
from helpers.rounds import eligible, every_decision, findings, make_case, scored_of, with_budget
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from optimizer.case.case import Case, read_case
from optimizer.clauses import Clause, Priority, registry
from optimizer.clauses.bounds import nearest
from optimizer.policy.parse import adapter
from optimizer.policy.policy import make_policy
from optimizer.problems.errors import Severity, SubsidyError
from optimizer.program.rows import Decision
from optimizer.scoring.build import build_program
from optimizer.scoring.score import bounds
from optimizer.solving.options import Options
from optimizer.solving.solve import solve
from optimizer.tables.round import Round
from optimizer.tables.settings import Award

Kind = tuple[str, str]
MOST = 10**18
EXAMPLES = int(os.environ.get("SUBSIDY_FRACTION_EXAMPLES", "15"))
some = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # long numbers shrink slowly
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

MONEY = st.integers(1, 10**12) | st.integers(1, 9) | st.sampled_from([10**12, 10**12 - 1])
POINTS = st.decimals(0, 100, places=18) | st.decimals(60, 90, places=14) | st.integers(0, 100)
SHARES = st.fractions(0, 1, max_denominator=MOST) | st.decimals(0, 1, places=18).map(Fraction)
NUMBERS = st.fractions(0, 100, max_denominator=MOST) | POINTS.map(Fraction)


def text(number: Fraction) -> str:
    return f"{number.numerator}/{number.denominator}"


def percent(share: Fraction) -> str:
    return f"{text(share * 100)}%"


# ---- a small case of anything ------------------------------------------------------------------


@st.composite
def cases(draw: st.DrawFn, mode: str = "full") -> Case:
    """Draw up to four applications of three schools, with long merits and large requests."""
    schools = [
        {
            "school_id": f"S{i}",
            "level": draw(st.sampled_from(("elementary", "junior_high"))),
            "disadvantage": draw(st.sampled_from(("", "remote"))),
        }
        for i in range(3)
    ]
    applications = [
        {
            "application_id": f"A{i}",
            "school_id": f"S{draw(st.integers(0, 2))}",
            "merit": Fraction(draw(POINTS)),
            "requested": draw(MONEY),
            "own_funds": draw(MONEY | st.just(0)),
            "type": draw(st.sampled_from(("grade", "subject"))),
        }
        for i in range(draw(st.integers(1, 4)))
    ]
    grades = [[text(draw(NUMBERS)), text(draw(SHARES))]]
    award: dict[str, Any] = {"mode": mode, **({"grades": grades} if mode == "graded" else {})}
    return make_case(applications, schools, pool={"amount": 10**12}, award=award)


def made(kind: Kind, keys: Mapping[str, Any]) -> Any:
    return adapter(registry()[kind]).validate_python(keys)


def own(round_: Round) -> list[dict[str, Any]]:
    """Return the eligible applications as plain rows, merit and money as the tables have them."""
    return round_.table.to_dict("records")


def slacks(rule: Clause, round_: Round, decision: Decision) -> bool:
    return all(s >= 0 for rows in rule.rows(round_) for s in rows.slack(decision))


def constraint(
    rule: Clause, round_: Round, holds: Callable[[list[dict[str, Any]], list[int]], bool]
) -> None:
    """Rows and audit say of every award vector what plain arithmetic says."""
    table = own(round_)
    for decision in every_decision(round_):
        award = [int(a) for a in decision.award]
        expected = holds(table, award)
        assert slacks(rule, round_, decision) == expected, (rule, award)
        assert (not list(rule.audit(round_, decision))) == expected, (rule, award)


def priority(
    rule: Priority,
    round_: Round,
    worth: Callable[[list[dict[str, Any]], list[int]], list[Fraction]],
) -> None:
    """Objective and worth, in people's units, are what plain arithmetic says."""
    table, scale = own(round_), Fraction(rule.scale(round_))
    for decision in every_decision(round_):
        expected = worth(table, [int(a) for a in decision.award])
        stated = [Fraction(o.value(decision)) / scale for o in rule.objectives(round_)]
        audited = [Fraction(w) / scale for w in rule.worth(round_, decision)]
        assert stated == audited == expected, rule


def refused(case: Case, rule: Any, merits: bool = False) -> set[str]:
    records = case.records
    ids = records.applications["application_id"]
    found = rule.screen_merit(scored_of(case).round) if merits else rule.screen(records)
    return {ids.iloc[f.application] for f in found if f.severity is Severity.REFUSAL}


# ---- the clauses -------------------------------------------------------------------------------


def minimum_merit(data: st.DataObject) -> None:
    case = data.draw(cases())
    table = case.records.applications
    least = data.draw(NUMBERS | st.sampled_from(list(table["merit"])))
    rule = made(("review", "minimum_merit"), {"points": least})
    said = {a for a, m in zip(table["application_id"], table["merit"], strict=True) if m < least}
    assert refused(case, rule, merits=True) == said


def minimum_points(data: st.DataObject) -> None:
    marks = {
        f"A{i}": {
            name: [Fraction(data.draw(POINTS))] for name in "PQR"[: data.draw(st.integers(1, 3))]
        }
        for i in range(3)
    }
    means = {a: sum(m[0] for m in rs.values()) / len(rs) for a, rs in marks.items()}
    least = data.draw(NUMBERS | st.sampled_from(list(means.values())))
    case = reviewed(marks, {"criteria": {"all": 100}})
    rule = made(("review", "minimum_points"), {"points": {"all": least}})
    assert refused(case, rule, merits=True) == {a for a, m in means.items() if m < least}


def own_funds(data: st.DataObject) -> None:
    case, least = data.draw(cases()), data.draw(SHARES)
    table = case.records.applications
    if data.draw(st.booleans()):
        least = Fraction(
            int(table["own_funds"][0]), int(table["own_funds"][0] + table["requested"][0])
        )
    rows = zip(table["application_id"], table["own_funds"], table["requested"], strict=True)
    said = {a for a, o, r in rows if Fraction(int(o), int(o) + int(r)) < least}
    assert refused(case, made(("clause", "own_funds"), {"least_share": least})) == said


def budget_lines(data: st.DataObject) -> None:
    """Lecturers' fees, their premium and misc, as a second reading of §捌二(6)."""
    hours, rate, most, highest = (
        data.draw(st.fractions(0, 10**6, max_denominator=MOST)) for _ in range(4)
    )
    premium_rate, misc_share = data.draw(SHARES), data.draw(SHARES)
    premium, misc, amount = (data.draw(MONEY) for _ in range(3))
    case = make_case([{"application_id": "A0", "requested": 10**15}])
    lines = [
        ("A0", "external_lecturer", text(hours), text(rate), amount),
        ("A0", "health_premium", None, None, premium),
        ("A0", "misc", None, None, misc),
    ]
    keys = {
        "external_hours": most,
        "external_rate": highest,
        "premium_rate": premium_rate,
        "misc_share": misc_share,
    }
    fee = min(amount, -(-hours * rate // 1))
    if hours > most or rate > highest:
        fee = min(fee, min(hours, most) * min(rate, highest) // 1)
    left = fee + min(premium, (2 * fee * premium_rate + 1) // 2)
    if misc_share < 1:
        misc = min(misc, left * misc_share / (1 - misc_share) // 1)
    case = with_budget(case, lines)
    rule = made(("clause", "budget_lines"), keys)
    limits = [f.limit for f in rule.screen(case.records) if f.limit is not None]
    assert limits == [left + misc]


def pool(data: st.DataObject) -> None:
    case, amount = data.draw(cases()), data.draw(MONEY)
    rule = made(
        ("pool", "pool"), {"amount": amount, "contingency": data.draw(st.integers(0, amount))}
    )
    constraint(
        rule, scored_of(case).round, lambda _, award: sum(award) <= rule.amount - rule.contingency
    )


def school_cap(data: st.DataObject) -> None:
    round_ = scored_of(data.draw(cases())).round
    rule = made(
        ("clause", "school_cap"), {"amount": data.draw(MONEY | st.just(int(round_.most[0])))}
    )

    def holds(table: list[dict[str, Any]], award: list[int]) -> bool:
        by = {row["school"]: 0 for row in table}
        for row, amount in zip(table, award, strict=True):
            by[row["school"]] += amount
        return max(by.values(), default=0) <= rule.amount

    constraint(rule, round_, holds)


def _quota(data: st.DataObject, kind: Kind, both: bool) -> Any:
    measure = data.draw(st.sampled_from(("count", "amount")))
    absolute = st.integers(0, 3) if measure == "count" else MONEY
    keys = {"column": "level", "value": "junior_high", "measure": measure}
    names = (
        ("at_least", "at_most") if both else (data.draw(st.sampled_from(("at_least", "at_most"))),)
    )
    return made(kind, {**keys, **{n: data.draw(SHARES.map(percent) | absolute) for n in names}})


def _missing(rule: Any, table: list[dict[str, Any]], award: list[int]) -> Fraction:
    """Return by how much the bounds of a quota are missed, all together."""
    size = award if rule.measure == "amount" else [int(a > 0) for a in award]
    inside = [row["level"] == "junior_high" for row in table]
    ours = sum(n for n, i in zip(size, inside, strict=True) if i)
    away = Fraction(0)
    for bound, sign in ((rule.at_least, 1), (rule.at_most, -1)):
        if bound is not None:
            target = bound * sum(size) if isinstance(bound, Fraction) else bound
            away += max(Fraction(0), sign * (target - ours))
    return away


def quota(data: st.DataObject) -> None:
    rule = _quota(data, ("clause", "quota"), both=False)
    constraint(rule, scored_of(data.draw(cases())).round, lambda *x: not _missing(rule, *x))


def soft_quota(data: st.DataObject) -> None:
    rule = _quota(data, ("priority", "quota"), both=data.draw(st.booleans()))
    priority(rule, scored_of(data.draw(cases())).round, lambda *x: [-_missing(rule, *x)])


def merit(data: st.DataObject) -> None:
    round_ = scored_of(data.draw(cases(data.draw(st.sampled_from(("full", "graded")))))).round
    band = data.draw(st.just(Fraction(0)) | NUMBERS.map(lambda n: n / 100))
    rule = made(
        ("priority", "merit"),
        {"band": band, "form": data.draw(st.sampled_from(("total", "ranked")))},
    )

    def worth(table: list[dict[str, Any]], award: list[int]) -> list[Fraction]:
        level = [Fraction(row["merit"] // band) if band else row["merit"] for row in table]
        got = [n for n, a in zip(level, award, strict=True) if a]
        if rule.form == "total":
            return [sum(got, Fraction(0))]
        return [Fraction(got.count(top)) for top in sorted(set(level), reverse=True)]

    priority(rule, round_, worth)


def amount(data: st.DataObject) -> None:
    rule = made(("priority", "amount"), {})
    priority(rule, scored_of(data.draw(cases())).round, lambda _, award: [Fraction(sum(award))])


def evenness(data: st.DataObject) -> None:
    case = data.draw(cases())
    round_ = scored_of(case).round
    least = data.draw(st.lists(MONEY, min_size=round_.size, max_size=round_.size))
    rule = made(("priority", "evenness"), {})
    award = np.minimum(round_.most, np.array(least, dtype=np.int64))
    shares = [Fraction(int(a), int(m)) for a, m in zip(award, round_.most, strict=True)]
    decision = Decision.of(award)
    expected = min(shares, default=Fraction(1)) * 100
    assert [Fraction(o.value(decision)) / rule.scale(round_) for o in rule.objectives(round_)] == [
        expected
    ]
    assert rule.worth(round_, decision)[0] / rule.scale(round_) == expected


def disadvantage(data: st.DataObject) -> None:
    weight = data.draw(st.integers(0, 10**6))
    rule = made(("priority", "disadvantage"), {"weights": {"remote": weight}})

    def worth(table: list[dict[str, Any]], award: list[int]) -> list[Fraction]:
        return [
            Fraction(
                sum(
                    weight for row, a in zip(table, award, strict=True) if a and row["disadvantage"]
                )
            )
        ]

    priority(rule, scored_of(data.draw(cases())).round, worth)


def balance(data: st.DataObject) -> None:
    rule = made(("priority", "balance"), {"column": "type"})

    def worth(table: list[dict[str, Any]], award: list[int]) -> list[Fraction]:
        kinds = sorted({row["type"] for row in table})
        counts = [
            sum(r["type"] == k and a > 0 for r, a in zip(table, award, strict=True)) for k in kinds
        ]
        return [Fraction(-sum(abs(len(kinds) * n - sum(counts)) for n in counts))]

    priority(rule, scored_of(data.draw(cases())).round, worth)


def counted(kind: str, of: Callable[[dict[str, Any]], Any]) -> Callable[[st.DataObject], None]:
    def check_(data: st.DataObject) -> None:
        rule = made(("priority", kind), {})

        def worth(table: list[dict[str, Any]], award: list[int]) -> list[Fraction]:
            got = [of(row) for row, a in zip(table, award, strict=True) if a]
            return [Fraction(len(set(got)) if kind == "coverage" else sum(map(bool, got)))]

        priority(rule, scored_of(data.draw(cases())).round, worth)

    return check_


def fixed(data: st.DataObject) -> None:
    round_ = scored_of(data.draw(cases())).round
    rule = made(("clause", "fixed"), {"fund": ["A0"], "refuse": ["A1"]})

    def holds(table: list[dict[str, Any]], award: list[int]) -> bool:
        got = {row["application_id"] for row, a in zip(table, award, strict=True) if a}
        return "A0" in got and "A1" not in got

    constraint(rule, round_, holds)


def minimum_award(data: st.DataObject) -> None:
    """Whose most is below it is refused, and an award below it breaks it."""
    round_ = scored_of(data.draw(cases())).round
    tops = [int(m) for m in round_.most]
    rule = made(("clause", "minimum_award"), {"amount": data.draw(MONEY | st.sampled_from(tops))})
    said = {f.application for f in rule.screen_merit(round_) if f.severity is Severity.REFUSAL}
    assert said == {p for p, top in zip(round_.position.tolist(), tops, strict=True)
                    if top < rule.amount}  # fmt: skip
    for decision in every_decision(round_):
        low = {i for i, a in zip(round_.ids, decision.award, strict=True) if 0 < a < rule.amount}
        assert {v.application_id for v in rule.audit(round_, decision)} == low


def promise(data: st.DataObject) -> None:
    """What was published is kept, and what was paid to others is not spent again."""
    round_ = scored_of(data.draw(cases())).round
    kept = {"A0": data.draw(MONEY | st.just(int(round_.most[0])))}
    paid = {"A1": data.draw(MONEY), "A0": data.draw(MONEY)}
    reduced = data.draw(MONEY)
    rule = made(("clause", "promise"), {"kept": kept, "paid": paid, "reduced": {"A0": reduced}})

    def holds(table: list[dict[str, Any]], award: list[int]) -> bool:
        got = dict(zip(round_.ids, award, strict=True))
        gone = max(0, paid["A0"] - reduced) if "A0" in got else paid["A0"]
        gone += 0 if "A1" in got else paid["A1"]
        return got["A0"] >= min(kept["A0"], int(round_.most[0])) and (
            not gone or sum(award) + gone <= 10**12
        )

    constraint(rule, round_, holds)


def at_least(kind: str, column: str) -> Callable[[st.DataObject], None]:
    """Check a screen that compares a whole number with a minimum."""

    def check_(data: st.DataObject) -> None:
        least, numbers = data.draw(MONEY), data.draw(st.lists(MONEY, min_size=3, max_size=3))
        numbers[0] = least - data.draw(st.integers(0, 1))
        case = make_case([{"application_id": f"A{i}", column: n} for i, n in enumerate(numbers)])
        keys = {"minimum": least, **({"recommended": least} if kind == "members" else {})}
        said = {f"A{i}" for i, n in enumerate(numbers) if n < least}
        assert refused(case, made(("clause", kind), keys)) == said

    return check_


def no_arithmetic(data: st.DataObject) -> None:
    """The rule compares words or days, and no number of the case or the policy."""


FRACTIONS: dict[Kind, Callable[[st.DataObject], None]] = {
    ("pool", "pool"): pool,
    ("review", "minimum_merit"): minimum_merit,
    ("review", "minimum_points"): minimum_points,
    ("clause", "own_funds"): own_funds,
    ("clause", "budget_lines"): budget_lines,
    ("clause", "school_cap"): school_cap,
    ("clause", "quota"): quota,
    ("clause", "fixed"): fixed,
    ("clause", "minimum_award"): minimum_award,
    ("clause", "promise"): promise,
    ("clause", "members"): at_least("members", "members"),
    ("clause", "meetings"): at_least("meetings", "meetings"),
    ("clause", "methods"): no_arithmetic,
    ("clause", "types"): no_arithmetic,
    ("clause", "convener"): no_arithmetic,
    ("clause", "deadline"): no_arithmetic,
    ("clause", "joint"): no_arithmetic,
    ("clause", "programme"): no_arithmetic,
    ("clause", "prior_outcome"): no_arithmetic,
    ("priority", "quota"): soft_quota,
    ("priority", "merit"): merit,
    ("priority", "amount"): amount,
    ("priority", "evenness"): evenness,
    ("priority", "disadvantage"): disadvantage,
    ("priority", "balance"): balance,
    ("priority", "coverage"): counted("coverage", lambda row: row["district"]),
    ("priority", "sharing"): counted(
        "sharing", lambda row: row["partners"] or len(row["fields"]) > 1
    ),
}


def test_every_rule_is_checked_against_fractions() -> None:
    assert set(FRACTIONS) == set(registry()), "say in FRACTIONS what a rule comes to in fractions"
    exempt = [kind for kind, check_ in FRACTIONS.items() if check_ is no_arithmetic]
    for kind in exempt:  # screens alone: neither rows nor objectives, nor a key that is a number
        rule = registry()[kind]
        assert rule.rows is Clause.rows and not issubclass(rule, Priority)
        keys = {str(key.type) for key in rule.policy_keys()} - {"str", "Action"}
        assert not [key for key in keys if "Points" in key or "Share" in key or "Money" in key]


CHECKED = [kind for kind, check_ in FRACTIONS.items() if check_ is not no_arithmetic]


@pytest.mark.slow
@pytest.mark.parametrize("kind", CHECKED, ids="-".join)
def test_a_rule_comes_to_what_fractions_come_to(kind: Kind) -> None:
    some(given(st.data())(FRACTIONS[kind]))()


@some
@given(st.data())
def test_what_a_priority_may_give_up_is_rounded_down_exactly(data: st.DataObject) -> None:
    share, optimum = data.draw(SHARES), data.draw(st.integers(-MOST, MOST))
    round_ = scored_of(data.draw(cases())).round
    [goal] = made(("priority", "merit"), {"give_up": percent(share)}).goals(round_)
    assert goal.floor(optimum) == optimum - abs(optimum) * share // 1
    away = data.draw(NUMBERS)
    [goal] = made(("priority", "merit"), {"give_up": away}).goals(round_)
    assert optimum - goal.floor(optimum) == away * round_.merit_denominator // 1


@some
@given(SHARES, st.integers(1, 12), st.sampled_from(["<=", ">="]))
def test_the_nearest_share_bounds_the_same(share: Fraction, greatest: int, sense: Any) -> None:
    near = nearest(share, greatest, sense)
    assert near.denominator <= greatest
    for y in range(1, greatest + 1):
        for x in range(y + 1):
            part = Fraction(x, y)
            if sense == "<=":
                assert (part <= share) == (part <= near)
            else:
                assert (part >= share) == (part >= near)


# ---- scores ------------------------------------------------------------------------------------


@st.composite
def long_rounds(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw reviews with marks of up to 18 decimals, under every way of reading them."""
    full = draw(
        st.lists(st.sampled_from([5, 20, "2.5", "33.333333333333333333"]), min_size=1, max_size=3)
    )
    review = {
        "criteria": {f"c{n}": top for n, top in enumerate(full)},
        "aggregate": draw(st.sampled_from(["mean", "median", "trimmed_mean"])),
        "direction": draw(st.sampled_from(["higher_is_better", "lower_is_better"])),
        "lowest": draw(st.sampled_from([0, 1, "0.000000000000000001"])),
        "missing": draw(st.sampled_from(["error", "criterion_mean", "rescale", "zero"])),
        "severity": draw(st.sampled_from(["none", "none", "additive"])),
    }

    def mark(top: Any) -> Any:
        numbers = st.decimals(1, Decimal(str(top)), places=draw(st.sampled_from([0, 14, 18])))
        whole = numbers.map(Fraction)
        return whole if review["missing"] == "error" else st.none() | whole

    marks = {
        f"A{i}": {
            name: draw(st.tuples(*map(mark, full)))
            for name in draw(st.lists(st.sampled_from("PQRS"), min_size=1, max_size=4, unique=True))
        }
        for i in range(draw(st.integers(1, 3)))
    }
    return marks, review


@settings(some, max_examples=4 * EXAMPLES)
@given(long_rounds())
def test_scores_with_many_decimals(round_: tuple[dict[str, Any], dict[str, Any]]) -> None:
    marks, review = round_
    scores = scored_of(reviewed(marks, review)).scores
    got = [Fraction(int(m), scores.denominator) for m in scores.merit]
    assert got == list(slow_merits(marks, review).values())
    assert scores.criterion_means is not None
    means = [
        [Fraction(int(p), scores.criterion_denominator) for p in row]
        for row in scores.criterion_means
    ]
    assert means == list(slow_points(marks, review).values())


def test_every_way_of_scoring_is_drawn() -> None:
    seen: set[tuple[str, str]] = set()

    @settings(max_examples=100, deadline=None, database=None, derandomize=True)
    @given(long_rounds())
    def look(round_: tuple[dict[str, Any], dict[str, Any]]) -> None:
        seen.update((key, value) for key, value in round_[1].items() if isinstance(value, str))

    look()
    ways = {"aggregate": ("mean", "median", "trimmed_mean"), "severity": ("none", "additive")}
    ways["missing"] = ("error", "criterion_mean", "rescale", "zero")
    assert {(key, value) for key, values in ways.items() for value in values} <= seen


@some
@given(MONEY, NUMBERS, SHARES, NUMBERS, st.sampled_from(["partial", "graded"]), MONEY)
def test_bounds_of_an_award(
    admissible_: int, points: Fraction, share: Fraction, grade: Fraction, mode: Any, unit: int
) -> None:
    award = Award(mode, share, ((grade, share),))
    whole = admissible_ // unit * unit
    merit = np.array([points.numerator], dtype=object)
    least, most = bounds(award, np.array([admissible_]), merit, points.denominator, unit)
    if mode == "graded":
        expected = admissible_ * share // unit * unit if points >= grade else 0
        assert (least[0], most[0]) == (expected, expected)
    else:
        assert most[0] == whole
        assert least[0] == min(max(-(-admissible_ * share // unit) * unit, unit), whole)


# ---- the cases themselves ----------------------------------------------------------------------


def given_merits(*merits: str, **document: Any) -> Case:
    rows = [
        {"application_id": f"A{i}", "school_id": f"S{i}", "merit": m} for i, m in enumerate(merits)
    ]
    return make_case(rows, **document)


def test_a_minimum_of_three_decimals_and_merits_as_pandas_writes_them() -> None:
    merits = ("93.33333333333333", "80.5", "66.66666666666667")
    case = given_merits(*merits, review={"minimum_merit": Decimal("66.667")})
    assert eligible(case) == ["A0", "A1"]
    said = "merit 66.6667 is below 66.667 points"
    assert findings(case, "minimum_merit") == [("A2", Severity.REFUSAL, said)]


@pytest.mark.parametrize(
    "least", ["69.99999999999999999", "69." + "9" * 18, "70.000000000000000000"]
)
def test_the_example_with_a_minimum_of_many_decimals(example: Path, least: str) -> None:
    case = read_case(example)
    review = {**case.policy.document["review"], "minimum_merit": Decimal(least)}
    again = case.under(make_policy({**case.policy.document, "review": review}))
    assert eligible(again) == eligible(case)
    assert len(eligible(again)) == 412


def test_minimum_points_of_many_decimals() -> None:
    marks = {"A0": {"P": [Fraction(7), Fraction(8)]}, "A1": {"P": [Fraction(6), Fraction(8)]}}
    least = {"needs": Decimal("6.9999999999999999999")}
    review = {"criteria": {"needs": 20, "goals": 20}, "minimum_points": least}
    assert eligible(reviewed(marks, review)) == ["A0"]


THIRD = "33.3333333333333333%"  # a little less than a third: with it, 1 of 3 is too many


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["auto", "joined", "highs", "cbc"])
@pytest.mark.parametrize("measure", ["count", "amount"])
@pytest.mark.parametrize("bound", ["at_most", "at_least"])
@pytest.mark.parametrize("one_school", [True, False])
def test_a_share_of_sixteen_decimals(
    engine: str, measure: str, bound: str, one_school: bool
) -> None:
    """Eight applications, two of them of a junior high school; brute force is the truth."""
    applications = [
        {
            "application_id": f"A{i}",
            "school_id": f"S{i % 2 if one_school else i}",
            "requested": 1_000 + 300 * (i % 3),
            "merit": 60 + 7 * i % 23,
            "type": "subject" if i % 3 == 0 else "grade",
        }
        for i in range(8)
    ]
    quota_ = {
        "kind": "quota",
        "column": "type",
        "value": "subject",
        "measure": measure,
        bound: THIRD,
    }
    case = make_case(
        applications,
        pool={"amount": 6_000, "unit": 100},
        clause=[quota_, {"kind": "school_cap", "amount": 4_000}],
        priority=[{"kind": "merit"}, {"kind": "amount"}],
    )
    scored = scored_of(case)
    truth, program = truth_of(scored), build_program(scored)
    assert truth is not None
    solution = joined(program) if engine == "joined" else solve(program, Options(engine))
    check_solution(solution, truth, program)


def test_a_mark_far_off_the_scale_is_reported_not_a_bug(example: Path, tmp_path: Path) -> None:
    for file in example.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    reviews = tmp_path / "reviews.csv"
    lines = reviews.read_text("utf-8-sig").splitlines()
    cells = lines[1].split(",")
    lines[1] = ",".join(["999999999999999.999999" if cell.isdigit() else cell for cell in cells])
    reviews.write_text("\n".join(lines), "utf-8")
    with pytest.raises(SubsidyError) as refusal:
        read_case(tmp_path)
    assert "outside the scale" in refusal.value.say("en")


def test_a_soft_share_of_many_decimals_is_counted_in_its_own_small_parts() -> None:
    keys = {"column": "type", "value": "subject", "measure": "amount", "at_most": THIRD}
    rows = [
        {
            "application_id": f"A{i}",
            "school_id": f"S{i}",
            "requested": 10**9 + i,
            "type": ("subject", "grade")[i % 2],
        }
        for i in range(6)
    ]
    case = make_case(
        rows, pool={"amount": 3 * 10**9}, priority=[{"kind": "quota", **keys}, {"kind": "merit"}]
    )
    program = build_program(scored_of(case))
    right = solve(program, Options("highs"))
    assert right.optimal
    assert solve(program).decision.award.tolist() == right.decision.award.tolist()
