"""The bureau's own words: bureau.toml in the folder of templates, one table a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from optimizer.language.text import Language, Text
from optimizer.policy.parse import adapter
from optimizer.policy.problems import value_problem
from optimizer.problems.errors import PolicyError, Problem, defect, one_of
from optimizer.problems.likeness import closest, did_you_mean
from optimizer.reading.toml import read_toml
from optimizer.tables.settings import FORBID_UNKNOWN_KEYS

FILE = "bureau.toml"
_UNUSABLE = Text("機關文字檔無法使用", "the bureau's own words cannot be used")


@dataclass(frozen=True)
class Bureau:
    """What only the bureau can say.

    Parameters
    ----------
    agency
        The agency that sends the letter.
    address, contact
        Where it is, and whom to ask: one entry a line.
    speed, secrecy, attachments
        The lines 速別, 密等, 附件 of the form.
    basis
        What the plan is called in a sentence, where it has no title.
    conditions
        What the funded have to observe.
    due
        What they hand in at the end.
    ask, object
        How to ask, and how to object.
    copies
        Who else receives the letter.
    signature
        The office of whoever signs; the name is left open.
    """

    __pydantic_config__ = FORBID_UNKNOWN_KEYS

    agency: str
    address: str
    contact: tuple[str, ...]
    speed: str
    secrecy: str
    attachments: str
    basis: str
    conditions: tuple[str, ...]
    due: tuple[str, ...]
    ask: str
    object: str
    copies: tuple[str, ...]
    signature: str

    @property
    def words(self) -> Mapping[str, Any]:
        """What a template sees of it."""
        return asdict(self)


def read_bureau(folder: Path, language: Language) -> Bureau:
    """Read one language of a folder's bureau.toml.

    Raises
    ------
    PolicyError
        With every key that is missing, unknown or wrong, and its line.
    """
    path = folder / FILE
    toml = read_toml(path, _UNUSABLE)
    problems: list[Problem] = []
    table = toml.document.get(language)
    if not isinstance(table, Mapping):
        problems = [
            defect(
                "missing_table",
                Text("缺少這一種語言的文字", "has no words in this language"),
                hint=Text(f"請加上 [{language}] 一節。", f"Add a table [{language}]."),
                column=language,
            )
        ]
    else:
        try:
            return adapter(Bureau).validate_python(table)
        except ValidationError as error:
            problems = [_problem(detail, language) for detail in error.errors()]
    placed = [replace(p, file=path.name) for p in problems]
    raise toml.with_lines(PolicyError(_UNUSABLE, placed))


def _problem(detail: Any, language: Language) -> Problem:
    problem = value_problem(detail, (language,), Bureau)
    if problem.code != "unknown_key":
        return problem
    known = [field.name for field in fields(Bureau)]
    near = closest(str(detail["loc"][-1]), known)
    return replace(problem, expected=one_of(known), hint=did_you_mean(near))
