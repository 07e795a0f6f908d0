"""How much of a request is granted, said as the rule that it is: `[award]` of the policy (plan §捌二(5))."""

from __future__ import annotations

from optimizer.language.text import Text, money
from optimizer.language.words import exact_points, percent
from optimizer.tables.settings import Award, Settings

AWARDING = Text("核給方式", "How awards are made")


def award_sentence(settings: Settings) -> Text:
    """Say in one sentence what an application that is funded may get.

    ``full``: ``award_a = most_a``; ``partial``: ``ceil(least_share * allowed_a) <= award_a <= most_a``;
    ``graded``: the share of the grade, each in whole units.
    """
    award, unit = settings.award, money(settings.pool.unit)
    whole = Text(f"以 {unit} 元為單位", f"in whole units of NT${unit}")
    if award.mode == "partial":
        least = percent(award.least_share)
        return Text(
            f"獲補助者核給可核金額之 {least} 至全額，{whole.zh}，由優先順序決定；不及者不予補助。",
            f"Whoever is funded gets from {least} to all of the admissible amount, {whole.en}, as the "
            "priorities decide, or nothing.",
        )
    if award.mode == "graded":
        return _graded(award, whole)
    return Text(
        f"獲補助者核給全部可核金額，{whole.zh}，不部分核給。",
        f"Whoever is funded gets all of the admissible amount, {whole.en}; nobody gets a part of it.",
    )


def _graded(award: Award, whole: Text) -> Text:
    grades = sorted(award.grades, reverse=True)
    zh = "、".join(f"{exact_points(at)} 分以上 {percent(share)}" for at, share in grades)
    en = ", ".join(f"{percent(share)} from {exact_points(at)} points on" for at, share in grades)
    return Text(
        f"依審查分數核給可核金額之一定比例：{zh}；{whole.zh}，未達最低級距者不符資格。",
        f"Merit decides the share of the admissible amount: {en}; {whole.en}. Below the lowest grade an "
        "application is not eligible.",
    )
