"""What goes wrong that nobody foresaw, in words: nobody waits for an answer that never comes."""

from __future__ import annotations

import os
import traceback

from optimizer.language.text import Text
from optimizer.problems.errors import SubsidyError
from optimizer.writing import reason


def unforeseen(error: Exception) -> SubsidyError:
    """Say what the machine would not do, or that the program itself is wrong."""
    if os.environ.get("SUBSIDY_DEBUG"):
        traceback.print_exception(error)
    if isinstance(error, OSError):
        why = reason(error)
        return SubsidyError(
            Text(
                f"系統無法繼續：{why.zh}；已做的更動都還在。",
                f"The system cannot go on: {why.en}; what was done is still there.",
            )
        )
    kind = type(error).__name__
    return SubsidyError(
        Text(
            f"程式本身出錯（{kind}），不是您的資料或操作有誤；已做的更動都還在，請復原最後一步再試。"
            "回報時請附上設定 SUBSIDY_DEBUG=1 後重新執行 subsidy desk 所得的訊息。",
            f"This is a bug in the program ({kind}), not a mistake of yours; what was done is still there: "
            "undo the last step, then try again. To report it, please send what subsidy desk prints with "
            "SUBSIDY_DEBUG=1.",
        )
    )
