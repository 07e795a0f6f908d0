"""What can be wrong with a policy, said with its place, what was expected and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from optimizer.clauses import Clause
from optimizer.foundation.limits import MOST, MOST_DECIMALS
from optimizer.language.text import EMPTY, Text
from optimizer.policy.remedies import key_meant, raised, remedy, shown
from optimizer.problems.errors import Problem, defect, one_of, shorten
from optimizer.problems.likeness import code_pairs, district_pairs
from optimizer.tables.settings import Award, Draw, Plan, Pool, Review, Settings

TABLES: dict[str, type] = {
    "plan": Plan,
    "pool": Pool,
    "review": Review,
    "award": Award,
    "draw": Draw,
}
LISTS = ("clause", "priority")
NAMES = (*TABLES, *LISTS)
PLACEHOLDER = "請在開啟評分前公開並改寫這段文字"  # the seed of a policy that `subsidy new` writes
LONGEST_NAME = 120
RESERVED = ("pool", "minimum_merit", "award", "unit")


def unknown_tables(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield every top-level table that no policy has."""
    for name in document:
        if name not in NAMES:
            yield defect(
                "unknown_table",
                Text("未知的表格", "unknown table"),
                expected=one_of(NAMES),
                hint=key_meant(name, NAMES),
                column=shorten(name),
            )


def repeated_names(rules: Sequence[Clause]) -> Iterator[Problem]:
    """Yield names given twice, and names that the program keeps for itself."""
    for section in LISTS:
        labels = [rule.name for rule in rules if rule.section == section and rule.name]
        for code, name, message, expected in _unfit_names(labels):
            column = f"{section}.name"
            yield defect(code, message, expected=expected, column=column, value=shorten(name))


def _unfit_names(labels: Sequence[str]) -> Iterator[tuple[str, str, Text, Text]]:
    """Yield the code, the name, what is wrong with it, and what was expected."""
    for name in sorted({name for name in labels if "[" in name or name in RESERVED}):
        yield "reserved_name", name, _KEPT, _NOT_KEPT
    for name in labels:
        if not name.isprintable() or len(name) > LONGEST_NAME:
            yield "bad_name", name, _NO_NAME, _ONE_LINE
    for one, other in code_pairs(labels):
        alike = Text(f"與「{one}」看起來相同", f"looks the same as {one!r}")
        yield "look_alike", other, alike, _OWN_NAME
    for name in sorted({name for name in labels if labels.count(name) > 1}):
        yield "duplicate_name", name, _TWICE, EMPTY


_KEPT = Text("此名稱保留給程式使用", "this name is kept for the program")
_NOT_KEPT = Text(
    f"不含「[」，且非 {'、'.join(RESERVED)}",
    f"a name without '[' and none of {', '.join(RESERVED)}",
)
_NO_NAME = Text("這個名稱不能用", "cannot be the name of a rule")
_ONE_LINE = Text(
    f"一行文字，至多 {LONGEST_NAME} 字", f"one line of at most {LONGEST_NAME} characters"
)
_OWN_NAME = Text("每條規則的名稱應不同", "a name of its own for each rule")
_TWICE = Text("名稱重複", "two rules have the same name")


def cross_checks(settings: Settings) -> Iterator[Problem]:
    """Yield what does not fit together between the keys of the tables."""
    yield from _pool(settings.pool)
    yield from _criteria(settings.review)
    yield from _plan(settings.plan)
    yield from _look_alike(settings)
    yield from _draw(settings.draw)
    yield from _award(settings.award)


def _pool(pool: Pool) -> Iterator[Problem]:
    if pool.contingency > pool.amount:
        yield defect(
            "contingency",
            Text("預備金高於經費總額", "more is held back than there is"),
            expected=Text(f"不超過 {pool.amount}", f"at most {pool.amount}"),
            column="pool.contingency",
            value=str(pool.contingency),
        )


def _criteria(review: Review) -> Iterator[Problem]:
    for name, full in review.criteria.items():
        if full <= review.lowest:
            yield defect(
                "full_marks",
                Text("滿分須高於最低分", "full marks must be above the lowest"),
                expected=Text(f"大於 {review.lowest}", f"above {review.lowest}"),
                column=f"review.criteria.{name}",
                value=str(full),
            )
    for name in review.minimum_points:
        if name not in review.criteria:
            yield defect(
                "unknown_criterion",
                Text("未知的審查項目", "no such criterion"),
                expected=Text("review.criteria 之一", "one of review.criteria"),
                column="review.minimum_points",
                value=name,
            )


def _plan(plan: Plan) -> Iterator[Problem]:
    if plan.period is not None and plan.period[1] < plan.period[0]:
        first, last = plan.period
        right = f'period = ["{last}", "{first}"]'
        yield defect(
            "bad_value",
            Text("補助期間的末日早於首日", "the last day of the period is before its first"),
            expected=Text("先寫首日，再寫末日", "the first day, then the last"),
            hint=Text(f"請寫成 {right}", f"Write {right}"),
            column="plan.period",
            value=f"{first}, {last}",
        )
    for one, other in district_pairs(plan.districts):
        yield defect(
            "duplicate_name",
            Text(f"與「{one}」是同一區", f"is the same district as {one!r}"),
            expected=Text("每區只列一次", "each district once"),
            column="plan.districts",
            value=shorten(other),
        )


def _look_alike(settings: Settings) -> Iterator[Problem]:
    """Yield blank names, and criteria that look the same."""
    criteria, districts = settings.review.criteria, settings.plan.districts
    for column, names in (("review.criteria", criteria), ("plan.districts", districts)):
        if any(not name.strip() for name in names):
            yield defect(
                "bad_value",
                Text("有一個名稱是空白", "one of the names is blank"),
                expected=Text("請填入名稱，或刪去這一項", "a name, or nothing"),
                column=column,
            )
    for one, other in code_pairs(criteria):
        yield defect(
            "look_alike",
            Text(f"與審查項目「{one}」看起來相同", f"looks the same as the criterion {one!r}"),
            expected=Text("每個審查項目的名稱應不同", "a name of its own for each criterion"),
            column=f"review.criteria.{other}",
            value=shorten(other),
        )


def _draw(draw: Draw) -> Iterator[Problem]:
    if draw.commitment and draw.commitment.strip().lower() != draw.digest:
        published = shorten(draw.commitment)
        yield defect(
            "commitment",
            Text(
                "抽籤種子與事先公布的雜湊值不符",
                "the seed is not the one that was published in advance",
            ),
            expected=Text(f"SHA-256 為 {published} 的種子", f"a seed whose SHA-256 is {published}"),
            column="draw.seed",
            value=shorten(draw.seed),
        )
    if PLACEHOLDER in draw.seed:
        yield defect(
            "placeholder_seed",
            Text("抽籤種子仍是範本的文字", "the seed is still the template's"),
            expected=_OWN_WORDS,
            hint=Text(
                "請改寫 [draw] 的 seed，並在開啟評分前公開。",
                "Write another seed under [draw], and publish it before the reviews are opened.",
            ),
            column="draw.seed",
            value=draw.seed,
        )


_OWN_WORDS = Text("自訂的文字", "words of your own")


def _award(award: Award) -> Iterator[Problem]:
    if award.mode == "graded" and not award.grades:
        yield defect(
            "no_grades",
            Text("graded 模式須有 grades", "graded awards need grades"),
            expected=Text('如 [[90, "100%"], [80, "80%"]]', 'e.g. [[90, "100%"], [80, "80%"]]'),
            column="award.grades",
        )


def blank_seed(draw: Draw) -> Iterator[Problem]:
    """Yield a problem if nothing but blanks would settle the ties that are left."""
    if not draw.seed.strip():
        yield defect(
            "blank_seed",
            Text("沒有抽籤種子，無法公開抽籤", "there is no seed for the draw"),
            expected=_OWN_WORDS,
            hint=Text(
                '請在 [draw] 寫 seed = "自訂的文字"，並在開啟評分前公開。',
                'Write seed = "words of your own" under [draw], and publish it before the reviews are '
                "opened.",
            ),
            column="draw.seed",
            value=draw.seed,
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
    "whole_number": Text("應為整數，不加引號", "a whole number, without quotes"),
    "too_large": Text(f"數字太大：至多 {MOST:,}", f"too large: at most {MOST:,}"),
    "too_fine": Text(
        f"小數位數太多：至多 {MOST_DECIMALS} 位", f"too fine: at most {MOST_DECIMALS} decimals"
    ),
    "date": Text('應為西元日期，如 "2014-02-01"', 'a date such as "2014-02-01"'),
    "no_such_day": Text("沒有這一天", "a day of the calendar"),
    "plain_file_name": Text(
        '應為計畫資料夾內的檔名，不含路徑，如 "districts.geojson"',
        'the name of a file in the folder of the case, without a path, e.g. "districts.geojson"',
    ),
    "unlikely_year": Text(
        "年份應為西元 1991 至 2110 年", "a year of the common era, from 1991 to 2110"
    ),
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


def value_problem(detail: Any, place: tuple[str, ...], model: type) -> Problem:
    """Turn one of pydantic's errors into a problem for people."""
    path = [str(part) for part in detail["loc"]]
    code, message = _KINDS.get(detail["type"], ("bad_value", _WRONG))
    unknown = code == "unknown_key"
    keys = _keys(model, path[:-1]) if unknown else []
    return defect(
        code,
        message,
        expected=one_of(keys) if keys else _expected(detail),
        hint=key_meant(path[-1], keys) if unknown else remedy(detail, path),
        column=shorten(".".join((*place, *path))),
        value="" if code in ("missing_key", "unknown_key") else shown(detail.get("input", "")),
    )


_UNKNOWN = ("unknown_key", Text("未知的鍵", "unknown key"))
_KINDS = {
    "extra_forbidden": _UNKNOWN,
    "unexpected_keyword_argument": _UNKNOWN,
    "missing": ("missing_key", Text("缺少這個鍵", "is a key that is not there")),
}
_WRONG = Text("值不正確", "wrong value")


def _expected(detail: Any) -> Text:
    """Say what was expected; in pydantic's own words only where there are none here."""
    text = _EXPECTED.get(detail["type"]) or _EXPECTED.get(raised(detail))
    if text is None:
        return Text(f"規定：{detail['msg']}", detail["msg"])
    given: dict[str, Any] = detail.get("ctx", {})
    listed = str(given.get("expected", "")).replace("' or '", "', '").replace(", ", "、")
    return Text(text.zh.format_map({**given, "expected": listed}), text.en.format_map(given))


def _keys(model: type, path: Sequence[str]) -> list[str]:
    """Return the keys that a table may have."""
    if issubclass(model, Clause):
        return [key.name for key in model.policy_keys()] if not path else []
    return table_keys(path[0]) if len(path) == 1 and path[0] in TABLES else []


def table_keys(table: str) -> list[str]:
    """Return the keys of one of the tables."""
    return [key.name for key in fields(TABLES[table])]
