"""What a report's own checker says of what it found; ``{...}`` is filled in by the page."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.language.text import Text
from optimizer.report.labels import FACTS, SECTIONS
from optimizer.report.result_columns import CODES, column_of

_WORDS: Mapping[str, Text] = {
    "held": Text("「{title}」：符合。所核對者：{checked}。", '"{title}": kept. Checked: {checked}.'),
    "broken": Text("「{title}」：不符（{wrong}）。所核對者：{checked}。", '"{title}": broken ({wrong}). Checked: {checked}.'),
    "unsaid": Text(
        "「{title}」：所附資料為 {wrong}，與其文字不符：{sentence}",
        '"{title}": what is carried says {wrong}, which its sentence does not: {sentence}',
    ),
    "uncarried": Text(
        "「{title}」：文字所載 {wrong} 不在所附資料內：{sentence}",
        '"{title}": its sentence says {wrong}, which is not among what is carried: {sentence}',
    ),
    "unread": Text(
        "「{title}」：需對照原始資料，未在此核算。{sentence}",
        '"{title}": takes the original tables and is not worked out here. {sentence}',
    ),
    "cell": Text(
        "「{place}」之{field}：頁面所列為「{said}」，所附資料為「{is}」。",
        '"{place}", {field}: the page says "{said}"; what is carried says "{is}".',
    ),
    "torn": Text(
        "「{place}」：所附資料自相矛盾：結果為「{said}」，核定金額為 {is} 元。",
        '"{place}": what is carried contradicts itself: its result is "{said}", its award NT${is}.',
    ),
    "torn_outside": Text(
        "「{place}」：所附資料自相矛盾：結果為「{said}」，卻不在符合資格之申請案內。",
        '"{place}": what is carried contradicts itself: its result is "{said}", and it is not among the eligible.',
    ),
    "page": Text(
        "頁面所列與所附資料相同：{n} 件之各欄（理由除外）、各統計表、頁首數字、規則與優先順序。",
        "The page says what is carried: every cell of {n} applications but the reasons, the tables of sums, the figures at the top, "
        "rules and priorities.",
    ),
    "printed": Text(
        "所附資料、樣式與字型、頁首、各節、頁尾與其順序，均與頁面所載之指紋相符。指紋之 SHA-256：{is}；應與 summary.json 之 fingerprints 相同。",
        "What is carried, the styles and the font, the head, every section, the foot and their order have the fingerprints "
        "that the page states. SHA-256 of the fingerprints: {is}; fingerprints in summary.json must be the same.",
    ),
    "letterhead": Text(
        "機關自訂之頁首，文字與圖均未核對：「{said}」",
        'The head that the bureau put above; neither its words nor its picture are held: "{said}"',
    ),
    "altered": Text(
        "「{place}」在頁面製成後經過更動：與其指紋不符。（瀏覽器之擴充功能或另存網頁，亦可能更動頁面。）",
        '"{place}" was changed after the page was made: it does not have its fingerprint. (An extension of the browser, '
        "or saving the page from it, can do that, too.)",
    ),
    "unprinted": Text(
        "此網址不安全，瀏覽器不提供 SHA-256，未核對指紋；請改為開啟檔案本身。",
        "At an insecure address browsers give no SHA-256, and the fingerprints were not checked: open the file itself.",
    ),
    "there": Text("有此列", "a row"),
    "missing": Text("無", "nothing"),
    "proved": Text("已證明", "proved"),
    "unproved": Text("未證明", "not proved"),
    "blank": Text("（空白）", "(blank)"),
    "list_heads": Text(
        "編號 | 學校 | 社群名稱 | 分數 | 名次 | 申請 | 核定 | 結果與理由",
        "Id | School | Title | Merit | Rank | Requested | Award | Result and reason",
    ),
    "spent": Text("核定總額 {said} 元：各件相加為 {is} 元。", "NT${said} awarded: the awards add up to NT${is}."),
    "funded": Text("獲補助 {said} 件：逐件計數為 {is} 件。", "{said} funded: counted one by one, {is}."),
    "districts": Text(
        "各行政區核定金額之合計：逐件相加，全部相符。",
        "The sums awarded in the districts: added up one by one, all hold.",
    ),
    "not_districts": Text(
        "各行政區核定金額之合計：不符（{wrong}）。", "The sums awarded in the districts: these do not hold ({wrong})."
    ),
    "value": Text("「{title}」之成果：重新計算為 {is}。", 'What "{title}" reached: worked out again, {is}.'),
    "best": Text("「{title}」：沒有任何符合規則的名單能更好。", '"{title}": no list that obeys the rules is better.'),
    "worse": Text(
        "「{title}」：有更好的名單（可達 {bound}，本名單為 {is}）。",
        '"{title}": there is a better list (it reaches {bound}, this one {is}).',
    ),
    "open_worse": Text(
        "「{title}」：報告未稱已證明；此處已找到更好的名單（可達 {bound}，本名單為 {is}）。",
        '"{title}": the report does not say that it is proved, and here a better list was found '
        "(it reaches {bound}, this one {is}).",
    ),
    "open_bound": Text(
        "「{title}」：報告未稱已證明，此處亦未證明；跨校的配額不計在內時可達極限為 {bound}，本名單為 {is}。",
        '"{title}": the report does not say that it is proved, nor is it proved here; without the quotas across '
        "schools the best possible is {bound}, this list has {is}.",
    ),
    "open_later": Text(
        "「{title}」：報告未稱已證明，此處亦未證明。",
        '"{title}": the report does not say that it is proved, nor is it proved here.',
    ),
    "bound": Text(
        "「{title}」：跨校的配額不計在內時可達極限為 {bound}，本名單為 {is}；報告稱已證明最佳，可用 subsidy verify 再次證明。",
        '"{title}": without the quotas across schools the best possible is {bound}, this list has {is}; the report '
        "says that it is proved, and subsidy verify sets out to prove it again.",
    ),
    "later": Text(
        "「{title}」：報告稱已證明，未在此再次證明；可用 subsidy verify 再次證明。",
        '"{title}": the report says that it is proved; not proved again here. subsidy verify sets out to do so.',
    ),
    "one": Text("同樣好的名單只有這一份。", "No other list is as good."),
    "drawn": Text("同樣好的名單有 {n} 份，依抽籤順序選出本名單。", "{n} lists are equally good; the draw picks this one."),
    "not_drawn": Text("依抽籤順序，應選出另一份名單。", "By the order of the draw another list should have been picked."),
    "undrawn": Text(
        "最後的抽籤未在此核算；可用 subsidy verify 核對。",
        "The draw is not worked out here; subsidy verify sets out to do so.",
    ),
    "other_draw": Text(
        "報告未稱抽籤已完成；依抽籤順序，應選出另一份名單。",
        "The report does not say that the draw was finished; by its order another list would be picked.",
    ),
    "open_draw": Text(
        "報告未稱抽籤已完成，此處亦未核算。",
        "The report does not say that the draw was finished, nor is it worked out here.",
    ),
    "right": Text("核算完成：{n} 項全部相符。", "Checked: all {n} hold."),
    "partly": Text("核算完成：{n} 項相符{rest}。", "Checked: {n} hold{rest}."),
    "rest_unproved": Text("，{n} 項未在此證明（橘字「!」）", ", {n} not proved here (in orange, !)"),
    "rest_unchecked": Text("，{n} 項無法在此核對（灰字「–」）", ", {n} cannot be judged here (in grey, –)"),
    "loud_draw": Text(
        "注意：各優先順序均已在此證明，沒有更好的名單；只有抽籤（由同樣好的名單中選出一份）未在此核算，可用 subsidy verify 核對。",
        " Note: every priority is proved here, and no list is better; only the draw, which picks among lists that are equally "
        "good, is not worked out here: subsidy verify sets out to do so.",
    ),
    "open_draw_alone": Text(
        "注意：各優先順序均已在此證明，沒有更好的名單；只有抽籤（由同樣好的名單中選出一份）尚未決定。",
        " Note: every priority is proved here, and no list is better; only the draw, which picks among lists that are equally "
        "good, is not settled.",
    ),
    "loud": Text(
        "注意：報告稱已證明而未在此再次證明者（優先順序或抽籤）：{n} 項；可用 subsidy verify 再次證明。",
        " Note: said to be proved, but not proved again here (priorities or the draw): {n}; subsidy verify sets out to do so.",
    ),
    "open": Text(
        "注意：報告未稱已證明，此處亦未證明者（優先順序或抽籤）：{n} 項；可能有更好的名單。",
        " Note: neither said to be proved nor proved here (priorities or the draw): {n}; there may be a better list.",
    ),
    "wrong": Text("不符者 {n} 項，見下列紅字。", "Not holding: {n}; see what is in red."),
}  # fmt: skip


_NAMES: Mapping[str, Text] = {  # of what a cell says, and of what is no application
    "list": Text("核定名單", "List of awards"),
    "half_zh": Text("中文頁之", "Chinese half: "),
    "half_en": Text("英文頁之", "English half: "),
    "evidence": Text("所附資料", "What is carried"),
    "listed": Text("名單所附之資料", "The rows that are carried"),
    "style": Text("頁面樣式", "The styles of the page"),
    "frame": Text(
        "頁面架構（各節之順序及其外）",
        "The frame of the page (the order of its sections, and what stands around them)",
    ),
    "header": Text("頁首", "the top"),
    "footer": Text("頁尾", "the foot"),
    "annex": Text("附加說明", "what is told besides"),
    **SECTIONS,
    "head": Text("頁首", "At the top"),
    "badge": Text("證明情形", "how far it is proved"),
    "total": Text("合計", "Total"),
    "rows": Text("列數", "rows"),
    "row": Text("列", "row"),
    "place": Text("行政區、學制與代碼", "district, level and code"),
    "school": Text("學校", "school"),
    "rule": Text("名稱", "name"),
    "reached": Text("實際結果", "reached"),
    "bound": Text("可達極限", "best possible"),
    "proof": Text("證明", "proof"),
    "seed": Text("種子", "seed"),
    "unit": Text("核定單位", "unit of awards"),
    "count": Text("件數", "number of applications"),
    "amount": Text("金額", "amount"),
    "page": Text("頁面", "The page"),
    "parts": Text("多出之部分", "added parts"),
    "headings": Text("節標題數", "headings"),
    "column heads": Text("欄名", "column heads"),
    "hidden rows": Text("隱藏之列數", "hidden rows"),
    "pool": FACTS["amount"],
    **{name: FACTS[name] for name in ("available", "spent", "left", "districts_covered")},
    **{
        name: column_of(name).words
        for name in (
            *("district", "title", "merit", "rank", "requested", "admissible", "award", "status"),
            *("schools", "applications", "eligible", "funded", "covered", "sentence"),
            *("comes_at", "reference"),
        )
    },
    "result": Text("結果與理由摘要", "result in brief"),
    "kind": Text("種類", "kind"),
    **{
        f"is_{status}": CODES[status]
        for status in ("funded", "not_funded", "ineligible", "withdrawn", "kept")
    },
}

_CHECKED: Mapping[str, Text] = {  # what was held against the awards; the figures are those that were read
    "pool": Text("核定總額至多 {most} 元，經費總額 {amount} 元", "at most NT${most} awarded in all, of a pool of NT${amount}"),
    "award": Text(
        "核定金額為 {unit} 元之倍數，並在該件之上下限內",
        "awards are multiples of NT${unit}, from the least to the most of their application",
    ),
    "merit": Text("審查分數至少 {least} 分", "a merit of at least {least}"),
    "cap": Text("每校合計至多 {most} 元", "at most NT${most} in all for a school"),
    "over": Text("限{column}超過 {n} 者", "where {column} is above {n}"),
    "up_to": Text("限{column}不超過 {n} 者", "where {column} is at most {n}"),
    "group": Text("{column}為「{values}」", "{column}: {values}"),
    "measure": Text("依{measure}計", "by {measure}"),
    "least": Text("至少 {n}", "at least {n}"),
    "most": Text("至多 {n}", "at most {n}"),
    "fund": Text("必須補助 {who}", "funded: {who}"),
    "refuse": Text("不得補助 {who}", "not funded: {who}"),
    "floor": Text("獲補助者每件至少 {least} 元", "at least NT${least} for each that is funded"),
    "kept": Text(
        "保留 {n} 件，其保留數（不逾可核金額）合計 {sum} 元",
        "{n} keep what was published, NT${sum} in all, up to what they may get",
    ),
}  # fmt: skip

FAILED = Text("核算未能完成，不能據此認定名單正確。", "The check could not be finished and shows nothing.")  # fmt: skip


def words() -> dict[str, list[str]]:
    """Return every sentence in both languages."""
    known = {
        **_WORDS,
        **{f"of_{name}": said for name, said in _NAMES.items()},
        **{f"of_checked_{name}": said for name, said in _CHECKED.items()},
    }
    return {name: [said.zh, said.en] for name, said in known.items()}
