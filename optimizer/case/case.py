"""A case: everything about one round, read from a folder or a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.case.digest import CaseContent
from optimizer.case.given_policy import given_policy, partly_given, policy_source
from optimizer.case.keyed import keyed
from optimizer.case.shown import case_html, case_line
from optimizer.case.wellformed import malformed, malformed_marks
from optimizer.language.text import Text
from optimizer.policy.fitting import sure_misfits
from optimizer.policy.partly import as_far_as_known, partly_read
from optimizer.policy.policy import Policy, read_policy
from optimizer.problems.arguments import check_fields, checked
from optimizer.problems.errors import CaseError, PolicyError, Problem, UsageError, defect
from optimizer.problems.likeness import closest, did_you_mean
from optimizer.reading import Source, read_frames, read_records, read_source
from optimizer.reading.outline import CaseSheet, outline
from optimizer.reading.workbook import is_workbook
from optimizer.tables.records import Records
from optimizer.tables.reviews import Reviews

REST = Text(
    "其餘檢查須待計畫檔可用之後進行。", "The remaining checks follow once the policy can be used."
)
SCREENING = Text(
    "資格審查與其餘檢查須待錯誤改正之後進行。",
    "Eligibility and the remaining checks follow once the errors are mended.",
)


@dataclass(frozen=True, repr=False)
class Case:
    """The tables of a round and the policy that decides it.

    Parameters
    ----------
    records
        The checked tables.
    policy
        The rules.
    sources
        Every file that was read, with its SHA-256.
    as_read
        What those files say, so that later changes in memory can be told; None if it is not known.

    Examples
    --------
    >>> case = read_case("trial")
    >>> len(case.records.applications), case.policy.settings.pool.amount
    (40, 49000)
    >>> allocate(case.under(case.policy.with_(pool=40_000))).spent
    40000
    """

    records: Records
    policy: Policy
    sources: tuple[Source, ...]
    as_read: CaseContent | None = None

    def __post_init__(self) -> None:
        """Put the tables in order, under the policy that decides, whichever of the two is replaced.

        Raises
        ------
        UsageError
            If a field, or a table in memory, is not what it should be.
        CaseError
            If rows cannot be told apart, or belong to nothing.
        """
        check_fields(self)
        records = self.records
        if records.settings is not self.policy.settings:
            records = records.under(self.policy.settings)
        _refuse("Case(records=…)", malformed(records))
        object.__setattr__(self, "records", keyed(records))

    @staticmethod
    @checked
    def from_frames(
        *,
        schools: pd.DataFrame,
        applications: pd.DataFrame,
        policy: Policy | Mapping[str, Any] | str | Path,
        reviews: pd.DataFrame | None = None,
        budget_lines: pd.DataFrame | None = None,
        meetings: pd.DataFrame | None = None,
    ) -> Case:
        """Make a case of tables in a notebook; they are read as files are, and stay as they are.

        Parameters
        ----------
        schools, applications, reviews, budget_lines, meetings
            The tables, with the headers of the files, English or Chinese. Cells are texts, numbers,
            days, truth values or lists; what is missing is blank. An index that has a name is a column.
        policy
            A policy, its document, or the path of a policy.toml.

        Raises
        ------
        UsageError
            If an argument is not what it should be.
        PolicyError
            If the policy cannot be used, with all that is wrong with the data without asking it.
        CaseError
            With every bad cell of every table at once, e.g. ``schools (DataFrame), row 3, level``: rows
            are counted as in the file that the frame would make, the header being row 1.
        """
        given = {
            "schools": schools,
            "applications": applications,
            "reviews": reviews,
            "budget_lines": budget_lines,
            "meetings": meetings,
        }
        frames = {name: frame for name, frame in given.items() if frame is not None}
        try:
            rules = given_policy(policy)
        except PolicyError as error:
            known = partly_given(policy, error.problems)
            read = partial(read_frames, frames, known.settings, known.unknown)
            raise _with_data(error, read) from None
        further = partial(sure_misfits, rules)
        records, sources = read_frames(frames, rules.settings, further=further)
        sources = (*sources, policy_source(policy, rules))
        return _as_read(records, rules, sources)

    @checked
    def under(self, policy: Policy) -> Case:
        """Return the same applications under another policy.

        Raises
        ------
        UsageError
            If it is no policy.
        PolicyError
            If it reads marks otherwise than they were read: by other criteria, another lowest mark,
            or with missing ones an error.
        """
        other = read_otherwise(self.policy, policy)
        if other:
            raise PolicyError(
                Text("評分已依原計畫讀入", "the marks were read under another policy"),
                [_read_anew(key) for key in other],
            )
        case = object.__new__(Case)  # of the very same tables, which were looked at already
        records = self.records.under(policy.settings)
        vars(case).update(
            records=records, policy=policy, sources=self.sources, as_read=self.as_read
        )
        return case

    @checked
    def with_reviews(self, marks: pd.DataFrame) -> Case:
        """Return the same case with other reviews.

        Parameters
        ----------
        marks
            All marks, one a row, in any order: `application_id`, `reviewer`, `criterion`, `points`
            (a `Fraction` or `int`; ``recused``; blank for a missing mark). So are those of this
            case in ``case.marks``.

        Raises
        ------
        UsageError
            With the first wrong cell of each column, and marks that contradict each other.
        """
        records = self.records
        ids, criteria = list(records.applications["application_id"]), records.reviews.criteria
        _refuse("Case.with_reviews(marks=…)", malformed_marks(marks, set(ids), criteria))
        reviews = Reviews.from_table(marks, ids, criteria)
        return replace(self, records=replace(records, reviews=reviews))

    @property
    def marks(self) -> pd.DataFrame:
        """All marks, one a row; see `with_reviews`."""
        return self.records.reviews.table(list(self.records.applications["application_id"]))

    @cached_property
    def content(self) -> CaseContent:
        """What the case says now, whatever its files said."""
        return CaseContent(self.records, self.policy)

    def __repr__(self) -> str:
        return f"<Case {case_line(self.records, self.policy)}>"

    def _repr_html_(self) -> str:
        """Show the tables and every rule in a notebook."""
        return case_html(self.records, self.policy)


def read_otherwise(was: Policy, now: Policy) -> list[str]:
    """Return the keys of the table ``review`` for which marks read under one policy are to be read anew."""
    one, two = was.settings.review, now.settings.review
    other = [key for key in ("criteria", "lowest") if getattr(one, key) != getattr(two, key)]
    return other + (["missing"] if two.missing == "error" != one.missing else [])


def _read_anew(key: str) -> Problem:
    return defect(
        "fixed_key",
        Text("評分表已依原計畫讀入，不能再改變", "marks that were read cannot be read otherwise"),
        hint=Text(
            "請以 read_case(…, policy=…) 或 Case.from_frames(…, policy=…) 重新讀入。",
            "Read them anew: read_case(…, policy=…) or Case.from_frames(…, policy=…).",
        ),
        file="Case.under(policy=…)",
        column=f"review.{key}",
    )


def _refuse(call: str, found: Iterable[Problem]) -> None:
    problems = list(found)
    if problems:
        raise UsageError(
            Text(
                f"{call}：記憶體中的表格不是應有的樣子",
                f"{call}: the tables in memory are not as they should be",
            ),
            problems,
        )


@checked
def read_case(
    path: str | Path, policy: str | Path | None = None, encoding: str | None = None
) -> Case:
    """Read a case from a folder (or a workbook with policy.toml beside it).

    Parameters
    ----------
    path
        A folder with schools, applications, reviews ... as CSV or in one workbook; or a workbook.
    policy
        Another policy file than the folder's own policy.toml.
    encoding
        The encoding of all CSV files, if the strict order of trials (BOM, UTF-8, cp950) is wrong.

    Raises
    ------
    UsageError
        If an argument is not what it should be.
    PolicyError
        If the policy cannot be used, with all that is wrong with the data without asking it.
    CaseError
        With every bad cell of every table at once, or if there is no case at the path.

    Examples
    --------
    >>> int(read_case("trial").records.applications["requested"].sum())
    108700
    """
    place = Path(path)
    require(place)
    policy_file = policy_of(place, policy)
    try:
        rules = read_policy(policy_file)
    except PolicyError as error:
        known = partly_read(policy_file, error.problems)
        read = partial(read_records, place, known.settings, encoding, unknown=known.unknown)
        raise _with_data(error, read) from None
    further = partial(sure_misfits, rules)
    records, sources = read_records(place, rules.settings, encoding, further=further)
    sources = (*sources, read_source(policy_file))
    return _as_read(records, rules, sources)


def _as_read(records: Records, policy: Policy, sources: tuple[Source, ...]) -> Case:
    """Return a case of what was just read; what it says is worked out once."""
    case = Case(records, policy, sources, CaseContent(records, policy))
    if case.records is records:
        vars(case)["content"] = case.as_read
    return case


def _with_data(error: PolicyError, read: Callable[[], object]) -> PolicyError:
    """Return the error of a policy with what is wrong with the data, whatever the policy is to say."""
    said, problems = error.message, error.problems
    said = Text(f"{said.zh}。{REST.zh}", f"{said.en}. {REST.en}")
    try:
        read()
    except CaseError as data:
        said = Text(f"{said.zh}{data.message.zh}", f"{said.en} {data.message.en}")
        problems = (*problems, *data.problems)
    return PolicyError(said, problems)


def outline_case(
    path: Path, policy: str | Path | None = None, encoding: str | None = None
) -> tuple[CaseSheet, ...]:
    """Return every file and sheet of a case as it stands, whatever is wrong with it.

    The parameters are those of `read_case`.

    Raises
    ------
    CaseError
        If there is no case at the path.
    """
    require(path)
    known = as_far_as_known(policy_of(path, policy))
    return outline(path, known.settings, encoding, known.unknown)


def policy_of(case: Path, policy: str | Path | None = None) -> Path:
    """Return where the policy of a case stands: beside its tables, unless another file is named."""
    folder = case if case.is_dir() else case.parent
    return Path(policy) if policy is not None else folder / "policy.toml"


def require(case: Path) -> None:
    """Refuse what is not there, or can be no case.

    Raises
    ------
    CaseError
        With the path.
    """
    try:
        is_there = case.exists()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise CaseError(
            Text(f"無法讀取 {case}（{why}）。", f"{case} cannot be read ({why}).")
        ) from None
    if not is_there:
        near = did_you_mean(_near(case))
        raise CaseError(
            Text(
                f"找不到計畫資料夾 {case}。{near.zh}",
                f"There is no case at {case}. {near.en}".strip(),
            ),
        )
    if not case.is_dir() and not is_workbook(case.name):
        raise CaseError(
            Text(
                f"{case} 不是計畫資料；應為資料夾，或 .xlsx、.ods 活頁簿。",
                f"{case} is not a case: that is a folder, or a workbook (.xlsx, .ods).",
            )
        )


def _near(case: Path) -> str | None:
    """Return what stands where a case was looked for, of a name most like its own."""
    try:
        beside = [path for path in case.parent.iterdir() if path.is_dir() or is_workbook(path.name)]
    except (OSError, ValueError):
        return None
    names = [path.name for path in beside if not path.name.startswith(".")]
    near = closest(case.name, names)
    return str(case.with_name(near)) if near else None
