"""What verifying says in the end: what was shown of a result, by what, and what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.language.text import EMPTY, Text

if TYPE_CHECKING:
    from optimizer.verify.verification import Proof, Verification

_ENGINES = {
    "dynamic": Text("整數動態規劃", "the dynamic programme in integers"),
    "bundles": Text(
        "以各校補助組合為變數的整數規劃（HiGHS）",
        "the integer program over each school's combinations of awards (HiGHS)",
    ),
    "highs": Text("整數規劃（HiGHS）", "the integer program (HiGHS)"),
    "cbc": Text("整數規劃（CBC）", "the integer program (CBC)"),
}
_ALLOWED = Text(
    "名單合於規則；名單、金額、統計、理由、查核碼與各優先順序之值均已由計畫資料夾重新核算，結果資料夾內{0}與之相符。",
    "The list is allowed. The list, the amounts, the totals, the reasons, the seal and the value of "
    "every priority were worked out again from the case, and every {0} of the folder agrees.",
)
_OTHER_CASE = Text(
    "此結果不是由這份計畫資料產生。",
    "This result was not made from this case.",
)
_EVERY = Text("各檔案", "file")
_OTHERS = Text("其他檔案", "other file")
_BY_CONTENT = Text(
    "僅比對文字內容，未見不同；格式、圖形與隱藏內容未核對",
    "only what they say was compared, and is the same; formats, drawings and what is hidden were "
    "not checked",
)
_NOT_AT_ALL = Text("完全無法比對", "could not be compared at all")
_WHAT_TO_DO = Text(
    "如須確認，請安裝所載版本後再核對一次，或由計畫資料重新執行 allocate。",
    "To settle it, install the versions that the result names and verify again, or allocate again "
    "from the case.",
)
_QUICK = Text(
    "未證明為最佳；抽籤未核對（--quick）。",
    "It is allowed; *not* shown to be the best; the draw not checked (--quick).",
)
_CLAIMS_NOTHING = Text(
    "此結果本身未宣稱任何優先順序已達最佳：可能還有更好的名單；未抽籤定案，抽籤亦未核對。",
    "The result itself does not claim that any priority has its optimum: there may be a better list. "
    "It is not settled by the draw, and none was checked.",
)


def verdict(found: Verification) -> Text:
    """Say what was shown and what was not."""
    from optimizer.verify.verification import Standing

    count, proof = found.count, found.proof
    if found.other:
        return _OTHER_CASE
    if count:
        return Text(
            f"結果與計畫資料不符，{'至少' if found.partly else '共'} {count:,} 處。",
            f"The result is not what the case gives: {'at least ' * found.partly}{count:,} difference"
            f"{'' if count == 1 else 's'}.",
        )
    ending = {
        Standing.LEFT_OUT: lambda: _QUICK,
        Standing.NOT_CLAIMED: lambda: _CLAIMS_NOTHING,
        Standing.PROVED: lambda: _proved(proof),
        Standing.PART: lambda: _part(proof),
        Standing.UNFINISHED: lambda: _unfinished(proof),
    }
    lines = [*uncompared(found), _allowed(found), ending[proof.standing]()]
    return Text("\n".join(one.zh for one in lines), "\n".join(one.en for one in lines))


def _allowed(found: Verification) -> Text:
    files = _OTHERS if found.uncompared else _EVERY
    return Text(_ALLOWED.zh.format(files.zh), _ALLOWED.en.format(files.en))


def uncompared(found: Verification) -> list[Text]:
    """Say which files could not be compared byte for byte, what was compared, and what to do."""
    from optimizer.verify.verification import not_comparable

    if not found.uncompared:
        return []
    lines = [not_comparable(found)]
    for by_content, what in ((True, _BY_CONTENT), (False, _NOT_AT_ALL)):
        names = [one.file for one in found.uncompared if one.by_content is by_content]
        if names:
            lines.append(
                Text(f"・{'、'.join(names)}：{what.zh}。", f"- {', '.join(names)}: {what.en}.")
            )
    return [*lines, _WHAT_TO_DO]


def seal_line(found: Verification, given: bool) -> list[Text]:
    """Say the seal of a result that is right; of any other, only that it does not fit."""
    if not found.problems:
        line = [Text(f"查核碼：{found.seal}", f"Seal: {found.seal}")]
        return [*line, Text("與所附查核碼相符。", "It matches the seal given.")] if given else line
    if found.other or not found.claimed or found.claimed in ("", found.seal):
        return []
    return [
        Text(
            f"所載查核碼 {found.claimed}；依現有內容算得 {found.seal}，兩者不同。",
            f"The seal it gives is {found.claimed}; what stands there gives {found.seal}: they "
            "differ.",
        )
    ]


def commitment_line(found: Verification, given: bool) -> list[Text]:
    """Say that the draw's seed is the one published; if it is not, that is one of the differences."""
    if not given or any(problem.code == "commitment" for problem in found.problems):
        return []
    return [
        Text(
            "抽籤種子與事先公布之雜湊值相符。",
            "The draw's seed matches the SHA-256 published in advance.",
        )
    ]


def _engine(proof: Proof) -> Text:
    """Name what proved it, and say plainly if that had a part in the first proof."""
    names = [_ENGINES[name] for name in proof.engine.split("+")]
    shared = Text(
        "（其中部分優先順序原由同一求解器得出，此次以不同的算式求解）",
        " (for some of the priorities the same solver made the result; this time it solved another "
        "formulation)",
    )
    zh, en = "＋".join(n.zh for n in names), " and ".join(n.en for n in names)
    return Text(zh + shared.zh, en + shared.en) if proof.shared else Text(zh, en)


def _proved(proof: Proof) -> Text:
    from optimizer.result.headline import NO_DRAW

    by, drawn = _engine(proof), proof.drawn
    right = EMPTY if drawn == NO_DRAW else Text("抽籤亦核對無誤。", " The draw was checked, too.")
    return Text(
        f"已由另一求解方法再次證明為最佳：{by.zh}。{drawn.zh}{right.zh}",
        f"Proved again to be the best by {by.en}. {drawn.en}{right.en}",
    )


def _part(proof: Proof) -> Text:
    by = _engine(proof)
    return Text(
        f"前 {proof.goals} 項優先順序（共 {proof.of} 項）已再次證明：{by.zh}；"
        "其餘此結果未宣稱為最佳，可能還有更好的名單；抽籤未核對。",
        f"The first {proof.goals} of {proof.of} priorities were proved again by {by.en}. The result "
        "does not claim that the rest is the best: there may be a better list; the draw was not "
        "checked.",
    )


def _unfinished(proof: Proof) -> Text:
    from optimizer.verify.verification import unfinished

    if not proof.promise:
        said = unfinished(proof)
        return Text(f"{said.zh}。請提高 --time-limit。", f"{said.en}. Raise --time-limit.")
    return Text(
        f"時限內未能完成再次證明：{proof.of} 項優先順序中，已再次證明前 {proof.goals} 項；"
        "其餘是否最佳、抽籤是否正確，既未證實亦未否定。請提高 --time-limit。",
        f"The limit came before the second proof was complete: the first {proof.goals} of "
        f"{proof.of} priorities were proved again; whether the rest is the best, and the draw right, "
        "is shown neither way. Raise --time-limit.",
    )
