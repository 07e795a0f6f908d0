"""What a report's own checker says of what it found; ``{...}`` is filled in by the page."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.language.text import Text
from optimizer.report.labels import FACTS
from optimizer.report.result_columns import column_of

_WORDS: Mapping[str, Text] = {
    "held": Text("「{title}」：符合。{sentence}", "“{title}”: kept. {sentence}"),
    "broken": Text("「{title}」：不符。{sentence}（{wrong}）", "“{title}”: broken. {sentence} ({wrong})"),
    "unread": Text(
        "「{title}」：需對照原始資料，未在此核算。{sentence}",
        "“{title}”: takes the original tables and is not worked out here. {sentence}",
    ),
    "cell": Text(
        "「{place}」之{field}：頁面所列為「{said}」，所附資料為「{is}」。",
        "“{place}”, {field}: the page says “{said}”; what is carried says “{is}”.",
    ),
    "page": Text(
        "頁面所列與所附資料相同：{n} 件之各欄、各統計表、頁首數字、規則與優先順序。",
        "The page says what is carried: every cell of {n} applications, the tables of sums, the figures at the top, "
        "rules and priorities.",
    ),
    "there": Text("有此列", "a row"),
    "missing": Text("無", "nothing"),
    "proved": Text("已證明", "proved"),
    "unproved": Text("未證明", "not proved"),
    "blank": Text("（空白）", "(blank)"),
    "spent": Text("核定總額 {said} 元：各件相加為 {is} 元。", "NT${said} awarded: the awards add up to NT${is}."),
    "funded": Text("獲補助 {said} 件：逐件計數為 {is} 件。", "{said} funded: counted one by one, {is}."),
    "districts": Text("各行政區核定金額之合計", "The sums of the districts"),
    "value": Text("「{title}」之成果：重新計算為 {is}。", "What “{title}” reached: worked out again, {is}."),
    "best": Text("「{title}」：沒有任何符合規則的名單能更好。", "“{title}”: no list that obeys the rules is better."),
    "worse": Text(
        "「{title}」：有更好的名單（可達 {bound}，本名單為 {is}）。",
        "“{title}”: there is a better list (it reaches {bound}, this one {is}).",
    ),
    "improved": Text("「{title}」：有更好的名單。", "“{title}”: there is a better list."),
    "bound": Text(
        "「{title}」：跨校的配額不計在內時最多可達 {bound}，本名單為 {is}；是否已是最佳，須以 subsidy verify 核對。",
        "“{title}”: without the quotas across schools at most {bound}, this list {is}; whether that is the "
        "best takes subsidy verify.",
    ),
    "later": Text(
        "「{title}」：未在此證明是否最佳，須以 subsidy verify 核對。",
        "“{title}”: not proved here; subsidy verify does it.",
    ),
    "one": Text("同樣好的名單只有這一份。", "No other list is as good."),
    "drawn": Text("同樣好的名單有 {n} 份，依抽籤順序選出本名單。", "{n} lists are equally good; the draw picks this one."),
    "not_drawn": Text("依抽籤順序，應選出另一份名單。", "By the order of the draw another list should have been picked."),
    "undrawn": Text(
        "最後的抽籤未在此核算，須以 subsidy verify 核對。",
        "The draw is not worked out here; subsidy verify does it.",
    ),
    "right": Text("核算完成：{n} 項全部相符。", "Checked: all {n} hold."),
    "partly": Text(
        "核算完成：{n} 項相符，{open} 項未在此核算（灰字）。",
        "Checked: {n} hold, {open} are not worked out here (in grey).",
    ),
    "loud": Text(
        " 注意：其中 {n} 項（優先順序或抽籤）未在此證明沒有更好的名單，須以 subsidy verify 證明。",
        " Note: of these, {n} (priorities or the draw) are not proved here; that no list is better takes subsidy verify.",
    ),
    "wrong": Text("有 {n} 項不符，見下列紅字。", "{n} do not hold; see what is in red."),
}  # fmt: skip


_NAMES: Mapping[str, Text] = {  # of what a cell says, and of what is no application
    "list": Text("核定名單", "List of awards"),
    "head": Text("頁首", "At the top"),
    "badge": Text("證明情形", "how far it is proved"),
    "total": Text("合計", "Total"),
    "rules": Text("適用規則", "The rules"),
    "priorities": Text("優先順序", "The priorities"),
    "draw": Text("抽籤", "The draw"),
    "kinds": Text("社群類型", "Kinds"),
    "rows": Text("列數", "rows"),
    "row": Text("列", "row"),
    "place": Text("行政區、學制與代碼", "district, level and code"),
    "school": Text("學校", "school"),
    "rule": Text("名稱", "name"),
    "reached": Text("實際結果", "reached"),
    "bound": Text("可達極限", "bound"),
    "proof": Text("證明", "proof"),
    "seed": Text("種子", "seed"),
    "available": FACTS["available"],
    **{
        name: column_of(name).words
        for name in (
            *("district", "title", "merit", "rank", "requested", "admissible", "award", "status"),
            *("schools", "applications", "eligible", "funded", "covered", "sentence"),
        )
    },
    "result": Text("結果與理由摘要", "result in brief"),
    "kind": Text("種類", "kind"),
    "districts": Text("各行政區", "Districts"),
    "disadvantage": Text("弱勢類別", "Categories of schools"),
}

FAILED = Text("核算未能完成，不能據此認定名單正確。", "The check could not be finished and shows nothing.")  # fmt: skip


def words() -> dict[str, list[str]]:
    """Return every sentence in both languages."""
    known = {**_WORDS, **{f"of_{name}": said for name, said in _NAMES.items()}}
    return {name: [said.zh, said.en] for name, said in known.items()}
