"""Files as ministries publish them, read in place; skipped where they are absent."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.files import settings, tables, write

from optimizer.reading import cells, read_records, read_table

RAW = {
    "102_basej.txt": ("cp950", 3, 937, "縣市代碼"),
    "102_basec.txt": ("utf-16", 3, 2_678, "縣市代碼"),
    "e1_new_114_taichung.csv": ("utf-8-sig", 1, 241, "學年度"),
    "income_111_B.csv": ("utf-8", 1, 685, "縣市別"),
}


@pytest.mark.parametrize("name", RAW)
def test_raw_files_are_read_as_they_are(name: str, real: Path) -> None:
    table = read_table(real / "taichung" / "raw" / name)
    assert (table.encoding, table.header_row, len(table), table.header[0]) == RAW[name]
    assert table.rows[0] == table.header_row + 1


def test_numbers_of_the_junior_high_directory(real: Path) -> None:
    frame = read_table(real / "taichung" / "raw" / "102_basej.txt").to_frame()
    students = [0 if cells.is_dash(text) else cells.whole(text) for text in frame["學生數"]]
    boys = [0 if cells.is_dash(text) else cells.whole(text) for text in frame["男學生"]]
    girls = [0 if cells.is_dash(text) else cells.whole(text) for text in frame["女學生"]]
    assert students == [b + g for b, g in zip(boys, girls, strict=True)]
    assert max(students) > 1_000
    assert frame["學校代碼"].str.len().eq(6).all()


def test_city_names_with_codes(real: Path) -> None:
    frame = read_table(real / "taichung" / "raw" / "e1_new_114_taichung.csv").to_frame()
    assert set(frame["縣市名稱"]) == {"[06]臺中市", "[19]臺中市"}
    assert frame["代碼"].iloc[0] == "061601"


def test_the_308_municipal_schools_make_a_schools_table(real: Path, tmp_path: Path) -> None:
    frame = read_table(real / "taichung" / "schools.csv").to_frame()
    municipal = frame[frame["ownership"] == "municipal"]
    case = tables()
    header = [
        "學校代碼",
        "學校名稱",
        "行政區",
        "學制",
        "弱勢類別",
        "學生數",
        "班級數",
        "參與評鑑計畫",
    ]
    columns = ["code", "name", "district", "level", "remote_category", "students", "classes"]
    case["schools"] = [header, *([*row, "否"] for row in municipal[columns].to_numpy().tolist())]
    codes = municipal["code"].tolist()
    for row, code in zip(case["applications"][1:], codes[:4], strict=True):
        row[1], row[2], row[10] = code, "", ""
    for rows in (case["budget_lines"], case["meetings"]):
        del rows[1:]
    records, _ = read_records(write(tmp_path / "case", case), settings())
    assert len(records.schools) == 308
    assert records.schools["district"].nunique() == 29
    assert records.schools["level"].value_counts().to_dict() == {
        "elementary": 228,
        "junior_high": 80,
    }
    assert (records.schools["disadvantage"] == "remote").sum() == 37
    assert records.applications["school_id"].tolist() == codes[:4]
