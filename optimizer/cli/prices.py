"""``subsidy prices``: the price of each rule, the curve of the pool, and a frontier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from optimizer.cli.bilingual import option
from optimizer.cli.command import CasePath, OutFolder, Solving
from optimizer.cli.face import Face
from optimizer.cli.working import said_files
from optimizer.language.text import Text
from optimizer.language.words import how_many
from optimizer.problems.errors import UsageError

if TYPE_CHECKING:
    from optimizer.scenarios.price_book import PriceBook

FrontierNames = Annotated[
    list[str] | None,
    option(
        "--frontier",
        "要取捨的優先順序，\n\n二至三個，可重複；\n\n未指定為最前二項",
        "a priority of the frontier, two or three in all; the first two unless given",
        metavar="NAME",
    ),
]
FrontierPoints = Annotated[
    int,
    option("--points", "前緣至多幾點", "points of the frontier at the most", metavar="N", min=2),
]
PoolRange = Annotated[
    str | None,
    option(
        "--pools",
        "經費總額的範圍與間距；\n\n未指定為上下各一成",
        "the pools of the curve, e.g. 500000:700000:10000; a tenth to either side unless given",
        metavar="FROM:TO[:STEP]",
    ),
]

_MOST = 10**18  # NT$ that no pool has


def prices(
    face: Face,
    case: CasePath,
    out: OutFolder,
    frontier: FrontierNames = None,
    points: FrontierPoints = 20,
    pools: PoolRange = None,
    *,
    solving: Solving,
) -> int:
    """Run the command."""
    import optimizer
    from optimizer.cli.progress import steps
    from optimizer.scenarios.frontier import chosen_priorities
    from optimizer.scenarios.write_prices import summary

    wanted = None if pools is None else _range(pools)
    given = solving.read(case, out, "prices")
    if frontier:
        chosen_priorities(given, frontier, "--frontier")
    with steps(face, len(given.policy.rules) + 2) as say:
        book = optimizer.prices(
            given,
            frontier or (),
            points,
            wanted,
            **solving.keywords,
            language=face.language,
            progress=say,
        )
        files = optimizer.write_prices(book, out)
    face.document("prices", {"out": str(out), **summary(book)})
    face.show(*_said(face, book), said_files(len(files), out / "report.html"))
    return 0 if book.proved else 6


def _range(given: str) -> tuple[int, int] | tuple[int, int, int]:
    """Read the range of pools.

    Raises
    ------
    UsageError
        If it is none.
    """
    from optimizer.scenarios.combinations import number_of_range

    numbers = list(map(number_of_range, given.split(":")))
    amounts = [n for n in numbers if isinstance(n, int) and 0 <= n < _MOST]
    first, last, *step = amounts if len(amounts) == len(numbers) in (2, 3) else (1, 0)
    if first > last or 0 in step:
        raise UsageError(
            Text(
                f"--pools 應為「小:大」或「小:大:間距」，如 500000:700000:10000，而非「{given[:60]}」。",
                "--pools takes two amounts, the smaller first, and how far apart, as in "
                f"500000:700000:10000, not {given[:60]!r}.",
            )
        )
    return (first, last, step[0]) if step else (first, last)


def _said(face: Face, book: PriceBook) -> list[Any]:
    from optimizer.cli.terminal_tables import table

    columns = (Text("規則", "Rule"), Text("計畫條文", "Section"), Text("免除後", "Without it"))
    rows = book.rules.frame[["title", "reference", "said"]].to_numpy().tolist()
    return [
        table(face.language, columns, rows),
        book.more.text,
        *([] if book.frontier is None else [_points(book)]),
    ]


def _points(book: PriceBook) -> Text:
    from optimizer.plots.frontier import said_inside

    found = book.frontier
    assert found is not None
    zh, en = (
        joined.join(f"{open_}{spoken}{close}" for spoken in names)
        for joined, open_, close, names in (
            ("與", "「", "」", [p.spoken.zh for p in found.priorities]),
            (" and ", '"', '"', [p.spoken.en for p in found.priorities]),
        )
    )
    count = len(found.points)
    why = said_inside(found)
    also_zh, also_en = (f"；{why.zh}", f"; {why.en}") if why else ("", "")
    return Text(
        f"{zh}之取捨：{count} 點{'（已全部列出）' if found.complete else '（另有他點）'}，見 frontier.csv{also_zh}",
        f"{en}: {how_many(count, 'point')} {'(all there are)' if found.complete else '(there are more)'}; see frontier.csv{also_en}",
    )
