"""Why each application got what it got, and what would have had to differ."""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.explain.explanation import Explanation, Statement, Status
from optimizer.explain.reasons import reasons
from optimizer.facts.certified import Certified
from optimizer.solving.options import Options


def explain_all(facts: Certified, ids: Sequence[str] | None, options: Options) -> list[Explanation]:
    """Explain applications by the reasons of the list alone."""
    awards = dict(zip(facts.scored.round.ids, facts.decision.award.tolist(), strict=True))
    found = []
    for own_id, reason in zip(
        facts.case.records.applications["application_id"], reasons(facts), strict=True
    ):
        award = int(awards.get(own_id, 0))
        status: Status = "ineligible" if own_id not in awards else "not_funded"
        because = Statement(reason.code, reason.text, reason.text)
        found.append(Explanation(str(own_id), "funded" if award else status, award, because))
    by_id = {one.application_id: one for one in found}
    return found if ids is None else [by_id[own_id] for own_id in ids]
