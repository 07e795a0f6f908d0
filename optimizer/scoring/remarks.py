"""What screening found, as problems with their places."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from optimizer.language.text import Text
from optimizer.language.words import how_many
from optimizer.problems.errors import Problem, Severity, flag, problem_of
from optimizer.scoring.score import Scored
from optimizer.scoring.screening import Remark


def refusals_of(scored: Scored) -> dict[int, list[Remark]]:
    """Return what refuses applications, by their rows; that one has withdrawn comes first."""
    leave = {rule.label for rule in scored.screened.policy.clauses if rule.withdraws}
    found: dict[int, list[Remark]] = {}
    for remark in sorted(scored.remarks, key=lambda remark: remark.clause not in leave):
        if remark.finding.severity is Severity.REFUSAL:
            found.setdefault(remark.finding.application, []).append(remark)
    return found


def screening_problems(scored: Scored) -> list[Problem]:
    """Return every refusal and flag as a problem with its place in the file."""
    records = scored.screened.records
    ids = records.applications["application_id"].to_list()
    place_of = cache(records.place_of)
    found = [*scored.screened.notes, *_untrimmed(scored)]
    for remark in scored.remarks:
        finding = remark.finding
        file, rows = place_of(finding.column)
        found.append(
            problem_of(
                finding.severity,
                remark.clause,
                finding.message,
                expected=finding.expected,
                file=file,
                row=rows[finding.application] if rows else None,
                column=finding.column,
                value=finding.value,
                application_id=ids[finding.application],
                reference=remark.reference,
            )
        )
    order = {Severity.ERROR: 0, Severity.REFUSAL: 1, Severity.FLAG: 2}
    return sorted(found, key=lambda p: (order[p.severity], p.application_id))


def _untrimmed(scored: Scored) -> Iterator[Problem]:
    """Flag a trimmed mean that has too few reviews of some applications to leave all it should out."""
    review = scored.screened.records.settings.review
    reviews = scored.scores.present.sum(axis=1)
    needed = 2 * review.trim + 1
    short = int(((reviews > 0) & (reviews < needed)).sum())
    if review.aggregate == "trimmed_mean" and short:
        yield flag(
            "untrimmed",
            Text(
                f"有 {short} 件申請的評分不足 {needed} 份，無法去掉最高、最低各 {review.trim} 份；"
                "只有 1 或 2 份者，即為一般平均",
                f"{how_many(short, 'application has', 'applications have')} fewer than {needed} reviews: {review.trim} of the "
                "highest and of the lowest totals cannot be left out; of one or two reviews it is "
                "the plain mean",
            ),
            expected=Text(f"每件至少 {needed} 份評分", f"{needed} reviews of each at least"),
            hint=Text(
                "若評分未齊，請補齊；否則可改用 mean 或 median。",
                "If reviews are missing, add them; or else use mean or median.",
            ),
            file=scored.screened.policy.file,
            column="review.aggregate",
            value=review.aggregate,
        )
