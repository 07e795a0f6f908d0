"""A comparison as sheets: one for each question that people ask of it, for page and workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from optimizer.facts.measures import MEASURES, POINTS_OF
from optimizer.language.text import EMPTY, Language, Text
from optimizer.language.words import figure
from optimizer.report.frame_sheets import listed_sheet
from optimizer.report.result_columns import say_code
from optimizer.result.dtypes import missing
from optimizer.scenarios.comparison import Comparison
from optimizer.scenarios.comparison_tables import PRIORITY_EXACT
from optimizer.scenarios.difference_tables import MOVES
from optimizer.scenarios.outcome import STATUS
from optimizer.workbooks.cell_text import readable
from optimizer.workbooks.sheet import CellKind, Sheet, SheetColumn, Value

_ITEMS: Mapping[str, Text] = {
    "status": Text("結果", "Result"),
    "pool": Text("經費總額（元）", "Pool (NT$)"),
    "spent": Text("核定（元）", "Awarded (NT$)"),
    "left": Text("餘額（元）", "Left (NT$)"),
    "eligible": Text("符合資格（件）", "Eligible"),
    **MEASURES,
}
_GROUPS = {
    "level": Text("學制", "Level"),
    "district": Text("行政區", "District"),
    "disadvantage": Text("弱勢類別", "Disadvantage"),
}
_WHO = (
    (CellKind.TEXT, "application_id", Text("申請編號", "Application"), 12),
    (CellKind.TEXT, "school", Text("學校", "School"), 20),
    (CellKind.TEXT, "district", Text("行政區", "District"), 11),
    (CellKind.TEXT, "title", Text("社群", "Community"), 30),
)
_MOVES = (
    (CellKind.TEXT, "scenario", Text("情境", "Scenario"), 22),
    (CellKind.CODE, "move", Text("異動", "Move"), 12),
    *_WHO,
    (CellKind.MONEY, "award_base", Text("原核定", "As it is"), 11),
    (CellKind.MONEY, "award_other", Text("此情境核定", "In the scenario"), 13),
    (CellKind.LONG, "reason_base", Text("原理由", "Reason, as it is"), 44),
    (CellKind.LONG, "reason_other", Text("此情境之理由", "Reason, in the scenario"), 44),
)
_WHY = (
    (CellKind.TEXT, "scenario", Text("情境", "Scenario"), 22),
    (CellKind.CODE, "move", Text("異動", "Move"), 12),
    (CellKind.COUNT, "count", Text("件數", "Count"), 8),
    (CellKind.LONG, "said", Text("由此決定", "Decided by"), 60),
    (CellKind.LONG, "who", Text("申請編號", "Applications"), 60),
)
_ALWAYS = (
    *_WHO,
    (CellKind.POINTS, "merit", Text("審查分數", "Merit"), 10),
    (CellKind.MONEY, "least", Text("最少核定", "Least award"), 12),
    (CellKind.MONEY, "most", Text("最多核定", "Most award"), 12),
)
_SURPRISES = (
    *_WHO,
    (CellKind.TEXT, "smaller", Text("經費較少的情境", "Smaller pool"), 22),
    (CellKind.MONEY, "award", Text("該情境核定", "Award there"), 12),
    (CellKind.TEXT, "larger", Text("經費較多的情境", "Larger pool"), 22),
    (CellKind.LONG, "reason", Text("經費較多卻未獲補助之理由", "Why it gets nothing there"), 60),
)


def sheets_of(comparison: Comparison) -> list[tuple[Sheet, str]]:
    """Return the sheets, each with a sentence that says how to read it."""
    lang = comparison.language
    found = [
        (_side_by_side(comparison), _HOW["totals"]),
        (_conflicts(comparison), _HOW["conflicts"]),
        (listed_sheet(_NAMES["why"], _WHY, comparison.why, lang, codes=MOVES), _HOW["why"]),
        (listed_sheet(_NAMES["moves"], _MOVES, comparison.moves, lang, codes=MOVES), _HOW["moves"]),
        (listed_sheet(_NAMES["always"], _ALWAYS, comparison.always, lang), _HOW["always"]),
        (_groups(comparison), _HOW["groups"]),
        (
            listed_sheet(_NAMES["surprises"], _SURPRISES, comparison.surprises, lang),
            _HOW["surprises"],
        ),
    ]
    return [(sheet, (how if sheet.rows else _NONE).say(lang)) for sheet, how in found]


def _side_by_side(comparison: Comparison) -> Sheet:
    """Return every total, measure and priority, a scenario a column."""
    totals, lang = comparison.totals, comparison.language
    priorities = comparison.case.policy.priorities
    titles = {f"{PRIORITY_EXACT}{p.label}": p.spoken for p in priorities}
    items = {**_ITEMS, **{name: text for name, text in titles.items() if name in totals}}
    rows = [
        (text.say(lang), *(_cell(name, row, lang) for row in totals.to_dict("records")))
        for name, text in items.items()
    ]
    return Sheet(_NAMES["totals"].say(lang), _heads(comparison, EMPTY), tuple(rows))


def _heads(comparison: Comparison, first: Text) -> tuple[SheetColumn, ...]:
    item = first.say(comparison.language) or Text("項目", "Item").say(comparison.language)
    scenarios = [outcome.name for outcome in comparison.outcomes]
    return (
        SheetColumn(CellKind.TEXT, item, 26),
        *(SheetColumn(CellKind.MONEY, readable(name), 16) for name in scenarios),
    )


def _cell(name: str, row: Mapping[Any, Any], lang: Language) -> Value:
    """Return a figure of a scenario: a dash where there is none, points as people read them."""
    if name == "status":
        return STATUS[row[name]].say(lang)
    value = row[f"{name}_exact" if name in POINTS_OF else name]
    if missing(value) or value == "":
        return "–"
    return figure(Fraction(value)) if isinstance(value, str) else int(value)


def _conflicts(comparison: Comparison) -> Sheet:
    """Return what keeps scenarios from a list, and what would mend it, the cheapest first."""
    lang = comparison.language
    rows = [
        (readable(outcome.name), readable(" ".join(said.say(lang).split())))
        for outcome in comparison.outcomes
        if outcome.error is not None
        for said in outcome.error.problems or (outcome.error.message,)
    ]
    heads = (Text("情境", "Scenario"), Text("牴觸之處與修改方式", "Conflict, and repairs"))
    kinds = ((CellKind.TEXT, 20), (CellKind.LONG, 110))
    columns = tuple(
        SheetColumn(kind, head.say(lang), width)
        for (kind, width), head in zip(kinds, heads, strict=True)
    )
    return Sheet(_NAMES["conflicts"].say(lang), columns, tuple(rows))


def _groups(comparison: Comparison) -> Sheet:
    """Return how many of each group are funded, and for how much, a scenario a column."""
    return Sheet(
        _NAMES["groups"].say(comparison.language),
        _heads(comparison, Text("類別", "Group")),
        tuple(_group_rows(comparison)),
    )


def _group_rows(comparison: Comparison) -> Iterator[tuple[Value, ...]]:
    table, lang = comparison.by_group, comparison.language
    figures = {
        (row["group"], row["value"], row["scenario"]): row for row in table.to_dict("records")
    }
    for group, value in dict.fromkeys((group, value) for group, value, _ in figures):
        if not value:
            continue
        label = f"{_GROUPS[group].say(lang)}：{say_code(value, lang)}" if lang == "zh-TW" else f"{_GROUPS[group].en}: {say_code(value, lang)}"  # fmt: skip
        cells = []
        for outcome in comparison.outcomes:
            row = figures.get((group, value, outcome.name))
            said = Text("{:,} 件，{:,} 元", "{:,}, NT${:,}").say(lang)
            cells.append("–" if row is None else said.format(row["funded"], row["awarded"]))
        yield (readable(label), *cells)


_NAMES = {
    "totals": Text("並列比較", "Side by side"),
    "conflicts": Text("無名單之情境", "Without a list"),
    "why": Text("增減之緣由", "Why they move"),
    "moves": Text("增減", "Gains and losses"),
    "always": Text("各情境皆獲補助", "Funded in all"),
    "groups": Text("各類別", "Groups"),
    "surprises": Text("經費增加反未獲補助", "Lost by a larger pool"),
}
_HOW = {
    "totals": Text(
        "第一欄情境為原計畫；各優先順序之值，不論該情境是否採用，一律算出。",
        "The policy as it is comes first; every priority is worked out for every scenario, whether or not it "
        "keeps it.",
    ),
    "conflicts": Text(
        "以下情境得不出名單：互相牴觸的規則，其後為修改方式，代價最小者在前。",
        "These scenarios have no list: the rules in conflict, then the repairs, the cheapest first.",
    ),
    "why": Text(
        "與原計畫相較而有增減者，依此情境中決定其結果的規則或優先順序歸類；各案理由見次表。",
        "Those whose award differs from that under the policy as it is, by the rule or priority that decides "
        "on them in the scenario; the next table has the reason of each.",
    ),
    "moves": Text(
        "與原計畫相較，核定金額不同的每一件，及其在兩邊的理由。",
        "Every application whose award differs from that under the policy as it is, with the reason in each.",
    ),
    "always": Text(
        "不論採用哪一個得出名單的情境，以下各件都獲補助。",
        "Funded whichever of the scenarios that have a list is chosen.",
    ),
    "groups": Text("各情境的補助件數與核定金額。", "How many are funded, and for how much."),
    "surprises": Text(
        "兩個情境只有經費不同，經費較少時獲補助，較多時反而未獲補助：多出的經費容得下金額較高而依優先順序更好的組合，"
        "因此取代了它。",
        "The two scenarios differ in the money alone: funded with less of it, not with more. What more money "
        "makes room for is better by the priorities, and takes its place.",
    ),
}
_NONE = Text("沒有。", "None.")
