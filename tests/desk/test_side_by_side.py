"""Scenarios side by side, and what is worked out in the background."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from helpers.commands import run
from helpers.places import ROOT
from helpers.results import small_case

from optimizer.case.case import Case, read_case
from optimizer.desk.background import Background, Running
from optimizer.desk.errands import Errand, done, nearest
from optimizer.desk.on_screen import OnScreen
from optimizer.desk.scenario_file import scenarios_toml
from optimizer.desk.side_by_side import (
    Alternative,
    districts,
    figures,
    rules_that_differ,
    shared,
    standing,
)
from optimizer.desk.sitting import Sitting
from optimizer.desk.state import Pinned
from optimizer.desk.wish import Wish
from optimizer.new import new_case
from optimizer.policy.policy import Policy
from optimizer.problems.errors import SubsidyError
from optimizer.scenarios.pool_curve import pool_curve
from optimizer.session import Session

EXAMPLE = ROOT / "data" / "taichung-103"


def beside(case: Case, **policies: Policy) -> list[Alternative]:
    here = Sitting(EXAMPLE, None, None, lambda: 0, _session=Session(case))

    def answered(policy: Policy) -> OnScreen | SubsidyError:
        try:
            return here.answer(Wish(1, policy, case.policy))
        except SubsidyError as error:
            return error

    return [Alternative(name, policy, answered(policy)) for name, policy in policies.items()]


def test_scenarios_side_by_side_say_what_the_api_says() -> None:
    case = small_case()
    now, less = case.policy, case.policy.with_(pool=2_000)
    quota = {"kind": "quota", "column": "district", "value": "中區", "at_least": 9}
    never = small_case(clause=[quota]).policy
    columns = beside(case, now=now, less=less, never=never)
    rules = {
        title.en: [cell.en for cell in cells] for title, cells in rules_that_differ(now, columns)
    }
    assert rules["Pool"][1] == "NT$2,000"
    [added] = [cells for cells in rules.values() if "9" in cells[2] and cells[0] == cells[1]]
    assert added[0] == "(does not apply)"
    session = Session(case)
    lists = [session.allocate(policy) for policy in (now, less)]
    found = {title.zh: cells for title, cells in figures(columns)}
    assert found["獲補助（件）"] == [*(str(one.measures.funded) for one in lists), "—"]
    who = shared(columns)
    funded = [set(one.awards.query("award > 0")["application_id"]) for one in lists]
    assert {one[0] for one in who.all} == funded[0] & funded[1]
    assert {one[0] for one, _ in who.some} == funded[0] ^ funded[1]
    assert all(awards[2] is None and 0 in awards for _, awards in who.some)
    eligible = set(lists[0].awards.query("status != 'ineligible'")["application_id"])
    assert {one[0] for one in who.none} == eligible - funded[0] - funded[1]
    counts = [sum(int(cells[n]) for _, cells in districts(columns)) for n in (0, 1)]
    assert counts == [len(one) for one in funded]
    assert standing(columns[2]).zh.startswith("現有規則無法同時遵守")


def test_who_moves_between_two_and_why() -> None:
    case = small_case()
    here = Sitting(EXAMPLE, None, None, lambda: 0, _session=Session(case))
    less = case.policy.with_(pool=2_000)
    there, back = (
        here.moves("zh-TW", Wish(1, *pair)) for pair in ((less, case.policy), (case.policy, less))
    )
    assert there.rows and [row[0] for row in there.rows] == sorted(row[0] for row in back.rows)
    assert {row[4] for row in there.rows} == {"不再獲補助"} and {row[4] for row in back.rows} == {
        "新獲補助"
    }
    assert all(row[7] and row[8] for row in there.rows)
    assert not here.moves("zh-TW", Wish(1, less, less)).rows


@pytest.mark.slow
def test_a_comparison_in_the_background_is_the_commands_own(tmp_path: Path) -> None:
    new_case(tmp_path / "case", example=True)
    case = read_case(tmp_path / "case")
    pins = (Pinned("甲案", case.policy.with_(pool=50_000)),)
    seen: list[str] = []
    target = tmp_path / "desk"
    brought = done(Errand("comparison", case.policy, target, pins=pins), case, seen.append)
    assert seen == ["0/2", "1/2"] and brought.proved and brought.figures
    (tmp_path / "s.toml").write_text(scenarios_toml(case.policy, pins), "utf-8")
    run(
        "compare",
        tmp_path / "case",
        tmp_path / "s.toml",
        "--out",
        tmp_path / "command",
        lang="zh-TW",
    )
    for name in ("totals.csv", "moves.csv", "report.html", "comparison.xlsx"):
        assert (target / name).read_bytes() == (tmp_path / "command" / name).read_bytes()


@pytest.mark.slow
def test_errands_go_on_beside_and_can_be_ended(tmp_path: Path) -> None:
    new_case(tmp_path / "case", example=True)
    policy = read_case(tmp_path / "case").policy
    ended: list[tuple[str, str]] = []
    background = Background(tmp_path / "case", lambda r, came: ended.append((r.errand.kind, came)))
    heard: list[list[str]] = []
    background.heard.add(lambda: heard.append([*background.under_way]))

    async def some() -> None:
        never = background.begin(Errand("robustness", policy, tmp_path / "never", draws=1000))
        background.begin(Errand("pools", policy, tmp_path))
        background.cancel("robustness")
        await asyncio.wait_for(never, 30)
        while background.under_way:
            await asyncio.sleep(0.05)

    asyncio.run(some())
    assert [*background.done] == ["pools"] and not (tmp_path / "never").exists()
    brought = background.done["pools"].brought
    assert brought is not None and brought.proved and brought.breaks
    assert ended == [("robustness", "stopped"), ("pools", "done")]
    assert heard[0] == ["robustness"] and ["pools"] in heard and heard[-1] == []


def test_the_breaks_are_where_the_list_is_another_than_with_a_unit_less() -> None:
    case = small_case()
    found = pool_curve(case).frame
    moved = (found["entering"].fillna(0) + found["leaving"].fillna(0)) > 0
    brought = done(Errand("pools", case.policy, Path()), case, str)
    assert list(brought.breaks) == [int(pool) for pool in found[moved]["pool"]] != []
    assert brought.reach == (found["pool"].min(), found["pool"].max())  # of more nothing is said


def test_what_is_left_is_what_the_share_done_took() -> None:
    running = Running(Errand("prices", small_case().policy, Path()), None, began=-1e6)  # type: ignore[arg-type]
    assert running.left is None
    running.hear("1/4")
    assert running.share == 0.25 and running.left is not None and running.left >= 3_000_000
    running.hear("5/4")
    assert running.share == 1.0 and running.left == 0


def test_between_which_pools_the_list_is_what_it_is() -> None:
    breaks = (500, 700, 900)
    for pool, said in (
        (700, "below NT$700 or from NT$900"),
        (400, "list from NT$500"),
        (950, "list below NT$900"),
    ):
        assert said in nearest(breaks, pool).en
    assert "same list" in nearest((), 1).en
