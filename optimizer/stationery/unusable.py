"""The error of templates that cannot be used."""

from __future__ import annotations

from optimizer.language.text import Text
from optimizer.problems.errors import Problem, TemplateError

_UNUSABLE = Text("函稿範本無法使用", "the templates of the letters cannot be used")


def unusable(problems: list[Problem]) -> TemplateError:
    """Return the error of templates that cannot be used."""
    return TemplateError(_UNUSABLE, problems)
