"""The one place where a run that fails is put into words, with its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from optimizer.cli.face import Face
from optimizer.cli.usage import usage
from optimizer.errors import Problem, SubsidyError
from optimizer.text import EMPTY, Text

USAGE, INTERRUPTED, BUG = 2, 130, 70

_KINDS = {
    2: "usage",
    3: "input",
    4: "infeasible",
    5: "audit",
    6: "limit",
    BUG: "bug",
    INTERRUPTED: "interrupted",
}
_STOPPED = Text("已中斷，沒有寫入任何結果。", "Interrupted; no result was written.")


def guarded(face: Face, action: Callable[[], Any]) -> int:
    """Carry an action out and return the exit code, whatever happens."""
    try:
        code = action()
    except SubsidyError as error:
        return fail(face, error.exit_code, error.message, error.problems)
    except KeyboardInterrupt:
        return interrupted(face)
    except BrokenPipeError:
        return _pipe_closed()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except Exception as error:
        if hasattr(error, "format_message"):  # what typer says of a wrong command line
            return fail(face, USAGE, usage(error), hint=_help_hint(error))
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
    from optimizer.cli.show import problem_rows, problem_table

    face.document(
        {
            "error": face.say(message),
            "kind": _KINDS.get(code, "error"),
            "exit_code": code,
            "problems": problem_rows(problems, face.language),
        }
    )
    from rich.text import Text as Line

    from optimizer.cli.face import clean

    label = face.say(Text("錯誤：", "Error: ")) if code != INTERRUPTED else ""
    face.note(Line.assemble((label, "bold red"), clean(face.say(message))))
    if problems:
        face.note(problem_table(problems, face.language))
    if hint:
        face.note(hint)
    return code


def _help_hint(error: Any) -> Text:
    context = getattr(error, "ctx", None)
    path = "subsidy" if context is None else context.command_path
    return Text(f"用法請見 {path} --help", f"For its use see: {path} --help")


def _pipe_closed() -> int:
    """Whoever read stdout has gone: end quietly, and let nothing be flushed into the void."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    return 1


def _bug(face: Face, error: Exception) -> int:
    if os.environ.get("SUBSIDY_DEBUG"):
        import traceback

        traceback.print_exception(error)
    kind = type(error).__name__
    return fail(
        face,
        BUG,
        Text(
            f"程式本身出錯（{kind}），不是您的資料或操作有誤；沒有寫入任何結果。",
            f"This is a bug in the program ({kind}), not a mistake of yours; no result was "
            "written.",
        ),
        hint=Text(
            "回報時請附上：您執行的指令，以及設定 SUBSIDY_DEBUG=1 後重新執行所得的訊息。",
            "To report it, please send the command you ran and what it prints when you run it "
            "again with SUBSIDY_DEBUG=1.",
        ),
    )
