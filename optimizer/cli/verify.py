"""``subsidy verify``: a finished result checked against its inputs, and proved once more."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from optimizer.cli.allocate import LIMIT_REACHED
from optimizer.cli.bilingual import argument, option
from optimizer.cli.command import Encoding, PolicyFile, ReportTemplates, check_limit, read
from optimizer.cli.face import Face
from optimizer.language.text import Text
from optimizer.problems.errors import CaseError, UsageError

if TYPE_CHECKING:
    from optimizer.verify.verification import Verification

AUDIT_FAILED = 5
ResultFolder = Annotated[Path, argument("DIR", "allocate 寫出的結果資料夾", "a finished result")]
CaseOption = Annotated[
    Path,
    option(
        "--case",
        "產生這份結果的計畫資料夾",
        "the case that the result is said to come from",
        metavar="CASE",
    ),
]
Quick = Annotated[
    bool,
    option(
        "--quick",
        "不再次證明：只核對名單合於規則、每一格與計畫資料相符",
        "leave the second proof out: only that the list is allowed and truly described",
    ),
]
Prove = Annotated[bool, typer.Option("--prove", hidden=True)]  # what is done anyway
ProofLimit = Annotated[
    float | None,
    option(
        "--time-limit",
        "再次證明的秒數上限",
        "seconds for the second proof",
        metavar="SECONDS",
        min=0,
    ),
]
Seal = Annotated[
    str | None,
    option(
        "--seal",
        "抄在紙上的查核碼，一併核對",
        "the seal as it was written down, to be checked too",
        metavar="SEAL",
    ),
]
Commitment = Annotated[
    str | None,
    option(
        "--seed-commitment",
        "事先公布的種子雜湊值，一併核對",
        "the SHA-256 of the seed as published in advance, to be checked too",
        metavar="SHA256",
    ),
]
Parent = Annotated[
    Path | None,
    option(
        "--parent",
        "修正結果所依據的前次結果資料夾，一併核對",
        "of a revision: the result that it revised, to be checked too",
        metavar="DIR",
    ),
]


def verify(
    face: Face,
    result: ResultFolder,
    case: CaseOption,
    policy: PolicyFile = None,
    quick: Quick = False,
    prove: Prove = False,
    time_limit: ProofLimit = None,
    seal: Seal = None,
    seed_commitment: Commitment = None,
    parent: Parent = None,
    templates: ReportTemplates = None,
    encoding: Encoding = None,
) -> int:
    """Run the command."""
    from optimizer.cli.difference_lines import differences
    from optimizer.cli.verdict import commitment_line, seal_line, verdict
    from optimizer.solving.options import Options
    from optimizer.verify.verification import Verdict
    from optimizer.verify.verify import verification

    check_limit(time_limit)
    if prove and quick:
        raise UsageError(
            Text("--quick 與 --prove 不能並用。", "--quick and --prove exclude each other.")
        )
    if not result.exists():
        raise CaseError(Text(f"找不到結果 {result}。", f"There is no result at {result}."))
    given = read(case, policy, encoding)
    found = verification(
        result,
        given,
        quick=quick,
        options=Options(time_limit=time_limit),
        seed_commitment=seed_commitment,
        seal=seal,
        parent=parent,
        templates=templates,
    )
    checked, said = found.verdict is Verdict.CHECKED, verdict(found)
    error = {} if checked else {"error": face.say(said)}
    face.document("verify", {**error, "verified": checked, **_document(face, found, result)})
    face.show(
        said,
        *seal_line(found, given=seal is not None),
        *commitment_line(found, given=seed_commitment is not None),
        *differences(found, given.policy),
    )
    if found.problems:
        return AUDIT_FAILED
    return 0 if checked else LIMIT_REACHED


def _document(face: Face, found: Verification, result: Path) -> dict[str, Any]:
    from optimizer.cli.terminal_tables import problem_rows
    from optimizer.cli.verdict import uncompared

    rows = problem_rows(found.problems, face.language)
    return {
        "verdict": found.verdict,
        "result": str(result),
        "seal": "" if found.problems else found.seal,
        "proof": {**asdict(found.proof), "drawn": found.proof.drawn.say(face.language)},
        "uncompared": [asdict(one) for one in found.uncompared],
        "notes": [face.say(note) for note in uncompared(found)],
        "problems": [
            {**row, "expected": problem.right or row["expected"]}
            for row, problem in zip(rows, found.problems, strict=True)
        ],
    }
