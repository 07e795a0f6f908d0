"""The record of a revision in words: for the terminal, the report and the workbooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from optimizer.explain.naming import LISTED, Naming
from optimizer.language.policy_words import chinese_key
from optimizer.language.text import EMPTY, LANGUAGES, Text, money, run_on
from optimizer.language.words import figure, points
from optimizer.report.annex import Annex, Block, Cells
from optimizer.result.allocation import Allocation
from optimizer.tables.case_words import column_words, table_words

Record = Mapping[str, Any]
_MOVED = (
    ("withdrawn", "撤回", "withdrew"),
    ("reduced", "減列", "reduced"),
    ("lost", "更正後不再補助", "no longer eligible after a correction"),
    ("entered", "遞補", "come in"),
    ("raised", "調高核定", "get more"),
)
_CHANGED = (Text("申請案", "Application"), Text("公布核定", "Published"), Text("現在核定", "Now"), Text("說明", "Note"))  # fmt: skip


def headline(record: Record, allocation: Allocation) -> Iterator[Text]:
    """Say what was changed, what came of it, and what the promise costs.

    Parameters
    ----------
    record
        What revision.json says.
    allocation
        The revised result, which knows the schools by name.
    """
    figures = record["money"]
    moved = [(len(record[key]), zh, en) for key, zh, en in _MOVED if record[key]]
    yield Text(
        f"修正 {record['parent']} 之結果：保留 {len(record['kept'])} 件"
        f"（{money(figures['kept'])} 元）{''.join(f'，{zh} {count} 件' for count, zh, _ in moved)}。",
        f"The result {record['parent']} revised: {len(record['kept'])} keep their awards "
        f"(NT${money(figures['kept'])}){''.join(f', {count} {en}' for count, _, en in moved)}.",
    )
    yield from _other_rules(record["corrections"]["policy"])
    for entry in record["withdrawn"]:
        if not entry["was"]:
            one = named(allocation, entry["application_id"])
            yield Text(
                run_on(one, "撤回：公布時並未獲補助，不釋出經費。"),
                f"{one} withdrew: it was not funded, so it frees no money.",
            )
    yield _paid(figures)
    if (
        not record["lost"] or record["cost"]["first"] is not None
    ):  # else there is no promise kept whole
        yield _cost(record["cost"], allocation)


def _other_rules(changed: Sequence[Record]) -> Iterator[Text]:
    """Say that the rules are others than those of the published result, and which."""
    if changed:
        zh = "、".join(_words_of(one["key"]) for one in changed)
        en = ", ".join(one["key"] for one in changed)
        yield Text(
            f"注意：計畫檔的規則與公布結果所依者不同（{zh}）；以下依更正後之規則，原核定因此可能減少或不再補助。",
            f"Mind: the policy file's rules are not those of the published result ({en}). What follows is by "
            "the rules as they are now; awards that were published may be less or lost by that.",
        )


def _words_of(name: str) -> str:
    """Name a key of the policy in Chinese, its own name beside it."""
    words = [chinese_key(part) for part in name.split(".")]
    return f"{'／'.join(filter(None, words))}（{name}）" if all(words) else name


def _paid(figures: Record) -> Text:
    """Say what is paid, what of it is lost, what is still to pay and what is left."""
    paid, others, still, left = (
        money(figures[key]) for key in ("paid", "paid_to_others", "still_to_pay", "left")
    )
    lost = Text(
        f"，其中 {others} 元在收回前不能再用",
        f", of which NT${others} is not free unless it is given back",
    )
    lost = lost if figures["paid_to_others"] else EMPTY
    before = Text(f"已撥付 {paid} 元{lost.zh}；", f"Paid: NT${paid}{lost.en}; ")
    before = before if figures["paid"] else EMPTY
    return Text(
        f"{before.zh}尚待撥付 {still} 元，餘額 {left} 元。",
        f"{before.en}{'still' if before else 'Still'} to pay: NT${still}; left: NT${left}.",
    )


def newcomers(record: Record, allocation: Allocation) -> Iterator[Text]:
    """Say who comes in, who gets more and who is out, and why."""
    for entry in record["entered"]:
        one, award = named(allocation, entry["application_id"]), money(entry["award"])
        why = entry["why"]
        yield Text(f"遞補 {one}：{award} 元（{why}）", f"{one} comes in: NT${award} ({why})")
    for entry in record["raised"]:
        one, why = named(allocation, entry["application_id"]), entry["why"]
        was, now = money(entry["was"]), money(entry["now"])
        yield Text(
            f"調高核定 {one}：由 {was} 元至 {now} 元（{why}）",
            f"{one} gets more: NT${now} in place of NT${was} ({why})",
        )
    for entry in record["lost"]:
        one, why = named(allocation, entry["application_id"]), entry["reason"]
        yield Text(
            run_on(one, f"經更正後已不符資格，不再補助：{why}"),
            f"{one} is no longer eligible and loses its award: {why}",
        )


def named(allocation: Allocation, one: str) -> str:
    """Name an application, with its school if it is still in the tables."""
    naming = Naming(allocation)
    return f"{one} {naming.school(one)}" if one in naming.row else one


def _several(allocation: Allocation, ids: Sequence[str]) -> Text:
    """Name some, the first few of them where there are many."""
    said, more = [named(allocation, one) for one in ids[:LISTED]], len(ids) > LISTED
    zh, en = f"等 {len(ids)} 件", f" and {len(ids) - LISTED} more"
    return Text("、".join(said) + (zh if more else ""), ", ".join(said) + (en if more else ""))


def _cost(cost: Record, allocation: Allocation) -> Text:
    """Say what the promise costs: the first priority in which starting anew would be better."""
    if not cost["proved"]:
        return Text(
            "時限內未能求得保留公布結果之代價。",
            "What the promise costs was not found within the limit.",
        )
    if cost["first"] is None:
        return Text(
            "保留公布結果並無代價：重新分配亦達同樣的各項數值。",
            "The promise costs nothing: starting anew would reach the same values.",
        )
    first = next(pair for pair in cost["priorities"] if pair["goal"] == cost["first"])
    (here, there), others = _figures(first), _several(allocation, cost["only_anew"])
    return Text(
        f"保留公布結果之代價：「{first['title']}」為 {here} {first['unit']}，"
        f"重新分配則為 {there} {first['unit']}{f'，並改補助 {others.zh}' if others else ''}。",
        f'What the promise costs: "{first["title"]}" is {here} {first["unit"]}; starting anew would '
        f"give {there} {first['unit']}{f' and fund {others.en}' if others else ''}.",
    )


def _figures(pair: Record) -> tuple[str, str]:
    return figure(Fraction(pair["promised"])), figure(Fraction(pair["anew"]))


def annex_of(record: Record, allocation: Allocation) -> Annex:
    """Return what the report and the workbooks show of a revision, in the allocation's language and the other.

    Parameters
    ----------
    record
        What revision.json says.
    allocation
        The revised result.
    """
    [other] = (
        _told(record, allocation.in_language(one))
        for one in LANGUAGES
        if one != allocation.language
    )
    return replace(_told(record, allocation), other=other)


def _told(record: Record, allocation: Allocation) -> Annex:
    """Tell it in the allocation's language; what the record itself says stays in the record's own."""
    blocks = _Blocks(record, allocation)
    made: list[Block] = [block for make in _MAKERS for block in make(blocks) if block.rows]
    lines = tuple(text.say(allocation.language) for text in headline(record, allocation))
    title = blocks.say("異動紀錄", "Changes")
    return Annex(title, lines, tuple(made), allocation.language)


@dataclass(frozen=True)
class _Blocks:
    """The tables of one record."""

    record: Record
    allocation: Allocation

    def say(self, zh: str, en: str) -> str:
        return Text(zh, en).say(self.allocation.language)

    def named(self, one: str) -> str:
        """Name an application, with its school."""
        return named(self.allocation, one)

    def block(self, title: Text, heads: Sequence[Text], rows: Iterable[Cells]) -> Block:
        zh = self.allocation.language
        one, two, three, four = (head.say(zh) for head in heads)
        return Block(title.say(zh), (one, two, three, four), tuple(rows))

    def left(self) -> Iterator[Block]:
        """Yield the withdrawn and the reduced."""
        for key, title in (
            ("withdrawn", Text("撤回", "Withdrawn")),
            ("reduced", Text("減列", "Reduced")),
        ):
            rows = ((self.named(e["application_id"]), e["was"], e["now"], self._freed(e))
                    for e in self.record[key])  # fmt: skip
            yield self.block(title, _CHANGED, rows)

    def _freed(self, entry: Record) -> str:
        if not entry["was"]:
            return self.say("公布時並未獲補助，未釋出經費", "was not funded: no money comes free")
        freed, paid = money(entry["freed"]), money(entry["paid"])
        zh, en = (f"已撥付 {paid} 元，", f"NT${paid} paid, ") if entry["paid"] else ("", "")
        return self.say(f"{zh}釋出 {freed} 元", f"{en}NT${freed} come free")

    def corrections(self) -> Iterator[Block]:
        """Yield what was corrected in the case."""
        found = self.record["corrections"]
        heads = (Text("更正處", "Where"), Text("原為", "Was"), Text("更正為", "Now"), Text("說明", "Note"))  # fmt: skip
        rows: list[Cells] = [
            (table_words(t["name"]).say(self.allocation.language), self._count(t["rows_was"]),
             self._count(t["rows"]), self._columns(t["columns"]))
            for t in found["tables"]
        ]  # fmt: skip
        unset = self.say("（未定）", "(not set)")
        rows += [
            (self._key(p["key"]), p["was"] or unset, p["value"] or unset, "")
            for p in found["policy"]
        ]
        rows += [(self.named(a["application_id"]), self._standing(a["was"]), self._standing(a["now"]), "")
                 for a in found["applications"]]  # fmt: skip
        yield self.block(Text("資料與計畫之更正", "Corrections of the case"), heads, rows)

    def _columns(self, names: Sequence[str]) -> str:
        """Name the columns that differ."""
        said = [column_words(name).say(self.allocation.language) for name in names]
        return self.say(f"更動之欄：{'、'.join(said)}", f"columns that differ: {', '.join(said)}")

    def _key(self, name: str) -> str:
        """Name a key of the policy."""
        return self.say(_words_of(name), name)

    def _count(self, rows: int | None) -> str:
        return "–" if rows is None else self.say(f"{rows:,} 列", f"{rows:,} rows")

    def _standing(self, standing: Record | None) -> str:
        if standing is None:
            return self.say("（無此申請）", "(no such application)")
        if not standing["eligible"]:
            return self.say("不符資格", "not eligible")
        merit = points(Fraction(standing["merit"]))
        return self.say(f"{merit} 分", f"{merit} points")

    def moved(self) -> Iterator[Block]:
        """Yield who comes in, who gets more, who is out, and whose award is lower after a correction."""
        record = self.record
        entered = (
            (self.named(e["application_id"]), 0, e["award"], e["why"]) for e in record["entered"]
        )
        yield self.block(Text("遞補", "Who comes in, and why"), _CHANGED, entered)
        raised = (
            (self.named(e["application_id"]), e["was"], e["now"], e["why"])
            for e in record["raised"]
        )
        yield self.block(Text("調高核定", "Who gets more, and why"), _CHANGED, raised)
        lost = ((self.named(e["application_id"]), e["was"], 0, e["reason"]) for e in record["lost"])
        yield self.block(
            Text("更正後不符資格，不再補助", "No longer eligible after a correction"),
            _CHANGED,
            lost,
        )
        lowered = ((self.named(one), was["was"], was["now"], "") for one, was in record["lowered"].items())  # fmt: skip
        yield self.block(Text("更正後核定較低", "Less after a correction"), _CHANGED, lowered)

    def money(self) -> Iterator[Block]:
        """Yield the money: the pool, what is paid and what is promised, apart."""
        m, pool = self.record["money"], self.record["pool"]
        rows: list[tuple[Text, Any, int, Text]] = [
            (Text("經費總額", "Pool"), pool["was"], pool["now"], EMPTY),
            (Text("核定總額", "Awarded"), m["published"], m["awarded"], EMPTY),
            (Text("承諾：保留者之核定", "Promised: those who keep their awards"), "", m["kept"], EMPTY),
            (Text("承諾以外可供遞補者", "What the promise leaves for others"), "", m["free_for_others"], EMPTY),
            *(self._paid() if m["paid"] else ()),
            (Text("餘額", "Left"), "", m["left"],
             Text("已扣除收回前不能再用之數", "less what is not free unless it is given back")
             if m["paid_to_others"] else EMPTY),
        ]  # fmt: skip
        heads = (Text("經費（元）", "Money, NT$"), *_CHANGED[1:2], Text("現在", "Now"), _CHANGED[3])
        said = ((item.say(self.allocation.language), was, now, note.say(self.allocation.language))
                for item, was, now, note in rows)  # fmt: skip
        yield self.block(
            Text("經費：已撥付與承諾分列", "Money: paid and promised apart"), heads, said
        )

    def _paid(self) -> Iterator[tuple[Text, Any, int, Text]]:
        """Yield what is paid, what of it is lost, and what is still to pay."""
        m = self.record["money"]
        yield Text("已撥付", "Paid already"), "", m["paid"], EMPTY
        if m["paid_to_others"]:
            others = Text("其中在收回前不能再用", "of it, not free unless it is given back")
            why = Text(
                "付予已不受補助者，或逾減列後之核定",
                "to those no longer funded, or beyond a reduction",
            )
            yield others, "", m["paid_to_others"], why  # fmt: skip
        yield Text("尚待撥付", "Still to pay"), "", m["still_to_pay"], EMPTY

    def cost(self) -> Iterator[Block]:
        """Yield what the promise costs, priority by priority."""
        cost = self.record["cost"]
        rows = ((pair["title"], *_figures(pair), pair["unit"]) for pair in cost["priorities"])
        heads = (Text("優先順序", "Priority"), Text("保留公布結果", "With the promise"),
                 Text("重新分配", "Starting anew"), Text("單位", "Unit"))  # fmt: skip
        title = Text("保留公布結果之代價", "What the promise costs")
        kept, free = cost["only_promised"], cost["only_anew"]
        others = _several(self.allocation, free)
        zh, en = f"件；重新分配時改補助 {others.zh}", f"applications; anew: {others.en}"
        note = self.say(zh, en) if free else ""
        differ = self.say("僅其中一方補助者", "Funded by one of the two alone")
        last = ((differ, len(kept), len(free), note),) if kept or free else ()
        yield self.block(title, heads, (*rows, *last))

    def chain(self) -> Iterator[Block]:
        """Yield the seals, the first result first."""
        links = self.record["chain"]
        rows: list[Cells] = [
            (self.say(f"第 {n} 次公布", f"Published, no. {n}"), *_funded(link), link["seal"])
            for n, link in enumerate(links, start=1)
        ]
        now = self.record
        count = int(self.allocation.decision.fund.sum())
        rows.append((self.say("本次", "This one"), count, now["money"]["awarded"], now["seal"]))
        heads = (Text("結果", "Result"), Text("補助件數", "Funded"), Text("核定總額", "Awarded, NT$"), Text("查核碼", "Seal"))  # fmt: skip
        yield self.block(Text("歷次公布之查核碼", "The chain of seals"), heads, rows)


def _funded(link: Record) -> tuple[int, int]:
    awards = [int(row[5]) for row in link["awards"] if row[4] == "funded"]
    return len(awards), sum(awards)


_MAKERS: tuple[Callable[[_Blocks], Iterator[Block]], ...] = (
    _Blocks.left,
    _Blocks.corrections,
    _Blocks.moved,
    _Blocks.money,
    _Blocks.cost,
    _Blocks.chain,
)
