"""Two allocations side by side: who moves, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from html import escape

import pandas as pd

from optimizer.foundation.frozen import handed_out
from optimizer.language.text import EMPTY, Language, Text, money
from optimizer.language.words import figure, how_many
from optimizer.problems.arguments import check_fields, checked
from optimizer.problems.errors import shorten
from optimizer.result.allocation import Allocation
from optimizer.scenarios import difference_tables
from optimizer.scenarios.difference_tables import MOVES

_LINES, _ROWS = 8, 40  # of what differs and of who moves, that a terminal and a notebook show


@dataclass(frozen=True, repr=False)
class Difference:
    """How one allocation differs from another.

    Parameters
    ----------
    base, other
        The two, the one that is compared with first.
    language
        The language of the texts in the tables.

    Examples
    --------
    >>> other = allocate(case.under(case.policy.with_(pool=40_000)), language="en")
    >>> difference = diff(allocate(case, language="en"), other)
    >>> difference.frame[["application_id", "move"]].values.tolist()
    [['A017', 'in'], ['A004', 'out'], ['A016', 'out'], ['A024', 'out'], ['A031', 'out']]
    >>> difference.causes.values.tolist()
    [['policy', 'pool.amount', '49000', '40000']]
    """

    base: Allocation
    other: Allocation
    language: Language = "zh-TW"

    def __post_init__(self) -> None:
        check_fields(self)

    @handed_out
    def frame(self) -> pd.DataFrame:
        """Who moves; see `optimizer.scenarios.difference_tables.moves`."""
        return difference_tables.moves(self.base, self.other, self.language)

    @handed_out
    def totals(self) -> pd.DataFrame:
        """Totals and priorities; see `optimizer.scenarios.difference_tables.totals`."""
        return difference_tables.totals(self.base, self.other, self.language)

    @handed_out
    def causes(self) -> pd.DataFrame:
        """What differs to begin with; see `optimizer.scenarios.difference_tables.causes`."""
        return difference_tables.causes(self.base, self.other)

    @property
    def summary(self) -> Text:
        """How many move, and what that comes to, in one sentence; what to be wary of, if anything."""
        moved, before, after = self.frame["move"], self.base.spent, self.other.spent
        counts = [(said, int((moved == name).sum())) for name, said in MOVES.items()]
        zh = "、".join(f"{said.zh} {count} 件" for said, count in counts if count)
        en = ", ".join(f"{count} {said.en}" for said, count in counts if count)
        money_zh = f"核定 {money(before)} 元 → {money(after)} 元"
        said = Text(
            f"{len(moved)} 件有異動{f'（{zh}）' if zh else ''}；{money_zh}。",
            f"{how_many(len(moved), 'application moves', 'applications move')}{f' ({en})' if en else ''}; "
            f"NT${money(before)} → "
            f"NT${money(after)} awarded.",
        )
        return Text(
            f"{said.zh}{self.caution.zh}", " ".join(filter(None, (said.en, self.caution.en)))
        )

    @property
    def caution(self) -> Text:
        """What keeps the two from being compared like with like; empty if nothing does."""
        found = []
        if self.base.case.content.tables != self.other.case.content.tables:
            found.append(_OTHER_DATA)
        if not (self.base.solution.optimal and self.other.solution.optimal):
            found.append(_NOT_PROVED)
        if not found:
            return EMPTY
        return Text("".join(text.zh for text in found), " ".join(text.en for text in found))

    def __repr__(self) -> str:
        return "\n".join([f"<Difference: {self.summary.en}>", *self._lines()])

    def _lines(self) -> Iterator[str]:
        for row in _first(self.causes, _LINES):
            key = f" {shorten(row['key'])}" if row["key"] else ""
            yield f"  {row['where']}{key}: {_said(row['base'])} → {_said(row['other'])}"
        for row in _first(self.frame, _LINES):
            who = f"{row['application_id']} {shorten(row['school'])}"
            yield f"  {row['move']}: {who}, NT${_award(row, 'base')} → {_award(row, 'other')}"
        more = len(self.frame) - _LINES
        if more > 0:
            yield f"  … and {more} more in .frame"

    def _repr_html_(self) -> str:
        """Show what differs, the totals and who moves, in a notebook."""
        sides = ["title", "base_exact", "other_exact", "change_exact"]
        parts = (
            (Text("差異所在", "What differs"), self.causes),
            (Text("合計與優先順序", "Totals and priorities"), _for_reading(self.totals[sides])),
            (Text("異動者", "Who moves"), self.frame),
        )
        shown = (_table(head.say(self.language), table, self.language) for head, table in parts)
        return f"<p>{escape(self.summary.say(self.language))}</p>{''.join(shown)}"


_OTHER_DATA = Text(
    "兩個結果的資料不同，各案依申請編號對應。",
    "The two were made of different data; applications are matched by application_id.",
)
_NOT_PROVED = Text(
    "至少一個結果未經證明為最佳，差異可能只是求解未完成。",
    "At least one of them is not proved optimal: what differs may only be that solving did not finish.",
)
_HEADS = {
    "where": Text("資料", "Where"),
    "key": Text("鍵或欄位", "Key or columns"),
    "title": Text("項目", "Figure"),
    "base": Text("原", "Base"),
    "other": Text("另一", "Other"),
    "base_exact": Text("原", "Base"),
    "other_exact": Text("另一", "Other"),
    "change_exact": Text("差", "Change"),
    "application_id": Text("申請編號", "Application"),
    "school": Text("學校", "School"),
    "district": Text("行政區", "District"),
    "move": Text("異動", "Move"),
    "award_base": Text("原核定", "Base NT$"),
    "award_other": Text("另一核定", "Other NT$"),
    "reason_base": Text("原理由", "Base reason"),
    "reason_other": Text("另一理由", "Other reason"),
}


def _table(head: str, table: pd.DataFrame, language: Language) -> str:
    """Return the first rows of a table under a heading, escaped; empty if it has none."""
    if table.empty:
        return ""
    names = {name: _HEADS[name].say(language) for name in table.columns if name in _HEADS}
    rows = table[list(names)].head(_ROWS)
    if "move" in rows:
        rows = rows.assign(move=[MOVES[str(move)].say(language) for move in rows["move"]])
    more = len(table) - len(rows)
    left = f"<p>… {more:,}</p>" if more else ""
    body = rows.rename(columns=names).to_html(escape=True, index=False, border=0, na_rep="—")
    return f"<p><b>{escape(head)}</b></p>{body}{left}"


def _for_reading(totals: pd.DataFrame) -> pd.DataFrame:
    """Return totals with their exact figures rounded as people read them."""
    shown = totals.copy()
    for name in shown.columns[1:]:
        shown[name] = [figure(Fraction(text)) if text else "" for text in shown[name]]
    return shown


def _first(table: pd.DataFrame, most: int) -> list[dict[str, str]]:
    cells = table.head(most).astype(object).map(lambda cell: "" if pd.isna(cell) else cell)
    return [{str(name): cell for name, cell in row.items()} for row in cells.to_dict("records")]


def _said(value: str) -> str:
    return shorten(value) or "—"


def _award(row: dict[str, str], side: str) -> str:
    award = row[f"award_{side}"]
    return "—" if award == "" else money(int(award))


@checked
def diff(base: Allocation, other: Allocation, language: Language | None = None) -> Difference:
    """Hold two allocations side by side: who moves, and why.

    Parameters
    ----------
    base, other
        What `allocate` returned, of one case under two policies, or of two cases: then applications
        are matched by their application_id, and it is said that the data differ.
    language
        Language of the texts; that of `base` unless given.

    Returns
    -------
    Difference
        ``frame``: who is in, out, gets more or less, with the name of the school and the short
        reason in each; ``totals``: money, measures and priorities; ``causes``: what differs between
        the policies and the data.

    Raises
    ------
    UsageError
        If an argument is not what it should be.

    Examples
    --------
    >>> poorer = case.under(case.policy.with_(pool=48_000))
    >>> difference = diff(allocate(case), allocate(poorer), language="en")
    >>> difference.causes[["key", "base", "other"]].values.tolist()
    [['pool.amount', '49000', '48000']]
    >>> difference.frame[["application_id", "move"]].values.tolist()
    [['A028', 'in'], ['A029', 'in'], ['A035', 'in'], ['A004', 'out'], ['A031', 'out']]
    """
    return Difference(base, other, language or base.language)
