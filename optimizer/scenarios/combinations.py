"""A grid of scenarios: every combination of the values of some keys of a policy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import product
from math import prod
from numbers import Number
from typing import Any

from optimizer.case.case import Case
from optimizer.case.digest import cell_text
from optimizer.foundation.frozen import freeze_fields
from optimizer.language.text import Text
from optimizer.language.words import how_many
from optimizer.policy.changes import Changes
from optimizer.problems.arguments import NOT_SO_DEEP, refusal, together, too_deep, whole
from optimizer.problems.errors import CaseError, PolicyError, Problem, UsageError
from optimizer.scenarios.scenario import Scenario, apply
from optimizer.scoring.screening import check_rules

Point = Mapping[str, Any]  # the value of each key in one scenario
ORDER, DROP = "order", "drop"  # whose values are lists of names; all others are keys of the policy
NOTHING = "-"  # how the command writes an empty list
MOST = 1_000_000
_GROUPS = re.compile(
    r"(?<![\d.,_])(?:NT\$ ?)?[0-9]{1,3}(?:,[0-9]{3})+(?![\d._])", re.IGNORECASE
)  # 500,000
_CALL = "sweep(axes=…)"
_SWEEP = "sweep"  # where problems are said to stand


@dataclass(frozen=True)
class Combinations:
    """Every combination of the values of some keys, the last key changing fastest.

    Parameters
    ----------
    axes
        For each key, as scenarios.toml has it, its values; for ``order`` and ``drop``, lists of names.
    """

    axes: Mapping[str, tuple[Any, ...]]

    def __post_init__(self) -> None:
        freeze_fields(self)

    @staticmethod
    def of(axes: Mapping[str, Any], place: str = _CALL) -> Combinations:
        """Make one of what a caller gives, a `range` included; the place is where it was given.

        Raises
        ------
        UsageError
            With every key that has no values, or one twice; or if there are too many combinations.
        """
        named = bool(axes) and all(isinstance(key, str) for key in axes)
        if not named or too_deep(axes):
            raise together([refusal(place, axes, _AXES if not named else NOT_SO_DEEP)])
        found = {key: _values(key, given) for key, given in axes.items()}
        wrong = [refusal(place, {key: axes[key]}, _VALUES) for key, v in found.items() if not v]
        if wrong:
            raise together(wrong)
        grid = Combinations(found)
        if len(grid) > MOST:
            raise UsageError(_too_many(place, len(grid), _SCENARIOS))
        return grid

    def __len__(self) -> int:
        return prod(len(values) for values in self.axes.values())

    def __iter__(self) -> Iterator[Point]:
        for values in product(*self.axes.values()):
            yield dict(zip(self.axes, values, strict=True))

    def check(self, case: Case) -> None:
        """Hold every value against the policy and the data, before anything is run.

        Of whole numbers, the least and the greatest. A value that fits only beside another value of
        the grid is tried beside the first ones, too.

        Raises
        ------
        PolicyError
            With everything that is wrong with any of them.
        """
        first = {key: values[0] for key, values in self.axes.items()}
        problems: dict[Problem, None] = {}
        for key, values in self.axes.items():
            for value in _telling(values):
                found = _problems(case, {key: value})
                if found and _problems(case, {**first, key: value}):
                    problems |= dict.fromkeys(found)
        if problems:
            count = len(problems)
            raise PolicyError(
                Text(
                    f"掃描的設定有 {count} 個問題",
                    f"{how_many(count, 'problem')} in what is to be swept",
                ),
                list(problems),
            )


def changes_of(point: Point) -> Changes:
    """Return the changes of one scenario of a grid."""
    values = {key: value for key, value in point.items() if key not in (ORDER, DROP)}
    return Changes(values, tuple(point.get(DROP, ())), tuple(point.get(ORDER, ())))


def said_value(value: Any) -> str:
    """Write a value as the command takes it: ``5000``, ``coverage+merit``."""
    if isinstance(value, list | tuple):
        return "+".join(map(said_value, value)) or NOTHING
    return cell_text(value) if isinstance(value, str | Number | date) else str(value)


def said_point(point: Point) -> str:
    """Name one scenario of a grid."""
    return ", ".join(f"{key}={said_value(value)}" for key, value in point.items())


def _values(key: str, given: Any) -> tuple[Any, ...]:
    """Return the values of a key, nothing if they are no list, or not of its kind, or one is there twice."""
    if isinstance(given, str | bytes | Mapping):
        return ()
    try:
        values = tuple(given)
    except TypeError:
        return ()
    if key in (ORDER, DROP) and not all(map(_are_names, values)):
        return ()
    return values if len({said_value(value) for value in values}) == len(values) else ()


def _are_names(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(name, str) for name in value)


def _telling(values: Sequence[Any]) -> Sequence[Any]:
    numbers = [whole(value) for value in values]
    known = [number for number in numbers if number is not None]
    return [min(known), max(known)] if len(known) == len(values) else values


def _problems(case: Case, point: Point) -> Sequence[Problem]:
    """Return what is wrong with one scenario; a name that there is not, whatever its value."""
    scenario = Scenario(said_point(point), changes_of(point), file=_SWEEP)
    try:
        check_rules(case.records, apply(case.policy, scenario))
    except (PolicyError, CaseError) as error:
        return [
            replace(p, file=_SWEEP)
            if p.code.startswith("unknown_") and p.file == scenario.place
            else p
            for p in error.problems
        ]
    return ()


# ---- as the command writes it -------------------------------------------------------------------


def read_axis(text: str, case: Case | None = None) -> tuple[str, list[Any]]:
    """Read ``pool.amount=500000:1500000:50000``, or ``KEY=VALUE,VALUE…``.

    A range holds both of its ends, as far as the steps reach; its step is always given. Numbers are exact, ``true`` and
    ``false`` are truth values, all else is text. Names of ``order`` and ``drop`` are joined by ``+``; ``-``
    means none. A number that the policy of the case cannot have there, but as text, is text as it was
    typed: a seed ``007``, a code.

    Raises
    ------
    UsageError
        If it has another form, or a range that is empty, without end or too long, or one value twice.
    """
    key, equals, values = text.partition("=")
    if not (key.strip() and equals and values.strip()):
        raise UsageError(refusal("--set", text, _FORM))
    key = key.strip()
    if ":" not in values and (amount := _by_thousands(key, values, case)):
        raise _wrong_range(text, _thousands(amount))
    if key in (ORDER, DROP):
        found: list[Any] = [_names(part) for part in values.split(",")]
    elif ":" in values:
        found = _range(text, values.split(":"))
    else:
        found = [_meant(key, part.strip(), case) for part in values.split(",")]
    if not _values(key, found):
        raise UsageError(refusal("--set", text, _DIFFERENT))
    return key, found


def _names(part: str) -> list[str]:
    return [] if part.strip() == NOTHING else [name.strip() for name in part.split("+")]


def _by_thousands(key: str, values: str, case: Case | None) -> str:
    """Return an amount that a comma parts by thousands (500,000); nothing if there is none."""
    for match in _GROUPS.finditer(values):
        groups = match[0].split(",")[1:]
        told = [group for group in groups if group[0] == "0" or key == "pool.amount"]
        if told and not isinstance(_meant(key, told[0], case), str):
            return match[0]
    return ""


def _meant(key: str, word: str, case: Case | None) -> Any:
    value = _value(word)
    if case is None or value == word or not _problems(case, {key: value}):
        return value
    return value if _problems(case, {key: word}) else word


def _value(word: str) -> Any:
    if word in ("true", "false"):
        return word == "true"
    number = _number(word)
    return word if number is None else number


def number_of_range(word: str) -> Decimal | int | None:
    """Read an end or step of a range, where no comma parts values: ``500_000``, ``500,000``."""
    bare = word.strip()
    return _number(bare.replace(",", "") if _GROUPS.fullmatch(bare) else bare)


def _number(word: str) -> Decimal | int | None:
    try:
        number = Decimal(word)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return None
    return int(number) if number == number.to_integral_value() else number


def _range(text: str, parts: Sequence[str]) -> list[Decimal | int]:
    numbers = list(map(number_of_range, parts))
    known = [number for number in numbers if number is not None]
    if len(known) != len(parts) or len(parts) not in (2, 3):
        raise UsageError(refusal("--set", text, _FORM))
    if len(known) == 2:
        raise _wrong_range(text, _no_step(*map(said_value, known)))
    start, stop, step = known
    if not step:
        raise _wrong_range(text, _STEP_ZERO)
    count = (Fraction(stop) - Fraction(start)) // Fraction(step) + 1
    if count < 1:
        raise _wrong_range(text, _empty(*parts))
    if count > MOST:
        raise UsageError(_too_many(f"--set {text}", count, _VALUES_OF_ONE))
    return [start + n * step for n in range(count)]


def _wrong_range(text: str, why: Text) -> UsageError:
    return UsageError(Text(f"--set {text}：{why.zh}。", f"--set {text}: {why.en}."))


def _empty(start: str, stop: str, step: str) -> Text:
    return Text(
        f"範圍之內沒有任何值：從 {start} 起，每次 {step}，到不了 {stop}",
        f"the range is empty: from {start}, by steps of {step}, {stop} is never reached",
    )


def _no_step(start: str, stop: str) -> Text:
    return Text(
        f"請寫出間隔：{start}:{stop}:間隔；只要這兩個值，則寫 {start},{stop}",
        f"give the step as well: {start}:{stop}:STEP; for the two values alone write {start},{stop}",
    )


def _thousands(amount: str) -> Text:
    right = amount.upper().removeprefix("NT$").strip()
    plain, parted, found = (right.replace(",", by) for by in ("", "_", " | "))
    return Text(
        f"逗號分隔各值，此處會讀成 {found}；若指 {right} 元，請寫 {parted} 或 {plain}；數個值則寫如 4000,5000",
        f"a comma stands between values, so this would be {found}; for {right} write {parted} or {plain}; "
        "several values are written as in 4000,5000",
    )


def _too_many(place: str, count: int, what: Text) -> Text:
    return Text(
        f"{place}：共 {count:,} 個{what.zh}，至多 {MOST:,} 個。",
        f"{place}: {count:,} {what.en}; there may be {MOST:,} at the most.",
    )


_SCENARIOS, _VALUES_OF_ONE = Text("情境", "scenarios"), Text("值", "values")
_STEP_ZERO = Text("間隔不可為 0", "the step must not be 0")
_DIFFERENT = Text("各不相同的值", "values of which none is there twice")
_FORM = Text(
    " KEY=起:迄:間隔（如 pool.amount=500000:1500000:50000）或 KEY=值,值（如 "
    "clause.school_cap.amount=4000,5000；order=coverage+merit,merit+coverage）",
    "KEY=FROM:TO:STEP (pool.amount=500000:1500000:50000) or KEY=VALUE,VALUE "
    "(clause.school_cap.amount=4000,5000; order=coverage+merit,merit+coverage)",
)
_AXES = Text(
    '計畫的鍵與其各值，如 {"pool.amount": range(500_000, 1_500_001, 50_000)}',
    'keys of the policy with their values, e.g. {"pool.amount": range(500_000, 1_500_001, 50_000)}',
)
_VALUES = Text(
    "每個鍵一份清單，其值各不相同；order 與 drop 的每個值是一份名稱清單",
    "for each key a list of values, none of them twice; each of order and drop is a list of names",
)
