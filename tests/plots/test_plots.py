"""Figures: they draw in both languages, say units, never show boxes, and no label hits another."""

from __future__ import annotations

import itertools
import random
import re
import warnings
from collections import Counter
from fractions import Fraction
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from helpers.drawn import comparison, priced_book, robust
from helpers.rounds import random_case
from helpers.slow import first_quick
from helpers.stub import allocation_stub
from matplotlib import pyplot
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Annotation, Text as Label

from optimizer import allocate
from optimizer.facts.measures import MEASURES
from optimizer.foundation.collection import is_command
from optimizer.language.text import LANGUAGES, Text
from optimizer.language.words import figure as say
from optimizer.plots import (
    FIGURES,
    bare,
    compare_figure,
    draw_all,
    draw_one,
    equity_figure,
    firmness,
    frontier_figure,
    lists_figure,
    pools_figure,
    rules_figure,
    style,
    sweep_figure,
    yardsticks,
)
from optimizer.plots.compare import layout as compare_layout
from optimizer.plots.drawing import GREY, sheet
from optimizer.plots.equity import layout as equity_layout
from optimizer.plots.finding import finding, title
from optimizer.plots.frontier import layout as frontier_layout, said_inside
from optimizer.plots.lettering import drawable, fit, safe, width
from optimizer.plots.lists import KINDS, layout as lists_layout
from optimizer.plots.pools import layout as pools_layout
from optimizer.plots.ranking import ranking
from optimizer.plots.rule_prices import layout as rules_layout
from optimizer.plots.scores import SISTER, WHY
from optimizer.plots.sweep import layout as sweep_layout
from optimizer.policy.changes import Changes
from optimizer.policy.policy import make_policy
from optimizer.problems.errors import InfeasibleError
from optimizer.scenarios.comparison import compare
from optimizer.scenarios.scenario import Scenario
from optimizer.scenarios.sweep import Sweep, sweep

mpl.use("agg")
pytestmark = pytest.mark.filterwarnings("error")

CASES = {
    "usual": allocation_stub(),
    "none funded": allocation_stub(pool=0, contingency=0),
    "one": allocation_stub(1, ["中區"]),
    "five": allocation_stub(5, ["中區", "東區"]),
    "many": allocation_stub(5000, [f"第{i}行政區" for i in range(120)], 9_000_000),
    "long names": allocation_stub(
        60,
        [f"第{i}個名稱特別長$的$行政區與里鄰聯合辦公處" for i in range(12)],
        90_000,
        title="長" * 90,
    ),
    "enough for all": allocation_stub(40, pool=10_000_000, cap=10_000_000),
}


def lists(cases: list[str], lang: str) -> Figure:
    """Draw the lists of some cases as if they were scenarios, the last of them without a result."""
    outcomes = [SimpleNamespace(name=n, status="optimal", allocation=CASES[n]) for n in cases]
    outcomes.append(SimpleNamespace(name="規則互相牴觸", status="infeasible", allocation=None))
    known = {
        "funded": 200,
        "mean_merit": 87.5,
        "mean_merit_exact": "262/3",
        "passed_over": 12_345,
        "lost_to_sister": 0,
    }
    totals = pd.DataFrame([known] * len(cases) + [{}], columns=list(known)).astype(object)
    case = SimpleNamespace(outcomes=outcomes, totals=totals)
    return lists_figure(case, sheet(lists_layout(case, lang)), lang).figure


def drawn(name: str, allocation: SimpleNamespace, lang: str) -> Figure:
    layout, draw = FIGURES[name]
    return draw(allocation, sheet(layout(allocation, lang)), lang).figure


def compared(scenarios: int, lang: str) -> Figure:
    case = comparison(scenarios)
    return compare_figure(case, sheet(compare_layout(case, lang)), lang).figure


def swept(lang: str, axes: dict[str, Any]) -> tuple[Sweep, Figure]:
    """Draw a sweep of a random round in which 10 elementary schools cannot be had."""
    case = random_case(random.Random(1), 9)
    quota = {
        "kind": "quota",
        "column": "level",
        "value": "elementary",
        "at_least": 0,
        "name": "wanted",
    }
    document = dict(case.policy.document)
    case = case.under(make_policy({**document, "clause": [*document["clause"], quota]}))
    found = sweep(case, axes, language=lang)
    return found, sweep_figure(found, sheet(sweep_layout(found, lang)), lang).figure


def labels(figure: Figure) -> list[Label]:
    return [t for t in figure.findobj(Label) if t.get_visible() and t.get_text().strip()]


def words_of(figure: Figure) -> str:
    return "\n".join(label.get_text() for label in labels(figure))


def visible_boxes(figure: Figure) -> list[tuple[str, mpl.transforms.Bbox]]:
    """Draw, and return what is written where; ticks outside the axis limits are never drawn."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    hidden = {
        id(label)
        for axes in figure.findobj(mpl.axes.Axes)
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        if not axes.axison or not min(axis.get_view_interval()) <= tick.get_loc()
        <= max(axis.get_view_interval())
        for label in (tick.label1, tick.label2)
    }  # fmt: skip
    hidden |= {
        id(axis.label)
        for axes in figure.findobj(mpl.axes.Axes)
        if not axes.axison
        for axis in (axes.xaxis, axes.yaxis)
    }
    return [
        (label.get_text(), label.get_window_extent(canvas.get_renderer()))
        for label in labels(figure)
        if id(label) not in hidden
    ]


def assert_tidy(figure: Figure) -> None:
    boxes = visible_boxes(figure)
    paper = figure.bbox.padded(1)
    outside = [text for text, box in boxes if not _inside(box, paper)]
    assert not outside, f"runs off the page: {outside}"
    clashes = [
        (a, b)
        for (a, one), (b, two) in itertools.combinations(boxes, 2)
        if one.padded(-1.5).overlaps(two.padded(-1.5))
    ]
    assert not clashes, f"written over each other: {clashes}"


def _inside(box: mpl.transforms.Bbox, paper: mpl.transforms.Bbox) -> bool:
    return bool(
        box.x0 >= paper.x0 and box.x1 <= paper.x1 and box.y0 >= paper.y0 and box.y1 <= paper.y1
    )


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("case", CASES)
def test_every_figure_is_tidy_and_within_the_fonts(case: str, name: str, lang: str) -> None:
    figure = drawn(name, CASES[case], lang)
    assert_tidy(figure)
    assert {ord(c) for c in words_of(figure)} - {10, 13} <= drawable()


def test_untidy_figures_would_be_noticed() -> None:
    figure = drawn("pool", CASES["usual"], "en")
    figure.text(0.1, 0.5, "first")
    figure.text(0.1, 0.5, "second")
    with pytest.raises(AssertionError, match="over each other"):
        assert_tidy(figure)
    figure = drawn("pool", CASES["usual"], "en")
    figure.text(0.99, 0.5, "too far right")
    with pytest.raises(AssertionError, match="off the page"):
        assert_tidy(figure)


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scenarios", [0, 1, 2, 5, 12, 60])
def test_comparison_is_tidy_and_within_the_fonts(scenarios: int, lang: str) -> None:
    figure = compared(scenarios, lang)
    assert_tidy(figure)
    assert {ord(c) for c in words_of(figure)} - {10} <= drawable()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_lines_of_a_sweep_are_the_measures_of_its_rows(lang: str) -> None:
    """One value a scenario, in the order of the table; a cross where there is no list."""
    pools = [3_000, 20_000, 100_000]
    found, figure = swept(lang, {"clause.wanted.at_least": [0, 10], "pool.amount": pools})
    assert_tidy(figure)
    panels = figure.axes[0].child_axes
    for name, panel in zip(MEASURES, panels, strict=True):
        lines = [line for line in panel.lines if line.get_marker() != "x"]
        drawn = [float(value) for line in lines for value in line.get_ydata()]
        assert [list(line.get_xdata()) for line in lines] == [pools] * 2
        assert drawn == pytest.approx(
            [*found.frame[name].astype(float).fillna(np.nan)], nan_ok=True
        )
        crosses = [len(line.get_xdata()) for line in panel.lines if line.get_marker() == "x"]
        assert crosses == [0, 3]


def test_a_sweep_of_many_settings_says_what_is_not_drawn() -> None:
    axes = {
        "pool.amount": range(8),
        "priority.merit.band": range(8),
        "award.mode": ["full", "graded"],
    }
    rows = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
    same = {"spent": 1, "left": 0, **dict.fromkeys(MEASURES, 1)}
    frame = pd.DataFrame([{**row, **same} for row in rows])
    names = {key: Text(key, key) for key in axes}
    found = SimpleNamespace(axes=axes, frame=frame, names=names)
    figure = sweep_figure(found, sheet(sweep_layout(found, "en")), "en").figure
    assert_tidy(figure)
    drawn = [line for line in figure.axes[0].child_axes[0].lines if line.get_marker() != "x"]
    assert len(drawn) == 12 and sum(len(line.get_xdata()) for line in drawn) == 96
    assert f"{len(frame) - 96} more not drawn" in words_of(figure)
    assert "award.mode: the whole amount or nothing" in words_of(figure)


def priced(seed: int, lang: str) -> list[Figure]:
    """Draw the figures of prices of a random round with two priorities or more."""
    book = priced_book(random.Random(f"priced {seed}"), lang)
    drawn = [rules_figure(book.rules, sheet(rules_layout(book.rules, lang)), lang)]
    drawn.append(pools_figure(book.pools, sheet(pools_layout(book.pools, lang)), lang))
    place = sheet(equity_layout(book.base.equity, lang))
    drawn.append(equity_figure(book.base.equity, place, lang))
    place = sheet(frontier_layout(book.frontier, lang))
    return [ax.figure for ax in (*drawn, frontier_figure(book.frontier, place, lang))]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("seed", first_quick(range(4)))
def test_the_figures_of_prices_are_tidy_and_within_the_fonts(seed: int, lang: str) -> None:
    for figure in priced(seed, lang):
        assert_tidy(figure)
        assert {ord(c) for c in words_of(figure)} - {10} <= drawable()


@pytest.mark.parametrize(("own", "asked"), [("zh-TW", "en"), ("en", "zh-TW")])
def test_rules_are_named_in_the_language_that_is_asked_for(own: str, asked: str) -> None:
    prices = priced_book(random.Random("asked"), own).rules
    place = sheet(rules_layout(prices, asked))
    rules_figure(prices, place, asked)
    named = {rule.spoken.say(asked) for rule in prices.rules}
    assert named != {rule.spoken.say(own) for rule in prices.rules}
    assert all(text in words_of(place.figure) for text in named if len(text) < 20)


@pytest.mark.parametrize("lang", first_quick(LANGUAGES))
def test_the_figures_of_robustness_are_tidy_and_say_what_they_counted(lang: str) -> None:
    found = robust()
    tables = {"frame": found.frame, "lists": found.lists, "rankogram": found.rankogram}
    empty, many = (
        SimpleNamespace(counted=draws, enough=draws > 6, **{n: t[:rows] for n, t in tables.items()})
        for draws, rows in ((6, 0), (59, None))
    )
    written = Counter()
    for draw in {**firmness.FIGURES, **yardsticks.FIGURES}.values():
        for some in (empty, found, many):
            figure = draw(some, lang=lang).figure
            assert_tidy(figure)
            firm = re.search("穩定 [0-9]|firm [0-9]", words_of(figure))
            assert bool(firm) == (some is many and draw is firmness.FIGURES["chance"])
            written.update(words_of(figure).split("\n"))
            pyplot.close(figure)
    assert {ord(c) for line in written for c in line} <= drawable()
    assert not Counter(found.lists["sure_exact"][:-1]) - written


def test_how_far_ranks_spread_is_what_95_of_100_draws_say_however_many_there_are() -> None:
    """A part of the ranks that one draw in a thousand hits is not counted."""
    draws = {1: [0, 40, 0, 0], 25: [0, 1_000, 0, 0], 26: [10, 970, 10, 10], 27: [300, 400, 300, 0]}
    shares = np.array([np.array(row) / sum(row) * 100 for row in draws.values()])
    assert firmness._spans(shares).tolist() == [1, 1, 1, 3]
    ids, bands = np.nonzero(shares)
    parts = {"application_id": ids.astype(str), "way": "noise", "band": bands + 1}
    some = pd.DataFrame({**parts, "chance": shares[ids, bands]})
    people = pd.DataFrame({"application_id": list("0123"), "rank": range(1, 5), "group": "chance"})
    for counted, enough in ((2, False), (59, True)):
        found = SimpleNamespace(frame=people, rankogram=some, counted=counted, enough=enough)
        ax = firmness.rankogram_figure(found, lang="en")
        assert "span 25% of all" in ax.get_title(loc="left")
        assert ("2 draws are too few" in words_of(ax.figure)) is not enough
        assert "noise of the marks;" in words_of(ax.figure)
        pyplot.close(ax.figure)


@pytest.mark.parametrize("seed", [1, 4])
def test_the_panels_of_a_comparison_are_the_measures_of_its_lists(seed: int) -> None:
    """Every label is the measure, every bar as long as it, every dot where it is."""
    case = random_case(random.Random(seed), 9)
    changes = {"per application": {"pool.amount": 3_000}, "much asked": {"pool.amount": 100_000}}
    impossible = Scenario("none", Changes({"clause.wanted.at_least": 10}))
    quota = {
        "kind": "quota",
        "column": "level",
        "value": "elementary",
        "at_least": 0,
        "name": "wanted",
    }
    document = dict(case.policy.document)
    case = case.under(make_policy({**document, "clause": [*document["clause"], quota]}))
    found = compare(case, [*(Scenario(n, Changes(c)) for n, c in changes.items()), impossible])
    assert found.outcomes[-1].status == "infeasible" and found.outcomes[0].allocation is not None
    figure = compare_figure(found, sheet(compare_layout(found, "en")), "en").figure
    panels = figure.axes[0].child_axes
    assert len(panels) == len(MEASURES)
    for name, panel in zip(MEASURES, panels, strict=True):
        assert MEASURES[name].en.replace("$", r"\$") in panel.get_title(loc="left")
        values = [o.allocation.measures.figures[name] for o in found.outcomes if o.allocation]
        values = [value for value in values if value is not None]
        notes = [text for text in panel.texts if isinstance(text, Annotation)]
        said = [text.get_text() for text in notes if text.get_color() != GREY]
        assert said == [say(Fraction(value)) for value in values]
        bars = [max(p.vertices[:, 0]) for c in panel.collections for p in c.get_paths()]
        dots = [line.get_xdata()[0] for line in panel.lines if line.get_marker() == "o"]
        assert sorted([*bars, *dots]) == pytest.approx(
            sorted(float(v) for v in values if v or dots)
        )
    assert "no list obeys every rule" in words_of(figure)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Funded: 2 with “C”, 9 with “B”"),
        ({"funded": [8, 9, 8]}, "Passed over: 1 with “A”, 4 with “B”, which funds the most (9)"),
        ({"funded": [9, 9, 8]}, "Passed over: 1 with “A”, 4 with “B”"),
        # with more money the line is elsewhere
        (
            {"left": [0, 0, 900], "funded": [8, 9, 12]},
            "At NT$100, passed over: 1 with “A”, 4 with “B”, which funds the most (9)",
        ),
        ({"left": [0, 300, 0]}, "At NT$100, lost to a sister: 0 with “A”, 3 with “C”"),
        (  # one more passed over of 91 is a trifle beside 71 who are funded no more
            {"left": [0, 0, 900], "funded": [90, 91, 20], "passed_over": [1, 2, 2]},
            "Funded: 20 with “C”, 91 with “B”",
        ),
        (
            {"passed_over": [4] * 3, "funded": [5] * 3},
            "Lost to a sister: 0 with “A” and 1 more scenario, 3 with “C”",
        ),
        (
            {"passed_over": [4] * 3, "lost_to_sister": [1] * 3, "funded": [5] * 3},
            "Mean merit of the funded: 80.5 points with “B”, 87.33 with “A”",
        ),
        ({"funded": [None] * 3}, "No scenario has a list"),
        ({"funded": [5, None, None]}, "Only “A” has a list: 5 funded, 1 passed over"),
    ],
)
def test_the_title_of_a_comparison_says_what_it_shows(changes: dict[str, Any], said: str) -> None:
    totals = {
        "scenario": ["A", "B", "C"],
        "spent": [100, 100, 100],
        "left": [0, 0, 0],
        "passed_over": [1, 4, 2],
        "lost_to_sister": [0, 0, 3],
        "funded": [5, 9, 2],
        "mean_merit_exact": ["262/3", "161/2", "82"],
    } | changes
    same = {name: [1, 1, 1] for name in MEASURES if name not in totals and name != "mean_merit"}
    assert finding(pd.DataFrame(totals | same, dtype=object)).en == said


def test_a_title_names_scenarios_apart_or_not_at_all() -> None:
    alike = ["the same long beginning of a name, " + end for end in ("one", "two", "three")]
    totals = pd.DataFrame(
        {"scenario": alike, "spent": 1, "left": 0}
        | dict.fromkeys(MEASURES, 1)
        | {"passed_over": [1, 4, 2]}
    )
    assert title(totals, 12, "en") == f"Passed over: 1 with “{alike[0]}”, 4 with “{alike[1]}”"
    assert title(totals, 6, "en") == "Passed over: 1 to 4"
    assert title(totals, 6, "zh-TW").endswith("：1 至 4 件")


@pytest.mark.parametrize("lang", ["zh-TW", "en"])
def test_the_title_of_a_sweep_is_true_of_the_money_that_it_names(lang: str) -> None:
    axes = {"pool.amount": [560_000, 620_000], "clause.school_cap.amount": [4_000, 5_000]}
    frame = pd.DataFrame(product(*axes.values()), columns=list(axes))
    frame = frame.assign(**dict.fromkeys(MEASURES, 1), spent=frame["pool.amount"], left=0)
    frame = frame.assign(passed_over=[44, 36, 56, 42], funded=[219, 195, 244, 216])
    names = {
        "pool.amount": Text("經費總額", "pool"),
        "clause.school_cap.amount": Text("每校上限", "School cap"),
    }
    found = SimpleNamespace(axes=axes, frame=frame, names=names)
    words = words_of(sweep_figure(found, sheet(sweep_layout(found, lang)), lang).figure)
    said = {
        "zh-TW": ["經費 560,000 元時，", "「每校上限 4,000」 219 件", "經費總額（元）"],
        "en": ["At NT\\$560,000, ", "219 with “School cap 4,000”", "Pool (NT\\$)"],
    }
    assert [part for part in said[lang] if part not in words] == []


@pytest.mark.parametrize(
    ("on", "others", "said"), [(False, 1, True), (True, 1, False), (False, 0, False)]
)
def test_a_policy_inside_a_frontier_is_said_to_put_others_first(
    on: bool, others: int, said: bool
) -> None:
    columns = [f"priority_exact.{name}" for name in "abc"[: 2 + others]]
    table = pd.DataFrame([["1", "2", "3"][: len(columns)]], columns=columns)
    frame = table.assign(is_policy=True, on_frontier=on)
    found = SimpleNamespace(frame=frame, priorities=["a", "b"])
    assert ("may lie inside" in said_inside(found).en) is said


@pytest.mark.parametrize("lang", ["zh-TW", "en"])
def test_a_frontier_says_its_ends_and_units_whole_however_long_the_names(lang: str) -> None:
    long = Text(
        "按金額計算之審查分數合計（每千元一級距）", "merit of the money, summed (bands of 1 point)"
    )
    unit = Text("件", "applications")
    named = [SimpleNamespace(label=n, title=long, spoken=long, unit=lambda: unit) for n in "ab"]
    rows = {"on_frontier": True, "is_policy": False}
    ends = {"priority_exact.a": ["500000", "480000"], "priority_exact.b": ["40", "50"]}
    found = SimpleNamespace(
        frame=pd.DataFrame(ends).assign(**rows), priorities=named, complete=True
    )
    ax = frontier_figure(found, sheet(frontier_layout(found, lang)), lang)
    assert ax.get_title(loc="left").endswith({"zh-TW": "由 50 至 40", "en": "from 50 to 40"}[lang])
    more = {"priority_exact.c": ["30001/3", "1"]}
    points = pd.DataFrame({name: [*of_it, of_it[0]] for name, of_it in (ends | more).items()})
    points.loc[2, "priority_exact.b"] = "1"  # no end of the first is one of the second
    third = SimpleNamespace(
        **vars(named[0]) | {"label": "c", "title": (c := Text("丙", "C")), "spoken": c}
    )
    three = SimpleNamespace(frame=points.assign(**rows), priorities=[*named, third], complete=True)
    shown = frontier_figure(three, sheet(frontier_layout(three, lang)), lang)
    assert re.findall(r"[\d,]+–[\d,]*\d", shown.get_title(loc="left")) == [
        *("480,000–500,000", "1–50", "1–10,000")
    ]
    assert "…" not in words_of(shown.figure).replace(shown.get_title(loc="left"), "")
    whole = {
        "zh-TW": "按金額計算之審查分數合計，每千元一級距（件）",
        "en": "merit of the money, summed, bands of 1 point (applications)",
    }
    for label in (ax.get_xlabel(), ax.get_ylabel()):
        assert "".join(label.split()) == "".join(whole[lang].split())
    for place, name in enumerate(named):  # kinds are named where they are not the same
        name.title = Text(f"甲{place}", f"Kind {place}")
    kinds = frontier_figure(found, sheet(frontier_layout(found, lang)), lang).get_title(loc="left")
    assert named[0].title.say(lang) in kinds and named[1].title.say(lang) in kinds


def test_many_pools_at_which_somebody_is_out_are_no_solid_block() -> None:
    def lower(many: int) -> Any:
        table = pd.DataFrame({"pool": range(many), "funded": 1, "leaving": 2})
        curve = SimpleNamespace(frame=table, base=SimpleNamespace(pool=3))
        ax = pools_figure(curve, sheet(pools_layout(curve, "en")), "en")
        return ax.child_axes[0]

    assert lower(20).collections and not lower(600).collections
    assert any(len(line.get_xdata()) == 600 for line in lower(600).lines)


def test_a_comparison_of_like_lists_says_that_they_are_alike() -> None:
    totals = pd.DataFrame(
        {"scenario": ["A", "B"], "spent": 1, "left": 0} | dict.fromkeys(MEASURES, 1)
    )
    assert finding(totals).en == "All nine measures are the same in every scenario"
    less = totals.iloc[:1].assign(scenario="C", left=5, funded=0)
    other = finding(pd.concat([totals, less], ignore_index=True)).en
    assert other == "Funded: 0 with “C”, 1 with “A” and 1 more scenario"


@pytest.mark.parametrize(
    ("name", "lang", "expected"),
    [
        (
            "scores",
            "zh-TW",
            ["審查分數與補助線", "（分）", "名次", "未獲補助之最高 5 件", "補助線：只看分數"],
        ),
        ("scores", "en", ["funding line", "(points)", "Rank", "5 best that got nothing"]),
        ("districts", "zh-TW", ["各行政區", "（件）", "（元）", "○ 無申請", "臺中市 103 年度"]),
        ("districts", "en", ["by district", "(count)", "NT\\$", "○ no application"]),
        ("pool", "zh-TW", ["經費流向", "預備金", "餘額", "國小", "900,000 元"]),
        ("pool", "en", ["Where the pool went", "Contingency", "Left", "Junior high", "NT\\$"]),
        ("disadvantage", "zh-TW", ["弱勢學校", "（%）", "（元）", "其他學校", "校申請"]),
        ("disadvantage", "en", ["Disadvantaged", "(%)", "NT\\$", "Other schools"]),
    ],
)
def test_titles_units_and_terms(name: str, lang: str, expected: list[str]) -> None:
    words = words_of(drawn(name, CASES["usual"], lang))
    assert [word for word in expected if word not in words] == []
    assert lang == "en" or "NT" not in words


def test_an_unproved_result_says_so_on_every_figure() -> None:
    unproved = SimpleNamespace(**{**vars(CASES["usual"]), "status": "feasible"})
    for name in FIGURES:
        assert "可行，尚未證明" in words_of(drawn(name, unproved, "zh-TW"))


def test_funding_line_is_the_allocations_and_never_within_a_tie() -> None:
    case = CASES["usual"]
    ranks = ranking(case)
    assert (ranks.line, ranks.line_amount) == (case.line.count, case.line.amount)
    assert 0 < ranks.line < ranks.size and ranks.merit[ranks.line - 1] > ranks.merit[ranks.line]
    assert ranks.funded.sum() == (case.awards["status"] == "funded").sum()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("cases", [[], ["usual"], ["usual", "one", "none funded"], list(CASES)])
def test_lists_are_tidy_and_within_the_fonts(cases: list[str], lang: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_tidy(lists(cases, lang))


def test_lists_draw_everybody_who_matters_once() -> None:
    figure = lists(["usual"], "en")
    ranks = ranking(CASES["usual"])
    above = np.arange(ranks.size) < CASES["usual"].line.count
    expected = {
        "kept": above & ranks.funded,
        "lifted": ~above & ranks.funded,
        "passed": above & ~ranks.funded,
    }
    strokes = [c for c in figure.axes[0].collections if len(c.get_segments())]
    assert len(strokes) == len(KINDS)
    for drawn_, (name, rows) in zip(strokes, expected.items(), strict=True):
        segments = drawn_.get_segments()
        assert [round(s[0][0]) for s in segments] == list(np.flatnonzero(rows) + 1), name
        assert all((s[1][1] > s[0][1]) == (name == "passed") for s in segments)


def test_legend_of_scores_counts_every_eligible_application_once() -> None:
    figure = drawn("scores", CASES["usual"], "en")
    said = words_of(figure)
    four = re.findall(r"^(?:above|below)[^:]*: ([\d,]+)$", said, re.M)
    eligible = (CASES["usual"].awards["status"] != "ineligible").sum()
    assert len(four) == 4
    assert sum(int(n.replace(",", "")) for n in four) == eligible


def test_the_scores_name_the_best_who_got_nothing() -> None:
    case = CASES["usual"]
    out = case.awards[case.awards["status"] == "not_funded"].sort_values("rank", kind="stable")
    said = re.findall(
        r"^(A\d{4}) .*, [\d.]+(?:: (.*))?$", words_of(drawn("scores", case, "en")), re.M
    )
    assert sorted(name for name, _ in said) == sorted(out["application_id"][:5])
    reasons = dict(zip(out["application_id"], out["reason_code"], strict=True))
    sisters = ranking(case).sister
    for name, why in said:
        place = list(case.awards["application_id"]).index(name)
        lost = sisters[list(ranking(case).rows).index(place)]
        assert why == (SISTER if lost else WHY[reasons[name]]).en


def test_who_has_withdrawn_is_not_named_as_refused() -> None:
    case = CASES["usual"]
    best = ranking(case)
    row = int(best.rows[np.flatnonzero(~best.funded)[0]])
    gone = SimpleNamespace(**{**vars(case), "withdrawn": {row}})
    assert case.awards["application_id"][row] in words_of(drawn("scores", case, "en"))
    assert case.awards["application_id"][row] not in words_of(drawn("scores", gone, "en"))


def test_who_lost_to_a_sister_is_known_as_the_measure_counts_it() -> None:
    for seed in range(40):
        case = random_case(random.Random(seed), 12)
        try:
            allocation = allocate(case)
        except InfeasibleError:
            continue
        lost = allocation.measures.lost_to_sister
        assert ranking(allocation).sister.sum() == lost
        if lost:
            return
    raise AssertionError("none lost to a sister")


def test_a_reason_unknown_to_the_figure_is_left_out() -> None:
    case = allocation_stub()
    lost = case.awards["status"] == "not_funded"
    case.awards.loc[lost, "reason_code"] = "a new rule"
    assert "a new rule" not in words_of(drawn("scores", case, "en"))


def test_pool_steps_add_up() -> None:
    from optimizer.plots.pool import steps

    for case in CASES.values():
        assert sum(step.amount for step in steps(case, "en")) == case.pool


def test_figures_make_their_own_and_leave_settings_alone() -> None:
    from matplotlib import pyplot as plt

    before = dict(mpl.rcParams)
    for _, draw in FIGURES.values():
        ax = draw(CASES["usual"])
        assert ax.figure.number in plt.get_fignums()
        plt.close(ax.figure)
    assert dict(mpl.rcParams) == before


def test_tick_labels_have_the_fonts_whoever_made_the_axes() -> None:
    figure = Figure()
    ax = FIGURES["scores"][1](CASES["usual"], figure.add_subplot())
    assert "Noto Sans TC" in ax.get_xticklabels()[0].get_fontfamily()


def test_draw_all_writes_the_same_bytes_again(tmp_path: Path) -> None:
    first = draw_all(CASES["five"], tmp_path / "a", "zh-TW")
    again = draw_all(CASES["five"], tmp_path / "b", "zh-TW")
    assert [p.name for p in first] == [f"{n}.{e}" for n in FIGURES for e in ("svg", "png")]
    assert all(p.read_bytes() == q.read_bytes() for p, q in zip(first, again, strict=True))


def test_vector_files_carry_their_letters(tmp_path: Path) -> None:
    svg, pdf = draw_one("pool", CASES["usual"], tmp_path, "zh-TW", ("svg", "pdf"))
    assert "<text" not in svg.read_text(encoding="utf-8")
    assert b"/FontFile2" in pdf.read_bytes()


def test_many_marks_become_an_image_inside_the_vector_file(tmp_path: Path) -> None:
    (svg,) = draw_one("scores", CASES["many"], tmp_path, "en", ("svg",))
    assert svg.stat().st_size < 400_000


@pytest.mark.parametrize("text", ["a$b$", "$", r"\$x\$", "$$", r"50% of $1_0^2$", "臺$中$市"])
def test_dollar_signs_are_never_mathematics(text: str) -> None:
    label = Label(0, 0, safe(text))
    shown, mathematics = label._preprocess_math(label.get_text())
    assert (shown, mathematics) == (text, False)


def test_what_no_font_has_is_marked_and_controls_vanish() -> None:
    assert safe("喆廍槺舘堃") == "喆廍槺舘堃"
    assert safe("讀書會🦉") == "讀書會〓"
    assert safe("a\x00b\u200b c\n d\t") == "ab c d"


def test_fit_cuts_to_the_width_there_is() -> None:
    assert fit("臺中市", 2.0, 10) == "臺中市"
    cut = fit("臺中市" * 30, 2.0, 10)
    assert cut.endswith("…")
    assert 1.7 < width(cut, 10) <= 2.0


def test_missing_glyphs_would_be_noticed() -> None:
    with warnings.catch_warnings(), style():
        warnings.simplefilter("error")
        ax = sheet(FIGURES["pool"][0](CASES["usual"]))
        ax.set_title("🦉")
        with pytest.raises(UserWarning, match="missing from font"):
            FigureCanvasAgg(ax.figure).draw()


def test_help_texts_of_matplotlib_are_left_out_of_commands_alone() -> None:
    """What is left out is there in this version of matplotlib, and stays where people can ask for it."""
    assert callable(getattr(Artist, bare.HELP))
    assert is_command() or "antialiased" in (Line2D.set.__doc__ or "")
