"""One case at the workbench: what is moved, noted, answered, saved and found again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from helpers.commands import run
from helpers.places import ROOT

from optimizer.desk import finishing
from optimizer.desk.afterwards import Intent
from optimizer.desk.ending import Final
from optimizer.desk.events import Decide, SetKey, Undo
from optimizer.desk.fields import numbers
from optimizer.desk.filled_in import typed
from optimizer.desk.intake import excerpt, marked, receive
from optimizer.desk.rail import marks
from optimizer.desk.uploads import Upload
from optimizer.desk.workbench import Workbench
from optimizer.new import new_case
from optimizer.policy.policy import read_policy
from optimizer.problems.errors import UsageError
from optimizer.report.folder import summary_of


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
        with pytest.raises(UsageError, match="verified by the other engine"):
            await finishing.close(bench, "王科長", "會議決議")
        assert await finishing.write(bench) == []
        assert all(item.holds for item in finishing.before_closing(bench))
        assert bench.journal.last("policy.toml") == bench.state
        assert len(bench.journal.lines()) == 6
        await afternoon(bench)

    asyncio.run(morning())
    options = ("--out", tmp_path / "command", "--parts", "workbooks")
    assert run("allocate", case, *options, lang="zh-TW").exit_code == 0
    files = [path.name for path in (tmp_path / "command").iterdir() if path.suffix != ".json"]
    assert len(files) > 6
    for name in files:
        written = [(tmp_path / by / name).read_bytes() for by in ("case-result", "command")]
        assert written[0] == written[1], name
    again = Workbench(case)
    asyncio.run(again.open())
    again.close()
    assert again.now.final == bench.now.final


async def afternoon(bench: Workbench) -> None:
    """Closed; what comes afterwards is a revision, tried, written, explained and bundled."""
    late = bench.folder / "applications.csv"
    was = late.stat()
    os.utime(late, ns=(was.st_atime_ns, was.st_mtime_ns + 1))
    assert not finishing.before_closing(bench)[-1].holds  # a file was touched
    with pytest.raises(UsageError, match="Not yet: Nothing was changed since"):
        await finishing.close(bench, "王科長", "會議決議")
    os.utime(late, ns=(was.st_atime_ns, was.st_mtime_ns))
    with pytest.raises(UsageError, match="name of who"):
        await finishing.close(bench, "王科長", "")
    closing = asyncio.create_task(finishing.close(bench, "王科長", "會議決議"))
    await asyncio.sleep(0)  # whoever opens the page now sees that it is under way
    assert marks(bench)["/finish"].words == bench.ending == finishing.CLOSING
    with pytest.raises(UsageError, match="being closed"):
        await finishing.close(bench, "王科長", "會議決議")
    await closing
    assert not bench.ending and marks(bench)["/finish"].words.en == "final"
    [final] = bench.now.final
    assert final.seal == summary_of(finishing.place(bench, final))["seal"]
    with pytest.raises(UsageError, match="closed"):
        await bench.do(SetKey("pool.amount", 80_000))
    with pytest.raises(UsageError, match="closed"):
        await bench.save()
    intent = Intent(withdraw=("A001",), pool=70_000)
    assert await finishing.misfits(bench, intent) == []
    never = next(str(row[0]) for row in bench.answer.rows if row[-1] == "not_funded")  # type: ignore[union-attr]
    assert await finishing.idle(bench, Intent(withdraw=("A001", never))) == {never}
    [unknown] = await finishing.misfits(bench, Intent(withdraw=("A999",)))
    assert unknown.column == "withdraw" and "沒有此申請編號" in unknown.message.zh
    tried = await finishing.try_revision(bench, intent)
    assert (
        tried.lines and "A001" in tried.moved and not list(bench.target.parent.glob("*revision*"))
    )
    assert await finishing.write_revision(bench, intent, "王科長", "A001 來函撤回") == []
    last = bench.now.final[-1]
    assert last == Final("case-revision-1", tried.seal)
    said = await finishing.explain(bench, "A001")
    assert said.outcome == "withdrawn" and said.earlier is not None
    names = ZipFile(BytesIO(finishing.bundle(bench, last))).namelist()
    assert {"case-revision-1/summary.json", "journal.jsonl", "journal.html"} <= set(names)
    assert last.seal in (bench.folder / finishing.PAGE).read_text("utf-8")


@pytest.mark.slow
def test_a_case_with_mistakes_says_them(case: Path) -> None:
    table = case / "applications.csv"
    table.write_text(table.read_text("utf-8-sig").replace(",3500,", ",三千五,"), "utf-8")
    bench = Workbench(case)

    async def mended() -> None:
        await bench.open()
        assert bench.error is not None and bench.state is None
        assert bench.check is not None and not bench.check.usable
        assert {found.size for found in bench.tables if found.table} > {40}
        [problem, *_] = bench.check.problems
        shown = await excerpt(bench, problem)
        assert shown is not None and shown.line == problem.row
        name, copy = await marked(bench, "zh-TW")
        assert name == "case-標示.xlsx"
        right = table.read_bytes().replace("三千五".encode(), b"3500")
        files = [
            Upload("mended.csv", right),
            Upload("../x.csv", right),
            Upload("m.xlsx", copy[:99]),
        ]
        received = await receive(bench, files)
        assert [kept for _, kept in received.kept] == ["applications.csv"]
        assert len(received.refused) == 2
        await bench.reopen(received.path)
        assert bench.state is not None and bench.check.usable

    asyncio.run(mended())
    bench.close()


def test_every_number_of_the_policy_can_be_moved() -> None:
    policy = read_policy(ROOT / "data" / "taichung-103" / "policy.toml")
    found = numbers(policy)
    assert {"pool.amount", "clause.school_cap.amount", "review.minimum_merit"} <= set(found)
    assert found["pool.amount"].step == 100 and found["pool.amount"].most == 1_180_000
    for key, number in found.items():
        assert number.title.zh and number.title.en
        assert policy.with_(**{key: number.read(number.shown)}) == policy
    assert (typed("590,000"), typed(" 72.5 "), typed("二")) == (590_000, "72.5", "二")
    assert typed("１２０，０００") == 120_000
    pool = found["pool.amount"]
    assert [pool.read(said) for said in ("72.5", "0", "-5", "五千", "", "1/0")] == [
        "72.5",
        0,
        *[None] * 4,
    ]
    assert (pool.shown, pool.plain) == ("590,000", "590000")
    [share] = [number for key, number in found.items() if key.endswith(".misc_share")]
    assert (share.shown, share.most, share.read("7.5％"), share.read("8")) == (
        "5",
        100,
        "7.5%",
        "8%",
    )
    assert share.title.zh.endswith("（%）")
    partial = policy.with_(
        **{"award.mode": "partial", "clause.quota.level.junior_high.at_least": "40%"}
    )
    assert "award.least_share" in numbers(partial) and "award.least_share" not in found
    assert numbers(partial)["clause.quota.level.junior_high.at_least"].read("45") == "45%"
