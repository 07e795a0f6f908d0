"""``subsidy generate``: an invented round of any size."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from optimizer.cli.bilingual import option
from optimizer.cli.face import Face
from optimizer.cli.new import NewFolder, to_allocate
from optimizer.language.text import Text
from optimizer.language.words import how_many

_MOST = 1_000_000


def _number(name: str, zh: str, en: str, least: int = 1, most: int | None = _MOST) -> Any:
    """Describe an option that takes a whole number."""
    return option(f"--{name}", zh, en, metavar="N", min=least, max=most)


Applications = Annotated[int, _number("applications", "申請件數", "applications")]
Schools = Annotated[int, _number("schools", "學校數", "schools")]
Districts = Annotated[int, _number("districts", "行政區數", "districts")]
Reviewers = Annotated[int, _number("reviewers", "每件申請的審查委員數", "reviewers an application")]
Recusals = Annotated[int, _number("recusals", "迴避的評分表份數", "reviews that are recused", 0)]
Seed = Annotated[
    int,
    _number("seed", "亂數種子：同一種子，同一案例", "same seed, same round", least=0, most=None),
]
Pool = Annotated[
    int | None,
    _number(
        "pool",
        "總經費（元）；未指定時約為申請總額的 45%",
        "NT$ to distribute; if not given, about 45% of what is asked for",
        most=None,
    ),
]
AllEqual = Annotated[
    bool,
    option("--all-equal", "所有申請的分數都相同", "give every application the same marks"),
]
NoTables = Annotated[
    bool,
    option(
        "--no-tables", "不產生經費表與活動表", "leave out the tables of budget lines and meetings"
    ),
]


@dataclass(frozen=True)
class Invented:
    """What a round is to be like; each field is an option of the command."""

    applications: Applications = 450
    schools: Schools = 300
    districts: Districts = 29
    reviewers: Reviewers = 3
    seed: Seed = 103
    recusals: Recusals = 3
    pool: Pool = None
    all_equal: AllEqual = False
    no_tables: NoTables = False


def generate(face: Face, target: NewFolder, invented: Invented) -> None:
    """Run the command."""
    import optimizer
    from optimizer.invented.generate import TABLES
    from optimizer.new.case_folder import check_empty

    check_empty(target)
    wanted = asdict(invented)
    optimizer.generate(target, with_tables=() if wanted.pop("no_tables") else TABLES, **wanted)
    names = sorted(path.name for path in target.iterdir())
    face.document("case", {"folder": str(target), "files": names})
    face.show(
        Text(
            f"已產生虛構案例 {target}：申請 {invented.applications:,} 件、學校 {invented.schools:,} 所、"
            f"行政區 {invented.districts:,} 個（種子 {invented.seed}）。",
            f"Made an invented round in {target}: {how_many(invented.applications, 'application')}, "
            f"{how_many(invented.schools, 'school')}, {how_many(invented.districts, 'district')} (seed {invented.seed}).",
        ),
        to_allocate(target),
    )
