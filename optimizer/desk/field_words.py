"""What people call the keys of a policy and what can be chosen there, where a form shows them."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.language.policy_words import without_details
from optimizer.language.text import Text

KEYS: Mapping[str, Text] = {
    "column": Text("欄位", "Column"),
    "value": Text("欄位值", "Value in that column"),
    "for_each": Text("每一個值各為一組", "Each value is a group of its own"),
    "without": Text("不計入的值", "Values that are left out"),
    "measure": Text("計算什麼", "What is counted"),
    "at_least": Text("下限（數字，或如 40%）", "Least (a number, or a share such as 40%)"),
    "at_most": Text("上限（數字，或如 40%）", "Most (a number, or a share such as 40%)"),
    "exactly": Text("恰為（不與上下限並用）", "Exactly (in place of the two)"),
    "give_up": Text(
        "為使後面各項更好，本項至多可少多少（數額，或如 0.5%）",
        "How much of it may be given up for later ones (an amount, or a share such as 0.5%)",
    ),
    "per": Text("分數如何計", "How merit counts"),
    "form": Text("比較方式", "How lists are compared"),
    "over": Text("只適用規模大於此數的學校", "For schools larger than this"),
    "up_to": Text("只適用規模不大於此數的學校", "For schools up to this size"),
    "cut": Text("單件申請超過上限時，減至上限", "A single request above the cap is cut to it"),
    "fund": Text("指定補助", "To be funded"),
    "refuse": Text("指定不補助", "Not to be funded"),
    "reason": Text("理由（未逐案寫明者）", "Why (where no application has its own)"),
    "decided_by": Text("決定者（未逐案寫明者）", "Who decides (where no application has its own)"),
    "reference": Text("計畫條文", "Section of the plan"),
}
SETTINGS: Mapping[str, Text] = {
    "pool.amount": Text("總經費", "Pool"),
    "pool.unit": Text("核定金額的單位", "Awards are multiples of"),
    "pool.contingency": Text("預備金", "Held back"),
    "review.criteria": Text("審查項目與滿分", "Criteria and full marks"),
    "review.aggregate": Text("各委員分數如何合計", "How reviewers' totals are put together"),
    "review.minimum_merit": Text("及格分數", "Least merit"),
    "review.direction": Text("分數的方向", "Which marks are better"),
    "review.lowest": Text("單項最低分", "Lowest mark"),
    "review.missing": Text("缺漏的分數", "A missing mark"),
    "review.trim": Text("去頭去尾各幾位", "How many are trimmed at each end"),
    "review.minimum_points": Text("各項最低平均分數", "Least mean points by criterion"),
    "review.severity": Text("給分寬嚴校正", "Reviewers' severity"),
    "award.mode": Text("核給方式", "How much is awarded"),
    "award.least_share": Text("部分補助時至少核給", "In part: at least"),
    "award.grades": Text("分級核給", "Grades"),
}


def label(help_: Text, form: str) -> Text:
    """Return what stands beside a form; what can be chosen, and the currency, stand in the form itself."""
    if form == "money":
        help_ = Text(help_.zh.removesuffix("（元）"), help_.en.removesuffix(", NT$"))
    if form not in ("choice", "yes_no"):
        return Text(help_.zh, help_.en[:1].upper() + help_.en[1:])
    said = without_details(help_)
    return Text(said.zh, said.en[:1].upper() + said.en[1:])
