"""``subsidy explain``: why an application got what it got; the letters and the telephone sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from optimizer.cli.allocate import exit_code
from optimizer.cli.bilingual import both
from optimizer.cli.command import (
    Encoding,
    PolicyFile,
    Solver,
    Threads,
    TimeLimit,
    check_limit,
    read,
)
from optimizer.cli.face import Face
from optimizer.language.text import Text
from optimizer.problems.errors import UsageError

if TYPE_CHECKING:
    from optimizer.case.case import Case
    from optimizer.explain.explanation import Explanation
    from optimizer.result.allocation import Allocation
    from optimizer.revisions import Revision
    from optimizer.solving.options import Options

MaybeCase = Annotated[
    Path | None,
    typer.Argument(
        metavar="CASE",
        help=both(
            "計畫資料夾，或旁邊有 policy.toml 的活頁簿",
            "a case folder, or a workbook with policy.toml beside it",
        ),
    ),
]
Applications = Annotated[
    list[str] | None,
    typer.Argument(metavar="APPLICATION", help=both("申請編號，一個或數個", "ids of applications")),
]
Everyone = Annotated[
    bool, typer.Option("--all", help=both("說明每一件申請", "explain every application"))
]
LettersFolder = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help=both(
            "寫出通知函與電話應答表\n\n.html、.odt；.csv、.ods、.xlsx",
            "write the letters and the telephone sheet to this folder",
        ),
    ),
]
TemplatesFolder = Annotated[
    Path | None,
    typer.Option(
        "--templates",
        metavar="DIR",
        help=both("機關自己的函稿範本", "the bureau's own templates of the letters"),
    ),
]
CopyTemplates = Annotated[
    Path | None,
    typer.Option(
        "--copy-templates",
        metavar="DIR",
        help=both(
            "複製所附函稿範本到新資料夾，\n\n供機關修改",
            "copy the program's own templates to a new folder, to be changed",
        ),
    ),
]
PublishedResult = Annotated[
    Path | None,
    typer.Option(
        "--result",
        metavar="DIR",
        help=both(
            "說明已公布之結果，\n\n含 revise 修正後者",
            "explain what was published, revised or not",
        ),
    ),
]
Unchanged = Annotated[
    bool,
    typer.Option(
        "--unchanged",
        help=both(
            "修正未變更者亦製發通知函", "letters to those as well whom a revision left as they were"
        ),
    ),
]


def explain(
    face: Face,
    case: MaybeCase = None,
    applications: Applications = None,
    all: Everyone = False,
    out: LettersFolder = None,
    templates: TemplatesFolder = None,
    copy_templates: CopyTemplates = None,
    result: PublishedResult = None,
    unchanged: Unchanged = False,
    policy: PolicyFile = None,
    solver: Solver = "auto",
    time_limit: TimeLimit = None,
    threads: Threads = 1,
    encoding: Encoding = None,
) -> int:
    """Run the command."""
    from optimizer.letters.letters import check_letters, check_templates
    from optimizer.solving.options import Options

    asked = applications or []
    _check(case, asked, everyone=all, copying=copy_templates)
    if unchanged and (result is None or out is None):
        raise UsageError(
            Text(
                "--unchanged 須與 --result、--out 並用。",
                "--unchanged is for letters after a revision: add --result DIR and --out DIR.",
            )
        )
    if copy_templates is not None:
        return _copy(face, copy_templates)
    assert case is not None
    if templates is not None and out is None:
        raise UsageError(
            Text("--templates 須與 --out 並用。", "--templates is for the letters: add --out DIR.")
        )
    check_limit(time_limit)
    if out is not None:
        check_letters(out, revised=result is not None)
        check_templates(templates, face.language)
    given = read(case, policy, encoding)
    ids = _chosen(given, asked)
    options = Options(solver, time_limit, threads, language=face.language)
    allocation, explained = _explained(face, given, ids, result=result, options=options)
    _close(face, explained)
    if out is None:
        _tell(face, allocation, explained)
    else:
        everyone = unchanged or bool(asked)
        _write(face, allocation, explained, out=out, templates=templates, unchanged=everyone)
    return exit_code(allocation)


def _explained(
    face: Face, case: Case, ids: Sequence[str], result: Path | None, options: Options
) -> tuple[Allocation, list[Explanation]]:
    """Explain the list that a case leads to, or that was published."""
    import optimizer
    from optimizer.cli.progress import counted, progress
    from optimizer.explain import explain_all

    keywords = {n: getattr(options, n) for n in ("solver", "time_limit", "threads", "language")}
    with progress(face, case.policy) as say:
        if result is None:
            found: Allocation | Revision = optimizer.allocate(case, **keywords, progress=say)
        else:
            found = optimizer.reopen(result, case, **keywords, progress=say)
    revision = found if isinstance(found, optimizer.Revision) else None
    allocation = found if isinstance(found, optimizer.Allocation) else found.allocation
    everyone = ids or list(case.records.applications["application_id"])
    with counted(face, everyone) as say:
        explained = explain_all(allocation, everyone, replace(options.anew(), progress=say))
    return allocation, explained if revision is None else list(map(revision.told, explained))


def _close(face: Face, explained: Sequence[Explanation]) -> None:
    """Say how many were explained, and what became of them."""
    from optimizer.report.result_columns import CODES

    found = Counter[str](one.outcome for one in explained)
    said = [(CODES[code], found[code]) for code in CODES if found[code]]
    zh = "、".join(f"{name.zh} {count:,} 件" for name, count in said)
    en = ", ".join(f"{count:,} {name.en}" for name, count in said)
    face.note(Text(f"已說明 {len(explained):,} 件：{zh}", f"explained {len(explained):,}: {en}"))


def _check(case: Path | None, asked: Sequence[str], everyone: bool, copying: Path | None) -> None:
    """Refuse what cannot be meant."""
    if copying is not None and (case or asked or everyone):
        raise UsageError(
            Text("--copy-templates 須單獨使用。", "--copy-templates is used by itself.")
        )
    if copying is None and case is None:
        raise UsageError(Text("缺少「CASE」。", "CASE is missing."))
    if copying is None and bool(asked) == everyone:
        raise UsageError(
            Text(
                "請指定申請編號，或用 --all 說明全部，兩者擇一。",
                "Name applications, or take them --all: one of the two.",
            )
        )


def _chosen(case: Case, asked: Sequence[str]) -> list[str]:
    from optimizer.case.asked import asked_for

    return asked_for(case, asked)


def _copy(face: Face, target: Path) -> int:
    import optimizer

    files = [path.relative_to(target).as_posix() for path in optimizer.copy_templates(target)]
    face.document("templates", {"folder": str(target), "files": files})
    face.show(
        Text(
            f"已將函稿範本複製到 {target}（{len(files)} 個檔案）。請先填寫 bureau.toml，"
            "再以 --templates 指定此資料夾。",
            f"Copied the templates to {target} ({len(files)} files). Fill in bureau.toml first, then "
            "name the folder with --templates.",
        )
    )
    return 0


def _write(
    face: Face,
    allocation: Allocation,
    explained: Sequence[Explanation],
    out: Path,
    templates: Path | None,
    unchanged: bool,
) -> None:
    import optimizer

    files = optimizer.write_letters(
        allocation,
        explained,
        out,
        templates=templates,
        language=face.language,
        unchanged=unchanged,
    )
    _document(face, allocation, explained, {"out": str(out)})
    letters = sum(path.suffix == ".html" for path in files)
    face.show(
        Text(
            f"已寫出通知函 {letters:,} 件（.html 與 .odt 各一），共 {len(files):,} 個檔案；"
            f"電話應答表見 {out / 'telephone.ods'}",
            f"Wrote {letters:,} letters, each as .html and .odt: {len(files):,} files. The "
            f"telephone sheet is {out / 'telephone.ods'}",
        )
    )
    if letters < len(explained):
        face.show(
            Text(
                f"另 {len(explained) - letters:,} 件未因本次修正而變更，原函照舊有效，不另發函"
                "（如仍需發函，請加 --unchanged）。",
                f"The revision left {len(explained) - letters:,} as they were: their first letters stand "
                "(add --unchanged to write to them, too).",
            )
        )
    if templates is None:
        face.show(
            Text(
                "機關名稱、聯絡方式、申復期限等為空白範本；請以 subsidy explain --copy-templates DIR "
                "取出填寫後，再以 --templates DIR 寫出。",
                "The agency, the contact and how to object are blank: copy the templates with subsidy "
                "explain --copy-templates DIR, fill them in, and write again with --templates DIR.",
            )
        )


def _tell(face: Face, allocation: Allocation, explained: Sequence[Explanation]) -> None:
    from optimizer.cli.explanation_lines import paragraphs

    _document(face, allocation, explained, {})
    face.show(*paragraphs(face, allocation, explained))


def _document(
    face: Face,
    allocation: Allocation,
    explained: Sequence[Explanation],
    more: dict[str, Any],
) -> None:
    from optimizer.letters.as_data import explanations_as_data

    if face.json:
        face.document(
            "explanations", {**more, **explanations_as_data(allocation, explained, face.language)}
        )
