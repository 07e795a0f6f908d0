"""What is edited in a report after it was made: the page's own checker turns red and names it.

Every kind of cell that the panel promises to hold is edited once, in each place where it stands: in the page as
it was served, in either language, in the rows that are still to be drawn, in what is seen, and in what is carried.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from helpers.browser import needs_browser
from helpers.edited_pages import after, said, stamped
from helpers.results import small_allocation, small_case, unproved
from helpers.revised import made as revised

from optimizer.pipe import allocate
from optimizer.report.page import render_report

pytestmark = [needs_browser, pytest.mark.slow]
LISTED, CARRIED = "listed", "evidence"


@pytest.fixture(scope="module")
def page() -> str:
    """Return a report without its font, which is half of it."""
    return stamped(re.sub(r"@font-face\{.*?\}", "", render_report(small_allocation())))


def row(html: str, name: str) -> str:
    """Return one row of the list as it is served."""
    found = re.search(rf'<tr class="\w+" data-id="{name}".*?</tr>', html)
    assert found
    return found[0]


def in_row(was: str, now: str, name: str = "A1") -> Callable[[str], str]:
    """Edit a cell of a row as it is served."""

    def edit(html: str) -> str:
        whole = row(html, name)
        assert was in whole
        return html.replace(whole, whole.replace(was, now, 1), 1)

    return edit


def without(section: str) -> Callable[[str], str]:
    """Leave out the first row of a section's table, of the first half of the page."""

    def edit(html: str) -> str:
        before, here, rest = html.partition(f'<section class="{section}">')
        return (
            before
            + here
            + re.sub(r"<tbody>\s*<tr>.*?</tr>", "<tbody>", rest, count=1, flags=re.DOTALL)
        )

    return edit


def data(element: str, change: Callable[[Any], Any]) -> Callable[[str], str]:
    """Edit what an element carries."""

    def edit(html: str) -> str:
        found = re.search(rf'id="{element}">(.*?)</script>', html)
        assert found
        carried = json.loads(found[1])
        change(carried)
        text = json.dumps(carried, ensure_ascii=False).replace("<", "\\u003c")
        return html.replace(found[1], text, 1)

    return edit


def put(place: Any, key: Any, value: Any) -> None:
    place[key] = value


def of(rows: list[Any], name: str) -> list[Any]:
    """Return the row of an application."""
    found: list[Any] = next(one for one in rows if one[0] == name)
    return found


def rule(carried: Any, kind: str) -> Any:
    """Return a rule that is carried."""
    return next(one for one in carried["rules"] if one["kind"] == kind)


EDITS: dict[str, tuple[Callable[[str], str], str]] = {
    # the rows as they are served
    "merit": (in_row("90.00", "91.00"), "A1"),
    "rank": (in_row('rank">1<', 'rank">2<'), "A1"),
    "school": (in_row("礫埕國小", "霏霖國小"), "A1"),
    "district": (in_row("中區", "東區"), "A1"),
    "level": (in_row("國小·0646", "國中·0646"), "A1"),
    "title": (in_row('class="title"><bdi>', 'class="title"><bdi>x'), "A1"),
    "requested": (in_row('asked">2,000', 'asked">2,500'), "A1"),
    "award": (in_row('award">2,000', 'award">1,900'), "A1"),
    "result": (in_row("<summary>獲補助", "<summary>未獲補助"), "A1"),
    "status": (in_row('class="funded"', 'class="not_funded"'), "A1"),
    "marks of the ineligible": (in_row("60.00", "69.00", "A8"), "A8"),
    # the rows that are still to be drawn
    **{
        f"{name}, to be drawn": (data(LISTED, lambda c, n=n, v=v: put(of(c["rows"], "A1"), n, v)), "A1")
        for name, n, v in (
            *(("school", 1, 1), ("title", 2, "x"), ("merit", 3, "90.01"), ("rank", 4, 2)),
            *(("requested", 5, 2_001), ("most", 6, 1), ("award", 7, 0), ("status", 8, "kept"), ("result", 9, 1)),
        )
    },
    "a row left out": (data(LISTED, lambda c: c["rows"].remove(of(c["rows"], "A3"))), "A3"),
    "a row made up": (data(LISTED, lambda c: c["rows"].append(["Z9", *c["rows"][0][1:]])), "9"),
    "a district, to be drawn": (data(LISTED, lambda c: put(c["schools"][0], 1, "東區")), "中區"),
    "a result, to be drawn": (data(LISTED, lambda c: put(c["results"][0], 1, "x")), "A"),
    # tables, badge, figures at the top, of both languages
    **{
        f"{name}{' in English' if last else ''}": (after(where, was, now, last=last), word)
        for last in (False, True)
        for name, where, was, now, word in (
            ("applications of a district", '<td class="c"><bdi>中區', '"n">3<', '"n">4<', "中區"),
            ("awarded in a district", '<td class="c"><bdi>中區', "2,000</td>", "2,100</td>", "中區"),
            ("covered", '<td class="c"><bdi>中區', "<td>", "<td>x", "中區"),
            ("a district's name", '<td class="c"><bdi>中區', "中區", "北區", "中區"),
            ("eligible in all", "<tfoot>", '"n">6<', '"n">7<', "6"),
            ("a kind", "<section class=\"kinds\">", '"n">2<', '"n">3<', "2"),
            ("a category", "<section class=\"disadvantage\">", '"n">3<', '"n">5<', "3"),
            ("the badge", 'class="badge"', ">", ">x", "x"),
            ("the pool", '<dl class="figures-row">', "4,100", "4,200", "4,200"),
            ("what is left", '<dl class="figures-row">', "100<small>", "200<small>", "200"),
            ("eligible at the top", '<dl class="figures-row">', "6 ", "8 ", "8"),
            ("a rule's name", '<td class="c rule">', ">", ">x", "x"),
            ("a rule's figure", '<section class="rules">', "3,000", "4,000", "4,000"),
            ("a proof", '<section class="priorities appendix">', '"yes">', '"yes">x', "x"),
            ("the seed", '<section class="draw appendix">', "<code>", "<code>x", "x"),
        )
    },
    "what a priority reached": (after('data-head="實際結果"', ">3<", ">4<"), "4"),
    "what a priority reached in English": (after('data-head="Reached"', ">3<", ">4<"), "4"),
    # what is carried
    "the last rule dropped": (data(CARRIED, lambda c: c["rules"].pop()), "核給方式"),
    "a rule of another kind": (data(CARRIED, lambda c: put(c["rules"][-1], "kind", "x")), "x"),
    "no priority": (data(CARRIED, lambda c: c["priorities"].clear()), "無"),
    "priorities turned round": (data(CARRIED, lambda c: c["priorities"].reverse()), "區"),
    "an application of another school": (data(CARRIED, lambda c: put(of(c["applications"], "A3"), 1, 0)), "A3"),
    "a merit beyond measure": (data(CARRIED, lambda c: put(of(c["applications"], "A1"), 2, 10**18)), "A1"),
    "a contingency": (data(CARRIED, lambda c: put(c["page"], "contingency", 100)), "4,100"),
    "less money": (data(CARRIED, lambda c: put(c, "available", 4_000)), "4,000"),
    "a most of an application": (data(CARRIED, lambda c: put(of(c["applications"], "A5"), 4, 0)), "A5"),
    # what is named again
    "the section of a rule": (after('<section class="rules">', "捌二(5)", "捌二(6)"), "捌二(6)"),
    "the section of a priority": (after('<section class="priorities', "柒六(一)", "柒六(二)"), "柒六(二)"),
    "a row of the waiting list": (without("waiting"), "A"),
    "an amount of the waiting list": (after('<section class="waiting">', '"n">1,000</td></tr>', '"n">9,999</td></tr>'), "9,999"),
    "a row of the screening": (without("screening"), "A"),
    "a school in the screening": (after('<section class="screening">', "礫埕國小", "霏霖國小"), "霏霖國小"),
    # figures of rules that their sentences do not have
    "a rule's figure, carried": (data(CARRIED, lambda c: put(rule(c, "school_cap"), "amount", 50_000)), "50,000"),
    "a pass mark, carried": (data(CARRIED, lambda c: put(rule(c, "minimum_merit"), "points", [60, 1])), "60"),
    "the pool, carried": (data(CARRIED, lambda c: put(rule(c, "pool"), "amount", 999_000)), "999,000"),
    "a cap for some schools, carried": (
        data(CARRIED, lambda c: rule(c, "school_cap").update(column="district", over=5)), "行政區"),
    "the unit, carried": (data(CARRIED, lambda c: put(c, "unit", 50)), "50"),
    "not proved, carried": (data(CARRIED, lambda c: put(c["priorities"][0], "proved", False)), "證明"),
    "not drawn, carried": (data(CARRIED, lambda c: put(c, "settled", False)), "證明"),
    "a district, carried": (data(CARRIED, lambda c: put(c["columns"]["district"], 0, "x")), "x"),
    # what stands where it may not, or cannot be seen
    "a row hidden by its style": (in_row("<tr ", '<tr style="display:none" '), "1"),
    "a row hidden": (in_row("<tr ", "<tr hidden "), "1"),
    **{
        f"a row hidden by the styles: {style}": (after("</style>", "</style>", f".districts tbody tr{{{style}}}</style>"), "5")
        for style in ("display:none", "visibility:hidden", "opacity:0", "font-size:0")
    },
    "heads swapped": (after('class="list wide"', ">申請<", ">核定<"), "核定 | 核定"),
    "a section more": (after("<main>", "<main>", '<main><section class="late"><h2>x</h2></section>'), "late"),
    "a known section twice": (after("<main>", "<main>", '<main><section class="rules"><h2>x</h2></section>'), "rules"),
    "a heading more": (after("<main>", "</h2>", "</h2><h2>x</h2>"), "1"),
    "an application refused": (data(CARRIED, lambda c: put(of(c["page"]["rows"], "A1"), 6, "ineligible")), "A1"),
}  # fmt: skip


SHADE = "[data-is=pool]{font-size:0}[data-is=pool]::after{content:'91,000'}"
UNSAID: dict[str, tuple[Callable[[str], str], str]] = {  # edited, and the fingerprints left as they were
    **{
        f"a style: {style}": (after("</style>", "</style>", f"{style}</style>"), "樣式")
        for style in (SHADE, "tr{display:flex;flex-direction:row-reverse}", "*{color:transparent!important}",
                      "main p{clip-path:inset(100%)}")
    },
    "a font of another name": (after("<style>", "<style>", '<style>@font-face{font-family:"x";src:url(data:,)}'), "樣式"),
    "a style sheet more": (after("<main>", "<main>", f"<main><style>{SHADE}</style>"), "樣式"),
    "a style sheet behind the page": (after("</script>\n</body>", "</script>", f"</script><style>{SHADE}</style>"), "頁面"),
    "a body behind the page": (after("</body>", "</body>", '</body><body style="color:#fff">'), "頁面"),
    "a row that is seen through": (in_row("<tr ", '<tr style="opacity:0" '), "核定名單"),
    "labels of small screens": (after("--award:", "核定", "申請"), "核定名單"),
    "a class": (after('class="figures-row"', "figures-row", "no-row"), "頁首"),
    "the title": (after("<h1>", "測試計畫", "他計畫"), "頁首"),
    "a text in the foot": (after("<footer>", "<footer>", "<footer><p>x</p>"), "頁尾"),
    **{
        f"a text more under {heading}": (after(f'<section class="{name}', "</h2>", "</h2><p>x</p>"), f"「中文頁之{heading}」")
        for name, heading in (("disadvantage", "弱勢學校"), ("kinds", "社群類型與經費流向"), ("priorities", "優先順序與證明"))
    },
    "a reason": (data(LISTED, lambda c: put(c["parts"][0][0], 0, "x")), "名單所附"),
    **{
        f"{name}, carried": (data(CARRIED, change), "所附資料")
        for name, change in (
            ("a cut", lambda c: rule(c, "school_cap").update(cut=True)),
            ("what ties", lambda c: rule(c, "school_cap").update(ties=False)),
            ("a minimum", lambda c: rule(c, "members").update(minimum=2)),
            ("without", lambda c: rule(c, "school_cap").update(without=["A1"])),
        )
    },
}  # fmt: skip


POLICIES: dict[str, dict[str, Any]] = {  # figures as sentences may write them
    "shares": {"pool": {"amount": 5_000}, "clause": [
        {"kind": "quota", "column": "district", "for_each": True, "at_most": "67%"},
        {"kind": "quota", "column": "level", "value": "elementary", "at_most": "79.99%", "measure": "amount"},
    ]},
    "bands and decisions": {"award": {"mode": "partial", "least_share": "50%"}, "clause": [
        {"kind": "fixed", "fund": ["A3"], "refuse": ["A2"]}, {"kind": "school_cap", "amount": 6_000, "cut": True},
    ], "priority": [
        {"kind": "quota", "column": "level", "value": "elementary", "at_most": "33.33%", "measure": "amount"},
        {"kind": "merit", "form": "ranked"}, {"kind": "merit", "band": "1/3"}, {"kind": "evenness"},
    ]},
    "all but a little of the money": {"pool": {"amount": 4_001, "unit": 1}},
}  # fmt: skip


@pytest.mark.parametrize("name", POLICIES)
def test_no_sentence_of_an_unedited_page_is_called_wrong(browser: Any, name: str) -> None:
    for _, wrong in said(browser, render_report(small_allocation(**POLICIES[name]))):
        assert not wrong


def test_a_revised_list_is_right(browser: Any) -> None:
    for _, wrong in said(browser, render_report(revised(0)[2].allocation)):
        assert not wrong


def test_hostile_texts_have_the_fingerprints_that_were_made_of_them(browser: Any) -> None:
    case = small_case(plan={"title": '<!--letterhead-->/*fingerprints*/ a=""  b'})
    schools = case.records.schools.copy()
    texts = (
        "</script><svg><b>",
        "a\x01section\x02b\r\n c\x0bd\x85e\u2028f\u3000",
        "&amp;&copy &#65;",
        "]]>\xa0 '\"",
    )
    schools["name"] = [texts[n % len(texts)] for n in range(len(schools))]
    html = render_report(
        allocate(replace(case, records=replace(case.records, schools=schools))),
        head="<p>甲<br/><TABLE class=agency><tr><td>乙</td></tr></TABLE></p>",
    )
    said(browser, html)
    findings = "() => Array.from(document.querySelectorAll('.findings .no, .findings .yes'), (one) => one.textContent)"
    assert not [one for one in browser.evaluate(findings) if "與其指紋不符" in one]
    assert any("均與頁面所載之指紋相符" in one for one in browser.evaluate(findings))


@pytest.mark.parametrize("proved", [True, False])
def test_a_page_that_nobody_edited_is_right(browser: Any, page: str, proved: bool) -> None:
    html = page if proved else render_report(unproved(small_allocation()))
    for _, wrong in said(browser, html):
        assert not wrong


def test_every_edit_turns_red_and_is_named(browser: Any, page: str) -> None:
    passed = []
    for name, (edit, word) in EDITS.items():
        edited = edit(page)
        assert edited != page, name
        for verdict, wrong in said(browser, stamped(edited)):
            if verdict != "verdict no" or not any(word in line for line in wrong):
                passed.append((name, wrong))
    assert not passed


def test_what_nothing_else_holds_is_held_by_its_fingerprint(browser: Any, page: str) -> None:
    passed = []
    for name, (edit, word) in UNSAID.items():
        edited = edit(page)
        assert edited != page, name
        (verdict, wrong), _ = said(browser, edited)
        if verdict != "verdict no" or not any(word in line and "指紋" in line for line in wrong):
            passed.append((name, wrong))
    assert not passed


def test_the_check_names_what_was_checked_and_how_it_is_shown(browser: Any, page: str) -> None:
    said(browser, page)
    lines = browser.evaluate(
        "() => Array.from(document.querySelectorAll('.findings .yes'), (one) => one.textContent)"
    )
    assert any("每校合計至多 3,000 元" in line for line in lines)
    assert any("at most NT$3,000 in all for a school" in line for line in lines)
    edited = data(CARRIED, lambda c: put(rule(c, "school_cap"), "amount", 50_000))(page)
    said(browser, edited)
    colour = browser.evaluate("() => getComputedStyle(document.querySelector('.verdict.no')).color")
    assert colour == "rgb(176, 0, 32)"


@pytest.mark.parametrize(
    ("cell", "name"),
    [("td.award", "award"), (".school .sub", "place"), (".title", "title"), ("summary", "result")],
)
def test_what_is_seen_is_held_too(browser: Any, page: str, cell: str, name: str) -> None:
    edit = f"() => {{ document.querySelector('.face:not([hidden]) .list tbody tr {cell}').textContent = 'x'; }}"
    for verdict, wrong in said(browser, page, edit):
        assert verdict == "verdict no" and any("A1" in line and "x" in line for line in wrong), name


def test_what_is_not_proved_here_is_said_aloud(browser: Any, page: str) -> None:
    more = data(
        CARRIED, lambda c: put(c["priorities"][0], "gives_up", True)
    )  # nothing can be proved
    for verdict, wrong in said(browser, stamped(more(page))):
        assert verdict == "verdict unproved" and not wrong


def test_the_verdict_counts_each_kind_of_line_by_its_mark(browser: Any, page: str) -> None:
    stub = """() => { proof.check = async ({ priorities, rules }) => [
    ...priorities.map((of) => ({ what: "best", of, ok: null })), { what: "rule", of: rules[0], ok: null }]; }"""
    said(browser, page, stub)
    for face, counted in (
        (0, r"2 項相符，(\d+) 項未在此證明（橘字「!」），(\d+) 項無法在此核對（灰字「–」）。"),
        (
            1,
            r"2 hold, (\d+) not proved here \(in orange, !\), (\d+) cannot be judged here \(in grey, –\)\.",
        ),
    ):
        verdict, *lines = browser.evaluate(
            """(at) => { const face = document.querySelectorAll('.face')[at];
            return [face.querySelector('.verdict').textContent, ...['.unproved', '.unchecked'].map((one) =>
            face.querySelectorAll(`.findings ${one}`).length)]; }""",
            face,
        )
        found = re.search(counted, verdict)
        assert found and [int(one) for one in found.groups()] == lines and lines[1] == 1, verdict


@pytest.mark.parametrize(("settled", "said_so"), [(True, "未在此核算"), (False, "尚未決定")])
def test_of_a_draw_that_alone_is_left_nobody_says_that_a_list_may_be_better(
    browser: Any, page: str, settled: bool, said_so: str
) -> None:
    html = page if settled else render_report(unproved(small_allocation()))
    stub = """() => { proof.check = async ({ priorities }) => [
    ...priorities.map((of) => ({ what: "best", of, ok: true })), { what: "draw", ok: null, ways: 10 ** 6 }]; }"""
    said(browser, html, stub)
    zh, en = browser.evaluate(
        "() => Array.from(document.querySelectorAll('.verdict'), (one) => one.textContent)"
    )
    assert "沒有更好的名單；只有抽籤" in zh and said_so in zh and "可能有更好" not in zh
    assert "no list is better; only the draw" in en and "may be" not in en


def test_a_hidden_row_is_said_to_be_of_its_own_table(browser: Any, page: str) -> None:
    hide = after('<section class="districts">', "<tbody>\n<tr", '<tbody>\n<tr style="opacity:0"')
    (_, zh), (_, en) = said(browser, stamped(hide(page)))
    assert [line.partition("：")[0] for line in zh] == ["「各行政區」之隱藏之列數"]
    assert [line.partition(":")[0] for line in en] == ['"Districts", hidden rows']


def test_codes_are_said_in_words(browser: Any) -> None:
    quota = {"kind": "quota", "column": "level", "value": "elementary", "at_least": 1}
    html = render_report(allocate(small_case(clause=[quota])))
    least = data(CARRIED, lambda c: rule(c, "quota").update(value="junior_high", at_least=99))
    other = data(CARRIED, lambda c: put(of(c["page"]["rows"], "A1"), 6, "ineligible"))
    wrong = [line for _, lines in said(browser, stamped(other(least(html)))) for line in lines]
    assert any("國中 1" in line for line in wrong) and any(
        "junior high 1" in line for line in wrong
    )
    assert not [line for line in wrong if re.search("junior_high|not_funded", line)]


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("A1", "not_funded", ["結果為「未獲補助」，核定金額為 2,000 元", '"not funded", its award NT$2,000']),
        ("A8", "funded", ["結果為「獲補助」，卻不在符合資格", '"funded", and it is not among the eligible']),
    ],
)  # fmt: skip
def test_carried_results_that_contradict_what_is_carried_are_named(
    browser: Any, page: str, name: str, status: str, words: list[str]
) -> None:
    edited = data(CARRIED, lambda c: put(of(c["page"]["rows"], name), 6, status))(page)
    for (_, wrong), word in zip(said(browser, stamped(edited)), words, strict=True):
        assert any(name in line and word in line for line in wrong), wrong
        assert not any("?" in line for line in wrong)
