"""The journal as a list for people, and as a page that can be printed and filed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any

from optimizer.desk.decisions import decision_told
from optimizer.desk.departures import Differs
from optimizer.desk.ending import Final
from optimizer.desk.fields import named, told
from optimizer.desk.journal import ERRAND, FILES, MENDED, VERIFIED
from optimizer.language.text import EMPTY, Language, Text, joined, money

Line = Mapping[str, Any]
_HEADS = (Text("時間", "When"), Text("何人", "Who"), Text("何事", "What"), Text("理由", "Why"))
_BACK = {
    "undo": Text("復原：", "undone: "),
    "redo": Text("重做：", "done again: "),
    "saved": Text("寫入計畫檔：", "written to the policy file: "),
}
_PLAIN = {
    "saved": Text("寫入計畫檔", "written to the policy file"),
    "release": Text("撤銷定案", "opened again"),
}


_ERRANDS = {
    "prices": Text("計算規則代價、經費曲線與前緣", "prices, pool curve and frontier"),
    "robustness": Text("檢驗穩健程度", "robustness"),
    "comparison": Text("產生比較報告", "report of the comparison"),
    "letters": Text("產生通知函", "letters"),
    "record": Text("產生 PDF 紀錄", "PDF record"),
    "pools": Text("找出名單的轉折點", "where the list changes"),
}
_CAME = {
    "": ("開始{}", "{} begun"),
    "done": ("{}：完成", "{} done"),
    "failed": ("{}：未完成", "{} failed"),
    "stopped": ("{}：已停止", "{} stopped"),
}
_UNREAD = Text("（這一筆無法讀出，原文在 journal.jsonl）", "(cannot be read; see journal.jsonl)")


def entries_of(lines: Iterable[Line]) -> Iterator[tuple[str, Text, Text, str]]:
    """Yield what was done, the earliest first: when (this machine's time), who, what, why."""
    for line in lines:
        try:
            when, what = _when(line), _what(line)
        except (LookupError, TypeError, ValueError, AttributeError):  # written by something else
            when, what = str(line.get("when", "")), _UNREAD
        if what != EMPTY:
            yield when, _who(line), what, str(line.get("why", ""))


def _who(line: Line) -> Text:
    who, login = str(line.get("who", "")), str(line.get("login", ""))
    return Text(who, who) if login in ("", who) else Text(f"{who}（{login}）", f"{who} ({login})")


def _when(line: Line) -> str:
    return datetime.fromisoformat(line["when"]).astimezone().strftime("%Y-%m-%d %H:%M")


def _what(line: Line) -> Text:
    """Say what one line did; nothing of those that changed nothing that counts."""
    kind, folder, code = line["event"], line.get("folder"), line.get("seal")
    seal = Text(f"{folder}（{code}）", f"{folder} ({code})")
    if kind == "reread":
        return _reread(line)
    if kind == "decide":
        return decision_told(line["application_id"], line["verdict"])
    if line.get("changed"):
        said, back = _said(line), _BACK.get(kind, EMPTY)
        return Text(back.zh + said.zh, back.en + said.en)
    if kind == FILES:
        zh, en = "、".join(line["files"]), ", ".join(line["files"])
        return Text(f"收下檔案：{zh}", f"files taken in: {en}")
    if kind == MENDED:
        name, value = named((), line["about"]), line["value"]
        return Text(
            f"填入計畫檔：{name.zh}「{value}」", f'put into the policy file: {name.en} "{value}"'
        )
    if kind == VERIFIED:
        return Text(f"產生結果，核對無誤：{seal.zh}", f"result written and verified: {seal.en}")
    if kind == ERRAND:
        return _errand(line)
    if kind == "close":
        return Text(f"定案：{seal.zh}", f"final: {seal.en}")
    if kind == "revise":
        since = _since(line)
        return Text(f"修正：{since.zh}。{seal.zh}", f"revised: {since.en}. {seal.en}")
    if kind == "pin":
        return Text(f"釘選「{line['name']}」", f"pinned as {line['name']}")
    return _PLAIN.get(kind, EMPTY)


def _errand(line: Line) -> Text:
    """Say that something was begun in the background, or how it ended."""
    about, (zh, en) = _ERRANDS[line["about"]], _CAME[line.get("came", "")]
    said, why = Text(zh.format(about.zh), en.format(about.en)), line.get("said")
    return Text(f"{said.zh}：{why['zh']}", f"{said.en}: {why['en']}") if why else said


def _reread(line: Line) -> Text:
    """Say that the files were read again and what the draft lost by that."""
    left = [Text(**one) for one in line.get("left", ())]
    zh, en = "重新讀取，接續先前的草案", "files read again, the draft gone on with"
    if line.get("changed"):
        said = _said(line)
        zh, en = f"{zh}；計畫檔之更動：{said.zh}", f"{en}; changed in the file: {said.en}"
    if left:
        zh = f"{zh}；未能接續：{'、'.join(one.zh for one in left)}"
        en = f"{en}; lost: {'; '.join(one.en for one in left)}"
    return Text(zh, en)


def _said(line: Line) -> Text:
    """Return what the line says it did; one of an earlier version has the names of keys alone."""
    if "said" in line:
        return Text(**line["said"])
    return joined(told((), Differs(**part)) for part in line["changed"])


def _since(line: Line) -> Text:
    """Say what has changed since what was published."""
    parts = [Text(f"撤回 {one}", f"{one} withdrew") for one in line["withdraw"]]
    for key, zh, en in (("reduce", "減列為", "reduced to"), ("paid", "已撥付", "paid")):
        parts += [
            Text(f"{one} {zh} {money(amount)} 元", f"{one} {en} NT${money(amount)}")
            for one, amount in line[key].items()
        ]
    if line["pool"] is not None:
        parts.append(Text(f"經費 {money(line['pool'])} 元", f"pool NT${money(line['pool'])}"))
    return joined(parts) if parts else Text("依資料更正", "after corrections of the data")


def journal_page(
    title: str, lines: Iterable[Line], final: Iterable[Final], language: Language
) -> str:
    """Return the journal as one page of HTML, what is final first.

    Parameters
    ----------
    title
        Of the case.
    lines
        As `Journal.lines` gives them.
    final
        What is final.
    language
        Of the page.
    """

    def say(text: Text) -> str:
        return escape(text.say(language))

    colon = say(Text("：", ": "))
    finals = "".join(
        f"<li>{escape(one.folder)}{colon}<b>{escape(one.seal)}</b></li>" for one in final
    )
    heads = "".join(f'<th scope="col">{say(head)}</th>' for head in _HEADS)
    rows = "".join(
        f"<tr><td>{escape(when)}<td>{say(who)}<td>{say(what)}<td>{escape(why)}</tr>"
        for when, who, what, why in entries_of(lines)
    )
    name = say(Text("操作紀錄", "Journal"))
    sealed = say(Text("定案結果與查核碼", "Final results and their seals")) if finals else ""
    return (
        f'<!doctype html><html lang="{"zh-Hant" if language == "zh-TW" else "en"}">'
        f'<meta charset="utf-8"><title>{escape(title)} {name}</title><style>{_CSS}</style>'
        f"<main><h1>{escape(title)}</h1><h2>{sealed}</h2><ul>{finals}</ul><h2>{name}</h2>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></main></html>"
    )


_CSS = (
    'body{font:16px/1.6 "Noto Sans TC","Microsoft JhengHei",sans-serif;margin:2rem;color:#222}'
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3rem .6rem;"
    "text-align:left;vertical-align:top}td:first-child{white-space:nowrap}h2:empty,ul:empty"
    "{display:none}thead{display:table-header-group}tr{break-inside:avoid}"
)
