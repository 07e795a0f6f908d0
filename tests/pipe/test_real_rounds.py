"""The main job on real input: 308 real schools, and 72 real proposals with 216 real reviews.

What the files do not hold (requests, schools of the proposals) is invented around them, in memory
or in a temporary folder. Every figure is worked out again from the files, with fractions.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from cross import scip
from helpers.rounds import scored_of

from optimizer import Allocation, allocate, generate, read_case
from optimizer.reading import read_table
from optimizer.scoring.build import build_program

CAP = 5_000


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def funded_keep_the_rules(allocation: Allocation, pool: int, unit: int) -> None:
    """Check pool, cap, unit and eligibility in the finished table alone."""
    table = allocation.awards
    assert table["award"].sum() <= pool
    assert (table["award"] % unit == 0).all()
    assert table.groupby(["school_id", "level"])["award"].sum().max() <= CAP
    funded = table["status"] == "funded"
    assert ((table["award"] > 0) == funded).all()
    assert (table.loc[funded, "award"] == table.loc[funded, "admissible"]).all()
    assert (table["admissible"] <= table["requested"]).all()
    assert allocation.status == "optimal"
    assert all(step.proved and step.bound == step.value for step in allocation.steps)


# ---- the schools of a whole city ------------------------------------------------------------


def schools_table(real: Path) -> pd.DataFrame:
    frame = read_table(real / "taichung" / "schools.csv").to_frame()
    city = frame[frame["ownership"] == "municipal"].reset_index(drop=True)
    return pd.DataFrame(
        {
            "school_id": city["code"],
            "name": city["name"],
            "district": city["district"],
            "level": city["level"].replace({"junior": "junior_high"}),
            "disadvantage": city["remote_category"],
            "students": city["students"],
            "classes": city["classes"],
        }
    )


@pytest.mark.parametrize(("seed", "applications"), [(1, 450), (2, 320), (3, 700)])
def test_a_round_of_the_308_municipal_schools(
    seed: int, applications: int, real: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "case"
    generate(folder, applications=applications, seed=seed, schools_table=schools_table(real))
    case = read_case(folder)
    assert len(case.records.schools) == 308
    allocation = allocate(case, language="en")
    pool = case.policy.settings.pool
    funded_keep_the_rules(allocation, pool.amount, pool.unit)
    assert dict(zip(allocation.awards["application_id"], merits(allocation), strict=True)) == (
        plain_means(rows_of(folder / "reviews.csv"))
    )
    assert every_district_that_can_takes_part(allocation)
    assert shut_out(allocation, rows_of(folder / "schools.csv")) == 0
    if seed == 1:
        assert allocate(case, "highs", language="en").awards.equals(allocation.awards)


def merits(allocation: Allocation) -> list[Fraction]:
    scores = allocation.scored.scores
    return [Fraction(int(m), scores.denominator) for m in scores.merit]


def plain_means(reviews: list[dict[str, str]]) -> dict[str, Fraction]:
    """Return the mean over reviewers who are not recused of the sum of their points."""
    totals: dict[str, list[Fraction]] = defaultdict(list)
    for review in reviews:
        marks = [v for k, v in review.items() if k not in ("application_id", "reviewer")]
        if "recused" not in marks:
            totals[review["application_id"]].append(sum(map(Fraction, marks), Fraction(0)))
    return {a: sum(t, Fraction(0)) / len(t) for a, t in sorted(totals.items())}


def every_district_that_can_takes_part(allocation: Allocation) -> bool:
    """Money is enough for one application a district, so all with an eligible one are covered."""
    table = allocation.awards
    could = set(table.loc[table["status"] != "ineligible", "district"])
    does = set(table.loc[table["status"] == "funded", "district"])
    assert len(could) >= 25
    return could == does


def shut_out(allocation: Allocation, schools: list[dict[str, str]]) -> int:
    """Count funded applications of schools in the ministry's programme."""
    inside = {(s["school_id"], s["level"]) for s in schools if s["evaluation_programme"] == "yes"}
    assert inside
    funded = allocation.awards.query("award > 0")
    return sum(key in inside for key in zip(funded["school_id"], funded["level"], strict=True))


# ---- real reviews ---------------------------------------------------------------------------

CRITERIA = ("Innovation", "Approach", "Investig", "Signif", "Impact")
FULL, LOWEST, SCHOOLS, DISTRICTS = 5, 1, 24, 8
MINIMUM = Fraction(35, 2)
WEIGHTS = {"": 0, "remote": 1, "extreme_remote": 3}

POLICY = """
[pool]
amount = 60_000
unit = 100
[review]
criteria = { Innovation = 5, Approach = 5, Investig = 5, Signif = 5, Impact = 5 }
direction = "lower_is_better"
lowest = 1
missing = "rescale"
minimum_merit = 17.5
[draw]
seed = "real reviews"
[[clause]]
kind = "school_cap"
amount = 5_000
[[priority]]
kind = "coverage"
[[priority]]
kind = "merit"
name = "band"
band = 1
[[priority]]
kind = "disadvantage"
weights = { remote = 1, extreme_remote = 3 }
[[priority]]
kind = "merit"
[[priority]]
kind = "amount"
"""


def invented_school(number: int) -> dict[str, Any]:
    return {
        "school_id": f"9{number:05d}",
        "name": f"學校{number}",
        "district": f"第{number % DISTRICTS}區",
        "level": "elementary" if number % 3 else "junior_high",
        "disadvantage": ("", "", "remote", "extreme_remote")[number % 4],
        "evaluation_programme": "no",
    }


def invented_application(number: int, name: str) -> dict[str, Any]:
    """Make up what the reviews do not say: the school, and requests of NT$1,600 to 4,900."""
    return {
        "application_id": name,
        "school_id": f"9{number % SCHOOLS:05d}",
        "title": f"社群{name}",
        "convener": "王○明",
        "type": "subject",
        "methods": "lecture",
        "members": 6,
        "meetings": 6,
        "requested": 1_600 + 100 * (number * 7 % 34),
    }


@pytest.fixture(scope="module")
def real_reviews(real: Path) -> list[dict[str, str]]:
    return rows_of(real / "reviews" / "aibs_reviews.csv")


@pytest.fixture(scope="module")
def reviewed(
    real_reviews: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Allocation:
    """Allocate a round of the 72 real proposals."""
    folder = tmp_path_factory.mktemp("reviews") / "case"
    folder.mkdir()
    ids = sorted({review["ID"] for review in real_reviews}, key=int)
    names = {proposal: f"P{int(proposal):04d}" for proposal in ids}
    marks = [
        {
            "application_id": names[review["ID"]],
            "reviewer": f"R{review['RevID']}",
            **{criterion: review[criterion] for criterion in CRITERIA},
        }
        for review in real_reviews
    ]
    tables = {
        "schools": [invented_school(n) for n in range(SCHOOLS)],
        "applications": [invented_application(n, names[i]) for n, i in enumerate(ids)],
        "reviews": marks,
    }
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    (folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    return allocate(read_case(folder), language="en")


def turned_merits(reviews: list[dict[str, str]]) -> dict[str, Fraction]:
    """Turn marks round (6 - mark), scale to five criteria, and take the mean of the reviewers."""
    totals: dict[str, list[Fraction]] = defaultdict(list)
    for review in reviews:
        given = [FULL + LOWEST - Fraction(review[c]) for c in CRITERIA if review[c]]
        whole = sum(given) * Fraction(len(CRITERIA), len(given))
        totals[f"P{int(review['ID']):04d}"].append(whole)
    return {name: sum(found) / len(found) for name, found in sorted(totals.items())}


def test_merit_of_real_reviews_is_exact(
    reviewed: Allocation, real_reviews: list[dict[str, str]]
) -> None:
    assert len(real_reviews) == 216
    assert sum(not review["Impact"] for review in real_reviews) == 153
    expected = turned_merits(real_reviews)
    assert len(expected) == 72
    found = dict(zip(reviewed.awards["application_id"], merits(reviewed), strict=True))
    assert found == expected


def test_merit_of_real_reviews_goes_the_right_way(
    reviewed: Allocation, real_reviews: list[dict[str, str]]
) -> None:
    """The reviewers' own overall score (1 best) was not used; merit orders much as it does."""
    overall = {f"P{int(r['ID']):04d}": float(r["ScoreAvg"]) for r in real_reviews}
    names = reviewed.awards["application_id"]
    merit = pd.Series([float(m) for m in merits(reviewed)])
    score = pd.Series([overall[name] for name in names])
    assert merit.rank().corr(score.rank()) < -0.8


def test_a_round_of_real_reviews_is_optimal_and_keeps_the_rules(
    reviewed: Allocation, real_reviews: list[dict[str, str]]
) -> None:
    funded_keep_the_rules(reviewed, 60_000, 100)
    expected = turned_merits(real_reviews)
    status = dict(zip(reviewed.awards["application_id"], reviewed.awards["status"], strict=True))
    for name, merit in expected.items():
        assert (status[name] == "ineligible") == (merit < MINIMUM), name
    counts = Counter(status.values())
    assert min(counts[word] for word in ("funded", "not_funded", "ineligible")) >= 5
    assert every_value(reviewed) == tuple(step.value for step in reviewed.steps[:3])


def every_value(allocation: Allocation) -> tuple[int, int, int]:
    """Work out coverage, merit in bands and disadvantage from the table."""
    funded = allocation.awards.query("award > 0")
    merit = dict(zip(allocation.awards["application_id"], merits(allocation), strict=True))
    schools = [invented_school(int(school[1:])) for school in funded["school_id"]]
    return (
        len({school["district"] for school in schools}),
        sum(int(merit[name]) for name in funded["application_id"]),
        sum(WEIGHTS[school["disadvantage"]] for school in schools),
    )


def test_no_small_exchange_would_be_better(reviewed: Allocation) -> None:
    """Take out two at most and put in two at most, three in all: no list that fits is better."""
    round_, award = reviewed.scored.round, reviewed.decision.award
    funded = [a for a in range(round_.size) if award[a]]
    others = [a for a in range(round_.size) if not award[a]]
    best, tried = worth_of(reviewed, funded), 0
    for out, new in ((0, 1), (1, 1), (2, 1), (1, 2)):
        for gone in combinations(funded, out):
            kept = [a for a in funded if a not in gone]
            for come in combinations(others, new):
                if fits(reviewed, [*kept, *come]):
                    tried += 1
                    assert worth_of(reviewed, [*kept, *come]) < best, (gone, come)
    assert tried > 500


def fits(allocation: Allocation, chosen: list[int]) -> bool:
    round_ = allocation.scored.round
    received: Counter[int] = Counter()
    for a in chosen:
        received[int(round_.school[a])] += int(round_.most[a])
    return sum(received.values()) <= 60_000 and max(received.values()) <= CAP


def worth_of(allocation: Allocation, chosen: list[int]) -> tuple[Any, ...]:
    """Return the five priorities, and the draw, of funding exactly these in full."""
    round_ = allocation.scored.round
    schools = [invented_school(int(round_.school[a])) for a in chosen]
    place = [int(a) for a in allocation.draw_order]
    return (
        len({school["district"] for school in schools}),
        sum(int(round_.merit_of(a)) for a in chosen),
        sum(WEIGHTS[school["disadvantage"]] for school in schools),
        sum((round_.merit_of(a) for a in chosen), Fraction(0)),
        sum(int(round_.most[a]) for a in chosen),
        [int(round_.most[a]) * (a in chosen) for a in place],
    )


def test_other_solvers_give_the_same_round(reviewed: Allocation) -> None:
    for solver in ("highs", "cbc"):
        assert allocate(reviewed.case, solver, language="en").awards.equals(reviewed.awards)
    found = scip.solve(build_program(scored_of(reviewed.case)))
    assert found.award == tuple(int(x) for x in reviewed.decision.award)
    assert found.optima == tuple(step.bound for step in reviewed.steps)
