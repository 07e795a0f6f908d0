"""Single decisions by hand: which application, who decided on it, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator

from optimizer.language.text import Text, joined
from optimizer.tables.settings import FORBID_UNKNOWN_KEYS

LISTED = 10  # decisions of one conflict that are named


@dataclass(frozen=True)
class Decided:
    """One application on a list of decisions by hand.

    Parameters
    ----------
    id
        Its application_id.
    reason, decided_by
        Why, and who decided; blank where the rule's own apply.
    """

    __pydantic_config__ = FORBID_UNKNOWN_KEYS

    id: str
    reason: str = ""
    decided_by: str = ""

    @property
    def has_grounds(self) -> bool:
        """Whether it says itself why, or who decided."""
        return bool(self.reason or self.decided_by)

    @property
    def written(self) -> str | dict[str, str]:
        """Itself as policy.toml has it: an id, or a table with what is its own."""
        own = {"reason": self.reason, "decided_by": self.decided_by}
        given = {name: words for name, words in own.items() if words}
        return {"id": self.id, **given} if given else self.id


def to_entry(value: Any) -> Any:
    """Read a plain id as an entry without grounds of its own.

    Raises
    ------
    ValueError
        If it is neither an id nor a table.
    """
    if isinstance(value, str):
        return Decided(value)
    if isinstance(value, Decided | Mapping):
        return value
    raise ValueError("string_type")


Entries = tuple[Annotated[Decided, BeforeValidator(to_entry)], ...]


def grounds(decided_by: str, reason: str) -> Text:
    """Say who decided, and why."""
    if not (decided_by or reason):
        return Text("未載明決定者與理由", "nobody named, no reason given")
    return Text(
        f"{decided_by or '未載明決定者'}：{reason or '未載明理由'}",
        f"{decided_by or 'nobody named'}: {reason or 'no reason given'}",
    )


def in_brackets(said: Text) -> Text:
    """Put a remark in brackets behind what it is about."""
    return Text(f"（{said.zh}）", f" ({said.en})")


def must(application_id: str) -> Text:
    """Say that an application must be funded."""
    return Text(f"指定補助 {application_id}", f"{application_id} must be funded")


def must_not(application_id: str) -> Text:
    """Say that an application must not be funded."""
    return Text(f"指定不補助 {application_id}", f"{application_id} must not be funded")


def listed(said: Iterable[Text]) -> Text:
    """Say the first of many decisions, and how many others there are."""
    every = list(said)
    if (more := len(every) - LISTED) <= 0:
        return joined(every)
    return joined([*every[:LISTED], Text(f"…（另 {more} 件）", f"… ({more} more)")])
