"""What all commands have in common: the options that every one of them understands."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from optimizer.cli.bilingual import both
from optimizer.cli.face import Face
from optimizer.problems import arguments
from optimizer.problems.arguments import MOST_THREADS, Seconds, check

if TYPE_CHECKING:
    from optimizer.case.case import Case

Language = Annotated[
    Literal["zh-TW", "en"] | None,
    typer.Option(
        "--lang",
        help=both(
            "訊息語言；未指定則依 SUBSIDY_LANG 或系統語系",
            "language of messages; SUBSIDY_LANG or the locale unless given",
        ),
    ),
]
Json = Annotated[
    bool,
    typer.Option(
        "--json",
        help=both(
            "標準輸出只印一份 JSON，訊息改走標準錯誤",
            "print one JSON document on stdout and nothing else; messages go to stderr",
        ),
    ),
]

CasePath = Annotated[
    Path,
    typer.Argument(
        metavar="CASE",
        help=both(
            "計畫資料夾，或旁邊有 policy.toml 的活頁簿",
            "a case folder, or a workbook with policy.toml beside it",
        ),
    ),
]
OutFolder = Annotated[
    Path,
    typer.Option(
        "--out", metavar="DIR", help=both("寫入結果的資料夾", "the folder to write the result to")
    ),
]
PolicyFile = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        metavar="FILE",
        help=both("改用另一份計畫檔", "another policy than the case's own policy.toml"),
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help=both(
            "所有 CSV 檔的編碼，如 cp950；未指定則自動判斷",
            "encoding of all CSV files, e.g. cp950, if the automatic choice is wrong",
        ),
    ),
]
Solver = Annotated[
    arguments.Solver,
    typer.Option(
        "--solver",
        help=both(
            "求解器；\n\nauto 依計畫選最快者",
            "the solver; auto takes the fastest that fits the policy",
        ),
    ),
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="SECONDS",
        min=0,
        help=both(
            "求解秒數上限；\n\n到時寫出當時所得，註明未經證明",
            "seconds for solving; what was found by then is written, and said to be unproved",
        ),
    ),
]
Threads = Annotated[
    int,
    typer.Option(
        "--threads",
        metavar="N",
        min=1,
        max=MOST_THREADS,
        help=both("求解器執行緒數", "solver threads"),
    ),
]

Command = Callable[..., int | None]


def command(function: Command) -> Command:
    """Give a command ``--lang`` and ``--json``, and hand it a `Face` as its first argument.

    The two are looked for before parsing (`Face.of`); here they are only declared.
    """
    own = inspect.signature(function, eval_str=True)
    parameters = list(own.parameters.values())[1:]
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
        return function(face, **values)

    every = [context, *(p.replace(kind=keyword) for p in parameters), *common]
    run.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in every}
    return run


def check_limit(time_limit: float | None) -> None:
    """Refuse a time limit that is no number of seconds."""
    check(time_limit, Seconds | None, "--time-limit")


def read(case: Path, policy: Path | None, encoding: str | None) -> Case:
    """Read a case."""
    import optimizer

    return optimizer.read_case(case, policy, encoding)
