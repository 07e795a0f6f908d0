"""``subsidy compare``: named scenarios side by side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from optimizer.cli.bilingual import argument
from optimizer.cli.command import CasePath, OutFolder, Solving
from optimizer.cli.face import Face
from optimizer.cli.working import said_files
from optimizer.language.text import Text
from optimizer.language.words import how_many

if TYPE_CHECKING:
    from optimizer.scenarios.comparison import Comparison

ScenariosFile = Annotated[
    Path,
    argument("SCENARIOS.toml", "情境檔：計畫的具名變更", "named changes to the policy"),
]
_COLUMNS = {
    "scenario": Text("情境", "Scenario"),
    "status": Text("結果", "Result"),
    "spent": Text(">核定（元）", ">Awarded (NT$)"),
    "left": Text(">餘額（元）", ">Left (NT$)"),
}
_COUNTS = ("funded", "districts_covered", "disadvantaged_funded")


def compare(
    face: Face, case: CasePath, scenarios: ScenariosFile, out: OutFolder, solving: Solving
) -> int:
    """Run the command."""
    import optimizer
    from optimizer.cli.progress import steps
    from optimizer.scenarios.write import summary

    given = solving.read(case, out, "comparison")
    named = optimizer.read_scenarios(scenarios, given)
    with steps(face, len(named) + 1) as say:
        comparison = optimizer.compare(
            given, named, **solving.keywords, language=face.language, progress=say
        )
        files = optimizer.write_comparison(comparison, out)
    face.document("comparison", {"out": str(out), **summary(comparison)})
    face.show(*_said(face, comparison))
    face.show(*_changed(comparison), said_files(len(files), out / "report.html"))
    return 0 if comparison.proved else 6


def _changed(comparison: Comparison) -> list[Text]:
    """Say how many awards depend on the scenario; nothing where no two have a list."""
    count = len(comparison.changes)
    if sum(outcome.allocation is not None for outcome in comparison.outcomes) < 2:
        return []
    if not count:
        return [Text("每一份名單都完全相同。", "Every list is the very same.")]
    return [
        Text(
            f"{count:,} 件申請的核定金額因情境而異。",
            f"The award of {how_many(count, 'application')} depends on the scenario.",
        )
    ]


def _said(face: Face, comparison: Comparison) -> list[Any]:
    from optimizer.cli.terminal_tables import problem_table, table

    rows = comparison.totals.to_dict("records")
    shown: list[Any] = [
        table(
            face.language,
            columns.values(),
            [[_cell(face, name, row[name]) for name in columns] for row in rows],
        )
        for columns in _tables()
    ]
    shown += [
        Text(f"名單完全相同：{'、'.join(names)}。", f"The very same list: {', '.join(names)}.")
        for names in comparison.alike
    ]
    for outcome in comparison.outcomes:
        if outcome.error is not None and outcome.error.problems:
            title = Text(f"{outcome.name}：互相牴觸的規則", f"{outcome.name}: clauses in conflict")
            shown.append(problem_table(outcome.error.problems, face.language, title))
    return shown


def _tables() -> Iterator[dict[str, Text]]:
    """Yield the columns of two tables, which hold all measures between them."""
    from optimizer.facts.measures import MEASURES, POINTS_OF

    words = {name: Text(f">{text.zh}", f">{text.en}") for name, text in MEASURES.items()}
    yield _COLUMNS | {name: words[name] for name in _COUNTS}
    others = {name: text for name, text in words.items() if name not in _COUNTS}
    exact = {f"{name}_exact" if name in POINTS_OF else name: text for name, text in others.items()}
    yield {"scenario": _COLUMNS["scenario"], **exact}


def _cell(face: Face, name: str, value: Any) -> str:
    from optimizer.cli.terminal_result import readable
    from optimizer.result.dtypes import missing
    from optimizer.scenarios.outcome import STATUS

    if name == "status":
        return face.say(STATUS[value])

    if missing(value):  # there is no result
        return "—"
    return str(value) if name == "scenario" else readable(str(value))
