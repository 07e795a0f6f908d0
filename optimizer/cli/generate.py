"""``subsidy generate``: an invented round of any size."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from optimizer.cli.bilingual import both
from optimizer.cli.face import Face
from optimizer.errors import UsageError
from optimizer.text import Text

_MOST = 1_000_000
Target = Annotated[
    Path,
    typer.Argument(
        metavar="DIR", help=both("新資料夾，須為空", "the new folder; it must be empty")
    ),
]
Applications = Annotated[
    int,
    typer.Option(
        "--applications", metavar="N", min=1, max=_MOST, help=both("申請件數", "applications")
    ),
]
Schools = Annotated[
    int, typer.Option("--schools", metavar="N", min=1, max=_MOST, help=both("學校數", "schools"))
]
Districts = Annotated[
    int,
    typer.Option("--districts", metavar="N", min=1, max=_MOST, help=both("行政區數", "districts")),
]
Seed = Annotated[
    int,
    typer.Option(
        "--seed",
        metavar="S",
        min=0,
        help=both("亂數種子：同一種子，同一案例", "same seed, same round"),
    ),
]


def generate(
    face: Face,
    target: Target,
    applications: Applications = 450,
    schools: Schools = 300,
    districts: Districts = 29,
    seed: Seed = 103,
) -> None:
    """Run the command."""
    import optimizer
    from optimizer.new.case import check_empty

    if schools < districts:
        raise UsageError(
            Text(
                "每個行政區至少要有一校：--schools 不得少於 --districts。",
                "Every district needs a school: --schools must not be less than --districts.",
            )
        )
    check_empty(target)
    optimizer.generate(
        target, applications=applications, schools=schools, districts=districts, seed=seed
    )
    names = sorted(path.name for path in target.iterdir())
    face.document("case", {"folder": str(target), "files": names})
    face.show(
        Text(
            f"已產生虛構案例 {target}：申請 {applications:,} 件、學校 {schools:,} 所、"
            f"行政區 {districts:,} 個（種子 {seed}）。",
            f"Made an invented round in {target}: {applications:,} applications, {schools:,} "
            f"schools, {districts:,} districts (seed {seed}).",
        ),
        Text(
            f"接著可執行：subsidy allocate {quote(str(target))} --out result",
            f"Next: subsidy allocate {quote(str(target))} --out result",
        ),
    )
