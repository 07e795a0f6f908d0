"""A day that would be inside a span with another year: a likely slip, which people are told of."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

from optimizer.language.text import EMPTY, Text, day

Span = tuple[date, date]


def said_slip(when: date, span: Span, shorter: timedelta) -> Text:
    """Say that a day outside a span may be one inside it of another year; nothing where it is not.

    Parameters
    ----------
    when, span
        The day, and the first and the last day of the span.
    shorter
        In a span of this length or more, other years are no sign of a slip.
    """
    meant = None if span[1] - span[0] >= shorter else _meant(when, span)
    if meant is None:
        return EMPTY
    inside = day(meant)
    return Text(
        f"年份疑似誤植，若為{inside.zh}即在期間內", f"its year may be a slip for {inside.en}"
    )


def _meant(when: date, span: Span) -> date | None:
    """Return the day of a span of less than a year with the same month and day, if there is one."""
    for year in (span[0].year, span[1].year):
        with suppress(ValueError):  # 29 February is not in every year
            if span[0] <= (other := when.replace(year=year)) <= span[1]:
                return other
    return None
