"""A bug of the program: what is said of it, and its traceback where that is asked for."""

from __future__ import annotations

import os

from optimizer.language.text import Text
from optimizer.problems.errors import SubsidyError

BUG = 70  # the exit code
REPORT = Text(
    "回報時請附上：您執行的指令，以及設定 SUBSIDY_DEBUG=1 後重新執行所得的訊息。",
    "To report it, please send the command you ran and what it prints when you run it again with "
    "SUBSIDY_DEBUG=1.",
)


class CrashError(SubsidyError):
    """Something that the program did not foresee went wrong (exit code 70)."""

    exit_code = BUG


def crashed(error: BaseException) -> CrashError:
    """Return what is said of a bug; its traceback is printed where SUBSIDY_DEBUG asks for it."""
    if os.environ.get("SUBSIDY_DEBUG"):
        import traceback

        traceback.print_exception(error)
    kind = type(error).__name__
    return CrashError(
        Text(
            f"程式本身出錯（{kind}），不是您的資料或操作有誤；未完成的結果沒有寫入。",
            f"This is a bug in the program ({kind}), not a mistake of yours; a result that was not "
            "finished was not written.",
        )
    )
