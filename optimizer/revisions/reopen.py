"""A published result as it was before it was written: solved again, and the very same by its seal."""

from __future__ import annotations

from pathlib import Path

from optimizer.case.case import Case
from optimizer.language.text import Language, Text
from optimizer.pipe import allocated
from optimizer.problems.arguments import Seconds, Solver, Threads, checked
from optimizer.problems.errors import CaseError
from optimizer.result.allocation import Allocation
from optimizer.revisions.answers import find_answers
from optimizer.revisions.links import MALFORMED
from optimizer.revisions.published import Published, read_published
from optimizer.revisions.record import case_of
from optimizer.revisions.revise import Revision, chain_of, unusable
from optimizer.solving.options import Options, Progress


@checked
def reopen(
    folder: str | Path,
    case: Case,
    solver: Solver = "auto",
    time_limit: Seconds | None = None,
    threads: Threads = 1,
    language: Language = "zh-TW",
    progress: Progress | None = None,
) -> Allocation | Revision:
    """Return a finished result, revised or not, to be explained: the case is solved again.

    Parameters
    ----------
    folder
        What `write_result` or `write_revision` wrote.
    case
        The case that it was made from, late corrections included.
    solver, time_limit, threads, language, progress
        As for `allocate`.

    Raises
    ------
    UsageError
        If an argument is not what it should be.
    CaseError
        If the folder holds no finished result, or the case leads to another one.

    Examples
    --------
    >>> written = write_result(allocate(case), "published", parts=())
    >>> reopen("published", case).explain("A001").status
    'funded'
    """
    place = Path(folder)
    options = Options(solver, time_limit, threads, language=language, progress=progress)
    found, record = read_published(place)
    if record is None:
        return _the_same(allocated(case, options), found, place)
    *before, _ = chain = chain_of(place)
    try:
        revised = case_of(record, chain[-2], case)
    except MALFORMED:
        raise unusable(place) from None
    allocation = _the_same(allocated(revised, options), found, place)
    answers, free = find_answers(allocation, chain[-2], options)
    return Revision(allocation, free, tuple(before), answers=answers)


def _the_same(allocation: Allocation, found: Published, folder: Path) -> Allocation:
    """Refuse a list that is not the one that was published."""
    if allocation.seal == found.seal:
        return allocation
    raise CaseError(
        Text(
            f"計畫資料與 {folder} 之結果不符：由現有資料算得之查核碼為 {allocation.seal}，該結果為 {found.seal}。"
            "請改用產生該結果之資料與計畫檔（--policy）；若有時限，請放寬。",
            f"The case does not lead to the result in {folder}: it gives the seal {allocation.seal}, and "
            f"that result has {found.seal}. Use the data and the policy (--policy) that it was made from, "
            "and a longer time limit if there is one.",
        )
    )
