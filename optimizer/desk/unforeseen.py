"""What goes wrong that nobody foresaw, in words: nobody waits for an answer that never comes."""

from __future__ import annotations

from optimizer.language.text import Text
from optimizer.problems.crash import crashed
from optimizer.problems.errors import SubsidyError
from optimizer.writing import reason


def unforeseen(error: Exception) -> SubsidyError:
    """Say what the machine would not do, or that the program itself is wrong."""
    if not isinstance(error, OSError):
        return crashed(error)
    why = reason(error)
    return SubsidyError(
        Text(
            f"系統無法繼續：{why.zh}；已做的更動都還在。",
            f"The system cannot go on: {why.en}; what was done is still there.",
        )
    )
