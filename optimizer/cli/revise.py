"""``subsidy revise``: a published result after withdrawals, reductions, a new pool, corrections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.allocate import exit_code
from optimizer.cli.bilingual import both
from optimizer.cli.command import (
    Encoding,
    ListLimit,
    OutFolder,
    PolicyFile,
    Solver,
    Threads,
    check_limit,
    read,
)
from optimizer.cli.face import Face
from optimizer.language.text import Text
from optimizer.problems.errors import UsageError

PublishedFolder = Annotated[
    Path, typer.Argument(metavar="DIR", help=both("已公布的結果資料夾", "the published result"))
]
CaseOption = Annotated[
    Path,
    typer.Option(
        "--case",
        metavar="CASE",
        help=both("計畫資料夾的現況，含更正", "the case as it reads now, with any corrections"),
    ),
]
Withdraw = Annotated[
    list[str] | None,
    typer.Option(
        "--withdraw",
        metavar="ID",
        help=both("撤回的申請編號，可重複", "an application that has withdrawn; may be repeated"),
    ),
]
Reduce = Annotated[
    list[str] | None,
    typer.Option(
        "--reduce",
        metavar="ID=NT$",
        help=both("減列後的核定金額，可重複", "what an award is reduced to; may be repeated"),
    ),
]
NewPool = Annotated[
    int | None,
    typer.Option(
        "--pool", metavar="NT$", min=0, help=both("新的經費總額", "the whole pool from now on")
    ),
]
Paid = Annotated[
    list[str] | None,
    typer.Option(
        "--paid",
        metavar="FILE|ID=NT$",
        help=both(
            "已撥付金額，或每列「編號,金額」的 CSV 檔，可重複",
            "what is paid already, or a CSV file of ID,NT$ lines; may be repeated",
        ),
    ),
]
QUOTED = ' "\t'  # what may stand around an amount in a file
_PAIR = re.compile(r"(?:NT\$)?([0-9][0-9,]{0,17})")


def revise(
    face: Face,
    result: PublishedFolder,
    case: CaseOption,
    out: OutFolder,
    withdraw: Withdraw = None,
    reduce: Reduce = None,
    pool: NewPool = None,
    paid: Paid = None,
    policy: PolicyFile = None,
    solver: Solver = "auto",
    time_limit: ListLimit = None,
    threads: Threads = 1,
    encoding: Encoding = None,
) -> int:
    """Run the command."""
    import optimizer
    from optimizer.report.folder import check_target
    from optimizer.revisions.told import headline, newcomers

    check_limit(time_limit)
    _apart(result, out)
    check_target(out, "revision")
    started = datetime.now(UTC)
    revision = optimizer.revise(
        result,
        read(case, policy, encoding),
        withdraw=_ids(withdraw or ()),
        reduce=_pairs("--reduce", reduce or ()),
        pool=pool,
        paid=_pairs("--paid", _lines(paid or ())),
        solver=solver,
        time_limit=time_limit,
        threads=threads,
        language=face.language,
    )
    files = optimizer.write_revision(revision, out, started_at=started)
    record = revision.record
    face.document("revision", {"out": str(out), **record})
    first, *rest = headline(record, revision.allocation)
    seal = Text(f"查核碼：{record['seal']}", f"Seal: {record['seal']}")
    face.show(
        first, *newcomers(record, revision.allocation), *rest, seal, _written(out, len(files))
    )
    return exit_code(revision.allocation)


def _apart(result: Path, out: Path) -> None:
    if result.resolve() == out.resolve():
        raise UsageError(
            Text(
                "--out 不可是已公布的結果資料夾：公布者應予保留。",
                "--out must be another folder: what was published is kept as it is.",
            )
        )


def _ids(given: Iterable[str]) -> list[str]:
    """Return ids that may stand in one word, parted by commas."""
    return [part for one in given for part in re.split(r"[,，、\s]+", one) if part]


def _pairs(option: str, given: Iterable[str]) -> list[tuple[str, int]]:
    """Return ids with amounts, as they were given.

    Raises
    ------
    UsageError
        With every one that is no such pair.
    """
    found, wrong = [], []
    for one in given:
        name, parted, amount = one.partition("=")
        match = _PAIR.fullmatch(amount.strip())
        if parted and name.strip() and match:
            found.append((name.strip(), int(match[1].replace(",", ""))))
        else:
            wrong.append(one[:60])
    if wrong:
        raise UsageError(
            Text(
                f"{option} 應為「編號=金額」，如 A017=3000，而非「{'」、「'.join(wrong)}」。",
                f"{option} takes ID=NT$, as in A017=3000, not {', '.join(map(repr, wrong))}.",
            )
        )
    return found


def _lines(given: Iterable[str]) -> Iterator[str]:
    """Yield what is paid, the lines of files among it; a header without a figure is passed over."""
    for one in given:
        if "=" in one:
            yield one
            continue
        try:
            text = Path(one).read_text("utf-8-sig")
        except (OSError, ValueError):
            raise UsageError(
                Text(f"--paid：無法讀取「{one[:60]}」。", f"--paid: {one[:60]!r} cannot be read.")
            ) from None
        for number, line in enumerate(filter(str.strip, text.splitlines())):
            name, _, amount = line.partition(",")
            if number or any(character.isdigit() for character in amount):
                yield f"{name}={amount.strip(QUOTED)}"


def _written(out: Path, files: int) -> Text:
    return Text(
        f"共寫出 {files} 個檔案，異動紀錄為 {out / 'revision.json'}",
        f"{files} files were written; the record of the change is {out / 'revision.json'}",
    )
