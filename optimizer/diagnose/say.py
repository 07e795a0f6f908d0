"""The part that a clause has in a conflict, in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import singledispatch

from optimizer.clauses import Clause
from optimizer.clauses.fixed import Fixed
from optimizer.clauses.pool import PoolLimit
from optimizer.clauses.quota import Quota
from optimizer.clauses.school_cap import SchoolCap
from optimizer.diagnose.figure import Figure
from optimizer.errors import Severity
from optimizer.scoring import Scored
from optimizer.text import EMPTY, Text, money
from optimizer.words import exact_points

LISTED = 10  # decisions by hand of one conflict that are named


@singledispatch
def narrowed(rule: Clause, about: tuple[Text, ...], part: str, whole: bool) -> Text:
    """Say the part of a clause that takes part in a conflict."""
    return rule.sentence() if whole else _prefixed(rule, about)


def _prefixed(rule: Clause, about: tuple[Text, ...]) -> Text:
    """Put before a sentence what it is about here."""
    said = rule.sentence()
    more = len(about) - 5
    zh = "、".join(text.zh for text in about[:5]) + (f"等 {len(about)} 項" if more > 0 else "")
    en = ", ".join(text.en for text in about[:5]) + (f" and {more} more" if more > 0 else "")
    return Text(f"{zh}：{said.zh}", f"{en}: {said.en}")


@narrowed.register
def _(rule: Quota, about: tuple[Text, ...], part: str, whole: bool) -> Text:
    if whole:
        return rule.sentence()
    if part == ">=":
        return replace(rule, at_most=None).sentence()
    return replace(rule, at_least=None).sentence()


@narrowed.register
def _(rule: SchoolCap, about: tuple[Text, ...], part: str, whole: bool) -> Text:
    return _prefixed(rule, about)


@narrowed.register
def _(rule: Fixed, about: tuple[Text, ...], part: str, whole: bool) -> Text:
    said = {text.en for text in about}
    fund = tuple(i for i in rule.fund if part == ">=" and f"{i} must be funded" in said)
    refuse = tuple(i for i in rule.refuse if part == "<=" and f"{i} must not be funded" in said)
    return Text(
        replace(rule, fund=_few(fund).zh, refuse=_few(refuse).zh).sentence().zh,
        replace(rule, fund=_few(fund).en, refuse=_few(refuse).en).sentence().en,
    )


@dataclass(frozen=True)
class _Few:
    """The first of many ids, and how many there are, in both languages."""

    zh: tuple[str, ...]
    en: tuple[str, ...]


def _few(ids: tuple[str, ...]) -> _Few:
    if len(ids) <= LISTED:
        return _Few(ids, ids)
    first, more = ids[:LISTED], len(ids) - LISTED
    return _Few((*first, f"…（另 {more} 件）"), (*first, f"… ({more} more)"))


def note(
    rule: Clause, scored: Scored, about: tuple[Text, ...], figure: Figure | None, only: bool
) -> Text:
    """Say why a rule cannot be kept, or how far it can while all others are.

    Parameters
    ----------
    rule, scored, about
        The rule, the case, and what the rule is about here.
    figure
        How far it can be met, if that is counted.
    only
        Whether there is only one conflict.
    """
    refused = _not_eligible(rule, scored, about) if isinstance(rule, Fixed) else EMPTY
    if refused or figure is None:
        return refused
    if not figure.settled:
        return Text("能做到什麼程度，未及算定。", "How far it can be met was not settled in time.")
    few = _too_few(figure)
    if figure.value is None:
        alone = Text("僅調整這條規則還不夠。", "Changing this rule alone is not enough.")
        return few or (alone if only else EMPTY)
    if few and figure.supply == figure.value:
        return few
    said = _reached(rule, figure)
    return Text(
        f"{few.zh}其他規則都遵守時，{said.zh}。",
        f"{few.en}{' ' if few else ''}With all other rules kept, {said.en}.",
    )


def _too_few(figure: Figure) -> Text:
    if figure.supply is None:
        return EMPTY
    if not figure.supply:
        return Text("沒有任何一件符合資格。", "None that would count is eligible.")
    said = amount(figure.supply, figure.unit)
    if figure.unit == "applications":
        return Text(
            f"符合資格的只有 {said.zh}。",
            f"No more than {said.en} can be funded: no others are eligible.",
        )
    return Text(
        f"符合資格的合計最多只能核給 {said.zh}。",
        f"All that are eligible may get no more than {said.en}.",
    )


def amount(value: int, unit: str) -> Text:
    """Say a number of applications, or NT$."""
    if unit == "applications":
        return Text(f"{value} 件", f"{value} application{'' if value == 1 else 's'}")
    return Text(f"{money(value)} 元", f"NT${money(value)}")


def _reached(rule: Clause, figure: Figure) -> Text:
    """Say the figure of a rule, e.g. *at most 2 applications can be reached*."""
    least = figure.part[2] == ">="
    if figure.unit == "decisions":
        return _obeyed(figure)
    if figure.unit == "share":
        return _share(figure, least)
    said = amount(figure.value, figure.unit)
    if isinstance(rule, PoolLimit):
        held = money(rule.contingency)
        return Text(
            f"經費總額至少須有 {said.zh}" + (f"（含預備金 {held} 元）" if rule.contingency else ""),
            f"the pool must be at least {said.en}"
            + (f" (NT${held} of it held back)" if rule.contingency else ""),
        )
    if isinstance(rule, SchoolCap):
        return Text(f"每校上限至少須為 {said.zh}", f"the cap must be at least {said.en}")
    if least:
        return Text(f"最多只能有 {said.zh}", f"at most {said.en} can be reached")
    return Text(f"至少須有 {said.zh}", f"at least {said.en} would be needed")


def _obeyed(figure: Figure) -> Text:
    if not figure.value:
        return Text("此項人工核定無法照辦", "none of the decisions of this rule can be carried out")
    return Text(
        f"此項人工核定共 {figure.wanted} 件，最多只能照辦 {figure.value} 件",
        f"at most {figure.value} of the {figure.wanted} decisions of this rule can be carried out",
    )


def _share(figure: Figure, least: bool) -> Text:
    """Say a share to its step: this can be reached, a tenth of a percentage point more cannot."""
    value, old = Fraction(figure.value[:-1]), Fraction(figure.wanted[:-1])
    next_ = min(value + Fraction(1, 10), old) if least else max(value - Fraction(1, 10), old)
    beyond = exact_points(next_)
    return Text(
        f"可做到{'至少' if least else '至多'} {figure.value}，做不到 {beyond}%",
        f"{'at least' if least else 'at most'} {figure.value} can be kept to, {beyond}% cannot",
    )


def _not_eligible(rule: Fixed, scored: Scored, about: tuple[Text, ...]) -> Text:
    """Say why an application that must be funded is not eligible."""
    known = scored.screened.records.applications["application_id"]
    refused = [r for r in scored.remarks if r.finding.severity is Severity.REFUSAL]
    said = {text.en for text in about}
    zh, en = [], []
    for application_id in rule.fund:
        if f"{application_id} must be funded" not in said or application_id in scored.round.ids:
            continue
        why = [r.finding.message for r in refused if known[r.finding.application] == application_id]
        zh.append(f"{application_id} 不符資格：{'；'.join(text.zh for text in why)}。")
        en.append(f"{application_id} is not eligible: {'; '.join(text.en for text in why)}.")
    return Text("".join(zh), " ".join(en))
