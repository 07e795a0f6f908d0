"""What the terminal shows of a finished allocation."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimizer.cli.face import Face, clean
from optimizer.cli.terminal_tables import table
from optimizer.cli.working import said_files
from optimizer.language.text import EMPTY, Text, money
from optimizer.language.words import figure, how_many, points
from optimizer.result.headline import say_draw, under_premise

if TYPE_CHECKING:
    from optimizer.facts.measures import Measures
    from optimizer.result.allocation import Allocation
    from optimizer.solving.solution import Solution

_MOST_ROWS, _FIRST_ROWS = 24, 12  # goals that a terminal is given
_FIRST = ("report.html", "awards.xlsx", "awards.ods", "awards.csv", "summary.json")


def show_result(face: Face, allocation: Allocation, out: Path, files: Sequence[Path]) -> None:
    """Print the headline figures, what each priority reached, and where to look."""
    from rich.text import Text as Line

    proved = allocation.status == "optimal"
    title = clean(allocation.title)
    if title:
        face.show(Line(title, style="bold"))
    if allocation.nobody:
        face.show(Line(face.say(allocation.nobody), style="bold yellow"))
    face.show(
        Line(
            face.say(standing(allocation.solution, allocation.premise)),
            style="green" if proved else "yellow",
        )
    )
    if proved:
        face.show(say_draw(allocation))
    face.show(*headlines(allocation.summary), *merits(allocation.measures))
    face.show(priority_table(face, allocation))
    seal = allocation.summary["seal"]
    face.show(Text(f"查核碼：{seal}", f"Seal: {seal}"))
    face.show(_where(out, files))


def standing(solution: Solution, premise: Text = EMPTY) -> Text:
    """Say how far a result is proved, and under what."""
    if not solution.proved:
        return Text(
            "可行，但未經證明：這是時限內所得，可能還有更好的分配，各優先順序的差距見下表。",
            "Feasible, not proved: this is what was found within the limit; there may be a better "
            "allocation. The table shows how far each priority may be from its bound.",
        )
    under = under_premise(premise)
    best = Text(
        f"已逐項證明：{under.zh}沒有更好的分配",
        f"Proved, priority by priority{under.en}: there is no better allocation.",
    )
    if solution.optimal:
        return Text(f"{best.zh}。", best.en)
    return Text(
        f"{best.zh}；但時限已到，同分者尚未經抽籤決定，名單還不是唯一的答案。",
        f"{best.en} But the limit came before the draw had settled the ties: this is not yet the one "
        "answer.",
    )


def headlines(summary: Any) -> list[Text]:
    """Say the figures that everybody asks for first."""
    pool, count = summary["pool"], summary["counts"]
    beyond = count["districts_uncoverable"]
    return [
        Text(
            f"可用經費 {money(pool['available'])} 元，核定 {money(pool['spent'])} 元，"
            f"餘額 {money(pool['left'])} 元。",
            f"NT${money(pool['available'])} available, NT${money(pool['spent'])} awarded, "
            f"NT${money(pool['left'])} left.",
        ),
        Text(
            f"申請 {money(count['applications'])} 件，符合資格 {money(count['eligible'])} 件，"
            f"獲補助 {money(count['funded'])} 件。",
            f"{how_many(count['applications'], 'application')}, {money(count['eligible'])} eligible, "
            f"{money(count['funded'])} funded.",
        ),
        Text(
            f"行政區 {count['districts']} 個，{count['districts_covered']} 個有獲補助者"
            + (f"，{beyond} 個沒有符合資格的申請。" if beyond else "。"),
            f"{count['districts_covered']} of {how_many(count['districts'], 'district')} "
            f"{'takes' if count['districts_covered'] == 1 else 'take'} part"
            + (
                f"; {beyond} {'has' if beyond == 1 else 'have'} no eligible application."
                if beyond
                else "."
            ),
        ),
    ]


def merits(measures: Measures) -> list[Text]:
    """Say how the list stands to the ranking by merit."""
    if measures.mean_merit is None:
        return []
    mean, lowest = points(measures.mean_merit), points(measures.lowest_funded or Fraction(0))
    high = measures.highest_not_funded
    zh = f"，未獲補助最高 {points(high)} 分" if high is not None else ""
    en = f", highest not funded {points(high)}" if high is not None else ""
    return [
        Text(
            f"獲補助者平均 {mean} 分，最低 {lowest} 分{zh}。",
            f"Mean merit of the funded {mean}, lowest {lowest}{en}.",
        ),
        Text(
            f"高於線（只看分數時經費所及）而未獲補助 {money(measures.passed_over)} 件，"
            f"未獲補助而同校分數較低之另案獲補助者 {money(measures.lost_to_sister)} 件；原因見 passed_over.csv。",
            f"{money(measures.passed_over)} passed over (the pool would pay them by merit alone), "
            f"{money(measures.lost_to_sister)} lost to a sister of less merit; why: passed_over.csv.",
        ),
    ]


def priority_table(face: Face, allocation: Allocation) -> Any:
    """Return what each priority reached, what it could reach at the most, and who proved that."""
    headers = [
        Text("優先順序", "Priority"),
        Text(">實際結果", ">Reached"),
        Text(">可達極限", ">Best possible"),
        Text(">差距", ">Gap"),
        Text("單位", "Unit"),
        Text("證明", "Proved"),
    ]
    found = allocation.priorities.to_dict("records")
    shown = found if len(found) <= _MOST_ROWS else found[:_FIRST_ROWS]
    place = {p.label: str(n) for n, p in enumerate(allocation.case.policy.priorities, start=1)}
    rows = [_row(face, _number(place, str(row["goal"])), row) for row in shown]
    hidden = len(found) - len(shown)
    note = Text(f"其餘 {hidden} 項見 summary.json", f"{hidden} more goals stand in summary.json")
    return table(face.language, headers, rows, note=note if hidden else EMPTY)


def _number(place: Mapping[str, str], goal: str) -> str:
    """Return the number of its priority, and its own place if that has several goals: 2.15."""
    name, _, level = goal.rstrip("]").partition("[")
    return f"{place[name]}.{level}" if level else place[name]


def _row(face: Face, number: str, row: Mapping[Hashable, Any]) -> list[str]:
    return [
        f"{number}  {row['title']}",
        readable(row["value_exact"]),
        readable(row["bound_exact"]),
        readable(row["gap_exact"]),
        row["unit"],
        face.say(Text("是", "yes") if row["proved"] else Text("否", "no")),
    ]


def readable(exact: str) -> str:
    """Write an exact figure for reading, or a dash for none."""
    return figure(Fraction(exact)) if exact else "—"


def _where(out: Path, files: Sequence[Path]) -> Text:
    names = {path.name: path for path in files}
    first = next((out / name for name in _FIRST if name in names), out)
    return said_files(len(files), first)
