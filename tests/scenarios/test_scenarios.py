"""Scenarios: reading, changing a policy by names, comparing, writing."""

from __future__ import annotations

import csv
import json
import tomllib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from helpers.documented import check_documented
from helpers.rounds import make_case

from optimizer.case.case import Case, read_case
from optimizer.clauses.quota import Quota
from optimizer.pipe import allocate
from optimizer.policy.changes import Changes
from optimizer.policy.policy import Policy, make_policy
from optimizer.problems.errors import InfeasibleError, PolicyError, UsageError
from optimizer.scenarios.comparison import Comparison, compare
from optimizer.scenarios.read import read_scenarios
from optimizer.scenarios.scenario import Scenario, apply
from optimizer.scenarios.write import write_comparison

CLAUSES = [
    {"kind": "school_cap", "amount": 3_000},
    {"kind": "quota", "column": "level", "value": "junior_high", "at_least": 1},
]
PRIORITIES: list[dict[str, Any]] = [
    {"kind": "coverage"},
    {"kind": "merit", "band": 1, "name": "merit_band"},
    {"kind": "disadvantage", "weights": {"remote": 1}},
    {"kind": "merit"},
    {"kind": "merit", "band": 5},
]


def document(**tables: Any) -> dict[str, Any]:
    return {
        "pool": {"amount": 4_000, "unit": 100},
        "clause": CLAUSES,
        "priority": PRIORITIES,
        **tables,
    }


def policy() -> Policy:
    return make_policy(document())


def labels(policy: Policy) -> list[str]:
    return [priority.label for priority in policy.priorities]


def case(pool: int = 4_000) -> Case:
    schools = [
        {"school_id": "S1", "district": "中區", "level": "elementary"},
        {"school_id": "S2", "district": "東勢區", "level": "junior_high", "disadvantage": "remote"},
        {"school_id": "S3", "district": "和平區", "level": "elementary"},
    ]
    applications = [
        {"application_id": "A1", "school_id": "S1", "merit": 95, "requested": 2_000},
        {"application_id": "A2", "school_id": "S1", "merit": 90, "requested": 2_000},
        {"application_id": "A3", "school_id": "S2", "merit": 80, "requested": 1_000},
        {"application_id": "A4", "school_id": "S3", "merit": Fraction(241, 3), "requested": 1_000},
    ]
    return make_case(applications, schools, **document(pool={"amount": pool, "unit": 100}))


def said(error: pytest.ExceptionInfo[PolicyError]) -> list[tuple[str, str, str, str]]:
    return [(p.code, p.column, p.value, p.hint.en) for p in error.value.problems]


# ---- changing a policy by names -----------------------------------------------------------------


def test_a_key_of_a_table_is_set_and_the_policy_is_left_alone() -> None:
    before = policy()
    after = before.changed(Changes({"pool.amount": 900}))
    assert after.settings.pool.amount == 900
    assert before.settings.pool.amount == 4_000
    assert before.document == document()


@pytest.mark.parametrize(
    "key",
    ["clause.quota.at_least", "clause.quota.level.junior_high.at_least"],
)
def test_a_rule_is_named_by_its_label_or_by_its_kind_if_that_is_enough(key: str) -> None:
    (quota,) = (c for c in policy().changed(Changes({key: 3})).clauses if c.kind == "quota")
    assert quota.at_least == 3  # type: ignore[attr-defined]


def test_a_key_inside_a_key_is_set_and_its_neighbours_stay() -> None:
    weights = (
        policy().changed(Changes({"priority.disadvantage.weights.extreme_remote": 4})).priorities[2]
    )
    assert dict(weights.weights) == {"remote": 1, "extreme_remote": 4}  # type: ignore[attr-defined]


def test_the_second_of_a_kind_has_a_name_of_its_own() -> None:
    assert labels(policy()) == ["coverage", "merit_band", "disadvantage", "merit", "merit_2"]
    after = policy().changed(Changes({"priority.merit_2.band": 7}))
    assert [p.band for p in after.priorities if p.kind == "merit"] == [1, 0, 7]  # type: ignore[attr-defined]


def test_names_stay_when_rules_before_them_are_dropped_or_moved() -> None:
    dropped = policy().changed(Changes(drop=("priority.merit",)))
    assert labels(dropped) == ["coverage", "merit_band", "disadvantage", "merit_2"]
    moved = policy().changed(Changes(order=("merit_2", "priority.merit")))
    assert labels(moved) == ["merit_2", "merit", "coverage", "merit_band", "disadvantage"]
    assert moved.priorities[0].band == 5  # type: ignore[attr-defined]


def test_everything_can_be_dropped() -> None:
    names = [f"priority.{label}" for label in labels(policy())]
    after = policy().changed(Changes(drop=("clause.school_cap", "clause.quota", *names)))
    assert after.priorities == ()
    assert [clause.kind for clause in after.clauses] == ["pool", "minimum_merit"]


def test_every_unknown_name_is_reported_at_once_with_the_nearest() -> None:
    wrong = Changes(
        {"pool.amont": 1, "pols.amount": 1, "clause.quotas.at_least": 1, "clause.quota.leest": 1},
        drop=("coverage", "covrage", "merit.coverage", "clause.shool_cap"),
        order=("covrage", "disadvantage", "disadvantage"),
    )
    with pytest.raises(PolicyError) as error:
        policy().changed(wrong)
    assert said(error) == [
        ("unknown_key", "set.pool.amont", "amont", "Did you mean amount?"),
        ("unknown_table", "set.pols.amount", "pols", "Did you mean pool?"),
        ("unknown_rule", "set.clause.quotas.at_least", "quotas", ""),
        ("unknown_key", "set.clause.quota.leest", "leest", "Did you mean at_least?"),
        ("unknown_rule", "drop", "coverage", "Did you mean priority.coverage?"),
        ("unknown_rule", "drop", "covrage", "Did you mean priority.coverage?"),
        ("unknown_rule", "drop", "merit.coverage", "Did you mean priority.coverage?"),
        ("unknown_rule", "drop", "shool_cap", "Did you mean clause.school_cap?"),
        ("unknown_rule", "order", "covrage", "Did you mean coverage?"),
        ("repeated_rule", "order", "disadvantage", ""),
    ]


def test_a_kind_that_several_rules_are_of_is_no_name() -> None:
    two = make_policy(
        {
            "pool": {"amount": 1},
            "clause": [
                {"kind": "quota", "column": "level", "value": "elementary", "at_least": 1},
                {"kind": "quota", "column": "level", "value": "junior_high", "at_least": 1},
            ],
        }
    )
    with pytest.raises(PolicyError) as error:
        two.changed(Changes({"clause.quota.at_least": 2}))
    (problem,) = error.value.problems
    assert "several" in problem.message.en
    assert "quota.level.elementary" in problem.expected.en


def test_a_rule_without_a_key_and_a_key_below_a_figure_are_refused() -> None:
    with pytest.raises(PolicyError) as error:
        policy().changed(Changes({"clause.school_cap": 1, "pool.amount.half": 2}))
    assert [code for code, *_ in said(error)] == ["unknown_key", "unknown_key"]


@pytest.mark.parametrize("value", [1.5, "x", -1, True, None, {"a": 1}])
def test_a_wrong_value_is_refused_by_the_same_checks_as_in_a_policy(value: Any) -> None:
    with pytest.raises(PolicyError) as error:
        policy().changed(Changes({"pool.amount": value}), "s.toml 'x'")
    (problem,) = error.value.problems
    assert (problem.file, problem.column) == ("s.toml 'x'", "pool.amount")


# ---- reading ------------------------------------------------------------------------------------


def write(folder: Path, text: str) -> Path:
    path = folder / "scenarios.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_committed_scenarios_read_and_apply(example: Path) -> None:
    base = read_case(example).policy
    found = read_scenarios(example / "scenarios.toml")
    assert len(found) == 5
    for scenario in found:
        assert apply(base, scenario) is not base


def test_dotted_keys_without_quotes_mean_the_same(tmp_path: Path) -> None:
    text = """
        [[scenario]]
        name = "quoted"
        set = { "pool.amount" = 1, "priority.disadvantage.weights" = { remote = 2 } }
        [[scenario]]
        name = "bare"
        set = { pool.amount = 1, priority.disadvantage.weights.remote = 2 }
    """
    quoted, bare = read_scenarios(write(tmp_path, text))
    assert quoted.changes.values == {
        "pool.amount": 1,
        "priority.disadvantage.weights": {"remote": 2},
    }
    assert bare.changes.values == {"pool.amount": 1, "priority.disadvantage.weights.remote": 2}


def test_figures_stay_exact(tmp_path: Path) -> None:
    text = '[[scenario]]\nname = "x"\nset = { "review.minimum_merit" = 70.1 }'
    (scenario,) = read_scenarios(write(tmp_path, text))
    assert apply(policy(), scenario).settings.review.minimum_merit == Fraction(701, 10)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["no_scenario"]),
        ("scenario = 3", ["no_scenario"]),
        ("scenario = [3]", ["not_a_table"]),
        ("[[scenario]]", ["missing_key"]),
        ('[[scenarios]]\nname = "a"', ["unknown_table"]),
        ("[[scenario]]\nname = 5", ["bad_value"]),
        ('[[scenario]]\nname = " "', ["missing_key"]),
        ('[[scenario]]\nname = "a\\u001b[31m"', ["bad_name"]),
        (f'[[scenario]]\nname = "{"長" * 121}"', ["bad_name"]),
        ('[[scenario]]\nname = "a"\n[[scenario]]\nname = "a"', ["duplicate_name"]),
        ('[[scenario]]\nname = "Pool B"\n[[scenario]]\nname = "pool Ｂ"', ["look_alike"]),
        ('[[scenario]]\nname = "a"\nsets = {}\n[other]', ["unknown_key", "unknown_table"]),
        ('[[scenario]]\nname = "a"\nset = 3\ndrop = "x"\norder = [1]', ["not_a_table"] + ["not_a_list"] * 2),
        ("[[scenario]", ["unreadable"]),
        ("x = " + "[" * 5_000, ["unreadable"]),
    ],
)  # fmt: skip
def test_a_file_of_the_wrong_form_is_refused(tmp_path: Path, text: str, codes: list[str]) -> None:
    with pytest.raises(PolicyError) as error:
        read_scenarios(write(tmp_path, text))
    assert [problem.code for problem in error.value.problems] == codes
    if codes == ["no_scenario"]:  # an example is given, which can be used as it is
        hint = error.value.problems[0].hint
        for said in (hint.zh, hint.en):
            read_scenarios(write(tmp_path, said.partition("\n")[2]))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scenarios.toml"
    path.write_bytes(b"\xa4\xa4\xa4\xe5")
    with pytest.raises(PolicyError):
        read_scenarios(path)


WHOLE = """
    [[scenario]]
    name = "child"
    base = "parent"
    add = [
        { kind = "quota", column = "district", value = "和平區", at_least = 1 },
        { kind = "amount" },
    ]
    order = ["merit"]
    [[scenario]]
    name = "parent"
    replace = { pool = { amount = 9_000 }, priority = [{ kind = "merit", band = 2.5 }, { kind = "merit" }] }
    drop = ["clause.quota.level.junior_high"]
"""


def test_a_scenario_builds_on_another_adds_rules_and_replaces_tables(tmp_path: Path) -> None:
    """In whatever order the two stand in the file."""
    found = compare(case(), read_scenarios(write(tmp_path, WHOLE)), language="en")
    _, child, parent = (outcome.policy for outcome in found.outcomes)
    assert labels(parent) == ["merit", "merit_2"] and labels(child) == [
        "merit",
        "merit_2",
        "amount",
    ]
    assert [p.band for p in parent.priorities] == [Fraction(5, 2), 0]  # type: ignore[attr-defined]
    assert (parent.settings.pool.amount, parent.settings.pool.unit) == (9_000, 1)
    assert child.settings.pool == parent.settings.pool
    assert [c.label for c in parent.clauses if c.section == "clause"] == ["school_cap"]
    assert [c.label for c in child.clauses if c.section == "clause"][1:] == [
        "quota.district.和平區"
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('base = "y"', ["unknown_scenario"]),
        ('base = "x"', ["circle"]),
        ('base = "z"\n[[scenario]]\nname = "z"\nbase = "x"', ["circle", "circle"]),
        ("base = 3", ["bad_name"]),
        ("replace = 3", ["not_a_table"]),
        ("replace = { pool = 3, priority = 4, pools = {} }", ["not_a_table"] * 2 + ["unknown_table"]),
        ("replace = { pool = { amonut = 3 } }", ["unknown_key"]),
        ("replace = { priority = [{ kind = 'merits' }] }", ["unknown_kind"]),
        ("replace = { review = {} }", ["fixed_key"]),
        ("add = [{ kind = 'quotas' }, { kind = 'school_cap', amount = 9, amonut = 1 }]", ["unknown_kind", "unknown_key"]),
        ("add = [3]", ["unknown_kind"]),
    ],
)  # fmt: skip
def test_what_cannot_be_built_on_added_or_replaced_is_said_at_once(
    tmp_path: Path, text: str, codes: list[str]
) -> None:
    """Whether the case is known when the file is read or afterwards."""
    path = write(tmp_path, f'[[scenario]]\nname = "x"\n{text}')
    with pytest.raises(PolicyError) as error:
        read_scenarios(path, case())
    assert [problem.code for problem in error.value.problems][: len(codes)] == codes
    for problem in error.value.problems:
        assert problem.file in ("scenarios.toml[x]", "scenarios.toml[z]") and problem.column
        assert problem.row
    with pytest.raises(PolicyError) as later:
        compare(case(), read_scenarios(path))
    assert {p.code for p in later.value.problems} <= {p.code for p in error.value.problems}


WRONG = {  # each a line of a scenario of its own, with what is wrong with it
    "sets = 1": "unknown_key",
    "drop = 'x'": "not_a_list",
    "base = 'nobody'": "unknown_scenario",
    "base = 'ITSELF'": "circle",
    'set = { "pool.amonut" = 1 }': "unknown_key",
    'set = { "pool.amount" = "x" }': "bad_value",
    'set = { "pool.contingency" = 9_000 }': "contingency",
    'set = { "review.lowest" = 1 }': "fixed_key",
    'drop = ["priority.nobody"]': "unknown_rule",
    'order = ["nobody"]': "unknown_rule",
    'add = [{ kind = "quotas" }]': "unknown_kind",
    'add = [{ kind = "quota", column = "level", value = "x", at_least = -1 }]': "bad_value",
    'add = [{ kind = "quota", column = "nope", value = "x", at_least = 1 }]': "unknown_column",
    'set = { "clause.quota.column" = "nope" }': "unknown_column",
    "replace = { pool = { amonut = 1 } }": "unknown_key",
}


def found_in(path: Path) -> list[tuple[str, str]]:
    with pytest.raises(PolicyError) as error:
        read_scenarios(path, case())
    return [(problem.file, problem.code) for problem in error.value.problems]


def test_what_is_wrong_in_one_scenario_hides_nothing_in_another(tmp_path: Path) -> None:
    """Nor is anything said that would not be said of it alone."""
    parts = []
    for number, line in enumerate(WRONG):
        parts.append(f"[[scenario]]\nname = 's{number}'\n{line.replace('ITSELF', f's{number}')}")
    alone = [found_in(write(tmp_path, part)) for part in parts]
    for found, code in zip(alone, WRONG.values(), strict=True):
        assert code in [c for _, c in found]
    assert found_in(write(tmp_path, "\n".join(parts))) == [f for found in alone for f in found]


def test_nor_in_the_same_one_or_in_one_that_builds_on_it(tmp_path: Path) -> None:
    """A name that the failing one may have given a rule is not called unknown."""
    text = """
        [[scenario]]
        name = "first"
        sets = 1
        set = { "pool.amonut" = 1, "pool.amount" = "x", "clause.quota.column" = "nope" }
        add = [{ kind = "school_cap", name = "mine", amount = -1 }]
        [[scenario]]
        name = "second"
        base = "first"
        set = { "clause.mine.amount" = 3, "award.mode" = "x" }
        drop = ["clause.mine"]
        [[scenario]]
        name = "second"
        base = "nobody"
        replace = { pools = {} }
    """
    assert found_in(write(tmp_path, text)) == [
        ("scenarios.toml[first]", "unknown_key"),
        *[
            ("scenarios.toml[first]", code)
            for code in ("unknown_key", "bad_value", "unknown_column")
        ],
        ("scenarios.toml[first]", "bad_value"),
        ("scenarios.toml[second]", "bad_value"),
        ("scenarios.toml[second]", "duplicate_name"),
        ("scenarios.toml[second]", "unknown_scenario"),
        ("scenarios.toml[second]", "unknown_table"),
    ]


@pytest.mark.parametrize(
    ("other", "hidden"),
    [("", False), ('add = [{ kind = "school_cap", name = "mine", amount = 5_000 }]', True)],
)
def test_a_rule_that_no_scenario_brings_is_missed_on_whatever_it_builds(
    tmp_path: Path, other: str, hidden: bool
) -> None:
    text = f"""
        [[scenario]]
        name = "x"
        base = "zz"
        order = ["nope", "mine"]
        drop = ["clause.none"]
        [[scenario]]
        name = "y"
        {other}
    """
    with pytest.raises(PolicyError) as error:
        read_scenarios(write(tmp_path, text), case())
    said = {(p.column, p.value) for p in error.value.problems}
    assert said - {("order", "mine")} == {("base", "zz"), ("order", "nope"), ("drop", "none")}
    assert (("order", "mine") in said) is not hidden


def test_what_builds_on_one_that_builds_on_nothing_is_not_called_a_circle(tmp_path: Path) -> None:
    text = "".join(
        f"[[scenario]]\nname = '{name}'\nbase = '{base}'\n"
        for name, base in ("ab", "bc", "xx", "yx")
    )
    assert found_in(write(tmp_path, text)) == [
        ("scenarios.toml[b]", "unknown_scenario"),
        ("scenarios.toml[x]", "circle"),
    ]


LINES = """
[[scenario]]
name = "x"
set = { "pool.amount" = 3_000 }

drop = ["clause.quota"]
frobnicate = 1
"pool.unit" = 3
award.mode = "full"
[[scenario]]
name = "y"
[scenario.set]
pool.contingency = "x"
"draw.sed" = 2
[[scenario]]
clause.x.y = 1
[scenario.sets]
"""


def test_the_line_that_is_named_holds_the_key_that_is_named(tmp_path: Path) -> None:
    path, lines = write(tmp_path, LINES), LINES.splitlines()
    with pytest.raises(PolicyError) as error:
        read_scenarios(path, case())
    keys = [(p.column.removeprefix("set."), p.row or 0) for p in error.value.problems]
    assert len(keys) == len({row for _, row in keys}) == 8
    for key, row in keys:
        assert key in lines[row - 1] or (key, lines[row - 1]) == ("name", "[[scenario]]")


def test_only_names_that_stand_in_the_file_are_advised(tmp_path: Path) -> None:
    """A scenario without a name cannot be built on, nor is it the same as another without one."""
    text = "[[scenario]]\nname = 'x'\nbase = 'scenario[2]'\n" + "[[scenario]]\nset = {}\n" * 2
    with pytest.raises(PolicyError) as error:
        read_scenarios(write(tmp_path, text), case())
    base, *nameless = error.value.problems
    assert (base.code, base.hint.en, base.expected.en) == ("unknown_scenario", "", "")
    assert [p.file for p in nameless] == [f"scenarios.toml[scenario[{n}]]" for n in (2, 3)]
    assert [p.code for p in nameless] == ["missing_key"] * 2


UNKNOWN = 'drop = ["priority.covrage"]\norder = ["merit_bnd"]'
BESIDE = ["name = 3", 'add = [{ kind = "coverage" }]\nbase = "z"']
BESIDE += [line for line in WRONG if not line.startswith(("drop", "order"))]


@pytest.mark.parametrize("line", BESIDE)
def test_names_that_no_part_of_the_file_can_bring_are_missed_beside_all_else(
    tmp_path: Path, line: str
) -> None:
    name = "" if line.startswith("name") else "name = 'm'"
    found = found_in(write(tmp_path, f"[[scenario]]\n{name}\n{line}\n{UNKNOWN}"))
    assert [code for _, code in found].count("unknown_rule") == 2


@pytest.mark.parametrize(
    "line", ["adds = [{ name = 'merit_bnd' }]", "add = [{ kind = 'covrages' }]"]
)
def test_a_name_that_the_rest_of_the_file_may_bring_is_not_missed(
    tmp_path: Path, line: str
) -> None:
    found = found_in(write(tmp_path, f"[[scenario]]\nname = 'm'\n{line}\n{UNKNOWN}"))
    assert [code for _, code in found].count("unknown_rule") == 1


def test_a_priority_is_added_where_its_kind_is_a_rule_too(tmp_path: Path) -> None:
    quota = "kind = 'quota', column = 'level', value = 'elementary', at_least = 2"
    text = f"[[scenario]]\nname = 'x'\nadd = [{{ section = 'priority', {quota} }}, {{ {quota} }}]"
    (scenario,) = read_scenarios(write(tmp_path, text))
    assert [rule.section for rule in scenario.changes.add] == ["priority", "clause"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("review.criteria.needs", 3),
        ("review.criteria", {}),
        ("review.lowest", 1),
        ("review.missing", "error"),
    ],
)
def test_how_marks_are_read_cannot_be_changed_afterwards(key: str, value: Any) -> None:
    with pytest.raises(PolicyError) as error:
        apply(policy(), Scenario("x", Changes({key: value, "pool.amont": 1})))
    assert [problem.code for problem in error.value.problems] == ["fixed_key", "unknown_key"]


# ---- comparing ----------------------------------------------------------------------------------

SCENARIOS = [
    Scenario("smaller", Changes({"pool.amount": 3_000})),
    Scenario("merit", Changes(drop=("priority.coverage", "clause.quota"))),
    Scenario("impossible", Changes({"clause.quota.at_least": 2})),
]


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(case(), SCENARIOS, language="en")


def test_the_policy_as_it_is_comes_first(comparison: Comparison) -> None:
    totals = comparison.totals
    assert list(totals["scenario"]) == ["policy as it is", "smaller", "merit", "impossible"]
    assert list(totals["status"]) == ["optimal", "optimal", "optimal", "infeasible"]
    assert list(totals["pool"]) == [4_000, 3_000, 4_000, 4_000]


def test_totals_are_those_of_the_allocations(comparison: Comparison) -> None:
    for outcome, row in zip(comparison.outcomes, comparison.totals.to_dict("records"), strict=True):
        if outcome.allocation is None:
            continue
        alone = allocate(case().under(outcome.policy))
        funded = alone.awards[alone.awards["status"] == "funded"]
        assert row["spent"] == alone.spent == funded["award"].sum()
        assert row["left"] == outcome.policy.settings.pool.amount - alone.spent
        assert row["funded"] == len(funded)
        assert row["districts_covered"] == funded["district"].nunique()
        assert float(row["merit_total"]) == pytest.approx(funded["merit"].astype(float).sum())
        assert row["priority.coverage"] == funded["district"].nunique()


def test_by_hand(comparison: Comparison) -> None:
    rows = comparison.totals.set_index("scenario")
    assert rows.loc["policy as it is", "merit_total_exact"] == "766/3"  # A1, A3, A4
    assert rows.loc["policy as it is", "priority_exact.merit"] == "766/3"
    assert rows.loc["policy as it is", "disadvantaged_funded"] == 1
    assert rows.loc["smaller", "districts_covered"] == 2
    assert list(comparison.changes["application_id"]) == ["A4"]
    assert list(comparison.changes["loses"]) == ["smaller"]


def test_an_infeasible_scenario_is_a_row_that_says_so(comparison: Comparison) -> None:
    row = comparison.totals.iloc[3]
    assert "junior" in row["conflict"]
    assert row["spent"] is pd.NA  # nothing was awarded, not nothing in NT$
    error = comparison.outcomes[3].error
    assert error is not None
    assert any("quota" in problem.code for problem in error.problems)


MEND = "clause.quota.level.junior_high.at_least"
ADDED = Quota(column="district", value="中區", at_least=9)


@pytest.mark.parametrize(
    ("changes", "places", "en"),
    [
        (
            Changes({MEND: 2}),
            {MEND: "Scenario[set]"},
            f'Write under set in scenario “SELF”:\n"{MEND}" = 1',
        ),
        (
            Changes(add=(ADDED,)),
            {"clause.quota.district.中區.at_least": "Scenario[set]"},
            "Write in the rule that scenario “SELF” brings with it:\nat_least = 1",
        ),
        (
            Changes({"pool.amount": 500}),
            {"pool": "Scenario[set]", MEND.removesuffix(".at_least"): "given.toml"},
            'Write under set in scenario “SELF”:\n"pool.amount" = 1_000',
        ),
    ],
)
def test_a_conflict_stands_where_its_key_is_set_and_is_mended_in_the_scenario(
    changes: Changes, places: dict[str, str], en: str
) -> None:
    """Also of a scenario that is built on it, where a rule that is brought along can be set."""
    given = replace(case(), policy=replace(case().policy, file="given.toml"))
    upon = Scenario("upon", base="set")
    outcomes = compare(given, [Scenario("set", changes), upon], language="en").outcomes[1:]
    for outcome in outcomes:
        assert outcome.error is not None
        problems = outcome.error.problems
        assert places.items() <= {problem.column: problem.file for problem in problems}.items()
        hints = {problem.hint.en: problem.hint.zh for problem in problems}
        if outcome.name == "set" or not changes.add:
            said = en.replace("SELF", outcome.name)
            assert f"情境「{outcome.name}」" in hints[said]
        assert isinstance(outcome.error, InfeasibleError) and outcome.error.ways_out
    lines = [p.hint.en.partition(":\n")[2] for p in outcomes[1].error.problems]  # type: ignore[union-attr]
    taken = tomllib.loads(next(line for line in lines if line))
    mended = Scenario("upon", Changes(taken), base="set")
    assert compare(given, [Scenario("set", changes), mended]).outcomes[2].status == "optimal"


def test_what_a_policy_writes_out_is_not_set_by_a_scenario() -> None:
    """A default that policy.toml states, and a changed policy leaves out, is no change."""
    every = {"kind": "quota", "column": "district", "for_each": True, "at_least": 1, "without": []}
    clauses = document(clause=[CLAUSES[0], every])
    given = replace(case(), policy=make_policy(clauses, "given.toml"))
    smaller = Scenario("own", Changes({"pool.amount": 3_000}))
    (outcome,) = compare(given, [smaller]).outcomes[1:]
    assert outcome.error is not None
    places = {p.column: p.file for p in outcome.error.problems if p.column}
    assert places["clause.quota.district.without"] == "given.toml"
    assert places["pool.amount"] == "Scenario[own]"


def test_changes_list_who_gains_and_who_loses(comparison: Comparison) -> None:
    base, smaller = "award: policy as it is", "award: smaller"
    table = comparison.changes
    assert (table["award: impossible"] == "").all()
    for row in table.to_dict("records"):
        assert ("smaller" in row["loses"].split("; ")) == (row[smaller] < row[base])
        assert ("smaller" in row["gains"].split("; ")) == (row[smaller] > row[base])
        awards = [row[base], row[smaller], row["award: merit"]]
        assert len(set(awards)) > 1
    listed = set(table["application_id"])
    results = [o.allocation.awards for o in comparison.outcomes if o.allocation]
    for position, application_id in enumerate(results[0]["application_id"]):
        same = len({int(result["award"][position]) for result in results}) == 1
        assert same != (application_id in listed)


def test_all_wrong_scenarios_are_reported_before_anything_is_solved() -> None:
    steps: list[str] = []
    wrong = [
        Scenario("a", Changes({"pool.amont": 1})),
        Scenario("b", Changes({"clause.quota.column": "nope"})),
        Scenario("c", Changes({"pool.contingency": 9_000})),
    ]
    with pytest.raises(PolicyError) as error:
        compare(case(), wrong, progress=steps.append)
    assert [p.code for p in error.value.problems] == [
        "unknown_key",
        "unknown_column",
        "contingency",
    ]
    assert steps == []


def test_two_scenarios_of_one_name_are_refused_by_name() -> None:
    """Given as values: no file's reader has looked at them."""
    two = [Scenario("smaller", Changes({"pool.amount": amount})) for amount in (2_000, 3_000)]
    with pytest.raises(UsageError) as error:
        compare(case(), two)
    assert "given twice: smaller" in error.value.say("en")


def test_the_same_list_is_told() -> None:
    more = [Scenario("cap", Changes({"clause.school_cap.amount": 3_500})), SCENARIOS[0]]
    found = compare(case(), more, language="en")
    assert found.alike == [["policy as it is", "cap"]]


def test_a_scenario_called_like_the_base_does_not_hide_it() -> None:
    names = [Scenario("policy as it is", Changes({"pool.amount": 0}))]
    found = compare(case(), names, language="en")
    assert [outcome.name for outcome in found.outcomes] == ["(policy as it is)", "policy as it is"]


def test_the_order_of_scenarios_and_the_language_change_no_figure() -> None:
    forth = compare(case(), SCENARIOS, language="en").totals.set_index("scenario")
    back = compare(case(), SCENARIOS[::-1], language="zh-TW").totals.set_index("scenario")
    for name in ("smaller", "merit"):
        assert (
            forth.loc[name].drop("conflict").to_dict() == back.loc[name].drop("conflict").to_dict()
        )


def test_a_priority_of_many_goals_has_no_one_value() -> None:
    ranked = case().under(
        make_policy(document(priority=[{"kind": "merit", "form": "ranked"}, {"kind": "coverage"}]))
    )
    columns = compare(ranked, []).totals.columns
    assert "priority.coverage" in columns
    assert "priority.merit" not in columns


# ---- writing ------------------------------------------------------------------------------------


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_everything_is_written_in_one_folder(comparison: Comparison, tmp_path: Path) -> None:
    files = write_comparison(comparison, tmp_path / "out")
    check_documented(tmp_path / "out", "compare")
    totals = rows(tmp_path / "out" / "totals.csv")
    assert [row["spent"] for row in totals][3] == ""
    assert totals[0]["scenario"] == "policy as it is"
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert summary["scenarios"][3]["spent"] is None
    assert summary["scenarios"][0]["spent"] == comparison.outcomes[0].allocation.spent  # type: ignore[union-attr]
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]
    assert write_comparison(comparison, tmp_path / "out") == files  # an earlier one is replaced


def test_names_that_a_spreadsheet_would_run_are_made_safe(tmp_path: Path) -> None:
    names = ['=HYPERLINK("x")', "-1+1", "<script>alert(1)</script>", "$\\frac$ 😀 𠮷"]
    found = compare(case(), [Scenario(name, Changes({"pool.amount": 0})) for name in names])
    write_comparison(found, tmp_path / "out")
    written = [row["scenario"] for row in rows(tmp_path / "out" / "totals.csv")]
    assert written[1:] == ["'" + names[0], "'" + names[1], *names[2:]]
    assert "<script>" not in (tmp_path / "out" / "figures" / "compare.svg").read_text("utf-8")


def test_a_balance_below_zero_stays_a_number(tmp_path: Path) -> None:
    rules = [{"kind": "balance"}]
    found = compare(case().under(make_policy(document(priority=rules))), [])
    write_comparison(found, tmp_path / "out")
    (row,) = rows(tmp_path / "out" / "totals.csv")
    assert float(row["priority.balance"]) <= 0


def test_nothing_is_written_over_other_files(comparison: Comparison, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError):
        write_comparison(comparison, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_nothing_but_infeasible_scenarios_can_be_written(tmp_path: Path) -> None:
    hopeless = case().under(case().policy.changed(SCENARIOS[2].changes))
    found = compare(hopeless, [], language="en")
    assert found.totals["status"].tolist() == ["infeasible"]
    assert found.changes.empty
    assert write_comparison(found, tmp_path / "out")
