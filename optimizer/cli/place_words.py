"""Places inside summary.json and policy.toml in words: ``pool.spent`` is *pool / awarded*."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from optimizer.facts.measures import MEASURES
from optimizer.language.policy_words import chinese_key
from optimizer.language.text import Text, joined
from optimizer.report.folder import SUMMARY
from optimizer.tables.case_words import column_words

POLICY = "policy.toml"
Titles = Mapping[str, Text]
_PARTS = re.compile(r'\[[^\]]*\]|"(?:[^"\\]|\\.)*"|[^.\[]+')
_WORDS: dict[str, Text] = {
    **MEASURES,
    "again": Text("覆核方法", "second method"),
    "aggregate": Text("計分方式", "aggregate"),
    "amount": Text("總額", "amount"),
    "applications": Text("申請件數", "applications"),
    "available": Text("可用經費", "available"),
    "bound": Text("可達極限", "best possible"),
    "by": Text("證明方法", "method of the proof"),
    "cause": Text("原因", "cause"),
    "certainty": Text("確定程度", "certainty"),
    "chances": Text("中籤機率", "chances"),
    "changes": Text("讀取後之變更", "changes after reading"),
    "columns": Text("欄位", "columns"),
    "content": Text("計畫資料內容", "content of the case"),
    "contingency": Text("預備金", "contingency"),
    "count": Text("件數", "count"),
    "counts": Text("件數統計", "counts"),
    "districts": Text("行政區數", "districts"),
    "districts_covered": Text("獲補助行政區數", "districts covered"),
    "districts_uncoverable": Text("無從補助之行政區數", "districts that cannot be covered"),
    "draw": Text("抽籤", "draw"),
    "eligible": Text("符合資格件數", "eligible"),
    "engine": Text("求解方法", "engine"),
    "envy": Text("本應優先而未獲補助", "envy"),
    "every": Text("必獲補助", "in every optimum"),
    "fingerprints": Text("頁面指紋之雜湊值", "hash of the fingerprints of the page"),
    "flagged": Text("註記件數", "flagged"),
    "floor": Text("後續須維持之值", "floor"),
    "funded": Text("補助件數", "funded"),
    "gap": Text("與最高值之差", "gap"),
    "goal": Text("目標", "goal"),
    "ineligible": Text("不符資格件數", "ineligible"),
    "inversions": Text("較低分獲補助、較高分未獲補助", "pairs of which the worse is funded"),
    "inputs": Text("輸入檔案", "inputs"),
    "keys": Text("各項設定", "keys"),
    "kind": Text("種類", "kind"),
    "language": Text("語言", "language"),
    "left": Text("餘額", "left over"),
    "line": Text("補助線", "line"),
    "measures": Text("名單的各項數字", "measures"),
    "merit": Text("分數", "merit"),
    "name": Text("名稱", "name"),
    "not_worked_out": Text("未及推算之處", "what was not worked out"),
    "none": Text("必未獲補助", "in no optimum"),
    "not_funded": Text("未獲補助件數", "not funded"),
    "optima": Text("最佳解數目", "number of optima"),
    "outputs": Text("檔案清單", "list of files"),
    "pairs": Text("對數", "pairs"),
    "parts": Text("所含部分", "parts"),
    "plan": Text("計畫", "plan"),
    "policy": Text("計畫規則", "rules of the policy"),
    "pool": Text("經費", "pool"),
    "priorities": Text("優先順序", "priority"),
    "priority": Text("優先順序", "priority"),
    "program": Text("程式", "program"),
    "proved": Text("是否已證明", "proved"),
    "reference": Text("計畫條文", "section of the plan"),
    "requested": Text("申請總額", "requested"),
    "rows": Text("列數", "rows"),
    "scale": Text("換算單位", "scale"),
    "schema_version": Text("格式版本", "version of the format"),
    "seal": Text("查核碼", "seal"),
    "seconds": Text("所用秒數", "seconds"),
    "section": Text("所屬表格", "table of the policy"),
    "seed": Text("種子", "seed"),
    "seed_sha256": Text("種子雜湊值", "hash of the seed"),
    "sentence": Text("規則內容", "sentence"),
    "settled": Text("是否已抽籤定案", "settled"),
    "sha256": Text("雜湊值", "hash"),
    "shown": Text("顯示之值", "value as shown"),
    "size": Text("檔案大小", "size"),
    "solves": Text("求解次數", "solves"),
    "some": Text("由抽籤決定", "in some optima"),
    "spent": Text("核定總額", "awarded"),
    "started_at": Text("開始時間", "time of the start"),
    "status": Text("狀態", "status"),
    "system": Text("作業系統", "system"),
    "tables": Text("資料表", "tables"),
    "title": Text("名稱", "title"),
    "unit": Text("核定單位", "unit"),
    "value": Text("實際值", "value"),
    "version": Text("版本", "version"),
    "versions": Text("各套件版本", "versions"),
    "why": Text("選用理由", "reason for it"),
    "year": Text("年度", "year"),
}


def in_words(file: str, column: str, titles: Titles) -> Text:
    """Say a place of summary.json or policy.toml in words; the columns of a table by their names.

    Parameters
    ----------
    file, column
        The place.
    titles
        What the rules of the policy are, by their names.
    """
    parts = _PARTS.findall(column)
    if file == SUMMARY:
        return _joined([_word(part, titles) for part in parts])
    if file == POLICY and column:  # the key stays beside it: that is what stands in the file
        said = _joined([_setting(part, titles) for part in parts])
        return Text(f"{said.zh}（{column}）", column)
    if "." in file:
        return Text(column, column)
    words = [column_words(name) for name in column.split(", ") if name]
    listed = joined(words)
    return listed if len(words) < 2 else Text(f"{listed.zh} 各欄", f"columns {listed.en}")


def _joined(words: list[Text]) -> Text:
    return Text("／".join(w.zh for w in words), " / ".join(w.en for w in words))


def _word(part: str, titles: Titles) -> Text:
    if part.startswith("["):
        name = _rule(part[1:-1], titles)
        return Text(f"「{name.zh}」", f'"{name.en}"')
    return _WORDS.get(part, Text(part, part))


def _setting(part: str, titles: Titles) -> Text:
    bare = str(json.loads(part)) if part.startswith('"') else part
    word = chinese_key(bare)
    return Text(word, bare) if word else _rule(bare, titles)


def _rule(label: str, titles: Titles) -> Text:
    """Say what a rule is, with its name beside it; an entry that is no rule stands as it is."""
    title = titles.get(re.sub(r"\[\d+$", "", label))
    return Text(f"{title.zh}（{label}）", f"{title.en} ({label})") if title else Text(label, label)
