"""What takes minutes: prices of rules, the curve of the pool, robustness, the report of a comparison.

Each is one call of the Python API and of its own writer, in a process of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, Literal

from optimizer.case.case import Case, read_case
from optimizer.desk.scenario_file import scenarios_toml
from optimizer.desk.sitting import leave_with_the_server
from optimizer.desk.state import Pinned
from optimizer.desk.unforeseen import unforeseen
from optimizer.explain import explain_all
from optimizer.language.text import LANGUAGES, Language, Text, money
from optimizer.letters.letters import check_templates, write_letters
from optimizer.policy.policy import Policy
from optimizer.problems.errors import SubsidyError
from optimizer.report.drawings import read_figures
from optimizer.report.frame_sheets import Columns, listed_sheet
from optimizer.report.printed_record import render_record
from optimizer.report.typesetting import require_typst
from optimizer.result.allocation import Allocation
from optimizer.revisions import Revision, reopen
from optimizer.revisions.told import annex_of
from optimizer.scenarios.comparison import compare
from optimizer.scenarios.pool_curve import PoolSteps, pool_curve
from optimizer.scenarios.price_book import prices
from optimizer.scenarios.price_tables import HEADS, prices as price_rows
from optimizer.scenarios.read import read_scenarios
from optimizer.scenarios.write import write_comparison
from optimizer.scenarios.write_prices import write_prices
from optimizer.solving.options import Options, Progress
from optimizer.stationery.head import Head, report_head
from optimizer.uncertainty.robustness import robustness
from optimizer.uncertainty.written import write_robustness
from optimizer.workbooks.sheet import CellKind, Sheet
from optimizer.writing import new_file

Kind = Literal["prices", "robustness", "comparison", "pools", "letters", "record"]
_BESIDE = 5  # how much an answer that is waited for goes before it


@dataclass(frozen=True)
class Errand:
    """One thing to be worked out in the background.

    Parameters
    ----------
    kind
        ``prices``: of each rule, the curve of the pool and the frontier; ``robustness``; ``comparison``
        of the pins with the policy; ``pools``: only where the answer changes with the pool; ``letters`` or
        ``record`` (a PDF) of a finished result.
    policy
        About which policy.
    target
        The folder of its files; of ``record``, the file; nothing is written for ``pools``.
    language
        Of every file.
    pins
        Of a comparison.
    draws
        Of each random way, for robustness.
    result, templates
        The folder of the result, and of the bureau's own templates, for letters and record.
    """

    kind: Kind
    policy: Policy
    target: Path
    language: Language = "zh-TW"
    pins: tuple[Pinned, ...] = ()
    draws: int = 200
    result: Path = Path()
    templates: Path | None = None


@dataclass(frozen=True)
class Brought:
    """What an errand brought back, to be shown as it is.

    Parameters
    ----------
    proved
        Whether nothing in it was cut short by a limit.
    said
        Sentences.
    sheets
        Tables, as workbooks and pages of the same have them, in each language.
    figures
        SVG elements, as they stand in the files.
    breaks
        Pools at which the list is another than with a unit less, NT$.
    reach
        The least and the greatest pool that was looked at, NT$.
    """

    proved: bool
    said: tuple[Text, ...] = ()
    sheets: Mapping[Language, tuple[Sheet, ...]] = field(
        default_factory=lambda: dict.fromkeys(LANGUAGES, ())
    )
    figures: tuple[str, ...] = ()
    breaks: tuple[int, ...] = ()
    reach: tuple[int, int] = (0, -1)


_RULES: Columns = tuple(
    (CellKind.LONG if name == "said" else CellKind.TEXT, name, head, 24)
    for name, head in HEADS.items()
)
_FIRMNESS: Columns = (
    (CellKind.TEXT, "application_id", Text("申請編號", "Application"), 12),
    (CellKind.TEXT, "title", Text("社群", "Community"), 30),
    (CellKind.MONEY, "award", Text("核定", "Award"), 10),
)
_DECIDE = (
    CellKind.TEXT,
    "reviewers_that_decide",
    Text("由誰的評分決定", "Whose marks decide"),
    20,
)
_CHANCE: Mapping[str, Text] = {
    "bootstrap": Text("重抽評分（%）", "Reviews redrawn (%)"),
    "noise": Text("加計誤差（%）", "With noise (%)"),
    "severity": Text("校正寬嚴（%）", "Severity taken out (%)"),
}


def _prices(case: Case, errand: Errand, say: Progress) -> Brought:
    steps, every = count(), len(case.policy.rules) + 2
    book = prices(case, language=errand.language, progress=lambda _: say(f"{next(steps)}/{every}"))
    write_prices(book, errand.target)
    title = Text("各規則之代價", "The price of each rule")
    found = book.pools
    return Brought(
        book.proved,
        (book.more.text,),
        sheets=_in_each(
            lambda one: listed_sheet(title, _RULES, price_rows(book.rules.without, one), one)
        ),
        figures=_figures(errand),
        breaks=_breaks(found),
        reach=_reach(found),
    )


def _in_each(made: Callable[[Language], Sheet]) -> dict[Language, tuple[Sheet, ...]]:
    return {language: (made(language),) for language in LANGUAGES}


def _pools(case: Case, errand: Errand, say: Progress) -> Brought:
    found = pool_curve(case, time_limit=60.0)
    return Brought(found.proved, breaks=_breaks(found), reach=_reach(found))


def _breaks(found: PoolSteps) -> tuple[int, ...]:
    both = pairwise(found.lists)
    return tuple(
        now.pool + found.base.contingency
        for before, now in both
        if None not in (before.decision, now.decision) and before.decision != now.decision
    )


def _reach(found: PoolSteps) -> tuple[int, int]:
    pools = [each.pool + found.base.contingency for each in found.lists]
    return min(pools, default=0), max(pools, default=-1)


def nearest(breaks: Sequence[int], value: int) -> Text:
    """Say between which two pools the list is what it is: the next at which it is another.

    Parameters
    ----------
    breaks
        Where it is another than with a unit less, NT$, the least first.
    value
        The pool as it is.
    """
    below = max((at for at in breaks if at <= value), default=None)
    above = min((at for at in breaks if at > value), default=None)
    zh = [f"低於 {money(below)} 元"] if below is not None else []
    en = [f"below NT${money(below)}"] if below is not None else []
    if above is not None:
        zh.append(f"達 {money(above)} 元")
        en.append(f"from NT${money(above)} on")
    if not zh:
        return Text("上下一成之內名單不變", "the same list within a tenth to either side")
    return Text(f"{'或'.join(zh)}，名單即不同", f"another list {' or '.join(en)}")


def _robustness(case: Case, errand: Errand, say: Progress) -> Brought:
    kept = errand.target.with_name(f"{errand.target.name}.runs")
    found = robustness(case, errand.draws, cache=kept, language=errand.language, progress=say)
    write_robustness(found, errand.target)
    by_chance = found.frame[found.frame["group"] == "chance"]
    ways = [(CellKind.POINTS, f"chance_{way}", _CHANCE[way], 10) for way in found.by_chance]
    title = Text("受評分誤差左右者", "Left to the noise of the marks")
    columns = (*_FIRMNESS, *ways, _DECIDE)
    return Brought(
        found.allocation.status == "optimal"
        and not any(t.unproved for t in found.by_chance.values()),
        (_firm(found.groups, found.known),),
        _in_each(lambda one: listed_sheet(title, columns, by_chance, one)),
        _figures(errand),
    )


def _firm(groups: list[str], known: Text) -> Text:
    within, without, chance = (groups.count(g) for g in ("firm_in", "firm_out", "chance"))
    return Text(
        f"各種隨機方式所抽，皆有 95% 以上獲補助者 {within:,} 件、未獲補助者 {without:,} 件；"
        f"另 {chance:,} 件受評分誤差左右。{known.zh}",
        f"{within:,} are funded, and {without:,} not, in 95% or more of the draws of every random way; "
        f"{chance:,} hang on the noise of the marks. {known.en}",
    )


def _comparison(case: Case, errand: Errand, say: Progress) -> Brought:
    steps, every = count(), len(errand.pins) + 1
    with TemporaryDirectory() as place:
        file = Path(place) / "scenarios.toml"
        file.write_text(scenarios_toml(case.policy, errand.pins), "utf-8")
        named = read_scenarios(file, case)
        found = compare(
            case, named, language=errand.language, progress=lambda _: say(f"{next(steps)}/{every}")
        )
    write_comparison(found, errand.target)
    return Brought(found.proved, figures=_figures(errand))


def _letters(case: Case, errand: Errand, say: Progress) -> Brought:
    language, given = errand.language, errand.templates
    check_templates(given, language)
    found = reopen(errand.result, case, language=language)
    allocation = found.allocation if isinstance(found, Revision) else found
    ids, steps = set(allocation.awards["application_id"]), count()

    def next_one(step: str) -> None:
        if step in ids:  # nothing else is counted
            say(f"{next(steps)}/{len(ids)}")

    told = explain_all(allocation, options=Options(language=language, progress=next_one))
    if isinstance(found, Revision):
        told = list(map(found.told, told))
    write_letters(allocation, told, errand.target, given, language=language)
    return Brought(True)


def _record(case: Case, errand: Errand, say: Progress) -> Brought:
    require_typst()
    found = reopen(errand.result, case, language=errand.language)
    if isinstance(found, Revision):
        told = annex_of(found.record, found.allocation)
        made = render_record(found.allocation, annex=told, head=_head(found.allocation, errand))
    else:
        made = render_record(found, head=_head(found, errand))
    new_file(errand.target, made)
    return Brought(True)


def _head(allocation: Allocation, errand: Errand) -> Head | None:
    plan = allocation.case.policy.settings.plan
    return report_head(errand.templates, plan, errand.language) if errand.templates else None


def _figures(errand: Errand) -> tuple[str, ...]:
    return tuple(read_figures(errand.target / "figures", errand.language))


_WORK: Mapping[Kind, Callable[[Case, Errand, Progress], Brought]] = {
    "prices": _prices,
    "pools": _pools,
    "robustness": _robustness,
    "comparison": _comparison,
    "letters": _letters,
    "record": _record,
}


def done(errand: Errand, case: Case, say: Progress) -> Brought:
    """Do an errand.

    Parameters
    ----------
    errand
        What is to be done.
    case
        Of which case; its own policy gives way to the errand's.
    say
        Called with how much is done, of how much, as in ``25/2000``.

    Raises
    ------
    SubsidyError
        As the Python API does.
    """
    return _WORK[errand.kind](case.under(errand.policy), errand, say)


def go(path: Path, errand: Errand, pipe: Connection) -> None:
    """Do an errand in a process of its own, and say through a pipe how it goes and what comes of it."""
    Thread(target=leave_with_the_server, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(_BESIDE)
    answer: Any
    try:
        answer = done(errand, read_case(path), pipe.send)
    except SubsidyError as error:
        answer = error
    except Exception as error:
        answer = unforeseen(error)
    with suppress(BrokenPipeError):
        pipe.send(answer)
