"""A policy file that cannot be used yet: one plain value of it, typed beside what is wrong with it."""

from __future__ import annotations

from optimizer.desk.fields import typed
from optimizer.desk.journal import MENDED
from optimizer.desk.policy_file import PolicyFile
from optimizer.desk.workbench import Workbench
from optimizer.language.text import Text
from optimizer.policy.problems import TABLES
from optimizer.problems.errors import Problem, Severity, UsageError
from optimizer.writing import new_file

_FILE = "policy.toml"


def can_be_typed(problem: Problem) -> bool:
    """Return whether a problem is of one value of a table of the policy file."""
    table, _, key = problem.column.partition(".")
    of_file = problem.file == _FILE and problem.severity is Severity.ERROR
    return of_file and table in TABLES and bool(key) and "." not in key


async def mend(desk: Workbench, problem: Problem, said: str) -> None:
    """Write a value into the policy file, its comments kept, and read the case again.

    Parameters
    ----------
    desk
        A case that is not open.
    problem
        What is wrong; see `can_be_typed`.
    said
        What was typed: a text where a text stands there, else as `optimizer.desk.fields.typed` reads it.

    Raises
    ------
    UsageError
        If nothing was typed, the file is no TOML, the case is open already, or this person may not.
    """
    desk.person.allow("decide")
    if desk.state is not None:
        raise UsageError(_OPEN)
    if not said.strip():
        raise UsageError(_NOTHING)
    file = PolicyFile.at(desk.folder / _FILE)
    new_file(file.path, _with_value(file, problem.column, said.strip()).encode())
    desk.journal.beside(MENDED, desk.person.name, about=problem.column, value=said.strip())
    await desk.reopen()


def _with_value(file: PolicyFile, column: str, said: str) -> str:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(file.content.decode("utf-8-sig"))
    except (TOMLKitError, UnicodeDecodeError):
        raise UsageError(_NO_TOML) from None
    name, _, key = column.partition(".")
    table = document.setdefault(name, tomlkit.table())
    stands = table.get(key, "" if column == "draw.seed" else None)
    table[key] = said if isinstance(stands, str) else tomlkit.value(_plain(said))
    return str(tomlkit.dumps(document))


def _plain(said: str) -> str:
    """Return what was typed as TOML has it: a number, else a text."""
    value = typed(said)
    if isinstance(value, int):
        return str(value)
    return '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"'


_OPEN = Text(
    "本案已可使用，請到「規則」修改。", "The case can be used by now: change it under Rules."
)
_NOTHING = Text("請填寫內容。", "Fill something in.")
_NO_TOML = Text(
    "計畫檔的寫法有誤，無法只改這一處；請在計畫檔更正後重新讀取。",
    "The policy file is not well formed, so that this alone cannot be changed; mend the file, then read it again.",
)
