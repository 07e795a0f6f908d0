"""What ``subsidy new`` writes: it must be read again, in every format and both languages."""

from __future__ import annotations

import csv
import json
import re
import runpy
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.dom import minidom

import openpyxl
import pytest
from helpers.commands import run
from helpers.places import ROOT
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
from optimizer.tables.schema import Kind, case_tables

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
    named = re.findall(r"\w+\.(?:toml|csv)", text)
    assert not [name for name in named if not (tmp_path / "case" / name).exists()]


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


# ---- from a policy that there is ----------------------------------------------------------------

COUNTY = ROOT / "data/coastal-county"
REVIEWERS = ("委員甲", "委員乙", "委員丙")


def filled(case: Path, language: Language, reviewers: Sequence[str]) -> None:
    """Write the county's rows under the headers of an empty case in CSV."""
    for path in sorted(case.glob("*.csv")):
        key, _, name = path.stem.partition(" ")
        source = COUNTY / f"{key}.csv"
        if not source.exists():
            path.unlink()  # budget lines and meetings, which the county has none of
            continue
        with source.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        table = next(t for t in case_tables(CRITERIA_OF_COUNTY) if t.key == key)
        headers = next(csv.reader([path.read_text("utf-8-sig").splitlines()[0]]))
        found = [table.find(header) for header in headers]
        lines = [
            [row.get(column.key if column else header, "") for column, header in zip(found, headers, strict=True)]
            for row in rows
            if not name or row["reviewer"] == name
        ]  # fmt: skip
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)


CRITERIA_OF_COUNTY = ("課程需求", "共備設計", "成員參與", "成果分享", "經費編列")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reviewers", [(), REVIEWERS], ids=["one", "each"])
def test_forms_of_a_policy_take_its_round(
    tmp_path: Path, language: Language, reviewers: Sequence[str]
) -> None:
    """Filled in with the county's rows, they are the county's case."""
    case = tmp_path / "case"
    new_case(case, language=language, policy=COUNTY / "policy.toml", reviewers=reviewers)
    assert (case / "policy.toml").read_bytes() == (COUNTY / "policy.toml").read_bytes()
    filled(case, language, reviewers)
    ours, county = read_case(case), read_case(COUNTY)
    assert ours.records.reviews == county.records.reviews
    for name in ("schools", "applications"):
        one, two = getattr(ours.records, name), getattr(county.records, name)
        assert two.drop(columns="row").equals(one[two.columns].drop(columns="row")), name


@pytest.mark.parametrize("format", ["xlsx", "ods"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_of_a_policy_begins_with_instructions(
    tmp_path: Path, format: Format, language: Language
) -> None:
    case = tmp_path / "case"
    new_case(case, False, format, language, policy=COUNTY / "policy.toml", reviewers=["甲", "乙"])
    with pytest.raises(CaseError) as error:
        read_case(case)  # read as it is, but for its missing rows; the instructions are no table
    assert {problem.code for problem in error.value.problems} == {"no_rows"}
    if format == "ods":
        return
    book = openpyxl.load_workbook(case / "case.xlsx")
    first, *_ = book.sheetnames
    said = [[str(cell.value or "") for cell in row] for row in book[first].iter_rows()]
    sentences = {rule.sentence().say(language) for rule in read_policy(case / "policy.toml").rules}
    assert sentences <= {row[3] for row in said}
    named = "評分{}" if language == "zh-TW" else "reviews {}"
    needed = {(row[0], row[1]) for row in said if row[2] in ("必填", "yes")}
    size = {"zh-TW": ("學校", "學生數"), "en": ("schools", "students")}[language]
    assert size in needed  # the caps go by it
    assert needed >= {(named.format("甲"), criterion) for criterion in CRITERIA_OF_COUNTY}
    blue = {
        (sheet.title, str(cell.value)) for sheet in book for cell in sheet[1]
        if cell.fill.fgColor.rgb == "FFDDEBF7"
    }  # fmt: skip
    assert blue == {pair for pair in needed if pair[0] in book.sheetnames}  # as the sheet says
    members = {"zh-TW": ("申請", "成員人數"), "en": ("applications", "members")}[language]
    assert members in needed  # a rule refuses a blank
    assert "114/2/1" in " ".join(row[3] for row in said)  # a day of the plan's own year
    assert not {"經費", "活動", "budget_lines", "meetings"} & set(
        book.sheetnames
    )  # no rule reads them
    assert {named.format("甲"), named.format("乙")} <= set(book.sheetnames)
    marks = book[named.format("甲")]
    assert [cell.value for cell in marks[1]][1:] == list(CRITERIA_OF_COUNTY)
    assert "25" in marks["B1"].comment.text
    lists = {
        str(rule.sqref)[0]: rule.formula1
        for rule in book[said[4][0]].data_validations.dataValidation
        if rule.type == "list"
    }
    assert "海口鎮" in lists["C"]
    assert all(sheet.page_setup.orientation == "landscape" for sheet in book)
    assert all(sheet.print_title_rows == "$1:$1" for sheet in book)


def test_columns_and_values_that_a_policy_names_are_in_its_forms(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(
        """
[pool]
amount = 1_000
[draw]
seed = "x"
[[clause]]
kind = "quota"
column = "theme"
value = "海洋"
at_least = 1
[[clause]]
kind = "quota"
name = "people"
measure = "audience"
at_least = 1
[[priority]]
kind = "disadvantage"
weights = { "原住民重點" = 2, remote = 1 }
""",
        encoding="utf-8",
    )
    new_case(tmp_path / "case", policy=tmp_path / "policy.toml", language="en", format="xlsx")
    book = openpyxl.load_workbook(tmp_path / "case" / "case.xlsx")
    assert "reviews" not in book.sheetnames  # no criteria: scores are settled elsewhere
    headers = [cell.value for cell in book["applications"][1]]
    assert headers[-3:] == ["merit", "theme", "audience"]
    theme = book["applications"].cell(1, len(headers) - 1)
    assert "海洋" in theme.comment.text and "any other value is right" in theme.comment.text
    lists = book["applications"].data_validations.dataValidation
    assert not any(theme.column_letter in str(list_.sqref) for list_ in lists)
    note = next(c for c in book["schools"][1] if c.value == "disadvantage").comment.text
    assert "原住民重點" in note
    assert "extreme_remote" not in note


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_of_the_policy_s_own_are_said_to_be_that(
    tmp_path: Path, language: Language
) -> None:
    """A slip (town for district) would else be a column that officials fill in."""
    policy = tmp_path / "policy.toml"
    policy.write_text(
        """
[pool]
amount = 1_000
[draw]
seed = "x"
[[priority]]
kind = "coverage"
column = "town"
[[clause]]
kind = "quota"
column = "theme"
value = "海洋"
at_least = 1
[[clause]]
kind = "quota"
name = "people"
column = "district"
for_each = true
measure = "audience"
at_least = 1
""",
        encoding="utf-8",
    )
    made = run("new", tmp_path / "x", "--policy", policy, "--format", "xlsx", "--lang", language)
    said = {
        line.split(":" if language == "en" else "：")[0].strip(): line
        for line in made.stdout.splitlines()
    }
    meant = {"zh-TW": "是否為 district（行政區）？", "en": "Did you mean district?"}[language]
    assert {"theme", "town", "audience"} <= set(said)
    assert [name for name, line in said.items() if meant in line] == ["town"]
    assert "district" not in said
    book = openpyxl.load_workbook(tmp_path / "x" / "case.xlsx")
    rows = [
        [str(cell or "") for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)
    ]
    assert any("theme" in row[3] and "town" in row[3] and "audience" in row[3] for row in rows)
    filled_in = {row[1]: row[3] for row in rows}
    assert meant in filled_in["town"] and meant not in filled_in["theme"]
    document = json.loads(run("new", tmp_path / "y", "--policy", policy, "--json").stdout)
    assert {one["column"]: one["meant"] for one in document["own_columns"]} == {
        "theme": None,
        "town": "district",
        "audience": None,
    }
    usual = run("new", tmp_path / "z", "--policy", COUNTY / "policy.toml", "--lang", language)
    assert len(usual.stdout.splitlines()) == 2  # nothing to say where all columns are the program's


@pytest.mark.parametrize(
    ("language", "said"), [("zh-TW", "已於「活動」表"), ("en", "rows in meetings")]
)
def test_a_number_that_a_table_may_give_instead_says_so(
    tmp_path: Path, language: Language, said: str
) -> None:
    text = '[pool]\namount = 1_000\n[draw]\nseed = "x"\n'
    for number, kinds in enumerate((["members"], ["members", "meetings"])):
        rules = "".join(f'[[clause]]\nkind = "{kind}"\n' for kind in kinds)
        (tmp_path / "policy.toml").write_text(text + rules, encoding="utf-8")
        made = tmp_path / str(number)
        new_case(made, policy=tmp_path / "policy.toml", language=language, format="xlsx")
        book = openpyxl.load_workbook(made / "case.xlsx")
        notes = [c.comment.text for c in book[book.sheetnames[2]][1] if c.comment]
        assert sum(said in note for note in notes) == number


@pytest.mark.parametrize(
    "wrong",
    [
        {"example": True, "policy": COUNTY / "policy.toml"},
        {"reviewers": ["甲"]},
        {"policy": COUNTY / "policy.toml", "reviewers": ["甲", "甲"]},
        {"policy": COUNTY / "policy.toml", "reviewers": ["../甲"]},
        {"policy": COUNTY / "policy.toml", "reviewers": ["a" * 21]},
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    with pytest.raises(UsageError):
        new_case(tmp_path / "case", **wrong)
    assert not (tmp_path / "case").exists()


def test_the_county_is_made_as_its_script_says(tmp_path: Path) -> None:
    made = runpy.run_path(str(COUNTY / "make.py"))["tables"]()
    for name, table in made.items():
        content = table.to_csv(index=False, lineterminator="\n")
        assert content == (COUNTY / f"{name}.csv").read_text("utf-8"), name
