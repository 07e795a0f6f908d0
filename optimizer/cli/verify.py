"""``subsidy verify``: a finished result checked against its inputs, and proved once more."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.allocate import LIMIT_REACHED
from optimizer.cli.bilingual import both
from optimizer.cli.command import Encoding, PolicyFile, check_limit, read
from optimizer.cli.face import Face
from optimizer.language.text import Text
from optimizer.problems.errors import CaseError, UsageError

AUDIT_FAILED = 5
ResultFolder = Annotated[
    Path, typer.Argument(metavar="DIR", help=both("allocate 寫出的結果資料夾", "a finished result"))
]
CaseOption = Annotated[
    Path,
    typer.Option(
        "--case",
        metavar="CASE",
        help=both("產生這份結果的計畫資料夾", "the case that the result is said to come from"),
    ),
]
Quick = Annotated[
    bool,
    typer.Option(
        "--quick",
        help=both(
            "不再次證明：只核對名單合於規則、每一格與計畫資料相符",
            "leave the second proof out: only that the list is allowed and truly described",
        ),
    ),
]
Prove = Annotated[bool, typer.Option("--prove", hidden=True)]  # what is done anyway
ProofLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="SECONDS",
        min=0,
        help=both("再次證明的秒數上限", "seconds for the second proof"),
    ),
]
Seal = Annotated[
    str | None,
    typer.Option(
        "--seal",
        metavar="SEAL",
        help=both(
            "抄在紙上的查核碼，一併核對", "the seal as it was written down, to be checked too"
        ),
    ),
]
Commitment = Annotated[
    str | None,
    typer.Option(
        "--seed-commitment",
        metavar="SHA256",
        help=both(
            "事先公布的種子雜湊值，一併核對",
            "the SHA-256 of the seed as published in advance, to be checked too",
        ),
    ),
]
Parent = Annotated[
    Path | None,
    typer.Option(
        "--parent",
        metavar="DIR",
        help=both(
            "修正結果所依據的前次結果資料夾，一併核對",
            "of a revision: the result that it revised, to be checked too",
        ),
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
    encoding: Encoding = None,
) -> int:
    """Run the command."""
    from optimizer.cli.difference_lines import differences
    from optimizer.cli.terminal_tables import problem_rows
    from optimizer.cli.verdict import seal_line, uncompared, verdict
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
    )
    problems, checked, said = found.problems, found.verdict is Verdict.CHECKED, verdict(found)
    face.document(
        "verify",
        {
            **({} if checked else {"error": face.say(said)}),
            "verified": checked,
            "verdict": found.verdict,
            "result": str(result),
            "seal": "" if problems else found.seal,
            "proof": asdict(found.proof),
            "uncompared": [asdict(one) for one in found.uncompared],
            "notes": [face.say(note) for note in uncompared(found)],
            "problems": problem_rows(problems, face.language),
        },
    )
    face.show(said, *seal_line(found, given=seal is not None), *differences(found, given.policy))
    if problems:
        return AUDIT_FAILED
    return 0 if checked else LIMIT_REACHED
