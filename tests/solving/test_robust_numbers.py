"""Numbers that would fool floating point: the exact answer, or a refusal in words, nothing else.

The oracle is brute force in Python's integers over at most ten applications. What an engine says
may be right and proved, or say of itself that it is not proved, or be refused by a `SubsidyError`
other than "no solution"; any other exception, and any wrong claim, is a defect.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from checks.adversaries import BAND, ENGINES, MERIT, adversaries, defects, little_memory, outcome
from checks.truth import truth_of
from helpers.rounds import DISTRICTS, make_case, scored_of, with_reviews

from optimizer.case.case import Case
from optimizer.scoring.build import build_program
from optimizer.scoring.score import bounds
from optimizer.solving.options import Options
from optimizer.solving.solve import solve
from optimizer.tables.settings import Award

CASES = int(os.environ.get("SUBSIDY_ROBUST_CASES", "40"))


@pytest.fixture(autouse=True)
def _little_memory() -> Iterator[None]:
    with little_memory():
        yield


def small(count: int, requested: Any = 1_000, merit: Any = 80, **document: Any) -> Case:
    """Make a case of so many applications, two a school, by two functions of the ordinal."""

    def of(value: Any, i: int) -> Any:
        return value(i) if callable(value) else value

    applications = [
        {
            "application_id": f"A{i}",
            "school_id": f"S{i // 2}",
            "requested": of(requested, i),
            "merit": of(merit, i),
        }
        for i in range(count)
    ]
    return make_case(applications, **document)


def by_level(percent: str, section: str, requested: int = 10**10) -> Case:
    """Make a case with a share of money for one of two levels, hard or soft."""
    quota = {
        "kind": "quota",
        "column": "level",
        "value": "junior_high",
        "measure": "amount",
        "at_most": percent,
    }
    schools = [
        {"school_id": f"S{i}", "level": ("elementary", "junior_high")[i % 2]} for i in range(6)
    ]
    applications = [
        {
            "application_id": f"A{i}",
            "school_id": f"S{i}",
            "requested": requested + i,
            "merit": 80 + i,
        }
        for i in range(6)
    ]
    rules: dict[str, Any] = {"priority": [MERIT]}
    rules = {"priority": [quota, MERIT]} if section == "priority" else {**rules, "clause": [quota]}
    return make_case(applications, schools, pool={"amount": 6 * requested}, **rules)


PRIMES = (999_983, 999_979, 999_961, 999_959, 999_953, 999_931, 999_917, 999_907)


# ---- what has to be right -------------------------------------------------------------------


@pytest.mark.parametrize("decimals", [6, 7, 9, 12])
def test_near_ties_are_not_ties(decimals: int) -> None:
    """``A1`` is better by the last decimal, ``A4`` twice so; money for two of six."""
    tiny = Fraction(1, 10**decimals)
    merits = [80, 80 + tiny, 80, 80, 80 + 2 * tiny, 80]
    case = small(6, merit=lambda i: merits[i], pool={"amount": 2_000}, priority=[MERIT])
    scored = scored_of(case)
    solution = solve(build_program(scored))
    assert list(solution.decision.award) == [0, 1_000, 0, 0, 1_000, 0]
    assert solution.certainty == ("none", "every", "none", "none", "every", "none")
    assert outcome(case, "auto") == "proved"


def test_two_worse_by_the_last_decimal_lose_to_one_and_a_half() -> None:
    """Together 160.0000001 for 2,000: 80.0000001 and 80 win over two of 80.00000004."""
    tiny = Fraction(1, 10**8)
    merits = [80 + 10 * tiny, 80, 80 + 4 * tiny, 80 + 5 * tiny]
    case = small(4, merit=lambda i: merits[i], pool={"amount": 2_000}, priority=[MERIT])
    solution = solve(build_program(scored_of(case)))
    assert list(solution.decision.award) == [1_000, 0, 0, 1_000]


@pytest.mark.parametrize("engine", ENGINES)
def test_reviews_with_seven_decimals(engine: str) -> None:
    rng = random.Random(7)
    criteria = {"one": 20, "two": 80}
    case = small(8, pool={"amount": 4_000}, review={"criteria": criteria}, priority=[BAND, MERIT])
    marks = {
        f"A{i}": {
            reviewer: [
                Fraction(rng.randrange(10 * 10**7, 20 * 10**7), 10**7),
                Fraction(rng.randrange(50 * 10**7, 80 * 10**7), 10**7),
            ]
            for reviewer in "甲乙丙"
        }
        for i in range(8)
    }
    case = with_reviews(case, marks)
    merits = [sum(sum(row) for row in marks[f"A{i}"].values()) / Fraction(3) for i in range(8)]
    assert [scored_of(case).round.merit_of(a) for a in range(8)] == merits
    assert outcome(case, engine) in ("proved", "refused")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("pool", [4_000, 4_009, 4_010, 4_011])
def test_the_last_unit_of_the_pool_counts(engine: str, pool: int) -> None:
    case = small(8, lambda i: 1_000 + i, lambda i: 80 + i, pool={"amount": pool}, priority=[MERIT])
    assert outcome(case, engine) == "proved"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.slow
def test_a_pool_of_ten_thousand_million_in_thousands(engine: str) -> None:
    pool = {"amount": 10**10, "unit": 10**6}
    case = small(
        9, lambda i: 10**9 * (1 + i % 4), lambda i: 70 + 7 * i % 11, pool=pool, priority=[MERIT]
    )
    assert outcome(case, engine) == "proved"


@pytest.mark.parametrize("engine", ["highs", "cbc"])
def test_a_pool_of_ten_thousand_million_in_single_dollars(engine: str) -> None:
    """Feasible by one dollar, or not: floating point cannot tell at this size."""
    for pool in (4 * 10**9 + 21, 4 * 10**9 + 22, 4 * 10**9 + 23):
        case = small(
            8, lambda i: 10**9 + i, lambda i: 80 + i, pool={"amount": pool}, priority=[MERIT]
        )
        assert outcome(case, engine) in ("proved", "honest", "refused")


@pytest.mark.parametrize("engine", ENGINES)
def test_weights_of_a_million_and_one_less(engine: str) -> None:
    schools = [
        {"school_id": f"S{i}", "disadvantage": ("remote", "extreme_remote")[i % 2]}
        for i in range(4)
    ]
    weights = {"remote": 10**6 - 1, "extreme_remote": 10**6}
    applications = [
        {"application_id": f"A{i}", "school_id": f"S{i % 4}", "merit": 90 - i} for i in range(8)
    ]
    case = make_case(
        applications,
        schools,
        pool={"amount": 3_000},
        priority=[{"kind": "disadvantage", "weights": weights}, MERIT],
    )
    assert outcome(case, engine) == "proved"


# ---- eight priorities, anything -------------------------------------------------------------


@pytest.mark.slow
def test_adversarial_cases_in_thousands() -> None:
    found = adversaries("plain", range(CASES), ("auto", "joined", "highs"))
    assert defects(found) == {}
    assert found["auto proved"] == CASES
    assert found["highs proved"] > 0.9 * CASES


@pytest.mark.slow
def test_adversarial_cases_in_thousands_by_cbc() -> None:
    assert defects(adversaries("plain", range(100, 120), ("cbc",))) == {}


def test_adversarial_cases_of_ordinary_size() -> None:
    assert defects(adversaries("ordinary", range(44, 48))) == {}


@pytest.mark.slow
def test_adversarial_cases_with_wild_numbers() -> None:
    assert defects(adversaries("wild", range(10))) == {}


# ---- defects found, each with the smallest case that shows it -------------------------------


@pytest.mark.slow
def test_prices_stay_within_64_bits() -> None:
    """Two applications, ordinary money, a share of money for one level: OverflowError."""
    schools = [
        {"school_id": "S0", "district": "東勢區", "disadvantage": "extreme_remote"},
        {"school_id": "S2", "district": "中區", "level": "junior_high"},
        {"school_id": "S3", "district": "中區"},
    ]
    applications = [
        {"application_id": "A2", "school_id": "S3", "requested": 17_628, "merit": "97.218"},
        {"application_id": "A3", "school_id": "S0", "requested": 17_088, "merit": "77.417"},
    ]
    quota = {
        "kind": "quota",
        "column": "level",
        "value": "junior_high",
        "measure": "amount",
        "at_least": "33.33%",
    }
    weights = {"remote": 999_999, "extreme_remote": 1_000_000}
    case = make_case(
        applications,
        schools,
        pool={"amount": 52_794},
        clause=[quota],
        priority=[
            {"kind": "coverage"},
            {"kind": "disadvantage", "weights": weights},
            MERIT,
            {"kind": "amount"},
        ],
    )
    assert outcome(case, "auto") == "proved"


def three_requests(requested: tuple[int, ...], **document: Any) -> Case:
    """Make three applications of three schools in three districts."""
    schools = [
        {"school_id": f"S{i}", "district": DISTRICTS[i], "level": level}
        for i, level in enumerate(("elementary", "elementary", "junior_high"))
    ]
    applications = [
        {"application_id": f"A{i}", "school_id": f"S{i}", "requested": amount, "merit": 80 + i}
        for i, amount in enumerate(requested)
    ]
    return make_case(applications, schools, **document)


def test_a_table_is_counted_before_it_is_made_for_shares() -> None:
    """Three applications and a share with four digits: gigabytes."""
    case = three_requests(
        (13_850, 10_000, 19_285),
        pool={"amount": 35_932},
        clause=[{**SHARE_OF_JUNIOR_HIGH, "measure": "amount"}],
        priority=[{"kind": "coverage"}],
    )
    assert outcome(case, "auto") in ("proved", "refused")


SHARE_OF_JUNIOR_HIGH = {
    "kind": "quota",
    "column": "level",
    "value": "junior_high",
    "at_most": "33.3333%",
}


def test_a_table_is_counted_before_it_is_made_for_dollars() -> None:
    """Requests without a common divisor and a pool of 5 * 10**9 steps."""
    case = small(
        8,
        lambda i: 1_234_567_891 + 7_919 * i,
        lambda i: 80 + i % 3,
        pool={"amount": 5 * 10**9},
        priority=[MERIT],
    )
    assert outcome(case, "auto") in ("proved", "refused")


def test_awards_are_counted_before_they_are_listed() -> None:
    """A partial award between 5 * 10**8 and 10**9 single dollars has very many levels."""
    case = small(
        3,
        10**9,
        pool={"amount": 2 * 10**9},
        award={"mode": "partial"},
        priority=[MERIT, {"kind": "amount"}],
    )
    solution = solve(build_program(scored_of(case)), Options(time_limit=20))
    assert int(solution.decision.award.sum()) <= 2 * 10**9


@pytest.mark.parametrize("engine", ["highs", "cbc"])
def test_an_exact_merit_after_its_bands_is_held_as_small_as_it_was_solved(engine: str) -> None:
    """Merit above its bands is 0 to 3 in units of 10**-9; the row that holds it is 10**11."""
    merits = [0, 0, 0, 1, 2, 3]
    case = small(
        6,
        lambda i: 1_000 + i,
        lambda i: 90 + Fraction(merits[i], 10**9),
        pool={"amount": 3_009},
        clause=[{"kind": "school_cap", "amount": 2_001}],
        priority=[BAND, MERIT, {"kind": "balance"}],
    )
    assert outcome(case, engine) in ("proved", "refused")


def test_no_solution_is_never_said_while_one_is_known() -> None:
    """CBC: 79.000002 and 79.000003 twice, requests of NT$10,000, then the amount."""
    tiny = Fraction(1, 10**6)
    merits = [79 + 2 * tiny, 79 + 3 * tiny, 79 + 3 * tiny]
    case = make_case(
        [
            {"application_id": a, "school_id": a, "requested": 10_000, "merit": m}
            for a, m in zip(("A0", "A3", "A4"), merits, strict=True)
        ],
        pool={"amount": 29_999, "unit": 10},
        priority=[MERIT, {"kind": "amount"}],
    )
    assert outcome(case, "cbc") in ("proved", "honest", "refused")


def test_a_bound_is_never_below_the_value() -> None:
    """Requests of 10**9 in single dollars: CBC "proves" 451.089212 where 453.212565 is reached."""
    rows = (
        ("S3", 1_670_211_188, "90.503974"),
        ("S2", 1_835_141_626, "97.759032"),
        ("S0", 1_490_401_564, "82.968526"),
        ("S3", 1_956_148_812, "92.627327"),
        ("S2", 1_167_577_971, "96.625617"),
        ("S0", 1_560_888_991, "83.232063"),
        ("S2", 1_013_719_207, "79.441163"),
        ("S2", 1_612_171_223, "90.407499"),
    )
    categories = {"S0": "extreme_remote", "S2": "remote", "S3": "remote"}
    schools = [
        {"school_id": s, "disadvantage": c, "district": "和平區" if s == "S0" else "中區"}
        for s, c in categories.items()
    ]
    applications = [
        {"application_id": f"A{i}", "school_id": s, "requested": r, "merit": m}
        for i, (s, r, m) in enumerate(rows)
    ]
    weights = {"remote": 999_999, "extreme_remote": 1_000_000}
    case = make_case(
        applications,
        schools,
        pool={"amount": 8_119_481_161},
        priority=[
            {"kind": "coverage"},
            {"kind": "disadvantage", "weights": weights},
            MERIT,
        ],
    )
    assert outcome(case, "cbc") in ("proved", "honest", "refused")


@pytest.mark.parametrize("section", ["clause", "priority"])
def test_factors_that_highs_does_not_take_are_refused_in_words(section: str) -> None:
    """A share of 33.3333333333% of amounts of 10**10: factors of 10**19, IndexError in PuLP."""
    assert outcome(by_level("33.3333333333%", section), "highs") in ("proved", "honest", "refused")


@pytest.mark.parametrize("section", ["clause", "priority"])
def test_factors_that_fool_cbc_are_refused_in_words(section: str) -> None:
    """The same case: CBC says that nothing obeys the policy, though funding nobody does."""
    assert outcome(by_level("33.3333333333%", section), "cbc") in ("proved", "honest", "refused")


@pytest.mark.parametrize("section", ["clause", "priority"])
def test_large_shares_of_large_amounts(section: str) -> None:
    assert outcome(by_level("33.333333%", section), "auto") in ("proved", "honest", "refused")


@pytest.mark.parametrize("engine", ENGINES)
def test_merits_whose_common_denominator_is_huge(engine: str) -> None:
    """Eight merits over eight primes near 10**6: OverflowError where bands come before merit."""
    case = small(
        8,
        merit=lambda i: 80 + Fraction(1, PRIMES[i]),
        pool={"amount": 4_000},
        priority=[BAND, MERIT],
    )
    assert outcome(case, engine) in ("proved", "honest", "refused")


@pytest.mark.parametrize(
    ("decimals", "engine"),
    [
        (15, "auto"),
        pytest.param(15, "highs"),
        (15, "cbc"),
        *(
            pytest.param(decimals, engine)
            for decimals in (20, 30)
            for engine in ("auto", "highs", "cbc")
        ),
    ],
)
def test_merits_with_very_many_decimals(decimals: int, engine: str) -> None:
    case = small(
        6,
        merit=lambda i: 80 + Fraction(i % 3, 10**decimals),
        pool={"amount": 3_000},
        priority=[BAND, MERIT, {"kind": "balance"}],
    )
    assert outcome(case, engine) in ("proved", "honest", "refused")


def test_a_least_share_with_many_decimals() -> None:
    case = small(
        4,
        pool={"amount": 3_000, "unit": 100},
        award={"mode": "partial", "least_share": "0.33333333333333333333"},
        priority=[MERIT],
    )
    assert outcome(case, "auto") == "proved"


LONG = Fraction(333_333_333, 10**9)


@pytest.mark.parametrize("mode", ["partial", "graded"])
@pytest.mark.parametrize(
    ("share", "admissible"),
    [
        (Fraction(1, 3), 10**15),
        (LONG, 10**10),
        pytest.param(LONG, 10**12),
        pytest.param(LONG, 10**15),
    ],
)
def test_shares_of_amounts_are_exact(mode: str, share: Fraction, admissible: int) -> None:
    award = Award(mode=mode, least_share=share, grades=((Fraction(70), share),))
    least, _ = bounds(award, np.array([admissible]), np.array([80]), 1, 1)
    exactly = admissible * share
    assert int(least[0]) == (-(-exactly // 1) if mode == "partial" else exactly // 1)


@pytest.mark.parametrize("engine", ["highs"])
def test_five_applications_that_highs_has_got_wrong(engine: str) -> None:
    """Two of A1, A2, A3 fit beside each other: ``max f1 + f2 + f3`` with two funded is 2, not 1."""
    requested = (1_000, 1_001, 1_001, 1_002, 1_001)
    categories = ("", "remote", "remote", "remote", "")
    case = make_case(
        [
            {"application_id": f"A{i}", "school_id": f"S{i}", "requested": amount}
            for i, amount in enumerate(requested)
        ],
        [{"school_id": f"S{i}", "disadvantage": word} for i, word in enumerate(categories)],
        pool={"amount": 3_001},
        priority=[BAND, {"kind": "disadvantage", "weights": {"remote": 1}}],
    )
    scored = scored_of(case)
    truth = truth_of(scored)
    assert truth is not None
    assert truth.optima == (160, 2)
    assert outcome(case, engine) == "proved"
