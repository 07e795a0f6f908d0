"""Templates of a bureau: copied, changed, and a wrong one said with its file and line."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from helpers.explaining import explanations_of
from helpers.results import small_allocation
from helpers.slow import numbers

from optimizer import copy_templates, write_letters
from optimizer.problems.errors import PolicyError, SubsidyError, TemplateError, UsageError
from optimizer.result.allocation import Allocation
from optimizer.stationery.sandbox import MOST_CHARACTERS
from optimizer.stationery.sources import MOST_FILES


@pytest.fixture(scope="module")
def allocation() -> Allocation:
    return small_allocation()


def put(folder: Path, text: str, name: str = "zh-TW/funded.html") -> Path:
    """Write one template into a folder of its own."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return folder


def letter(allocation: Allocation, templates: Path, target: Path) -> str:
    """Write the letter of A1, which is funded, and return it."""
    funded = [one for one in explanations_of(allocation) if one.application_id == "A1"]
    write_letters(allocation, funded, target, templates)
    return (target / "letters" / "A1.html").read_text("utf-8")


def refused(allocation: Allocation, templates: Path, target: Path) -> SubsidyError:
    with pytest.raises((TemplateError, PolicyError)) as caught:
        letter(allocation, templates, target)
    assert not target.exists()
    assert caught.value.exit_code == 3
    return caught.value


def test_a_copy_changes_nothing_until_it_is_changed(allocation: Allocation, tmp_path: Path) -> None:
    said = explanations_of(allocation)
    files = copy_templates(tmp_path / "own")
    assert tmp_path / "own" / "bureau.toml" in files
    for language in ("zh-TW", "en"):
        one, two = tmp_path / f"{language}1", tmp_path / f"{language}2"
        write_letters(allocation, said, one, language=language)  # type: ignore[arg-type]
        write_letters(allocation, said, two, tmp_path / "own", language)  # type: ignore[arg-type]
        for path in (one / "letters").iterdir():
            assert path.read_bytes() == (two / "letters" / path.name).read_bytes()


def test_a_copy_costs_nobody_anything(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "x").write_text("mine")
    with pytest.raises(UsageError):
        copy_templates(tmp_path / "own")
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["x"]


def test_the_bureau_is_heard(allocation: Allocation, tmp_path: Path) -> None:
    own = tmp_path / "own"
    copy_templates(own)
    words = (own / "bureau.toml").read_text("utf-8")
    words = words.replace("○○市政府教育局", "甲市政府教育局").replace(
        "copies = []", 'copies = ["國小科"]'
    )
    (own / "bureau.toml").write_text(words, "utf-8")
    style = own / "letter.css"
    style.write_text(style.read_text("utf-8").replace("20pt", "33pt"), "utf-8")
    page = letter(allocation, own, tmp_path / "out")
    assert "甲市政府教育局　函" in page
    assert "副本：國小科" in page
    assert "33pt" in page


def test_one_file_is_enough_in_any_encoding(allocation: Allocation, tmp_path: Path) -> None:
    own = put(tmp_path / "own", "")
    text = '{% extends "zh-TW/form.html" %}{% block subject %}恭喜：{{ award|money }}{% endblock %}'
    (own / "zh-TW" / "funded.html").write_bytes(text.encode("cp950"))
    page = letter(allocation, own, tmp_path / "out")
    assert "主旨：恭喜：2,000" in page
    assert "正本：礫埕國小" in page


WRONG = {
    "{{ aplication.title }}": "'aplication' is undefined",
    "{{ application.titel }}": "Is it 'title'?",
    "{% endif %}": "is not written as a template is",
    "{{ award|monee }}": "No filter named 'monee'",
    "{{ award / 0 }}": "division by zero",
    "{{ bureau.agency|capitals }}": "cannot be filled in",
    "{% include 'nope.html' %}": "needs the template 'nope.html'",
    "{% include '../../../../etc/passwd' %}": "which is not there",
    "{% extends 'zh-TW/funded.html' %}": "recursion",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}": "recursion",
    "{% autoescape false %}{{ award }}{% endautoescape %}": "escaping",
    "{{ application.title|safe }}": "No filter named 'safe'",
    "{{ application.__class__ }}": "does what no template may",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}": "does what no template may",
    "{{ self.__init__.__globals__ }}": "does what no template may",
    "{{ bureau.update({}) }}": "does what no template may",
    "{{ 'x' * 999999999 }}": "for whole numbers",
    "{{ '%999999999d' % 1 }}": "for whole numbers",
    "{{ 'x'.ljust(999999999) }}": "does what no template may",
    "{{ 9 ** 9 }}": "not possible here",
    "{% for i in range(999999999) %}{% endfor %}": "at most",
}

IN_CHINESE = {
    "{{ aplication.title }}": "沒有這項資料（'aplication' 未定義",
    "{{ application.titel }}": "其中沒有 'titel'",
    "{{ application.title|safe }}": "沒有名為 'safe' 的篩選（filter）",
    "{{ application.__class__ }}": "範本不可如此使用（不可取用屬性 '__class__'",
    "{{ 'x' * 999999999 }}": "'*' 只能用於整數",
    "{{ 9 ** 9 }}": "此處不能用 '**'",
    "{% for i in range(999999999) %}{% endfor %}": "range 最多 1000 個",
    "{% endif %}": "沒有 'endif' 這種標籤",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_template_is_said_with_its_line(
    allocation: Allocation, tmp_path: Path, wrong: str
) -> None:
    own = put(tmp_path / "own", f"one\n{wrong}\nthree")
    [problem] = refused(allocation, own, tmp_path / "out").problems
    assert (problem.file, problem.row) == ("zh-TW/funded.html", 2)
    assert WRONG[wrong] in problem.say("en")
    assert problem.line.zh == "第 2 行"
    if wrong in IN_CHINESE:  # with what Jinja said behind it
        assert f"{IN_CHINESE[wrong]}；原文：" in problem.say("zh-TW")


def test_the_line_is_said_where_a_template_is_used_by_another(
    allocation: Allocation, tmp_path: Path
) -> None:
    own = put(tmp_path / "own", "{% include 'part.html' %}")
    put(own, "a\nb\n{{ nothing }}", "part.html")
    [problem] = refused(allocation, own, tmp_path / "out").problems
    assert (problem.file, problem.row) == ("part.html", 3)


def test_all_wrong_templates_are_said_at_once(allocation: Allocation, tmp_path: Path) -> None:
    own = put(tmp_path / "own", "{% if %}")
    put(own, "{{ award|x }}", "en/funded.html")
    found = refused(allocation, own, tmp_path / "out").problems
    assert [p.file for p in found] == ["en/funded.html", "zh-TW/funded.html"]


def test_a_letter_without_end_is_refused(allocation: Allocation, tmp_path: Path) -> None:
    loop = "{% for i in range(999) %}" * 3 + "{{ application.title }}" + "{% endfor %}" * 3
    [problem] = refused(allocation, put(tmp_path / "own", loop), tmp_path / "out").problems
    assert f"more than {MOST_CHARACTERS:,} characters" in problem.message.en


def test_a_file_that_nothing_uses_is_asked_about(allocation: Allocation, tmp_path: Path) -> None:
    own = put(tmp_path / "own", "x", "zh-TW/fundet.html")
    [problem] = refused(allocation, own, tmp_path / "out").problems
    assert problem.file == "zh-TW/fundet.html"
    assert "zh-TW/funded.html" in problem.hint.en


def test_what_is_no_folder_of_templates_is_refused(allocation: Allocation, tmp_path: Path) -> None:
    refused(allocation, tmp_path / "nowhere", tmp_path / "out")
    many = tmp_path / "many"
    for number in range(MOST_FILES + 1):
        put(many, "", f"{number}.html")
    refused(allocation, many, tmp_path / "out")
    large = put(tmp_path / "large", "x" * 300_000)
    assert "too large" in refused(allocation, large, tmp_path / "out").say("en")


@pytest.mark.parametrize(
    ("styles", "said", "line"),
    [
        ("<a>\n<b>\n</a>", "mismatched tag", 3),
        ("<a/>", "has no style 'p'", None),
        ('<!DOCTYPE a [<!ENTITY x "y">]>\n<a/>', "must not have a DOCTYPE", None),
    ],
)
def test_wrong_styles_are_refused(
    allocation: Allocation, tmp_path: Path, styles: str, said: str, line: int | None
) -> None:
    own = put(tmp_path / "own", styles, "styles.xml")
    [problem] = refused(allocation, own, tmp_path / "out").problems
    assert said in problem.message.en
    assert (problem.file, problem.row) == ("styles.xml", line)


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ('agency = "○○', 'agancy = "○○', "Did you mean agency?", True),
        ("copies = []                                  # 副本\n", "", "copies", True),
        ("conditions = [", "conditions = 5 #", "", True),
        ('speed = "普通件"', "speed = 3", "words in quotes", True),
        ("[zh-TW]", "[zh]", "Add a table [zh-TW]", False),
        ('speed = "普通件"', "speed = 普通件", 'Write speed = "普通件"', True),
    ],
)
def test_wrong_words_of_the_bureau_are_refused(
    allocation: Allocation, tmp_path: Path, old: str, new: str, said: str, line: bool
) -> None:
    own = tmp_path / "own"
    copy_templates(own)
    words = (own / "bureau.toml").read_text("utf-8")
    assert old in words
    (own / "bureau.toml").write_text(words.replace(old, new, 1), "utf-8")
    error = refused(allocation, own, tmp_path / "out")
    assert said in error.say("en")
    assert {p.file for p in error.problems} == {"bureau.toml"}
    assert all(p.row for p in error.problems) or not line


@pytest.mark.slow
def test_no_template_ends_in_a_traceback(allocation: Allocation, tmp_path: Path) -> None:
    rng = random.Random("templates")
    pieces = ["{{", "}}", "{%", "%}", "for x in more", "endfor", "award", "|", "money", ".", "x",
              "if", "endif", "'", "(", ")", "[", "1", "-", "set y = more", "{#", "\n", "loop.index",
              "block letter", "endblock", "plan", "~", "is", "not", "include", "'page.html'"]  # fmt: skip
    outcomes = set()
    for number in numbers(120, 30):
        text = " ".join(rng.choice(pieces) for _ in range(rng.randint(1, 9)))
        own = put(tmp_path / "own", text)
        try:
            letter(allocation, own, tmp_path / f"out{number}")
            outcomes.add("written")
        except TemplateError as error:
            outcomes.add("refused")
            assert error.problems[0].file == "zh-TW/funded.html"
    assert outcomes == {"written", "refused"}
