"""A policy that is given beside tables of a notebook: itself, its document, or its file's path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from optimizer.case.digest import compact, policy_keys
from optimizer.policy.document import exact_numbers
from optimizer.policy.partly import PartlyRead, partly_made, partly_read
from optimizer.policy.policy import Policy, make_policy, read_policy
from optimizer.problems.errors import Problem
from optimizer.reading import Source, read_source

Given = Policy | Mapping[str, Any] | str | Path
PLACE = "Case.from_frames(policy=…)"
MADE = "policy (Python)"  # the name of a policy without a file among the inputs of a result


def given_policy(given: Given) -> Policy:
    """Return the policy.

    Raises
    ------
    UsageError
        If it is a document of another form.
    PolicyError
        With everything that is wrong with it.
    """
    if isinstance(given, Policy):
        return given
    return make_policy(given, PLACE) if isinstance(given, Mapping) else read_policy(given)


def partly_given(given: Given, problems: Sequence[Problem]) -> PartlyRead:
    """Return what can be relied on of a policy with these problems."""
    if isinstance(given, str | Path):
        return partly_read(Path(given), problems)
    assert isinstance(given, Mapping)  # a policy that is one has no problems
    return partly_made(exact_numbers(given), problems)


def policy_source(given: Given, policy: Policy) -> Source:
    """Describe where a policy came from: its file, or else its keys as a JSON array of pairs."""
    if isinstance(given, str | Path):
        return read_source(Path(given))
    text = compact(sorted(policy_keys(policy).items()))
    return Source.of(MADE, text.encode("utf-8", "surrogatepass"))
