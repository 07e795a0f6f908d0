"""Why applications are not eligible, rule by rule, and what each has to see to next year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optimizer.clauses import Clause
from optimizer.language.text import EMPTY, Text
from optimizer.scoring.remarks import refusals_of
from optimizer.scoring.screening import named

if TYPE_CHECKING:
    from optimizer.scoring.score import Scored
    from optimizer.scoring.screening import Remark

_NO_RULE = {  # what the program finds by itself, by the label of the remark: its name, what to see to
    "unit": (
        Text("申請金額", "Amount asked for"),
        Text("請確認申請金額{asked}", "ask for {asked}"),
    ),
    "award": (
        Text("補助級距", "Grade"),
        Text(
            "請充實計畫內容，使審查分數達補助級距（{asked}）",
            "improve the plan until its merit reaches a grade ({asked})",
        ),
    ),
    "review": (Text("審查分數", "Merit"), Clause.later),
}


@dataclass(frozen=True)
class Refusal:
    """A rule that an application does not meet.

    Parameters
    ----------
    rule
        What people call it.
    found, asked
        What was found, with the figures, and what is required; empty where nothing could be done.
    section
        Of the plan.
    by_merit
        Whether it is about what the reviewers said.
    later
        What to see to next year, as the rule words it (`Clause.later`).
    """

    rule: Text
    found: Text
    asked: Text
    section: str
    by_merit: bool
    later: Text = Clause.later

    @property
    def next_time(self) -> Text:
        """What to see to in the next application; empty where there is nothing."""
        if not self.asked:
            return EMPTY
        rule, asked, said = self.rule, self.asked, self.later
        return Text(
            said.zh.replace("{rule}", rule.zh).replace("{asked}", asked.zh),
            said.en.replace("{rule}", rule.en).replace("{asked}", asked.en),
        )


def refusals(scored: Scored) -> dict[int, list[Refusal]]:
    """Return the rules that refuse each application, by its row, in the order they were asked."""
    said = refusals_of(scored).items()
    return {row: [_refusal(scored, remark) for remark in remarks] for row, remarks in said}


def _refusal(scored: Scored, remark: Remark) -> Refusal:
    rule, finding = named(scored.screened.policy.rules, remark.clause), remark.finding
    title, later = _NO_RULE.get(remark.clause, (EMPTY, Clause.later))
    return Refusal(
        rule.spoken if rule else title,
        finding.message,
        finding.expected,
        section=remark.reference,
        by_merit=rule.section == "review" if rule else remark.clause != "unit",
        later=rule.later if rule else later,
    )
