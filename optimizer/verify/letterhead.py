"""The head of a report, made anew of a bureau's templates, which are no part of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from optimizer.language.text import Text
from optimizer.problems.errors import Problem, UsageError
from optimizer.result.allocation import Allocation
from optimizer.stationery.head import Head, report_head
from optimizer.verify.reread import in_summary

TEMPLATES = "templates"


def head_of(
    document: Mapping[str, Any], allocation: Allocation, templates: str | Path | None
) -> tuple[Head | None, list[Problem]]:
    """Return the head that the report should have, and what keeps it from being known.

    Raises
    ------
    UsageError
        If templates were used and are not given.
    PolicyError, TemplateError
        If the templates cannot be used.
    """
    said = document.get(TEMPLATES)
    if templates is None:
        if said is not None:
            raise UsageError(_NEEDED)
        return None, []
    plan = allocation.case.policy.settings.plan
    head = report_head(Path(templates), plan, allocation.language)
    if said == [asdict(source) for source in head.sources]:
        return head, []
    return None, [in_summary("templates", _OTHERS, TEMPLATES)]


_NEEDED = Text(
    "這份報告的首頁係以機關範本製作，請以 --templates（Python：templates=）指定該資料夾，方能核對。",
    "The head of this report was made of the bureau's templates: name their folder with --templates "
    "(Python: templates=), to have it checked.",
)
_OTHERS = Text("所指定之範本並非製作此結果者", "was not made with the templates that were given")
