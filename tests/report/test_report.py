"""The report: what it says, that it needs nothing else, and that no text becomes markup."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from xml.etree import ElementTree

import pytest
from helpers.results import GOLDEN, small_allocation, small_case, unproved
from helpers.rounds import make_case
from hypothesis import given, settings, strategies as st

from optimizer.case.case import read_case
from optimizer.explain.reasons import reasons
from optimizer.language.text import LANGUAGES, Language
from optimizer.language.words import figure
from optimizer.pipe import allocate
from optimizer.report import view as view_module, write_result
from optimizer.report.drawings import embedded
from optimizer.report.listed import Compact, Listed, schools_of
from optimizer.report.page import render_report
from optimizer.report.sheet_page import PageHead, render_sheets
from optimizer.report.view import View, replay
from optimizer.result.allocation import Allocation
from optimizer.result.headline import say_draw
from optimizer.workbooks.sheet import CellKind, Sheet, SheetColumn

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="72pt" height="36pt" viewBox="0 0 72 36"><metadata/><defs><style>*{fill:red}</style>'
    '<path id="p"/><clipPath id="c"/></defs><!-- text --><g clip-path="url(#c)">'
    '<use xlink:href="#p" style="fill: url(#c)"/></g></svg>'
)


class Page(HTMLParser):
    """The tags, ids and visible words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.parts: list[str] = []
        self.hidden = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.ids += [value or "" for key, value in attrs if key == "id"]
        self.attributes += [(tag, key, value or "") for key, value in attrs]
        self.hidden += tag in ("style", "script")
        if tag in ("p", "h1", "h2", "h3", "tr", "dt", "dd", "li", "div", "section", "pre"):
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" | ")
        elif tag in ("span", "small"):
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)

    @property
    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self.parts).splitlines())
        return "\n".join(line for line in lines if line)


def face(page: str, language: str) -> str:
    """Return the half of a report in one language."""
    halves = page.split('<div class="face" lang="')[1:]
    tag = "zh-Hant-TW" if language == "zh-TW" else "en"
    [half] = [half for half in halves if half.startswith(tag)]
    return f'<div lang="{half}'.partition('<script type="application/json"')[0]


@pytest.fixture(scope="module")
def allocation() -> Allocation:
    return small_allocation()


@pytest.fixture(scope="module")
def page(allocation: Allocation) -> str:
    return render_report(allocation)


@pytest.fixture(scope="module")
def whole(example: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    target = tmp_path_factory.mktemp("report") / "out"
    write_result(allocate(read_case(example)), target, parts=["figures", "report"])
    return (target / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("language", "name"), [("zh-TW", "report.zh.txt"), ("en", "report.en.txt")]
)
def test_the_report_reads_as_agreed(allocation: Allocation, language: Any, name: str) -> None:
    text = Page(face(render_report(allocation.in_language(language)), language)).text
    said = text[: text.index("subsidy-optimizer")].rsplit("\n", 1)[0] + "\n"
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(said, "utf-8")
    assert said == path.read_text("utf-8")


def test_the_same_allocation_gives_the_same_page(allocation: Allocation, page: str) -> None:
    assert render_report(small_allocation()) == page


def test_the_page_asks_for_nothing_from_outside(whole: str) -> None:
    parsed = Page(whole)
    allowed = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")
    for _, key, value in parsed.attributes:
        if key.startswith("xmlns"):
            assert value in allowed
        else:
            assert "//" not in value, (key, value)
    assert not parsed.tags["link"] and not parsed.tags["img"] and not parsed.tags["iframe"]
    assert re.findall(r"url\((?!#|data:font/woff;base64,)", whole) == []
    assert "@import" not in whole


def test_only_the_one_script_may_run(whole: str) -> None:
    parsed = Page(whole)
    (policy,) = [v for tag, key, v in parsed.attributes if tag == "meta" and "default-src" in v]
    (script,) = re.findall(r"<script>(.*?)</script>", whole, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy and "img-src data:;" in policy
    assert not [key for _, key, _ in parsed.attributes if key.startswith("on")]


def test_figures_share_no_id_and_have_words(whole: str) -> None:
    parsed = Page(whole)
    assert [name for name, count in Counter(parsed.ids).items() if count > 1] == []
    assert parsed.tags["svg"] >= 8 and parsed.tags["title"] == parsed.tags["svg"] + 1
    assert "<style" not in whole.split("</style>", 1)[1]
    for target in re.findall(r'(?:xlink:href|aria-labelledby)="#?([^"]+)"', whole):
        assert target in set(parsed.ids), target


def test_every_section_can_be_reached(page: str) -> None:
    parsed = Page(page)
    targets = [v[1:] for tag, key, v in parsed.attributes if (tag, key) == ("a", "href")]
    assert targets and set(targets) <= set(parsed.ids)
    assert parsed.tags["h1"] == 2 and parsed.tags["h2"] == len(targets)


@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_every_character_has_its_shape_in_the_page(allocation: Allocation, language: Any) -> None:
    import io

    from fontTools.ttLib import TTFont

    page = render_report(allocation.in_language(language))
    (data,) = re.findall(r"data:font/woff;base64,([^)]*)\)", page)
    font = TTFont(io.BytesIO(base64.b64decode(data)))
    assert {c for c in Page(page).text if ord(c) > 32} <= set(map(chr, font.getBestCmap()))


def test_language_of_the_page(allocation: Allocation, page: str) -> None:
    """Both halves are there; without any script the result's own is the one that shows."""
    english = render_report(allocation.in_language("en"))
    assert '<html lang="zh-Hant-TW">' in page and '<html lang="en">' in english
    shown = r'<div class="face" lang="([^"]*)" data-title="[^"]*"( hidden)?>'
    assert re.findall(shown, page) == [("zh-Hant-TW", ""), ("en", " hidden")]
    assert re.findall(shown, english) == [("en", ""), ("zh-Hant-TW", " hidden")]


@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_a_half_is_the_same_whichever_language_comes_first(
    allocation: Allocation, language: str
) -> None:
    """But for the rows of the list, which stand ready in the first one alone."""
    rows = re.compile(r"<tr class=\"[^\"]*\" data-id.*?</tr>\n", re.DOTALL)
    both = [render_report(allocation.in_language(one)) for one in LANGUAGES]
    left, right = (rows.sub("", face(page, language)) for page in both)
    assert [line.replace(" hidden", "").strip() for line in left.split("\n") if line.strip()] == [
        line.replace(" hidden", "").strip() for line in right.split("\n") if line.strip()
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_that_were_taken_apart_are_put_together_again(
    allocation: Allocation, language: Language
) -> None:
    lines = Listed(allocation).lines()
    carried = Compact().of(lines, schools_of(allocation))
    number = LANGUAGES.index(language)
    for line, row in zip(lines, carried["rows"], strict=True):
        assert carried["results"][row[9]][number] == line.result.say(language)
        for note, (part, *figures) in zip(line.notes, row[10], strict=True):
            between, said = carried["parts"][part][number], figures[-1 if number else 0].split(" ")
            put = between[0] + "".join(map("".join, zip(said, between[1:], strict=False)))
            assert put == note.say(language)


def test_who_got_nothing_hears_what_the_facts_say_would_have_helped(
    allocation: Allocation,
) -> None:
    notes = {line.application_id: line.notes for line in Listed(allocation).lines()}
    waits = allocation.waitlist.set_index("application_id")
    reasons_ = allocation.awards.set_index("application_id")["reason"]
    for one, said in notes.items():
        assert said[0].zh == reasons_[one]
        if one in waits.index:
            assert said[-1].zh == waits["condition"][one]
        else:
            assert len(said) == 1
    forced = allocation.passed_over.set_index("application_id")["forced_by"]
    assert len(forced) and all(notes[one][1].zh == text for one, text in forced.items())


def test_nothing_is_called_optimal_that_is_not_proved(allocation: Allocation) -> None:
    for language in ("zh-TW", "en"):
        text = Page(face(render_report(unproved(allocation)), language)).text
        assert "最佳" not in text and not re.search(r"\boptim(al|um|a)\b", text, re.IGNORECASE)
        assert ("可行，尚未證明" if language == "zh-TW" else "Feasible, not proved") in text
        assert ("差距 2.33" if language == "zh-TW" else "gap 2.33") in text


def test_a_proved_result_says_how(allocation: Allocation, page: str) -> None:
    text = Page(page).text
    assert "最佳，已證明" in text and "整數動態規劃" in text
    assert "Optimal, and proved" in Page(face(page, "en")).text


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
MARKUP = st.one_of(
    TEXT,
    st.builds("<script>{}</script>".format, TEXT),
    st.builds('"><img src=x onerror={}>'.format, TEXT),
    st.just("</style><b>&amp;{{ a }}{% for %}"),
    st.just("/*font*/"),
)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(title=MARKUP, name=MARKUP, district=MARKUP)
def test_no_text_becomes_markup(title: str, name: str, district: str) -> None:
    case = small_case(plan={"title": title})
    applications, schools = case.records.applications.copy(), case.records.schools.copy()
    applications["title"] = [f"{title} {number}" for number in range(len(applications))]
    schools["name"] = name
    schools.loc[0, "district"] = district or "區"
    records = replace(case.records, applications=applications, schools=schools)
    hostile = Page(render_report(allocate(replace(case, records=records))))
    plain_case = small_case(plan={"title": "x"})
    calm = Page(render_report(allocate(plain_case)))
    assert (
        hostile.tags["script"] == calm.tags["script"] == 4
    )  # what it carries, thrice, and its own
    assert not hostile.tags["img"] and not hostile.tags["b"]
    assert {k for _, k, _ in hostile.attributes} <= {k for _, k, _ in calm.attributes}
    assert abs(hostile.tags.total() - calm.tags.total()) < 12  # where a district moves in order


def test_a_long_list_is_cut_and_says_so(
    allocation: Allocation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_module, "MOST_AWARDS", 3)
    text = Page(render_report(allocation)).text
    assert "僅列審查分數最高之 3 件；全部 9 件見 awards.csv" in text
    shown = re.findall(r'<tr class="[^"]*" data-id="([^"]*)"', render_report(allocation))
    assert shown == ["A1", "A2", "A3"]


def test_the_draw_can_be_replayed_with_a_few_lines(allocation: Allocation, tmp_path: Path) -> None:
    seed = "種子 \"'\\ {x}"
    drawn = small_allocation(draw={"seed": seed})
    write_result(drawn, tmp_path / "out", parts=[])
    code = replay(seed)
    assert len(code.splitlines()) == 5
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=tmp_path / "out",
        capture_output=True,
        text=True,
        check=True,
    )
    ids = drawn.scored.round.ids
    assert done.stdout.split() == [ids[int(a)] for a in drawn.draw_order]


def test_a_drawn_result_names_what_the_draw_decided(page: str) -> None:
    text = Page(page).text
    assert "條件相同之 2 件由抽籤決定" in text
    assert "A3 | 未獲補助 | 50.0%" in text


def test_what_the_draw_decided_is_said_as_it_is() -> None:
    """Nothing, who is funded, or the amounts alone: two get 3,000 between them in several ways."""
    assert "was not needed" in say_draw(small_allocation(pool={"amount": 90_000})).en
    assert "2 applications" in say_draw(small_allocation()).en
    rows = [
        {"application_id": a, "school_id": a, "merit": 80, "requested": 2_000} for a in ("A1", "A2")
    ]
    shared = allocate(
        make_case(
            rows,
            pool={"amount": 3_000, "unit": 100},
            award={"mode": "partial", "least_share": "50%"},
            priority=[{"kind": "merit"}, {"kind": "amount"}],
        )
    )
    assert shared.certainty == ("every", "every")
    assert "不因抽籤而異" in say_draw(shared).zh and "未動用" not in say_draw(shared).zh


def test_a_decision_by_hand_names_what_is_not_on_record() -> None:
    by_hand = small_allocation(clause=[{"kind": "fixed", "fund": ["A4"], "refuse": ["A1"]}])
    said = [reason.text.zh for reason in reasons(by_hand) if reason.code == "fixed"]
    assert len(said) == 2
    assert all("（未載明決定者與理由）" in one for one in said)


def test_reviewers_are_compared_where_there_are_reviews(whole: str, page: str) -> None:
    for said in ("審查委員一致性</h2>", "Agreement of reviewers</h2>"):
        assert said in whole and said not in page


def test_a_round_without_anything_to_give(tmp_path: Path) -> None:
    empty = small_allocation(pool={"amount": 0}, priority=[])
    text = Page(render_report(empty)).text
    assert "計畫未訂優先順序" in text
    write_result(empty, tmp_path / "out", parts=["workbooks", "report"])


def test_a_round_in_which_nobody_is_eligible() -> None:
    nobody = small_allocation(review={"minimum_merit": 99})
    for language in ("zh-TW", "en"):
        html = render_report(nobody.in_language(language))
        assert "候補名單</h2>" not in html and "Waiting list</h2>" not in html


def test_a_figure_becomes_an_element_of_its_own() -> None:
    element = embedded(SVG, "one", "words & more")
    root = ElementTree.fromstring(element)
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert ids == ["one-title", "one-p", "one-c"]
    assert "<style" not in element and "metadata" not in element and "<!--" not in element
    assert 'href="#one-p"' in element and element.count("url(#one-c)") == 2
    assert "words &amp; more" in element and "width:100%;max-width:90pt" in element


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        ("590000", "590,000"),
        ("130861/6", "21,810.17"),
        ("5/2", "2.5"),
        ("1/3000", "0.0003"),
        ("90071992547409931/3", "30,023,997,515,803,310.33"),
        ("-780", "-780"),
        ("0", "0"),
    ],
)
def test_numbers_are_readable(exact: str, shown: str) -> None:
    assert figure(Fraction(exact)) == shown


def test_several_sentences_of_a_row_stand_below_it_so_that_a_page_holds_them() -> None:
    kinds = [CellKind.TEXT, CellKind.LONG, CellKind.LONG]
    columns = tuple(SheetColumn(kind, f"head {n}", 20) for n, kind in enumerate(kinds))
    sheet = Sheet("moves", columns, (("who", "before", "after"),))
    page = render_sheets(PageHead("", "", ""), [(sheet, "")], [], "en")
    assert '<td colspan="1"><div><span class="soft">head 1: </span><bdi>before</bdi>' in page
    assert '<th scope="col">head 0</th></tr>' in page and 'class="wide"' in page
    many = Sheet("figures", 9 * (SheetColumn(CellKind.MONEY, "head", 20),), (9 * (1,),))
    assert 'class="wide many"' in render_sheets(PageHead("", "", ""), [(many, "")], [], "en")


def test_all_of_the_money_is_said_to_be_spent_only_where_it_is() -> None:
    spent = SimpleNamespace(spent=589_800, available=590_000)
    assert View.used(cast(Any, SimpleNamespace(allocation=spent))) == "99.9"
    spent.spent = 590_000
    assert View.used(cast(Any, SimpleNamespace(allocation=spent))) == "100.0"


def test_the_way_of_a_bound_is_not_said_to_prove_what_is_not_proved() -> None:
    view = View(small_allocation().in_language("en"), [], [])
    row = {"by": "counting", "again": "", "proved": False, "bound_exact": "5"}
    assert view.how(row) == "the bound by counting"
    assert view.how({**row, "proved": True}) == "counting"
    assert view.how({**row, "bound_exact": ""}) == ""
