"""The letters: what they say, what they never say, and how they are written."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import pytest
from helpers.explaining import explanations_of, other_of
from helpers.places import ROOT
from helpers.results import GOLDEN, SCHOOLS, small_allocation
from helpers.rounds import make_case

from optimizer import allocate, make_policy, read_case, write_letters
from optimizer.explain import explain_all
from optimizer.explain.holding import USED_UP
from optimizer.language.text import LANGUAGES, Language
from optimizer.letters.file_names import file_names
from optimizer.letters.letters import Writer
from optimizer.problems.errors import PolicyError, UsageError
from optimizer.result.allocation import Allocation

PLAN = {"title": "測試計畫", "year": 103, "period": ["2014-02-01", "2014-11-30"]}
KINDS = {"funded": "A1", "not_funded": "A2", "ineligible": "A7"}


@pytest.fixture(scope="module")
def allocation() -> Allocation:
    return small_allocation(plan=PLAN)


@pytest.fixture(scope="module")
def written(
    allocation: Allocation, tmp_path_factory: pytest.TempPathFactory
) -> dict[Language, Path]:
    """Return the folder of all letters in each language."""
    folders = {language: tmp_path_factory.mktemp("letters") / "out" for language in LANGUAGES}
    for language, folder in folders.items():
        write_letters(allocation, explanations_of(allocation), folder, language=language)
    return folders


def page_of(folder: Path, name: str) -> str:
    return (folder / "letters" / f"{name}.html").read_text("utf-8")


def body_of(page: str) -> str:
    return page[page.index("<body>") : page.index("</body>")].removeprefix("<body>\n")


def words(markup: str) -> str:
    """Return what a page says, without its markup and blanks."""
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", markup)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_of_each_kind_reads_as_agreed(
    written: dict[Language, Path], language: Language, kind: str
) -> None:
    said = body_of(page_of(written[language], KINDS[kind]))
    golden = GOLDEN / "letters" / f"{kind}.{language}.html"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(said, "utf-8")
    assert said == golden.read_text("utf-8")


def test_the_form_of_a_letter_is_complete(written: dict[Language, Path]) -> None:
    said = words(body_of(page_of(written["zh-TW"], "A1")))
    for part in ("受文者：", "發文日期：", "發文字號：", "速別：", "密等", "附件：", "主旨：", "說明：",
                 "一、", "二、", "三、", "四、", "正本：", "副本：", "局長"):  # fmt: skip
        assert part in said
    assert "核定補助新臺幣2,000元（新臺幣貳仟元整）" in said
    assert "中華民國103年2月1日起至103年11月30日止。" in said
    order = ("函", "地址：", "承辦人", "受文者：", "發文日期：", "發文字號：", "速別：", "密等", "附件：", "主旨：",
             "說明：", "正本：", "副本：", "局長")  # fmt: skip
    places = [said.index(part) for part in order]
    assert places == sorted(places)
    assert not re.search(r"[()]", said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_forms_of_a_letter_say_the_same(
    written: dict[Language, Path], language: Language
) -> None:
    pages = sorted((written[language] / "letters").glob("*.html"))
    assert len(pages) == 9
    for page in pages:
        with zipfile.ZipFile(page.with_suffix(".odt")) as file:
            content = file.read("content.xml").decode()
        assert words(content) == words(body_of(page.read_text("utf-8")))


def names_said(allocation: Allocation, folder: Path) -> list[tuple[str, str]]:
    """Return every other school or application that a letter names, with the letter's own id."""
    records = allocation.case.records
    schools, found = records.schools["name"].tolist(), []
    ids = records.applications["application_id"].tolist()
    for own_id, school in zip(ids, records.applications["school"], strict=True):
        said = words(body_of(page_of(folder, own_id)))
        others = [name for name in schools if name != schools[school]]
        others += [i for i in ids if i != own_id]
        found += [(own_id, other) for other in others if re.search(rf"{other}(?!\d)", said)]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_names_nobody_else(
    allocation: Allocation, written: dict[Language, Path], language: Language
) -> None:
    assert names_said(allocation, written[language]) == []


def test_unless_the_policy_says_that_it_may(tmp_path: Path) -> None:
    allocation = small_allocation(plan={**PLAN, "name_others": True})
    write_letters(allocation, explanations_of(allocation), tmp_path / "out")
    assert ("A2", other_of(allocation, "A2")[1]) in names_said(allocation, tmp_path / "out")


def test_the_policy_says_it_with_yes_or_no() -> None:
    for value in ("true", 1, "是"):
        with pytest.raises(PolicyError, match="true or false"):
            make_policy({"pool": {"amount": 1}, "plan": {"name_others": value}})
    plan = make_policy({"pool": {"amount": 1}, "plan": {"name_others": True}}).settings.plan
    assert plan.name_others
    assert not make_policy({"pool": {"amount": 1}}).settings.plan.name_others


def test_a_template_is_given_nobody_else(allocation: Allocation) -> None:
    """Not even one that prints everything it is given: names of schools in rules included."""
    from optimizer.letters.content import Particulars
    from optimizer.stationery.bureau import read_bureau
    from optimizer.stationery.sources import OURS

    quota = {"kind": "quota", "column": "name", "value": SCHOOLS[1]["name"], "at_most": 3}
    fixed = {"kind": "fixed", "fund": ["A4"], "reason": "r", "decided_by": "d"}
    rules = [*small_allocation().case.policy.document["clause"], quota, fixed]
    found = small_allocation(plan=PLAN, clause=rules)
    given = Particulars(found, read_bureau(OURS, "zh-TW"), "zh-TW")
    for one in explanations_of(found):
        if one.application_id in ("A1", "A2", "A8"):  # of 礫埕國小
            data = repr(given.of(one))
            assert not [s["name"] for s in SCHOOLS[1:] if s["name"] in data]
            assert not re.findall(r"A[3-79](?!\d)", data)


HOSTILE = {  # in a cell, and what of it stands in a letter
    "markup": ("<script>alert(1)</script>&amp;", "<script>alert(1)</script>&amp;"),
    "a control character": ("a\x07b", "a\ufffdb"),
    "a template": (
        "{{ 7*7 }}{% raw %}{{ ''.__class__ }}{# x #}",
        "{{ 7*7 }}{% raw %}{{ ''.__class__ }}{# x #}",
    ),
    "the end of a style": ("</style></title>]]>-->", "</style></title>]]>-->"),
    "300 characters": ("長" * 300, "長" * 300),
    "backward writing": ("\u202e000,9\u202c\u2066x\u200f", "000,9x"),
}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_whatever_stands_in_the_data_is_text(hostile: str, tmp_path: Path) -> None:
    cell, read = HOSTILE[hostile]
    case = make_case(
        [{"application_id": "../<i>=1", "school_id": "S", "title": f"題{cell}題"}],
        [{"school_id": "S", "name": f"校{cell}校"}],
        priority=[{"kind": "merit"}],
    )
    allocation = allocate(case)
    write_letters(allocation, explanations_of(allocation), tmp_path / "out")
    [page] = (tmp_path / "out" / "letters").glob("*.html")
    assert page.parent == tmp_path / "out" / "letters"
    text = page.read_text("utf-8")
    assert "<script" not in text
    assert "<i>" not in text
    assert unescape(text).count(f"題{read}題") == 2  # the page's title, 主旨
    assert unescape(text).count(f"校{read}校") == 2  # 受文者, 正本
    with zipfile.ZipFile(page.with_suffix(".odt")) as file:
        letter = "".join(ElementTree.fromstring(file.read("content.xml")).itertext())
    assert letter.count(f"題{read}題") == 1
    assert letter.count(f"校{read}校") == 2


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_the_same_explanations_give_the_same_bytes(allocation: Allocation, tmp_path: Path) -> None:
    said = explanations_of(allocation)
    files = write_letters(allocation, said, tmp_path / "one")
    write_letters(allocation, said, tmp_path / "two")
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert len(files) == len(digests(tmp_path / "one")) == 2 * 9 + 4


def test_earlier_letters_are_replaced_and_nothing_else_is(
    allocation: Allocation, tmp_path: Path
) -> None:
    said, place = explanations_of(allocation), tmp_path / "out"
    write_letters(allocation, said, place)
    write_letters(allocation, said[:2], place)
    assert sorted(path.name for path in (place / "letters").iterdir()) == [
        "A1.html", "A1.odt", "A2.html", "A2.odt",
    ]  # fmt: skip
    (place / "mine.txt").write_text("x")
    before = digests(place)
    with pytest.raises(UsageError, match=r"mine\.txt"):
        write_letters(allocation, said, place)
    assert digests(place) == before


def test_who_is_not_in_the_case_gets_no_letter(allocation: Allocation, tmp_path: Path) -> None:
    stranger = explanations_of(allocate(make_case([{"application_id": "A77"}])))
    with pytest.raises(UsageError, match="Is it 'A7'"):
        write_letters(allocation, stranger, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("ids", "names"),
    [
        (["A1", "A2"], ["A1", "A2"]),
        (["a", "A", "a-2"], ["a", "A-2", "a-2-2"]),
        (["../x", "..", "", "a/b", "CON", "nul.txt"], ["_x", "_", "_-2", "a_b", "_CON", "_nul.txt"]),
        (["甲 1", "甲:1", "x" * 90], ["甲_1", "甲_1-2", "x" * 60]),
    ],
)  # fmt: skip
def test_every_file_has_a_name_of_its_own(ids: Sequence[str], names: Sequence[str]) -> None:
    assert file_names(ids) == names


def test_an_odt_is_what_the_standard_says(written: dict[Language, Path]) -> None:
    data = (written["zh-TW"] / "letters" / "A1.odt").read_bytes()
    mime = b"application/vnd.oasis.opendocument.text"
    assert data[30 : 30 + 8 + len(mime)] == b"mimetype" + mime  # first, and not compressed
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for name in file.namelist():
            if name.endswith(".xml"):
                ElementTree.fromstring(file.read(name))
        styles = set(re.findall(r'style:name="(\w+)"', file.read("styles.xml").decode()))
        used = set(re.findall(r'text:style-name="(\w+)"', file.read("content.xml").decode()))
    assert len(used) > 8
    assert used <= styles


def test_another_reader_opens_it(written: dict[Language, Path]) -> None:
    odf = pytest.importorskip("odf.opendocument")
    from odf import teletype, text

    letter = odf.load(written["zh-TW"] / "letters" / "A1.odt")
    lines = [teletype.extractText(p) for p in letter.getElementsByType(text.P)]
    assert lines[2] == "○○市政府教育局　函"
    assert lines[-1] == "局長"


@pytest.mark.slow
def test_libreoffice_opens_it(written: dict[Language, Path], tmp_path: Path) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None or not list(Path(program).resolve().parent.glob("*swlo*")):
        pytest.skip("LibreOffice Writer is not on this machine")
    letter = written["zh-TW"] / "letters" / "A1.odt"
    subprocess.run(
        [program, "--headless", "--convert-to", "txt:Text", "--outdir", tmp_path, letter],
        check=True, timeout=120,
    )  # fmt: skip
    said = words((tmp_path / "A1.txt").read_text("utf-8-sig"))
    assert said == words(body_of(page_of(written["zh-TW"], "A1")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_of_another_plan_cite_that_plan_alone(language: Language) -> None:
    """The coastal county's letters name its plan, no section that it lacks, nothing of the example."""
    allocation = allocate(read_case(ROOT / "data" / "coastal-county"))
    policy = allocation.case.policy
    known = {rule.reference for rule in policy.rules} | {policy.settings.award.reference}
    seen = set[str]()
    for one in explanations_of(allocation):
        (letter,) = Writer(allocation, None, language).letters([one])
        said = words(body_of(letter.page))
        seen.add(one.status)
        assert "海濱縣教師共備社群補助" in said
        assert "教師專業學習社群" not in said
        assert not re.search("[壹貳參肆伍陸柒捌玖][一二三四五六七八九]", said.split("元整")[-1])
        for section in re.findall(r"（([一二三四五六七八九](?:（[一二三四五六七八九]）)?)）", said):
            assert section.translate(str.maketrans("（）", "()")) in known | set(
                "一二三四五六七八九"
            )
    assert {"funded", "not_funded"} <= seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_of_a_part_says_once_why_it_is_a_part(language: Language, tmp_path: Path) -> None:
    rows = [
        {"application_id": f"A{n}", "school_id": f"S{n}", "merit": 90 - n, "requested": 1_600}
        for n in range(2)
    ]
    award = {"mode": "partial", "least_share": "60%"}
    merits = [{"kind": "merit", "per": "amount"}]
    allocation = allocate(make_case(rows, pool={"amount": 2_800}, award=award, priority=merits))
    write_letters(allocation, explain_all(allocation), tmp_path / "out", language=language)
    used_up = words(USED_UP.say(language))[3:]  # whatever letter the sentence begins with
    assert [words(page_of(tmp_path / "out", name)).count(used_up) for name in ("A0", "A1")] == [
        0,
        1,
    ]
