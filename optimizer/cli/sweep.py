"""``subsidy sweep``: every combination of the values of some keys of the policy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from optimizer.cli.bilingual import option
from optimizer.cli.command import CasePath, OutFolder, Solving
from optimizer.cli.face import Face
from optimizer.language.text import Text
from optimizer.problems.arguments import MOST_THREADS
from optimizer.problems.errors import UsageError

if TYPE_CHECKING:
    from optimizer.scenarios import Sweep

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
Jobs = Annotated[
    int, option("--jobs", "同時計算的程序數", "processes", metavar="N", min=1, max=MOST_THREADS)
]
Cluster = Annotated[
    str,
    option(
        "--cluster",
        "改用 Dask 叢集；\n\n如 tcp://10.0.0.5:8786",
        "a Dask cluster in place of them, e.g. tcp://10.0.0.5:8786",
        metavar="URL",
    ),
]
Cache = Annotated[
    Path | None,
    option(
        "--cache",
        "存放已算情境的資料夾；\n\n未指定則為 --out 加 .runs",
        "the folder that keeps what was worked out, for the next run; --out with .runs unless given",
        metavar="DIR",
    ),
]


def sweep(
    face: Face,
    case: CasePath,
    axes: Axes,
    out: OutFolder,
    jobs: Jobs = 1,
    cluster: Cluster = "",
    cache: Cache = None,
    solving: Solving = Solving(),  # noqa: B008 - frozen
) -> int:
    """Run the command."""
    import optimizer
    from optimizer.cli.progress import counted
    from optimizer.scenarios.combinations import Combinations, said_point
    from optimizer.scenarios.write import sweep_summary

    if cluster and jobs > 1:
        raise UsageError(_EITHER)
    given, grid = solving.read(case, out, "sweep"), Combinations.of(_axes(axes), "--set")
    if len(grid) > _MANY:
        face.note(_count(len(grid)))
    folder = cache or out.with_name(f"{out.name}.runs")
    work: dict[str, Any] = {"jobs": jobs, "cluster": cluster, "cache": folder}
    try:
        with counted(face, list(map(said_point, grid))) as say:
            found = optimizer.sweep(
                given, grid.axes, **work, **solving.keywords, language=face.language, progress=say
            )
    except KeyboardInterrupt:
        face.note(_kept(folder))
        raise
    files = optimizer.write_sweep(found, out)
    face.document("sweep", {"out": str(out), "kept": str(folder), **sweep_summary(found)})
    face.show(_counts(face, found), *_said(found, out, folder, len(files)))
    return 0 if found.proved else 6


def _axes(texts: Sequence[str]) -> dict[str, list[Any]]:
    from optimizer.scenarios.combinations import read_axis

    pairs = [read_axis(text) for text in texts]
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
            f"{len(found.frame):,} scenarios, a row each, in {table}; the figure is {figure}. "
            f"{files} files were written.",
        ),
        _kept(folder),
    ]


def _kept(folder: Path) -> Text:
    return Text(
        f"算過的情境存於 {folder}，再次執行時不必重算；不再需要時可整個刪除。",
        f"What was worked out is kept in {folder}, and is not worked out again; delete that folder "
        "when it is of no more use.",
    )


def _count(scenarios: int) -> Text:
    return Text(f"共 {scenarios:,} 個情境要試算。", f"{scenarios:,} scenarios are to be tried.")


_MANY = 20  # scenarios, above which it is said before they are tried how many there are
_EITHER = Text(
    "--jobs 與 --cluster 只能擇一：在本機計算，或交給叢集。",
    "Either --jobs or --cluster: on this machine, or on a cluster.",
)
