"""What an allocation says on the screen, as plain data: numbers, lines, districts, what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from optimizer.facts.measures import LESS_IS_BETTER, NEITHER_IS_BETTER, UNITS, Figure
from optimizer.language.text import EMPTY, Text
from optimizer.language.words import figure
from optimizer.result.allocation import Allocation
from optimizer.result.headline import say_status
from optimizer.result.tabulate import lines
from optimizer.scenarios.difference_tables import PRIORITY, moved_awards, totals_of
from optimizer.tables.official_order import in_official_order

Numbers = tuple[Mapping[str, Any], ...]
Row = tuple[Any, ...]
COLUMNS: Mapping[str, Text] = {
    "rank": Text("名次", "Rank"),
    "application_id": Text("申請編號", "Application"),
    "school": Text("學校", "School"),
    "title": Text("社群", "Community"),
    "district": Text("行政區", "District"),
    "merit": Text("分數", "Merit"),
    "requested": Text("申請", "Requested"),
    "award": Text("核定", "Award"),
    "change": Text("變動", "Change"),
    "reason": Text("理由", "Reason"),
}
"""The columns of the table, in the order of the cells of a row; the status follows them."""
_FIVE = ("funded", "spent", "mean_merit", "districts_covered", "passed_over")
_NEITHER = NEITHER_IS_BETTER | {"pool", "spent", "left", "eligible"}
_COUNT = Text(UNITS["funded"].zh, "")  # in English the title says what is counted
_MONEY = Text("元", "NT$")


@dataclass(frozen=True)
class OnScreen:
    """One answer, all of it of one list, in both languages.

    Parameters
    ----------
    proved, status, gap
        Whether it is proved the best there is, what is known in words, and how much better the first
        priority that is not proved could at most be; empty where all are.
    totals
        Money, measures and the value of every priority: code, title and unit (a `Text` each), value,
        change against what is compared with, and whether that is better (None where neither is).
    rows
        One an application: a cell for each of `COLUMNS`, then its status. The reason is still empty:
        all reasons take longer than the rest (`optimizer.desk.sitting.Sitting.reasons`).
    districts
        One a district: name, applications, funded, funded before.
    line
        The merit at which the money would end by merit alone; None where it does not.
    """

    proved: bool
    status: Text
    gap: Text
    totals: Numbers
    rows: tuple[Row, ...]
    districts: tuple[Row, ...]
    line: float | None

    @property
    def numbers(self) -> Numbers:
        """The five totals that stand above everything."""
        known = {one["name"]: one for one in self.totals}
        return tuple(known[name] for name in _FIVE)


def on_screen(base: Allocation, now: Allocation) -> OnScreen:
    """Return what an allocation says against another of the same case.

    Parameters
    ----------
    base, now
        What is compared with, and what stands.
    """
    moved = moved_awards(base, now)
    rows = tuple(_rows(now, {one: after - before for one, (before, after) in moved.items()}))
    return OnScreen(
        now.status == "optimal",
        say_status(now.solution, now.premise),
        _gap(now),
        totals=tuple(_number(now, *one) for one in totals_of(base, now)),
        rows=rows,
        districts=tuple(_districts(base, rows)),
        line=None
        if now.line.merit is None
        else now.line.merit / now.scored.round.merit_denominator,
    )


def _gap(now: Allocation) -> Text:
    """Say of the first priority that is not proved what it is, and how much better it could be."""
    step = next((step for step in now.steps if not step.proved), None)
    if step is None:
        return EMPTY
    priority = now.goal_priority(step.goal)
    title = titled(priority.spoken, priority.unit())
    scale = priority.people_scale(now.scored.round)
    value = figure(Fraction(step.value) / scale)
    if step.gap is None:
        zh, en = "尚不知可達極限", "how good it could be is not known yet"
    else:
        more = figure(Fraction(step.gap) / abs(scale))
        zh, en = f"與可達極限至多相差 {more}", f"at most {more} from the best possible"
    return Text(
        f"第一個尚未證明的優先順序：{title.zh}，目前 {value}，{zh}。",
        f"The first priority that is not proved: {title.en}, {value} now, {en}.",
    )


def titled(title: Text, unit: Text) -> Text:
    """Return what a figure is called with its unit; brackets stand in no brackets."""
    zh, en = unit.zh.translate({ord("（"): "，", ord("）"): None}), unit.en.replace(" (", ", ")
    return Text(
        f"{title.zh}（{zh}）" if zh else title.zh,
        f"{title.en} ({en.replace(')', '')})" if en else title.en,
    )


def _number(
    now: Allocation, name: str, title: Text, before: Figure, after: Figure
) -> Mapping[str, Any]:
    known = before is not None and after is not None
    change = Fraction(after or 0) - Fraction(before or 0) if known else Fraction(0)
    plain = not change or name in _NEITHER or name.startswith(PRIORITY)
    better = None if plain else (change > 0) != (name in LESS_IS_BETTER)
    value = "—" if after is None else figure(Fraction(after))
    of = f"/{now.case.records.schools['district'].nunique()}" if name == "districts_covered" else ""
    return {
        "name": name,
        "title": title,
        "value": f"{value}{of}",
        "unit": _unit(name, now),
        "change": figure(abs(change)) if change else "",
        "up": change > 0,
        "better": better,
    }


def _unit(name: str, now: Allocation) -> Text:
    """Return what a figure counts; of a priority only where less of it is better, which is said there."""
    if name.startswith(PRIORITY):
        label = name.removeprefix(PRIORITY)
        found = (p for p in now.case.policy.priorities if p.label == label and p.minimised)
        return next((priority.unit() for priority in found), EMPTY)
    unit = UNITS.get(name, _MONEY)
    return _COUNT if name == "eligible" or unit == UNITS["funded"] else unit


def _rows(now: Allocation, change: Mapping[str, int]) -> Iterator[Row]:
    """Return the cells of each application, column by column; the reasons follow later."""
    records, columns = now.case.records, lines(now)
    ids = columns["application_id"]
    columns["school"] = records.schools["name"].iloc[records.applications["school"]]
    columns["change"] = ids.map(change).fillna(0).astype(int)
    columns["reason"] = ids.map(lambda _: "")
    return zip(*(columns[name].tolist() for name in (*COLUMNS, "status")), strict=True)


def _districts(base: Allocation, rows: Sequence[Row]) -> Iterator[Row]:
    column = [*COLUMNS].index("district")
    schools, applications = base.case.records.schools, base.case.records.applications
    district = schools["district"].iloc[applications["school"]].tolist()
    before = Counter(district[row] for row in base.scored.round.position[base.decision.fund])
    funded = Counter(row[column] for row in rows if row[-1] == "funded")
    count = Counter(row[column] for row in rows)
    for name in in_official_order(base.districts, sorted(set(schools["district"]))):
        yield name, count[name], funded[name], before[name]
