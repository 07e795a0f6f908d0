"""``subsidy sweep``: every combination of the values of some keys of the policy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from optimizer.cli.bilingual import option
from optimizer.cli.command import CasePath, OutFolder, Solving
from optimizer.cli.face import Face
from optimizer.cli.working import Working, said_kept, said_reused
from optimizer.language.text import Text
from optimizer.language.words import how_many
from optimizer.problems.errors import UsageError

if TYPE_CHECKING:
    from optimizer.case.case import Case
    from optimizer.scenarios.sweep import Sweep

Axes = Annotated[
    list[str],
    option(
        "--set",
        "鍵與其各值，可重複；\n\n如 pool.amount=500000:600000:50000\n\n"
        "order=coverage+merit,merit+coverage",
        "a key and its values, may be repeated: pool.amount=500000:600000:50000 (from:to:step), "
        "order=coverage+merit,merit+coverage",
        metavar="KEY=VALUES",
    ),
]


def sweep(
    face: Face,
    case: CasePath,
    axes: Axes,
    out: OutFolder,
    *,
    working: Working,
    solving: Solving,
) -> int:
    """Run the command."""
    import optimizer
    from optimizer.cli.progress import counted
    from optimizer.scenarios.combinations import Combinations, said_point
    from optimizer.scenarios.write import sweep_summary

    working.check()
    given = solving.read(case, out, "sweep")
    grid = Combinations.of(_axes(axes, given), "--set")
    if len(grid) > _MANY:
        face.note(_count(len(grid)))
    folder, points = working.kept(out), list(map(said_point, grid))
    with working.keeping(face, out) as work, counted(face, points) as say:
        found = optimizer.sweep(
            given, grid.axes, **work, **solving.keywords, language=face.language, progress=say
        )
    files = optimizer.write_sweep(found, out)
    face.document("sweep", {"out": str(out), "kept": str(folder), **sweep_summary(found)})
    face.show(_counts(face, found), *_said(found, out, folder, len(files)))
    return 0 if found.proved else 6


def _axes(texts: Sequence[str], case: Case) -> dict[str, list[Any]]:
    from optimizer.scenarios.combinations import read_axis

    pairs = [read_axis(text, case) for text in texts]
    keys = [key for key, _ in pairs]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise UsageError(
            Text(f"--set 重複：{'、'.join(twice)}", f"--set names these twice: {', '.join(twice)}")
        )
    return dict(pairs)


def _counts(face: Face, found: Sweep) -> Any:
    from optimizer.cli.terminal_tables import table
    from optimizer.scenarios.outcome import STATUS

    counts = found.frame["status"].value_counts(sort=False)
    rows = [[face.say(STATUS[str(s)]), f"{count:,}"] for s, count in counts.items() if count]
    return table(face.language, [Text("結果", "Result"), Text(">情境", ">Scenarios")], rows)


def _said(found: Sweep, out: Path, folder: Path, files: int) -> list[Text]:
    table, figure = out / "sweep.csv", out / "figures" / "sweep.png"
    return [
        Text(
            f"共 {len(found.frame):,} 個情境，一列一個，見 {table}；圖見 {figure}。寫出 {files} 個檔案。",
            f"{how_many(len(found.frame), 'scenario')}{', a row each,' * (len(found.frame) > 1)} in {table}; "
            f"the figure is {figure}. "
            f"{files} files were written.",
        ),
        *said_reused(found.reused, len(found.frame), Text("個情境", "scenario")),
        said_kept(folder),
    ]


def _count(scenarios: int) -> Text:
    return Text(
        f"共 {scenarios:,} 個情境要試算。",
        f"{how_many(scenarios, 'scenario is', 'scenarios are')} to be tried.",
    )


_MANY = 20  # scenarios, above which it is said before they are tried how many there are
