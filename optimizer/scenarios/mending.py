"""Where the rules in conflict of a scenario stand, and what would mend it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from optimizer.language.text import Text
from optimizer.policy.document import entry_of, tables_of
from optimizer.policy.policy import Policy
from optimizer.policy.problems import LISTS
from optimizer.problems.errors import InfeasibleError, Problem
from optimizer.scenarios.outcome import Outcome
from optimizer.scenarios.scenario import Scenario


@dataclass(frozen=True)
class Origins:
    """Where what a scenario's policy states was stated first.

    Parameters
    ----------
    policy
        As it is, before any scenario.
    scenarios, made
        By their names, with the policy that each makes.
    """

    policy: Policy
    scenarios: Mapping[str, Scenario]
    made: Mapping[str, Policy]

    def placed(self, outcome: Outcome) -> Outcome:
        """Point each rule in conflict to its file and scenario, each repair to the scenario itself."""
        error, scenario = outcome.error, self.scenarios.get(outcome.name)
        if scenario is None or not isinstance(error, InfeasibleError):
            return outcome
        problems = [self._placed(problem, scenario) for problem in error.problems]
        return replace(outcome, error=InfeasibleError(error.message, problems, error.ways_out))

    def _placed(self, problem: Problem, scenario: Scenario) -> Problem:
        if not problem.column:
            return problem
        repair = "計畫檔" in problem.hint.zh
        hint = self._hint(problem, scenario) if repair else problem.hint
        return replace(problem, file=self._first(problem.column, scenario), hint=hint)

    def _first(self, key: str, scenario: Scenario) -> str:
        """Return the file, and scenario, that a key has its value from."""
        before = self.made[scenario.base] if scenario.base else self.policy
        if _stated(before, key) != _stated(self.made[scenario.name], key):
            return scenario.place
        return self._first(key, self.scenarios[scenario.base]) if scenario.base else before.file

    def _hint(self, problem: Problem, scenario: Scenario) -> Text:
        """Say what to write in the scenario itself, whatever policy.toml or another has."""
        key, name = problem.column, scenario.name
        before = self.made[scenario.base] if scenario.base else self.policy
        line = problem.hint.en.partition("\n")[2].rpartition("\n")[2]
        own = _stated(before, _rule(self.made[name], key)) is None
        if own and not line:
            return Text(
                f"請由情境「{name}」刪去這條規則。", f"Take this rule out of scenario “{name}”."
            )
        if own:
            return Text(
                f"請在情境「{name}」所加的這條規則寫：\n{line}",
                f"Write in the rule that scenario “{name}” brings with it:\n{line}",
            )
        if not line:
            return Text(
                f'請在情境「{name}」的 drop 加上 "{key}"。',
                f'Add "{key}" to drop in scenario “{name}”.',
            )
        value, key = line.partition(" = ")[2], self._as_set(key, scenario)
        return Text(
            f'請在情境「{name}」的 set 寫：\n"{key}" = {value}',
            f'Write under set in scenario “{name}”:\n"{key}" = {value}',
        )

    def _as_set(self, key: str, scenario: Scenario) -> str:
        """Return the name under which a scenario sets a key already: that of its rule's kind, perhaps."""
        name = _rule(self.made[scenario.name], key)
        section, _, label = name.partition(".")
        kinds = (r.kind for r in self.made[scenario.name].rules if r.label == label)
        others = (f"{section}.{kind}{key.removeprefix(name)}" for kind in kinds)
        return next((other for other in others if other in scenario.changes.values), key)


def _rule(policy: Policy, key: str) -> str:
    """Return the name of the rule that a key belongs to, or of its table."""
    section, _, rest = key.partition(".")
    if section not in LISTS:
        return section
    labels = [rule.label for rule in policy.rules if rule.section == section]
    named = [label for label in labels if f"{rest}.".startswith(f"{label}.")]
    return f"{section}.{max(named, key=len)}" if named else key


def _stated(policy: Policy, key: str) -> Any:
    """Return what a policy says under a dotted key, or of a whole rule or table; None if nothing.

    However its document writes it: a default that is written out is none.
    """
    name = _rule(policy, key)
    section, _, label = name.partition(".")
    inside = key.removeprefix(name).removeprefix(".")
    if not label:
        table = tables_of(policy.settings).get(section, {})
        return table.get(inside) if inside else table
    rules = (rule for rule in policy.rules if (rule.section, rule.label) == (section, label))
    rule = next(rules, None)
    return entry_of(rule).get(inside) if rule is not None and inside else rule
