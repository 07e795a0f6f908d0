"""``subsidy import``: a case out of a file of another kind."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from optimizer.cli.bilingual import argument, option
from optimizer.cli.face import Face
from optimizer.cli.new import to_allocate
from optimizer.language.text import Text
from optimizer.language.words import how_many

Kind = Annotated[
    Literal["pb"],
    argument(
        "KIND", "檔案種類：pb 為參與式預算（Pabulib）", "what it is: pb, participatory budgeting"
    ),
]
File = Annotated[Path, argument("FILE", "要匯入的檔案", "the file to import")]
CaseFolder = Annotated[
    Path,
    option("--out", "新計畫資料夾，須為空", "the new case folder; it must be empty", metavar="DIR"),
]
FileEncoding = Annotated[
    str,
    option("--encoding", "檔案編碼", "encoding of the file", metavar="NAME"),
]


def import_(
    face: Face, kind: Kind, file: File, target: CaseFolder, encoding: FileEncoding = "utf-8-sig"
) -> None:
    """Run the command."""
    import optimizer

    made = optimizer.import_pb(file, target, encoding=encoding)
    names = [path.name for path in made.files]
    face.document("case", {"folder": str(target), "files": names})
    face.show(
        Text(
            f"已將 {file.name} 匯入 {target}：提案 {made.projects:,} 件、選票 {made.votes:,} 張、預算 "
            f"{made.amount:,}。讀法見 {target / 'policy.toml'}，其他讀法見 readings.toml。",
            f"Made {target} of {file.name}: {how_many(made.projects, 'project')}, "
            f"{how_many(made.votes, 'vote')}, a budget of {made.amount:,}. How the votes are read is said in "
            f"{target / 'policy.toml'}; other readings are in readings.toml.",
        ),
        *(_scaled(made.scale) if made.scale > 1 else ()),
        to_allocate(target),
    )


def _scaled(scale: int) -> tuple[Text]:
    return (
        Text(
            f"成本有小數，所有金額皆乘以 {scale:,}。",
            f"Costs have decimals: all amounts are multiplied by {scale:,}.",
        ),
    )
