"""Which rules contradict each other, by enumerating every award vector."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from helpers.rounds import every_decision

from optimizer.diagnose import Inequality
from optimizer.facts.audit import audit
from optimizer.policy.policy import Policy, make_policy
from optimizer.scoring.score import Scored
from optimizer.tables.case_words import term
from optimizer.tables.records import Records

Atom = tuple[str, str, str]  # label of the clause, sense, and the school or application


def _bounds(rule: Any, entry: dict[str, Any], records: Records) -> Iterator[dict[str, Any]]:
    """Yield every bound of every group of a quota as a quota of its own."""
    groups = [(term(v).en, {"value": v}) for v in rule.values(records)] or [("", {})]
    groups = groups if rule.values(records) or not rule.for_each else []
    left_out = (
        "at_least",
        "at_most",
        "exactly",
        *(("for_each", "without") if rule.for_each else ()),
    )
    kept = {name: value for name, value in entry.items() if name not in left_out}
    for key, sense in (("at_least", ">="), ("at_most", "<=")):
        bound = entry.get("exactly", entry.get(key))
        for about, group in groups:
            if bound is not None:
                yield {**kept, **group, key: bound, "name": f"{rule.label}|{sense}|{about}"}


def split(policy: Policy, records: Records) -> Policy:
    """Return the same policy with every bound and every decision by hand as a clause of its own."""
    clauses: list[dict[str, Any]] = []
    rules = [rule for rule in policy.clauses if rule.section == "clause"]
    for rule, entry in zip(rules, policy.document.get("clause", []), strict=True):
        if entry["kind"] == "fixed":
            for key, sense in (("fund", ">="), ("refuse", "<=")):
                clauses += [
                    {"kind": "fixed", key: [i], "name": f"{rule.label}|{sense}|{i}"}
                    for i in dict.fromkeys(one.id for one in getattr(rule, key))
                ]
        elif entry["kind"] == "quota":
            clauses += _bounds(rule, entry, records)
        else:
            clauses.append({**entry, "name": f"{rule.label}|<=|"})
    return make_policy({**policy.document, "clause": clauses})


def broken_sets(scored: Scored) -> list[frozenset[Atom]]:
    """Return, for every award vector, which inequalities it breaks; the smallest sets only."""
    policy = split(scored.screened.policy, scored.screened.records)
    names = [str(name) for name in scored.screened.records.schools["name"]]
    found = set()
    for decision in every_decision(scored.round):
        atoms = set()
        for violation in audit(scored.round, policy, decision):
            label, sense, about = ("pool", "<=", "")
            if violation.clause != "pool":
                label, sense, about = violation.clause.split("|")
            school = [n for n in names if violation.message.en.startswith(f"{n} receives")]
            atoms.add((label, sense, school[0] if school else about))
        found.add(frozenset(atoms))
    ordered = sorted(found, key=len)
    return [s for n, s in enumerate(ordered) if not any(o < s for o in ordered[:n])]


def atom(inequality: Inequality) -> Atom:
    """Name an inequality of the diagnosis the same way."""
    _, label, sense = inequality.part
    about = inequality.about.en
    if " must " in about:
        return label, sense, about.split(" must ")[0]
    return label, sense, "" if about.endswith(".") or about == "the pool" else about


def smallest(broken: Sequence[frozenset[Any]], universe: Sequence[Any]) -> list[frozenset[Any]]:
    """Return all smallest sets that no vector obeys: each vector breaks something in them."""
    for size in range(len(universe) + 1):
        found = [
            frozenset(chosen)
            for chosen in itertools.combinations(universe, size)
            if all(not b.isdisjoint(chosen) for b in broken)
        ]
        if found:
            return found
    return []


def true_conflicts(scored: Scored) -> list[tuple[set[frozenset[Atom]], bool]]:
    """Return the conflicts round by round: smallest in clauses, and then in inequalities."""
    broken = broken_sets(scored)
    left = sorted({a for b in broken for a in b})
    rounds = []
    while True:
        now = [frozenset(a for a in b if a in left) for b in broken]
        if any(not b for b in now):
            return rounds
        labels = sorted({label for label, _, _ in left})
        by_clause = [frozenset(label for label, _, _ in b) for b in now]
        found: set[frozenset[Atom]] = set()
        for clauses in smallest(by_clause, labels):
            inside = [a for a in left if a[0] in clauses]
            found |= set(smallest([b & set(inside) for b in now], inside))
        rounds.append(found)
        left = [a for a in left if not any(a in conflict for conflict in found)]
