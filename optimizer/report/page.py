"""The report as one page that needs nothing else: no network, no font, no other file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from optimizer.language.fonts import webfont
from optimizer.language.text import Text, money
from optimizer.language.words import figure
from optimizer.report.annex import Annex
from optimizer.report.check_words import words
from optimizer.report.evidence import as_json, carried_columns, evidence
from optimizer.report.labels import FACTS
from optimizer.report.result_columns import column_of
from optimizer.report.summary import MadeBy
from optimizer.report.view import MOST_AWARDS, MOST_PASSED_OVER, MOST_REMARKS, MOST_WAITING, View
from optimizer.result.dtypes import rounded
from optimizer.result.headline import say_draw, under_premise

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation

_TEMPLATES = Path(__file__).with_name("templates")
_FONT = "/*font*/"


def render_report(
    allocation: Allocation,
    figures: Iterable[str] = (),
    made_by: MadeBy | None = None,
    annex: Annex | None = None,
    head: str = "",
) -> str:
    """Return the whole report as HTML, in the allocation's language.

    Parameters
    ----------
    allocation
        The certified result.
    figures
        Elements to be shown as they are, as `optimizer.report.drawings` makes them.
    made_by
        The versions to be named at its end; those here, unless given.
    annex
        What else is to be told of the result, before all tables.
    head
        HTML to begin with, as `optimizer.stationery.head` makes it.
    """
    language = allocation.language
    named = made_by or MadeBy.here()
    script = "\n".join(asset(name) for name in ("proof.js", "check.js", "report.js"))
    page = (
        environment()
        .get_template("report.html")
        .render(
            a=allocation,
            view=View(allocation),
            summary=allocation.summary,
            under=under_premise(allocation.premise),
            lot=say_draw(allocation).say(language),
            t=lambda zh, en: Text(zh, en).say(language),
            head=lambda name: column_of(name).words.say(language),
            fact=lambda name: FACTS[name].say(language),
            annex=annex,
            letterhead=Markup(head),
            evidence=Markup(as_json({**evidence(allocation), "words": words(language)})),
            carried=carried_columns(allocation),
            figures=[Markup(figure) for figure in figures],
            css=Markup(asset("report.css")),
            script=Markup(script),
            script_hash=_hash(script),
            versions=named.versions,
            program_version=named.program,
            most={
                "awards": MOST_AWARDS,
                "waiting": MOST_WAITING,
                "passed": MOST_PASSED_OVER,
                "remarks": MOST_REMARKS,
            },
        )
    )
    return with_font(page)


def with_font(page: str) -> str:
    """Return a page with a font that has its characters."""
    return page.replace(_FONT, _font_face(page), 1)


class Pages(Environment):
    """Templates that look among the cells of a row before they ask for an attribute, as they mostly find one there."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return the cell of a row, or the attribute of anything else."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


@cache
def environment() -> Environment:
    """Return what renders the pages of this room."""
    made = Pages(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        optimized=False,  # folding constants takes longer than they do, on one page
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.tests["whole"] = lambda value: isinstance(value, int)
    made.filters["money"] = lambda value: money(int(value))
    made.filters["points"] = lambda value: "–" if value != value else f"{value:.2f}"
    made.filters["signed"] = lambda value: "–" if value != value else f"{value:+.2f}"
    made.filters["number"] = lambda value: figure(Fraction(value))
    made.filters["rounded"] = rounded
    return made


@cache
def asset(name: str) -> str:
    """Return a style sheet or a script."""
    return (_TEMPLATES / name).read_text("utf-8")


def _hash(script: str) -> str:
    """Return the hash by which the page's own policy lets this one script run."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _font_face(page: str) -> str:
    data = base64.b64encode(webfont(page)).decode()
    return (
        f"@font-face{{font-family:\"Report\";src:url(data:font/woff;base64,{data}) format('woff')}}"
    )
