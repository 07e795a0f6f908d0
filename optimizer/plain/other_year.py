"""The day of a span that a day outside it may have been meant for, looked up day by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date


def meant_days(when: date, first: date, last: date) -> Iterator[date]:
    """Yield every day of a span that bears the same month and day as another date."""
    for number in range(first.toordinal(), last.toordinal() + 1):
        one = date.fromordinal(number)
        if (one.month, one.day) == (when.month, when.day):
            yield one
