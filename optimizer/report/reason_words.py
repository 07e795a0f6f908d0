"""What a reason names, in a few words: the very rule, for a policy may have several of one kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from optimizer.explain.reasons import Reason, reasons
from optimizer.foundation.frozen import kept_with
from optimizer.language.text import Text
from optimizer.report.result_columns import CODES, clause_titles, word_of

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation


@kept_with
def reason_words(allocation: Allocation) -> Mapping[str, Text]:
    """Return what the reason of every application names, by its application_id."""
    ids = map(str, allocation.case.records.applications["application_id"])
    titles, said = clause_titles(allocation), reasons(allocation)
    return {one: reason_word(reason, titles) for one, reason in zip(ids, said, strict=True)}


def reason_word(reason: Reason, titles: Mapping[str, Text]) -> Text:
    """Say what a reason names.

    Parameters
    ----------
    reason
        The reason; its code alone would not tell rules of one kind apart.
    titles
        What heads the findings of every rule, by its name: who is refused has a name for a code.
    """
    rule = reason.rule
    if rule is None:
        return word_of(reason.code, titles)
    if rule.withdraws and reason.why == "funded":
        return CODES["kept"]
    usual = CODES.get(rule.kind) if rule.spoken == rule.title else None
    return usual or rule.fault or rule.spoken
