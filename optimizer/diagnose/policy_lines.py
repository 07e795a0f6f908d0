"""A change as the lines that policy.toml must have, and where in it they stand."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.diagnose.edit import DROP
from optimizer.diagnose.repair import Repair
from optimizer.language.text import Text
from optimizer.language.toml_text import in_toml
from optimizer.policy.policy import Policy
from optimizer.policy.problems import LISTS


@dataclass(frozen=True)
class Written:
    """A change to policy.toml, ready to be pasted.

    Parameters
    ----------
    lines
        What the file must have: a key under the header of its table, or a key of a rule alone;
        empty where a rule goes.
    section, number
        The rule that it belongs to, the third ``[[clause]]`` for instance; 0 for a table.
    kind
        The kind of that rule.
    added
        Whether the rule has no such line yet.
    """

    lines: str
    section: str = ""
    number: int = 0
    kind: str = ""
    added: bool = False

    def say(self) -> Text:
        """Say what to write, and where."""
        if not self.number:
            return Text(
                f"請在計畫檔的這個表格改寫這一行：\n{self.lines}",
                f"Write this line under its header in the policy:\n{self.lines}",
            )
        rule = f'kind = "{self.kind}"'
        zh = f"第 {self.number} 個 [[{self.section}]]（{rule}）"
        en = f"[[{self.section}]] number {self.number} ({rule})"
        if not self.lines:
            return Text(f"請在計畫檔整段刪除{zh}。", f"Delete all of {en} in the policy.")
        if self.added:
            return Text(
                f"請在計畫檔{zh}加上這一行：\n{self.lines}",
                f"Add this line to {en} of the policy:\n{self.lines}",
            )
        return Text(
            f"請將計畫檔{zh}的這一行改寫為：\n{self.lines}",
            f"Write this line in {en} of the policy:\n{self.lines}",
        )


def written(policy: Policy, repair: Repair) -> Written:
    """Return a change as policy.toml has it."""
    section, _, rest = repair.key.partition(".")
    if section not in LISTS:
        return Written(f"[{section}]\n{rest} = {in_toml(repair.new)}")
    rules = [rule for rule in policy.rules if rule.section == section]
    number, rule = next((n, r) for n, r in enumerate(rules, 1) if r.label == repair.clause)
    key = rest.removeprefix(f"{repair.clause}.")
    lines = "" if repair.new == DROP else f"{key} = {in_toml(repair.new)}"
    added = bool(lines) and key not in policy.document[section][number - 1]
    return Written(lines, section, number=number, kind=rule.kind, added=added)
