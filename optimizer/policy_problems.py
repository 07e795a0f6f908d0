"""What can be wrong with a policy, said with its place, what was expected and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from optimizer.clauses import Clause
from optimizer.errors import Problem, Severity
from optimizer.settings import Settings
from optimizer.text import EMPTY, Text

TABLES = ("plan", "pool", "review", "award", "draw")
LISTS = ("clause", "priority")
PLACEHOLDER = "請在開啟評分前公開並改寫這段文字"  # the seed of a policy that `subsidy new` writes
RESERVED = ("pool", "minimum_merit", "award", "unit")


def unknown_tables(document: Mapping[str, Any], file: str) -> Iterator[Problem]:
    """Yield every top-level table that no policy has."""
    for name in document:
        if name not in TABLES + LISTS:
            yield Problem(
                Severity.ERROR,
                "unknown_table",
                Text("未知的表格", "unknown table"),
                Text(f"可用：{'、'.join(TABLES + LISTS)}", f"one of: {', '.join(TABLES + LISTS)}"),
                nearest(name, TABLES + LISTS),
                file,
                column=name,
            )


def repeated_names(rules: Sequence[Clause], file: str) -> Iterator[Problem]:
    """Yield names given twice, and names that the program keeps for itself."""
    for section in LISTS:
        labels = [rule.name for rule in rules if rule.section == section and rule.name]
        for name in sorted(name for name in set(labels) if "[" in name or name in RESERVED):
            yield Problem(
                Severity.ERROR,
                "reserved_name",
                Text("此名稱保留給程式使用", "this name is kept for the program"),
                Text(
                    f"不含「[」，且非 {'、'.join(RESERVED)}",
                    f"a name without '[' and none of {', '.join(RESERVED)}",
                ),
                file=file,
                column=f"{section}.name",
                value=name,
            )
        for name in sorted({name for name in labels if labels.count(name) > 1}):
            yield Problem(
                Severity.ERROR,
                "duplicate_name",
                Text("名稱重複", "two rules have the same name"),
                file=file,
                column=f"{section}.name",
                value=name,
            )


def cross_checks(settings: Settings, file: str) -> Iterator[Problem]:
    """Yield what does not fit together between the keys of the tables."""
    pool, review, award = settings.pool, settings.review, settings.award
    if pool.contingency > pool.amount:
        yield Problem(
            Severity.ERROR,
            "contingency",
            Text("預備金高於經費總額", "more is held back than there is"),
            Text(f"不超過 {pool.amount}", f"at most {pool.amount}"),
            file=file,
            column="pool.contingency",
            value=str(pool.contingency),
        )
    for name, full in review.criteria.items():
        if full <= review.lowest:
            yield Problem(
                Severity.ERROR,
                "full_marks",
                Text("滿分須高於最低分", "full marks must be above the lowest"),
                Text(f"大於 {review.lowest}", f"above {review.lowest}"),
                file=file,
                column=f"review.criteria.{name}",
                value=str(full),
            )
    for name in review.minimum_points:
        if name not in review.criteria:
            yield Problem(
                Severity.ERROR,
                "unknown_criterion",
                Text("未知的審查項目", "no such criterion"),
                Text("review.criteria 之一", "one of review.criteria"),
                file=file,
                column="review.minimum_points",
                value=name,
            )
    draw = settings.draw
    if draw.commitment and draw.commitment.strip().lower() != draw.digest:
        yield Problem(
            Severity.ERROR,
            "commitment",
            Text(
                "抽籤種子與事先公布的雜湊值不符",
                "the seed is not the one that was published in advance",
            ),
            Text(
                f"SHA-256 為 {draw.commitment} 的種子", f"a seed whose SHA-256 is {draw.commitment}"
            ),
            file=file,
            column="draw.seed",
            value=draw.seed,
        )
    if PLACEHOLDER in draw.seed:
        yield Problem(
            Severity.ERROR,
            "placeholder_seed",
            Text("抽籤種子仍是範本的文字", "the seed is still the template's"),
            Text("自訂的文字", "words of your own"),
            Text(
                "請改寫 [draw] 的 seed，並在開啟評分前公開。",
                "Write another seed under [draw], and publish it before the reviews are opened.",
            ),
            file=file,
            column="draw.seed",
            value=draw.seed,
        )
    if award.mode == "graded" and not award.grades:
        yield Problem(
            Severity.ERROR,
            "no_grades",
            Text("graded 模式須有 grades", "graded awards need grades"),
            Text('如 [[90, "100%"], [80, "80%"]]', 'e.g. [[90, "100%"], [80, "80%"]]'),
            file=file,
            column="award.grades",
        )


_EXPECTED: dict[str, Text] = {
    "missing": Text("必填", "this key is required"),
    "extra_forbidden": Text("沒有這個鍵", "there is no such key"),
    "unexpected_keyword_argument": Text("沒有這個鍵", "there is no such key"),
    "exact_number": Text(
        '應為精確數字，如 70、1.5、"1/3"、"40%"', 'an exact number such as 70, 1.5, "1/3" or "40%"'
    ),
    "whole_money": Text("應為整數元，不加引號", "whole NT$, without quotes, e.g. 900_000"),
    "bound": Text('應為非負整數或如 "40%" 的比例', 'a whole number, or a share such as "40%"'),
    "date": Text('應為日期，如 "2014-02-01"', 'a date such as "2014-02-01"'),
    "greater_than_equal": Text("應不小於 {ge}", "at least {ge}"),
    "greater_than": Text("應大於 {gt}", "more than {gt}"),
    "less_than_equal": Text("應不大於 {le}", "at most {le}"),
    "less_than": Text("應小於 {lt}", "less than {lt}"),
    "literal_error": Text("應為下列之一：{expected}", "one of {expected}"),
    "too_short": Text("應至少有 {min_length} 項", "at least {min_length} entries"),
    "too_long": Text("應至多有 {max_length} 項", "at most {max_length} entries"),
    "string_too_short": Text("應至少有 {min_length} 字", "at least {min_length} characters"),
    "string_too_long": Text("應至多有 {max_length} 字", "at most {max_length} characters"),
    "string_type": Text("應為加引號的文字", "words in quotes"),
    "int_type": Text("應為整數", "a whole number"),
    "int_from_float": Text("應為整數", "a whole number"),
    "int_parsing": Text("應為整數", "a whole number"),
    "bool_type": Text("應為 true 或 false", "true or false"),
    "bool_parsing": Text("應為 true 或 false", "true or false"),
    "tuple_type": Text("應為清單，如 [1, 2]", "a list such as [1, 2]"),
    "list_type": Text("應為清單，如 [1, 2]", "a list such as [1, 2]"),
    "frozen_set_type": Text("應為清單，如 [1, 2]", "a list such as [1, 2]"),
    "dict_type": Text("應為表，如 {{ remote = 1 }}", "a table such as {{ remote = 1 }}"),
    "mapping_type": Text("應為表，如 {{ remote = 1 }}", "a table such as {{ remote = 1 }}"),
    "dataclass_type": Text("應為表，其下每行一個鍵", "a table with one key a line"),
}


def value_problem(detail: Any, place: tuple[str, ...], file: str, model: type) -> Problem:
    """Turn one of pydantic's errors into a problem for people."""
    path = [str(part) for part in detail["loc"]]
    code = detail["type"]
    expected = _expected(detail)
    unknown = code in ("extra_forbidden", "unexpected_keyword_argument")
    return Problem(
        Severity.ERROR,
        "unknown_key" if unknown else "missing_key" if code == "missing" else "bad_value",
        Text("未知的鍵", "unknown key") if unknown else Text("值不正確", "wrong value"),
        expected,
        nearest(path[-1], _keys(model)) if unknown and len(place) else EMPTY,
        file,
        column=".".join((*place, *path)),
        value="" if code == "missing" else str(detail.get("input", ""))[:80],
    )


def _expected(detail: Any) -> Text:
    """Say what was expected; in pydantic's own words only where there are none here."""
    code = "date" if detail["type"].startswith("date") else detail["type"]
    text = _EXPECTED.get(code) or _EXPECTED.get(_raised(detail))
    if text is None:
        return Text(f"規定：{detail['msg']}", detail["msg"])
    given: dict[str, Any] = detail.get("ctx", {})
    listed = str(given.get("expected", "")).replace("' or '", "', '").replace(", ", "、")
    return Text(text.zh.format_map({**given, "expected": listed}), text.en.format_map(given))


def _raised(detail: Any) -> str:
    error = detail.get("ctx", {}).get("error")
    return str(error) if error is not None else ""


def _keys(model: type) -> list[str]:
    return [key.name for key in model.policy_keys()] if issubclass(model, Clause) else list(TABLES)


def nearest(word: str, known: Any) -> Text:
    """Suggest the known word that is most like an unknown one."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return Text(f"是否為 {near[0]}？", f"Did you mean {near[0]}?") if near else EMPTY
