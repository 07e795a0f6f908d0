"""The budget, line by line, and the amount that is admissible in view of it (plan §捌二(6), 附件二)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from optimizer.clauses.base import Clause, Finding, Ruling, key
from optimizer.clauses.budget import (
    FEES,
    NAMES,
    Fault,
    JudgedLines,
    Limit,
    Lines,
    Rules,
    judge,
    lay_out,
)
from optimizer.clauses.budget_by_hand import Rates, rulings
from optimizer.clauses.screen import Action, named, nothing_to_check
from optimizer.foundation.exact import Places, grouped, plus
from optimizer.language.text import Text, money
from optimizer.language.words import exact_points
from optimizer.plain import Application, Papers, as_number, key_of
from optimizer.problems.errors import Problem, Severity, one_of
from optimizer.tables.records import Records
from optimizer.tables.schema import ITEMS, canonical
from optimizer.tables.settings import Points, Share

PLAN_ITEMS = tuple(name for name in NAMES if name != "other")


@dataclass(frozen=True, kw_only=True)
class BudgetLines(Clause):
    """Each line is checked and the admissible amount derived from what is left (§捌二(6), 附件二).

    Outside lecturers at most 2 h at 1,600; in-house at most 4 h at 800; consultation 2 x 2,000;
    the employer's supplementary health premium at its rate of the fees; misc at most
    5% of the total; quantity x unit price = amount, and the lines add up to the request (own
    funds may be part of them).

    The premium's rate is set by the state (National Health Insurance Act, art. 33 and 34): 2% from
    2013 to 2015, 1.91% from 2016 to 2020, 2.11% from 2021 on. It is due on what is paid for work:
    lecturers' and consultants' fees.
    """

    for_authors: ClassVar[Text] = Text(
        "各項加總須等於申請金額，或等於申請金額加自籌款。",
        "The lines add up to the request, or to the request and own funds together.",
    )
    kind: ClassVar[str] = "budget_lines"
    title: ClassVar[Text] = Text("經費編列", "Budget lines")
    fault: ClassVar[Text] = Text("經費編列不符", "budget not as the plan asks")
    reads_table: ClassVar[str] = "budget_lines"
    later: ClassVar[Text] = Text("編列經費時，請確認{asked}", "in the budget, see to {asked}")

    external_hours: Points = key("外聘講師時數上限", "most hours of outside lecturers", Fraction(2))
    external_rate: Points = key(
        "外聘講師鐘點上限（元）", "most NT$ an hour for them", Fraction(1600)
    )
    internal_hours: Points = key(
        "內聘講師時數上限", "most hours of in-house lecturers", Fraction(4)
    )
    internal_rate: Points = key(
        "內聘講師鐘點上限（元）", "most NT$ an hour for them", Fraction(800)
    )
    consultations: Points = key("諮詢人次上限", "most consultations", Fraction(2))
    consultation_fee: Points = key("每次諮詢費上限（元）", "most NT$ for each", Fraction(2000))
    premium_rate: Share = key(
        "二代健保雇主補充保費費率：102–104 年 2%，105–109 年 1.91%，110 年起 2.11%",
        "employer's supplementary health premium: 2% in 2013–2015, 1.91% in 2016–2020, 2.11% "
        "from 2021",
        Fraction(2, 100),
    )
    premium_on: tuple[str, ...] = key("計收補充保費的項目", "items it is due on", FEES)
    misc_share: Share = key(
        "雜支占總額上限", "most that misc may be of the total", Fraction(5, 100)
    )
    accepted: tuple[str, ...] = key("可編列的項目", "items that are paid for", PLAN_ITEMS)
    action: Literal["cut", "refusal", "flag"] = key(
        "不符時：cut 刪減至可核金額，refusal 不符資格，flag 僅註記",
        "when not met: cut to the admissible amount, refusal, or flag only",
        "cut",
    )
    missing: Action = key(
        "未列經費項目時：refusal 不符資格，flag 僅註記",
        "when an application has no lines: refusal or flag only",
        "flag",
    )

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        does = {
            "cut": Text("超出部分刪減", "what exceeds this is cut"),
            "refusal": Text("不符者視為不符資格", "anything else is refused"),
            "flag": Text("不符者僅註記", "anything else is flagged"),
        }[self.action]
        e, i, c = (_said(limit) for limit in self._rules().limits.values())
        rate, share = exact_points(self.premium_rate * 100), exact_points(self.misc_share * 100)
        return Text(
            f"外聘講師至多 {e[0]} 小時、每小時 {e[1]} 元；內聘講師至多 {i[0]} 小時、每小時 {i[1]} 元；"
            f"諮詢費至多 {c[0]} 次、每次 {c[1]} 元；補充保費為講師及諮詢費之 {rate}%；雜支不逾總額 {share}%；"
            f"各項須相符並加總等於申請金額，{does.zh}。",
            f"Outside lecturers at most {e[0]} h at NT${e[1]}, in-house lecturers at most {i[0]} h "
            f"at NT${i[1]}, consultations at most {c[0]} at NT${c[1]}, the health premium {rate}% "
            f"of the fees, misc at most {share}% of the total; the lines add up to the request; "
            f"{does.en}.",
        )

    def _rules(self) -> Rules:
        return Rules(
            {
                "external_lecturer": Limit(self.external_hours, self.external_rate),
                "internal_lecturer": Limit(self.internal_hours, self.internal_rate),
                "consultation": Limit(self.consultations, self.consultation_fee),
            },
            tuple(canonical(name, ITEMS) for name in self.accepted),
            self.premium_rate,
            premium_on=tuple(canonical(name, ITEMS) for name in self.premium_on),
            misc_share=self.misc_share,
        )

    def check(self, records: Records) -> Iterable[Problem]:
        """Refuse items that do not exist; flag a case without budget lines."""
        for name in (*self.accepted, *self.premium_on):
            if canonical(name, ITEMS) not in NAMES:
                yield self.wrong(
                    "unknown_item",
                    Text("沒有這種經費項目", "no such item"),
                    expected=one_of(NAMES, (item.zh for item in ITEMS)),
                    value=name,
                )
        if records.budget_lines is None:
            yield nothing_to_check(
                self,
                Text("經費", "budget_lines"),
                Text("沒有經費表，無從核對", "there is no table of budget lines to check"),
            )

    def screen(self, records: Records) -> Iterable[Finding]:
        """Judge every line, then every application's total."""
        if records.budget_lines is None:
            return
        rules = self._rules()
        count = len(records.applications)
        lines = lay_out(records.budget_lines, list(rules.limits.values()))
        judged = judge(lines, rules, count)
        yield from self._without(lines, count)
        said = _Faults(self, rules)
        table = records.budget_lines
        for place in np.flatnonzero(judged.faults):
            yield self._line(table.iloc[place], int(place), lines, judged=judged, words=said)
        yield from self._totals(lines, judged, records)

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Work the budget out by hand, line by line."""
        if application.lines:
            yield from rulings(application, self._rates, self._severity, self.action == "cut")
        elif application.lines is not None:
            yield Ruling(Severity(self.missing))

    @cached_property
    def _rates(self) -> Rates:
        """What the policy pays for, as the audit takes it."""
        return Rates(
            {
                "external_lecturer": (
                    as_number(self.external_hours),
                    as_number(self.external_rate),
                ),
                "internal_lecturer": (
                    as_number(self.internal_hours),
                    as_number(self.internal_rate),
                ),
                "consultation": (as_number(self.consultations), as_number(self.consultation_fee)),
            },
            tuple(key_of(word, ITEMS) for word in self.accepted),
            tuple(key_of(word, ITEMS) for word in self.premium_on),
            premium=self.premium_rate,
            misc=self.misc_share,
        )

    @property
    def _severity(self) -> Severity:
        return Severity.REFUSAL if self.action == "refusal" else Severity.FLAG

    def _without(self, lines: Lines, count: int) -> Iterator[Finding]:
        listed_ = np.bincount(lines.application, minlength=count)
        for row in np.flatnonzero(listed_ == 0):
            said = Text("未列任何經費項目", "no budget lines are given")
            yield Finding(
                int(row), Severity(self.missing), said, expected=_EACH_LINE, column="budget_lines"
            )

    def _line(
        self, line: pd.Series, place: int, lines: Lines, judged: JudgedLines, words: _Faults
    ) -> Finding:
        """Say what is wrong with one line, and what of it is admissible."""
        item, amount = str(line["item"]), int(line["amount"])
        zh, en = _written(line["quantity"], line["unit_price"], amount)
        said = named(item, ITEMS)
        faults = words.of(int(judged.faults[place]), item)
        left = money(int(judged.admissible[place]))
        counts = self.action == "cut"
        return Finding(
            int(lines.application[place]),
            self._severity,
            Text(
                f"{said.zh} {zh}：{'、'.join(f.zh for f in faults)}"
                + (f"，核計 {left} 元" if counts else ""),
                f"{said.en}, {en}: {', '.join(f.en for f in faults)}"
                + (f"; NT${left} is admissible" if counts else ""),
            ),
            expected=_WITHIN,
            column="budget_lines",
            value=f"{item} {amount}",
        )

    def _totals(self, lines: Lines, judged: JudgedLines, records: Records) -> Iterator[Finding]:
        """Hold ``sum of lines = requested`` (own funds may be part), and say the admissible sum."""
        requested = records.applications["requested"].to_numpy(dtype=np.int64)
        own = records.applications["own_funds"].fillna(0).to_numpy(dtype=np.int64)
        stated, left = (
            grouped(amount, lines.application, len(requested))
            for amount in (lines.amount, judged.admissible)
        )
        some = np.isin(np.arange(len(requested)), lines.application)
        differs = some & (stated != requested) & (stated != plus(requested, own))
        for row in np.flatnonzero(differs):
            yield self._differs(int(row), int(stated[row]), int(requested[row]))
        if self.action == "cut":
            cut = np.flatnonzero(some & (left < requested))
            for row, off in zip(cut, _taken_off(lines, judged, cut), strict=True):
                sums = (int(amount[row]) for amount in (stated, left, requested))
                yield _cut(int(row), off, *sums)

    def _differs(self, row: int, stated: int, requested: int) -> Finding:
        said = Text(
            f"各項合計 {money(stated)} 元，與申請金額 {money(requested)} 元不符",
            f"the lines add up to NT${money(stated)}, and NT${money(requested)} is asked for",
        )
        return Finding(
            row, self._severity, said, expected=_ADDS_UP, column="budget_lines", value=str(stated)
        )


def _cut(row: int, off: Mapping[str, int], stated: int, left: int, requested: int) -> Finding:
    """Say how the admissible amount comes about, item by item, and set it as the limit."""
    whole, asked, sum_of = (money(amount) for amount in (stated, requested, left))
    zh, en = f"申請 {whole} 元", f"NT${whole} asked for"
    if stated != requested:
        zh, en = f"經費各項合計 {whole} 元", f"lines of NT${whole}"
    if off:
        less = [(named(item, ITEMS), money(amount)) for item, amount in off.items()]
        taken = "、".join(f"{item.zh} {amount} 元" for item, amount in less)
        taken_en = ", ".join(f"NT${amount} of {item.en}" for item, amount in less)
        zh = f"{zh}，減列{taken}，核計 {sum_of} 元"
        en = f"{en}, less {taken_en}: NT${sum_of} admissible"
    if stated != requested:
        zh, en = f"{zh}，低於申請金額 {asked} 元", f"{en}, less than the NT${asked} asked for"
    flag, message = Severity.FLAG, Text(zh, en)
    return Finding(row, flag, message, column="budget_lines", value=str(requested), limit=left)


_EACH_LINE = Text("逐項列明經費", "every line of the budget given")
_WITHIN = Text("各項依計畫所定項目及基準編列", "items and rates as the plan sets them")
_ADDS_UP = Text("各項合計等於申請金額", "lines that add up to the amount asked for")


class _Faults:
    """What can be wrong with a line, in words, worked out once."""

    def __init__(self, clause: BudgetLines, rules: Rules) -> None:
        rate, share = exact_points(clause.premium_rate * 100), exact_points(clause.misc_share * 100)
        self.limits = {item: _said(limit) for item, limit in rules.limits.items()}
        self.words = {
            Fault.NOT_ACCEPTED: Text("此項目不予補助", "this item is not paid for"),
            Fault.INCOMPLETE: Text("未填數量或單價", "quantity or unit price not given"),
            Fault.SUM: Text("數量乘單價與金額不符", "quantity x unit price is not the amount"),
            Fault.PREMIUM: Text(f"以講師及諮詢費之 {rate}% 為限", f"at most {rate}% of the fees"),
            Fault.MISC: Text(f"以總額之 {share}% 為限", f"at most {share}% of the total"),
        }

    def of(self, faults: int, item: str) -> list[Text]:
        """Say every fault of one line."""
        return [self._say(fault, item) for fault in Fault if fault & faults]

    def _say(self, fault: Fault, item: str) -> Text:
        if fault is Fault.QUANTITY:
            most = self.limits[item][0]
            return Text(f"數量合計至多 {most}", f"at most {most} in all")
        if fault is Fault.PRICE:
            price = self.limits[item][1]
            return Text(f"單價至多 {price} 元", f"at most NT${price} each")
        return self.words[fault]


def _taken_off(lines: Lines, judged: JudgedLines, rows: Places) -> Iterator[dict[str, int]]:
    """Yield what is taken off each item of each of these applications, NT$, in file order."""
    less = plus(lines.amount, -judged.admissible)
    order = np.argsort(lines.application, kind="stable")
    owner = lines.application[order]
    starts, ends = np.searchsorted(owner, rows), np.searchsorted(owner, rows, side="right")
    for start, end in zip(starts, ends, strict=True):
        off: dict[str, int] = {}
        for place in order[start:end]:
            if less[place]:
                item = NAMES[lines.item[place]]
                off[item] = off.get(item, 0) + int(less[place])
        yield off


def _said(limit: Limit) -> tuple[str, str]:
    """Write a limit's quantity and price for reading."""
    price = limit.unit_price
    whole = money(int(price)) if price.denominator == 1 else exact_points(price)
    return exact_points(limit.quantity), whole


def _written(quantity: Fraction | None, price: Fraction | None, amount: int) -> tuple[str, str]:
    """Write a line as it stands, in both languages: what it comes to, how many, and at what price."""
    zh, en = f"{money(amount)} 元", f"NT${money(amount)}"
    if quantity is None or price is None:
        return zh, en
    q, p = _said(Limit(quantity, price))
    return f"{zh}（數量 {q}，單價 {p} 元）", f"{en} ({q} at NT${p})"
