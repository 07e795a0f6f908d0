"""The school cap: what one lead school may receive in all (plan §捌二(1), (4), (5))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd

from optimizer.clauses.base import Clause, Finding, Ruling, Violation, key, told_apart
from optimizer.clauses.two_bounds import TwoBounds
from optimizer.foundation.exact import BoolArray, exact, grouped
from optimizer.language.text import EMPTY, Text, money, run_on
from optimizer.language.words import how_many
from optimizer.plain import Application, Papers
from optimizer.problems.errors import Problem, Severity, defect
from optimizer.program.rows import Decision, Rows, Shortage
from optimizer.tables.case_words import column_words
from optimizer.tables.records import Records
from optimizer.tables.round import Round
from optimizer.tables.settings import Count, PositiveMoney, Settings

_ONE = {"students": ("student", "students"), "classes": ("class", "classes")}


@dataclass(frozen=True, kw_only=True)
class SchoolCap(Clause):
    """No lead school receives more than the cap; a joint application counts against its lead.

    NT$5,000 in the plan (§捌二(1), (4), (5)). A single request above the cap is refused; where the
    policy says ``cut = true``, it is admissible up to the cap, and flagged. Where the cap follows
    the size of the school, there is one rule a size: each holds for the schools that have more than
    ``over`` and up to ``up_to`` students or classes, and the lowest of those that hold decides.
    """

    for_authors: ClassVar[Text] = Text(
        "可依學校規模訂數條：各適用於大於 over、至多 up_to 的學校；同時適用數條者，以最低者為準。",
        "Where the cap goes by size, there is one rule a size: each holds for schools that have more than over and at most up_to; the lowest of those that hold decides.",
    )
    kind: ClassVar[str] = "school_cap"
    title: ClassVar[Text] = Text("每校上限", "School cap")
    later: ClassVar[Text] = Text(
        "請確認{asked}（每校上限）", "ask for {asked} (the cap of a school)"
    )
    leaves_out_slack: ClassVar[bool] = True
    sample: ClassVar[Mapping[str, Any]] = {"amount": 5_000}
    two_bounds: ClassVar[TwoBounds] = TwoBounds("over", "up_to", above=True)

    amount: PositiveMoney = key("每校上限（元）", "the most one lead school may receive, NT$")
    cut: bool = key(
        "單件申請超過上限時：true 減至上限，false 不符資格",
        "a single request above the cap: true cuts it to the cap, false refuses it",
        False,
    )
    column: Literal["", "students", "classes"] = key(
        "學校規模所依欄位，如 students、classes；不填即不分規模",
        "what tells the size of a school, e.g. students or classes; all schools unless given",
        "",
    )
    over: Count | None = key(
        "只適用規模大於此數的學校", "the rule holds for larger schools only", None
    )
    up_to: Count | None = key(
        "只適用規模不大於此數的學校", "the rule holds for schools up to this size only", None
    )

    @property
    def label(self) -> str:
        """The name that results use, e.g. ``school_cap.students.301-800``."""
        if self.name or not self.column:
            return super().label
        return f"{self.kind}.{self.column}.{self._from}-{'' if self.up_to is None else self.up_to}"

    @property
    def _from(self) -> int:
        """The least size it holds for."""
        return 0 if self.over is None else self.over + 1

    @property
    def spoken(self) -> Text:
        """The title, with the size of the schools that it holds for."""
        return told_apart(self.title, [self._sizes] if self.column else [])

    @property
    def _sizes(self) -> Text:
        """The size of the schools that it holds for, in words."""
        zh, (one, several) = column_words(self.column).zh, _ONE[self.column]
        if self.up_to is None:
            least = how_many(self._from, one, several)
            return Text(f"{zh} {self._from:,} 以上", f"{least} or more")
        most = how_many(self.up_to, one, several)
        if self.over is None:
            return Text(f"{zh} {self.up_to:,} 以下", f"{most} or fewer")
        return Text(f"{zh} {self._from:,} 至 {self.up_to:,}", f"{self._from:,} to {most}")

    @property
    def _schools(self) -> Text:
        """The schools that it holds for, as the subject of its sentence."""
        if not self.column:
            return Text("每一學校", "One school")
        return Text(run_on(self._sizes.zh, "之每一學校"), f"One school of {self._sizes.en}")

    @property
    def called(self) -> Text:
        """What the cap is called inside a sentence."""
        zh, en = self.spoken.zh, "school cap"
        return Text(zh, f"{en} ({self._sizes.en})" if self.column else en)

    def _is_of_size(self, size: int | None) -> bool:
        """Return whether it holds for a school of that size; of none for one without."""
        if not self.column:
            return True
        most = size if self.up_to is None else self.up_to
        return size is not None and most is not None and self._from <= size <= most

    def concerns(self, records: Records) -> BoolArray:
        """Return for which schools it holds. Shape (S,), aligned with ``records.schools``."""
        if not self.column:
            return np.ones(len(records.schools), dtype=bool)
        size = records.schools[self.column]
        inside = size.ge(self._from) & (size.le(self.up_to) if self.up_to is not None else True)
        return inside.fillna(False).to_numpy(dtype=bool)

    def misstated(self) -> Iterable[Problem]:
        """Refuse sizes without a column, a column without sizes, and sizes that no school can have."""
        yield from super().misstated()
        if not self.column and (self.over, self.up_to) != (None, None):
            given = "up_to" if self.over is None else "over"
            yield defect("no_column", _NO_COLUMN, expected=_COLUMNS, column=given)
        if self.column and (self.over, self.up_to) == (None, None):
            yield defect("no_size", _NO_SIZE, expected=_SIZES, column="column")

    @classmethod
    def check_together(cls, rules: Sequence[Self], records: Records) -> Iterable[Problem]:
        """Want the size of every school that applies: which cap holds for it is not guessed."""
        applying = sorted(set(records.applications["school"].tolist()))
        for column in sorted({rule.column for rule in rules if rule.column}):
            blank = records.schools[column].isna().to_numpy(dtype=bool)
            word = column_words(column)
            for school in (school for school in applying if blank[school]):
                yield defect(
                    "unknown_size",
                    Text(
                        f"空白：每校上限依{word.zh}而定，此校有申請案",
                        f"is blank: the school cap goes by {word.en}, and this school applies",
                    ),
                    expected=Text(
                        "每一所申請學校都須填寫", "filled in for every school that applies"
                    ),
                    hint=Text(f"請填{word.zh}。", f"Fill in {word.en}."),
                    file="schools",
                    row=records.school_line(school),
                    column=column,
                )

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        above = Text("減至此數", "cut to it") if self.cut else Text("不符資格", "not eligible")
        return Text(
            f"{self._schools.zh}（聯合申請以主辦學校計）補助合計不超過 {money(self.amount)} 元；"
            f"單件申請超過者{above.zh}。",
            f"{self._schools.en} (the lead school of a joint application) receives at most "
            f"NT${money(self.amount)} in all; a single request above it is {above.en}.",
        )

    def narrowed(self, about: tuple[Text, ...], sense: str, whole: bool) -> Text:
        """Name the schools, even if there are no others."""
        return self.sentence_of(about)

    def out_of_reach(self, settings: Settings) -> Iterable[Problem]:
        """Hold the cap against one unit."""
        unit = settings.pool.unit
        if self.amount < unit:
            yield defect(
                "out_of_reach",
                Text(
                    f"每校上限小於核定單位 {unit} 元，無法補助任何一件",
                    f"the cap is less than one unit of NT${unit}: nothing can be awarded",
                ),
                column="amount",
                value=str(self.amount),
                expected=Text(
                    f"至少 {unit}，或將 [pool] 的 unit 改小",
                    f"{unit} at least, or a smaller [pool] unit",
                ),
            )

    @property
    def for_sisters(self) -> Text:
        """Let the school put its applications in order, or ask for no more than the cap in all."""
        cap = money(self.amount)
        return Text(
            f"同校各案合計受每校上限 {cap} 元之限；次年度可由學校自行排定優先順序，或合計申請金額以不逾"
            "每校上限為宜",
            f"the cap of NT${cap} holds for all applications of a school together; next year the school "
            "may put them in an order of its own, or ask for no more than the cap in all",
        )

    def screen(self, records: Records) -> Iterable[Finding]:
        """Refuse requests above the cap, or cut them to it."""
        requested = records.applications["requested"].to_numpy(dtype=np.int64)
        school = records.applications["school"].to_numpy(dtype=np.int64)
        for row in np.flatnonzero((requested > self.amount) & self.concerns(records)[school]):
            asked = int(requested[row])
            yield Finding(
                int(row),
                Severity.FLAG if self.cut else Severity.REFUSAL,
                message=self._above(asked),
                expected=Text(
                    f"申請不超過 {money(self.amount)} 元", f"at most NT${money(self.amount)}"
                ),
                column="requested",
                value=str(asked),
                limit=self.amount if self.cut else None,
            )

    def _above(self, asked: int) -> Text:
        """Say what becomes of a request above the cap."""
        request, cap, called = money(asked), money(self.amount), self.called
        if self.cut:
            return Text(
                f"申請 {request} 元高於{called.zh}，最多核給 {cap} 元",
                f"asks for NT${request}, above the {called.en}: at most NT${cap} is admissible",
            )
        return Text(
            run_on(f"申請 {request} 元高於{called.zh}", f"{cap} 元，計畫未訂得減至上限"),
            f"asks for NT${request}, above the {called.en} of NT${cap}, to which the policy cuts no "
            "request",
        )

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Grant a request above the cap nothing, or the cap at most."""
        asked, cap, school = application.requested, self.amount, application.school
        size = {"students": school.students, "classes": school.classes}.get(self.column)
        if self.column and (
            size is None
            or (self.over is not None and size <= self.over)
            or (self.up_to is not None and size > self.up_to)
        ):
            return
        sizes = () if self.over is None else (self.over + 1,)
        figures = (asked, cap, *sizes, *(() if self.up_to is None else (self.up_to,)))
        if asked > cap and not self.cut:
            yield Ruling(Severity.REFUSAL, figures)
        elif asked > cap:
            yield Ruling(Severity.FLAG, figures, limit=cap)

    @property
    def apart(self) -> bool:
        """Awards of a school are added up, whoever asked for more."""
        return True

    def rows(self, round_: Round) -> Sequence[Rows]:
        """State, for each lead school s of these sizes, ``sum_{a of s} award_a <= cap``.

        A school whose applications together ask for no more than the cap needs no inequality.
        """
        asked = grouped(round_.most, round_.school, len(round_.records.schools))
        capped = np.flatnonzero((asked > self.amount) & self.concerns(round_.records))
        ordinal = np.full(len(asked), -1, dtype=np.int64)
        ordinal[capped] = np.arange(len(capped))
        app = np.flatnonzero(ordinal[round_.school] >= 0)
        names = round_.records.schools["name"].to_numpy()[capped]
        return [
            Rows(
                self.label,
                "award",
                row=ordinal[round_.school[app]],
                app=app,
                coefficient=np.ones(len(app), dtype=np.int64),
                sense="<=",
                rhs=exact(np.full(len(capped), self.amount, dtype=np.int64)),
                labels=tuple(Text(str(name), str(name)) for name in names),
            )
        ]

    def no_room(self, shortage: Shortage) -> Text:
        """Add what it takes to what its school receives, and compare."""
        received, needs = shortage.now, shortage.then - shortage.now
        least = Text("至少", "at least ") if shortage.may_get_more else EMPTY
        return Text(
            run_on(
                f"該校已獲 {money(received)} 元，加上本案{least.zh} {money(needs)} 元將超過{self.called.zh}",
                f"{money(self.amount)} 元",
            ),
            f"its school receives NT${money(received)}; {least.en}NT${money(needs)} more would exceed the "
            f"{self.called.en.removeprefix('school ')} of NT${money(self.amount)}",
        )

    def audit(self, round_: Round, decision: Decision) -> Iterable[Violation]:
        """Add the awards up by lead school, and compare where the school is of that size."""
        received: dict[int, int] = {}
        for school, amount in zip(round_.school, decision.award, strict=True):
            received[int(school)] = received.get(int(school), 0) + int(amount)
        schools = round_.records.schools
        for school, total in received.items():
            size = schools[self.column].iloc[school] if self.column else None
            if total > self.amount and self._is_of_size(None if pd.isna(size) else int(size)):
                name = str(schools["name"].iloc[school])
                yield Violation(
                    self.label,
                    Text(
                        run_on(
                            name,
                            f"核定合計 {money(total)} 元，超過{self.called.zh}",
                            f"{money(self.amount)} 元",
                        ),
                        f"{name} receives NT${money(total)}, above the "
                        f"{self.called.en.removeprefix('school ')} of NT${money(self.amount)}",
                    ),
                )


_NO_COLUMN = Text("未填 column，不知規模所依何欄", "says no column that the size is of")
_COLUMNS = Text('column = "students" 或 "classes"', 'column = "students" or column = "classes"')
_NO_SIZE = Text("未填 over 或 up_to，不知適用何種規模", "says no size that it holds for")
_SIZES = Text("over = …、up_to = … 至少一項", "over = …, up_to = …, or both")
