"""Values that stay as they are: equal by content, pickled without loss, never changed from outside.

A frozen dataclass only guards its own names. What it *holds* is guarded here: mappings become
`FrozenDict`, lists `FrozenList`, arrays copies in memory that nobody can make writable again (a
deep copy of them is the copier's own), and a table is handed out as a copy of the reader's own (pandas copies its cells only if somebody
writes to it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import fields
from functools import cached_property, wraps
from operator import is_
from typing import Any, Never, Self, TypeVar, overload

import numpy as np
import pandas as pd

_T = TypeVar("_T")
_V = TypeVar("_V")
_PLAIN = frozenset({int, str, bool, float, type(None)})  # never changed, and nothing in them


def _refuse(*_: Any, **__: Any) -> Never:
    raise TypeError("this belongs to a frozen value; change a copy of it: copy.deepcopy(...)")


class FrozenDict(dict[Any, Any]):
    """A mapping that cannot be changed; still a `dict` to whatever reads it."""

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Self], tuple[dict[Any, Any]]]:
        return type(self), (dict(self),)

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[Any, Any]:
        return {key: deepcopy(value, memo) for key, value in self.items()}


class FrozenList(list[Any]):
    """A list that cannot be changed; still a `list` to whatever reads it."""

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self))

    def __reduce__(self) -> tuple[type[Self], tuple[list[Any]]]:
        return type(self), (list(self),)

    def __deepcopy__(self, memo: dict[int, Any]) -> list[Any]:
        return [deepcopy(value, memo) for value in self]


def frozen(value: Any) -> Any:
    """Return a value that nobody can change through this reference, all the way down."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Mapping):
        return FrozenDict({key: frozen(inner) for key, inner in value.items()})
    if isinstance(value, list):
        return FrozenList(map(frozen, value))
    if type(value) is tuple:
        if _PLAIN.issuperset(map(type, value)):
            return value
        kept = tuple(map(frozen, value))
        return value if all(map(is_, kept, value)) else kept
    return _fixed(value) if isinstance(value, np.ndarray) else value


def _fixed(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return an array over bytes, which nobody can ever write to."""
    if array.dtype.hasobject:
        return _read_only(array)
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, bytes):
        return array
    return np.ndarray(array.shape, array.dtype, array.tobytes())


def _read_only(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return a copy that is not meant to be written to: Python's numbers cannot lie in bytes."""
    if array.flags.writeable:
        array = array.copy()
        array.flags.writeable = False
    return array


def same(one: Any, other: Any) -> bool:
    """Return whether two values have the same content, tables and arrays included."""
    if type(one) is not type(other):
        return False
    if isinstance(one, pd.DataFrame):
        return bool(one.equals(other))
    if isinstance(one, np.ndarray):
        return bool(one.dtype == other.dtype and np.array_equal(one, other))
    if isinstance(one, Mapping):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def freeze_fields(value: Any) -> None:
    """Freeze what a frozen dataclass holds; for its ``__post_init__``."""
    for field in fields(value):
        held = vars(value)[field.name]
        kept = frozen(held)
        if kept is not held:
            vars(value)[field.name] = kept


class Content:
    """Base of frozen dataclasses (``eq=False``) that hold arrays, tables or mappings."""

    def __post_init__(self) -> None:
        freeze_fields(self)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        compared = [field.name for field in fields(self) if field.compare]  # type: ignore[arg-type]
        return all(same(vars(self)[name], vars(other)[name]) for name in compared)

    __hash__ = None  # type: ignore[assignment]

    def derived(self) -> dict[str, Any]:
        """Return what is known already of what no `kept.Watched` field has a part in."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        """Return the fields alone: what was worked out from them is worked out again."""
        return {field.name: vars(self)[field.name] for field in fields(self)}  # type: ignore[arg-type]

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        freeze_fields(self)


class _Table:
    """A field that holds a table, and gives everybody who asks a copy of their own."""

    def __init__(self, optional: bool) -> None:
        self.optional = optional

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:  # the dataclass asks for the default
            if self.optional:
                return None
            raise AttributeError(self.name)
        return _own(vars(instance)[self.name])

    def __set__(self, instance: Any, value: Any) -> None:
        vars(instance)[self.name] = _own(value)


def table(optional: bool = False) -> Any:
    """Declare a field of a `Content` that holds a `pandas.DataFrame` (or None, if optional)."""
    return _Table(optional)


class handed_out(cached_property[_T]):  # noqa: N801 - a decorator
    """A property worked out once, of which everybody gets a copy of their own."""

    def __init__(self, work_out: Callable[[Any], _T]) -> None:
        super().__init__(wraps(work_out)(lambda instance: _kept(work_out(instance))))
        self.__doc__ = work_out.__doc__

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type | None = None) -> _T: ...
    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """Return the property's value, the reader's own."""
        found = super().__get__(instance, owner)
        return found if instance is None else _copied(found)

    def __set__(self, instance: Any, value: Any) -> Never:
        raise AttributeError(f"{self.attrname} cannot be set")


def kept_with(work_out: Callable[[_V], _T]) -> Callable[[_V], _T]:
    """Keep what is worked out of a frozen value with it; its pickle, of the fields alone, goes without."""
    name = f"_{work_out.__name__}"

    @wraps(work_out)
    def found(value: _V) -> _T:
        if name not in vars(value):
            vars(value)[name] = frozen(work_out(value))
        return vars(value)[name]  # type: ignore[no-any-return]

    return found


def _own(value: Any) -> Any:
    return value.copy(deep=False) if isinstance(value, pd.DataFrame) else value


def _copied(value: Any) -> Any:
    return deepcopy(value) if isinstance(value, pd.DataFrame | Mapping) else value


def _kept(value: Any) -> Any:
    return value if isinstance(value, pd.DataFrame | Mapping) else frozen(value)
