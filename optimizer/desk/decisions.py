"""Decisions by hand as a policy states them, one an application."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from optimizer.clauses import registry
from optimizer.desk.departures import Entry, entries
from optimizer.language.text import Text
from optimizer.policy.changes import Changes
from optimizer.policy.policy import Policy

_LISTS: tuple[Literal["fund"], Literal["refuse"]] = ("fund", "refuse")


_VERDICTS = {
    "fund": Text("指定補助", "funded"),
    "refuse": Text("指定不補助", "refused"),
    "open": Text("取消核定，依規則決定", "left to the rules again"),
}


@dataclass(frozen=True)
class HandDecision:
    """What is decided of one application, and its entry in policy.toml: id, reason, who decides."""

    verdict: Literal["fund", "refuse"]
    entry: Entry = field(hash=False)


def by_hand() -> str:
    """Return the kind of the rule that keeps decisions by hand."""
    return next(
        kind
        for (_, kind), rule in registry().items()
        if rule.by_hand and set(_LISTS) <= {key.name for key in rule.own_keys()}
    )


def decisions_of(policy: Policy) -> dict[str, HandDecision]:
    """Return every decision by hand that a policy states, by its application, with its own grounds."""
    kind = by_hand()
    return {
        _id(one): HandDecision(verdict, _grounded(entry, one))
        for entry in entries(policy, "clause").values()
        if entry["kind"] == kind
        for verdict in _LISTS
        for one in entry.get(verdict, ())
    }


def parts_by_hand(policy: Policy) -> Iterator[str]:
    """Yield the parts of a policy, see `Differs`, that say nothing but decisions by hand."""
    kind = by_hand()
    for label, entry in entries(policy, "clause").items():
        if entry["kind"] == kind:
            yield from (f"clause.{label}", *(f"clause.{label}.{verdict}" for verdict in _LISTS))


def _grounded(entry: Entry, one: Any) -> Entry:
    """Return an entry of a list with the reason and name that hold for it."""
    own: Entry = {} if isinstance(one, str) else one
    said = {name: own.get(name) or entry.get(name, "") for name in ("reason", "decided_by")}
    return {"id": _id(one), **{name: value for name, value in said.items() if value}}


def decided_otherwise(
    policy: Policy, application_id: str, decision: HandDecision | None
) -> list[Entry]:
    """Return the rules of a policy with another decision on one application; None for none at all."""
    kind, stated = by_hand(), list(entries(policy, "clause").values())
    freed = [_without(e, application_id) if e["kind"] == kind else e for e in stated]
    kept = [e for e in freed if e["kind"] != kind or e.get("fund") or e.get("refuse")]
    return kept if decision is None else _decided(kept, kind, decision)


def freed(policy: Policy, ids: Iterable[str]) -> Policy:
    """Return a policy that decides nothing on some applications."""
    for one in ids:
        if one in decisions_of(policy):
            rules = decided_otherwise(policy, one, None)
            policy = policy.changed(Changes(replace={"clause": rules}), policy.file)
    return policy


def _without(entry: Entry, application_id: str) -> Entry:
    """Return a list of decisions that says nothing of one application."""
    lists = {
        name: [one for one in entry.get(name, ()) if _id(one) != application_id] for name in _LISTS
    }
    rest = {key: value for key, value in entry.items() if key not in lists}
    return {**rest, **{name: listed for name, listed in lists.items() if listed}}


def _id(one: Any) -> str:
    return one if isinstance(one, str) else str(one["id"])


def _decided(stated: list[Entry], kind: str, decision: HandDecision) -> list[Entry]:
    """Return the rules with one more decision, in the first list of decisions that there is."""
    at = next((n for n, entry in enumerate(stated) if entry["kind"] == kind), len(stated))
    known: Entry = stated[at] if at < len(stated) else {"kind": kind}
    listed = [*known.get(decision.verdict, ()), dict(decision.entry)]
    return [*stated[:at], {**known, decision.verdict: listed}, *stated[at + 1 :]]


def decision_told(application_id: str, verdict: str) -> Text:
    """Say a decision by hand without its grounds; ``open`` is one that was taken back."""
    said = _VERDICTS[verdict]
    return Text(f"人工核定 {application_id}：{said.zh}", f"by hand, {application_id}: {said.en}")
