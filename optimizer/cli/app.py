"""The program: which commands there are, and how a run begins and ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from optimizer.cli.allocate import allocate
from optimizer.cli.batch import batch
from optimizer.cli.bilingual import both, option, tell, tell_help_words
from optimizer.cli.check import check
from optimizer.cli.clauses import clauses
from optimizer.cli.command import Command, Json, Language, command
from optimizer.cli.compare import compare
from optimizer.cli.desk import desk
from optimizer.cli.explain import explain
from optimizer.cli.face import Face
from optimizer.cli.failures import INTERRUPTED, guarded
from optimizer.cli.generate import generate
from optimizer.cli.import_ import import_
from optimizer.cli.interrupts import prompt_interrupts
from optimizer.cli.new import new
from optimizer.cli.prices import prices
from optimizer.cli.revise import revise
from optimizer.cli.robustness import robustness
from optimizer.cli.schema import schema
from optimizer.cli.streams import steady_streams
from optimizer.cli.sweep import sweep
from optimizer.cli.verify import verify
from optimizer.foundation.collection import collect_seldom


class Commands(TyperGroup):
    """The group of commands; every run of it ends with a sentence and an exit code."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Settle the language, run, and put whatever goes wrong into words."""
        arguments = list(sys.argv[1:] if args is None else args)
        face = Face.of(arguments, os.environ)
        steady_streams(face.json)
        tell(self, face.language)
        if "--help" in arguments or not arguments:
            tell_help_words(face.language)
        run = super().main
        code = guarded(
            face,
            lambda: run(
                arguments,
                prog_name or "subsidy",
                complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args,
                obj=face,
                **extra,
            ),
        )
        if standalone_mode:
            sys.exit(code)
        return code


app = typer.Typer(
    cls=Commands,
    no_args_is_help=False,
    add_completion=False,
    context_settings={"help_option_names": ["--help"]},
    help=both(
        "在固定經費內，依計畫條文逐項精確分配補助，並說明每一件的理由。",
        "Distribute a subsidy pool exactly, rule by rule, with a reason for every line.",
    ),
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"subsidy {version('subsidy-optimizer')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    lang: Language = None,
    json: Json = False,
    version: Annotated[
        bool,
        option("--version", "版本", "print the version", is_eager=True, callback=_version),
    ] = False,
) -> None:
    """Show what there is where no command is named."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


COMMANDS: dict[Command, str] = {
    new: both(
        "建立待填的計畫資料夾：空白表格與附註解的計畫檔",
        "Make a folder to fill in: empty tables and a commented policy.",
    ),
    desk: both(
        "在瀏覽器開啟工作台：調整規則、比較、人工核定並產生結果，不必改檔案",
        "Open the workbench in the browser: explore, compare, decide and finish without editing a file.",
    ),
    check: both(
        "列出計畫資料夾的所有問題：資料、計畫、資格",
        "Find every problem of a case: data, policy, screening.",
    ),
    allocate: both(
        "分配補助，寫出名單、理由與報告",
        "Distribute the pool; write the list, the reasons and a report.",
    ),
    explain: both(
        "說明某件申請為何獲補助或未獲補助；--all --out 寫出通知函與電話應答表",
        "Say why an application is funded or not; --all --out writes the letters and the "
        "telephone sheet.",
    ),
    verify: both(
        "依計畫資料夾核對一份完成的結果，並再次證明（--quick 不用求解器）",
        "Check a finished result against its inputs and prove it again (--quick: no solver).",
    ),
    revise: both(
        "公布後有撤回、減列、經費或資料更正時，不收回任何核定而修正",
        "After withdrawals, reductions, a new pool or corrections: revise, take nothing back.",
    ),
    compare: both(
        "並列比較數個情境的結果",
        "Compare named scenarios side by side.",
    ),
    sweep: both(
        "逐一試算計畫各鍵的所有組合，寫成一張長表",
        "Allocate under every combination of the values of some keys; write one long table.",
    ),
    prices: both(
        "計算每條規則的代價、各經費總額的結果與優先順序之取捨",
        "Work out the price of each rule, what every pool brings, and what priorities cost each other.",
    ),
    robustness: both(
        "評分若略有不同，每一件的決定有多穩",
        "How firm each decision is if marks had been a little different.",
    ),
    batch: both(
        "一次分配多個計畫資料夾，各寫出一份結果",
        "Allocate many cases, each with a result of its own.",
    ),
    clauses: both(
        "列出程式認得的每一種規則及其鍵", "List every rule the program knows, with its keys."
    ),
    generate: both(
        "產生任意大小的虛構案例，供試用與測試",
        "Invent a round of any size, for trials and tests.",
    ),
    import_: both(
        "由其他格式的檔案建立計畫資料夾：參與式預算的 .pb 檔",
        "Make a case of a file of another kind: a .pb file of participatory budgeting.",
    ),
    schema: both(
        "列出 --json 各種文件的 JSON Schema",
        "Print the JSON Schemas of what --json prints.",
    ),
}
for _function, _help in COMMANDS.items():
    app.command(_function.__name__.rstrip("_"), help=_help)(command(_function))


def main() -> None:
    """Run the command line."""
    collect_seldom()
    _travel_light()
    face = Face.of(sys.argv[1:], os.environ)
    steady_streams(face.json)
    with prompt_interrupts(lambda: guarded(face, lambda: INTERRUPTED)):
        app()


def _travel_light() -> None:
    """Leave out what libraries would load and nothing here needs.

    That is pandas' pyarrow, numpy's threads, and whatever is installed to watch pydantic.
    """
    sys.modules.setdefault("pyarrow", None)  # type: ignore[arg-type]
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
