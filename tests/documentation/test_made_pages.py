"""The pages that are made from the program say what it says now; UPDATE_GOLDEN=1 makes them anew."""

from __future__ import annotations

import dataclasses
import os
import re
import sys
from pathlib import Path

import pytest
from helpers.places import ROOT

import optimizer

sys.path.insert(0, str(ROOT))  # for plain pytest, which has only its own folder there

from docs.making import formulation, pages, scenario_keys, settings_zh
from docs.making.api import GROUPS
from docs.making.formulas import latex, names
from optimizer.clauses import registry
from optimizer.policy.catalogue import catalogue
from optimizer.policy.changes import Changes
from optimizer.policy.policy import read_policy
from optimizer.reading.boundaries import NAMES
from optimizer.scenarios.read import _KEYS, read_scenarios
from optimizer.scenarios.scenario import apply
from optimizer.tables import schema
from optimizer.tables.settings import Pool, Settings


@pytest.mark.parametrize("name", pages.PAGES)
def test_the_page_is_what_the_program_says_now(name: str) -> None:
    made = pages.made(name)
    path = ROOT / "docs" / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(made, "utf-8")
    assert path.read_text("utf-8") == made, "python -m docs.making makes it anew"


def read(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def test_every_name_of_the_package_stands_in_the_reference_once() -> None:
    told = re.findall(r"^::: optimizer\.(\w+)$", read("api.md"), re.MULTILINE)
    assert sorted(told) == sorted(optimizer.__all__) == sorted(sum(GROUPS.values(), ()))


def test_every_key_of_a_scenario_is_explained_and_the_example_can_be_made(tmp_path: Path) -> None:
    assert sorted(scenario_keys.KEYS) == sorted(_KEYS)
    path = tmp_path / "scenarios.toml"
    [example] = re.findall(
        r"^\[\[scenario\]\]\n.*?(?=^```)", read("policy.md"), re.MULTILINE | re.DOTALL
    )
    path.write_text(example, "utf-8")
    [scenario] = read_scenarios(path)
    policy = apply(read_policy(ROOT / "data" / "taichung-103" / "policy.toml"), scenario)
    assert policy.settings.pool.amount == 440_000
    for key in ("clause.quota.at_least", "clause.quota.level.junior_high.at_least"):
        policy.changed(Changes({key: 30}))  # names as the page says they are


def test_every_entry_of_a_json_document_has_a_type_and_a_meaning() -> None:
    rows = re.findall(r"^\| `\w+` \|(.*)\|(.*)\|(.*)\|$", read("schemas.md"), re.MULTILINE)
    assert len(rows) > 150
    assert all(kind.strip() and said.strip() for kind, _, said in rows)


def test_every_rule_that_states_something_states_it_in_a_formula() -> None:
    stating = {rule for rule, _, _ in formulation.stated()}
    states = {r for r in registry().values() if {"rows", "objectives"} & set(vars(r))}
    assert stating == states == {rule for rule, _ in formulation.formulas()}
    assert len(stating) >= 13


def test_the_page_explains_every_name_of_its_formulas_and_no_other() -> None:
    used = {name for _, formula in formulation.formulas() for name in names(formula)}
    assert not formulation.unknown()
    indices = {"a", "s", "d", "k", "i"}
    assert set(formulation.SYMBOLS) - used - indices == {"least", "most"} - used


def test_a_formula_is_set_as_it_reads() -> None:
    assert latex("sum_{a of s} award_a <= cap") == (
        r"\sum_{a \text{ of } s} \mathrm{award}_{a} \le \mathrm{cap}"
    )
    assert latex("max sum_a floor(merit_a / band) * fund_a") == (
        r"\max \sum_{a} \left\lfloor \mathrm{merit}_{a} / \mathrm{band} \right\rfloor"
        r" \cdot \mathrm{fund}_{a}"
    )
    assert names("q * sum_{a in group} w_a * x_a >= 0") == {"q", "w", "x"}


@pytest.mark.parametrize("page", ["policy.md", "policy.zh-TW.md"])
def test_every_kind_and_key_of_the_policy_is_in_the_reference(page: str) -> None:
    text = re.split(r"^## .*scenarios\.toml$", read(page), flags=re.MULTILINE)[0]
    for rule in catalogue():
        part = text.partition(f'<a id="{rule.section}-{rule.kind}"></a>')[2].partition("<a id")[0]
        assert rule.toml in part
        assert [key.name for key in rule.keys] == re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)


def test_every_table_of_the_policy_is_told_in_chinese() -> None:
    tables = vars(Settings(Pool(amount=1)))
    keys = {f"{name}.{key.name}" for name, one in tables.items() for key in dataclasses.fields(one)}
    assert set(settings_zh.TABLES) == set(tables) and set(settings_zh.KEYS) == keys


@pytest.mark.parametrize("page", ["policy.md", "policy.zh-TW.md"])
def test_the_properties_that_name_a_district_are_told(page: str) -> None:
    [said] = [line for line in read(page).splitlines() if line.startswith("| `boundaries`")]
    assert {name for name in NAMES if f"`{name}`" in said} == {*NAMES} - {"NAME"}


def test_every_column_of_a_case_is_told() -> None:
    text = read("filling-in.md")
    for table in (schema.SCHOOLS, schema.APPLICATIONS, schema.BUDGET_LINES, schema.MEETINGS):
        part = text.partition(f"\n## {table.zh} · {table.key}\n")[2].partition("\n## ")[0]
        found = re.findall(r"^\| `(\w+)`", part, re.MULTILINE)
        assert found == [column.key for column in table.columns]
