"""The one place where a run that fails is put into words, with its exit code."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from optimizer.cli.face import Face, clean
from optimizer.cli.streams import OutputError, Stdout
from optimizer.cli.usage_errors import usage
from optimizer.language.text import EMPTY, Text
from optimizer.problems.crash import BUG, REPORT, crashed
from optimizer.problems.errors import Problem, SubsidyError
from optimizer.writing import reason

PIPE_CLOSED, USAGE, INTERRUPTED = 1, 2, 130
_MACHINE = (  # what the machine, not the program, cannot do
    *(errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.EFBIG),
    errno.ENAMETOOLONG,
)

_KINDS = {
    2: "usage",
    3: "input",
    4: "infeasible",
    5: "audit",
    6: "limit",
    BUG: "bug",
    OutputError.exit_code: "output",
    INTERRUPTED: "interrupted",
}
_STOPPED = Text(
    "已中斷；未完成的結果沒有寫入。", "Interrupted; a result that was not finished was not written."
)


def guarded(face: Face, action: Callable[[], Any]) -> int:
    """Carry an action out and return the exit code, whatever happens."""
    try:
        _out().check()
        code = _carried_out(face, action)
        if face.json and not _out().spoken:
            face.document("text", {"text": _out().page.getvalue()})
        _out().flush()
        return code
    except OutputError as error:
        _out().silence()
        return fail(Face(face.language, json=False), error.exit_code, error.message)
    except BrokenPipeError:
        _out().silence()  # whoever read it has gone: end quietly
        return PIPE_CLOSED


def _out() -> Stdout:
    """Return standard output, or nothing that can be written to if somebody took it away."""
    return sys.stdout if isinstance(sys.stdout, Stdout) else Stdout(sys.stdout, json=False)


def _carried_out(face: Face, action: Callable[[], Any]) -> int:
    try:
        code = action()
    except (OutputError, BrokenPipeError):
        raise
    except SubsidyError as error:
        return fail(face, error.exit_code, error.message, error.problems)
    except KeyboardInterrupt:
        return interrupted(face)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except Exception as error:
        if hasattr(error, "format_message"):  # what typer says of a wrong command line
            return fail(face, USAGE, usage(error), hint=_help_hint(error))
        if isinstance(error, OSError) and (why := _trouble(error)):
            return fail(face, OutputError.exit_code, why)
        return _bug(face, error)
    if code == INTERRUPTED:  # typer turns Ctrl-C into an exit code
        return interrupted(face)
    return code if isinstance(code, int) else 0


def interrupted(face: Face) -> int:
    """Say that the run was ended from outside."""
    return fail(face, INTERRUPTED, _STOPPED)


def fail(
    face: Face, code: int, message: Text, problems: Sequence[Problem] = (), hint: Text = EMPTY
) -> int:
    """Say what went wrong: to people on stderr, and in JSON on stdout if that was asked for."""
    from rich.text import Text as Line

    from optimizer.cli.terminal_tables import problem_rows, problem_table

    said = _sentence(face.say(message))
    document = {
        "error": said,
        "kind": _KINDS.get(code, "error"),
        "exit_code": code,
        "problems": problem_rows(problems, face.language),
    }
    face.document("error", document)
    label = face.say(Text("錯誤：", "Error: ")) if code != INTERRUPTED else ""
    face.note(Line.assemble((label, "bold red"), clean(said)))
    if problems:
        face.note(problem_table(problems, face.language))
    if hint:
        face.note(hint)
    return code


def _sentence(said: str) -> str:
    """Begin with a capital, but where a name, an option or a key stands first."""
    first = said.partition(" ")[0]
    is_word = first.isascii() and first.isalpha() and first.islower() and first != "subsidy"
    return said[:1].upper() + said[1:] if is_word else said


def _help_hint(error: Any) -> Text:
    context = getattr(error, "ctx", None)
    path = "subsidy" if context is None else context.command_path
    return Text(f"用法請見 {path} --help", f"For its use see: {path} --help")


def _trouble(error: OSError) -> Text:
    """Say what the machine, not the program, has run out of; empty for anything else."""
    if not _stands_somewhere():
        return Text(
            "目前所在的資料夾已被刪除；請先切換到別的資料夾。",
            "The working folder has been deleted; change to another one first.",
        )
    if error.errno in _MACHINE:
        why = reason(error)
        return Text(f"系統無法繼續：{why.zh}。", f"The system cannot go on: {why.en}.")
    return EMPTY


def _stands_somewhere() -> bool:
    try:
        Path.cwd()
    except OSError:
        return False
    return True


def _bug(face: Face, error: Exception) -> int:
    return fail(face, BUG, crashed(error).message, hint=REPORT)
