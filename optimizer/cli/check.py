"""``subsidy check``: every problem of a case before anything is decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from optimizer.cli.bilingual import option
from optimizer.cli.command import CasePath, Encoding, PolicyFile
from optimizer.cli.face import Face
from optimizer.language.text import EMPTY, Text
from optimizer.language.words import how_many

if TYPE_CHECKING:
    from optimizer.check import Check

_NAMED = 30  # reviewers that are named in the line that counts them
_GROUPS = {
    "error": Text("錯誤：修正之後才能分配", "Errors: correct these before allocating"),
    "refusal": Text("不符資格的申請", "Refusals: applications that are not eligible"),
    "flag": Text("註記，不影響資格", "Flags: worth a look, they decide nothing"),
}
ProblemsFile = Annotated[
    Path | None,
    option(
        "--problems",
        "把所有問題寫成這個 CSV 檔",
        "write all problems to this CSV file",
        metavar="FILE",
    ),
]
ProblemsFolder = Annotated[
    Path | None,
    option(
        "--out",
        "把所有問題寫成此資料夾內的 problems.csv",
        "write all problems to DIR/problems.csv",
        metavar="DIR",
    ),
]
MarkedFile = Annotated[
    Path | None,
    option(
        "--mark",
        "另存一份活頁簿（.xlsx 或 .ods），標出有誤的儲存格",
        "write the tables to this workbook (.xlsx or .ods) with the wrong cells marked",
        metavar="FILE",
    ),
]

SeedCommitment = Annotated[
    bool,
    option(
        "--seed-commitment",
        "印出抽籤種子的 SHA-256，供事先公布",
        "print the SHA-256 of the draw's seed, to be published in advance",
    ),
]


def check(
    face: Face,
    case: CasePath,
    policy: PolicyFile = None,
    encoding: Encoding = None,
    out: ProblemsFolder = None,
    problems: ProblemsFile = None,
    mark: MarkedFile = None,
    seed_commitment: SeedCommitment = False,
) -> int:
    """Run the command."""
    from optimizer.case.case import outline_case
    from optimizer.check import check_case, write_marked, write_problems
    from optimizer.cli.terminal_tables import counts, problem_table

    checked = check_case(case, policy, encoding)
    for target in (None if out is None else out / "problems.csv", problems):
        if target is not None:
            write_problems(checked, target, face.language)
    if mark is not None:
        write_marked(checked, outline_case(case, policy, encoding), mark, face.language)
    count = counts(checked.problems)
    digest = _digest(case, policy) if seed_commitment else ""
    face.document("check", _document(face, checked, count, digest=digest))
    face.show(*_said(checked, count, digest))
    for severity, title in _GROUPS.items():
        group = [problem for problem in checked.problems if problem.severity == severity]
        if group:
            face.show(problem_table(group, face.language, title))
    return 0 if checked.usable else 3


def _document(face: Face, checked: Check, count: dict[str, int], digest: str) -> dict[str, Any]:
    from optimizer.cli.terminal_tables import problem_rows

    return {
        **({} if checked.usable else {"error": face.say(_verdict(checked))}),
        "usable": checked.usable,
        **({"seed_sha256": digest} if digest else {}),
        "counts": {"applications": checked.applications, "eligible": checked.eligible, **count},
        "problems": problem_rows(checked.problems, face.language),
    }


def _said(checked: Check, count: dict[str, int], digest: str) -> Iterator[Text]:
    yield _verdict(checked)
    yield _counts(count)
    if checked.usable:
        yield Text(
            f"申請 {checked.applications:,} 件，符合資格 {checked.eligible:,} 件。",
            f"{how_many(checked.applications, 'application')}, {checked.eligible:,} of them eligible.",
        )
    if checked.reviewers:
        yield _reviewers(checked.reviewers)
    if digest:
        yield Text(
            f"抽籤種子的 SHA-256（請在開封審查結果前公布）：{digest}",
            f"SHA-256 of the seed (publish it before the reviews are opened): {digest}",
        )


def _digest(case: Path, policy: Path | None) -> str:
    from optimizer.case.case import policy_of
    from optimizer.policy.policy import read_policy

    return read_policy(policy_of(case, policy)).settings.draw.digest


def _verdict(checked: Check) -> Text:
    if checked.usable:
        return Text("資料無誤，可以分配。", "No errors: the case can be allocated.")
    rest = checked.rest
    return Text(
        f"資料尚有錯誤，還不能分配。{rest.zh}",
        f"There are errors: the case cannot be allocated yet. {rest.en}".rstrip(),
    )


def _reviewers(names: Sequence[str]) -> Text:
    count, shown = len(names), names[:_NAMED]
    more = Text("等", " and others") if count > _NAMED else EMPTY
    return Text(
        f"審查委員 {count:,} 位：{'、'.join(shown)}{more.zh}。",
        f"{_many(count, 'reviewer')}: {', '.join(shown)}{more.en}.",
    )


def _counts(count: dict[str, int]) -> Text:
    error, refusal, flag = count["error"], count["refusal"], count["flag"]
    return Text(
        f"錯誤 {error:,} 項，不符資格 {refusal:,} 項，註記 {flag:,} 項。",
        f"{_many(error, 'error')}, {_many(refusal, 'refusal')}, {_many(flag, 'flag')}.",
    )


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
