"""What is said of one application: why, what is needed, who stands against it, what a decision costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimizer.desk.on_screen import OnScreen, titled
from optimizer.explain.explanation import Explanation, Statement
from optimizer.language.text import Text
from optimizer.scenarios.difference_tables import PRIORITY
from optimizer.workbooks.sheet import Sheet

_WHY = Text("理由", "Why")
_NEEDED = Text("需要什麼", "What would be needed")
_HOLDING = Text("補助可維持至何種程度", "How far its grant would hold")
_AGAINST = Text("誰占了名額", "Who stands against it")


def parts(said: Explanation) -> Iterator[tuple[Text, Sequence[Statement]]]:
    """Yield what is said of an application under its headings, nothing twice."""
    more = (one for one in said.more if one.full.zh not in said.because.full.zh)
    yield _WHY, (said.because, *more)
    against = [need for need in said.needs if need.code == "rivals"]
    needed = [need for need in said.needs if need.code != "rivals"]
    if needed:
        yield _HOLDING if said.status == "funded" else _NEEDED, needed
    if against:
        yield _AGAINST, against


def changes(answer: OnScreen) -> Iterator[Text]:
    """Yield what is another figure than in the list that is compared with, the priorities first."""
    for one in sorted(answer.totals, key=lambda one: not one["name"].startswith(PRIORITY)):
        if one["change"]:
            title, way = titled(one["title"], one["unit"]), "▲" if one["up"] else "▼"
            said = f"{one['value']} {way}{one['change']}"
            yield Text(f"{title.zh}：{said}", f"{title.en}: {said}")


def movers(moved: Sheet) -> Iterator[Text]:
    """Yield who gets another amount, with what it was and is; of `optimizer.desk.side_by_side.who_moves`."""
    for application, school, title, _, move, before, after, *_ in moved.rows:
        who = f"{application} {school} {title}"
        yield Text(
            f"{who}：{move}，{before:,} 元 → {after:,} 元",
            f"{who}: {move}, NT${before:,} → NT${after:,}",
        )
