"""Prices as a page: what people ask of them first, in their own words; the files hold all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from optimizer.language.text import EMPTY, Language, Text, joined, money
from optimizer.plots.frontier import said_inside
from optimizer.report.drawings import read_figures
from optimizer.report.frame_sheets import Columns, listed_sheet
from optimizer.report.sheet_page import PageHead, render_sheets
from optimizer.result.equity import GROUPS
from optimizer.scenarios.comparison_tables import PRIORITY
from optimizer.scenarios.frontier import Frontier
from optimizer.scenarios.price_book import MORE, PriceBook
from optimizer.scenarios.price_of_rules import PriceOfRules
from optimizer.workbooks.sheet import CellKind, Sheet

_NAMED = 15  # who come in, or are out, by name
_POOLS = 25  # rows of the curve
_KICKER = Text("規則與經費之代價", "What rules and money are worth")
_RULES: Columns = (
    (CellKind.TEXT, "title", Text("規則", "Rule"), 24),
    (CellKind.TEXT, "reference", Text("計畫條文", "Section"), 11),
    (CellKind.LONG, "said", Text("不適用時的差異", "What differs without it"), 60),
    (CellKind.LONG, "in", Text("不適用時新獲補助", "In without it"), 44),
    (CellKind.LONG, "out", Text("不適用時不再獲補助", "Out without it"), 44),
)
_MORE: Columns = ((CellKind.LONG, "said", Text("結果", "What it brings"), 100),)
_CURVE: Columns = (
    (CellKind.MONEY, "pool", Text("經費總額（元）", "Pool (NT$)"), 14),
    (CellKind.MONEY, "spent", Text("核定（元）", "Awarded (NT$)"), 14),
    (CellKind.COUNT, "funded", Text("獲補助", "Funded"), 10),
    (CellKind.COUNT, "districts_covered", Text("獲補助行政區", "Districts"), 10),
)
_POINT: Columns = ((CellKind.TEXT, "point", Text("點", "Point"), 10),)
_EQUITY: Columns = (
    (CellKind.CODE, "kind", Text("分組方式", "By"), 14),
    (CellKind.TEXT, "group", Text("組別", "Group"), 18),
    (CellKind.COUNT, "applications", Text("申請", "Applications"), 10),
    (CellKind.COUNT, "funded", Text("獲補助", "Funded"), 10),
    (CellKind.MONEY, "awarded", Text("核定（元）", "Awarded (NT$)"), 14),
    (CellKind.POINTS, "per_student", Text("每生核定（元）", "For each student (NT$)"), 14),
)
_LISTS: Columns = (
    (CellKind.COUNT, "funded", Text("獲補助", "Funded"), 10),
    (CellKind.POINTS, "mean_merit", Text("平均分數", "Mean merit"), 10),
    (CellKind.COUNT, "passed_over", Text("高於線而未獲補助", "Passed over"), 10),
    (CellKind.COUNT, "entering", Text("較現行名單新獲補助", "In, against the list as it is"), 12),
    (CellKind.COUNT, "leaving", Text("較現行名單不再獲補助", "Out, against it"), 12),
)


def render_prices(book: PriceBook, figures: Path) -> str:
    """Return the page as HTML, with the figures of a folder."""
    lang = book.language
    kicker, finding = _KICKER.say(lang), _finding(book.rules.frame).say(lang)
    head = PageHead(kicker, book.base.title or kicker, finding)
    sheets = [(sheet, how.say(lang)) for sheet, how in _sheets(book)]
    return render_sheets(head, sheets, list(read_figures(figures, lang)), lang)


def _finding(rules: pd.DataFrame) -> Text:
    """Say which rule moves most."""
    moved = [int(n) for n in (rules["entering"] + rules["leaving"]).fillna(0)]
    if not any(moved):
        return _SAME if (rules["status"] == "optimal").all() else EMPTY
    row = rules.to_dict("records")[moved.index(max(moved))]
    return Text(
        f"影響最大的規則為「{row['title']}」：不適用時，{row['entering']} 件新獲補助，"
        f"{row['leaving']} 件不再獲補助",
        f"“{row['title']}” moves most: without it {row['entering']} are in and {row['leaving']} are out",
    )


def _sheets(book: PriceBook) -> Iterator[tuple[Sheet, Text]]:
    lang = book.language
    title = Text("各規則之代價", "The price of each rule")
    yield listed_sheet(title, _RULES, _named(book.rules), lang), _HOW["rules"]
    said = pd.DataFrame({"said": [book.more.text.say(lang)]})
    yield listed_sheet(_TITLES["more"], _MORE, said, lang), _HOW["more"]
    yield listed_sheet(_TITLES["pools"], _CURVE, _some_pools(book), lang), _HOW["pools"]
    if book.frontier is not None:
        how, why = _HOW["frontier"], said_inside(book.frontier)
        yield (
            _points(book.frontier),
            Text(f"{how.zh}{why.zh}。", f"{how.en} {why.en[0].upper()}{why.en[1:]}.")
            if why
            else how,
        )
    groups = book.base.in_language(lang).equity.frame
    some = groups[groups["kind"] != "district"]
    yield listed_sheet(_TITLES["equity"], _EQUITY, some, lang, codes=GROUPS), _HOW["equity"]


def _named(rules: PriceOfRules) -> pd.DataFrame:
    """Return a row a rule, with who comes in and who is out by name."""
    moves, table = rules.moves, rules.frame
    for move in ("in", "out"):
        who = moves[moves["move"] == move]
        said = {name: _who(part, rules.language) for name, part in who.groupby("rule")}
        table[move] = [said.get(rule, "") for rule in table["rule"]]
    return table


def _who(moves: pd.DataFrame, language: Language) -> str:
    names = [
        Text(f"{application}（{school}）", f"{application} ({school})")
        for application, school in zip(moves["application_id"], moves["school"], strict=True)
    ]
    said, more = joined(names[:_NAMED]), len(names) - _NAMED
    also = Text(f"等 {len(names)} 件", f" and {more} more") if more > 0 else EMPTY
    return said.say(language) + also.say(language)


def _some_pools(book: PriceBook) -> pd.DataFrame:
    """Return some of the pools, evenly spread, that of the policy among them."""
    table = book.pools.frame
    step = -(-len(table) // _POOLS) or 1
    own = int((table["pool"] == book.base.pool).to_numpy().argmax()) if len(table) else 0
    return table.iloc[own % step :: step]


def _points(found: Frontier) -> Sheet:
    lang = found.language
    table = found.frame
    table["point"] = [
        Text("現行名單", "as it is").say(lang) if row["is_policy"] else str(row["point"])
        for row in table.to_dict("records")
    ]
    values = [(CellKind.POINTS, PRIORITY + p.label, p.spoken, 16) for p in found.priorities]
    return listed_sheet(_TITLES["frontier"], (*_POINT, *values, *_LISTS), table, lang)


_SAME = Text("單獨免除任何一條規則，名單都相同", "Without any one rule, the list is the same")
_TITLES = {
    "more": Text(f"再加 {money(MORE)} 元", f"NT${money(MORE)} more"),
    "pools": Text("各經費總額", "Other pools"),
    "frontier": Text("優先順序之取捨", "What priorities cost each other"),
    "equity": Text("經費分布", "Who gets the money"),
}
_HOW = {
    "rules": Text(
        "逐一免除每條規則、其餘不變，重新求解；每一名單均為該情形下的最佳名單。何案因何理由進出，見 rules_moves.csv。",
        "The round solved anew without each rule in turn, all else as it is: the best list there is then. "
        "rules_moves.csv has the reasons.",
    ),
    "more": Text(
        "經費總額自始即多出此數時的最佳名單，與現行名單相較；不是公布後的遞補順序。",
        "The best list if the pool had been so much larger at the outset, against the list as it is; "
        "this is no order of a waiting list.",
    ),
    "pools": Text(
        "各經費總額下的最佳名單，擇列若干；全部見 pools.csv。",
        "The best list at each pool, some of them; pools.csv has all.",
    ),
    "frontier": Text(
        "所列名單若要提高其中一項，他項必然降低；現行名單不在其中時另列於末。各點名單見 frontier_lists.csv。",
        "None of these lists can have more of one without less of another; the list as it is comes last "
        "where it is none of them. frontier_lists.csv has who gets what.",
    ),
    "equity": Text(
        "圖中曲線由每生金額最少者（未填學生數時，由金額最少者）累計：橫軸為學生（或學校）之比例，縱軸為其分得經費之比例，"
        "愈近對角線愈平均；吉尼係數 0 為完全平均，1 為全歸其一。各行政區見 equity.csv。",
        "A curve of the figure begins with those who get least for each student (where students are not given: "
        "least of all): across their share of all students (or schools), up their share of the money. The "
        "nearer to the diagonal, the more even; a Gini coefficient of 0 is all alike, of 1 all to one. "
        "equity.csv has the districts.",
    ),
}
