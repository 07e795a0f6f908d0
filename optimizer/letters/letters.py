"""Writing the letters of a round and the telephone sheet, all of them or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from optimizer.case.asked import asked_for
from optimizer.explain.explanation import Explanation
from optimizer.language.text import Language, Text
from optimizer.letters.as_data import explanations_as_data
from optimizer.letters.content import Particulars
from optimizer.letters.file_names import file_names
from optimizer.letters.odt import check_styles, write_odt
from optimizer.letters.telephone import telephone_csv, telephone_sheet
from optimizer.problems.arguments import checked
from optimizer.problems.errors import UsageError
from optimizer.report.folder import SUMMARY, check_target, files_of, new_folder, summary_of
from optimizer.report.summary import outputs, summary_bytes
from optimizer.result.allocation import Allocation
from optimizer.stationery.bureau import read_bureau
from optimizer.stationery.sandbox import Templates
from optimizer.stationery.sources import STYLES, bureau_folder, templates_of


@checked
def write_letters(
    allocation: Allocation,
    explanations: Sequence[Explanation],
    folder: str | Path,
    templates: str | Path | None = None,
    language: Language | None = None,
    unchanged: bool = False,
) -> list[Path]:
    """Write a decision letter for each application, and the telephone sheet, into a folder.

    ``letters/A001.html`` and ``letters/A001.odt`` say the same: 核定通知, 未獲補助通知 or 不符資格通知, in
    the form of a 函. ``telephone.csv``, ``.ods`` and ``.xlsx`` have one line an application, for the
    official who is called. ``summary.json`` holds the explanations as data. After a revision a letter
    says what it changes of the earlier decision, and goes to those alone whose decision changed.

    Parameters
    ----------
    allocation
        The certified result.
    explanations
        What is said of each application that is to have a letter.
    folder
        Where to write. It may be missing, empty, or hold an earlier result of the same kind, which is replaced.
    templates
        A bureau's own templates, as `copy_templates` makes them; ours, unless given.
    language
        Of the letters and the sheet; the allocation's, unless given.
    unchanged
        Whether those whom a revision left as they were get a letter, too.

    Returns
    -------
    list of Path
        Every file written, in the order of their names.

    Raises
    ------
    UsageError
        If an argument is not what it should be, or the folder cannot be written to.
    PolicyError
        If bureau.toml cannot be used.
    TemplateError
        If a template is wrong, with its name and line.

    Examples
    --------
    >>> allocation = allocate(case)
    >>> written = write_letters(allocation, [allocation.explain("A002")], "letters")
    >>> [path.name for path in written if path.parent.name == "letters"][:2]
    ['A002.html', 'A002.odt']
    """
    spoken = language or allocation.language
    asked_for(allocation.case, [one.application_id for one in explanations])
    place, own = Path(folder), None if templates is None else Path(templates)
    check_templates(own, spoken)
    check_letters(place, revised=any(one.earlier for one in explanations))
    writer = Writer(allocation, own, spoken)
    letters = list(writer.letters(one for one in explanations if unchanged or due(one)))
    with new_folder(place, "explanations") as made:
        (made / "letters").mkdir()
        for letter in letters:
            (made / "letters" / f"{letter.name}.html").write_bytes(letter.page.encode())
            (made / "letters" / f"{letter.name}.odt").write_bytes(writer.odt(letter))
        _write_sheets(allocation, explanations, made, spoken)
        document = explanations_as_data(allocation, explanations, spoken)
        content = summary_bytes({**document, "outputs": outputs(made)})
        (made / SUMMARY).write_bytes(content)
    return files_of(place)


def check_letters(folder: Path, revised: bool) -> None:
    """Refuse a folder that letters may not replace: of something else, or, by first letters, of a revision.

    Raises
    ------
    UsageError
        With what stands in the way.
    """
    check_target(folder, "explanations")
    if revised or not (folder / SUMMARY).exists():
        return
    if any("earlier" in one for one in summary_of(folder).get("explanations", ())):
        raise UsageError(
            Text(
                f"{folder} 內是修正後之通知函，為免遺失，不以原名單之通知函覆蓋。請改用另一個資料夾；"
                "如係說明修正後之名單，請加 --result。",
                f"{folder} holds the letters of a revision, which letters of a first list do not replace. "
                "Name another folder; to explain the revised list, add --result.",
            )
        )


def due(explanation: Explanation) -> bool:
    """Return whether a decision is to be told: every first one, and what a revision changed."""
    return explanation.earlier is None or explanation.earlier.changed


def check_templates(folder: Path | None, language: Language) -> None:
    """Refuse templates that are wrong in form, before anything takes time.

    Raises
    ------
    PolicyError
        If bureau.toml cannot be used.
    TemplateError
        If a template is wrong, with its name and line.
    """
    read_bureau(bureau_folder(folder), language)
    check_styles(templates_of(folder).texts[STYLES])


@dataclass(frozen=True)
class Letter:
    """One letter as a page: the name of its file, and its HTML."""

    name: str
    title: str
    page: str


@dataclass(frozen=True)
class Writer:
    """What makes letters of explanations; templates are looked at when they are first needed."""

    allocation: Allocation
    folder: Path | None
    language: Language

    @cached_property
    def templates(self) -> Templates:
        """The templates, ours where the bureau has none of its own."""
        return templates_of(self.folder)

    def letters(self, chosen: Iterable[Explanation]) -> Iterator[Letter]:
        """Yield the letter of each explanation."""
        explanations = list(chosen)
        bureau = read_bureau(bureau_folder(self.folder), self.language)
        particulars = Particulars(self.allocation, bureau, self.language)
        names = file_names(one.application_id for one in explanations)
        for name, one in zip(names, explanations, strict=True):
            data = particulars.of(one)
            kind = "revised" if one.earlier or data["withdrawn"] else one.status
            page = self.templates.render(f"{self.language}/{kind}.html", data)
            yield Letter(name, _title(data), page)

    def odt(self, letter: Letter) -> bytes:
        """Return a letter as an OpenDocument text."""
        return write_odt(letter.page, self.templates.texts[STYLES], letter.title)


def _title(data: Mapping[str, Any]) -> str:
    application = data["application"]
    return f"{application['id']} {application['title']}"


def _write_sheets(
    allocation: Allocation, explanations: Sequence[Explanation], folder: Path, language: Language
) -> None:
    from optimizer.workbooks.ods import write_ods
    from optimizer.workbooks.xlsx import write_xlsx

    sheet = telephone_sheet(allocation, explanations, language)
    (folder / "telephone.csv").write_bytes(telephone_csv(sheet))
    write_xlsx([sheet], folder / "telephone.xlsx", allocation.title)
    write_ods([sheet], folder / "telephone.ods")
