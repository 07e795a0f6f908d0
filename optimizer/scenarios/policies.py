"""The policies of scenarios that build on each other, and everything that is wrong with any of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from optimizer.case.case import Case
from optimizer.clauses import registry
from optimizer.language.text import EMPTY, Text
from optimizer.language.words import how_many
from optimizer.policy.changes import Changes
from optimizer.policy.policy import Policy
from optimizer.policy.short_names import SEVERAL
from optimizer.problems.errors import CaseError, Details, PolicyError, Problem, defect, one_of
from optimizer.problems.likeness import closest, did_you_mean
from optimizer.scenarios.scenario import Scenario, apply
from optimizer.scoring.screening import check_rules

Found = tuple[int, Problem]  # which scenario it is wrong with, and what it is
_OWN = (  # what is wrong with a change whatever it is a change of
    *("bad_value", "fixed_key", "inexact", "not_a_list", "not_a_table"),
    *("unknown_key", "unknown_kind", "unknown_table"),
)


def refused(problems: Sequence[Problem]) -> PolicyError:
    """Return the error of scenarios that cannot be used."""
    count = len(problems)
    return PolicyError(
        Text(f"情境檔有 {count} 個問題", f"{how_many(count, 'problem')} in the scenarios"), problems
    )


def policies(
    case: Case,
    scenarios: Sequence[Scenario],
    doubted: Collection[int] = (),
    words: Collection[str] = (),
) -> tuple[list[Policy], list[Found]]:
    """Return the policy of each scenario, and everything that keeps one from being used.

    Parameters
    ----------
    case
        The applications, with the policy as it is.
    scenarios
        Each builds on the policy as it is, or on another one of them.
    doubted
        Those that were only read in part: a name that they do not have may stand in the rest.
    words
        Every text in what was not read: only such a one can be the name that is missed.

    Returns
    -------
    list of Policy
        In the order given; they are all right if nothing is wrong with any.
    list of tuple
        The scenario's place in the list, and a problem of it.
    """
    brought = {*_brought(scenarios), *words}
    search = _Search(case, scenarios, set(doubted), brought=brought)
    order, wrong = inherited(scenarios)
    wrong += [(n, problem) for n in order for problem in search.look(n)]
    return [search.made[n] for n in range(len(scenarios))], sorted(wrong, key=lambda f: f[0])


def inherited(scenarios: Sequence[Scenario]) -> tuple[list[int], list[Found]]:
    """Return an order in which each comes after the one that it builds on, if there is such a one.

    What builds on nothing that there is, or in the end on itself, comes last, and is said.
    """
    left, placed, names = [*range(len(scenarios))], list[int](), {""}
    while ready := [n for n in left if scenarios[n].base in names]:
        placed += ready
        names |= {scenarios[n].name for n in ready}
        left = [n for n in left if n not in ready]
    return [*placed, *left], [(n, p) for n in left for p in _no_base(scenarios[n], scenarios)]


def _no_base(scenario: Scenario, among: Sequence[Scenario]) -> Iterator[Problem]:
    """Yield what is wrong with what a scenario builds on, if it is not what that builds on itself."""
    bases = {other.name: other.base for other in among}
    said: Details = {"file": scenario.place, "column": "base", "value": scenario.base[:80]}
    if scenario.base not in bases:
        near = did_you_mean(closest(scenario.base, list(filter(None, bases))))
        others = [name for name in bases if name and name != scenario.name]
        said |= {"expected": one_of(others) if others else EMPTY, "hint": near}
        yield defect("unknown_scenario", _NO_BASE, **said)
    elif scenario.name in _chain(scenario.base, bases):
        yield defect("circle", _CIRCLE, **said)


def _chain(name: str, bases: dict[str, str]) -> list[str]:
    """Return a scenario, the one it builds on, and so on, as far as none comes twice."""
    found: list[str] = []
    while name in bases and name not in found:
        found.append(name)
        name = bases[name]
    return found


_NO_BASE = Text("沒有這個情境可供沿用", "there is no scenario of that name to build on")
_CIRCLE = Text("沿用的情境繞成一圈", "builds in the end on itself")


def _brought(scenarios: Sequence[Scenario]) -> Iterator[str]:
    """Yield the names and kinds of the rules that any scenario brings with it."""
    for changes in (scenario.changes for scenario in scenarios):
        yield from (name for rule in changes.add for name in (rule.kind, rule.label))
        for rules in changes.replace.values():
            listed = rules if isinstance(rules, list | tuple) else ()
            entries = [one for one in listed if isinstance(one, Mapping)]
            yield from (str(one[key]) for one in entries for key in ("kind", "name") if key in one)


@dataclass(eq=False)
class _Search:
    """Makes the policies one after the other; one that fails does not hide what others are wrong in."""

    case: Case
    scenarios: Sequence[Scenario]
    doubted: set[int]
    brought: set[str]

    def __post_init__(self) -> None:
        self.made: dict[int, Policy] = {}

    def look(self, number: int) -> list[Problem]:
        """Make a scenario's policy, or the nearest there is, and return what is wrong with it."""
        scenario = self.scenarios[number]
        base, sure = self._base(scenario, number)
        self.made[number] = base
        try:
            made = apply(base, scenario)
            check_rules(self.case.records, made)
        except (PolicyError, CaseError) as error:
            self.doubted.add(number)
            found = [p for p in error.problems if sure or p.code in _OWN or self._nowhere(p)]
            return list(dict.fromkeys([*found, *self._of_parts(base, scenario)]))
        self.made[number] = made
        return []

    def _base(self, scenario: Scenario, number: int) -> tuple[Policy, bool]:
        """Return the policy that a scenario changes, and whether that is what its writer meant."""
        if not scenario.base:
            return self.case.policy, number not in self.doubted
        names = [other.name for other in self.scenarios]
        base = names.index(scenario.base) if scenario.base in names else None
        if base is None or base not in self.made:
            return self.case.policy, False
        return self.made[base], not {number, base} & self.doubted

    def _nowhere(self, problem: Problem) -> bool:
        """Return whether it names a rule that the scenario lacks whatever it was meant to build on."""
        if problem.code != "unknown_rule" or problem.message == SEVERAL:
            return False
        label = problem.value.removeprefix("clause.").removeprefix("priority.")
        begins = tuple(name + sign for name in self.brought for sign in "._")
        mistyped = self.brought - {kind for _, kind in registry()}
        near = closest(label.partition(".")[0], mistyped)
        return not (near or label in self.brought or label.startswith(begins))

    def _of_parts(self, base: Policy, scenario: Scenario) -> Iterator[Problem]:
        """Yield what does not fit the data in a change that can be made by itself."""
        changes = scenario.changes
        parts = [
            *(Changes({key: value}) for key, value in changes.values.items()),
            *(Changes(add=(rule,)) for rule in changes.add),
            *(Changes(replace={name: table}) for name, table in changes.replace.items()),
        ]
        for part in parts:
            with suppress(PolicyError):  # which is said of the whole
                made = apply(base, replace(scenario, changes=part))
                try:
                    check_rules(self.case.records, made)
                except CaseError as error:
                    yield from error.problems
