"""policy.toml written again: what changed is changed in its text, and every comment stays."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from optimizer.desk.departures import Entry, entries
from optimizer.desk.toml_blocks import Stanza, blocks_of, rearranged, text_of
from optimizer.language.text import Text
from optimizer.language.toml_text import in_toml
from optimizer.policy.document import tables_of
from optimizer.policy.policy import Policy, make_policy
from optimizer.policy.problems import LISTS, TABLES
from optimizer.problems.errors import UsageError
from optimizer.writing import new_file


@dataclass(frozen=True)
class PolicyFile:
    """A policy file as it was when it was last read or written.

    Parameters
    ----------
    path
        Where it is.
    content
        Its bytes.
    """

    path: Path
    content: bytes

    @staticmethod
    def at(path: Path) -> PolicyFile:
        """Remember what a file says now."""
        return PolicyFile(path, path.read_bytes())

    @property
    def is_changed(self) -> bool:
        """Whether the file is not there, or says something else."""
        try:
            return self.path.read_bytes() != self.content
        except OSError:
            return True

    def written(self, was: Policy, now: Policy) -> PolicyFile:
        """Write a policy in its place, unless somebody else has changed the file since.

        Raises
        ------
        UsageError
            If it has changed, or the system cannot write there.
        """
        if self.is_changed:
            raise UsageError(_CHANGED)
        new_file(self.path, self.with_changes(was, now).encode())
        return PolicyFile.at(self.path)

    def with_changes(self, was: Policy, now: Policy) -> str:
        """Return the text that says another policy; see `rewritten`."""
        return rewritten(self.content.decode("utf-8-sig"), was, now)


_CHANGED = Text(
    "計畫檔在讀入之後已在他處更動，未寫入任何內容。請至「資料」按「重新讀取」：草案會接續於更動後的計畫檔，"
    "看過差異後再寫入；目前的草案可在「規則」最下方「計畫檔的文字」下載。",
    "The policy file was changed elsewhere since it was read; nothing was written. Press Read again under "
    "Data: the draft goes on from the file as it is now; look at what differs, and write it then. The draft "
    "can be downloaded at the foot of Rules.",
)


def policy_of(text: str, file: str) -> Policy:
    """Return the policy that a TOML text states.

    Raises
    ------
    PolicyError
        With everything that is wrong with it.
    """
    return make_policy(tomllib.loads(text, parse_float=Decimal), file)


def rewritten(text: str, was: Policy, now: Policy) -> str:
    """Return the text of a policy file that says something else, comments kept.

    Parameters
    ----------
    text
        The file as it is.
    was, now
        What it says, and what it is to say.

    Raises
    ------
    UsageError
        If the text cannot be changed so that it says exactly that.
    """
    blocks = blocks_of(text)
    before, after = tables_of(was.settings), tables_of(now.settings)
    for name in TABLES:
        sides = before.get(name, {}), after.get(name, {})
        if sides[0] != sides[1]:
            blocks = _with_table(blocks, name, *sides)
    for section in LISTS:
        blocks = _with_rules(blocks, section, entries(was, section), entries(now, section))
    said = text_of(blocks)
    if policy_of(said, now.file) != now:
        raise UsageError(
            Text(
                "計畫檔無法改寫，未寫入任何內容。", "the policy file cannot be rewritten; it stays."
            )
        )
    return said


def _change(table: Any, before: Entry, after: Entry) -> None:
    """Set what differs in one table of the text, and leave out what is gone."""
    import tomlkit

    for key in dict.fromkeys([*before, *after]):
        if key not in after:
            table.remove(key)
        elif before.get(key) != after[key]:
            table[key] = tomlkit.value(in_toml(after[key]))


def _with_table(blocks: list[Stanza], name: str, before: Entry, after: Entry) -> list[Stanza]:
    known = {block.name: block.body for block in blocks}
    return rearranged(
        blocks,
        name,
        [name] if name in known else [],
        {name: _body(name, known.get(name, f"[{name}]\n"), before, after)},
    )


def _with_rules(
    blocks: list[Stanza], section: str, before: Mapping[str, Entry], after: Mapping[str, Entry]
) -> list[Stanza]:
    """Change the rules of a list; what is said above them stays with them, a heading where it is."""
    if list(before.items()) == list(after.items()):
        return blocks
    bodies = (block.body for block in blocks if block.name == section)
    known = dict(zip(before, bodies, strict=True))
    new = f"[[{section}]]\n"
    said = {
        label: _body(section, known.get(label, new), before.get(label, {}), entry)
        for label, entry in after.items()
    }
    return rearranged(blocks, section, list(before), said)


def _body(name: str, text: str, before: Entry, after: Entry) -> str:
    """Return the text of one table that says something else."""
    import tomlkit

    document = tomlkit.parse(text)
    stands: Any = document[name]
    _change(stands[0] if isinstance(stands, list) else stands, before, after)
    return str(tomlkit.dumps(document))
