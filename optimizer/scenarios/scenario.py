"""A scenario: named changes to a policy, and the policy that they make of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from optimizer.language.text import Text
from optimizer.policy.changes import Changes
from optimizer.policy.policy import Policy
from optimizer.problems.arguments import check_fields
from optimizer.problems.errors import PolicyError, defect

_FIXED = ("review.criteria", "review.lowest")  # the marks were read and checked under these


@dataclass(frozen=True)
class Scenario:
    """Named changes to a policy.

    Parameters
    ----------
    name
        What results call it; the text of whoever wrote the file.
    changes
        What is different.
    base
        The scenario whose policy it changes; empty for the policy as it is.
    file
        Where its problems are said to stand: its file's name, or what made it.

    Examples
    --------
    >>> first, *others = read_scenarios("trial/scenarios.toml")
    >>> first.name, dict(first.changes.values)
    ('smaller pool', {'pool.amount': 37000})
    """

    name: str
    changes: Changes = field(default_factory=Changes)
    base: str = ""
    file: str = field(default="Scenario", compare=False)

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def place(self) -> str:
        """Where its problems stand: the file, and its name in brackets as that of a sheet."""
        return f"{self.file}[{self.name}]"


def apply(policy: Policy, scenario: Scenario) -> Policy:
    """Return the policy of a scenario.

    Raises
    ------
    PolicyError
        With every unknown key and name, and every value that cannot be.
    """
    where = scenario.place
    fixed = [key for key in scenario.changes.values if _is_fixed(key, scenario.changes)]
    columns = [*(f"set.{key}" for key in fixed), *_replaced(scenario.changes)]
    problems = [defect("fixed_key", _FIXED_KEY, file=where, column=column) for column in columns]
    others = {k: v for k, v in scenario.changes.values.items() if k not in fixed}
    try:
        made = policy.changed(replace(scenario.changes, values=others), where)
    except PolicyError as error:
        raise PolicyError(error.message, [*problems, *error.problems]) from None
    if problems:
        raise PolicyError(
            Text("情境不能改變評分的讀法", "a scenario cannot change how marks are read"), problems
        )
    return made


_FIXED_KEY = Text(
    "評分表已依原計畫讀入，不能在情境中改變；請用另一份計畫檔",
    "the marks have been read under the policy as it is; use another policy file",
)


def _replaced(changes: Changes) -> list[str]:
    return ["replace.review"] if "review" in changes.replace else []


def _is_fixed(key: str, changes: Changes) -> bool:
    if key == "review.missing":
        return bool(changes.values[key] == "error")
    return key == "review" or any(key == name or key.startswith(f"{name}.") for name in _FIXED)
