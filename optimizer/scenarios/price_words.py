"""What the tables of prices call their columns and codes, in words."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.clauses import Priority
from optimizer.facts.measures import MEASURES
from optimizer.language.text import Text
from optimizer.result.dtypes import EXACT
from optimizer.scenarios.comparison_tables import AWARD, PRIORITY, PRIORITY_EXACT
from optimizer.scenarios.difference_tables import MOVES
from optimizer.scenarios.outcome import STATUS
from optimizer.scenarios.price_tables import CHANGE

SHEETS: Mapping[str, Text] = {
    "rules": Text("各規則之代價", "rules"),
    "rules_figures": Text("免除規則之數值", "rules_figures"),
    "rules_moves": Text("免除規則之異動", "rules_moves"),
    "pools": Text("各經費總額", "pools"),
    "frontier": Text("優先順序之取捨", "frontier"),
    "frontier_lists": Text("取捨各點之名單", "frontier_lists"),
    "importance": Text("各案對名單之貢獻", "importance"),
    "equity": Text("經費分布", "equity"),
    "lorenz": Text("羅倫茲曲線", "lorenz"),
}
CODES: Mapping[str, Text] = {
    **MOVES,
    **STATUS,
    "certified": Text("現行名單", "certified"),
    "table": Text("逐校精確計算", "table"),
    "between": Text("前後經費之名單相同", "between"),
    "solved": Text("求解", "solved"),
}
_HEADS: Mapping[str, Text] = {
    **MEASURES,
    "rule": Text("規則代號", "rule"),
    "title": Text("名稱", "title"),
    "reference": Text("計畫條文", "reference"),
    "status": Text("狀態", "status"),
    "source": Text("得知方式", "source"),
    "entering": Text("新獲補助", "entering"),
    "leaving": Text("不再獲補助", "leaving"),
    "who_enters": Text("新獲補助者", "who_enters"),
    "who_leaves": Text("不再獲補助者", "who_leaves"),
    "paid_more": Text("金額增加", "paid_more"),
    "paid_less": Text("金額減少", "paid_less"),
    "spent": Text("核定金額", "spent"),
    "left": Text("餘額", "left"),
    "pool": Text("經費總額", "pool"),
    "eligible": Text("符合資格", "eligible"),
    "first_priority": Text("首先不同之優先順序", "first_priority"),
    "said": Text("說明", "said"),
    "figure": Text("數值代號", "figure"),
    "base": Text("現行", "base"),
    "other": Text("免除後", "other"),
    "change": Text("差", "change"),
    "school": Text("學校", "school"),
    "move": Text("異動", "move"),
    "award_base": Text("現行核定", "award_base"),
    "award_other": Text("免除後核定", "award_other"),
    "reason_base": Text("現行理由", "reason_base"),
    "reason_other": Text("免除後理由", "reason_other"),
    "point": Text("點", "point"),
    "is_policy": Text("為現行名單", "is_policy"),
    "on_frontier": Text("在前緣上", "on_frontier"),
    "place": Text("次序", "place"),
    "priority": Text("首先較差之優先順序", "priority"),
    "lost": Text("損失", "lost"),
    "kind": Text("分組方式", "kind"),
    "group": Text("組別", "group"),
    "applying": Text("提出申請之學校數", "applying"),
    "students": Text("學生數", "students"),
    "share_applying": Text("提出申請之學校比例", "share_applying"),
    "share_funded": Text("獲補助之申請比例", "share_funded"),
    "per_student": Text("每生核定金額", "per_student"),
    "over": Text("單位", "over"),
    "weight_share": Text("累計學生（或學校）比例", "weight_share"),
    "money_share": Text("累計金額比例", "money_share"),
}


def heads(priorities: tuple[Priority, ...], columns: list[str]) -> dict[str, Text]:
    """Return what stands above some columns, those of priorities and of single points among them."""
    spoken = {priority.label: priority.spoken for priority in priorities}
    found = {}
    for name in columns:
        plain = name.removesuffix(EXACT).replace(PRIORITY_EXACT, PRIORITY, 1)
        exact = "（精確值）" if plain != name else ""
        if plain.startswith(PRIORITY) and plain.removeprefix(PRIORITY) in spoken:
            said = spoken[plain.removeprefix(PRIORITY)].zh
        elif name.startswith(AWARD):
            said = _award(name.removeprefix(AWARD))
        elif plain.removeprefix(CHANGE) in _HEADS:
            said = _HEADS[plain.removeprefix(CHANGE)].zh + ("之增減" if CHANGE in plain else "")
        else:
            continue
        found[name] = Text(f"{said}{exact}", name)
    return found


def _award(point: str) -> str:
    return "現行核定" if point == "0" else f"第 {point} 點核定"
