"""The first sheet of a workbook to fill in: what to do, every column, every rule of the policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from optimizer.language.text import Language, Text, joined
from optimizer.new.forms import Form, and_then, is_list
from optimizer.new.own_columns import own_columns
from optimizer.policy.awarding import award_sentence
from optimizer.policy.policy import Policy
from optimizer.workbooks.sheet import CellKind, Sheet, SheetColumn

_NEEDED = Text("必填", "yes")
NAME = Text("說明", "instructions")
_HEADERS = (
    (Text("分頁", "Sheet"), 14, CellKind.TEXT),
    (Text("欄位", "Column"), 22, CellKind.TEXT),
    (Text("必填", "Needed"), 9, CellKind.TEXT),
    (Text("填法", "What to fill in"), 70, CellKind.LONG),
)
_STEPS = (
    Text(
        "各分頁藍底標題為必填，滑鼠移到標題上有說明；有下拉選單者請由選單選取。",
        "Headers in blue must be filled in; a note says what, where you point at one. Choose from the list where "
        "there is one.",
    ),
    Text(
        "與本計畫無關的必填欄（如參與評鑑計畫、社群類型），一律填「否」「其他」。",
        'A column that must be filled in and means nothing under this plan (evaluation programme, type) gets "no" '
        'and "other" throughout.',
    ),
    Text(
        "填妥後執行 subsidy check 加本資料夾名稱，所有錯誤會一次列出；再執行 subsidy allocate。",
        "Then run subsidy check with the name of this folder: it lists every mistake at once. Then subsidy allocate.",
    ),
)


def instructions(forms: Sequence[Form], policy: Policy, language: Language) -> Sheet:
    """Return the sheet."""
    columns = tuple(SheetColumn(kind, head.say(language), width) for head, width, kind in _HEADERS)
    rows = _said([*_STEPS, *_own(policy)], Text("步驟", "Steps"), language)
    for form in forms:
        rows += [
            (form.title, header, _NEEDED.say(language) if column.filled else "", _help(form, at))
            for at, (header, column) in enumerate(zip(form.headers, form.columns, strict=True))
        ]
    rows += _said(_rules(policy), Text("規則", "Rules"), language)
    return Sheet(NAME.say(language), columns, tuple(rows))


def _own(policy: Policy) -> Iterator[Text]:
    """Say which columns are there because a rule reads them, if any are."""
    if own := joined(Text(one.name, one.name) for one in own_columns(policy)):
        yield Text(
            f"本計畫自訂、因規則要用而加上的欄位：{own.zh}。若其實是指程式原有的欄位，請先改計畫檔，再重新產生。",
            f"Columns of this policy's own, added because a rule reads them: {own.en}. If one of the program's own was "
            "meant, change the policy first and make the workbook anew.",
        )


def _rules(policy: Policy) -> Iterator[Text]:
    """Yield the sentence of every rule, and last how awards are made, with its section."""
    yield from (rule.sentence() for rule in policy.rules)
    award, section = award_sentence(policy.settings), policy.settings.award.reference
    yield Text(f"{award.zh}（{section}）", f"{award.en} ({section})") if section else award


def _said(texts: Iterable[Text], head: Text, language: Language) -> list[tuple[str, str, str, str]]:
    return [
        (head.say(language), str(number), "", text.say(language))
        for number, text in enumerate(texts, start=1)
    ]


def _help(form: Form, at: int) -> str:
    column = form.columns[at]
    choices = form.choices(column)
    zh, en = ("如", "e.g.") if is_list(column) else ("可填", "one of")
    listed = Text(f"{zh}：{'、'.join(choices)}", f"{en}: {', '.join(choices)}")
    return (and_then(column.help, listed) if choices else column.help).say(form.language)
