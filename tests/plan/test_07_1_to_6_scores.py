"""柒一–六: six criteria of 20, 20, 20, 20, 10 and 10 points; the least that is eligible."""

from fractions import Fraction

from helpers.rounds import eligible, findings, make_case, scored_of, with_reviews

from optimizer.problems.errors import Severity

RULES = {
    ("review", "minimum_merit"): {"points": 70},
    ("review", "minimum_points"): {"points": {"needs": 12, "budget": 5}},
}

SCALE = {"needs": 20, "planning": 20, "goals": 20, "team": 20, "budget": 10, "other": 10}
MARKS = {
    "A1": {"R1": [18, 17, 18, 19, 9, 9], "R2": [16, 16, 17, 18, 8, 8]},  # 90 and 83
    "A2": {"R1": [15, 14, 14, 14, 6, 6], "R2": [15, 14, 14, 14, 7, 7]},  # 69 and 71
    "A3": {"R1": [14, 14, 14, 14, 7, 6], "R2": [14, 14, 14, 14, 7, 7]},  # 69 and 70
    "A4": {"R1": [10, 20, 20, 20, 9, 9], "R2": [13, 20, 20, 20, 9, 9]},  # 88 and 91
}


def _case(**review):
    case = make_case([{"application_id": a} for a in MARKS], review={"criteria": SCALE, **review})
    return with_reviews(case, MARKS)


def test_merit_is_the_mean_of_the_reviewers_totals() -> None:
    scores = scored_of(_case()).scores
    merit = [Fraction(int(m), scores.denominator) for m in scores.merit]
    assert merit == [Fraction(173, 2), 70, Fraction(139, 2), Fraction(179, 2)]


def test_seventy_points_at_least_and_seventy_is_enough() -> None:
    case = _case(minimum_merit=70)
    assert eligible(case) == ["A1", "A2", "A4"]
    assert findings(case, "minimum_merit") == [
        ("A3", Severity.REFUSAL, "merit 69.5 is below 70 points")
    ]


def test_points_on_one_criterion_may_have_a_least_of_their_own() -> None:
    case = _case(minimum_points={"needs": 12, "budget": 7})
    assert findings(case, "minimum_points") == [
        ("A4", Severity.REFUSAL, "mean points on needs are 11.5, below 12"),
        ("A2", Severity.REFUSAL, "mean points on budget are 6.5, below 7"),
    ]
    assert eligible(case) == ["A1", "A3"]


def test_a_reviewer_with_a_conflict_of_interest_is_left_out() -> None:
    marks = {**MARKS, "A1": {**MARKS["A1"], "R2": ["recused"] * 6}}
    case = make_case([{"application_id": a} for a in marks], review={"criteria": SCALE})
    scores = scored_of(with_reviews(case, marks)).scores
    assert Fraction(int(scores.merit[0]), scores.denominator) == 90
