"""What would have had to differ, in words: of every measure that turns a decision, or does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optimizer.explain.explanation import Need
from optimizer.explain.naming import nt, short
from optimizer.explain.needs import Turn
from optimizer.explain.refusing import RefusedRequest
from optimizer.language.text import EMPTY, Text, sentences

SURE = Text("即獲補助", "it would be funded")
DRAWN = Text("可能獲補助（由抽籤決定）", "the draw might fund it")
# how it is said that any one of others were not there: of a first list, and of a revised one
NOT_HANDED_IN = Text("若當初未提出申請", "had not been handed in")
WITHDREW = Text("若於本次修正一併撤回", "withdrew in the same revision")
_OPEN = Text("時限內未能求得", "not settled within the limit")
_HOW = Text(
    "可用 subsidy explain --time-limit 秒數 試算；在 Python 亦可用 what_if 單問一項",
    "`subsidy explain --time-limit SECONDS` tries it; in Python, `what_if` asks a single thing",
)
_LONG = Text(
    "（未試算者，每試一次均須重新求解全案，費時較久）",
    " (what was not worked out solves the whole round again each time, which takes long)",
)
OTHER_RULES = Text("其餘規則未試算", "other rules were not worked out")
_FUNDED = Text("，即獲補助", ": it would be funded")
_DRAWN = Text("，則條件相同，由抽籤決定", ": conditions would be equal, and the draw decide")
_LOST = Text("，即不獲補助", ": it would not be")


def kept(code: str, top: Sequence[int], refusal: RefusedRequest | None) -> Need:
    """Say up to which larger request, with a budget to match, it keeps its award, and what refuses more.

    Parameters
    ----------
    code
        Which measure it is.
    top
        The largest that was looked at, NT$; nothing where there is none.
    refusal
        Which rule refuses more, if one does.
    """
    said = [
        Text(
            f"申請金額（經費明細一併增列）增至 {nt(amount).zh}仍獲補助",
            f"it would keep its award with a request, and a budget, of up to {nt(amount).en}",
        )
        for amount in top
    ]
    if refusal:
        amount, title = nt(refusal.amount), refusal.rule.spoken
        said += [
            Text(
                f"申請達 {amount.zh}，即因「{title.zh}」不符資格",
                f'a request of {amount.en} would not be eligible by "{title.en}"',
            )
        ]
    text = sentences(said) or Text(
        "再多申請，可核金額亦不增加", "a larger request would not be admissible for more"
    )
    return replace(plain(code, text, text.zh), value=refusal.amount if refusal else None)


def turned(code: str, head: Text, turn: Turn, better: bool) -> Need:
    """Say where a decision turns, whether the draw would then decide, and at whose cost."""
    end = (_FUNDED if better else turn.lost or _LOST) if turn.certain else _DRAWN
    parts = (head, end, instead(turn))
    text = Text("".join(part.zh for part in parts), "".join(part.en for part in parts))
    ends = [*_in_fewer_words(turn), end.zh]
    heads, bare = _shorter(head.zh)
    forms = [text.zh, *(said + fewer for fewer in ends for said in heads)]
    forms += [bare + fewer for fewer in ends]
    return replace(plain(code, text, *forms), value=turn.value, certain=turn.certain)


def _shorter(head: str) -> tuple[list[str], str]:
    """Return a value with all or the first of what stands in brackets at its end, and without them."""
    if not head.endswith("）"):
        return [head], head
    value, _, more = head.removesuffix("）").rpartition("（")
    return [head, f"{value}（{more.partition('，')[0]}）"], value


def instead(turn: Turn) -> Text:
    """Say who of its own school would make room for it: its gain is then the sister's loss."""
    if not turn.instead:
        return EMPTY
    zh, en = "、".join(turn.instead), " and ".join(turn.instead)
    if turn.certain:
        return Text(f"，但同校 {zh} 不獲補助", f", but then {en} of its own school would not be")
    return Text(
        f"；如獲選，同校 {zh} 不獲補助", f"; if it wins, its school's {en} would get nothing"
    )


def _in_fewer_words(turn: Turn) -> list[str]:
    """Say the end of a measure by which a sister makes room, for the telephone."""
    if not turn.instead:
        return []
    ids, drawn = "、".join(turn.instead), "" if turn.certain else "由抽籤決定，"
    gains = f"，{drawn}本案獲補助則 {ids} "
    several = len(turn.instead)
    cost = f"同校另 {several} 件均不獲補助" if several > 1 else "與同校另案只能擇一"
    return [f"{gains}不獲補助", f"，{drawn}但{cost}"]


def plain(code: str, text: Text, *forms: str) -> Need:
    """Return a measure that is said to everybody in the same words, and for the telephone in fewer."""
    return Need(code, text, text, short(text.en, *forms))


def not_settled(code: str, what: str) -> Need:
    """Say that the limit came first."""
    text = Text(f"{what}：{_OPEN.zh}", _OPEN.en)
    return Need(code, text, text, text, certain=False)


def not_tried(code: str, what: str, upto: int | None, available: int) -> Need:
    """Say that it was not worked out, as too much would have to be solved.

    Parameters
    ----------
    code, what
        Which measure it is, and what it is called in Chinese.
    upto
        The last value that was worked out, NT$: up to there nothing turns the decision. None for none.
    available
        What there is to award, NT$.
    """
    brief = Text(f"{what}：未試算", "not worked out")
    if upto is not None:
        tried = _tried(code, upto, available)
        brief = Text(f"{tried.zh}，其餘未試算", f"{tried.en}; the rest was not worked out")
    told = short(brief.en, brief.zh, f"{what}：其餘未試算")
    return Need(code, brief, brief, told, certain=False, tried=False)


def told_how(needs: Sequence[Need]) -> list[Need]:
    """Say with the last measure that was not worked out why, and how they all can be asked."""
    last = max((n for n, need in enumerate(needs) if not need.tried), default=None)
    return [
        replace(need, full=Text(need.full.zh + _LONG.zh, need.full.en + _LONG.en), how=_HOW)
        if n == last
        else need
        for n, need in enumerate(needs)
    ]


def _tried(code: str, upto: int, available: int) -> Text:
    """Say up to where nothing turns the decision."""
    amount, more = nt(upto), nt(upto - available)
    if code == "pool":
        return Text(
            f"可用經費增加 {more.zh}以內，亦不獲補助", f"up to {more.en} more to award would not do"
        )
    if code == "request":
        return Text(
            f"申請金額減少但不低於 {amount.zh}者，亦不獲補助",
            f"no smaller request of {amount.en} or more would do",
        )
    if code == "more":
        return Text(
            f"申請金額增至 {amount.zh}以內，亦不獲補助", f"no request of up to {amount.en} would do"
        )
    return Text(
        f"申請金額增至 {amount.zh}以內，不影響是否獲補助",
        f"a request of up to {amount.en} would not lose it the award",
    )
