"""Why a clause of a conflict cannot be kept, or how far it can, in words."""

from __future__ import annotations

from optimizer.clauses import Clause
from optimizer.clauses.column_sums import AMOUNT, measured_words
from optimizer.diagnose.attainable import Figure
from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import Severity
from optimizer.scoring.score import Scored


def note(
    rule: Clause, scored: Scored, about: tuple[Text, ...], figure: Figure | None, only: bool
) -> Text:
    """Say why a rule cannot be kept, or how far it can while all others are.

    Parameters
    ----------
    about
        What the rule is about here.
    figure
        How far it can be met, if that is counted.
    only
        Whether there is only one conflict.
    """
    refused = _not_eligible(rule, scored, about)
    if refused or figure is None:
        return refused
    if not figure.settled:
        return Text("能做到什麼程度，未及算定。", "How far it can be met was not settled in time.")
    few = _too_few(figure)
    if figure.value is None:
        alone = Text("僅調整這條規則還不夠。", "Changing this rule alone is not enough.")
        return few or (alone if only else EMPTY)
    if few and figure.supply == figure.value:
        return few
    return Text(
        f"{few.zh}其他規則都遵守時，{figure.said.zh}。",
        f"{few.en}{' ' if few else ''}With all other rules kept, {figure.said.en}.",
    )


def _too_few(figure: Figure) -> Text:
    if figure.supply is None:
        return EMPTY
    if not figure.supply:
        return Text("沒有任何一件符合資格。", "None that would count is eligible.")
    said = amount(figure.supply, figure.unit)
    if figure.unit == "applications":
        return Text(
            f"符合資格的只有 {said.zh}。",
            f"No more than {said.en} can be funded: no others are eligible.",
        )
    if figure.unit == "NT$":
        return Text(
            f"符合資格的合計最多只能核給 {said.zh}。",
            f"All that are eligible may get no more than {said.en}.",
        )
    return Text(
        f"符合資格的只有{said.zh}。", f"All that are eligible come to no more than {said.en}."
    )


def amount(value: int, unit: str) -> Text:
    """Say a number of applications, NT$, or so much of a column."""
    if unit == "applications":
        return Text(f"{value} 件", f"{value} application{'' if value == 1 else 's'}")
    return measured_words(value, AMOUNT if unit == "NT$" else unit)


def _not_eligible(rule: Clause, scored: Scored, about: tuple[Text, ...]) -> Text:
    """Say why an application that must be funded is not eligible."""
    known = scored.screened.records.applications["application_id"]
    refused = [r for r in scored.remarks if r.finding.severity is Severity.REFUSAL]
    zh, en = [], []
    for application_id in rule.asked_for(about):
        if application_id in scored.round.ids:
            continue
        why = [r.finding.message for r in refused if known[r.finding.application] == application_id]
        zh.append(f"{application_id} 不符資格：{'；'.join(text.zh for text in why)}。")
        en.append(f"{application_id} is not eligible: {'; '.join(text.en for text in why)}.")
    return Text("".join(zh), " ".join(en))
