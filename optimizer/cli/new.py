"""``subsidy new``: a folder to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any, Literal

from optimizer.cli.bilingual import argument, option
from optimizer.cli.face import Face
from optimizer.language.text import Language, Text

if TYPE_CHECKING:
    from optimizer.new import OwnColumn

NewFolder = Annotated[
    Path,
    argument("DIR", "新資料夾，須為空", "the new folder; it must be empty"),
]
Example = Annotated[
    bool,
    option(
        "--example",
        "填入一份虛構的小案例，供試用",
        "fill it with a small invented round, to try it",
    ),
]
TableFormat = Annotated[
    Literal["csv", "xlsx", "ods"],
    option(
        "--format",
        "csv 每表一檔；xlsx、ods 為一份活頁簿，附下拉選單與說明",
        "csv: a file a table; xlsx, ods: one workbook with drop-down lists and notes",
    ),
]
Plan = Annotated[
    Path | None,
    option(
        "--policy",
        "依這份 policy.toml 產生表格：審查項目、選單、說明分頁",
        "make the tables from this policy.toml: its criteria, its codes, a sheet of instructions",
        metavar="FILE",
    ),
]
Reviewers = Annotated[
    str | None,
    option(
        "--reviewers",
        "各審查委員一張評分表，如 甲,乙,丙（與 --policy 並用）",
        "a sheet of reviews for each, e.g. A,B,C (with --policy)",
        metavar="LIST",
    ),
]


def new(
    face: Face,
    target: NewFolder,
    example: Example = False,
    format: TableFormat = "csv",
    policy: Plan = None,
    reviewers: Reviewers = None,
) -> None:
    """Run the command."""
    import optimizer

    named = [name.strip() for name in (reviewers or "").replace("、", ",").split(",")]
    files = optimizer.new_case(
        target,
        example,
        format,
        face.language,
        policy=policy,
        reviewers=[name for name in named if name],
    )
    names = [path.name for path in files]
    own = _own_columns(policy)
    face.document(
        "case", {"folder": str(target), "files": names, "own_columns": _as_data(own, face.language)}
    )
    face.show(
        Text(f"已建立 {target}：{'、'.join(names)}", f"Made {target}: {', '.join(names)}"),
        *_said(own),
        to_allocate(target) if example else _to_check(target),
    )


def _own_columns(policy: Path | None) -> tuple[OwnColumn, ...]:
    from optimizer.new import own_columns
    from optimizer.policy.policy import read_policy

    return () if policy is None else own_columns(read_policy(policy))


def _as_data(own: Iterable[OwnColumn], language: Language) -> list[dict[str, Any]]:
    return [
        {
            "column": one.name,
            "rules": [rule.say(language) for rule in one.rules],
            "meant": one.meant and one.meant.en,
        }
        for one in own
    ]


def _said(own: Sequence[OwnColumn]) -> Iterator[Text]:
    """Say which columns the forms have only because a rule reads them: one may be a slip."""
    if not own:
        return
    yield Text(
        "注意：下列欄位不是程式原有的，因計畫檔的規則要用而加上；若是筆誤，請先改計畫檔，再重新產生。",
        "Note: these columns are not the program's; they were added because a rule of the policy reads them. If one "
        "is a slip, change the policy first, and make the forms anew.",
    )
    for one in own:
        yield Text(f"  {one.name}：{one.help.zh}", f"  {one.name}: {one.help.en}")


def to_allocate(target: Path) -> Text:
    """Say how to go on with a case that is complete."""
    return Text(
        f"接著可執行：subsidy allocate {quote(str(target))} --out result",
        f"Next: subsidy allocate {quote(str(target))} --out result",
    )


def _to_check(target: Path) -> Text:
    return Text(
        f"填妥表格與 policy.toml 之後，執行：subsidy check {quote(str(target))}",
        f"Fill in the tables and policy.toml, then: subsidy check {quote(str(target))}",
    )
