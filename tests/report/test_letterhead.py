"""A bureau's own head on the report: whole where it is harmless, refused in words where it is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from helpers.results import small_case

from optimizer import allocate, copy_templates, verify_result, write_result
from optimizer.problems.errors import PolicyError, TemplateError, UsageError
from optimizer.result.allocation import Allocation
from optimizer.stationery.head import _Harmless, report_head

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
FOREIGN = """\
<div class="letterhead"><table><tr><td><img src="{{ logo }}" alt="{{ bureau.agency }}"></td>
<td class="right"><strong>{{ bureau.agency }}</strong><br>{{ plan.title }} <em>{{ plan.year }}</em></td></tr></table></div>
"""


@pytest.fixture(scope="module")
def allocation() -> Allocation:
    return allocate(small_case())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy_templates(tmp_path / "own")
    return tmp_path / "own"


def with_head(folder: Path, head: str) -> Path:
    (folder / "zh-TW" / "report_head.html").write_text(head, "utf-8")
    return folder


def test_a_foreign_head_is_in_the_report_and_can_be_verified(
    allocation: Allocation, folder: Path, tmp_path: Path
) -> None:
    (folder / "logo.png").write_bytes(PNG)
    bureau = folder / "bureau.toml"
    agency = "金門縣政府<script>教育處"
    bureau.write_text(bureau.read_text("utf-8").replace("○○市政府教育局", agency), "utf-8")
    given = {"templates": with_head(folder, FOREIGN)}
    write_result(allocation, tmp_path / "out", parts=["report"], **given)
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    head = page[page.index('<div class="letterhead">') : page.index('<p class="kicker">')]
    assert "<strong>金門縣政府&lt;script&gt;教育處</strong>" in head
    assert 'src="data:image/png;base64,' in head and "<script>" not in head
    said = json.loads((tmp_path / "out" / "summary.json").read_bytes())["templates"]
    assert {"bureau.toml", "logo.png", "zh-TW/report_head.html"} <= {one["name"] for one in said}
    assert verify_result(tmp_path / "out", allocation.case, quick=True, **given) == []
    with pytest.raises(UsageError, match="templates"):
        verify_result(tmp_path / "out", allocation.case, quick=True)
    with_head(folder, "<p>other</p>")
    found = verify_result(tmp_path / "out", allocation.case, quick=True, **given)
    assert [problem.column for problem in found] == ["templates"]


def test_a_head_that_was_changed_is_found(
    allocation: Allocation, folder: Path, tmp_path: Path
) -> None:
    write_result(allocation, tmp_path / "out", parts=["report"], templates=folder)
    report = tmp_path / "out" / "report.html"
    report.write_bytes(report.read_bytes().replace("○○市政府".encode(), "△△市政府".encode(), 1))
    found = verify_result(tmp_path / "out", allocation.case, quick=True, templates=folder)
    assert "report.html" in {problem.file for problem in found}


def test_without_templates_nothing_is_added(allocation: Allocation, tmp_path: Path) -> None:
    write_result(allocation, tmp_path / "out", parts=["report"])
    assert "templates" not in json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert 'class="letterhead"' not in (tmp_path / "out" / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p onclick='x()'>a</p>",
        "<p style='display:none'>a</p>",
        "<style>main{display:none}</style>",
        "<p class='figures-row'>a</p>",
        "<img src='https://example.org/a.png'>",
        "<img src='data:image/svg+xml,x'>",
        "<a href='javascript:x'>a</a>",
        "<iframe src='x'></iframe>",
        "<meta http-equiv='refresh' content='0;url=x'>",
        "<form action='x'><input></form>",
        "<svg onload='x'></svg>",
        "<!-- the rest",
        "<!-- a -->",
        "<![CDATA[x]]>",
        "<?php x ?>",
        "<div><p>left open</p>",
        "</header><p>out of its place</p>",
        "<p>a",
        "<p",
        "<textarea>",
        "<plaintext>",
    ],
)
def test_what_html_may_not_do_is_refused_in_words(html: str) -> None:
    found = _Harmless.problems("head.html", html)
    assert found and all(problem.file == "head.html" and problem.value for problem in found)


def test_what_a_head_is_made_of_is_harmless() -> None:
    assert _Harmless.problems("head.html", FOREIGN.replace("{{ logo }}", "data:logo")) == []


@pytest.mark.parametrize(
    "head",
    [
        "<script>alert(1)</script>",
        "{{ bureau.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ bureau|attr('__class__') }}",
        "{{ plan.title|safe }}",
        "{% autoescape false %}{{ plan.title }}{% endautoescape %}",
        "{% include '../../policy.toml' %}",
        "{% include '/etc/passwd' %}",
        "{% for a in range(1000) %}{% for b in range(1000) %}xxxx{% endfor %}{% endfor %}",
        "{% for a in range(10**9) %}x{% endfor %}",
        "{{ 9**9**9 }}",
        "{{ nothing }}",
        "{% for %}",
        "<p>" + "x" * 30_000 + "</p>",
    ],
)
def test_what_a_head_may_not_do_is_refused_in_words(
    head: str, folder: Path, allocation: Allocation, tmp_path: Path
) -> None:
    with pytest.raises(TemplateError) as error:
        write_result(
            allocation, tmp_path / "out", parts=["report"], templates=with_head(folder, head)
        )
    assert error.value.problems[0].file.startswith("zh-TW/report_head.html")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"<svg/>", "does not hold a picture"), (PNG + b"\0" * 200_000, "too large a picture")],
)
def test_a_logo_is_a_picture_of_bounded_size(
    data: bytes, said: str, folder: Path, allocation: Allocation
) -> None:
    (folder / "logo.png").write_bytes(data)
    with pytest.raises(TemplateError) as error:
        report_head(folder, allocation.case.policy.settings.plan, "zh-TW")
    assert said in error.value.problems[0].message.en


def test_a_logo_is_no_link(folder: Path, allocation: Allocation) -> None:
    (folder / "logo.png").symlink_to("/etc/passwd")
    with pytest.raises(TemplateError):
        report_head(folder, allocation.case.policy.settings.plan, "zh-TW")


def test_a_missing_folder_or_word_is_said(
    folder: Path, allocation: Allocation, tmp_path: Path
) -> None:
    with pytest.raises(TemplateError):
        write_result(allocation, tmp_path / "out", templates=tmp_path / "nowhere")
    (folder / "bureau.toml").write_text('[zh-TW]\nagency = "a"\n')
    with pytest.raises(PolicyError):
        write_result(allocation, tmp_path / "out", templates=folder)
    assert not (tmp_path / "out").exists()
