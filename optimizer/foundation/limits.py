"""How large and how fine a number may be, the same in every table, policy, scenario and call."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

MOST = 10**15  # of any number: a thousand times what any pool of money holds
MOST_DECIMALS = 18  # of a number of the policy
FINEST = 10**20  # denominator of a number of the policy: a percentage has two decimals more
MOST_DEPTH = 20  # of tables in tables of a document
MOST_DIGITS = 60  # of a number as it is written, before anything is worked out with it


def check_size(value: Fraction | int) -> None:
    """Refuse a number that is too large or too fine.

    Raises
    ------
    ValueError
        ``too_large`` or ``too_fine``.
    """
    if not -MOST <= value <= MOST:
        raise ValueError("too_large")
    if isinstance(value, Fraction) and value.denominator > FINEST:
        raise ValueError("too_fine")


def fraction_of(value: Decimal) -> Fraction:
    """Return a decimal as a fraction, having looked at its exponent before working it out.

    Raises
    ------
    ValueError
        ``too_large``, ``too_fine``, or ``exact_number`` if it is not finite.
    """
    if not value.is_finite():
        raise ValueError("exact_number")
    if not value:
        return Fraction(0)
    if value.adjusted() > len(str(MOST)):
        raise ValueError("too_large")
    digits, exponent = value.as_tuple()[1:]
    if (
        value.adjusted() < -MOST_DECIMALS
        or len(digits) > MOST_DIGITS
        or int(exponent) < -MOST_DIGITS
    ):
        raise ValueError("too_fine")
    found = Fraction(value)
    check_size(found)
    return found
