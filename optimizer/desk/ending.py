"""How a round ends: its result is final; from then on it can only be revised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from optimizer.language.text import Text
from optimizer.problems.errors import UsageError


@dataclass(frozen=True)
class Final:
    """A result that is final: the name of its folder, and its seal."""

    folder: str
    seal: str


@dataclass(frozen=True)
class Close:
    """The round is final: its result is written, verified and sealed.

    Parameters
    ----------
    folder, seal
        The name of the result's folder, and its seal.
    decided_by, reason
        Who decides, and on what grounds.
    """

    folder: str
    seal: str
    decided_by: str
    reason: str


@dataclass(frozen=True)
class Revise:
    """What was final is revised, nothing taken back; see `optimizer.revisions`.

    Parameters
    ----------
    folder, seal
        The name of the revision's folder, and its seal.
    decided_by, reason
        Who decides, and on what grounds.
    withdraw, reduce, pool, paid
        What has changed since, as `revise` takes it.
    """

    folder: str
    seal: str
    decided_by: str
    reason: str
    withdraw: tuple[str, ...] = ()
    reduce: Mapping[str, int] = field(default_factory=dict, hash=False)
    pool: int | None = None
    paid: Mapping[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Release:
    """What was final and is not published yet is open again."""

    decided_by: str
    reason: str


Ending = Close | Revise | Release


def ended(final: tuple[Final, ...], event: Ending) -> tuple[Final, ...]:
    """Return what is final after an end, a revision, or the taking back of an end.

    Raises
    ------
    UsageError
        If nobody is named or no reason is given, or it does not follow on what is final.
    """
    if not (event.decided_by.strip() and event.reason.strip()):
        raise UsageError(_NO_GROUNDS)
    if isinstance(event, Revise) and not final:
        raise UsageError(_NOT_CLOSED)
    if isinstance(event, Release):
        if len(final) > 1:
            raise UsageError(REVISED)
        return ()
    return (*final, Final(event.folder, event.seal))


_NO_GROUNDS = Text("須寫明決定者與理由。", "This needs the name of who decides, and a reason.")
_NOT_CLOSED = Text(
    "尚未定案，無從修正；請直接更改規則。",
    "The case is not closed, so there is nothing to revise: change the rules themselves.",
)
REVISED = Text(
    "已有修正，定案不得撤銷；請再以修正辦理。",
    "The case has been revised and cannot be opened again; enter another revision.",
)
