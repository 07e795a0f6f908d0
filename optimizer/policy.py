"""A policy: the tables that every rule may look at, and the rules that apply, in their order."""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from optimizer.clauses import Clause, Priority, registry
from optimizer.clauses.minimum_merit import MinimumMerit
from optimizer.clauses.minimum_points import MinimumPoints
from optimizer.clauses.pool import PoolLimit
from optimizer.errors import PolicyError, Problem, Severity
from optimizer.settings import Settings
from optimizer.text import EMPTY, Text

TABLES = ("plan", "pool", "review", "award", "draw")
LISTS = ("clause", "priority")
RESERVED = ("pool", "minimum_merit", "award", "unit")
_T = TypeVar("_T")


@dataclass(frozen=True)
class Policy:
    """Everything that decides a round apart from its data.

    Parameters
    ----------
    settings
        The tables: plan, pool, review, award, draw.
    clauses
        Screens and hard constraints, the pool and the minimum merit first.
    priorities
        The objectives, most important first.
    document
        The policy as the plain mapping it was read from, for scenarios to change.
    """

    settings: Settings
    clauses: tuple[Clause, ...]
    priorities: tuple[Priority, ...]
    document: Mapping[str, Any]

    @property
    def rules(self) -> tuple[Clause, ...]:
        """Clauses and priorities together."""
        return (*self.clauses, *self.priorities)


def read_policy(path: Path) -> Policy:
    """Read policy.toml.

    Raises
    ------
    PolicyError
        With every unknown key, wrong value and unknown rule at once.
    """
    try:
        document = tomllib.loads(path.read_bytes().decode("utf-8-sig"), parse_float=Decimal)
    except FileNotFoundError:
        raise _refuse(path.name, Text("找不到計畫檔", "the policy file is missing")) from None
    except (OSError, UnicodeDecodeError) as error:
        raise _refuse(path.name, Text(f"無法讀取：{error}", f"cannot be read: {error}")) from None
    except tomllib.TOMLDecodeError as error:
        raise _refuse(
            path.name, Text(f"TOML 格式錯誤：{error}", f"not valid TOML: {error}")
        ) from None
    except RecursionError:
        raise _refuse(path.name, Text("TOML 巢狀過深", "TOML is nested too deeply")) from None
    return make_policy(document, path.name)


def make_policy(document: Mapping[str, Any], file: str = "policy.toml") -> Policy:
    """Make a policy from a plain mapping in the form of policy.toml.

    Raises
    ------
    PolicyError
        With every unknown key, wrong value and unknown rule at once.
    """
    problems: list[Problem] = list(_unknown_tables(document, file))
    settings = _read_settings(document, file, problems)
    rules = [
        rule
        for section in LISTS
        for rule in _read_rules(document.get(section, []), section, file, problems)
    ]
    problems += _repeated_names(rules, file)
    rules = _with_labels(rules)
    if settings is not None:
        problems += _cross_checks(settings, file)
    if problems or settings is None:
        raise PolicyError(
            Text(f"計畫檔有 {len(problems)} 個問題", f"{len(problems)} problem(s) in the policy"),
            problems,
        )
    implied = [
        PoolLimit(amount=settings.pool.amount, contingency=settings.pool.contingency),
        MinimumMerit(points=settings.review.minimum_merit),
        *_minimum_points(settings),
    ]
    return Policy(
        settings,
        (*implied, *(rule for rule in rules if not isinstance(rule, Priority))),
        tuple(rule for rule in rules if isinstance(rule, Priority)),
        document,
    )


def _minimum_points(settings: Settings) -> list[Clause]:
    least = settings.review.minimum_points
    return [MinimumPoints(points=least)] if least else []


def draw_order(seed: str, application_ids: Sequence[str]) -> list[int]:
    r"""Return positions in the order of the draw: by SHA-256 of seed and id, least first.

    The text that is hashed is ``seed + "\n" + application_id`` in UTF-8.
    """
    ticket = [
        hashlib.sha256(f"{seed}\n{application_id}".encode()).digest()
        for application_id in application_ids
    ]
    return sorted(
        range(len(ticket)), key=lambda position: (ticket[position], application_ids[position])
    )


def _refuse(file: str, message: Text) -> PolicyError:
    problem = Problem(Severity.ERROR, "unreadable", message, file=file)
    return PolicyError(Text("計畫檔無法使用", "the policy cannot be used"), [problem])


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def adapter(model: type[_T]) -> TypeAdapter[_T]:
    """Return what reads one kind of table, made once: making it takes longer than using it."""
    if model not in _ADAPTERS:
        _ADAPTERS[model] = TypeAdapter(model)
    return _ADAPTERS[model]


def _unknown_tables(document: Mapping[str, Any], file: str) -> Iterator[Problem]:
    for name in document:
        if name not in TABLES + LISTS:
            yield Problem(
                Severity.ERROR,
                "unknown_table",
                Text("未知的表格", "unknown table"),
                Text(
                    f"其中之一：{'、'.join(TABLES + LISTS)}", f"one of: {', '.join(TABLES + LISTS)}"
                ),
                _nearest(name, TABLES + LISTS),
                file,
                column=name,
            )


def _read_settings(
    document: Mapping[str, Any], file: str, problems: list[Problem]
) -> Settings | None:
    tables = {name: document[name] for name in TABLES if name in document}
    try:
        return adapter(Settings).validate_python(tables)
    except ValidationError as error:
        problems += [_problem(detail, (), file, Settings) for detail in error.errors()]
        return None


def _read_rules(entries: Any, section: str, file: str, problems: list[Problem]) -> Iterator[Clause]:
    kinds = {kind: rule for (where, kind), rule in registry().items() if where == section}
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        problems.append(
            Problem(
                Severity.ERROR,
                "not_a_list",
                Text("應為表格陣列", "must be an array of tables"),
                Text(f"[[{section}]]", f"[[{section}]]"),
                file=file,
                column=section,
            )
        )
        return
    for number, entry in enumerate(entries, start=1):
        kind = entry.get("kind")
        place = (f"{section}[{number}]",)
        if not isinstance(kind, str) or kind not in kinds:
            problems.append(
                Problem(
                    Severity.ERROR,
                    "unknown_kind",
                    Text("未知的規則種類", "unknown kind of rule"),
                    Text(
                        f"其中之一：{'、'.join(sorted(kinds))}",
                        f"one of: {', '.join(sorted(kinds))}",
                    ),
                    _nearest(str(kind), kinds),
                    file,
                    column=f"{place[0]}.kind",
                    value="" if kind is None else str(kind)[:80],
                )
            )
            continue
        keys = {name: value for name, value in entry.items() if name != "kind"}
        try:
            yield adapter(kinds[kind]).validate_python(keys)
        except ValidationError as error:
            place = (f"{section}.{kind}[{number}]",)
            problems += [_problem(detail, place, file, kinds[kind]) for detail in error.errors()]


def _repeated_names(rules: Sequence[Clause], file: str) -> Iterator[Problem]:
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


def _with_labels(rules: Sequence[Clause]) -> list[Clause]:
    """Give the second rule of a kind the name ``kind_2``, and so on, so that each has its own."""
    found: list[Clause] = []
    for rule in rules:
        taken = {other.label for other in found if other.section == rule.section}
        number, label = 1, rule.label
        while label in taken:
            number += 1
            label = f"{rule.label}_{number}"
        found.append(rule if label == rule.label else replace(rule, name=label))
    return found


def _cross_checks(settings: Settings, file: str) -> Iterator[Problem]:
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
}


def _problem(detail: Any, place: tuple[str, ...], file: str, model: type) -> Problem:
    path = [str(part) for part in detail["loc"]]
    code = detail["type"]
    expected = next(
        (text for word, text in _EXPECTED.items() if word in (code, _raised(detail))),
        Text(f"規定：{detail['msg']}", detail["msg"]),
    )
    if code.startswith("date"):
        expected = _EXPECTED["date"]
    unknown = code in ("extra_forbidden", "unexpected_keyword_argument")
    return Problem(
        Severity.ERROR,
        "unknown_key" if unknown else "missing_key" if code == "missing" else "bad_value",
        Text("未知的鍵", "unknown key") if unknown else Text("值不正確", "wrong value"),
        expected,
        _nearest(path[-1], _keys(model)) if unknown and len(place) else EMPTY,
        file,
        column=".".join((*place, *path)),
        value="" if code == "missing" else str(detail.get("input", ""))[:80],
    )


def _raised(detail: Any) -> str:
    error = detail.get("ctx", {}).get("error")
    return str(error) if error is not None else ""


def _keys(model: type) -> list[str]:
    return [key.name for key in model.policy_keys()] if issubclass(model, Clause) else list(TABLES)


def _nearest(word: str, known: Any) -> Text:
    near = difflib.get_close_matches(word, list(known), n=1)
    return Text(f"是否為 {near[0]}？", f"Did you mean {near[0]}?") if near else EMPTY
