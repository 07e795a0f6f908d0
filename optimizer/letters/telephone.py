"""The telephone sheet: one line an application, for the official who is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from optimizer.explain.explanation import Explanation, Statement
from optimizer.explain.reasons import reasons
from optimizer.language.text import Language, Text, money, sentences
from optimizer.letters.advice import Advice, standings
from optimizer.letters.refusals import Refusal, refusals
from optimizer.report.csv_tables import write_cells
from optimizer.report.result_columns import CODES
from optimizer.scoring.screening import named
from optimizer.workbooks.cell_text import readable
from optimizer.workbooks.sheet import CellKind, Sheet, SheetColumn

if TYPE_CHECKING:
    from optimizer.facts.certified import Certified

MOST = {"zh-TW": 40, "en": 120}  # characters of a reason; what 40 Chinese ones say takes as many
TITLE = Text("電話應答", "Telephone")
_ENDS = re.compile("[；。]|[;.] ")  # where a clause ends
_COLUMNS = {
    "application_id": (CellKind.TEXT, Text("申請編號", "Application"), 12),
    "school": (CellKind.TEXT, Text("學校", "School"), 20),
    "title": (CellKind.TEXT, Text("社群名稱", "Title"), 34),
    "decision": (CellKind.TEXT, Text("結果", "Decision"), 20),
    "standing": (CellKind.TEXT, Text("分數與名次", "Merit and rank"), 26),
    "reason": (CellKind.LONG, Text("理由", "Reason"), 48),
    "would_have_helped": (CellKind.LONG, Text("怎樣可獲補助", "What would have helped"), 48),
    "smaller_request": (CellKind.LONG, Text("減少申請金額", "A smaller request"), 40),
    "without_others": (CellKind.LONG, Text("若無另案", "Without another one"), 40),
    "larger_request": (CellKind.LONG, Text("增加申請金額", "A larger request"), 40),
    "waiting": (CellKind.LONG, Text("公布後能否遞補", "Whether it may still come in"), 34),
}
_REVISED = {  # after a revision: under what it would have been so; the letters of before know nothing of it
    "would_have_helped": (
        CellKind.LONG,
        Text(
            "怎樣可獲補助（以修正時保留其他已公布之核定為前提，右三欄同）",
            "What would have helped (at the revision, other published awards kept; also to the right)",
        ),
        48,
    ),
}


def telephone_sheet(
    facts: Certified, explanations: Sequence[Explanation], language: Language
) -> Sheet:
    """Return the sheet; it is the official's page, and may name others."""
    said = _COLUMNS | (_REVISED if facts.premise else {})
    columns = tuple(
        SheetColumn(kind, words.say(language), width) for kind, words, width in said.values()
    )
    rows = tuple(tuple(map(readable, row)) for row in _rows(facts, explanations, language))
    return Sheet(TITLE.say(language), columns, rows)


def telephone_csv(sheet: Sheet) -> bytes:
    """Return the same sheet as CSV, under the names of its columns."""
    rows = [[str(cell) for cell in row] for row in sheet.rows]
    return write_cells(list(_COLUMNS), rows, [False] * len(_COLUMNS))


def _rows(
    facts: Certified, explanations: Sequence[Explanation], language: Language
) -> Iterator[tuple[str, ...]]:
    known, answers = names_of(facts), _Answers(facts, language)
    for one in explanations:
        decision = say_decision(one).say(language)
        said = answers.standing(one), answers.reason(one), *answers.help(one)
        later = answers.later(one)
        yield (one.application_id, *known[one.application_id], decision, *said, later)


class _Answers:
    """What is said on the telephone, in the words of a round and in whole sentences."""

    def __init__(self, facts: Certified, language: Language) -> None:
        self._language = language
        self._row = {
            str(own_id): row
            for row, own_id in enumerate(facts.case.records.applications["application_id"])
        }
        self._facts, self._refused = reasons(facts), refusals(facts.scored)
        self._standing, self._limits = standings(facts), _limits(facts)
        others = facts.case.policy.settings.plan.name_others
        self._advice = Advice(facts, self._facts, others)

    def reason(self, one: Explanation) -> str:
        """Say why: of the funded what speaks for it, of the others what stands against it."""
        if one.outcome == "ineligible":
            return self._refusals(one)
        if one.status != "funded":
            return self._together([_brief(one.because)])
        cut, why = self._cut(one), self._facts[self._row[one.application_id]]
        for raised in (more for more in one.more if more.code == "raised"):
            both = [why.clause, raised.short]
            forms = sentences([*both, *cut]), sentences(both), raised.full, why.clause
            return self._first_that_fits(*forms)
        return self._together([*cut, why.brief if cut else why.clause])

    def standing(self, one: Explanation) -> str:
        """Say its merit and its rank; nothing of one that is not eligible."""
        said = self._standing.get(one.application_id)
        return said.say(self._language) if said else ""

    def later(self, one: Explanation) -> str:
        """Say whether it may still come in, as the letter does."""
        return self._together(map(_brief, self._advice.later(one)))

    def _cut(self, one: Explanation) -> list[Text]:
        """Say that it got less than it asked for, and by which rules."""
        said = [_brief(more) for more in one.more if more.code == "amount"]
        row = self._row[one.application_id]
        return said + [
            Text(f"依「{rule.zh}」核減", f'cut by "{rule.en}"')
            for rule in self._limits.get(row, {})
            if said
        ]

    def help(self, one: Explanation) -> list[str]:
        """Say what would have helped, as the letter does; to the ineligible, what to see to next year."""
        said = {need.code: need for need in self._advice.needs(one)}
        first = [said[code] for code in ("nothing", "merit") if code in said]
        score = self._together(map(_brief, first))
        if one.outcome == "ineligible":
            score = self._next_time(self._refused.get(self._row[one.application_id], []))
        return [score, *(self._of(said.get(code)) for code in ("request", "rivals", "more"))]

    def _of(self, need: Statement | None) -> str:
        return self._together([_brief(need)] if need else [])

    def _refusals(self, one: Explanation) -> str:
        """Say every rule that refused it, or the first and how many there are."""
        refused = self._refused.get(self._row[one.application_id], [])
        first = _brief(one.because)
        if len(refused) < 2:
            return self._together([first])
        return self._first_that_fits(
            sentences(r.found for r in refused),
            *_of_several((first, refused[0].rule), len(refused)),
        )

    def _next_time(self, refused: Sequence[Refusal]) -> str:
        """Say what to see to of every rule that refused it; of many, the first and how many there are."""
        said = list(dict.fromkeys(r.next_time for r in refused if r.next_time))
        if len(said) < 2:
            return self._together(said)
        rules = dict.fromkeys(r.rule for r in refused if r.next_time)
        zh, en = "".join(f"「{r.zh}」" for r in rules), ", ".join(f'"{r.en}"' for r in rules)
        named = Text(f"請確認符合{zh}之規定", f"make sure to meet {en}")
        return self._first_that_fits(sentences(said), named, *_of_several(said[:1], len(said)))

    def _first_that_fits(self, *forms: Text) -> str:
        """Say the first form that is short enough; else of the last as much as is."""
        said = [form.say(self._language) for form in forms]
        short = (text for text in said if len(text) <= MOST[self._language])
        return next(short, None) or as_much_as_fits(said[-1:], self._language)

    def _together(self, said: Iterable[Text]) -> str:
        return as_much_as_fits((text.say(self._language) for text in said), self._language)


def _of_several(forms: Iterable[Text], count: int) -> list[Text]:
    """Say the first of several, in some forms, and how many there are."""
    return [Text(f"{form.zh}等 {count} 項", f"{form.en}; {count} in all") for form in forms]


def _limits(facts: Certified) -> dict[int, dict[Text, None]]:
    """Return what the rules are called that leave less of a request, by its row."""
    found: dict[int, dict[Text, None]] = {}
    for remark in facts.scored.remarks:
        rule = named(facts.case.policy.rules, remark.clause)
        if rule and remark.finding.limit is not None and not rule.premise():
            found.setdefault(remark.finding.application, {})[rule.spoken] = None
    return found


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
    said, amount, before = CODES[explanation.outcome], money(explanation.award), explanation.before
    if explanation.status == "funded":
        said = Text(f"{said.zh} {amount} 元", f"{said.en}: NT${amount}")
    return Text(f"{said.zh}（{before.zh}）", f"{said.en} ({before.en})") if before else said


def _brief(statement: Statement) -> Text:
    """Return a statement as it is said on the telephone."""
    return statement.short or statement.full


def as_much_as_fits(said: Iterable[str], language: Language) -> str:
    """Say sentences one after the other as long as there is room, the first always.

    One that is too long ends with its last clause that fits: no sentence breaks off in the middle.
    """
    most, between = MOST[language], "；" if language == "zh-TW" else "; "
    first, *others = [_whole(text, most) for text in said if text] or [""]
    for text in others:
        if len(first) + len(between) + len(text) > most:
            break
        first += between + text
    return first


def _whole(said: str, most: int) -> str:
    """Return the clauses of a sentence that fit; a single one that does not ends in an ellipsis."""
    if len(said) <= most:
        return said
    ends = [end.start() for end in _ENDS.finditer(said[: most + 1])]
    return said[: ends[-1]] if ends else f"{said[: most - 1]}…"
