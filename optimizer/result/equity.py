"""Who gets the money: by district, level, size and disadvantage; Lorenz curves and Gini coefficients.

All from the award list and the schools, in whole numbers and fractions. The weight of a school is
its students, where every school's are known; else each school counts once.

References
----------
C. Gini, "Measurement of Inequality of Incomes", The Economic Journal 31 (1921), doi
10.2307/2223319; with points ``(x_i, y_i)`` of the Lorenz curve, ``G = 1 - sum (x_i - x_{i-1})
(y_i + y_{i-1})``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any

import pandas as pd

from optimizer.facts.certified import Certified
from optimizer.foundation.exact import total
from optimizer.foundation.frozen import handed_out
from optimizer.language.text import Language, Text
from optimizer.language.words import figure
from optimizer.result.dtypes import CODE, EXACT, POINTS, WHOLE, exact_text, typed
from optimizer.tables.case_words import term
from optimizer.tables.schema import DISADVANTAGES, LEVELS, NO_DISADVANTAGE

GROUPS: Mapping[str, Text] = {
    "district": Text("行政區", "district"),
    "level": Text("學制", "level"),
    "size": Text("學校規模", "size"),
    "disadvantage": Text("弱勢類別", "disadvantage"),
}
_PARTS = 4  # of equally many schools, by their students
_UNKNOWN = Text("人數不詳", "students unknown")
_NONE = Text("非弱勢", "not disadvantaged")
NO_GROUP, UNKNOWN_SIZE = "none", "unknown"
_ORDER = {v.key: n for n, v in enumerate((*LEVELS, NO_DISADVANTAGE, *DISADVANTAGES))}
_COUNTS = ("schools", "applying", "applications", "eligible", "funded")
_MONEY = ("requested", "awarded", "students")
_RATIOS = ("share_applying", "share_funded", "per_student")

Point = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Lorenz:
    """How evenly the money is spread over schools or districts.

    Parameters
    ----------
    points
        From (0, 0) to (1, 1): the share of the weight of those with the least money for it, and
        their share of the money; empty if nothing is awarded.
    """

    points: tuple[Point, ...]

    @staticmethod
    def of(weights: Sequence[int], money: Sequence[int]) -> Lorenz:
        """Draw it for units with a weight and NT$; those without weight and money are left out."""
        whole, every = sum(weights), sum(money)
        if not (whole and every):
            return Lorenz(())
        units = [(w, m) for w, m in zip(weights, money, strict=True) if w or m]
        units.sort(key=lambda unit: (not unit[0], Fraction(unit[1], unit[0] or 1)))
        x, y = (list(accumulate(part)) for part in zip(*units, strict=True))
        steps = [(Fraction(a, whole), Fraction(b, every)) for a, b in zip(x, y, strict=True)]
        return Lorenz(((Fraction(0), Fraction(0)), *steps))

    @property
    def gini(self) -> Fraction | None:
        """0 where every unit has the same for its weight, next to 1 where one has all; None if nobody has."""
        if not self.points:
            return None
        return 1 - sum(
            ((x - before) * (y + under) for (before, under), (x, y) in pairwise(self.points)),
            Fraction(0),
        )


@dataclass(frozen=True, repr=False)
class Equity:
    """Who gets the money of a certified list.

    Parameters
    ----------
    facts
        What was certified.
    language
        Of the names of groups.
    coded
        Whether groups are codes, as files for programs have them: ``junior_high``, ``remote``,
        ``none``, and ``12-80`` (students) or ``unknown`` of sizes.
    """

    facts: Certified
    language: Language
    coded: bool = False

    @handed_out
    def frame(self) -> pd.DataFrame:
        """One row a group of each kind.

        Columns: kind (district, level, size: quarters of the schools by their students,
        disadvantage), group, schools, applying (schools with an application), applications,
        eligible, funded, requested and awarded (NT$), students, then share_applying (applying of
        schools), share_funded (funded of applications), per_student (NT$ awarded for each student)
        as numbers and exactly as text.
        """
        rows = [row for kind in GROUPS for row in self._rows(kind, self._kinds[kind])]
        names = ["kind", "group", *_COUNTS, *_MONEY]
        names += [name + suffix for name in _RATIOS for suffix in ("", EXACT)]
        table = pd.DataFrame(rows, columns=names, dtype=object)
        kinds = dict.fromkeys((*_COUNTS, *_MONEY), WHOLE) | dict.fromkeys(_RATIOS, POINTS)
        return typed(table, kinds | {"kind": CODE})

    def __repr__(self) -> str:
        gini = {over: curve.gini for over, curve in self.curves.items()}
        said = (f"{'—' if g is None else figure(g)} over {over}s" for over, g in gini.items())
        return f"<Equity of NT${total(self.facts.decision.award):,}: Gini {', '.join(said)}>"

    def _repr_html_(self) -> str:
        """Show one row a group in a notebook."""
        shown = self.frame[[name for name in self.frame if not str(name).endswith(EXACT)]]
        return str(shown.to_html(escape=True, index=False, border=0, na_rep="—"))

    def _rows(self, kind: str, of: Callable[[int], str]) -> list[dict[str, Any]]:
        groups: dict[str, list[int]] = {}
        for school in range(len(self._schools)):
            groups.setdefault(of(school), []).append(school)
        if kind == "size":
            order = sorted(
                groups, key=lambda name: min(self._by_students.index(s) for s in groups[name])
            )
        else:
            order = sorted(groups, key=lambda name: (_ORDER.get(name, len(_ORDER)), name))
        return [
            {"kind": kind, "group": self._named(name), **self._group(groups[name])}
            for name in order
        ]

    def _named(self, group: str) -> str:
        """Return the code of a group, or its name in words."""
        if self.coded:
            return group or NO_GROUP
        return (term(group) if group else _NONE).say(self.language)

    def _group(self, schools: Sequence[int]) -> dict[str, Any]:
        sums = {name: sum(self._totals[s].get(name, 0) for s in schools) for name in _ADDED}
        known = [self._students[s] for s in schools]
        students = None if None in known else sum(n for n in known if n is not None)
        applying = sum(self._totals[s].get("applications", 0) > 0 for s in schools)
        ratios = {
            "share_applying": _ratio(applying, len(schools)),
            "share_funded": _ratio(sums["funded"], sums["applications"]),
            "per_student": _ratio(sums["awarded"], students),
        }
        exact = {name + EXACT: exact_text(value) for name, value in ratios.items()}
        counts = {"schools": len(schools), "applying": applying, "students": students}
        return {**counts, **sums, **ratios, **exact}

    @cached_property
    def _schools(self) -> pd.DataFrame:
        return self.facts.case.records.schools

    @cached_property
    def _students(self) -> list[int | None]:
        cells = self._schools["students"]
        return [None if pd.isna(cell) else int(cell) for cell in cells]

    @cached_property
    def _totals(self) -> list[dict[str, int]]:
        """What each school's applications come to."""
        found: list[dict[str, int]] = [{} for _ in range(len(self._schools))]
        applications, round_ = self.facts.case.records.applications, self.facts.scored.round
        for school, requested in zip(
            applications["school"].tolist(), applications["requested"].tolist(), strict=True
        ):
            _add(found[school], applications=1, requested=requested)
        awards = self.facts.decision.award.tolist()
        for school, award in zip(round_.school.tolist(), awards, strict=True):
            _add(found[school], eligible=1, funded=int(award > 0), awarded=award)
        return found

    @cached_property
    def _kinds(self) -> dict[str, Callable[[int], str]]:
        """Return what says of which group a school is, for each kind."""

        def named(column: str) -> Callable[[int], str]:
            return [str(cell) for cell in self._schools[column]].__getitem__

        return {
            **{name: named(name) for name in ("district", "level")},
            "size": lambda school: self._sizes[school],
            "disadvantage": named("disadvantage"),
        }

    @cached_property
    def _by_students(self) -> list[int]:
        """The schools by their students, those of whom they are not known last."""
        return sorted(
            range(len(self._schools)),
            key=lambda s: (self._students[s] is None, self._students[s] or 0),
        )

    @cached_property
    def _sizes(self) -> list[str]:
        """Name the quarter of each school; schools of one size are in one quarter."""
        known = sorted(n for n in self._students if n is not None)
        starts = sorted({known[len(known) * n // _PARTS] for n in range(_PARTS)}) if known else []
        ends = [*(start - 1 for start in starts[1:]), known[-1]] if known else []
        return [self._size(n, list(zip(starts, ends, strict=True))) for n in self._students]

    def _size(self, students: int | None, parts: Sequence[tuple[int, int]]) -> str:
        if students is None:
            return UNKNOWN_SIZE if self.coded else _UNKNOWN.say(self.language)
        low, high = next(part for part in reversed(parts) if part[0] <= students)
        if self.coded:
            return f"{low}-{high}"
        said = f"{low:,}" if low == high else f"{low:,}–{high:,}"
        return Text(f"{said} 人", f"{said} students").say(self.language)

    @property
    def by_students(self) -> bool:
        """Whether the students of every school are known: they are the weights then."""
        return None not in self._students

    @cached_property
    def curves(self) -> Mapping[str, Lorenz]:
        """The Lorenz curve over schools, and over districts."""
        weights = [n or 0 for n in self._students] if self.by_students else [1] * len(self._schools)
        money = [totals.get("awarded", 0) for totals in self._totals]
        district = [str(cell) for cell in self._schools["district"]]
        names = sorted(set(district))
        sums = [
            [sum(x for x, d in zip(part, district, strict=True) if d == name) for name in names]
            for part in (weights, money)
        ]
        return {"school": Lorenz.of(weights, money), "district": Lorenz.of(*sums)}

    @handed_out
    def lorenz(self) -> pd.DataFrame:
        """One row a point of each curve: over (school, district), weight_share, money_share, both exactly."""
        rows = [
            {
                "over": over,
                "weight_share": x,
                "money_share": y,
                "weight_share_exact": exact_text(x),
                "money_share_exact": exact_text(y),
            }
            for over, curve in self.curves.items()
            for x, y in curve.points
        ]
        names = ["over", "weight_share", "money_share", "weight_share_exact", "money_share_exact"]
        table = pd.DataFrame(rows, columns=names, dtype=object)
        return typed(table, dict.fromkeys(names[1:3], POINTS) | {"over": CODE})


_ADDED = ("applications", "eligible", "funded", "requested", "awarded")


def _add(into: dict[str, int], **more: int) -> None:
    for name, value in more.items():
        into[name] = into.get(name, 0) + value


def _ratio(part: int, whole: int | None) -> Fraction | None:
    return Fraction(part, whole) if whole else None
