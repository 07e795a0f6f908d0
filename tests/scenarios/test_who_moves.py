"""A comparison's who: gains and losses, who is in every list, groups, surprises; page and workbook."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from helpers.rounds import make_case, random_case

from optimizer.language.text import LANGUAGES, Language
from optimizer.policy.changes import Changes
from optimizer.result.allocation import Allocation
from optimizer.scenarios.comparison import Comparison, compare
from optimizer.scenarios.comparison_sheets import sheets_of
from optimizer.scenarios.diff import diff
from optimizer.scenarios.scenario import Scenario
from optimizer.scenarios.write import write_comparison

POOLS = (3_000, 5_000, 9_000, 100_000)


@cache
def comparison(seed: int, language: Language = "en") -> Comparison:
    """A random round under several pools, without its first priority, and under what cannot be."""
    case = random_case(random.Random(seed), 9)
    scenarios = [Scenario(f"pool {pool}", Changes({"pool.amount": pool})) for pool in POOLS]
    first = case.policy.priorities[0].label
    scenarios += [Scenario("<b>other</b>", Changes(drop=(f"priority.{first}",)))]
    return compare(case, scenarios, language=language)


def lists(found: Comparison) -> Iterator[tuple[str, Allocation]]:
    for outcome in found.outcomes:
        if outcome.allocation is not None:
            yield outcome.name, outcome.allocation


def funded(allocation: Allocation) -> dict[str, int]:
    rows = allocation.awards.to_dict("records")
    return {str(row["application_id"]): int(row["award"]) for row in rows if row["award"]}


@pytest.mark.parametrize("seed", [1, 4, 7])
def test_who_moves_is_in_all_and_in_which_group_are_those_of_the_lists(seed: int) -> None:
    found = comparison(seed)
    (_, base), *others = lists(found)
    moves = found.moves
    for name, allocation in others:
        own = moves[moves["scenario"] == name].drop(columns="scenario").reset_index(drop=True)
        assert own.astype(object).equals(diff(base, allocation).frame.astype(object))
        table = allocation.awards
        code = dict(zip(table["application_id"], table["reason_code"], strict=True))
        causes = found.why[found.why["scenario"] == name].to_dict("records")
        groups = [(row["move"], row["who"].split(", ")) for row in causes]
        assert sorted((a, m) for m, who in groups for a in who) == sorted(
            zip(own["application_id"], own["move"], strict=True)
        )
        kinds = [(move, *{code[a] for a in who}) for move, who in groups]
        assert len({*kinds}) == len(kinds) and all(len(kind) == 2 for kind in kinds)
        assert [row["count"] for row in causes] == [len(who) for _, who in groups]
    every = set.intersection(*({*funded(a)} for _, a in lists(found)))
    always = found.always
    assert set(always["application_id"]) == every
    for row in always.to_dict("records"):
        awards = [funded(a)[row["application_id"]] for _, a in lists(found)]
        assert (row["least"], row["most"]) == (min(awards), max(awards))
    groups = found.by_group
    for name, allocation in lists(found):
        for _, part in groups[groups["scenario"] == name].groupby("group", observed=True):
            assert part["awarded"].sum() == allocation.spent
            assert part["funded"].sum() == len(funded(allocation))


def surprising() -> Comparison:
    """One more NT$1,000 brings a better, dearer one in, for the one that was funded before."""
    rows = [("A1", "S1", 80, 1_000), ("A2", "S2", 95, 2_000), ("A3", "S3", 70, 2_000)]
    names = ("application_id", "school_id", "merit", "requested")
    case = make_case([dict(zip(names, row, strict=True)) for row in rows], pool={"amount": 1_000},
                     priority=[{"kind": "merit"}])  # fmt: skip
    quota = Changes({"pool.amount": 3_000}, drop=("priority.merit",))
    more = [Scenario(f"{p:,}", Changes({"pool.amount": p})) for p in (2_000, 3_000)]
    return compare(case, [*more, Scenario("other", quota)], language="en")


def test_whom_a_larger_pool_costs_the_grant_is_named_with_the_reason() -> None:
    found = surprising()
    (row,) = found.surprises.to_dict("records")
    assert (row["application_id"], row["award"]) == ("A1", 1_000)
    assert (row["smaller"], row["larger"]) == ("policy as it is", "2,000")
    assert row["school"] == "學校S1" and "merit 80" in row["reason"].lower()


def test_surprises_are_all_pairs_that_differ_in_the_money_alone() -> None:
    seen = 0
    for seed in range(3):
        rng = random.Random(seed)
        rows = [{"application_id": f"A{n}", "school_id": f"S{n}", "merit": rng.randint(70, 95),
                 "requested": 1_000 * rng.randint(1, 4)} for n in range(6)]  # fmt: skip
        rules = {"pool": {"amount": 2_000}, "priority": [{"kind": "merit"}, {"kind": "coverage"}]}
        more = [Scenario(f"{p}", Changes({"pool.amount": p})) for p in (4_000, 5_000, 7_000)]
        other = Scenario("other", Changes({"pool.amount": 6_000}, drop=("priority.coverage",)))
        found = compare(make_case(rows, **rules), [*more, other], language="en")
        pools = [(name, a) for name, a in lists(found) if name != "other"]
        expected = {
            (application, small, large)
            for small, one in pools
            for large, two in pools
            if one.pool < two.pool
            for application in {*funded(one)} - {*funded(two)}
        }
        rows = found.surprises.to_dict("records")
        assert {(r["application_id"], r["smaller"], r["larger"]) for r in rows} == expected
        seen += len(expected)
    assert seen


@pytest.mark.parametrize("lang", LANGUAGES)
def test_report_and_workbook_say_the_same_and_nobody_is_left_out(
    tmp_path: Path, lang: Language
) -> None:
    case = comparison(1).case
    hard = {
        "kind": "quota",
        "column": "level",
        "value": "elementary",
        "at_least": 0,
        "name": "wanted",
    }
    whole = {"clause": [*case.policy.document["clause"], hard]}
    scenarios = [Scenario("<b>base</b>", Changes(replace=whole)),
                 Scenario("hard", Changes({"clause.wanted.at_least": 99}), "<b>base</b>")]  # fmt: skip
    found = compare(case, scenarios, language=lang)
    write_comparison(found, tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "&lt;b&gt;base" in page and "<b>base" not in page
    book = openpyxl.load_workbook(tmp_path / "out" / "comparison.xlsx")
    sheets = sheets_of(found)
    assert book.sheetnames == [sheet.name for sheet, _ in sheets]
    for sheet, how in sheets:
        assert how in page
        rows = [
            [cell or "" for cell in row]
            for row in book[sheet.name].iter_rows(min_row=2, values_only=True)
        ]
        assert rows == [[cell or "" for cell in row] for row in sheet.rows]
    conflicts = sheets[1][0].rows
    assert conflicts and all(row[0] == "hard" for row in conflicts)
    assert any({"zh-TW": "修改方式", "en": "Repair"}[lang] in str(row[1]) for row in conflicts)
