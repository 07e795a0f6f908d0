"""Figure: where the pool went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optimizer.language.text import Language, Text, money
from optimizer.plots import style
from optimizer.plots.lettering import fit, safe, width
from optimizer.plots.source import Drawable, caption, numbers, share, words
from optimizer.tables.case_words import term

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = Text("經費流向", "Where the pool went")
AXIS = Text("金額（元）", "Amount (NT$)")
POOL = Text("經費總額", "Pool")
CONTINGENCY = Text("預備金", "Contingency")
GONE = Text("已撥付而未收回", "Paid, not given back")
UNSPENT = Text("餘額", "Left")
_OTHERS = Text("其他學制", "Other levels")
_MOST_LEVELS = 6
_LABEL_INCHES = 1.9
_FILLS = (
    {"facecolor": style.BLUE, "edgecolor": style.BLUE},
    {"facecolor": "white", "edgecolor": style.BLUE, "hatch": "//////"},
    {"facecolor": style.SKY, "edgecolor": style.BLUE},
    {"facecolor": "white", "edgecolor": style.BLUE, "hatch": "......"},
)


@dataclass(frozen=True)
class WaterfallStep:
    """One step of the way down from the whole pool: what, how much, and how it looks."""

    label: str
    amount: int
    note: str
    look: dict[str, Any]


def steps(allocation: Drawable, lang: Language) -> list[WaterfallStep]:
    """Return the parts of the pool: awards by level, contingency, paid to others, unspent."""
    parts = _levels(allocation, lang)
    contingency = min(allocation.contingency, allocation.pool)
    if contingency:
        look = {"facecolor": "white", "edgecolor": style.ORANGE, "hatch": "xxxx"}
        parts.append(WaterfallStep(CONTINGENCY.say(lang), contingency, "", look))
    if allocation.gone:
        look = {"facecolor": "white", "edgecolor": style.ORANGE, "hatch": "...."}
        parts.append(WaterfallStep(GONE.say(lang), allocation.gone, "", look))
    unspent = allocation.pool - allocation.spent - contingency - allocation.gone
    look = {"facecolor": "white", "edgecolor": style.GREY}
    return [*parts, WaterfallStep(UNSPENT.say(lang), unspent, "", look)]


def _levels(allocation: Drawable, lang: Language) -> list[WaterfallStep]:
    awards = allocation.awards
    funded = awards[words(awards, "status") == "funded"]
    table = funded.assign(level=words(funded, "level"), award=numbers(funded, "award"))
    totals = table.groupby("level", sort=True)["award"].agg(["sum", "size"])
    totals = totals.sort_values("sum", ascending=False, kind="stable")
    pairs = [(_level(str(level), lang), int(row["sum"]), int(row["size"]))
             for level, row in totals.iterrows()]  # fmt: skip
    if len(pairs) > _MOST_LEVELS:
        kept, rest = pairs[: _MOST_LEVELS - 1], pairs[_MOST_LEVELS - 1 :]
        pairs = [*kept, (_OTHERS.say(lang), sum(p[1] for p in rest), sum(p[2] for p in rest))]
    return [
        WaterfallStep(label, amount, f"{count:,} 件" if lang == "zh-TW" else f"{count:,} funded",
             _FILLS[i % len(_FILLS)])
        for i, (label, amount, count) in enumerate(pairs)
    ]  # fmt: skip


def _level(level: str, lang: Language) -> str:
    words_ = term(level).say(lang) or ("（未填學制）" if lang == "zh-TW" else "(no level)")
    return words_[:1].upper() + words_[1:]


def layout(allocation: Drawable, lang: Language = "zh-TW") -> style.Layout:
    """Return the size that this figure wants."""
    parts = steps(allocation, lang)
    left = 0.25 + min(max(width(s.label, 9.5) for s in parts), _LABEL_INCHES)
    return style.Layout(8.2, 1.45 + 0.42 * (len(parts) + 1), left=max(left, 1.0), right=0.35)


def pool_figure(allocation: Drawable, ax: Axes | None = None, lang: Language = "zh-TW") -> Axes:
    """Draw the way from the whole pool down to what is left, a step for each use of the money.

    See `scores_figure` for the parameters.
    """
    with style.house_style():
        ax = style.shown(layout(allocation, lang)) if ax is None else ax
        style.dress(ax)
        parts = steps(allocation, lang)
        labels = [POOL.say(lang), *(part.label for part in parts)]
        indent = 0.15 + min(max(width(label, 8.5) for label in labels), _LABEL_INCHES)
        style.head(ax, TITLE.say(lang), caption(allocation, _subtitle(allocation), lang), indent)
        ax.set_xlim(0, max(1, allocation.pool) * 1.01)
        _bars(ax, allocation, parts, lang)
        names = [fit(label, _LABEL_INCHES, 8.5) for label in labels]
        style.row_labels(ax, range(len(names)), names, [style.INK] * len(names))
        ax.set_ylim(len(labels) - 0.4, -0.6)
        style.count_axis(ax.xaxis)
        ax.set_xlabel(safe(AXIS.say(lang)))
    return ax


def _subtitle(allocation: Drawable) -> Text:
    spent, available = allocation.spent, allocation.available
    if available == 0:
        return Text("沒有可用經費", "No money was available")
    part = share(spent, available)
    return Text(
        f"核定 {money(spent)} 元，為可用經費的 {part}",
        f"NT$ {money(spent)} awarded, {part} of what is available",
    )


def _bars(ax: Axes, allocation: Drawable, parts: list[WaterfallStep], lang: Language) -> None:
    pool, start = allocation.pool, 0
    style.bars(ax, 0, pool, height=0.62, look={"facecolor": style.PALE, "edgecolor": style.GREY})
    whole = Text(f"{money(pool)} 元", f"NT$ {money(pool)}")
    _label(ax, 0, pool, row=0, text=whole.say(lang))
    for row, part in enumerate(parts, start=1):
        style.bars(ax, row, part.amount, height=0.62, look=part.look, start=start)
        _label(ax, start, part.amount, row=row, text=_amount(part, pool, lang))
        start += part.amount
        if row < len(parts):
            ax.plot([start, start], [row, row + 1], color=style.GREY, linewidth=0.6, zorder=0)


def _amount(part: WaterfallStep, pool: int, lang: Language) -> str:
    percent = share(part.amount, pool)
    text = Text(
        f"{money(part.amount)} 元（{'，'.join(filter(None, (percent, part.note)))}）",
        f"NT$ {money(part.amount)} ({', '.join(filter(None, (percent, part.note)))})",
    )
    return text.say(lang)


def _label(ax: Axes, start: int, amount: int, row: int, text: str) -> None:
    """Write beside a bar where there is room, else on it."""
    per_inch = ax.get_xlim()[1] / style.inches(ax)[0]
    room = (width(text, 8.5) + 0.15) * per_inch
    if start + amount + room <= ax.get_xlim()[1]:
        x, shift, side = start + amount, 5, "left"
    elif room <= start:
        x, shift, side = start, -5, "right"
    else:
        x, shift, side = start, 5, "left"
    ax.annotate(
        safe(text), (x, row), xytext=(shift, 0), textcoords="offset points", ha=side, va="center",
        fontsize=8.5, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2},
    )  # fmt: skip
