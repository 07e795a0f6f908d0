"""A new case whose policy alone is wrong is mended at the workbench."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.results import small_case

from optimizer.desk.afterwards import _meant
from optimizer.desk.journal_page import entries_of
from optimizer.desk.people import Person, at_the_desk
from optimizer.desk.samples import alike_in, offered, sample
from optimizer.desk.typed_in import can_be_typed, mend
from optimizer.desk.workbench import Workbench
from optimizer.new import new_case
from optimizer.problems.errors import UsageError

pytest.importorskip("tomlkit")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """Give a case of blank forms whose tables are filled in."""
    new_case(tmp_path / "blank", False, "csv", "zh-TW")
    new_case(tmp_path / "example", True, "csv", "zh-TW")
    for table in ("schools", "applications", "reviews", "budget_lines", "meetings"):
        shutil.copy(tmp_path / "example" / f"{table}.csv", tmp_path / "blank")
    bench = Workbench(tmp_path / "blank")
    yield bench
    bench.close()


def test_the_seed_of_a_new_case_is_typed_beside_what_is_wrong_with_it(bench: Workbench) -> None:
    file = bench.folder / "policy.toml"

    async def morning() -> None:
        await bench.open()
        assert bench.state is None and bench.check is not None
        [problem] = [one for one in bench.check.problems if can_be_typed(one)]
        assert problem.column == "draw.seed"
        before = file.read_text("utf-8")
        for wrong in ("", "  "):
            with pytest.raises(UsageError):
                await mend(bench, problem, wrong)
        assert file.read_text("utf-8") == before
        token = at_the_desk.set(Person("林", "explore"))
        with pytest.raises(UsageError):
            await mend(bench, problem, "x")
        at_the_desk.reset(token)
        await mend(bench, problem, ' 103 年 "6" 月 9 日 \\ 第 1 次 ')
        assert bench.state is not None and bench.answer is not None
        assert bench.now.file.settings.draw.seed == '103 年 "6" 月 9 日 \\ 第 1 次'
        after = file.read_text("utf-8").splitlines()
        differ = [(a, b) for a, b in zip(before.splitlines(), after, strict=True) if a != b]
        assert len(differ) == 1 and differ[0][1].endswith(differ[0][0].partition("#")[2])
        with pytest.raises(UsageError):
            await mend(bench, problem, "another")

    asyncio.run(morning())
    said = [what.zh for _, _, what, _ in entries_of(bench.journal.lines())]
    assert any("填入計畫檔" in one and "第 1 次" in one for one in said)


def test_only_single_values_of_tables_are_typed(bench: Workbench) -> None:
    asyncio.run(bench.open())
    assert bench.check is not None
    [problem] = [one for one in bench.check.problems if can_be_typed(one)]
    for column in ("draw", "draw.a.b", "clause.school_cap.amount", "seed", ""):
        assert not can_be_typed(replace(problem, column=column))
    assert not can_be_typed(replace(problem, file="schools.csv"))


def test_an_application_is_found_in_other_letters_unless_several_are_meant() -> None:
    assert _meant("ａ０３４", ["A034", "A035"]) == "A034"
    assert _meant("a034", ["A034", "a034"]) == "a034" and _meant("B1", ["A034"]) == "B1"
    assert _meant("aB1", ["AB1", "Ab1"]) == "aB1"


def test_an_example_moves_little_and_a_rule_about_the_same_is_named() -> None:
    quota = {"column": "level", "value": "junior_high", "at_least": 2}
    policy = small_case(clause=[{"kind": "quota", **quota}]).policy
    entry = sample(offered()["clause.quota"], {"level": ("junior_high",)})
    assert entry["at_least"] == 1
    assert alike_in(policy, entry) == policy.clauses[-1]
    assert alike_in(policy, {**entry, "value": "elementary"}) is None
