"""How applications, priorities and rules are called in explanations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from optimizer.explain.inversions import BETTER, DRAW
from optimizer.facts.certified import Certified
from optimizer.language.text import EMPTY, Text, money
from optimizer.language.words import each, figure, points
from optimizer.program.rows import Rows

SHORT = 40  # Chinese characters that one can say on the telephone without drawing breath
LISTED = 6  # applications that are named; of the others, how many


@dataclass(frozen=True)
class Naming:
    """What things are called in one round."""

    facts: Certified

    @cached_property
    def row(self) -> dict[str, int]:
        """The row of each application."""
        ids = self.facts.case.records.applications["application_id"]
        return {str(application_id): row for row, application_id in enumerate(ids)}

    def title(self, application_id: str) -> str:
        """Return the title of an application."""
        return str(self.facts.case.records.applications["title"].iloc[self.row[application_id]])

    def school(self, application_id: str) -> str:
        """Return the name of its lead school."""
        return self._schools[self.row[application_id]]

    @cached_property
    def _schools(self) -> list[str]:
        """The name of each application's lead school."""
        records = self.facts.case.records
        names = records.schools["name"].to_numpy()[records.applications["school"].to_numpy()]
        return list(map(str, names))

    def merit(self, a: int) -> str:
        """Say the merit of an eligible application."""
        return self._merits[a]

    @cached_property
    def _merits(self) -> list[str]:
        round_ = self.facts.scored.round
        return each(round_.merit, round_.merit_denominator, points)

    def called(self, a: int) -> Text:
        """Name an eligible application, with its school and merit."""
        application_id = self.facts.scored.round.ids[a]
        school, merit = self.school(application_id), self.merit(a)
        return Text(
            f"{application_id}（{school}，{merit} 分）",
            f"{application_id} ({school}, {merit} points)",
        )

    def all_of(self, some: Iterable[int]) -> Text:
        """Name several, the best first, the first few of them where there are many."""
        merit = self.facts.scored.round.merit
        ordered = sorted(some, key=lambda a: (-int(merit[a]), a))
        named, more = [self.called(a) for a in ordered[:LISTED]], len(ordered) - LISTED
        zh, en = "、".join(t.zh for t in named), "; ".join(t.en for t in named)
        if more > 0:
            return Text(f"{zh}等 {len(ordered)} 件", f"{en}; and {more} more")
        return Text(zh, en)

    def awarded(self, some: Iterable[int]) -> Text:
        """Name funded ones of one school, each with its merit and what it gets."""
        award, ids = self.facts.decision.award, self.facts.scored.round.ids
        said = [(ids[a], self.merit(a), nt(int(award[a]))) for a in some]
        zh = "、".join(f"{i}（{merit} 分，{amount.zh}）" for i, merit, amount in said)
        return Text(
            zh, " and ".join(f"{i} ({merit} points, {amount.en})" for i, merit, amount in said)
        )

    def with_merit(self, some: Iterable[int]) -> Text:
        """Name some of one school, each with its merit."""
        said = [(self.facts.scored.round.ids[a], self.merit(a)) for a in some]
        zh, en = (f"{i}（{merit} 分）" for i, merit in said), (f"{i} ({m} points)" for i, m in said)
        return Text("、".join(zh), " and ".join(en))

    def goal(self, place: int) -> Text:
        """Name the priority a goal belongs to."""
        return self.facts.goal_priority(self.facts.steps[place].goal).spoken

    def cause(self, cause: int, rows: Sequence[Rows]) -> Text:
        """Name what forces an exchange, as `Exchanges.causes` numbers it."""
        if cause == DRAW:
            return Text("抽籤", "the draw")
        if cause == BETTER:
            return Text("未證明", "nothing that was proved")
        if cause >= len(rows):
            title = self.goal(cause - len(rows))
            return Text(f"優先順序「{title.zh}」", f'priority "{title.en}"')
        title = self._rule(rows[cause])
        return Text(f"規則「{title.zh}」", f'rule "{title.en}"')

    def causes(self, causes: Mapping[int, int], rows: Sequence[Rows]) -> Text:
        """Say what becomes of a list by several exchanges, the most frequent first, and how often."""
        often: Counter[Text] = Counter()
        for cause, count in sorted(causes.items()):  # several, of one rule, are one in words
            often[self.exchanged(cause, rows)] += count
        said = often.most_common()
        if len(said) == 1:
            what, count = said[0]
            return Text(f"均{what.zh}" if count > 1 else what.zh, what.en)
        zh = "、".join(f"{what.zh}者 {count:,} 件" for what, count in said)
        return Text(zh, ", ".join(f"{what.en} ({_often(count)})" for what, count in said))

    def instead_of(
        self, who: Text, causes: Counter[int], rows: Sequence[Rows], named: Text = EMPTY
    ) -> Text:
        """Say how many funded there are of a kind, and what becomes of the list with this one in the place of one.

        Parameters
        ----------
        who
            What they are: of a lower score, or of the same.
        causes
            How many exchanges each cause forces, as `Exchanges.causes` numbers them.
        rows
            The rules that causes are numbered by.
        named
            The same by name, where they may be named.
        """
        said, count = self.causes(causes, rows), causes.total()
        are = "application with {} was" if count == 1 else "applications with {} were"
        one, one_en = ("該件", "it") if count == 1 else ("其中一件", "one of them")
        zh, en = (f"：{named.zh}", f": {named.en}") if named else ("", "")
        return Text(
            f"{who.zh}而獲補助者 {count} 件{zh}；若以本案換下{one}：{said.zh}",
            f"{count} {are.format(who.en)} funded{en}; with this one in the place of {one_en}, "
            f"the list {said.en}",
        )

    def exchanged(self, cause: int, rows: Sequence[Rows]) -> Text:
        """Say what becomes of the list by an exchange, as `Exchanges.causes` numbers it."""
        if cause == DRAW:
            return Text("同樣好而由抽籤決定", "would be as good, and the draw decided")
        if cause == BETTER:
            return Text("未能證明較差", "is not proved to be worse")
        if cause >= len(rows):
            title = self.goal(cause - len(rows))
            return Text(f"使「{title.zh}」較差", f'would be worse by "{title.en}"')
        title = self._rule(rows[cause])
        return Text(f"違反「{title.zh}」", f'would break "{title.en}"')

    def _rule(self, rows: Rows) -> Text:
        rules = self.facts.case.policy.clauses
        return next(rule.spoken for rule in rules if rule.label == rows.clause)

    def worse(self, place: int) -> Text:
        """Say what a list that is the worse by a goal is like, and by which priority."""
        said, title = self.worse_alone(place), self.goal(place)
        return Text(f"{said.zh}：依「{title.zh}」", f'{said.en} (by "{title.en}")')

    def worse_alone(self, place: int) -> Text:
        """Say what a list that is the worse by a goal is like."""
        return self.facts.goal_priority(self.facts.steps[place].goal).worse

    def change(self, place: int, now: int, then: int) -> Text:
        """Say by how much a priority gets worse, and from what to what."""
        priority = self.facts.goal_priority(self.facts.steps[place].goal)
        scale, unit, title = (
            priority.people_scale(self.facts.scored.round),
            priority.unit(),
            self.goal(place),
        )
        before, after = Fraction(now) / scale, Fraction(then) / scale
        more, by = after > before, figure(abs(after - before))
        if priority.minimised:  # its unit says which way is better
            return Text(
                f"「{title.zh}」（{_in_brackets(unit.zh)}）由 {figure(before)} 變為 {figure(after)}，"
                f"{'增加' if more else '減少'} {by}",
                f'"{title.en}", {unit.en}, would go from {figure(before)} to {figure(after)}, '
                f"{by} {'more' if more else 'less'}",
            )
        return Text(
            f"「{title.zh}」由 {figure(before)} 變為 {figure(after)} {unit.zh}，"
            f"{'增加' if more else '減少'} {by}",
            f'"{title.en}" would go from {figure(before)} to {figure(after)} {unit.en}, '
            f"{by} {'more' if more else 'less'}",
        )


def _in_brackets(unit: str) -> str:
    """Return a unit without brackets of its own."""
    return unit.translate({ord("（"): "，", ord("）"): None})


def _often(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def short(en: str, *forms: str) -> Text:
    """Return the first Chinese form that is short enough for the telephone; the last one if none."""
    return Text(next((form for form in forms if len(form) <= SHORT), forms[-1][:SHORT]), en)


def nt(amount: int) -> Text:
    """Say an amount of money."""
    return Text(f"{money(amount)} 元", f"NT${money(amount)}")


def granted_of(asked: int, award: int) -> Text:
    """Say how much of a request is granted."""
    return Text(
        f"申請 {money(asked)} 元，核定 {money(award)} 元",
        f"NT${money(award)} of NT${money(asked)} requested",
    )


def cited(said: Text, section: str) -> Text:
    """Say something with the section of the plan that it comes from, if there is one."""
    return Text(f"{said.zh}（{section}）", f"{said.en} ({section})") if section else said
