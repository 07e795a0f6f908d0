"""The forms of a case under a policy that there is: its criteria, its codes, a sheet a reviewer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from optimizer.language.text import Language, Text, year_of
from optimizer.language.words import exact_points
from optimizer.new.forms import LEFT_OUT, Form, Forms, and_then
from optimizer.new.own_columns import KNOWN, own_columns
from optimizer.policy.policy import Policy
from optimizer.problems.errors import UsageError
from optimizer.tables.case_words import code_of
from optimizer.tables.schema import APPLICATIONS, Column, Kind, Table, Value, case_tables

_REVIEWS = "reviews"
_SHEET_NAME = re.compile(r"[^\[\]:*?/\\'\"<>|=+\-@\s][^\[\]:*?/\\\"<>|]{0,19}")


def policy_forms(
    policy: Policy, text: str, language: Language, reviewers: Sequence[str] = ()
) -> Forms:
    """Return the tables that a policy asks for, without rows, and the policy as it is written.

    Columns are the program's and those of the bureau's own that rules name; a column whose values
    the policy lists (districts, weights, accepted types …) has these to choose from; a criterion says its
    full marks. Without criteria there are no reviews, and applications have a column of merit. A
    table that need not be there (budget lines, meetings) is left out where no rule reads it.

    Parameters
    ----------
    policy, text
        The policy, and the text of its file.
    language
        Of headers, notes and drop-down lists.
    reviewers
        Whose reviews have a sheet each; one sheet with a column of reviewers if there is none.

    Raises
    ------
    UsageError
        If a reviewer cannot be the name of a sheet or file.
    """
    _check(reviewers, policy)
    criteria = policy.settings.review.criteria
    counted, listed = _counted(policy), _listed(policy)
    for name in counted.keys() & listed.keys():
        listed[name].extend(counted.pop(name))
    read = {rule.reads_table for rule in policy.rules}
    forms = []
    for table in case_tables(criteria):
        if (table.key == _REVIEWS and not criteria) or not (table.required or table.key in read):
            continue
        left_out = LEFT_OUT - ({"merit"} if not criteria else set())
        columns = [c for c in table.columns if table is not APPLICATIONS or c.key not in left_out]
        if table is APPLICATIONS:
            columns += [own.column for own in own_columns(policy)]
        settled = (_with_counted(_settled(c, policy), counted) for c in columns)
        shown = tuple(_with_values(column, listed) for column in settled)
        forms += list(_parts(Form(table, shown, (), language), reviewers))
    return Forms(tuple(forms), {"policy.toml": text})


def _parts(form: Form, reviewers: Sequence[str]) -> Iterator[Form]:
    """Yield a form, or one for each reviewer."""
    if form.table.key != _REVIEWS or not reviewers:
        yield form
        return
    columns = tuple(column for column in form.columns if column.key != "reviewer")
    for name in reviewers:
        yield replace(form, columns=columns, of=name)


def _settled(column: Column, policy: Policy) -> Column:
    """Say the full marks of a criterion, and what this policy does not take a blank in."""
    settled = replace(column, filled=column.filled or _is_needed(column, policy))
    if elsewhere := _elsewhere(column, policy):
        return replace(settled, help=_or_listed(column.help, elsewhere))
    if column.kind is Kind.DATE:
        return replace(settled, help=_of_year(column.help, policy.settings.plan.year))
    if column.full is None:
        return settled
    full = exact_points(column.full)
    note = Text(f"{column.help.zh}。滿分 {full}", f"{column.help.en}; full marks {full}")
    return replace(settled, help=note)


def _elsewhere(column: Column, policy: Policy) -> Table | None:
    """Return the table in whose rows the rule that asks for a cell finds the same, where there is one."""
    read = {rule.reads_table for rule in policy.rules if column.key in rule.asks_for}
    tables = case_tables(policy.settings.review.criteria)
    return next((table for table in tables if table.key in read), None)


def _or_listed(help_: Text, table: Table) -> Text:
    return Text(
        f"{help_.zh}（已於「{table.zh}」表逐列填寫的申請免填，以該表為準）",
        f"{help_.en} (not needed for an application that has rows in {table.key}: these count instead)",
    )


def _of_year(help_: Text, year: int | None) -> Text:
    """Give the examples of a date the year of the plan, Gregorian and ROC."""
    if year is None:
        return help_
    count = year_of(year)
    parts = (
        said.replace("2014-", f"{count.en}-").replace("103/", f"{count.zh}/")
        for said in (help_.zh, help_.en)
    )
    return Text(*parts)


def _is_needed(column: Column, policy: Policy) -> bool:
    """Say whether a cell must be filled in: a mark, a settled score, a number or words that a rule asks for."""
    if column.kind is Kind.POINTS:
        return policy.settings.review.missing == "error"
    names = {getattr(rule, key, "") for rule in policy.rules for key in ("column", "measure")}
    number = column.kind in (Kind.COUNT, Kind.MONEY) and column.key in names
    asked = any(column.key in rule.asks_for for rule in policy.rules)
    return column.key == "merit" or number or asked


def _with_values(column: Column, listed: Mapping[str, Sequence[str]]) -> Column:
    """Give a column the values that the policy lists for it."""
    if column.key not in listed:
        return column
    known = {value.key: value for value in column.values}
    blank = tuple(value for value in column.values if not value.key)
    codes = dict.fromkeys(code_of(word) for word in listed[column.key])
    return replace(column, values=(*(known.get(c, Value(c, c)) for c in codes), *blank))


def _listed(policy: Policy) -> dict[str, list[str]]:
    """Return, for each column, the values that the policy says there are."""
    found: dict[str, list[str]] = {}
    if policy.settings.plan.districts:
        found["district"] = list(policy.settings.plan.districts)
    for rule in policy.rules:
        weights = list(getattr(rule, "weights", ()))
        for name in filter(_is_open, rule.reads if weights else ()):
            found.setdefault(name, []).extend(weights)
    return found


def _counted(policy: Policy) -> dict[str, list[str]]:
    """Return, for each column, the values that rules count: there may be any other beside them."""
    found: dict[str, list[str]] = {}
    for rule in policy.rules:
        name, value = getattr(rule, "column", ""), getattr(rule, "value", None)
        if name and isinstance(value, str) and _is_open(name):
            found.setdefault(name, []).append(value)
    return found


def _with_counted(column: Column, counted: Mapping[str, Sequence[str]]) -> Column:
    """Say which values of a column rules count, and that these are not the only ones."""
    if column.key not in counted:
        return column
    values = list(dict.fromkeys(counted[column.key]))
    note = Text(
        f"規則計其中填{''.join(f'「{value}」' for value in values)}者；各案照實填，其他值亦可",
        f"rules count {', '.join(values)}; fill in what is so of each, any other value is right, too",
    )
    return replace(column, help=and_then(column.help, note))


def _is_open(name: str) -> bool:
    """Say whether a column may have values that only a policy names."""
    return name != "district" and (name not in KNOWN or not _is_closed(name))


def _is_closed(name: str) -> bool:
    """Say whether a column has all its values whatever a policy names of them."""
    return KNOWN[name].kind in (Kind.CHOICE, Kind.YES_NO)


def _check(reviewers: Sequence[str], policy: Policy) -> None:
    """Refuse names of reviewers that cannot name a sheet, or two of one name."""
    bad = [name for name in reviewers if not _SHEET_NAME.fullmatch(name)]
    twice = sorted({name for name in reviewers if reviewers.count(name) > 1})
    if bad or twice:
        zh, en = "、".join([*bad, *twice]), ", ".join([*bad, *twice])
        raise UsageError(
            Text(
                f"不能作為審查委員的分頁名稱（至多 20 字，不得重複，不含 [ ] : * ? / \\）：{zh}",
                "cannot name a reviewer's sheet (at most 20 characters, none twice, without "
                f"[ ] : * ? / \\): {en}",
            )
        )
    if reviewers and not policy.settings.review.criteria:
        raise UsageError(
            Text(
                "這份計畫沒有審查項目，沒有評分表可填；請不要指定審查委員。",
                "This policy has no review criteria, so there are no reviews to fill in: name no reviewers.",
            )
        )
