"""One case at the workbench: what is moved, noted, answered, saved and found again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.commands import run
from helpers.places import ROOT

from optimizer.desk.events import Clear, Decide, SetKey, Undo
from optimizer.desk.fields import fields_of_rule, fields_of_tables, numbers, typed
from optimizer.desk.state import State, step
from optimizer.desk.workbench import Workbench
from optimizer.new import new_case
from optimizer.policy.policy import read_policy
from optimizer.problems.errors import UsageError


@pytest.fixture
def case(tmp_path: Path) -> Path:
    new_case(tmp_path / "case", example=True)
    return tmp_path / "case"


@pytest.fixture
def bench(case: Path) -> Iterator[Workbench]:
    bench = Workbench(case)
    yield bench
    bench.close()


def spent(bench: Workbench) -> str:
    assert bench.answer is not None
    return str(next(one["value"] for one in bench.answer.numbers if one["name"] == "spent"))


@pytest.mark.slow
def test_a_short_morning(bench: Workbench, case: Path, tmp_path: Path) -> None:
    """Moved, undone, decided, saved, written; found again; the command's own bytes."""

    pytest.importorskip("tomlkit")

    async def morning() -> None:
        await bench.open()
        assert spent(bench) == "61,000"
        await asyncio.gather(
            *(bench.move(SetKey("pool.amount", 61_000 + 500 * n)) for n in range(1, 21))
        )
        assert spent(bench) == "71,000" and bench.waiting is None
        await bench.do(Undo())
        assert spent(bench) == "61,000" and len(bench.journal.lines()) == 3
        await bench.do(Decide("A022", "refuse", "王科長", "撤案"))
        with pytest.raises(UsageError, match="save"):
            await bench.write(tmp_path / "early")
        await bench.save()
        assert read_policy(case / "policy.toml") == bench.now.draft
        said = await bench.write(tmp_path / "desk")
        assert said["found"] == [] and said["seal"]
        assert bench.journal.last("policy.toml") == bench.state
        assert len(bench.journal.lines()) == 5

    asyncio.run(morning())
    options = ("--out", tmp_path / "command", "--parts", "workbooks")
    assert run("allocate", case, *options, lang="zh-TW").exit_code == 0
    files = [path.name for path in (tmp_path / "command").iterdir() if path.suffix != ".json"]
    assert len(files) > 6
    for name in files:
        written = [(tmp_path / by / name).read_bytes() for by in ("desk", "command")]
        assert written[0] == written[1], name


@pytest.mark.slow
def test_a_case_with_mistakes_says_them(case: Path) -> None:
    table = case / "applications.csv"
    table.write_text(table.read_text("utf-8-sig").replace(",3500,", ",三千五,"), "utf-8")
    bench = Workbench(case)
    asyncio.run(bench.open())
    bench.close()
    assert bench.error is not None and bench.state is None
    assert bench.check is not None and not bench.check.usable


def test_every_number_of_the_policy_can_be_moved() -> None:
    policy = read_policy(ROOT / "data" / "taichung-103" / "policy.toml")
    found = numbers(policy)
    assert {"pool.amount", "clause.school_cap.amount", "review.minimum_merit"} <= set(found)
    assert found["pool.amount"].step == 100 and found["pool.amount"].most == 1_180_000
    for key, number in found.items():
        assert number.title.zh and number.title.en
        assert policy.with_(**{key: typed(number.shown)}) == policy
    assert (typed("590,000"), typed(" 72.5 "), typed("二")) == (590_000, "72.5", "二")


def test_what_a_form_shows_is_what_it_reads() -> None:
    policy = read_policy(ROOT / "data" / "taichung-103" / "policy.toml")
    state = State.of(policy)
    found = [*fields_of_tables(policy), *(f for r in policy.rules[2:] for f in fields_of_rule(r))]
    assert {field.form for field in found} == {"yes_no", "choice", "text", "toml"}
    for field in found:
        event = SetKey(field.key, field.read(field.shown)) if field.shown else Clear(field.key)
        assert step(state, event).draft == policy, field
        assert field.title.zh and field.title.en
