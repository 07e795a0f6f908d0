"""Figure: schools with fewer resources against the others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optimizer.language.text import Language, Text, money
from optimizer.language.words import how_many
from optimizer.plots import bars, drawing
from optimizer.plots.districts import STAGES
from optimizer.plots.lettering import fit, safe, width
from optimizer.plots.source import Drawable, FloatArray, caption, numbers, share, spoken, words
from optimizer.tables.case_words import term

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = Text("弱勢學校與其他學校", "Disadvantaged and other schools")
RATES = Text("占申請件數的比率（%）", "Share of applications (%)")
AMOUNT = Text("補助金額（元）", "Awarded (NT$)")
_ALL = Text("弱勢學校合計", "All disadvantaged")
_NONE = Text("其他學校", "Other schools")
_FURTHER = Text("其他類別", "Further categories")
_MOST_CATEGORIES = 6
_LABEL_INCHES = 1.9


@dataclass(frozen=True)
class SchoolGroup:
    """Totals of one group of schools."""

    label: str
    schools: int
    applications: int
    eligible: int
    funded: int
    awarded: int


def groups(allocation: Drawable, lang: Language) -> list[SchoolGroup]:
    """Return the disadvantaged schools together, by category where there are several, the rest."""
    schools = allocation.by_school
    counts = [numbers(schools, name) for name in ("applications", "eligible", "funded", "awarded")]
    totals = np.array([counts[0] > 0, *counts])
    category = words(schools, "disadvantage")

    def group(label: str, among: Collection[str]) -> SchoolGroup:
        here = [name in among for name in category.tolist()]
        return SchoolGroup(label, *map(int, totals[:, here].sum(axis=1)))

    names = sorted(set(category.tolist()) - {""})
    found = [group(_ALL.say(lang), names)]
    if len(names) > 1:
        applied = {name: group("", [name]).applications for name in names}
        names.sort(key=lambda name: -applied[name])
        kept = names if len(names) <= _MOST_CATEGORIES else names[: _MOST_CATEGORIES - 1]
        found += [group(f"– {term(name).say(lang)}", [name]) for name in kept]
        if rest := names[len(kept) :]:
            found.append(group(f"– {_FURTHER.say(lang)}", rest))
    return [*found, group(_NONE.say(lang), [""])]


def layout(allocation: Drawable, lang: Language = "zh-TW") -> drawing.Layout:
    """Return the size that this figure wants."""
    found = groups(allocation, lang)
    left = 0.3 + min(max(_label_width(g, lang) for g in found), _LABEL_INCHES)
    return drawing.Layout(left + 7.15, 1.5 + 0.62 * len(found), left=left, right=0.35, top=0.95)


def disadvantage_figure(
    allocation: Drawable, ax: Axes | None = None, lang: Language | None = None
) -> Axes:
    """Draw how far applications of disadvantaged and of other schools came, and the money.

    See `scores_figure` for the parameters; the two panels are the `child_axes` of the axes.
    """
    lang = spoken(allocation, lang)
    with drawing.style():
        ax = drawing.place(ax, layout(allocation, lang))
        found = groups(allocation, lang)
        indent = 0.15 + min(max(_label_width(g, lang) for g in found), _LABEL_INCHES)
        drawing.head(
            ax, TITLE.say(lang), caption(allocation, _subtitle(found), lang), indent, above=16
        )
        ax.set_axis_off()
        rates, amounts = drawing.panel(ax, 0, 0.56), drawing.panel(ax, 0.6, 0.4)
        _rates(rates, found, lang)
        _amounts(amounts, found, lang)
    return ax


def _subtitle(found: list[SchoolGroup]) -> Text:
    some, others = _rate(found[0]), _rate(found[-1])
    return Text(
        f"申請案獲補助比率：弱勢學校 {some.zh}，其他學校 {others.zh}",
        f"Applications funded: disadvantaged schools {some.en}, others {others.en}",
    )


def _rate(group: SchoolGroup) -> Text:
    if group.applications == 0:
        return Text("無申請", "none applied")
    rate = share(group.funded, group.applications)
    return Text(rate, rate)


def _schools(group: SchoolGroup, lang: Language) -> str:
    return Text(f"{group.schools:,} 校申請", f"{how_many(group.schools, 'school')} applied").say(
        lang
    )


def _label_width(group: SchoolGroup, lang: Language) -> float:
    return max(width(group.label, 8.5), width(_schools(group, lang), 8.5))


def _rates(ax: Axes, found: list[SchoolGroup], lang: Language) -> None:
    y = np.arange(len(found), dtype=float)
    ax.set_ylim(len(found) - 0.45, -0.55)
    rates = [
        (g, column, look, y + shift)
        for (column, _, look), shift in zip(STAGES[1:], (-0.19, 0.19), strict=True)
        for y, g in enumerate(found)
    ]
    percents = [100 * getattr(g, column) / max(g.applications, 1) for g, column, _, _ in rates]
    labels = [_said(g, getattr(g, column), lang) for g, column, _, _ in rates]
    size = bars.leave_room(ax, percents, labels, lines=2)
    for (_, _, look, at), percent, label in zip(rates, percents, labels, strict=True):
        bars.draw(ax, at, percent, height=0.34, look=look)
        bars.beside(ax, percent, at, label, size=size)
    _labels(ax, found, y, lang)
    ax.set_xticks(range(0, 101, 20 if drawing.inches(ax)[0] > 2.5 else 50))
    drawing.name_axes(ax, RATES.say(lang))
    drawing.legend_above(ax, [(text.say(lang), look) for _, text, look in STAGES[1:]])


def _said(group: SchoolGroup, count: int, lang: Language) -> str:
    """Write how many of a group's applications, and what share of them."""
    rate = share(count, group.applications)
    of = f"{count:,} / {group.applications:,}"
    return Text(f"{of} 件 · {rate}", f"{of} · {rate}").say(lang)


def _labels(ax: Axes, found: list[SchoolGroup], y: FloatArray, lang: Language) -> None:
    names = [fit(group.label, _LABEL_INCHES, 8.5) for group in found]
    schools = [safe(_schools(group, lang)) for group in found]
    labels = [f"{name}\n{count}" for name, count in zip(names, schools, strict=True)]
    bars.row_labels(ax, y, labels)


def _amounts(ax: Axes, found: list[SchoolGroup], lang: Language) -> None:
    y = np.arange(len(found), dtype=float)
    ax.set_ylim(len(found) - 0.45, -0.55)
    total = found[0].awarded + found[-1].awarded
    bars.draw(ax, y, [group.awarded for group in found], height=0.5, look=STAGES[2][2])
    shares = [(money(group.awarded), share(group.awarded, total)) for group in found]
    labels = [Text(f"{n}（{part}）", f"{n} ({part})").say(lang) for n, part in shares]
    size = bars.leave_room(ax, [group.awarded for group in found], labels)
    for at, group, label in zip(y, found, labels, strict=True):
        bars.beside(ax, group.awarded, at, label, size=size)
    ax.set_yticks([])
    drawing.count_axis(ax.xaxis, 4)
    drawing.name_axes(ax, AMOUNT.say(lang))
