"""What would have had to differ, in words: of every measure that turns a decision, or does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optimizer.explain.explanation import Need
from optimizer.explain.naming import joined, nt, short
from optimizer.explain.needs import Turn
from optimizer.explain.refusing import RefusedRequest
from optimizer.language.text import EMPTY, Text

SURE = Text("即獲補助", "it would be funded")
DRAWN = Text("可能獲補助（由抽籤決定）", "the draw might fund it")
# how it is said that any one of others were not there: of a first list, and of a revised one
NOT_HANDED_IN = Text("若當初未提出申請", "had not been handed in")
WITHDREW = Text("若撤回", "withdrew")
_OPEN = Text("時限內未能求得", "not settled within the limit")
_HOW = Text(
    "（每試一次均須重新求解全案，費時較久；可用 explain --time-limit 秒數 試算全部，或以 what_if 單問一項）",
    " (each trial solves the whole round again, which takes long; `explain --time-limit SECONDS` "
    "tries them all, `what_if` any single one)",
)
_FUNDED = Text("，即獲補助", " and it is funded")
_DRAWN = Text("，則與他案條件相同，由抽籤決定", " and conditions are equal: the draw would decide")


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
    text = joined(said) or Text(
        "再多申請，可核金額亦不增加", "a larger request would not be admissible for more"
    )
    return replace(plain(code, text, text.zh), value=refusal.amount if refusal else None)


def turned(code: str, head: Text, turn: Turn, better: bool) -> Need:
    """Say where a decision turns, whether the draw would then decide, and at whose cost."""
    if turn.certain:
        end = _FUNDED if better else Text("，即不獲補助", " and it is not")
    else:
        end = _DRAWN
    parts = (head, end, _instead(turn))
    text = Text("".join(part.zh for part in parts), "".join(part.en for part in parts))
    forms = [text.zh, *(head.zh + fewer for fewer in _in_fewer_words(turn))]
    return replace(plain(code, text, *forms), value=turn.value, certain=turn.certain)


def _instead(turn: Turn) -> Text:
    """Say who of its own school would make room for it: its gain is then the sister's loss."""
    if not turn.instead:
        return EMPTY
    zh, en = "、".join(turn.instead), " and ".join(turn.instead)
    if turn.certain:
        return Text(f"，但同校 {zh} 因此不獲補助", f", but then {en} of its own school is not")
    return Text(f"；如獲選，同校 {zh} 即不獲補助", f"; if it wins, its school's {en} is not")


def _in_fewer_words(turn: Turn) -> list[str]:
    """Say the end of a measure by which a sister makes room, for the telephone."""
    if not turn.instead:
        return []
    ids, drawn = "、".join(turn.instead), "" if turn.certain else "由抽籤決定，"
    gains = f"，{drawn}本案獲補助則 {ids} "
    return [f"{gains}不獲補助", f"{gains}落選", f"，{drawn}但與同校另案只能擇一"]


def plain(code: str, text: Text, *forms: str) -> Need:
    """Return a measure that is said to everybody in the same words, and for the telephone in fewer."""
    return Need(code, text, text, short(text.en, *forms))


def not_settled(code: str, what: str) -> Need:
    """Say that the limit came first."""
    text = Text(f"{what}：{_OPEN.zh}", _OPEN.en)
    return Need(code, text, text, text, certain=False)


def not_tried(code: str, what: str) -> Need:
    """Say that it was not worked out, as too much would have to be solved, and how it can be asked."""
    brief = Text(f"{what}：未試算", "not worked out")
    full = Text(f"{brief.zh}{_HOW.zh}", f"{brief.en}{_HOW.en}")
    return Need(code, full, brief, brief, certain=False)
