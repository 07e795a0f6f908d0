"""A case of eight reviewed applications, its reviews in one place or in several."""

from __future__ import annotations

from pathlib import Path

from helpers.files import CRITERIA, Rows, tables, write, write_xlsx

HEADER = ["application_id", "reviewer", *CRITERIA]
FIVE = ["18", "18", "18", "18", "9", "9"]


def big_case(reviewers: tuple[str, ...] = ("甲", "乙", "丙")) -> dict[str, Rows]:
    """Return a case of eight applications with a review each by every reviewer."""
    case = tables()
    header, first = case["applications"][0], case["applications"][1]
    at = {name: i for i, name in enumerate(header)}
    case["applications"] = [header]
    for number in range(1, 9):
        row = list(first)
        row[at["application_id"]], row[at["title"]] = f"A00{number}", f"社群{number}"
        case["applications"].append(row)
    case["reviews"] = [HEADER] + [
        [f"A00{number}", name, *FIVE] for number in range(1, 9) for name in reviewers
    ]
    return case


def split(case: dict[str, Rows]) -> dict[str, Rows]:
    """Return the reviews of each reviewer under 評分甲, 評分乙 ..., without a column of names."""
    body = case["reviews"][1:]
    return {
        f"評分{name}": [
            [HEADER[0], *HEADER[2:]],
            *([r[0], *r[2:]] for r in body if r[1] == name),
        ]
        for name in dict.fromkeys(row[1] for row in body)
    }


def as_sheets(folder: Path, case: dict[str, Rows], parts: dict[str, Rows]) -> Path:
    folder.mkdir()
    rest = {name: rows for name, rows in case.items() if name != "reviews"}
    return write_xlsx(folder / "case.xlsx", {**rest, **parts}).parent


def as_files(folder: Path, case: dict[str, Rows], parts: dict[str, Rows]) -> Path:
    write(folder, {**{n: r for n, r in case.items() if n != "reviews"}, **parts})
    return folder


def as_workbooks(folder: Path, case: dict[str, Rows], parts: dict[str, Rows]) -> Path:
    write(folder, {n: r for n, r in case.items() if n != "reviews"})
    for name, rows in parts.items():
        write_xlsx(folder / f"{name}.xlsx", {"工作表1": rows})
    return folder
