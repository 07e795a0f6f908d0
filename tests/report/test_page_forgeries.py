"""What a forger draws, moves or lays over a page, its texts and fingerprints left: the page's own checker names the part."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from helpers.browser import needs_browser
from helpers.edited_pages import after, said, stamped
from helpers.results import small_allocation

from optimizer.report.drawings import embedded
from optimizer.report.page import render_report

pytestmark = [needs_browser, pytest.mark.slow]
FIGURE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="80pt" viewBox="0 0 80 20">
<defs><path id="a" d="M 0 0 L 9 9"/><path id="b" d="M 0 9 L 9 0"/><clipPath id="c"><rect width="80" height="20"/></clipPath></defs>
<g clip-path="url(#c)"><use xlink:href="#a" x="5"/><use xlink:href="#b" x="20"/></g></svg>"""
HEAD = '<div class="letterhead"><p class="agency">金門縣政府 &amp; 教育處</p><p><img src="data:image/png;base64,AA==" alt="徽章"></p></div>'
PARTS = "() => Array.from(fingerprints.parts)"
GREY = (
    "() => Array.from(document.querySelectorAll('.findings .unchecked'), (one) => one.textContent)"
)
OVER = "position:absolute;z-index:9;left:0;top:0;width:900px;height:900px;background:#fff"


def rendered(head: str = "") -> str:
    """Return a report with figures, without its font, which is half of it."""
    figures: Any = {
        lang: {name: embedded(FIGURE, f"{name}-{lang[:2]}", "圖") for name in ("scores", "map")}
        for lang in ("zh-TW", "en")
    }
    return stamped(
        re.sub(r"@font-face\{.*?\}", "", render_report(small_allocation(), figures, head=head))
    )


@pytest.fixture(scope="module")
def page() -> str:
    """Return a report."""
    return rendered()


@pytest.fixture(scope="module")
def headed() -> str:
    """Return a report with a bureau's own head."""
    return rendered(HEAD)


def instead(text: str) -> str:
    """Draw another number where one was, and keep its text where nobody sees it."""
    return f'<svg width="0" height="0"><text>{text}</text></svg><svg width="9" height="9"><path d="M 0 0 L 9 9"/></svg>'


def drawn(where: str, text: str) -> Callable[[str], str]:
    """Draw another text, the first behind a place."""
    return after(where, text, instead(text))


def shadow(mode: str, where: str) -> Callable[[str], str]:
    """Put another tree in the shadow of an element."""
    return after(where, where, f'{where}<template shadowrootmode="{mode}">91,000</template>')


def swapped(html: str) -> str:
    """Let two sections change places."""
    return re.sub(
        r'(<section class="kinds">.*?</section>)(\s*)(<section class="rules">.*?</section>)',
        r"\3\2\1",
        html,
        count=1,
        flags=re.DOTALL,
    )


def above(html: str, place: str = "<header>\n") -> Callable[[str], str]:
    """Put something above, as a bureau's head."""
    return after(place, place, f"{place}<!--letterhead-->{html}<!--/letterhead-->")


FORGED: dict[str, tuple[Callable[[str], str], str]] = {
    # another number is drawn, and the text stays
    "a figure at the top": (drawn('data-is="spent">', "4,000"), "頁首"),
    "a sum of a district": (drawn('<section class="districts">', "2,000"), "各行政區"),
    "a sentence of a rule": (drawn('<section class="rules">', "3,000"), "適用規則"),
    "the badge": (drawn('<strong class="badge">', "最佳"), "頁首"),
    "an award": (drawn('class="n award">', "2,000"), "核定名單"),
    "a text of a drawing that nobody sees": (after('class="n award">', "2,000", '<svg><text display="none">2,000</text></svg>'), "核定名單"),
    # something is laid over the page
    "a drawing over rows": (after('<section class="awards">', "\n", f'\n<svg style="{OVER}"><rect width="9" height="9"/></svg>'), "核定名單"),
    "a figure of the page over rows": (after('<section class="scores">', "width:100%;", f"{OVER};"), "分數與結果"),
    "a figure in front of the page": (after("<main>", "<main>", f'<svg style="{OVER}"/><main>'), "頁面架構"),
    # figures
    "a glyph": (after('<section class="scores">', "M 0 0 L 9 9", "M 0 1 L 9 9"), "分數與結果"),
    "glyphs changed about": (after('<section class="scores">', 'href="#scores-zh-a"', 'href="#scores-zh-b"'), "分數與結果"),
    "where a bar stands": (after('<section class="districts">', 'x="20"', 'x="10"'), "各行政區"),
    # a head that no bureau has put there
    "a head": (above("<p>甲</p>"), "頁首"),
    "a head over the page": (above(f'<div style="{OVER}">甲</div>'), "頁首"),
    "a head behind the badge": (above("<p>甲</p>", '<dl class="figures-row">'), "頁首"),
    "a head in a section": (above("<p>甲</p>", '<section class="rules">\n'), "適用規則"),
    "a head without end": (after("<header>", "\n", "\n<!--letterhead--><p>甲</p><!--x-->"), "頁首"),
    # places
    "sections that change places": (swapped, "頁面架構"),
    "a row that goes up": (after('class="list wide"', "</tr>", "</tr></tbody><tbody>"), "核定名單"),
    "an end that comes later": (after('<p class="kicker">', "</p>\n", "\n</p>"), "頁首"),
    "a space that joins words": (after('<p class="kicker">', " · ", "·"), "頁首"),
    "no kind of document": (after("<!DOCTYPE html>", "<!DOCTYPE html>", ""), "頁面架構"),
    "a font": (after("<style>", "<style>", '<style>@font-face{font-family:"Report";src:url(data:font/woff;base64,AA==)}'), "樣式"),
    # what is in the shadow of an element is seen in place of it
    **{f"a {mode} shadow of {where}": (shadow(mode, where), part)
       for mode in ("open", "closed")
       for where, part in (('<span data-is="pool">', "頁首"), ('<section class="rules">', "適用規則"), ("<main>", "頁面架構"))},
}  # fmt: skip
HEADED: dict[str, Callable[[str], str]] = {
    "a style": after('<p class="agency">', '<p class="agency">', f'<p class="agency" style="{OVER}">'),
    "a class of the page": after('<p class="agency">', "agency", "list"),
    "a drawing": after("教育處", "教育處", "<svg><text>教育處</text></svg>"),
    "an element": after("教育處", "教育處", "<button>教育處</button>"),
    "a picture from elsewhere": after("data:image/png;base64,AA==", "data:image/png;base64,AA==", "data:image/svg+xml;base64,AA=="),
    "a shadow": after('<div class="letterhead">', '<div class="letterhead">', '<div class="letterhead"><template shadowrootmode="closed">x</template>'),
    "one half alone": after("金門縣", "金門縣", "澎湖縣"),
    "a head that is later": lambda html: html.replace("<header>\n<!--letterhead-->", "<header>\n<p></p><!--letterhead-->"),
    "two heads": lambda html: html.replace("<!--/letterhead-->", "<!--/letterhead--><!--letterhead--><p>x</p><!--/letterhead-->"),
    "no head": lambda html: re.sub("<!--letterhead-->.*?<!--/letterhead-->", "", html),
}  # fmt: skip


def missed(browser: Any, html: str, edited: str, part: str) -> list[Any]:
    """Return what is said of a forged page, unless it names the part in red, in both languages."""
    assert edited != html
    found = said(browser, edited)
    right = all(verdict == "verdict no" for verdict, _ in found)
    named = any(part in line and "指紋" in line for line in found[0][1])
    return [] if right and named else found


def test_every_forgery_is_told(browser: Any, page: str) -> None:
    passed = {
        name: missed(browser, page, edit(page), part) for name, (edit, part) in FORGED.items()
    }
    assert not {name: found for name, found in passed.items() if found}


def test_a_bureaus_head_may_say_anything_and_do_nothing(browser: Any, headed: str) -> None:
    passed = {name: missed(browser, headed, edit(headed), "頁首") for name, edit in HEADED.items()}
    assert not {name: found for name, found in passed.items() if found}


def test_a_bureaus_head_is_quoted_as_held_by_nothing(browser: Any, headed: str) -> None:
    other = headed.replace("金門縣政府", "澎湖縣政府")
    for html, name in ((headed, "金門縣政府"), (other, "澎湖縣政府")):
        for verdict, wrong in said(browser, html):
            assert verdict == "verdict yes" and not wrong
        told = [line for line in browser.evaluate(GREY) if name in line]
        assert [f"「{name} & 教育處 徽章」" in told[0], f'"{name} & 教育處 徽章"' in told[1]] == [
            True,
            True,
        ]


def test_a_page_without_a_head_says_nothing_of_one(browser: Any, page: str) -> None:
    for verdict, wrong in said(browser, page):
        assert verdict == "verdict yes" and not wrong
    assert not [one for one in browser.evaluate(GREY) if "自訂之頁首" in one or "put above" in one]


def test_a_second_check_finds_what_the_first_found(browser: Any, page: str) -> None:
    again = "() => Promise.all([fingerprints.check(), fingerprints.check()])"
    for html, count in ((page, 0), (shadow("closed", '<span data-is="pool">')(page), 1)):
        said(browser, html)
        found = browser.evaluate(again)
        assert [sum(one["ok"] is False for one in some) for some in found] == [count, count]


def test_both_sides_write_a_page_in_the_same_form(
    browser: Any, headed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(browser, headed)
    written: dict[str, str] = dict(browser.evaluate(PARTS))

    class Kept:
        """Stands for a hash, and says of what."""

        def __init__(self, data: bytes) -> None:
            self.data = data

        def hexdigest(self) -> str:
            return self.data.decode()

    monkeypatch.setattr("optimizer.report.fingerprints.hashlib.sha256", Kept)
    from optimizer.report.fingerprints import fingerprints

    assert fingerprints(headed) == written
