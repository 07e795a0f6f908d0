"""The tables of a policy that every rule may look at: plan, pool, review, award, draw.

All numbers are exact: money is whole NT$, points and shares are fractions.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StrictBool

from optimizer.foundation.frozen import freeze_fields
from optimizer.foundation.limits import MOST, check_size, fraction_of
from optimizer.foundation.remembered import Watched

FORBID_UNKNOWN_KEYS = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


def to_fraction(value: Any) -> Fraction:
    """Read an exact number from TOML: an integer, a decimal, ``"2.5"``, ``"1/3"`` or ``"40%"``.

    Raises
    ------
    ValueError
        If it is anything else (a float among them: it would no longer be exact), or too large or
        too fine.
    """
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal | Fraction):
        raise ValueError("exact_number")
    if isinstance(value, Decimal):
        return fraction_of(value)
    found = _from_words(value.strip()) if isinstance(value, str) else Fraction(value)
    check_size(found)
    return found


_NUMBER = re.compile(r"([+-]?\d{1,40}(?:\.\d{1,40})?)(?:/(\d{1,40}))?(%)?", re.ASCII)


def _from_words(text: str) -> Fraction:
    match = _NUMBER.fullmatch(text.replace(" %", "%"))
    if match is None or (match[2] and ("." in match[1] or not int(match[2]))):
        raise ValueError("exact_number")
    return Fraction(match[1]) / int(match[2] or 1) / (100 if match[3] else 1)


def _to_money(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("whole_money")
    return value


def _to_count(value: Any) -> int:
    try:
        return _to_money(value)
    except ValueError:
        raise ValueError("whole_number") from None


_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YEARS = range(1991, 2111)  # as in the tables


def _to_day(value: Any) -> date:
    """Read a day: a TOML date, or ``"2014-02-01"``; nothing else is guessed to be one."""
    if isinstance(value, str) and _ISO.fullmatch(value.strip()):
        try:
            value = date.fromisoformat(value.strip())
        except ValueError:
            raise ValueError("no_such_day") from None
    if type(value) is not date:
        raise ValueError("date")
    if value.year not in _YEARS:
        raise ValueError("unlikely_year")
    return value


_FILE_NAME = re.compile(
    r"[^\x00-\x1f\x7f/\\:*?\"<>|.][^\x00-\x1f\x7f/\\:*?\"<>|]{0,98}\.(geojson|json)"
)


def _plain_file_name(value: str) -> str:
    if value and not _FILE_NAME.fullmatch(value):
        raise ValueError("plain_file_name")
    return value


Exact = Annotated[Fraction, BeforeValidator(to_fraction)]
Share = Annotated[Fraction, BeforeValidator(to_fraction), Field(ge=0, le=1)]
Points = Annotated[Fraction, BeforeValidator(to_fraction), Field(ge=0)]
Money = Annotated[int, BeforeValidator(_to_money), Field(ge=0, le=MOST)]
PositiveMoney = Annotated[int, BeforeValidator(_to_money), Field(ge=1, le=MOST)]
Count = Annotated[int, BeforeValidator(_to_count), Field(ge=0, le=MOST)]
Weight = Annotated[int, BeforeValidator(_to_count), Field(ge=0, le=10**6)]
Day = Annotated[date, BeforeValidator(_to_day)]


@dataclass(frozen=True)
class Plan(Watched):
    """What the round is called, its year, and the funded period (plan §捌三).

    Parameters
    ----------
    title
        Title of the plan, as printed on everything.
    year
        ROC or Gregorian year.
    period
        First and last day of the funded period: ``["2014-02-01", "2014-11-30"]``.
    districts
        All districts there are; a school in any other is an error. Empty: any.
    boundaries
        The name of a GeoJSON file in the folder of the case with the outlines of the districts, for
        the map; a feature names its district as ``name``, ``district``, ``行政區`` or ``TOWNNAME``.
        Empty: the map has tiles.
    name_others
        Whether a letter may name other applications and schools; else it says "another".
    """

    __pydantic_config__ = FORBID_UNKNOWN_KEYS

    title: str = ""
    year: Annotated[int, BeforeValidator(_to_count), Field(ge=1, le=2110)] | None = None
    period: tuple[Day, Day] | None = None
    districts: tuple[str, ...] = ()
    boundaries: Annotated[str, AfterValidator(_plain_file_name)] = ""
    name_others: StrictBool = False


@dataclass(frozen=True)
class Pool(Watched):
    """The money to distribute.

    Parameters
    ----------
    amount
        The whole pool in NT$.
    unit
        Awards are multiples of this many NT$.
    contingency
        NT$ held back from the pool.
    reference
        Section of the plan it comes from, if any; so in every table.
    """

    __pydantic_config__ = FORBID_UNKNOWN_KEYS

    amount: Money
    unit: PositiveMoney = 1
    contingency: Money = 0
    reference: str = ""

    @property
    def available(self) -> int:
        """NT$ that may be awarded: the pool less the contingency."""
        return max(0, self.amount - self.contingency)


@dataclass(frozen=True)
class Review(Watched):
    """How marks become merit (plan §柒).

    Parameters
    ----------
    criteria
        Full marks of each criterion, in the order of the review form: ``{ needs = 20, goals = 20 }``.
    aggregate
        How the reviewers' totals become one merit.
    minimum_merit
        Applications with less merit are not eligible.
    direction
        Whether a high or a low mark is the better one. Low-is-better marks are turned round:
        ``full + lowest - mark``.
    lowest
        The lowest mark a reviewer can give on any criterion.
    missing
        What a blank mark means: an ``error``; ``criterion_mean``: the mean of the other reviewers'
        marks on that criterion; ``rescale``: the review counts for what it marked, scaled to full
        marks; ``zero`` points.
    trim
        With ``trimmed_mean``: how many of the highest and of the lowest totals to leave out.
    minimum_points
        Least mean points on single criteria: ``{ budget = 5 }``; applications below are not eligible.
    reviewers
        How many reviews an application has at least, those with a conflict of interest among them:
        fewer are an error. Unless given, the number that nearly all applications have.
    severity
        ``none``, or ``additive``: each reviewer's severity, estimated together with the merits of all
        applications, is taken out of the totals.
    reference
        Section of the plan that sets the least merit and points.
    """

    __pydantic_config__ = FORBID_UNKNOWN_KEYS

    criteria: Mapping[str, Points] = field(default_factory=dict)
    aggregate: Literal["mean", "median", "trimmed_mean"] = "mean"
    minimum_merit: Points = Fraction(0)
    direction: Literal["higher_is_better", "lower_is_better"] = "higher_is_better"
    lowest: Points = Fraction(0)
    missing: Literal["error", "criterion_mean", "rescale", "zero"] = "error"
    trim: Annotated[int, BeforeValidator(_to_count), Field(ge=1, le=10)] = 1
    minimum_points: Mapping[str, Points] = field(default_factory=dict)
    severity: Literal["none", "additive"] = "none"
    reviewers: Annotated[int, BeforeValidator(_to_count), Field(ge=1, le=1_000)] | None = None
    reference: str = ""

    @property
    def full(self) -> Fraction | None:
        """The most that merit can be; None where it is settled elsewhere."""
        return sum(map(Fraction, self.criteria.values()), Fraction(0)) if self.criteria else None

    def __post_init__(self) -> None:
        freeze_fields(self)


@dataclass(frozen=True)
class Award(Watched):
    """How much an application may get (plan §捌二(5)).

    Parameters
    ----------
    mode
        ``full``: the admissible amount or nothing; ``partial``: any multiple of the unit between
        ``least_share`` of it and all of it; ``graded``: merit bands to shares.
    least_share
        With ``partial``: the least share of the admissible amount that is worth granting.
    grades
        With ``graded``: pairs of merit and share, ``[[90, "100%"], [80, "80%"]]``: from this merit on,
        this share. Whoever reaches none is not eligible.
    reference
        Section of the plan by which less than a request may be granted.
    """

    __pydantic_config__ = FORBID_UNKNOWN_KEYS

    mode: Literal["full", "partial", "graded"] = "full"
    least_share: Share = Fraction(1, 2)
    grades: tuple[tuple[Points, Share], ...] = ()
    reference: str = ""


@dataclass(frozen=True)
class Draw(Watched):
    """The published draw that settles the last ties.

    Parameters
    ----------
    seed
        Any text, fixed before the reviews are opened; best a long random one. policy.toml must have it.
    commitment
        SHA-256 of the seed in hexadecimal, as published before the reviews are opened: it proves
        later that the seed was not chosen afterwards.
    """

    __pydantic_config__ = FORBID_UNKNOWN_KEYS

    seed: str = ""
    commitment: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the seed (UTF-8), in hexadecimal: what to publish in advance."""
        return hashlib.sha256(self.seed.encode()).hexdigest()


@dataclass(frozen=True)
class Settings(Watched):
    """All the tables of a policy apart from its clauses and priorities."""

    __pydantic_config__ = FORBID_UNKNOWN_KEYS

    pool: Pool
    plan: Plan = field(default_factory=Plan)
    review: Review = field(default_factory=Review)
    award: Award = field(default_factory=Award)
    draw: Draw = field(default_factory=Draw)
