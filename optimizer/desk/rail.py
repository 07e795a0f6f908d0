"""How far each room is, as a sign and in words: for the rail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from optimizer.desk.workbench import Workbench
from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import InfeasibleError, Severity

DONE, NOT_YET, WRONG = "✓", "○", "✗"


@dataclass(frozen=True)
class Mark:
    """How far a room is.

    Parameters
    ----------
    sign
        At a glance; empty where there is nothing to say.
    words
        The same for those who do not see it.
    """

    sign: str
    words: Text


def marks(bench: Workbench) -> Mapping[str, Mark]:
    """Return the mark of each room by its address."""
    return {
        "/data": _data(bench),
        "/rules": _rules(bench),
        "/": _answer(bench),
        "/scenarios": _scenarios(bench),
        "/finish": _finish(bench),
    }


def _data(bench: Workbench) -> Mark:
    if bench.check is None:
        return Mark(NOT_YET, Text("檢查中", "being checked"))
    count = sum(p.severity is Severity.ERROR for p in bench.check.problems)
    if count:
        return Mark(WRONG, Text(f"{count} 項錯誤", f"{count} errors" if count > 1 else "1 error"))
    return Mark(DONE, Text("沒有錯誤", "no errors"))


def _rules(bench: Workbench) -> Mark:
    if isinstance(bench.error, InfeasibleError):
        return Mark(WRONG, Text("互相牴觸", "in conflict"))
    if bench.answer is None:
        return Mark(NOT_YET, Text("尚未得知", "not known yet"))
    return Mark(DONE, Text("沒有牴觸", "no conflict"))


def _answer(bench: Workbench) -> Mark:
    if bench.waiting is not None:
        return Mark(NOT_YET, Text("計算中", "working"))
    if bench.answer is None:
        return Mark(WRONG, Text("沒有結果", "no answer"))
    if not bench.answer.proved:
        return Mark(NOT_YET, Text("尚未證明", "not proved"))
    return Mark(DONE, Text("已證明", "proved"))


def _scenarios(bench: Workbench) -> Mark:
    count = len(bench.state.now.pins) if bench.state else 0
    return Mark("", Text(f"釘選 {count} 個", f"{count} pinned") if count else EMPTY)


def _finish(bench: Workbench) -> Mark:
    count = len(bench.state.final) if bench.state else 0
    if count > 1:
        return Mark(DONE, Text(f"已定案，修正 {count - 1} 次", f"final, revised {count - 1}×"))
    if count:
        return Mark(DONE, Text("已定案", "final"))
    if bench.ending:
        return Mark(NOT_YET, bench.ending)
    return Mark(NOT_YET, Text("尚未定案", "not final"))
