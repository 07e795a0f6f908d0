"""What the keys of policy.toml and scenarios.toml are called in Chinese, and what they can be set to."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from optimizer.language.text import Text

_WORDS: dict[str, tuple[str, ...]] = {
    # tables
    "plan": ("計畫",),
    "pool": ("經費", "經費來源"),
    "review": ("審查", "評分"),
    "award": ("核給", "補助方式"),
    "draw": ("抽籤",),
    "clause": ("條款", "規則"),
    "priority": ("優先順序", "優先", "順位"),
    "scenario": ("情境",),
    # keys
    "kind": ("種類", "類別", "規則種類"),
    "name": ("名稱", "規則名稱", "情境名稱"),
    "reference": ("依據", "條文", "所依條文"),
    "title": ("計畫名稱", "標題"),
    "year": ("年度", "學年度", "年"),
    "period": ("期間", "補助期間"),
    "districts": ("行政區", "行政區清單"),
    "boundaries": ("界線", "行政區界", "地圖"),
    "name_others": ("指名他案", "可指名他案"),
    "amount": ("金額", "總經費", "經費總額", "總額", "上限金額", "每校上限", "每校補助上限"),
    "unit": ("單位", "核給單位"),
    "contingency": ("預備金", "保留款"),
    "criteria": ("審查項目", "審查標準", "滿分", "配分"),
    "aggregate": ("計分方式", "合計方式"),
    "minimum_merit": ("及格分數", "最低分數", "及格"),
    "minimum_points": ("各項最低分數", "單項最低分數"),
    "direction": ("方向", "分數方向"),
    "lowest": ("最低分",),
    "missing": ("缺漏", "缺漏分數"),
    "trim": ("去頭去尾", "截尾"),
    "severity": ("寬嚴", "給分寬嚴"),
    "mode": ("方式", "模式"),
    "least_share": ("最低比例", "至少比例"),
    "grades": ("級距比例", "分級"),
    "seed": ("種子", "抽籤種子"),
    "commitment": ("雜湊值", "承諾值"),
    "minimum": ("最少", "最低", "最少人數", "最少次數"),
    "recommended": ("原則人數", "建議人數"),
    "first": ("首日", "起日", "開始日"),
    "last": ("末日", "截止日", "迄日", "截止日期"),
    "action": ("處理方式", "不符時"),
    "accepted": ("可接受", "接受"),
    "column": ("欄位", "欄"),
    "value": ("值", "欄位值"),
    "measure": ("計算方式", "計量"),
    "for_each": ("每一個值", "逐值"),
    "without": ("不計入", "除外"),
    "at_least": ("下限", "至少", "最少件數"),
    "at_most": ("上限", "至多", "最多件數"),
    "exactly": ("恰", "恰為"),
    "fund": ("補助", "指定補助"),
    "refuse": ("不補助", "指定不補助"),
    "cut": ("減至上限", "超過減列"),
    "reason": ("理由",),
    "decided_by": ("決定者", "決定人"),
    "weights": ("權重", "加權"),
    "band": ("級距", "分級距"),
    "form": ("形式",),
    "give_up": ("可犧牲", "讓步"),
    "set": ("設定", "變更"),
    "drop": ("刪除", "移除"),
    "order": ("順序",),
}
_KEY_OF = {word: key for key, words in reversed(_WORDS.items()) for word in words}

# what a key can be set to, and what people call it
CHOICES: Mapping[str, Text] = {
    "": Text("（全部申請案）", "(all applications)"),
    "mean": Text("平均", "mean"),
    "median": Text("中位數", "median"),
    "trimmed_mean": Text("去頭去尾平均", "trimmed mean"),
    "higher_is_better": Text("分數高者佳", "higher is better"),
    "lower_is_better": Text("分數低者佳", "lower is better"),
    "error": Text("視為錯誤", "an error"),
    "criterion_mean": Text("以該項其他委員平均代入", "mean of the others on that criterion"),
    "rescale": Text("按已評項目換算", "scaled from what was marked"),
    "zero": Text("以零分計", "zero points"),
    "none": Text("不校正", "none"),
    "additive": Text("校正給分寬嚴", "additive"),
    "full": Text("全額或不補助", "the whole amount or nothing"),
    "partial": Text("可部分補助", "part of it, too"),
    "graded": Text("按分數分級", "by grades of merit"),
    "over": Text("只適用規模大於此數的學校", "For schools larger than this"),
    "up_to": Text("只適用規模不大於此數的學校", "For schools up to this size"),
    "cut": Text("刪減至可核金額", "cut"),
    "refusal": Text("不符資格", "refused"),
    "flag": Text("僅註記", "flagged only"),
    "application": Text("每件社群計一次", "each application once"),
    "amount": Text("按金額計", "by the money"),
    "count": Text("按件數計", "by the number of applications"),
    "total": Text("總分最高", "most merit in all"),
    "ranked": Text("由高分依序", "from the top down"),
    "true": Text("是", "yes"),
    "false": Text("否", "no"),
}


def without_details(help_: Text) -> Text:
    """Leave out of what a key's help says whatever explains it: all behind the first colon."""
    return Text(help_.zh.partition("：")[0], help_.en.partition(":")[0])


def chinese_key(key: str) -> str:
    """Return what a key of a policy is called in Chinese; empty if there is no such key."""
    return _WORDS[key][0] if key in _WORDS else ""


def english_key(word: str) -> str | None:
    """Return the key that a Chinese (or full-width) word means, or None."""
    plain = unicodedata.normalize("NFKC", word).strip().strip("\"'“”「」").strip()
    if plain in _WORDS:
        return plain if plain != word else None
    return _KEY_OF.get(plain)
