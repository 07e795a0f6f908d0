"""Figures as part of a page: one SVG file becomes one element that disturbs nothing around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from optimizer.language.text import Language, Text

_UNSEEN = [  # by readers of a page
    re.compile(pattern, re.DOTALL)
    for pattern in (r"<!--.*?-->\n?", "<metadata(?:/>|.*?</metadata>)", "<style(?:/>|.*?</style>)")
]
_NAMES = (' id="', ' href="#', ':href="#', "url(#")  # where one begins
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_PLACES = re.compile(r' (?:d|x|y|points)="[^"]*"')
_LONG = re.compile(r"(\.\d\d)\d+")

ALTERNATIVES: dict[str, Text] = {
    "map": Text(
        "各行政區獲補助與申請件數之地圖；數字見各區一覽。",
        "A map of the districts, funded of applied; the figures are in the table of districts.",
    ),
    "scores": Text(
        "各符合資格申請案依審查分數排列，標示是否補助，並列出未獲補助之最高五件；數字見核定名單。",
        "Every eligible application by merit, funded or not, the five best that got nothing by name; "
        "the figures are in the list of awards.",
    ),
    "districts": Text(
        "各行政區之申請、符合資格與補助件數；數字見各區一覽。",
        "Applications, eligible and funded, by district; the figures are in the table of districts.",
    ),
    "disadvantage": Text(
        "各弱勢類別學校之申請、符合資格與獲補助之件數及比率。",
        "Applied, eligible and funded by category of disadvantage: counts and shares.",
    ),
    "pool": Text(
        "經費流向，由總額至餘額，依學制與社群類型。",
        "Where the pool went, by level and type, from the whole to what is left.",
    ),
    "compare": Text(
        "各情境的九項指標；數字見「並列比較」。",
        "The nine measures of each scenario; the figures are under “Side by side”.",
    ),
    "lists": Text(
        "各情境之名單，依審查分數排列。", "The list of each scenario, in the order of merit."
    ),
    "rules": Text(
        "各規則不適用時新獲補助與不再獲補助的件數；數字見「各規則之代價」。",
        "Who would be in and out without each rule; the figures are under “The price of each rule”.",
    ),
    "pools": Text(
        "各經費總額下的獲補助件數；數字見「各經費總額」。",
        "How many are funded at every pool; the figures are under “Other pools”.",
    ),
    "frontier": Text(
        "優先順序之取捨；數字見同名表格。",
        "What priorities cost each other; the figures are in the table of that name.",
    ),
    "equity": Text(
        "經費分布：羅倫茲曲線與每生核定金額；數字見 equity.csv。",
        "Who gets the money: Lorenz curves and NT$ for each student; the figures are in equity.csv.",
    ),
}


def read_figures(folder: Path, language: Language) -> Iterator[str]:
    """Yield every figure of a folder as an element for a page, those that are known first."""
    yield from figures_of(folder, language).values()


def figures_of(folder: Path, language: Language) -> dict[str, str]:
    """Return every figure of a folder by its name, as `read_figures` yields them."""
    order = {name: number for number, name in enumerate(ALTERNATIVES)}
    paths = sorted(folder.glob("*.svg"), key=lambda path: (order.get(path.stem, 99), path.stem))
    found = {}
    for path in paths:
        words = ALTERNATIVES.get(path.stem, Text(path.stem, path.stem)).say(language)
        found[path.stem] = embedded(path.read_text("utf-8"), f"{path.stem}-{language[:2]}", words)
    return found


def embedded(svg: str, name: str, alternative: str) -> str:
    """Return an SVG of ours as an element: unique ids, no style of its own, words for who cannot see it."""
    drawing = svg[svg.index("<svg") :].rstrip()
    for unseen in _UNSEEN:
        drawing = unseen.sub("", drawing)
    root, _, rest = drawing.partition(">")
    told = dict(_ATTRIBUTE.findall(root))
    told.pop("height", None)
    told["style"] = f"width:100%;max-width:{_widest(told.pop('width', ''))}"
    told |= {"role": "img", "aria-labelledby": f"{name}-title"}
    begin = "".join(f' {key}="{value}"' for key, value in told.items())
    title = f'<title id="{name}-title">{escape(alternative)}</title>'
    for names in _NAMES:
        rest = rest.replace(names, f"{names}{name}-")
    rest = _PLACES.sub(lambda found: _LONG.sub(r"\1", found[0]), rest)  # a hundredth is enough
    return f"<svg{begin}>{title}{rest}"


def _widest(width: str) -> str:
    """Return how wide a figure may become: the page, and its letters hardly larger than the text."""
    points = re.fullmatch(r"(\d+(?:\.\d+)?)pt", width)
    return f"{1.25 * float(points[1]):.0f}pt" if points else "100%"
