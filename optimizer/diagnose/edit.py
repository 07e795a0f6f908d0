"""A policy with some of its keys set to other values, or a rule dropped: a new policy, read anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from optimizer.policy.changes import Changes
from optimizer.policy.policy import Policy

DROP = "drop"  # in place of a value: the rule is taken out, as a scenario's ``drop`` does
Edits = Mapping[str, Any]


def edited(policy: Policy, edits: Edits) -> Policy:
    """Return the policy that has these keys set, as a scenario with the same ``set`` would.

    Raises
    ------
    PolicyError
        If the policy cannot be so.
    """
    values = {key: value for key, value in edits.items() if value != DROP}
    drop = tuple(key for key, value in edits.items() if value == DROP)
    return policy.changed(Changes(values, drop), "policy.toml")
