"""The telephone sheet: one line an application, for the official who is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from optimizer.explain.explanation import Explanation, Need, Statement
from optimizer.language.text import Language, Text, money
from optimizer.report.csv_tables import write_cells
from optimizer.report.result_columns import CODES
from optimizer.workbooks.cell_text import legal
from optimizer.workbooks.sheet import CellKind, Sheet, SheetColumn

if TYPE_CHECKING:
    from optimizer.facts.certified import Certified

MOST = {"zh-TW": 40, "en": 80}  # characters of a reason; a Chinese one is as wide as two
TITLE = Text("電話應答", "telephone")
_COLUMNS = {
    "application_id": (CellKind.TEXT, Text("申請編號", "Application"), 12),
    "school": (CellKind.TEXT, Text("學校", "School"), 20),
    "title": (CellKind.TEXT, Text("社群名稱", "Title"), 34),
    "decision": (CellKind.TEXT, Text("結果", "Decision"), 20),
    "reason": (CellKind.LONG, Text("理由", "Reason"), 48),
    "would_have_helped": (CellKind.LONG, Text("怎樣可獲補助", "What would have helped"), 48),
}


def telephone_sheet(
    facts: Certified, explanations: Sequence[Explanation], language: Language
) -> Sheet:
    """Return the sheet; it is the official's page, and may name others."""
    columns = tuple(
        SheetColumn(kind, words.say(language), width) for kind, words, width in _COLUMNS.values()
    )
    rows = tuple(tuple(map(legal, row)) for row in _rows(facts, explanations, language))
    return Sheet(TITLE.say(language), columns, rows)


def telephone_csv(sheet: Sheet) -> bytes:
    """Return the same sheet as CSV, under the names of its columns."""
    rows = [[str(cell) for cell in row] for row in sheet.rows]
    return write_cells(list(_COLUMNS), rows, [False] * len(_COLUMNS))


def _rows(
    facts: Certified, explanations: Sequence[Explanation], language: Language
) -> Iterator[tuple[str, ...]]:
    known = names_of(facts)
    for one in explanations:
        reason, helped = in_short(one.because, language), help_for(one, language)
        decision = say_decision(one).say(language)
        yield (one.application_id, *known[one.application_id], decision, reason, helped)


def names_of(facts: Certified) -> dict[str, tuple[str, str]]:
    """Return the school's name and the title of every application, by its id."""
    records = facts.case.records
    schools, applications = records.schools["name"].tolist(), records.applications
    columns = (applications[name] for name in ("application_id", "school", "title"))
    return {
        str(own_id): (str(schools[school]), str(title))
        for own_id, school, title in zip(*columns, strict=True)
    }


def heading_of(names: Mapping[str, tuple[str, str]], explanation: Explanation) -> Text:
    """Say which application it is, and what became of it, on one line."""
    school, title = names[explanation.application_id]
    decision = say_decision(explanation)
    own_id = explanation.application_id
    return Text(
        f"{own_id}  {title}（{school}）：{decision.zh}",
        f"{own_id}  {title} ({school}): {decision.en}",
    )


def say_decision(explanation: Explanation) -> Text:
    """Say what became of an application, with the amount if there is one."""
    said, amount = CODES[explanation.status], money(explanation.award)
    if explanation.status != "funded":
        return said
    return Text(f"{said.zh} {amount} 元", f"{said.en}: NT${amount}")


def in_short(statement: Statement, language: Language) -> str:
    """Say a statement in as many characters as somebody can say on the telephone."""
    return _cut((statement.short or statement.full).say(language), language)


def help_for(explanation: Explanation, language: Language) -> str:
    """Say what would have helped: as much of it as there is room for, the first always."""
    if explanation.status == "funded":
        return ""
    needs = [need for need in explanation.needs if helps(need)] or list(explanation.needs[:1])
    said = ""
    for need in needs:
        longer = f"{said}{'；' if language == 'zh-TW' else '; '}" if said else ""
        longer += in_short(need, language)
        if said and len(longer) > MOST[language]:
            break
        said = longer
    return said


def helps(need: Need) -> bool:
    """Return whether there is anything of its kind that funds the application."""
    return need.value is not None or bool(need.names or need.rivals)


def _cut(said: str, language: Language) -> str:
    most = MOST[language]
    return said if len(said) <= most else f"{said[: most - 1]}…"
