"""Words of the report and the workbooks that no other part of the program says."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.explain.reasons import OTHERS, Why
from optimizer.language.text import Text
from optimizer.report.result_columns import CODES
from optimizer.tables.case_words import term

DECIDED: Mapping[Why, Text] = {  # in a few words, where the rule that a reason names did not choose
    "sister": Text("同校另案獲補助", "another of its school is funded"),
    "others": OTHERS,
    "unsettled": CODES["unsettled"],
}

BADGES: Mapping[str, Text] = {  # how far a list is proved, at the top
    "optimal": Text("最佳，已證明", "Optimal, and proved"),
    "undrawn": Text(
        "各項優先順序均已證明，抽籤尚未完成", "Every priority proved, the draw not settled"
    ),
    "open": Text("可行，尚未證明", "Feasible, not proved"),
}
COVERED: Mapping[str, Text] = {  # whether a district has anybody funded
    "yes": term("yes"),
    "no": term("no"),
    "uncoverable": CODES["uncoverable"],
}
SECTIONS: Mapping[str, Text] = {  # the headings of the report
    "awards": Text("核定名單", "List of awards"),
    "scores": Text("分數與結果", "Merit and the result"),
    "districts": Text("各行政區", "Districts"),
    "disadvantage": Text("弱勢學校", "Disadvantaged schools"),
    "kinds": Text("社群類型與經費流向", "Kinds of community, and the money"),
    "figures": Text("其他圖表", "Other figures"),
    "rules": Text("適用規則", "The rules"),
    "screening": Text("資格審查", "Screening"),
    "inversions": Text("較低分獲補助的原因", "Why some with less merit are funded"),
    "waiting": Text("候補名單", "Waiting list"),
    "priorities": Text("優先順序與證明", "Priorities and their proof"),
    "check": Text("自行核算", "Check it here"),
    "draw": Text("抽籤", "The draw"),
    "reviewers": Text("審查委員一致性", "Agreement of reviewers"),
    "sources": Text("資料來源與版本", "Inputs and versions"),
}
BLANK: Mapping[str, Text] = {  # what heads those of no kind, or of no category
    "kinds": Text("（未填）", "(blank)"),
    "disadvantage": Text("其他學校", "other schools"),
}
FACTS: dict[str, Text] = {
    "amount": Text("經費總額", "Pool"),
    "unit": Text("核定單位", "Unit of awards"),
    "contingency": Text("預備金", "Contingency"),
    "available": Text("可用經費", "Available"),
    "requested": Text("申請總額", "Requested"),
    "spent": Text("核定總額", "Awarded"),
    "paid_to_others": Text("已撥付而未收回", "Paid and not given back"),
    "left": Text("餘額", "Left"),
    "applications": Text("申請件數", "Applications"),
    "eligible": Text("符合資格件數", "Eligible"),
    "funded": Text("補助件數", "Funded"),
    "not_funded": Text("未獲補助件數", "Not funded"),
    "ineligible": Text("不符資格件數", "Ineligible"),
    "flagged": Text("註記件數", "Flagged"),
    "districts": Text("行政區數", "Districts"),
    "districts_covered": Text("獲補助行政區", "Districts covered"),
    "districts_uncoverable": Text("無符合資格申請之行政區", "Districts that cannot be covered"),
}
