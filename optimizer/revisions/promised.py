"""The promise of a revision: of a published result and what has happened since, as one rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from optimizer.case.case import Case
from optimizer.case.digest import dotted
from optimizer.clauses.promise import Promise
from optimizer.policy.policy import make_policy
from optimizer.revisions.published import Published

_PLACE = ("clause", Promise.kind)


def promise(
    published: Published,
    withdrawn: tuple[str, ...],
    reduced: Mapping[str, int],
    paid: Mapping[str, int],
) -> Promise:
    """Return what everyone keeps of a published result."""
    kept = {
        one: min(award, reduced.get(one, award))
        for one, award in published.funded.items()
        if one not in withdrawn
    }
    return Promise(
        kept=kept,
        withdrawn=tuple(sorted(withdrawn)),
        reduced=dict(sorted(reduced.items())),
        paid=dict(sorted(paid.items())),
        parent=published.seal,
    )


def promise_of(published: Published) -> Promise:
    """Return the promise under which a result was made, by its own policy; an empty one if none."""
    keys = published.content["policy"]["keys"]

    def money(name: str) -> dict[str, int]:
        places = {row[0]: dotted((*_PLACE, name, row[0])) for row in published.awards}
        return {one: int(keys[place]) for one, place in places.items() if place in keys}

    withdrawn = tuple(json.loads(keys.get(dotted((*_PLACE, "withdrawn")), "[]")))
    return Promise(
        kept=money("kept"),
        withdrawn=withdrawn,
        reduced=money("reduced"),
        paid=money("paid"),
        parent=published.parent,
    )


def under(case: Case, rule: Promise, pool: int) -> Case:
    """Return a case with another pool, and the promise among its rules."""
    document = case.policy.document
    stated = {
        "kind": Promise.kind,
        "kept": rule.kept,
        "withdrawn": list(rule.withdrawn),
        "reduced": rule.reduced,
        "paid": rule.paid,
        "parent": rule.parent,
    }
    changed = {**document, "clause": [*document.get("clause", []), stated]}
    return with_pool(case.under(make_policy(changed, case.policy.file)), pool)


def with_pool(case: Case, pool: int) -> Case:
    """Return a case with another pool."""
    document = case.policy.document
    changed = {**document, "pool": {**document["pool"], "amount": pool}}
    return case.under(make_policy(changed, case.policy.file))


def promised(case: Case) -> Promise:
    """Return the promise among the rules of a case."""
    return next(rule for rule in case.policy.clauses if isinstance(rule, Promise))


def anew(case: Case) -> Case:
    """Return the case without the promise to those who were funded: what starting anew would be."""
    rule = replace(promised(case), kept={})
    return under_another(case, rule, case.policy.settings.pool.amount)


def under_another(case: Case, rule: Promise, pool: int) -> Case:
    """Return the case under another promise than the one among its rules."""
    document = case.policy.document
    others = [entry for entry in document.get("clause", []) if entry["kind"] != Promise.kind]
    plain = make_policy({**document, "clause": others}, case.policy.file)
    return under(case.under(plain), rule, pool)
