"""The arguments of public functions, checked in one place: what a signature says is what is held.

`checked` reads the annotations of a function. A wrong argument is refused before anything else is
done, in a sentence that names the call, the argument, what was given and what is possible; numbers
of other libraries (`numpy.int64`, `Decimal`, `Fraction`) are numbers. Whole numbers are never
taken from floats, and nothing is read into text.
"""

from __future__ import annotations

import inspect
import math
import os
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from functools import cache, wraps
from numbers import Integral, Rational, Real
from pathlib import Path
from types import SimpleNamespace
from typing import (
    Annotated,
    Any,
    Literal,
    ParamSpec,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from optimizer.foundation.limits import MOST_DEPTH
from optimizer.language.text import Text
from optimizer.problems.errors import UsageError, defect
from optimizer.problems.likeness import closest
from optimizer.problems.unbound import unbound

_ONE_BY_ONE = "one by one"  # notes arguments of which there may be any number
_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass(frozen=True)
class Within:
    """The least and the most that a number may be."""

    least: int | None = 0
    most: int | None = None


Solver = Literal["auto", "highs", "cbc", "dynamic"]
SOLVERS: tuple[Solver, ...] = get_args(Solver)
WayName = Literal["bootstrap", "noise", "severity", "leave_one_out"]  # of drawing marks anew
Part = Literal[
    "workbooks", "published", "figures", "report", "record"
]  # of a result, beside tables
MOST_THREADS = 1024
Threads = Annotated[int, Within(1, MOST_THREADS)]
Jobs = Annotated[int, Within(1, MOST_THREADS)]
Seconds = Annotated[float, Within(0)]
Spent = Annotated[float, Within(0, 10**9)]
Amount = Annotated[int, Within(0)]
MOST_DRAWS = 1_000_000
Count = Annotated[int, Within(1, MOST_DRAWS)]


class Unfit(Exception):  # noqa: N818 - what is possible, for whoever names the call
    """A value is not what is meant; carries what would be."""

    def __init__(self, expected: Text) -> None:
        super().__init__(expected)
        self.expected = expected


def checked(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Check the arguments of a public function against its annotations.

    Raises
    ------
    UsageError
        When it is called: with every argument that is not what the signature says.
    """
    signature = inspect.signature(function)

    @wraps(function)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:
            raise together(unbound(_name(function), signature, args, kwargs)) from None
        bound.arguments.update(_fitted(_name(function), _hints(function), bound.arguments))
        return function(*bound.args, **bound.kwargs)

    return run


def _name(function: Callable[..., Any]) -> str:
    return function.__qualname__.removesuffix(".__init__").removesuffix(".__post_init__")


@cache
def _hints(of: Any) -> dict[str, Any]:
    if not inspect.isfunction(of):
        return get_type_hints(of, include_extras=True)
    taken = SimpleNamespace(  # what is returned is not looked at: its type may not be loaded yet
        __annotations__={n: hint for n, hint in of.__annotations__.items() if n != "return"}
    )
    hints = get_type_hints(taken, of.__globals__, include_extras=True)
    if many := inspect.getfullargspec(of).varargs:
        a_tuple = cast("Any", tuple)
        hints[many] = Annotated[a_tuple[hints[many], ...], _ONE_BY_ONE]
    return hints


def check_fields(value: Any) -> None:
    """Check the fields of a frozen dataclass as `checked` does arguments; for ``__post_init__``.

    Raises
    ------
    UsageError
        With every field that is not what its annotation says.
    """
    vars(value).update(_fitted_fields(value))


def check_held(values: Iterable[Any]) -> None:
    """Check frozen dataclasses that another one holds, whoever made them; they stay as they are.

    Raises
    ------
    UsageError
        With every field of the first of them that is not what its annotation says.
    """
    for value in values:
        _fitted_fields(value)


def _fitted_fields(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass as their annotations have them."""
    kind: Any = type(value)
    held = {field.name: vars(value)[field.name] for field in fields(value)}
    return _fitted(kind.__name__, _hints(kind), held)


def _fitted(call: str, known: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the annotated ones of some values as their annotations have them."""
    wrong, found = [], {}
    for name in (name for name in values if name in known):
        try:
            found[name] = fitting(values[name], known[name])
        except Unfit as error:
            wrong.append(refusal(f"{call}({name}=…)", values[name], error.expected))
    if wrong:
        raise together(wrong)
    return found


def check(value: Any, annotation: Any, name: str) -> Any:
    """Return one value as its annotation has it, for whoever has no signature (an option).

    Raises
    ------
    UsageError
        If it is something else.
    """
    try:
        return fitting(value, annotation)
    except Unfit as error:
        raise together([refusal(name, value, error.expected)]) from None


def refusal(place: str, value: Any, expected: Text) -> Text:
    """Say which argument of which call is wrong, what was given, and what is possible."""
    what = given(value)
    stop = "" if expected.zh.endswith("？") else "。"
    return Text(
        f"{place}：得到 {what}，應為{expected.zh}{stop}",
        f"{place}: got {what}; expected {expected.en}.",
    )


def given(value: Any) -> str:
    """Show a value that was given, in short: what says nothing to people by the name of its type."""
    try:
        short = repr(value) if isinstance(value, _SHOWN) else type(value).__name__
    except (RecursionError, ValueError):  # nested too deep; an integer of too many digits
        short = type(value).__name__
    if " at 0x" in short:
        short = type(value).__name__
    return short if len(short) <= _LONGEST else f"{short[:_LONGEST]}…"


_SHOWN = (str, bytes, Real, Decimal, Path, list, tuple, set, frozenset, dict, type(None))
_LONGEST = 80


def together(wrong: Sequence[Text]) -> UsageError:
    """Return the error that says everything that is wrong with a call."""
    if len(wrong) == 1:
        return UsageError(wrong[0])
    return UsageError(
        Text(f"呼叫有 {len(wrong)} 個參數不對", f"{len(wrong)} arguments are wrong"),
        [defect("argument", text) for text in wrong],
    )


def fitting(value: Any, annotation: Any) -> Any:
    """Return a value as an annotation has it.

    Raises
    ------
    Unfit
        If it is something else, with what it should be.
    """
    origin, inner = get_origin(annotation), get_args(annotation)
    if annotation is Any or isinstance(annotation, TypeVar):
        return value
    if origin is Annotated:
        return _annotated(value, inner[0], inner[1:])
    if annotation in (int, float):
        return _number(value, annotation, Within(None))
    if origin is Literal:
        return _one_of(value, inner)
    if origin in (Union, types.UnionType):
        return _any_of(value, inner)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(value, inner)
    if origin is tuple and inner[-1] is not Ellipsis:
        return _tuple(value, inner)
    if origin is not None and issubclass(origin, Iterable):
        return _list(value, inner[0])
    wanted = origin or annotation
    return _instance(value, wanted, _WORDS.get(wanted) or _class(wanted))


_WORDS = {
    str: Text("文字", "text"),
    bool: Text(" True 或 False", "True or False"),
    type: Text("類別（class）", "a class"),
    Path: Text("路徑（文字或 pathlib.Path）", "a path (text or pathlib.Path)"),
    Callable: Text("可呼叫的函式", "a function"),
}


def _class(wanted: Any) -> Text:
    name = getattr(wanted, "__name__", str(wanted))
    made, article = _MAKERS.get(name), "an" if name[0] in "AEIOU" else "a"
    return Text(f" {name}" + (f"（由 {made} 取得）" if made else ""),
                f"{article} {name}" + (f" (as {made} returns it)" if made else ""))  # fmt: skip


_MAKERS = {
    "Clause": "optimizer.clauses.Quota(…)",
    "Case": "read_case",
    "Policy": "read_policy / make_policy",
    "Allocation": "allocate",
    "Comparison": "compare",
}


def _instance(value: Any, wanted: Any, expected: Text) -> Any:
    if wanted is bool and is_bool(value):
        return bool(value)
    if not isinstance(wanted, type) or isinstance(value, wanted):
        return value
    raise Unfit(expected)


def is_bool(value: Any) -> bool:
    """Return whether a value is a truth value, numpy's included."""
    return isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")


def _one_of(value: Any, choices: tuple[Any, ...]) -> Any:
    if isinstance(value, str) and value in choices:
        return value
    near = closest(value, choices) if isinstance(value, str) else None
    zh, en = "、".join(choices), ", ".join(choices)
    raise Unfit(
        Text(
            f" {zh} 之一" + (f"；是否為 {near}？" if near else ""),
            f"one of {en}" + (f" (did you mean {near}?)" if near else ""),
        )
    )


def _any_of(value: Any, choices: tuple[Any, ...]) -> Any:
    if value is None and type(None) in choices:
        return value
    expected = []
    for choice in choices:
        if choice is type(None):
            continue
        try:
            found = fitting(value, choice)
        except Unfit as error:
            expected += [] if Path in choices and choice in (str, Path) else [error.expected]
        else:
            return _path(found) if Path in choices and isinstance(found, str | Path) else found
    if Path in choices:
        raise Unfit(_or([*expected, _WORDS[Path]]))
    if type(None) in choices:
        expected.append(Text(" None", "None"))
    raise Unfit(_or(expected))


def _or(expected: Sequence[Text]) -> Text:
    return Text("，或".join(e.zh for e in expected), " or ".join(e.en for e in expected))


def _mapping(value: Any, inner: tuple[Any, ...]) -> Any:
    """Check a mapping; one whose values may be anything is left as it is."""
    _instance(value, Mapping, Text("對照表（dict）", "a mapping (dict)"))
    if len(inner) < 2 or inner[1] is Any:
        return value
    try:
        return {fitting(key, inner[0]): fitting(each, inner[1]) for key, each in value.items()}
    except Unfit as error:
        zh, en = error.expected.zh, error.expected.en
        raise Unfit(
            Text(f"對照表（dict），其中每一項應為{zh}", f"a mapping (dict), each of it {en}")
        ) from None


def _path(value: str | Path) -> str | Path:
    """Refuse what no system can have as a path: nothing at all, or a NUL in it."""
    if not str(value) or "\0" in str(value):
        raise Unfit(
            Text("路徑，不是空白，也不含 NUL 字元", "a path that is not empty and holds no NUL")
        )
    try:
        os.fsencode(value)
    except UnicodeEncodeError:
        raise Unfit(Text("路徑，只含完整的字元", "a path of whole characters")) from None
    return value


def _list(value: Any, inner: Any) -> tuple[Any, ...]:
    """Return a list of many as a tuple; one text is not a list of its letters."""
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise Unfit(_list_of(inner, value))
    try:
        items = tuple(value)
    except TypeError:  # an array of no dimension
        raise Unfit(_list_of(inner, value)) from None
    try:
        return tuple(fitting(item, inner) for item in items)
    except Unfit as error:
        expected = error.expected
        raise Unfit(
            Text(f"清單，每一項應為{expected.zh}", f"a list, each of it {expected.en}")
        ) from None


def _one_by_one(values: tuple[Any, ...], kind: Any) -> Any:
    """Check arguments of which there may be any number, each of one kind."""
    try:
        return tuple(fitting(value, kind) for value in values)
    except Unfit as error:
        zh, en = error.expected.zh, error.expected.en
        raise Unfit(Text(f"逐一列出的參數，每一個是{zh}", f"them one by one, each {en}")) from None


def _list_of(inner: Any, value: Any) -> Text:
    example = f"[{value!r}]" if inner is str and isinstance(value, str) else ""
    choices = get_args(inner) if get_origin(inner) is Literal else ()
    if choices:
        return Text(f"清單，每一項為 {'、'.join(choices)} 之一", f"a list of {', '.join(choices)}")
    return Text(
        "清單" + (f"，如 {example}" if example else ""),
        "a list" + (f", e.g. {example}" if example else ""),
    )


def _tuple(value: Any, inner: tuple[Any, ...]) -> Any:
    """Check a list of so many, each of a kind of its own."""
    if not isinstance(value, tuple | list) or len(value) != len(inner):
        raise Unfit(Text(f" {len(inner)} 項的清單", f"a list of {len(inner)}"))
    return tuple(fitting(item, kind) for item, kind in zip(value, inner, strict=True))


def _annotated(value: Any, kind: Any, notes: tuple[Any, ...]) -> Any:
    """Check a number against its bounds: those of a signature, or those of a key of the policy."""
    if _ONE_BY_ONE in notes:
        return _one_by_one(value, get_args(kind)[0])
    within = next((note for note in notes if isinstance(note, Within)), None)
    if within is not None:
        return _number(value, kind, within)
    bounds = [bound for note in notes for bound in getattr(note, "metadata", ())]
    least = next((bound.ge for bound in bounds if hasattr(bound, "ge")), None)
    most = next((bound.le for bound in bounds if hasattr(bound, "le")), None)
    return _within(fitting(value, kind), kind, Within(least, most))


def _number(value: Any, kind: Any, within: Within) -> Any:
    expected = _range(kind, within)
    number = whole(value) if kind is int else _real(value)
    if number is None:
        if kind is int and isinstance(value, float) and value.is_integer():
            raise Unfit(
                Text(f"{expected.zh}；請寫 {value:.0f}", f"{expected.en}: write {value:.0f}")
            )
        raise Unfit(expected)
    return _within(number, kind, within)


def _within(number: Any, kind: Any, bounds: Within) -> Any:
    low, high = bounds.least, bounds.most
    if (low is not None and number < low) or (high is not None and number > high):
        raise Unfit(_range(kind, bounds))
    return number


def _range(kind: Any, within: Within) -> Text:
    zh, en = ("整數", "a whole number") if kind is int else ("數字", "a finite number")
    if within.most is not None:
        return Text(f" {within.least} 至 {within.most} 的{zh}",
                    f"{en} from {within.least} to {within.most}")  # fmt: skip
    if within.least is not None:
        return Text(f"不小於 {within.least} 的{zh}", f"{en} of at least {within.least}")
    return Text(zh, en)


def whole(value: Any) -> int | None:
    """Return a whole number of any exact type as an `int`; None for all else, floats included."""
    if is_bool(value):
        return None
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Decimal) and not (value.is_finite() and abs(value.adjusted()) < _LONG):
        return None
    if isinstance(value, Decimal | Rational):
        exact = Fraction(value)
        return exact.numerator if exact.denominator == 1 else None
    return None


NOT_SO_DEEP = Text(
    f"至多 {MOST_DEPTH} 層的表格（也不可包含自己）",
    f"tables nested at most {MOST_DEPTH} deep, none of which holds itself",
)


def too_deep(value: Any, left: int = MOST_DEPTH) -> bool:
    """Return whether tables and lists are nested deeper than anybody means, or hold themselves."""
    if isinstance(value, Mapping):
        return left < 0 or any(too_deep(inner, left - 1) for inner in value.values())
    if isinstance(value, list | tuple):
        return left < 0 or any(too_deep(inner, left - 1) for inner in value)
    return False


_LONG = 400  # digits that no number here has: 1e99999999 would be written out


def _real(value: Any) -> float | None:
    if is_bool(value) or not isinstance(value, Real | Decimal):
        return None
    try:
        number = float(value)
    except (OverflowError, ValueError):
        return None
    return number if math.isfinite(number) else None
