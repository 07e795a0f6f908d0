"""Figure: the scores in order, the funding line, and the best who got nothing by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from optimizer.language.text import Language, Text, money
from optimizer.plots import drawing
from optimizer.plots.lettering import fit, largest, safe, width
from optimizer.plots.ranking import Ranking, ranking
from optimizer.plots.source import Drawable, caption, spoken, words
from optimizer.plots.stacked_names import SIZE, Named, stacked

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = Text("審查分數與補助線", "Scores in order and the funding line")
RANK = Text("名次（依審查分數由高至低）", "Rank (by merit, best first)")
MERIT = Text("審查分數（分）", "Merit (points)")
NOBODY = Text("沒有符合資格且有分數的申請", "No eligible application with a score")
BEST = Text("未獲補助之最高 {} 件：", "The {} best that got nothing:")
NAMED = 5  # of the best who got nothing
_LINE_POINTS = 11.5  # from one name to the next
_MOST_OF_HEIGHT = 0.4  # that the names take
KINDS: dict[tuple[bool, bool], tuple[Text, str]] = {  # above the line, funded
    (True, True): (Text("高於線，獲補助", "above the line, funded"), drawing.BLUE),
    (False, True): (Text("低於線，獲補助", "below it, funded"), drawing.GREEN),
    (True, False): (Text("高於線，未獲補助", "above, not funded"), drawing.VERMILLION),
    (False, False): (Text("低於線，未獲補助", "below, not funded"), drawing.GREY),
}
_PLATE = {"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 0.5}
WHY = {
    "school_cap": Text("同校上限用滿", "cap of its school used up"),
    "pool": Text("餘額不足", "too little money left"),
    "priority": Text("優先順序在後", "others came first"),
    "draw": Text("抽籤未獲選", "lost the draw"),
    "unsettled": Text("求解未完成", "solving did not finish"),
    "quota": Text("配額限制", "a quota"),
    "fixed": Text("人工核定", "decided by hand"),
}
SISTER = Text("同校較低分者獲補助", "a sister of less merit is funded")


def layout(allocation: Drawable, lang: Language = "zh-TW") -> drawing.Layout:
    """Return the size that this figure wants."""
    return drawing.Layout(9.0, 4.9, left=0.65, right=0.25, top=0.95)


def scores_figure(
    allocation: Drawable, ax: Axes | None = None, lang: Language | None = None
) -> Axes:
    """Draw every eligible application by rank and merit, with the line a spreadsheet would draw.

    Filled dots are funded, hollow ones are not; those that the rules moved across the line have
    colours of their own. The five best that got nothing are named, with their reason.

    Parameters
    ----------
    allocation
        The certified result.
    ax
        Where to draw; a new figure otherwise.
    lang
        ``zh-TW`` or ``en``; the result's own, unless given.

    Returns
    -------
    Axes
        The axes drawn on; nothing is saved.
    """
    lang = spoken(allocation, lang)
    with drawing.style():
        ax = drawing.place(ax, layout(allocation, lang))
        drawing.dress(ax)
        ranks = ranking(allocation)
        said = _subtitle(ranks, bool(allocation.withdrawn))
        drawing.head(ax, TITLE.say(lang), caption(allocation, said, lang), indent=0.5, above=16)
        if ranks.size == 0:
            drawing.message(ax, safe(NOBODY.say(lang)))
            return ax
        _dots(ax, ranks, lang)
        _axes(ax, ranks, lang)
        minimum = _minimum(ax, allocation, ranks.mark, lang)
        end, top = _names(ax, allocation, ranks, *minimum, lang=lang)
        _line(ax, ranks, lang, foot=top if end > ranks.line + 0.5 else 0.0)
        drawing.legend_of_points(ax)
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


def _dots(ax: Axes, ranks: Ranking, lang: Language) -> None:
    """Draw applications where they lie: rank across, merit up."""
    for (above, funded), (text, color) in KINDS.items():
        at = np.flatnonzero((ranks.above == above) & (ranks.funded == funded))
        moved = above != funded  # where dots hide each other, show those that crossed the line
        look: dict[str, Any] = {
            "linestyle": "",
            "marker": "o",
            "markeredgewidth": 0.8,
            "markeredgecolor": color,
            "markerfacecolor": color if funded else "white",
        }
        ax.plot(
            at + 1, ranks.merit[at], rasterized=ranks.many, markersize=ranks.mark,
            zorder=2.2 if moved and not ranks.many else 2, **look,
        )  # fmt: skip
        counted = Text(f"{text.zh} {len(at):,} 件", f"{text.en}: {len(at):,}")
        ax.add_line(Line2D([], [], label=safe(counted.say(lang)), markersize=4.5, **look))


def _axes(ax: Axes, ranks: Ranking, lang: Language) -> None:
    low, high = float(ranks.merit.min()), float(ranks.merit.max())
    margin = max((high - low) * 0.07, 0.5)
    ax.set_ylim(low - margin, high + margin)
    ax.set_xlim(1 - max(ranks.size * 0.02, 0.6), ranks.size + max(ranks.size * 0.02, 0.6))
    drawing.name_axes(ax, RANK.say(lang), y=MERIT.say(lang))
    drawing.count_axis(ax.xaxis, 9)


def _minimum(ax: Axes, allocation: Drawable, mark: float, lang: Language) -> tuple[float, float]:
    """Draw the least merit that is eligible, where dots come near it.

    Returns
    -------
    How many points over the foot of the axes it stands, and how wide its name is at the right.
    """
    least = float(allocation.minimum_merit)
    low, high = ax.get_ylim()
    if not low - 0.25 * (high - low) <= least <= high or least <= 0:
        return 0.0, 0.0
    under = 2 + mark / 2  # points: a dot may lie on the line
    room = min(
        (11 + under) / (72 * max(drawing.inches(ax)[1], 0.3)), 0.4
    )  # of the height, for the name
    ax.set_ylim(min(low, (least - room * high) / (1 - room)), high)
    ax.axhline(least, color=drawing.GREY, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1)
    text = Text(f"及格分數 {least:g}", f"least merit {least:g}").say(lang)
    ax.annotate(safe(text), (1, least), xycoords=ax.get_yaxis_transform(), xytext=(-2, -under),
                textcoords="offset points", color=drawing.GREY, ha="right", va="top",
                fontsize=8)  # fmt: skip
    low, high = ax.get_ylim()
    foot = 72 * drawing.inches(ax)[1] * (least - low) / (high - low)
    return foot, 72 * width(text, 8) + 4


def _names(
    ax: Axes, allocation: Drawable, ranks: Ranking, floor: float, aside: float, lang: Language
) -> tuple[float, float]:
    """Name the best who got nothing, each on a line of its own below its dot.

    Returns
    -------
    The rank as far as which the names reach, and their top as a share of the height.
    """
    across, up = (72 * inches for inches in drawing.inches(ax))
    most = min(NAMED, int(_MOST_OF_HEIGHT * up / _LINE_POINTS) - 1)
    out = [
        at
        for at in np.flatnonzero(~ranks.funded).tolist()
        if ranks.rows[at] not in allocation.withdrawn
    ]
    best = out[: max(most, 0)]
    if not best:
        return 0.0, 0.0
    left, right = ax.get_xlim()
    names = stacked(
        [_named(allocation, ranks, at, lang) for at in best],
        [across * (at + 1 - left) / (right - left) for at in best],
        across - aside,
        BEST.say(lang).format(len(best)),
    )
    end = max(name.ends[1] for name in names) / across
    _clear(ax, ranks, end, top := (floor + _LINE_POINTS * (len(best) + 1.2)) / up)
    for line, name in enumerate(names):
        at = best[name.place] if name.place < len(best) else best[names[-2].place]
        height = floor + (0.6 + line) * _LINE_POINTS
        _write(ax, at + 1, height, name, heading=name.place == len(best))
        if name.place < len(best):
            _stem(ax, at + 1, float(ranks.merit[at]), height / up)
    return left + end * (right - left), min(top, 0.9)


def _named(allocation: Drawable, ranks: Ranking, at: int, lang: Language) -> str:
    """Say which application it is, of which school, with what merit, and why it got nothing."""
    row = allocation.awards.iloc[ranks.rows[at]]
    why = SISTER if ranks.sister[at] else WHY.get(str(ranks.reason[at]))
    points = f"{ranks.merit[at]:.2f}".rstrip("0").rstrip(".")
    school = _school(allocation, row)
    text = Text(
        f"{row['application_id']} {school} {points} 分" + (f"，{why.zh}" if why else ""),
        f"{row['application_id']} {school}, {points}" + (f": {why.en}" if why else ""),
    )
    return text.say(lang)


def _school(allocation: Drawable, row: Any) -> str:
    schools = allocation.by_school
    keys = zip(schools["school_id"], schools["level"], strict=True)
    here = list(keys).index((row["school_id"], row["level"]))
    return str(words(schools.iloc[[here]], "name")[0])


def _clear(ax: Axes, ranks: Ranking, end: float, share: float) -> None:
    """Lower the foot of the axes until what stands in its lower left is below every dot."""
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    last = int(np.clip(left + end * (right - left), 1, ranks.size))
    room = float(ranks.merit[last - 1]) - 0.03 * (high - low)
    ax.set_ylim(min(low, (room - share * high) / (1 - share)), high)


def _stem(ax: Axes, x: float, merit: float, foot: float) -> None:
    low, high = ax.get_ylim()
    ax.plot(
        [x, x],
        [low + foot * (high - low), merit],
        color=drawing.VERMILLION,
        linewidth=0.6,
        zorder=1.5,
    )


def _write(ax: Axes, x: float, height: float, name: Named, heading: bool) -> None:
    """Write beside a place on the axis of ranks, so many points over the foot of the axes."""
    aside, aligned = (3 / 72, "left") if name.left else (-3 / 72, "right")
    moved = ScaledTranslation(aside, height / 72, ax.figure.dpi_scale_trans)
    ax.text(x, 0, name.text, transform=ax.get_xaxis_transform() + moved, fontsize=SIZE, va="center",
            ha=aligned, color=drawing.VERMILLION if heading else drawing.INK, bbox=_PLATE)  # fmt: skip


def _line(ax: Axes, ranks: Ranking, lang: Language, foot: float) -> None:
    """Draw where the money runs out when one goes down the list, whatever the rules say.

    It starts at `foot`, a share of the height: above the names that would else be crossed by it.
    """
    if ranks.line in (0, ranks.size):
        enough = Text(
            "經費足以補助全部符合資格的申請", "The pool suffices for every eligible application"
        )
        too_little = Text("經費不足以補助第一名", "The pool is too small even for the first")
        text = too_little if ranks.line == 0 else enough
        said = fit(text.say(lang), 0.9 * drawing.inches(ax)[0], 8.5)
        ax.text(0.98, 0.97, said, transform=ax.transAxes, ha="right", va="top", fontsize=8.5)
        return
    x = ranks.line + 0.5
    ax.axvspan(
        ax.get_xlim()[0], x, ymin=foot, color=drawing.BLUE, alpha=0.06, linewidth=0, zorder=0
    )
    ax.axvline(x, ymin=foot, color=drawing.INK, linewidth=1.1, linestyle=(0, (5, 3)), zorder=1)
    text = Text(
        f"補助線：只看分數，前 {ranks.line:,} 件\n共 {money(ranks.line_amount)} 元",
        f"Funding line by merit alone:\nthe first {ranks.line:,}, NT$ {money(ranks.line_amount)}",
    )
    lines = text.say(lang).split("\n")
    low, high = ax.get_xlim()
    share = (high - x) / (high - low)
    right = share >= 0.5
    room = drawing.inches(ax)[0] * max(share, 1 - share) - 0.1
    size = min(largest(line, room, (8.5, 8, 7, 6)) for line in lines)
    ax.annotate(
        "\n".join(fit(line, room, size) for line in lines),
        (x, 1),
        xycoords=ax.get_xaxis_transform(),
        xytext=(5 if right else -5, -3),
        textcoords="offset points",
        ha="left" if right else "right",
        va="top",
        fontsize=size,
    )
