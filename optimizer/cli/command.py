"""What all commands have in common: the options that every one of them understands."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, is_dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from optimizer.cli.bilingual import argument, option
from optimizer.cli.face import Face
from optimizer.problems import arguments
from optimizer.problems.arguments import MOST_THREADS, Part, Seconds, check

if TYPE_CHECKING:
    from optimizer.case.case import Case
    from optimizer.report.folder import Kind

Language = Annotated[
    Literal["zh-TW", "en"] | None,
    option(
        "--lang",
        "訊息語言；未指定則依 SUBSIDY_LANG 或系統語系",
        "language of messages; SUBSIDY_LANG or the locale unless given",
    ),
]
Json = Annotated[
    bool,
    option(
        "--json",
        "標準輸出只印一份 JSON，訊息改走標準錯誤",
        "print one JSON document on stdout and nothing else; messages go to stderr",
    ),
]

CasePath = Annotated[
    Path,
    argument(
        "CASE",
        "計畫資料夾，或旁邊有 policy.toml 的活頁簿",
        "a case folder, or a workbook with policy.toml beside it",
    ),
]
OutFolder = Annotated[
    Path,
    option("--out", "寫入結果的資料夾", "the folder to write the result to", metavar="DIR"),
]
PolicyFile = Annotated[
    Path | None,
    option(
        "--policy",
        "改用另一份計畫檔",
        "another policy than the case's own policy.toml",
        metavar="FILE",
    ),
]
Encoding = Annotated[
    str | None,
    option(
        "--encoding",
        "所有 CSV 檔的編碼，如 cp950；未指定則自動判斷",
        "encoding of all CSV files, e.g. cp950, if the automatic choice is wrong",
        metavar="NAME",
    ),
]
Solver = Annotated[
    arguments.Solver,
    option(
        "--solver",
        "求解器；\n\nauto 依計畫選最快者。",
        "the solver; auto takes the fastest that fits the policy",
    ),
]
TimeLimit = Annotated[
    float | None,
    option(
        "--time-limit",
        "求解秒數上限；\n\n到時寫出當時所得，\n\n註明未經證明",
        "seconds for solving; what was found by then is written, and said to be unproved",
        metavar="SECONDS",
        min=0,
    ),
]
ListLimit = Annotated[
    float | None,
    option(
        "--time-limit",
        "求解名單的秒數上限；\n\n到時寫出當時所得，\n\n註明未經證明。\n\n理由、候補與寫檔在後，\n\n不計入；其求解計次不計時，\n\n未及推算者均註明",
        "seconds for solving a list; what was found by then is written, and said to be unproved. Reasons, "
        "the waiting list and the files come after it: what is solved for them is limited by count, not by "
        "the clock, and what that leaves open is said",
        metavar="SECONDS",
        min=0,
    ),
]
Threads = Annotated[
    int,
    option("--threads", "求解器執行緒數", "solver threads", metavar="N", min=1, max=MOST_THREADS),
]

Parts = Annotated[
    str | None,
    option(
        "--parts",
        "表格之外要寫出哪些\n\nworkbooks,published,figures,report；\n\n另可加 record（PDF 紀錄）；\n\nnone 只寫表格",
        "what to write beside the tables: workbooks,published,figures,report (all of these unless "
        "given), record (a PDF, only if named), or none",
        metavar="LIST",
    ),
]
ReportTemplates = Annotated[
    Path | None,
    option(
        "--templates",
        "機關自己的範本：報告首頁與 PDF 紀錄之機關名稱、標誌與文字",
        "the bureau's own templates, for the head of report and record: name, logo, words",
        metavar="DIR",
    ),
]

Command = Callable[..., int | None]


@dataclass(frozen=True)
class Solving:
    """The options of a command that solves; each field is one of the command's."""

    policy: PolicyFile = None
    solver: Solver = "auto"
    time_limit: ListLimit = None
    threads: Threads = 1
    encoding: Encoding = None

    def read(self, case: Path, out: Path, kind: Kind) -> Case:
        """Read a case, unless the limit or the target is one that cannot be."""
        from optimizer.report.folder import check_target

        check_limit(self.time_limit)
        check_target(out, kind)
        return read(case, self.policy, self.encoding)

    @property
    def keywords(self) -> dict[str, Any]:
        """What is handed on to the Python API."""
        return {name: getattr(self, name) for name in ("solver", "time_limit", "threads")}


def command(function: Command) -> Command:
    """Give a command ``--lang`` and ``--json``, and hand it a `Face` as its first argument.

    Where a parameter is a dataclass, as `Solving`, each field of that is an option.

    The two are looked for before parsing (`Face.of`); here they are only declared.
    """
    own = _parameters(function)[1:]
    groups = {p.name: p.annotation for p in own if _is_group(p.annotation)}
    fields = {name: _parameters(group) for name, group in groups.items()}
    parameters = [each for p in own for each in fields.get(p.name, [p])]
    keyword = inspect.Parameter.KEYWORD_ONLY
    context = inspect.Parameter("context", keyword, annotation=typer.Context)
    common = [
        inspect.Parameter("lang", keyword, default=None, annotation=Language),
        inspect.Parameter("json", keyword, default=False, annotation=Json),
    ]

    @wraps(function)
    def run(context: typer.Context, lang: Any, json: Any, **values: Any) -> int | None:
        face = context.obj
        assert isinstance(face, Face)
        for name, group in groups.items():
            values[name] = group(**{f.name: values.pop(f.name) for f in fields[name]})
        return function(face, **values)

    every = [context, *(p.replace(kind=keyword) for p in parameters), *common]
    run.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in every}
    return run


def _is_group(annotation: Any) -> bool:
    return isinstance(annotation, type) and is_dataclass(annotation)


def _parameters(of: Callable[..., Any]) -> list[inspect.Parameter]:
    return list(inspect.signature(of, eval_str=True).parameters.values())


def parts_of(text: str | None) -> tuple[Part, ...]:
    """Return what ``--parts`` asks for; everything but the PDF unless it is given.

    Raises
    ------
    UsageError
        If it is no list of parts, or asks for the PDF where nothing can set it.
    """
    from optimizer.report.typesetting import require_typst
    from optimizer.report.writer import USUAL

    if text is None:
        return USUAL
    names = [name.strip() for name in text.split(",") if name.strip() != "none"]
    parts = tuple(check(names, Sequence[Part], "--parts"))
    if "record" in parts:
        require_typst()
    return parts


def check_limit(time_limit: float | None) -> None:
    """Refuse a time limit that is no number of seconds."""
    check(time_limit, Seconds | None, "--time-limit")


def read(case: Path, policy: Path | None, encoding: str | None) -> Case:
    """Read a case."""
    import optimizer

    return optimizer.read_case(case, policy, encoding)
