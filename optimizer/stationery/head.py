"""The head of report.html and of the printed record from a bureau's templates: its logo, its name, its words.

A head of a page is a few paragraphs, a table, a picture. What else HTML can do (run, load, hide, send, swallow
the page behind it) is refused, so that whatever stands in it, the report below is the program's.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path

from optimizer.language.text import Language, Text, year_of
from optimizer.problems.errors import CaseError, Problem, defect
from optimizer.reading.files import Source, load
from optimizer.stationery.bureau import FILE, read_bureau
from optimizer.stationery.sources import HEAD, OURS, bureau_folder, templates_of, theirs
from optimizer.stationery.unusable import unusable
from optimizer.tables.settings import Plan

MOST_LOGO = 200_000  # bytes
MOST_HEAD = 20_000  # characters, the logo apart
LOGOS = {  # how they begin, and what they are
    "logo.png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "logo.jpg": (b"\xff\xd8\xff", "image/jpeg"),
}
_MARK = "data:logo"  # stands for the logo while the head is looked at
_VOID = ("br", "hr", "img")
_TAGS = frozenset(
    ("div", "p", "h2", "h3", "span", "strong", "b", "em", "i", "u", "ul", "ol", "li", "small",
     "table", "thead", "tbody", "tr", "th", "td", *_VOID)
)  # fmt: skip
_CLASSES = frozenset(("letterhead", "agency", "centre", "right"))
_ATTRIBUTES = frozenset(("lang", "alt", "colspan", "rowspan", "scope"))


@dataclass(frozen=True)
class Head:
    """What a bureau puts above a result.

    Parameters
    ----------
    html
        The head of report.html.
    agency, signature
        Who decides, and the office that signs; empty where the bureau has not filled them in.
    logo
        The picture, if there is one: the name of its file, and its bytes.
    sources
        The files that it was made of.
    """

    html: str
    agency: str
    signature: str
    logo: tuple[str, bytes] | None
    sources: tuple[Source, ...]


def report_head(folder: Path, plan: Plan, language: Language) -> Head:
    """Return the head of a report and of a record.

    Parameters
    ----------
    folder
        A bureau's templates, as `copy_templates` makes them: ``zh-TW/report_head.html`` (ours, where
        it has none), ``bureau.toml``, and ``logo.png`` or ``logo.jpg``.
    plan
        What the round is called, and its year.
    language
        Of the report.

    Raises
    ------
    PolicyError
        If bureau.toml cannot be used.
    TemplateError
        If a template or the logo is wrong, or does what no head may.
    """
    templates = templates_of(folder)
    name, logo = f"{language}/{HEAD}.html", _logo(folder)
    bureau = read_bureau(bureau_folder(folder), language)
    said = {"title": plan.title, "year": year_of(plan.year).say(language) if plan.year else ""}
    mark = _MARK if logo else ""
    html = templates.render(name, {"bureau": bureau.words, "plan": said, "logo": mark})
    problems = _Harmless.problems(name, html)
    if len(html) > MOST_HEAD:
        most = Text(f"至多 {MOST_HEAD:,} 字", f"at most {MOST_HEAD:,} characters")
        problems.append(defect("too_large", _TOO_LONG, expected=most, file=name))
    if problems:
        raise unusable(problems)
    shown = html.replace(f'src="{_MARK}"', f'src="{_address(*logo)}"') if logo else html
    filled = bureau.agency != read_bureau(OURS, language).agency
    named = (bureau.agency, bureau.signature) if filled else ("", "")
    return Head(shown, *named, logo=logo, sources=_sources(folder))


_TOO_LONG = Text("報告首頁太長", "makes too long a head of the report")


def _sources(folder: Path) -> tuple[Source, ...]:
    names = [*theirs(folder), *(n for n in (FILE, *LOGOS) if (folder / n).is_file())]
    return tuple(Source.of(name, load(folder / name)) for name in sorted(names))


def _address(name: str, data: bytes) -> str:
    """Return a logo as an address that holds it."""
    return f"data:{LOGOS[name][1]};base64,{base64.b64encode(data).decode()}"


def _logo(folder: Path) -> tuple[str, bytes] | None:
    """Return the name of the logo and its bytes, if there is one."""
    name = next((n for n in LOGOS if (folder / n).is_symlink() or (folder / n).exists()), "")
    if not name:
        return None
    try:
        data = load(folder / name)
    except CaseError as error:
        raise unusable([replace(problem, file=name) for problem in error.problems]) from None
    begins, _ = LOGOS[name]
    if not data.startswith(begins):
        message = Text("內容不是這種圖檔", "does not hold a picture of this kind")
        expected = Text("PNG 或 JPEG", "PNG or JPEG")
        raise unusable([defect("bad_value", message, expected=expected, file=name)])
    if len(data) > MOST_LOGO:
        most = Text(f"至多 {MOST_LOGO // 1000} kB", f"at most {MOST_LOGO // 1000} kB")
        message = Text("圖檔太大", "is too large a picture")
        raise unusable([defect("too_large", message, expected=most, file=name)])
    return name, data


class _Harmless(HTMLParser):
    """Finds in a page what no head may hold, and what it leaves open."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self._file, self._open = file, list[str]()
        self._found = dict[str, Problem]()

    @classmethod
    def problems(cls, file: str, html: str) -> list[Problem]:
        """Return everything that is wrong with a head."""
        reader = cls(file)
        reader.feed(html)
        if "<" in reader.rawdata:  # a tag that nothing ends
            reader._refuse(reader.rawdata[:40])
        reader.close()
        for tag in reader._open:
            reader._add(f"<{tag}>", Text("沒有結束標記", "is not ended"))
        return list(reader._found.values())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element."""
        if tag not in _TAGS:
            self._refuse(f"<{tag}>")
        elif tag not in _VOID:
            self._open.append(tag)
        for name, value in attrs:
            known = name in _ATTRIBUTES or (tag, name, value) == ("img", "src", _MARK)
            if not known and not (name == "class" and {*(value or "").split()} <= _CLASSES):
                self._refuse(f"<{tag} {name}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element that ends itself: browsers take it for open, unless it is void."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Take an element off those that are open."""
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self._add(f"</{tag}>", Text("多餘或次序有誤", "ends what is not the last that is open"))

    def handle_comment(self, data: str) -> None:
        """Refuse a comment."""
        self._refuse("<!-- -->")

    def handle_decl(self, decl: str) -> None:
        """Refuse a declaration."""
        self._refuse("<!>")

    def unknown_decl(self, data: str) -> None:
        """Refuse anything like it."""
        self._refuse("<![ ]>")

    def handle_pi(self, data: str) -> None:
        """Refuse an instruction."""
        self._refuse("<?>")

    def _refuse(self, what: str) -> None:
        self._add(
            what, Text("報告首頁不可有此標記", "is nothing that the head of a report may hold")
        )

    def _add(self, what: str, message: Text) -> None:
        problem = defect("template", message, expected=_ALLOWED, file=self._file, value=what)
        self._found.setdefault(what, problem)


_ALLOWED = Text(
    '段落、表格、清單、粗斜體，及 <img src="{{ logo }}">',
    'paragraphs, tables, lists, bold and italic, and <img src="{{ logo }}">',
)
