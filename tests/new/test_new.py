"""What ``subsidy new`` writes: it must be read again, in every format and both languages."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.dom import minidom

import openpyxl
import pytest
from odf.element import Element
from odf.opendocument import load
from odf.table import ContentValidation, ErrorMessage, TableCell

from optimizer.case.case import read_case
from optimizer.clauses import registry
from optimizer.language.text import LANGUAGES, Language
from optimizer.new import FORMATS, Format, new_case
from optimizer.new.forms import Form, empty_forms, example_forms
from optimizer.pipe import allocate
from optimizer.policy.policy import read_policy
from optimizer.policy.problems import PLACEHOLDER
from optimizer.problems.errors import CaseError, PolicyError, UsageError
from optimizer.tables.schema import Kind

EVERY = [(format, language) for format in FORMATS for language in LANGUAGES]


@pytest.mark.parametrize(("format", "language"), EVERY)
def test_an_empty_case_reads_but_for_its_missing_rows(
    tmp_path: Path, format: Format, language: Language
) -> None:
    files = new_case(tmp_path / "case", format=format, language=language)
    names = [path.name for path in files]
    tables = ["applications", "budget_lines", "meetings", "reviews", "schools"]
    if format == "csv":
        assert sorted(names) == sorted([*(f"{table}.csv" for table in tables), "policy.toml"])
    else:
        assert names == [f"case.{format}", "policy.toml"]
    with pytest.raises(PolicyError) as first:
        read_case(tmp_path / "case")
    assert [p.code for p in first.value.problems] == ["placeholder_seed", *["no_rows"] * 3]
    _sow(tmp_path / "case")
    with pytest.raises(CaseError) as error:
        read_case(tmp_path / "case")
    assert [problem.code for problem in error.value.problems] == ["no_rows"] * 3


@pytest.mark.parametrize(("format", "language"), EVERY)
def test_the_example_is_the_same_round_in_every_format_and_language(
    tmp_path: Path, format: Format, language: Language
) -> None:
    new_case(tmp_path / "plain", example=True, format="csv", language="en")
    new_case(tmp_path / "case", example=True, format=format, language=language)
    plain, other = read_case(tmp_path / "plain"), read_case(tmp_path / "case")
    assert plain.records.reviews == other.records.reviews
    for table in ("schools", "applications", "budget_lines", "meetings"):
        one, two = getattr(plain.records, table), getattr(other.records, table)
        assert one.equals(two[one.columns]), table
    assert (tmp_path / "case" / "scenarios.toml").exists()


def test_the_example_can_be_allocated(tmp_path: Path) -> None:
    new_case(tmp_path / "case", example=True)
    assert allocate(read_case(tmp_path / "case")).status == "optimal"


def test_the_policy_is_valid_and_mentions_the_rules_of_the_plan(tmp_path: Path) -> None:
    new_case(tmp_path / "case")
    _sow(tmp_path / "case")
    policy = read_policy(tmp_path / "case" / "policy.toml")
    text = (tmp_path / "case" / "policy.toml").read_text("utf-8")
    assert policy.settings.pool.amount == 900_000
    assert policy.settings.draw.seed
    kinds = {kind for _, kind in registry()}
    mentioned = {kind for kind in kinds if f'kind = "{kind}"' in text}
    assert {"programme", "members", "meetings", "school_cap", "quota", "fixed"} <= mentioned
    assert {rule.kind for rule in policy.priorities} <= mentioned


def test_every_line_that_is_commented_out_is_valid_too(tmp_path: Path) -> None:
    """Take the # away from every line that holds a key or a rule: it is still a policy."""
    new_case(tmp_path / "case")
    _sow(tmp_path / "case")
    path = tmp_path / "case" / "policy.toml"
    lines = path.read_text("utf-8").splitlines()
    opened = [_opened(line) for line in lines]
    assert opened != lines
    path.write_text("\n".join(opened), encoding="utf-8")
    kinds = [clause.kind for clause in read_policy(path).clauses]
    assert {"deadline", "prior_outcome", "budget_lines", "quota", "fixed"} <= set(kinds)


def _sow(case: Path) -> None:
    """Write a seed of one's own, as the template asks."""
    path = case / "policy.toml"
    text = path.read_text("utf-8")
    assert PLACEHOLDER in text
    path.write_text(text.replace(PLACEHOLDER, "103 學年度第一次公開抽籤"), encoding="utf-8")


def _opened(line: str) -> str:
    bare = line.removeprefix("# ").removeprefix("# ")
    is_key = bare.split(" ")[0].isidentifier() and bare.split(" ")[1:2] == ["="]
    return bare if line.startswith("# ") and (is_key or bare.startswith("[[")) else line


def test_both_languages_stand_in_the_policy(tmp_path: Path) -> None:
    new_case(tmp_path / "case")
    text = (tmp_path / "case" / "policy.toml").read_text("utf-8")
    assert "補助期間" in text
    assert "funded period" in text


@pytest.mark.parametrize("example", [False, True])
@pytest.mark.parametrize(("format", "language"), EVERY)
def test_the_bytes_are_always_the_same(
    tmp_path: Path, format: Format, language: Language, example: bool
) -> None:
    one = new_case(tmp_path / "one", example, format, language)
    two = new_case(tmp_path / "two", example, format, language)
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError):
        new_case(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError):
        new_case(tmp_path / "file")
    with pytest.raises(UsageError):
        new_case(tmp_path / "file" / "below")


def test_an_empty_working_folder_is_filled_and_stays_the_same_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "case").mkdir()
    before = (tmp_path / "case").stat().st_ino
    monkeypatch.chdir(tmp_path / "case")
    new_case(Path())
    assert list(tmp_path.iterdir()) == [tmp_path / "case"]
    assert (tmp_path / "case").stat().st_ino == before


def test_nothing_is_left_behind_if_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(form: Form) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("optimizer.new.case_folder.to_csv", fail)
    with pytest.raises(UsageError, match="no space"):
        new_case(tmp_path / "case")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError):
        new_case(tmp_path / "empty")
    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]


# ---- what the workbooks hold --------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_xlsx_has_lists_notes_and_codes_as_text(tmp_path: Path, language: Language) -> None:
    new_case(tmp_path / "case", format="xlsx", language=language)
    book = openpyxl.load_workbook(tmp_path / "case" / "case.xlsx")
    forms = empty_forms(language).forms
    assert book.sheetnames == [form.title for form in forms]
    for form in forms:
        sheet = book[form.title]
        assert [cell.value for cell in sheet[1]] == form.headers
        assert all(cell.comment is not None for cell in sheet[1])
        assert sheet.freeze_panes == "A2"
        lists = {
            str(rule.sqref).split("2:")[0]: rule.formula1
            for rule in sheet.data_validations.dataValidation
            if rule.type == "list"
        }
        for at, column in enumerate(form.columns):
            letter = openpyxl.utils.get_column_letter(at + 1)
            if column.kind in (Kind.CHOICE, Kind.YES_NO):
                assert lists[letter] == f'"{",".join(form.choices(column))}"'
    schools = book[forms[0].title]
    assert schools.column_dimensions["A"].width > 10


def test_xlsx_keeps_leading_zeros_and_roc_dates_as_they_are_typed(tmp_path: Path) -> None:
    """The columns are formatted as text, which is what stops Excel from guessing."""
    new_case(tmp_path / "case", format="xlsx")
    with zipfile.ZipFile(tmp_path / "case" / "case.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    columns = minidom.parseString(sheet).getElementsByTagName("col")
    formats = minidom.parseString(styles).getElementsByTagName("cellXfs")[0].childNodes
    first = formats[int(columns[0].getAttribute("style"))]
    assert first.getAttribute("numFmtId") == "49"  # text


@pytest.mark.parametrize("language", LANGUAGES)
def test_ods_has_lists_and_notes(tmp_path: Path, language: Language) -> None:
    new_case(tmp_path / "case", format="ods", language=language)
    document = load(tmp_path / "case" / "case.ods")
    rules = {
        rule.getAttribute("name"): rule.getAttribute("condition")
        for rule in document.getElementsByType(ContentValidation)
    }
    used = {
        cell.getAttribute("contentvalidationname") for cell in document.getElementsByType(TableCell)
    }
    assert used - {None} == set(rules)
    for form in empty_forms(language).forms:
        for column, header in zip(form.columns, form.headers, strict=True):
            if column.kind in (Kind.CHOICE, Kind.YES_NO):
                rule = rules[f"{form.title}.{header}"]
                assert all(f'"{choice}"' in rule for choice in form.choices(column))
    with zipfile.ZipFile(tmp_path / "case" / "case.ods") as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert b"<office:annotation>" in archive.read("content.xml")


def test_both_workbooks_accept_the_same_and_keep_the_header_in_view(tmp_path: Path) -> None:
    new_case(tmp_path / "xlsx", format="xlsx", language="en")
    new_case(tmp_path / "ods", format="ods", language="en")
    book = openpyxl.load_workbook(tmp_path / "xlsx" / "case.xlsx")
    in_excel = [
        (rule.type, rule.formula1.strip('"').split(","), rule.errorStyle or "stop")
        for sheet in book
        for rule in sheet.data_validations.dataValidation
    ]
    rules = load(tmp_path / "ods" / "case.ods").getElementsByType(ContentValidation)
    assert in_excel == [_in_words_of_excel(rule) for rule in rules]
    with zipfile.ZipFile(tmp_path / "ods" / "case.ods") as archive:
        content, view = (archive.read(name).decode() for name in ("content.xml", "settings.xml"))
    assert 'xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"' in content
    assert view.count('"VerticalSplitPosition" config:type="int">1<') == len(book.sheetnames)


def _in_words_of_excel(rule: Element) -> tuple[str, list[str], str]:
    condition = rule.getAttribute("condition")
    style = rule.getElementsByType(ErrorMessage)[0].getAttribute("messagetype")
    if "is-whole-number" in condition:
        return "whole", ["0"], style
    return "list", re.findall('"([^"]*)"', condition), style


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_a_note_in_one_language(language: Language) -> None:
    for form in (*empty_forms(language).forms, *example_forms(language).forms):
        for column, header in zip(form.columns, form.headers, strict=True):
            note = form.note(column)
            assert header
            assert note
            if language == "zh-TW":
                assert "filled in" not in note
            else:
                assert "填" not in note.replace("“recused”", "")
