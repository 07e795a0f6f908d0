"""``subsidy verify``: a finished result checked against its inputs, without the solver."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.bilingual import both
from optimizer.cli.command import Encoding, PolicyFile, check_limit, read
from optimizer.cli.face import Face
from optimizer.errors import CaseError
from optimizer.text import Text

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
Prove = Annotated[
    bool,
    typer.Option(
        "--prove",
        help=both("另以別的方法重新求解，核對最佳性", "solve again by another method, and compare"),
    ),
]

ProofLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="SECONDS",
        min=0,
        help=both("--prove 的秒數上限", "seconds for --prove"),
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


def verify(
    face: Face,
    result: ResultFolder,
    case: CaseOption,
    policy: PolicyFile = None,
    prove: Prove = False,
    time_limit: ProofLimit = None,
    seed_commitment: Commitment = None,
    encoding: Encoding = None,
) -> int:
    """Run the command."""
    import optimizer
    from optimizer.cli.show import problem_rows, problem_table

    check_limit(time_limit)
    if not result.exists():
        raise CaseError(Text(f"找不到結果 {result}。", f"There is no result at {result}."))
    problems = optimizer.verify_result(
        result, read(case, policy, encoding), prove, time_limit, seed_commitment
    )
    face.document(
        "verify",
        {
            **({"error": face.say(_verdict(len(problems)))} if problems else {}),
            "verified": not problems,
            "result": str(result),
            "problems": problem_rows(problems, face.language),
        },
    )
    face.show(_verdict(len(problems)))
    if problems:
        face.show(problem_table(problems, face.language))
    return AUDIT_FAILED if problems else 0


def _verdict(count: int) -> Text:
    if not count:
        return Text(
            "結果與計畫資料相符：名單、金額、統計、理由與各項優先順序的值均已重新核算。",
            "The result is what the case gives: the list, the amounts, the totals, the reasons and "
            "the value of every priority were worked out again.",
        )
    return Text(
        f"結果與計畫資料不符，共 {count:,} 處。",
        f"The result is not what the case gives: {count:,} difference{'' if count == 1 else 's'}.",
    )
