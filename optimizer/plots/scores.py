"""Figure: the scores in order, the funding line, and who lies on the other side of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from optimizer.facts.measures import MEASURES
from optimizer.language.text import Language, Text, money
from optimizer.plots import style
from optimizer.plots.lettering import safe, width
from optimizer.plots.ranking import Ranking, ranking
from optimizer.plots.source import Drawable, caption

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = Text("審查分數與補助線", "Scores in order and the funding line")
RANK = Text("名次（依審查分數由高至低）", "Rank (by merit, best first)")
MERIT = Text("審查分數（分）", "Merit (points)")
NOBODY = Text("沒有符合資格且有分數的申請", "No eligible application with a score")

KEPT = Text("高於線，獲補助", "Above the line, funded")
NEVER = Text("低於線，未獲補助", "Below the line, not funded")


@dataclass(frozen=True)
class Reasons:
    """Why applications lie on the other side of the line.

    Parameters
    ----------
    heading
        What they have in common.
    side
        1 to flag them above the curve, -1 below.
    flags
        For each reason code its words and its marker, "" for none; "" is any other code.
    """

    heading: Text
    side: int
    flags: dict[str, tuple[Text, str]]


_SISTER = "sister"  # stands for the reason where a worse one of the same school is funded
_LOST = (MEASURES["lost_to_sister"], "X")


_PASSED_OVER = Reasons(
    Text("高於線卻未獲補助", "Above the line, not funded"),
    -1,
    {
        _SISTER: _LOST,
        "school_cap": (
            Text("上限由同校同分以上者用滿", "cap used by equal or better sisters"),
            "v",
        ),
        "pool": (Text("餘額不足", "too little money left"), "s"),
        "priority": (Text("優先順序在後", "others came first"), "D"),
        "draw": (Text("抽籤未獲選", "lost the draw"), "<"),
        "quota": (Text("配額限制", "quota"), "P"),
        "fixed": (Text("人工核定", "decided by hand"), "*"),
        "": (Text("其他原因", "other reasons"), "p"),
    },
)
_LIFTED = Reasons(
    Text("低於線卻獲補助", "Below the line, funded"),
    1,
    {
        "coverage": (Text("該區唯一獲補助", "only one of its district"), "D"),
        "merit": (Text("依優先順序選入", "chosen by the priorities"), ""),
        "draw": (Text("抽籤獲選", "won the draw"), ">"),
        "quota": (Text("配額保障", "quota"), "P"),
        "fixed": (Text("人工核定", "decided by hand"), "*"),
        "": (Text("其他原因", "other reasons"), "p"),
    },
)
_NEVER = Reasons(NEVER, -1, {_SISTER: _LOST})
_TICK_UP, _TICK_DOWN = 2, 3  # matplotlib's markers
_LEGEND_INCHES: dict[Language, float] = {"zh-TW": 2.6, "en": 3.1}


def layout(allocation: Drawable, lang: Language = "zh-TW") -> style.Layout:
    """Return the size that this figure wants."""
    return style.Layout(7.4 + _LEGEND_INCHES[lang], 4.9, left=0.65, right=_LEGEND_INCHES[lang])


def scores_figure(allocation: Drawable, ax: Axes | None = None, lang: Language = "zh-TW") -> Axes:
    """Draw every eligible application by rank and merit, with the line a spreadsheet would draw.

    Filled marks are funded, hollow ones are not. Those that the rules moved across the line stand
    out, each kind of reason with its own shape and its number in the legend.

    Parameters
    ----------
    allocation
        The certified result.
    ax
        Where to draw; a new figure otherwise.
    lang
        ``zh-TW`` or ``en``.

    Returns
    -------
    Axes
        The axes drawn on; nothing is saved.
    """
    with style.house_style():
        ax = style.shown(layout(allocation, lang)) if ax is None else ax
        style.dress(ax)
        ranks = ranking(allocation)
        said = _subtitle(ranks, bool(allocation.withdrawn))
        style.head(ax, TITLE.say(lang), caption(allocation, said, lang), indent=0.5)
        if ranks.size == 0:
            style.message(ax, safe(NOBODY.say(lang)))
            return ax
        handles = _marks(ax, ranks, lang)
        _axes(ax, ranks, lang)
        _minimum(ax, allocation, ranks, lang)
        _line(ax, allocation, ranks, lang)
        ax.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(1.01, 1.02),
            prop={"family": style.FONTS, "size": 8.5},
            borderaxespad=0,
            handletextpad=0.3,
        )
    return ax


def _subtitle(ranks: Ranking, withdrawn: bool) -> Text:
    eligible, funded = ranks.size, int(ranks.funded.sum())
    out = Text("不符資格", "ineligible")
    out = Text("不符資格或已撤回", "ineligible or withdrawn") if withdrawn else out
    return Text(
        f"符合資格 {eligible:,} 件，獲補助 {funded:,} 件"
        + (f"；另有 {ranks.ineligible:,} 件{out.zh}，不列入圖中" if ranks.ineligible else ""),
        f"{eligible:,} eligible, {funded:,} funded"
        + (f"; {ranks.ineligible:,} {out.en} are not shown" if ranks.ineligible else ""),
    )


def _marks(ax: Axes, ranks: Ranking, lang: Language) -> list[Line2D]:
    """Draw every application, and return the lines of the legend."""
    kept, never = ranks.above & ranks.funded, ~ranks.above & ~ranks.funded
    passed_over, lifted = ranks.above & ~ranks.funded, ~ranks.above & ranks.funded
    over = {"zorder": 1.8 if ranks.many else 2.2}  # where marks hide each other, show both kinds
    red, green = _hollow(style.VERMILLION) | over, _solid(style.GREEN) | over
    return [
        _dots(ax, ranks, kept, text=KEPT, look=_solid(style.BLUE), lang=lang),
        *_group(ax, ranks, never, reasons=_NEVER, look=_hollow(style.GREY), lang=lang),
        _space(),
        *_group(ax, ranks, passed_over, reasons=_PASSED_OVER, look=red, lang=lang),
        _space(),
        *_group(ax, ranks, lifted, reasons=_LIFTED, look=green, lang=lang),
    ]


def _space() -> Line2D:
    return Line2D([], [], linestyle="", label=" ")


def _solid(color: str) -> dict[str, Any]:
    return {"markerfacecolor": color, "markeredgecolor": color}


def _hollow(color: str) -> dict[str, Any]:
    return {"markerfacecolor": "white", "markeredgecolor": color}


def _dots(
    ax: Axes, ranks: Ranking, rows: Any, text: Text, look: dict[str, Any], lang: Language
) -> Line2D:
    """Draw applications where they lie: rank across, merit up."""
    dot: dict[str, Any] = {
        "linestyle": "",
        "marker": "o",
        "markersize": ranks.mark,
        "markeredgewidth": 0.8,
    }
    look = dot | look
    at = np.flatnonzero(rows)
    ax.plot(at + 1, ranks.merit[at], rasterized=ranks.many, **look)
    return Line2D([], [], label=safe(_counted(text, len(at)).say(lang)), **look)


def _counted(text: Text, count: int) -> Text:
    return Text(f"{text.zh} {count:,} 件", f"{text.en}: {count:,}")


def _group(
    ax: Axes, ranks: Ranking, chosen: Any, reasons: Reasons, look: dict[str, Any], lang: Language
) -> list[Line2D]:
    """Draw applications on the other side of the line, each with a flag that tells the reason."""
    handles = [_dots(ax, ranks, chosen, text=reasons.heading, look=look, lang=lang)]
    said = np.where(ranks.sister, _SISTER, ranks.reason)
    codes = np.array([code if code in reasons.flags else "" for code in said], dtype=object)
    found = [
        (np.flatnonzero(chosen & (codes == code)), *flag) for code, flag in reasons.flags.items()
    ]
    common_first = sorted((f for f in found if len(f[0])), key=lambda f: -len(f[0]))
    for lane, (at, text, marker) in enumerate(common_first):
        face = look["markeredgecolor" if text is _LOST[0] else "markerfacecolor"]
        flag = look | {"linestyle": "", "marker": marker, "markersize": 1.35 * ranks.mark}
        flag["markerfacecolor"] = face
        if marker:
            _flags(ax, ranks, at, points=reasons.side * (9 + 7 * lane), look=flag)
        label = f"   {safe(_counted(text, len(at)).say(lang))}"
        handles.append(Line2D([], [], label=label, **flag))
    return handles


def _flags(ax: Axes, ranks: Ranking, at: Any, points: float, look: dict[str, Any]) -> None:
    """Draw marks some points above or below the dots they belong to, on a thin stem."""
    x, y = at + 1, ranks.merit[at]
    moved = ax.transData + ScaledTranslation(0, points / 72, ax.figure.dpi_scale_trans)
    if ranks.many:  # so many that only a shade tells how many there are
        shade: dict[str, Any] = {"marker": "|", "markersize": 6.0, "alpha": 0.2, "linestyle": ""}
        ax.plot(x, y, transform=moved, rasterized=True, color=look["markeredgecolor"], **shade)
        return
    stem = _TICK_UP if points > 0 else _TICK_DOWN
    ax.plot(x, y, linestyle="", marker=stem, markersize=abs(points), markeredgewidth=0.5,
            color=look["markeredgecolor"], zorder=1.5)  # fmt: skip
    ax.plot(x, y, transform=moved, markeredgewidth=0.9, **look | {"zorder": 4})


def _axes(ax: Axes, ranks: Ranking, lang: Language) -> None:
    low, high = float(ranks.merit.min()), float(ranks.merit.max())
    margin = max((high - low) * 0.07, 0.5)
    ax.set_ylim(low - margin, high + margin)
    ax.set_xlim(1 - max(ranks.size * 0.02, 0.6), ranks.size + max(ranks.size * 0.02, 0.6))
    ax.set_xlabel(RANK.say(lang))
    ax.set_ylabel(MERIT.say(lang))
    style.count_axis(ax.xaxis, 9)


def _line(ax: Axes, allocation: Drawable, ranks: Ranking, lang: Language) -> None:
    """Draw where the money runs out when one goes down the list, whatever the rules say."""
    if ranks.line in (0, ranks.size):
        enough = Text(
            "經費足以補助全部符合資格的申請", "The pool suffices for every eligible application"
        )
        too_little = Text("經費不足以補助第一名", "The pool is too small even for the first")
        text = too_little if ranks.line == 0 else enough
        ax.text(0.98, 0.97, text.say(lang), transform=ax.transAxes, ha="right", va="top",
                fontsize=8.5)  # fmt: skip
        return
    x = ranks.line + 0.5
    ax.axvspan(ax.get_xlim()[0], x, color=style.BLUE, alpha=0.06, linewidth=0, zorder=0)
    ax.axvline(x, color=style.INK, linewidth=1.1, linestyle=(0, (5, 3)), zorder=1)
    text = Text(
        f"補助線：只看分數，前 {ranks.line:,} 件\n共 {money(ranks.line_amount)} 元",
        f"Funding line by merit alone:\nthe first {ranks.line:,}, NT$ {money(ranks.line_amount)}",
    )
    lines = text.say(lang).split("\n")
    right = _room_right_of(ax, x) > max(width(line, 8.5) for line in lines) + 0.1
    low, high = ax.get_ylim()
    floor = allocation.minimum_merit if low < allocation.minimum_merit < high else low
    ax.annotate(
        "\n".join(map(safe, lines)),
        (x, high if right else floor),
        xytext=(5 if right else -5, -3 if right else 3),
        textcoords="offset points",
        ha="left" if right else "right",
        va="top" if right else "bottom",
        fontsize=8.5,
    )


def _room_right_of(ax: Axes, x: float) -> float:
    low, high = ax.get_xlim()
    return style.inches(ax)[0] * (high - x) / (high - low)


def _minimum(ax: Axes, allocation: Drawable, ranks: Ranking, lang: Language) -> None:
    """Draw the least merit that is eligible, where the marks come near it."""
    least = float(allocation.minimum_merit)
    low, high = ax.get_ylim()
    if not low - 0.25 * (high - low) <= least <= high or least <= 0:
        return
    ax.set_ylim(min(low, least - 0.04 * (high - low)), high)
    ax.axhline(least, color=style.GREY, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1)
    text = Text(f"及格分數 {least:g}", f"least merit {least:g}")
    ax.annotate(safe(text.say(lang)), (0, least), xycoords=ax.get_yaxis_transform(),
                xytext=(4, 2), textcoords="offset points", color=style.GREY,
                fontsize=8)  # fmt: skip
