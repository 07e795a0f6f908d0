"""Exact integer arrays: 64 bits where all of it fits, Python's integers where not; nothing wraps.

NumPy's own products and sums wrap around silently, its `bincount` adds weights up as floats, and a
list of large integers may become floats. So every product and every sum of such arrays is taken by
a function of this module (`tests/test_exact.py` reads the code for it). An array made here is int64
only if the sum of its absolute values stays below 2**62: two of them may be added or subtracted as
they are, and compared with anything.
"""

from __future__ import annotations

from fractions import Fraction
from operator import index
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[Any]  # int64, or object (Python integers) where 64 bits are too few
BoolArray = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]  # ordinals, counts: no greater than an array is long
Words = npt.NDArray[np.int64]  # from `words`: sums are plain where their span is checked (dynamic)

SAFE = 2**62


def exact(values: Any) -> IntArray:
    """Return integers as an array that holds them, and all partial sums, exactly.

    Raises
    ------
    TypeError
        If any of them is not an integer: a float among them would already be rounded.
    """
    array = values if isinstance(values, np.ndarray) else _whole(values)
    if array.dtype.kind in "iub":
        fits = largest(array) * array.size < SAFE
        return array.astype(np.int64 if fits else object)
    whole = [index(value) for value in array.ravel().tolist()]
    fits = sum(map(abs, whole)) < SAFE
    return np.array(whole, dtype=np.int64 if fits else object).reshape(array.shape)


def _whole(values: Any) -> IntArray:
    """Make an array of a list; NumPy would make floats of ``[2**63, -1]``."""
    return np.array(values, dtype=object)


def largest(values: IntArray | BoolArray) -> int:
    """Return the greatest absolute value, 0 of nothing; 1 of truths, whichever they are."""
    if not values.size:
        return 0
    if values.dtype == np.bool_:
        return 1
    high, low = np.maximum.reduce(values, axis=None), np.minimum.reduce(values, axis=None)
    return max(abs(int(high)), abs(int(low)))


def _span(values: IntArray | BoolArray) -> int:
    """Return what all absolute values together do not exceed."""
    return largest(values) * values.size


def _wide(values: IntArray | BoolArray | int) -> Any:
    """Return the same in Python's integers."""
    return values.astype(object) if isinstance(values, np.ndarray) else index(values)


def _long(values: IntArray | BoolArray | int) -> Any:
    """Return the same in 64 bits; only for what is known to fit."""
    return values.astype(np.int64, copy=False) if isinstance(values, np.ndarray) else index(values)


def _most(values: IntArray | BoolArray | int) -> int:
    return largest(values) if isinstance(values, np.ndarray) else abs(index(values))


def times(left: IntArray | BoolArray, right: IntArray | BoolArray | int) -> IntArray:
    """Multiply element by element."""
    one, other = _most(left), _most(right)
    if max(bound := one * other, one, other) < SAFE:
        product: IntArray = _long(left) * _long(right)
        return product if bound * product.size < SAFE else exact(product)
    return exact(np.asarray(_wide(left) * _wide(right), dtype=object))


def plus(left: IntArray | BoolArray, right: IntArray | BoolArray | int) -> IntArray:
    """Add element by element."""
    if (bound := _most(left) + _most(right)) < SAFE:
        added: IntArray = np.asarray(_long(left) + _long(right))
        return added if bound * added.size < SAFE else exact(added)
    return exact(np.asarray(_wide(left) + _wide(right), dtype=object))


def total(values: IntArray | BoolArray) -> int:
    """Add all up."""
    if _span(values) < SAFE:
        return int(_long(values).sum())
    return sum(map(int, values.ravel().tolist()))


def sums(values: IntArray | BoolArray, axis: int) -> IntArray:
    """Add up along an axis."""
    if _span(values) < SAFE:
        return np.asarray(_long(values).sum(axis=axis))
    return exact(_wide(values).sum(axis=axis))


def running(values: IntArray) -> IntArray:
    """Return the sums of the first, the first two ... of a row of numbers."""
    fits = _span(values) < SAFE
    return exact(np.cumsum(_long(values) if fits else _wide(values)))


def grouped(values: IntArray | BoolArray, group: Places, groups: int) -> IntArray:
    """Add up by group: shape (groups,), 0 for a group without any."""
    if _span(values) < SAFE:
        found: IntArray = np.zeros(groups, dtype=np.int64)
        np.add.at(found, group, _long(values))
        return found
    found = np.zeros(groups, dtype=object)
    np.add.at(found, group, _wide(values))
    return exact(found)


def dot(coefficients: IntArray, values: IntArray | BoolArray, most: int | None = None) -> int:
    """Return an inner product; `most` is what is `largest` of the coefficients, where that is known."""
    most, other = largest(coefficients) if most is None else most, largest(values)
    if max(most, other, most * other * coefficients.size) < SAFE:
        return int(np.dot(_long(coefficients), _long(values)))
    return sum(int(c) * int(v) for c, v in zip(coefficients, values, strict=True))


def floored(values: IntArray, divisor: IntArray | int) -> IntArray:
    """Return ``floor(values / divisor)``."""
    if max(bound := _most(values), _most(divisor)) < SAFE:
        found: IntArray = np.asarray(_long(values) // _long(divisor))
        return found if bound * found.size < SAFE else exact(found)
    return exact(np.asarray(_wide(values) // _wide(divisor), dtype=object))


def share_of(values: IntArray, share: Fraction) -> IntArray:
    """Return ``floor(values * share)``."""
    return floored(times(values, share.numerator), share.denominator)


def below(values: IntArray, denominator: int, bound: Fraction) -> BoolArray:
    """Return where ``values / denominator < bound``."""
    scaled = times(values, bound.denominator)
    return np.asarray(scaled < bound.numerator * denominator, dtype=bool)


def words(values: IntArray | BoolArray) -> Words:
    """Return as int64 what inner loops add up; the caller checks how far their sums can go.

    Raises
    ------
    OverflowError
        If any of them is too large.
    """
    if largest(values) >= SAFE:
        raise OverflowError("an integer too large for sums in 64 bits")
    return values.astype(np.int64)
