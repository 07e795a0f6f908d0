"""What figures need to know of an allocation, and small helpers to read it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from optimizer.language.text import EMPTY, Language, Text
from optimizer.language.words import figure
from optimizer.tables.outlines import Outlines

FloatArray = npt.NDArray[np.float64]

NO_LIST = {
    "infeasible": Text("沒有符合所有規則的名單", "no list obeys every rule"),
    "limit": Text("時限內未得出名單", "no list within the limit"),
    "audit": Text("名單未通過稽核", "the list failed its audit"),
    "refused": Text("計畫無法使用", "the policy cannot be used"),
}


class HasLine(Protocol):
    """Where the money would end by merit alone: how many are above it, and the NT$ they take."""

    @property
    def count(self) -> int:
        """How many applications."""

    @property
    def amount(self) -> int:
        """NT$."""


class HasTotals(Protocol):
    """The part of a comparison that figures read."""

    @property
    def totals(self) -> pd.DataFrame:
        """One row a scenario, with the measures of its list; the first is the policy as it is."""


class Drawable(Protocol):
    """The part of an allocation that figures read; nothing here is changed."""

    @property
    def title(self) -> str:
        """Title of the plan."""

    @property
    def status(self) -> str:
        """Either ``optimal`` or ``feasible``."""

    @property
    def awards(self) -> pd.DataFrame:
        """One row an application, in id order."""

    @property
    def types(self) -> Sequence[str]:
        """The type of each row of `awards`."""

    @property
    def districts(self) -> Sequence[str]:
        """All districts in their official order, if the plan lists them."""

    @property
    def outlines(self) -> Outlines | None:
        """The outlines of the districts, if the policy names a file of them."""

    @property
    def by_school(self) -> pd.DataFrame:
        """Totals of each school."""

    @property
    def by_district(self) -> pd.DataFrame:
        """Totals of each district."""

    @property
    def merit_points(self) -> FloatArray:
        """Merit of each row of `awards` for drawing; NaN where there is none."""

    @property
    def line(self) -> HasLine:
        """Where the money would end by merit alone."""

    @property
    def minimum_merit(self) -> float:
        """Least merit that is eligible, in points."""

    @property
    def pool(self) -> int:
        """NT$ in the pool."""

    @property
    def contingency(self) -> int:
        """NT$ held back."""

    @property
    def available(self) -> int:
        """NT$ that may be awarded."""

    @property
    def spent(self) -> int:
        """NT$ awarded."""

    @property
    def withdrawn(self) -> Collection[int]:
        """Rows of `awards` that have withdrawn."""

    @property
    def gone(self) -> int:
        """NT$ that are paid already, and that no award can use."""


class _AskedOnce:
    def __init__(self, allocation: Drawable) -> None:
        self._allocation = allocation

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._allocation, name)
        setattr(self, name, value)
        return value


def asked_once(allocation: Drawable) -> Drawable:
    """Return an allocation that several figures share: its tables, copied for each who asks, are asked for once."""
    return cast(Drawable, _AskedOnce(allocation))


def spoken(result: object, lang: Language | None) -> Language:
    """Return the language of a figure: what is asked for, else that of the result."""
    own: Language = getattr(result, "language", "zh-TW")
    return lang or own


def caption(allocation: Drawable, text: Text, lang: Language) -> str:
    """Return the line below a title: the figures first, then what plan they belong to."""
    unproved = (
        Text("可行，尚未證明", "feasible, not proved") if allocation.status != "optimal" else EMPTY
    )
    parts = [text.say(lang), unproved.say(lang), allocation.title]
    return Text("｜", " | ").say(lang).join(part for part in parts if part)


def share(part: int, whole: int) -> str:
    """Write a part as a percentage, e.g. ``42%`` or ``0.4%``; nothing where there is no whole."""
    if whole == 0:
        return "–"
    percent = 100 * part / whole
    return f"{percent:.1f}%" if 0 < percent < 1 or 99 < percent < 100 else f"{percent:.0f}%"


def numbers(table: pd.DataFrame, column: str) -> npt.NDArray[np.int64]:
    """Return a column of whole numbers, with blanks as 0."""
    return table[column].to_numpy(dtype=np.int64, na_value=0)


def words(table: pd.DataFrame, column: str) -> npt.NDArray[Any]:
    """Return a column of text, with blanks as ''."""
    cells = table[column]
    found = zip(cells.to_numpy(dtype=object), cells.isna().to_numpy(), strict=True)
    return np.array(["" if blank else str(cell) for cell, blank in found], dtype=object)


def measured(totals: pd.DataFrame, name: str) -> list[Fraction | None]:
    """Return a measure of each scenario, exactly; None where there is none."""
    exact = f"{name}_exact"
    return [
        Fraction(value) if value else None
        for value in words(totals, exact if exact in totals else name)
    ]


def say_measure(value: Fraction | None) -> str:
    """Write a measure for reading; a dash where there is none."""
    return "–" if value is None else figure(value)
