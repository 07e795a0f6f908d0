"""What an official can do at the workbench, each a frozen value that can be written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from optimizer.desk.decisions import HandDecision, decided_otherwise
from optimizer.desk.departures import cleared, entries, taken_back
from optimizer.desk.ending import Close, Ending, Release, Revise
from optimizer.language.text import Text
from optimizer.policy.changes import Changes
from optimizer.policy.policy import Policy
from optimizer.problems.errors import PolicyError

Verdict = Literal["fund", "refuse", "open"]


@dataclass(frozen=True)
class SetKey:
    """A key gets another value, in the form that policy.toml has; keys as `Changes` names them."""

    key: str
    value: Any

    def changes(self, file: Policy, draft: Policy) -> Changes:
        """Return what is to be different."""
        return Changes({self.key: self.value})


@dataclass(frozen=True)
class Clear:
    """A key is left out, so that its default applies."""

    key: str

    def changes(self, file: Policy, draft: Policy) -> Changes:
        """Return what is to be different."""
        return cleared(draft, self.key)


@dataclass(frozen=True)
class Mend:
    """Several keys are set and rules dropped at once, as a way out of a conflict says."""

    values: Mapping[str, Any] = field(hash=False)
    drop: tuple[str, ...] = ()

    def changes(self, file: Policy, draft: Policy) -> Changes:
        """Return what is to be different."""
        return Changes(self.values, tuple(self.drop))


@dataclass(frozen=True)
class Drop:
    """A rule is taken out, e.g. ``priority.coverage``."""

    rule: str

    def changes(self, file: Policy, draft: Policy) -> Changes:
        """Return what is to be different."""
        return Changes(drop=(self.rule,))


@dataclass(frozen=True)
class Add:
    """A rule is added: its list, and its entry there with ``kind`` and keys."""

    section: Literal["clause", "priority"]
    entry: Mapping[str, Any] = field(hash=False)

    def changes(self, file: Policy, draft: Policy) -> Changes:
        """Return what is to be different."""
        stated = entries(draft, self.section).values()
        return Changes(replace={self.section: [*stated, dict(self.entry)]})


@dataclass(frozen=True)
class Order:
    """These priorities come first, in this order."""

    names: tuple[str, ...]

    def changes(self, file: Policy, draft: Policy) -> Changes:
        """Return what is to be different."""
        return Changes(order=tuple(self.names))


def moved(labels: Sequence[str], start: int, end: int) -> Order:
    """Return the order in which one priority stands where another did."""
    rest = [label for at, label in enumerate(labels) if at != start]
    return Order((*rest[:end], labels[start], *rest[end:]))


@dataclass(frozen=True)
class Decide:
    """An application is funded or refused by hand, or left to the rules again.

    Parameters
    ----------
    application_id, verdict
        Which one, and what is decided; ``open`` takes an earlier decision back.
    decided_by, reason
        Who, and why: both are needed for a decision.
    """

    application_id: str
    verdict: Verdict
    decided_by: str = ""
    reason: str = ""

    def changes(self, file: Policy, draft: Policy) -> Changes:
        """Return what is to be different.

        Raises
        ------
        PolicyError
            If nobody is named, or no reason is given.
        """
        decided = {
            "id": self.application_id.strip(),
            "reason": self.reason.strip(),
            "decided_by": self.decided_by.strip(),
        }
        if self.verdict != "open" and not all(decided.values()):
            raise PolicyError(_NO_GROUNDS)
        given = None if self.verdict == "open" else HandDecision(self.verdict, decided)
        return Changes(replace={"clause": decided_otherwise(draft, self.application_id, given)})


_NO_GROUNDS = Text(
    "人工核定須寫明決定者與理由。",
    "A decision by hand needs the name of who decides, and a reason.",
)


@dataclass(frozen=True)
class TakeBack:
    """One difference from the file is taken back; see `optimizer.desk.departures.Differs`."""

    part: str

    def changes(self, file: Policy, draft: Policy) -> Changes:
        """Return what is to be different."""
        return taken_back(file, draft, self.part)


@dataclass(frozen=True)
class Pin:
    """What stands now is kept under a name, and what follows is compared with it."""

    name: str


@dataclass(frozen=True)
class Unpin:
    """What was kept under a name is let go."""

    name: str


@dataclass(frozen=True)
class Rename:
    """What was kept under a name is called otherwise."""

    name: str
    to: str


@dataclass(frozen=True)
class Compare:
    """What follows is compared with what was kept under this name."""

    name: str


@dataclass(frozen=True)
class GoOn:
    """What was kept under a name stands again, and is gone on with."""

    name: str


@dataclass(frozen=True)
class Undo:
    """The last step is taken back."""


@dataclass(frozen=True)
class Redo:
    """The step that was taken back last is done again."""


@dataclass(frozen=True)
class Saved:
    """The policy as it stands has become the file's."""


@dataclass(frozen=True)
class Reread:
    """The files were read again, and say something else than they did.

    Parameters
    ----------
    policy
        The text of policy.toml now.
    gone
        Applications decided on by hand that stand in the files no longer.
    """

    policy: str
    gone: tuple[str, ...] = ()


Change = SetKey | Clear | Mend | Drop | Add | Order | Decide | TakeBack
Event = Change | Pin | Unpin | Rename | Compare | GoOn | Undo | Redo | Saved | Reread | Ending
KINDS: Mapping[str, type[Event]] = {
    "set": SetKey,
    "clear": Clear,
    "mend": Mend,
    "drop": Drop,
    "add": Add,
    "order": Order,
    "decide": Decide,
    "take_back": TakeBack,
    "pin": Pin,
    "unpin": Unpin,
    "rename": Rename,
    "compare": Compare,
    "go_on": GoOn,
    "undo": Undo,
    "redo": Redo,
    "saved": Saved,
    "reread": Reread,
    "close": Close,
    "revise": Revise,
    "release": Release,
}


def as_data(event: Event) -> dict[str, Any]:
    """Return an event as JSON has it."""
    name = next(name for name, kind in KINDS.items() if type(event) is kind)
    return {"event": name, **asdict(event)}


def from_data(data: Mapping[str, Any]) -> Event:
    """Return an event from what `as_data` made of it.

    Raises
    ------
    ValueError
        If it is none.
    """
    rest = {
        key: tuple(v) if isinstance(v, list) else v for key, v in data.items() if key != "event"
    }
    try:
        kind: Any = KINDS[str(data.get("event"))]
        event: Event = kind(**rest)
    except (KeyError, TypeError):
        raise ValueError(str(data)[:80]) from None
    return event
