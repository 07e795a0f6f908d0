"""Verifying: a finished result is checked against its inputs, and its claim to be the best proved.

The decision is taken from the award column alone. Everything else that a result says is worked out
again from the inputs and that decision, and compared cell by cell: eligibility, merit, ranks,
totals, reasons, the value of every priority, every hard rule, the seal. Workbooks, figures and the
report are made anew and compared. Then another engine than the one that made the result proves
every priority, every class of certainty and the draw again; ``quick=True`` leaves that out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from optimizer.case.case import Case
from optimizer.language.text import Text
from optimizer.problems.arguments import Seconds, checked
from optimizer.problems.errors import (
    LimitError,
    NotComparableError,
    Problem,
    UsageError,
    defect,
)
from optimizer.recheck import recheck
from optimizer.report.folder import REPORT, SUMMARY
from optimizer.report.result_columns import TABLES
from optimizer.result.allocation import Allocation
from optimizer.revisions.told import annex_of
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.solving.options import Options
from optimizer.verify.chain import (
    answers_again,
    chain_problems,
    parent_problems,
    read_chain,
    revised,
)
from optimizer.verify.claims import OF_THE_RUN, OPTIONAL, contradictions
from optimizer.verify.difference_order import ordered
from optimizer.verify.differences import KEYS, document_differences, table_differences
from optimizer.verify.file_list import file_problems, parts_of
from optimizer.verify.letterhead import head_of
from optimizer.verify.page_prints import fingerprint_problems
from optimizer.verify.plain_seal import read_seal
from optimizer.verify.proof import prove
from optimizer.verify.rebuild import Rebuilt, rebuild
from optimizer.verify.remake import Compared, claimed_maker, compare, other_versions, remake
from optimizer.verify.reread import ResultTable, changed_files, in_summary, read_csv, read_document
from optimizer.verify.run_facts import run_problems
from optimizer.verify.same_case import content_problems, frames_problem
from optimizer.verify.summary_text import repeated_keys, summary_bytes_problem
from optimizer.verify.verification import (
    Proof,
    Standing,
    Verdict,
    Verification,
    not_comparable,
    unfinished,
)

_WITHOUT_ANNEX = ("published", "figures")  # parts that a revision's record has no place in
FILES = tuple(f"{name}.csv" for name in TABLES)


@checked
def verify_result(
    folder: str | Path,
    case: Case,
    *,
    quick: bool = False,
    time_limit: Seconds | None = None,
    seed_commitment: str | None = None,
    seal: str | None = None,
    parent: str | Path | None = None,
    templates: str | Path | None = None,
) -> list[Problem]:
    """Check a finished result against its inputs, and prove its claim to be the best again.

    Parameters
    ----------
    folder
        What `write_result` wrote.
    case
        The inputs it is said to come from, under the policy it is said to follow.
    quick
        Leave the second proof out: the list is then shown to be allowed and truly described, *not*
        to be the best, and the draw is not checked.
    time_limit
        Seconds for the second proof.
    seed_commitment
        SHA-256 of the seed as it was published before the reviews were opened, to be checked.
    seal
        The seal as it was written down, to be checked.
    parent
        Of a revision: the folder of the result that it revised, to be held against its record too.
    templates
        The bureau's own templates, where the report has a head that was made of them.

    Returns
    -------
    list of Problem
        Every difference, with file, row, column, value and what was expected; empty if the result
        is what it says. `verification` also says what was and was not shown.

    Raises
    ------
    UsageError
        If an argument is not what it should be, e.g. `seal` can be no seal.
    CaseError
        If the case itself does not fit its policy.
    LimitError
        If nothing differs, but the limit came before the second proof was complete.
    NotComparableError
        If nothing differs, but files have not the bytes that are written here, by versions that
        the result says are others.

    Examples
    --------
    >>> written = write_result(allocate(case), "result", parts=())
    >>> verify_result("result", case)
    []
    """
    found = verification(
        folder,
        case,
        quick=quick,
        options=Options(time_limit=time_limit),
        seed_commitment=seed_commitment,
        seal=seal,
        parent=parent,
        templates=templates,
    )
    if found.verdict is Verdict.NOT_COMPARABLE:
        raise NotComparableError(not_comparable(found))
    if found.verdict is Verdict.UNFINISHED:
        raise LimitError(unfinished(found.proof))
    return found.problems


def verification(
    folder: str | Path,
    case: Case,
    *,
    quick: bool = False,
    options: Options | None = None,
    seed_commitment: str | None = None,
    seal: str | None = None,
    parent: str | Path | None = None,
    templates: str | Path | None = None,
) -> Verification:
    """Do what `verify_result` does, and say exactly what was and was not shown.

    The parameters are those of `verify_result`, its limit among the options; a limit that came first is a `Standing`, no error.
    """
    written = None if seal is None else _written(seal)
    place, found = Path(folder), list(_commitment(case, seed_commitment))
    if not os.path.isdir(place):  # noqa: PTH112 - says so of a name that is too long
        message = Text("找不到結果資料夾", "no such folder")
        return Verification([defect("missing_folder", message, file=place.name)], leading=1)
    chain = read_chain(place, case, found)
    case = revised(chain, case)
    scored = score(screen(case.records, case.policy))
    document = read_document(place, found)
    if parent is not None:
        found += parent_problems(chain, Path(parent))
    tables = {name: read_csv(place, f"{name}.csv", found) for name in TABLES}
    parts = [] if document is None else _own_problems(place, document, found)
    if tables["awards"] is None:
        found, leading = ordered([*found, *recheck(case, scored)], (), other=False)
        return Verification(found, leading=leading, partly=True)
    said = document or {}
    rebuilt, maker = rebuild(said, scored, case, tables=tables, found=found), claimed_maker(said)
    found += _seal_problems(written, rebuilt.seal)
    if document is not None:
        found += _summary_problems(place, rebuilt, case, document)
    allocation, compared, unknown, annex = rebuilt.allocation, Compared(), False, None
    if allocation is not None:
        found += _table_problems(allocation, tables)
    if chain is not None and allocation is not None:
        again = (options or Options()).anew()
        answers = None if quick or found else answers_again(chain, allocation, again)
        unknown = answers is None and not quick
        wrong = chain_problems(chain, allocation, answers)
        found += wrong
        annex = None if wrong else annex_of(chain.said, allocation)
        parts = parts if annex else [part for part in parts if part in _WITHOUT_ANNEX]
    remade = allocation is not None and document is not None and not rebuilt.broken
    if allocation is not None and document is not None and remade:
        head, wrong_head = head_of(document, allocation, templates)
        found += wrong_head
        parts = [part for part in parts if part != "report" or not wrong_head]
        made = remake(allocation, parts, maker, annex=annex, head=head)
        compared = compare(place, made, maker, parts)
        known = {p.file for p in found}
        found += [p for p in compared.problems if p.code != "bytes" or p.file not in known]
    proof = Proof(Standing.LEFT_OUT if quick else Standing.NOT_TRIED)
    if allocation is not None and not quick and not found:
        proof, missed = prove(allocation, (options or Options()).anew())
        found += missed
        if chain is not None and unknown:
            proof = chain.unsettled(proof)
    found, leading = ordered(found, rebuilt.broken, rebuilt.other)
    return Verification(
        found,
        rebuilt.seal,
        proof,
        uncompared=tuple(compared.uncompared),
        versions=tuple(other_versions(maker)) if compared.uncompared else (),
        claimed=str(said.get("seal", "")),
        leading=leading,
        other=rebuilt.other,
        partly=not remade or any(one.file == REPORT and one.code == "differs" for one in found),
    )


def _own_problems(place: Path, document: Mapping[str, Any], found: list[Problem]) -> list[str]:
    """Add what a summary is seen to be wrong in by itself; return the parts that it names."""
    parts = parts_of(document, found)
    changed_files(place, document.get("outputs"), FILES, found)
    found += [*file_problems(place, document, parts), *repeated_keys(place)]
    found += [*run_problems(document), *fingerprint_problems(place, document)]
    return parts


def _written(seal: str) -> str:
    """Return a seal as it was copied from paper.

    Raises
    ------
    UsageError
        If it can be none.
    """
    found = read_seal(seal)
    if found is None:
        raise UsageError(
            Text(
                f"「{seal[:60]}」不是查核碼；應為 25 個英數字，每 5 個一組。",
                f"{seal[:60]!r} is no seal: that is 25 letters and digits in groups of five.",
            )
        )
    return found


def _seal_problems(written: str | None, anew: str) -> Iterable[Problem]:
    if written is not None and written != anew:
        message = Text(
            "與所附查核碼不符：結果資料夾現有內容並非抄下此查核碼時者，或抄寫有誤",
            "the seal given is not that of what stands here: the result is another one, or the "
            "seal was copied wrongly",
        )
        here = Text(f"依現有內容算得「{anew}」", f"what stands here gives {anew!r}")
        yield defect("seal", message, expected=here, value=written)


def _commitment(case: Case, published: str | None) -> Iterable[Problem]:
    digest = case.policy.settings.draw.digest
    if published is not None and published.strip().lower() != digest:
        message = Text("抽籤種子並非事先公布者", "the seed is not the one that was published")
        yield defect(
            "commitment",
            message,
            expected=published,
            file="policy.toml",
            column="draw.seed",
            value=digest,
        )


def _table_problems(
    allocation: Allocation, tables: Mapping[str, ResultTable | None]
) -> Iterable[Problem]:
    for name, table in tables.items():
        if table is not None:
            yield from table_differences(table, getattr(allocation, name), KEYS[name])


def _summary_problems(
    place: Path, rebuilt: Rebuilt, case: Case, document: Mapping[str, Any]
) -> Iterable[Problem]:
    named = list(content_problems(document.get("content"), case.content))
    if rebuilt.allocation is None:  # nothing follows from a list that breaks the rules
        return named
    own = {key: value for key, value in document.items() if key not in OF_THE_RUN}
    expected = {**rebuilt.allocation.summary, "seal": rebuilt.seal}
    if of_a_notebook := frames_problem(document.get("inputs"), case.sources):
        named.append(of_a_notebook)
        own["inputs"] = expected["inputs"]
    if named:  # said by table and key; what follows from it would only be said twice
        own["content"] = expected["content"]
    found = [*named, *document_differences(own, expected, SUMMARY)]
    for key in OF_THE_RUN:
        if key not in document and key not in OPTIONAL:
            found.append(in_summary("missing_key", Text("缺少此項", "is missing"), key))
    if not any(".value" in p.column for p in found):  # else they only follow from it
        found += contradictions(rebuilt.allocation.solution)
    return found or summary_bytes_problem(place, expected, document)
