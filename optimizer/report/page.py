"""The report as one page that needs nothing else: no network, no font, no other file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from optimizer.clauses.grouped import Grouped
from optimizer.foundation.escaping import unsteered
from optimizer.language.fonts import webfont
from optimizer.language.text import EMPTY, LANGUAGES, Language, Text, money, year_of
from optimizer.language.words import figure
from optimizer.report.annex import Annex
from optimizer.report.carried_page import badge, carried_page
from optimizer.report.check_words import FAILED, words
from optimizer.report.compiled_templates import CompiledTemplates
from optimizer.report.evidence import as_json, columns_read, evidence
from optimizer.report.fingerprints import with_fingerprints
from optimizer.report.labels import BADGES, BLANK, FACTS, SECTIONS
from optimizer.report.listed import AwardRow, Compact, Listed, SchoolCells, schools_of
from optimizer.report.result_columns import column_of
from optimizer.report.summary import MadeBy
from optimizer.report.view import (
    FEW,
    MOST_AWARDS,
    MOST_PASSED_OVER,
    MOST_REMARKS,
    MOST_WAITING,
    View,
)
from optimizer.result.dtypes import rounded
from optimizer.result.headline import say_draw, under_premise
from optimizer.tables.case_words import code_of, column_term, term

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation

_TEMPLATES = Path(__file__).with_name("templates")
_FONT = "/*font*/"
PROOF = ("proof_rules.js", "proof_goals.js", "proof_levels.js", "proof_table.js", "proof.js")
_SCRIPTS = ("fingerprints.js", *PROOF, "shown.js", "list.js", "check.js", "report.js")
Figures = Mapping[Language, Mapping[str, str]]


def render_report(
    allocation: Allocation,
    figures: Figures | None = None,
    made_by: MadeBy | None = None,
    annex: Annex | None = None,
    head: str = "",
) -> str:
    """Return the whole report as HTML, in both languages; the allocation's own is shown first.

    Parameters
    ----------
    allocation
        The certified result.
    figures
        For each language its elements by the names of their figures, to be shown as they are, as
        `optimizer.report.drawings.figures_of` makes them.
    made_by
        The versions to be named at its end; those here, unless given.
    annex
        What else is to be told of the result, before all tables.
    head
        HTML to begin with, as `optimizer.stationery.head` makes it.
    """
    first = allocation.language
    lines, schools = Listed(allocation).lines(), schools_of(allocation)
    faces = [allocation.in_language(one) for one in sorted(LANGUAGES, key=lambda one: one != first)]
    page = carried_page(allocation, lines, schools, View(allocation, lines, schools))
    found = evidence(allocation)
    called = _called(allocation, found["columns"].values()) | words()
    carried = {**found, "page": page, "words": called}
    script = "\n".join(asset(name) for name in _SCRIPTS)
    bodies = [
        Markup(
            _body(
                face,
                first,
                lines,
                schools,
                figures=(figures or {}).get(face.language, {}),
                made_by=made_by,
                annex=annex,
                letterhead=head,
            )
        )
        for face in faces
    ]
    html = (
        environment()
        .get_template("report.html")
        .render(
            a=allocation,
            bodies=bodies,
            t=lambda zh, en: Text(zh, en).say(first),
            evidence=Markup(as_json(carried)),
            listed=Markup(as_json(Compact().of(lines, schools))),
            css=Markup(asset("report.css")),
            script=Markup(script),
            script_hash=_hash(script),
        )
    )
    return with_fingerprints(with_font(html))


def _called(allocation: Allocation, columns: Iterable[Sequence[Any]]) -> dict[str, list[str]]:
    """Return what the check calls columns that rules read, their values, and codes in carried columns."""
    rules = [rule for rule in allocation.case.policy.rules if isinstance(rule, Grouped)]
    values = {code_of(str(v)) for rule in rules for v in rule.values(allocation.case.records)}
    values |= {code_of(str(rule.value)) for rule in rules if rule.value}
    cells = {
        code
        for column in columns
        for cell in column
        for code in ([cell] if isinstance(cell, str) else cell)
    }
    values |= {code for code in cells if term(code) != Text(code, code)}
    called = {f"value_{value}": term(value) for value in sorted(values)}
    called |= {f"column_{name}": column_term(name) for name in columns_read(allocation)}
    return {code: [said.zh, said.en] for code, said in called.items()}


def _unseen(allocation: Allocation) -> Text:
    """Say which columns the rules read are carried alone, so that no page can be held against them."""
    names = [column_term(name) for name in columns_read(allocation) if name != "district"]
    if not names:
        return EMPTY
    zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
    return Text(
        f"規則用到的下列欄位只依所附資料計算，未與頁面核對：{zh}。",
        f"These columns that rules read are taken as they are carried and not held against the page: {en}. ",
    )


def _body(
    face: Allocation,
    first: Language,
    lines: Sequence[AwardRow],
    schools: Sequence[SchoolCells],
    figures: Mapping[str, str],
    made_by: MadeBy | None,
    annex: Annex | None,
    letterhead: str,
) -> str:
    """Return all that is to be read, in one language."""
    language, named = face.language, made_by or MadeBy.here()
    settings = face.case.policy.settings
    view = View(face, lines, schools)
    return (
        environment()
        .get_template("body.html")
        .render(
            a=face,
            tag=language[:2],
            first=first[:2],
            few=FEW,
            failed=FAILED.say(language),
            view=view,
            summary=face.summary,
            under=under_premise(face.premise),
            badge=badge(face),
            badge_said=BADGES[badge(face)].say(language),
            blank=lambda name: BLANK[name].say(language),
            lot=say_draw(face).say(language),
            t=lambda zh, en: Text(zh, en).say(language),
            heading=lambda name: SECTIONS[name].say(language),
            head=lambda name: column_of(name).words.say(language),
            fact=lambda name: FACTS[name].say(language),
            annex=annex and annex.in_language(language),
            letterhead=Markup(letterhead),
            carried=[column_term(name) for name in columns_read(face)],
            unseen=_unseen(face),
            unit=settings.pool.unit,
            year=year_of(settings.plan.year).say(language) if settings.plan.year else "",
            figures={name: Markup(figure) for name, figure in figures.items()},
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


def _for_reading(value: Any) -> Any:
    """Leave out of a text the marks that turn the direction of writing, as all that is read does; not of markup."""
    return unsteered(value) if type(value) is str else value


@cache
def environment() -> Environment:
    """Return what renders the pages of this room."""
    maker = MadeBy.here().versions["jinja2"].encode() + Path(__file__).read_bytes()
    made = Pages(
        loader=CompiledTemplates(_TEMPLATES, maker),
        autoescape=True,
        optimized=False,  # folding constants takes longer than they do, on one page
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_for_reading,
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
