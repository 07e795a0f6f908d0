"""What screening found, as problems with their places."""

from __future__ import annotations

from optimizer.problems.errors import Problem, Severity, problem_of
from optimizer.scoring.score import Scored


def screening_problems(scored: Scored) -> list[Problem]:
    """Return every refusal and flag as a problem with its place in the file."""
    records = scored.screened.records
    applications = records.applications
    found = list(scored.screened.notes)
    for remark in scored.remarks:
        finding = remark.finding
        found.append(
            problem_of(
                finding.severity,
                remark.clause,
                finding.message,
                expected=finding.expected,
                file=records.table_of(finding.column),
                row=records.line(finding.application, finding.column),
                column=finding.column,
                value=finding.value,
                application_id=str(applications["application_id"].iloc[finding.application]),
                reference=remark.reference,
            )
        )
    order = {Severity.ERROR: 0, Severity.REFUSAL: 1, Severity.FLAG: 2}
    return sorted(found, key=lambda p: (order[p.severity], p.application_id))
