"""What an official has before her, and what each thing that she does makes of it.

Pure functions from a state and an event to a state; no framework, no clock, no file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from optimizer.case.case import read_otherwise
from optimizer.desk import ending, events
from optimizer.desk.carried import Carried, carried
from optimizer.desk.decisions import freed
from optimizer.desk.departures import Differs, differences
from optimizer.desk.ending import Final, ended
from optimizer.desk.events import Event
from optimizer.desk.fields import change_told
from optimizer.desk.policy_file import policy_of
from optimizer.language.text import EMPTY, Text
from optimizer.policy.policy import Policy
from optimizer.problems.errors import UsageError

MOST_PINS = 6
FILE = ""  # the name of the pin that is the policy file


@dataclass(frozen=True)
class Pinned:
    """A policy that was kept under a name."""

    name: str
    policy: Policy


@dataclass(frozen=True)
class Present:
    """What undo goes back to.

    Parameters
    ----------
    draft
        The policy as it stands.
    pins
        What was kept, the oldest first.
    against
        The name of the pin that is compared with; empty for the policy file.
    """

    draft: Policy
    pins: tuple[Pinned, ...] = ()
    against: str = FILE


@dataclass(frozen=True)
class Did:
    """What somebody did to the policy.

    Parameters
    ----------
    who
        The name at the login.
    said
        What it made of it, in the words of then; nothing where it changed nothing.
    """

    who: str = ""
    said: Text = EMPTY

    @staticmethod
    def of(who: str, before: State, after: State) -> Did:
        """Return what leads from one state to the next."""
        return Did(who, change_told(before.draft, after.draft))


@dataclass(frozen=True)
class Verified:
    """A result that was written and verified.

    Parameters
    ----------
    seal
        Its seal.
    policy
        Under which it was made.
    files
        The case's files as they were then: name, time of change, size.
    """

    seal: str
    policy: Policy
    files: frozenset[tuple[str, int, int]]


@dataclass(frozen=True)
class State:
    """A case's policy at the workbench.

    Parameters
    ----------
    file
        What policy.toml says.
    now
        What stands.
    past, future
        What undo and redo go to, the nearest last.
    final
        What is final: the round's result, then every revision of it. Where there is any, the case
        is closed.
    reread
        What of the draft could not go on from the files when they were last read again; None where
        they said nothing else.
    ruled
        The policy file of what is final; None where nothing is, or it is not known.
    """

    file: Policy
    now: Present
    past: tuple[Present, ...] = ()
    future: tuple[Present, ...] = ()
    final: tuple[Final, ...] = ()
    reread: tuple[Text, ...] | None = None
    ruled: Policy | None = None

    @staticmethod
    def of(file: Policy) -> State:
        """Return the state in which nothing was done yet."""
        return State(file, Present(file))

    @property
    def draft(self) -> Policy:
        """The policy as it stands."""
        return self.now.draft

    @property
    def base(self) -> Policy:
        """The policy that is compared with."""
        return self.kept(self.now.against)

    def kept(self, name: str) -> Policy:
        """Return what was pinned under a name; the file's policy where nothing was."""
        return {pin.name: pin.policy for pin in self.now.pins}.get(name, self.file)

    @property
    def other_rules(self) -> tuple[Differs, ...]:
        """What the policy file says otherwise than that of what is final."""
        return differences(self.ruled, self.file) if self.ruled else ()

    @property
    def only_more_money(self) -> bool:
        """Whether nothing but more money is what the policy file says otherwise than that of what is final."""
        if self.ruled is None or {part.part for part in self.other_rules} != {"pool.amount"}:
            return False
        return self.file.settings.pool.amount > self.ruled.settings.pool.amount

    @property
    def differences(self) -> tuple[Differs, ...]:
        """What differs from the file."""
        return differences(self.file, self.draft)


def step(state: State, event: Event) -> State:
    """Return what an event makes of a state; the same state where it changes nothing.

    Raises
    ------
    PolicyError
        With everything that is wrong with the policy then.
    UsageError
        If it names no pin, or there are as many pins as can be; if the case is closed to it.
    """
    if state.final and not isinstance(event, _AFTERWARDS):
        raise UsageError(CLOSED)
    match event:
        case events.Undo():
            return _undone(state)
        case events.Redo():
            return _redone(state)
        case events.Saved():
            return _comparable(replace(state, file=state.draft))
        case events.Reread(text, gone):
            return _reread(state, policy_of(text, state.file.file), frozenset(gone))
        case ending.Close() | ending.Revise() | ending.Release():
            final = ended(state.final, event)
            ruled = state.file if final else None
            return replace(state, final=final, past=(), future=(), ruled=ruled)
        case events.Pin(name):
            now = _pinned(state.now, name.strip())
        case events.Unpin(name):
            now = _unpinned(state.now, name)
        case events.Rename(name, to):
            now = _renamed(state.now, name, to.strip())
        case events.Compare(name):
            now = replace(_known(state.now, name), against=name)
        case events.GoOn(name):
            now = replace(_known(state.now, name), draft=state.kept(name))
        case _:
            changes = event.changes(state.file, state.draft)
            now = replace(state.now, draft=state.draft.changed(changes, state.file.file))
    return _moved(state, now)


_AFTERWARDS = (
    events.Pin | events.Unpin | events.Compare | events.Reread | ending.Revise | ending.Release
)
CLOSED = Text(
    "本案已定案，規則與核定不再更動；撤回、減列與經費增減請在「定案」以修正辦理。",
    "The case is closed: its rules and awards stay as they are. Withdrawals, reduced awards and a new "
    "pool are entered as a revision, under Finish.",
)


def _reread(state: State, file: Policy, gone: frozenset[str]) -> State:
    """Go on from files that say something else; pins keep their rules, and undo its steps."""
    known: dict[Policy, Carried] = {}

    def on(present: Present) -> Present:
        draft = present.draft
        if draft not in known:
            known[draft] = carried(state.file, draft, file, gone)
        pins = tuple(replace(pin, policy=freed(pin.policy, gone)) for pin in present.pins)
        return replace(present, draft=known[draft].policy, pins=pins)

    now = on(state.now)
    past, future = (tuple(map(on, ones)) for ones in (state.past, state.future))
    left = known[state.draft].left
    gone_on = replace(state, file=file, now=now, past=past, future=future, reread=left)
    return _comparable(gone_on)


def _comparable(state: State) -> State:
    """Compare with the file where the marks, as they are read now, do not fit what was pinned."""
    if read_otherwise(state.file, state.base):
        return replace(state, now=replace(state.now, against=FILE))
    return state


def _moved(state: State, now: Present) -> State:
    if now == state.now:
        return state
    return replace(state, now=now, past=(*state.past, state.now), future=())


def _undone(state: State) -> State:
    if not state.past:
        return state
    *past, now = state.past
    return replace(state, now=now, past=tuple(past), future=(*state.future, state.now))


def _redone(state: State) -> State:
    if not state.future:
        return state
    *future, now = state.future
    return replace(state, now=now, past=(*state.past, state.now), future=tuple(future))


def _pinned(now: Present, name: str) -> Present:
    others = tuple(pin for pin in now.pins if pin.name != name)
    if not name:
        raise UsageError(Text("釘選須有名稱。", "What is pinned needs a name."))
    if any(pin.name == name and pin.policy != now.draft for pin in now.pins):
        raise UsageError(
            Text(
                f"已有名為「{name}」的情境，內容不同；請改用其他名稱，或先移除原有的。",
                f"There is another scenario named {name!r}: choose another name, or remove that one first.",
            )
        )
    if len(others) == MOST_PINS:
        raise UsageError(
            Text(
                f"最多可釘選 {MOST_PINS} 個情境；請先移除一個。",
                f"{MOST_PINS} scenarios are pinned, the most there can be; remove one first.",
            )
        )
    return replace(now, pins=(*others, Pinned(name, now.draft)), against=name)


def _unpinned(now: Present, name: str) -> Present:
    _known(now, name)
    others = tuple(pin for pin in now.pins if pin.name != name)
    return replace(now, pins=others, against=FILE if now.against == name else now.against)


def _renamed(now: Present, name: str, to: str) -> Present:
    _known(now, name)
    if not to or (to != name and to in [pin.name for pin in now.pins]):
        raise UsageError(
            Text(
                f"情境須有名稱，且不得與其他情境相同；「{to}」不能用。",
                f"A scenario needs a name of its own; {to!r} cannot be used.",
            )
        )
    pins = tuple(replace(pin, name=to) if pin.name == name else pin for pin in now.pins)
    return replace(now, pins=pins, against=to if now.against == name else now.against)


def _known(now: Present, name: str) -> Present:
    """Return the same if something is pinned under a name, or it is the file's."""
    if name != FILE and name not in [pin.name for pin in now.pins]:
        raise UsageError(Text(f"沒有名為「{name}」的情境。", f"No scenario is pinned as {name!r}."))
    return now
