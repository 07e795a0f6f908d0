"""Wide integers as digits, so that a solver's floats never hold more of them than is certain.

``sum_j a_j x_j >= b`` with factors beyond a float's certainty is the same as a chain of narrow rows
over the digits of all numbers in one base B, lowest first, with integer carries c:

    sum_j a_ij x_j + c_i - B c_{i+1} >= b_i        (c_0 = 0, no carry out of the highest)

(add the rows, each times B^i, for one direction; take ``c_{i+1} = floor((left_i + c_i - b_i) / B)``
for the other). The relaxation is as tight as that of the one wide row.
"""

from __future__ import annotations

from collections.abc import Sequence


def digits(number: int, base: int, count: int) -> list[int]:
    """Return `count` digits of a number, lowest first, each with its sign; the highest holds the rest.

    >>> digits(-1234567, 1000, 3)
    [-567, -234, -1]
    """
    sign, rest = (-1, -number) if number < 0 else (1, number)
    found = []
    for _ in range(count - 1):
        rest, digit = divmod(rest, base)
        found.append(sign * digit)
    return [*found, sign * rest]


def base_for(factors: Sequence[int], most: int) -> tuple[int, int]:
    """Return the smallest base that writes all factors in the fewest digits, none above `most`.

    Returns
    -------
    base, count
        Of the digits.
    """
    largest, count = max(map(abs, factors)), 1
    while most**count <= largest:
        count += 1
    low, high = 2, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if middle**count > largest else (middle + 1, high)
    return low, count


def length(number: int, base: int) -> int:
    """Return how many digits write numbers up to this one."""
    count = 1
    while base**count <= number:
        count += 1
    return count
