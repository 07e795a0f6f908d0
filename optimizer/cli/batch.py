"""``subsidy batch``: many cases, each with its result."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from optimizer.cli.bilingual import both, option
from optimizer.cli.command import OutFolder, Parts, Solving, check_limit, parts_of
from optimizer.cli.face import Face
from optimizer.cli.working import Working, said_kept, said_reused
from optimizer.language.text import Text
from optimizer.language.words import how_many
from optimizer.problems.errors import UsageError

Cases = Annotated[
    list[Path],
    typer.Argument(metavar="CASE...", help=both("計畫資料夾，一個或數個", "case folders")),
]
Log = Annotated[
    Path | None,
    option("--log", "逐件記入此檔", "add a line for each case to this file", metavar="FILE"),
]


def batch(
    face: Face,
    cases: Cases,
    out: OutFolder,
    parts: Parts = None,
    log: Log = None,
    *,
    working: Working,
    solving: Solving,
) -> int:
    """Run the command."""
    import optimizer
    from optimizer.cli.progress import steps

    check_limit(solving.time_limit)
    working.check()
    if log is not None and log.resolve().is_relative_to(out.resolve()):
        raise UsageError(_INSIDE)
    read: dict[str, Any] = {"policy": solving.policy, "encoding": solving.encoding}
    with working.keeping(face, out) as work, steps(face, len(cases)) as say:

        def told(step: str) -> None:
            say(step)
            if log is not None:
                with log.open("a", encoding="utf-8") as file:
                    file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {step}\n")

        found = optimizer.batch(
            cases, out, parts=parts_of(parts), **work, **read, **solving.keywords,
            language=face.language, progress=told,
        )  # fmt: skip
    rows = found.astype(object).where(found.notna(), None).to_dict("records")
    failed = sum(row["exit_code"] != 0 for row in rows)
    said = Text(
        f"{len(rows):,} 個計畫中，{failed:,} 個沒有經證明的結果。",
        f"{failed:,} of {how_many(len(rows), 'case')} {'has' if failed == 1 else 'have'} no proved result.",
    )
    error = {"error": face.say(said)} if failed else {}
    face.document("batch", {**error, "out": str(out), "cases": rows})
    _show(face, rows, out)
    reused = said_reused(found.attrs["reused"], len(rows), Text("個計畫", "case"))
    face.show(*reused, said_kept(working.kept(out)))
    if failed:
        face.note(said)
    return max(int(row["exit_code"]) for row in rows)


def _show(face: Face, rows: list[dict[Any, Any]], out: Path) -> None:
    from optimizer.cli.terminal_tables import table
    from optimizer.problems.errors import shorten
    from optimizer.scenarios.outcome import STATUS

    heads = (Text("計畫", "Case"), Text("結果", "Result"), Text(">核定（元）", ">Awarded (NT$)"),
             Text(">獲補助", ">Funded"), Text("說明", "Said"))  # fmt: skip
    cells = [
        [
            row["case"],
            face.say(_REFUSED if row["status"] == "refused" else STATUS[row["status"]]),
            *("—" if row[name] is None else f"{row[name]:,}" for name in ("spent", "funded")),
            shorten(row["said"]),
        ]
        for row in rows
    ]
    face.show(
        table(face.language, heads, cells),
        Text(f"每個計畫一個資料夾，總表見 {out / 'batch.csv'}。",
             f"A folder for each case; all of them are in {out / 'batch.csv'}."),
    )  # fmt: skip


_REFUSED = Text(
    "無法使用", "cannot be used"
)  # the folder, a table or the policy: what is said tells
_INSIDE = Text(
    "--log 不可在 --out 的資料夾內，該資料夾會整個換新；請記到別處。",
    "--log must not lie in the folder of --out, which is replaced whole; name a file elsewhere.",
)
