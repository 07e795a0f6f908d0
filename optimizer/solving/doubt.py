"""A solver's answer that does not stand up, said in words."""

from __future__ import annotations

from optimizer.language.text import Text
from optimizer.problems.errors import SubsidyError


class SolverError(SubsidyError):
    """A solver gave no answer, or none that stands up in integers (exit code 5)."""

    exit_code = 5


def doubted(solver: str, what: Text) -> SolverError:
    """Return the error that says what is wrong with a solver's answer, and which one to ask."""
    other = "cbc" if solver == "highs" else "auto"
    return SolverError(
        Text(
            f"求解器 {solver} {what.zh}，未採用；請改用 --solver {other}",
            f"solver {solver} {what.en}; nothing of it was used. Use --solver {other}",
        )
    )


def contradiction(solver: str) -> SolverError:
    """Return the error for an answer that contradicts what is already known in integers."""
    return doubted(
        solver, Text("的答案與已知的整數結果矛盾", "contradicts what is known in integers")
    )
