"""A policy with some of its keys set to other values, or a rule dropped: a new policy, read anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from optimizer.diagnose.repair import Mending
from optimizer.language.text import Text
from optimizer.policy.changes import Changes
from optimizer.policy.policy import Policy
from optimizer.problems.errors import WayOut

DROP = "drop"  # in place of a value: the rule is taken out, as a scenario's ``drop`` does
Edits = Mapping[str, Any]


def edited(policy: Policy, edits: Edits) -> Policy:
    """Return the policy that has these keys set, as a scenario with the same ``set`` would.

    Raises
    ------
    PolicyError
        If the policy cannot be so.
    """
    return policy.changed(Changes(*_as_scenario(edits)), "policy.toml")


def way_out(mending: Mending) -> WayOut:
    """Return repairs that mend together as one way out, for whoever takes it by a scenario."""
    said = Text(
        "；".join(repair.text.zh for repair in mending),
        "; ".join(repair.text.en for repair in mending),
    )
    return WayOut(said, *_as_scenario({repair.key: repair.new for repair in mending}))


def _as_scenario(edits: Edits) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return edits as a scenario's ``set`` and ``drop`` have them."""
    values = {key: value for key, value in edits.items() if value != DROP}
    return values, tuple(key for key, value in edits.items() if value == DROP)
