"""The part that a clause has in a conflict, in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch

from optimizer.clauses import Clause
from optimizer.clauses.fixed import Fixed
from optimizer.clauses.quota import Quota
from optimizer.clauses.school_cap import SchoolCap
from optimizer.errors import Severity
from optimizer.program import Rows
from optimizer.scoring import Scored
from optimizer.text import EMPTY, Text, money

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


@singledispatch
def note(
    rule: Clause,
    scored: Scored,
    rows: Rows,
    about: tuple[Text, ...],
    reached: int | None,
    alone: bool,
) -> Text:
    """Say how near a clause comes to being met while all others of the conflict are obeyed."""
    if reached is None or len(about) != 1 or (rows.coefficient != 1).any():
        return EMPTY
    if rows.on == "award":
        said = Text(f"{money(reached)} 元", f"NT${money(reached)}")
    else:
        said = Text(f"{reached} 件", f"{reached} funded application{'' if reached == 1 else 's'}")
    if rows.sense == ">=":
        said = Text(f"最多只能達到 {said.zh}", f"at most {said.en} can be reached")
    else:
        said = Text(f"至少需要 {said.zh}", f"at least {said.en} would be needed")
    if alone:
        return Text(f"{said.zh}。", f"{said.en[:1].upper()}{said.en[1:]}.")
    return Text(f"其餘規則都遵守時，{said.zh}。", f"With the other rules kept, {said.en}.")


@note.register
def _(
    rule: Fixed,
    scored: Scored,
    rows: Rows,
    about: tuple[Text, ...],
    reached: int | None,
    alone: bool,
) -> Text:
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
