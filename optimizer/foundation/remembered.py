"""What was worked out is kept, and given again where all that it was made of is the same.

A function is handed what it may look at, and nothing else: what it was handed is what its answer is
kept by. Of a `Watched` value, of which it is handed more than it needs, the answer is kept by what
the function did look at, as a view of the value notes it. So nobody has to say what depends on what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from optimizer.foundation.frozen import Content

_T = TypeVar("_T")
_Path = tuple[int | str, ...]  # which argument, and the names of the fields on the way
_Note = Callable[[_Path, Any], None]
TURNS = 4  # how long what nobody asks for is kept


class Watched:
    """Base of frozen dataclasses of which it is noted what is looked at."""


@dataclass
class _Answer:
    """An answer, what its function looked at, and when it was last asked for."""

    looked_at: Mapping[_Path, Any]
    found: Any
    turn: int


class Same:
    """A value that is the same as itself alone."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.value is self.value


class _Key:
    """What counts of a value: hashed once, and compared once if it is found again."""

    __slots__ = ("hashed", "whole")

    def __init__(self, whole: tuple[Any, ...]) -> None:
        self.whole, self.hashed = whole, hash(whole)

    def __hash__(self) -> int:
        return self.hashed

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, _Key) and other.whole == self.whole)


class Remembered:
    """Answers of functions that look at nothing but their arguments, for a few turns."""

    def __init__(self) -> None:
        self._answers: dict[_Key, list[_Answer]] = {}
        self._keys: dict[Same, _Key] = {}  # of what is given again and again, this turn
        self._known: dict[
            _Key, tuple[_Key, int]
        ] = {}  # the same of those of equal content; the turn
        self._turn = 0

    def __reduce__(self) -> tuple[type[Remembered], tuple[()]]:
        return Remembered, ()  # elsewhere all is worked out again

    def turn(self) -> None:
        """Begin a turn; forget what was not asked for in the last few."""
        self._turn += 1
        self._keys.clear()
        least = self._turn - TURNS
        left = ((k, [a for a in some if a.turn >= least]) for k, some in self._answers.items())
        self._answers = {key: answers for key, answers in left if answers}
        self._known = {key: (key, turn) for key, turn in self._known.values() if turn >= least}

    def of(self, function: Callable[..., _T], *given: Any) -> _T:
        """Return what a function makes of its arguments; what it yields, as a tuple.

        Arrays count by their content, tables by being the same ones, a `Watched` value (given itself
        or held by a `Content` that is given) by what of it was looked at, all else by type and value.
        """
        try:
            key = _Key((function, *map(self._key, given)))
            known = self._answers.setdefault(key, [])
        except TypeError:  # a rule of one's own may hold anything
            known = []
        for answer in known:
            if all(_exact(_at(given, path)) == was for path, was in answer.looked_at.items()):
                answer.turn = self._turn
                return answer.found  # type: ignore[no-any-return]
        known.append(self._worked_out(function, given))
        return known[-1].found  # type: ignore[no-any-return]

    def _key(self, value: Any) -> Any:
        """Return what counts of an argument before it is looked at."""
        if isinstance(value, Watched):
            return Watched
        if not isinstance(value, Content):
            return _exact(value)
        if (itself := Same(value)) not in self._keys:
            held = (vars(value)[field.name] for field in fields(value))  # type: ignore[arg-type]
            key = _Key((type(value), *map(self._key, held)))
            key, _ = self._known.get(key, (key, 0))
            self._keys[itself], self._known[key] = key, (key, self._turn)
        return self._keys[itself]

    def _worked_out(self, function: Callable[..., Any], given: tuple[Any, ...]) -> _Answer:
        looked_at: dict[_Path, Any] = {}

        def note(path: _Path, value: Any) -> None:
            looked_at[path] = _exact(value)

        found = function(*(_view(value, note, (n,)) for n, value in enumerate(given)))
        found = tuple(found) if isinstance(found, Iterator) else found
        return _Answer(looked_at, found, self._turn)


def _at(given: tuple[Any, ...], path: _Path) -> Any:
    value = given[path[0]]  # type: ignore[index]
    for name in path[1:]:
        value = getattr(value, str(name))
    return value


# --- what counts of a value ----------------------------------------------------------------------


def _exact(value: Any) -> Any:
    """Return the whole of a value, types included: 1 and 100% are equal, and not the same."""
    if isinstance(value, np.ndarray):
        return (value.dtype.str, value.shape, _cells(value))
    if isinstance(value, list | tuple):
        return (type(value), *map(_exact, value))
    if isinstance(value, Mapping):
        return (type(value), *((_exact(k), _exact(v)) for k, v in value.items()))
    hashed_by: Any = type(value).__hash__
    if isinstance(value, pd.DataFrame) or hashed_by is object.__hash__:
        return Same(value)
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value), *(_exact(vars(value)[field.name]) for field in fields(value)))
    return (type(value), value)


def _cells(array: np.ndarray[Any, Any]) -> Any:
    """Return the content of an array, without copying where it lies in bytes of its own."""
    if array.dtype.hasobject:
        return tuple(array.ravel().tolist())
    base: Any = array.base
    whole = type(base) is bytes and len(base) == array.nbytes and array.flags.c_contiguous
    return base if whole else array.tobytes()


# --- views ---------------------------------------------------------------------------------------


def _view(value: Any, note: _Note, path: _Path) -> Any:
    """Return a value that is the same to whoever reads it, and notes what is looked at."""
    if isinstance(value, Watched):
        kind: Any = value.__class__  # of a view: what it is a view of
        view = object.__new__(_viewing(kind))
        _inside(view).update(of=(value, note, path), read={})
        return view
    if not isinstance(value, Content):
        return value
    held = {f.name: vars(value)[f.name] for f in fields(value)}  # type: ignore[arg-type]
    seen = {name: _view(inner, note, (*path, name)) for name, inner in held.items()}
    if all(seen[name] is held[name] for name in held):
        return value
    other = object.__new__(type(value))
    vars(other).update(seen, **value.derived())
    return other


@cache
def _viewing(kind: Any) -> type[Any]:
    return type(kind.__name__, (_View, kind), {})


def _inside(view: Any) -> dict[str, Any]:
    found: dict[str, Any] = object.__getattribute__(view, "__dict__")
    return found


class _View:
    """A frozen dataclass as it is, with a note of every field that is read of it."""

    def __getattribute__(self, name: str) -> Any:
        inside = object.__getattribute__(
            self, "__dict__"
        )  # in place: some screens ask a million times
        read = inside["read"]
        if name in read:
            return read[name]
        value, note, path = inside["of"]
        if name == "__class__":
            return value.__class__
        names = [field.name for field in fields(value)]
        if name == "__dict__":
            return {each: getattr(self, each) for each in names}
        if name not in names:
            return object.__getattribute__(self, name)
        held = getattr(value, name)
        if not isinstance(held, Watched):
            note((*path, name), held)
        return read.setdefault(name, _view(held, note, (*path, name)))

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self.__class__(**self.__dict__).__reduce_ex__(protocol)  # the value, all looked at
