"""An official's round trip: a workbook saved by LibreOffice gives the same bytes as the CSV case."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from optimizer.case.case import read_case
from optimizer.new import new_case
from optimizer.pipe import allocate
from optimizer.report.csv_tables import to_csv

OFFICE = shutil.which("libreoffice") or shutil.which("soffice")


def awards(case: Path, policy: Path) -> bytes:
    return to_csv(allocate(read_case(case, policy)).awards)


def saved(workbook: Path, to: str, folder: Path) -> Path:
    """Let LibreOffice open a workbook and save it in another format."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", to, "--outdir", str(folder)]
    subprocess.run([*command, str(workbook)], check=True, capture_output=True, timeout=600)
    for outlines in workbook.parent.glob("*.geojson"):  # the policy names them
        shutil.copy(outlines, folder)
    return folder / f"{workbook.stem}.{to}"


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not on this machine")
def test_a_workbook_saved_by_libreoffice_gives_the_same_awards(tmp_path: Path) -> None:
    new_case(tmp_path / "csv", example=True, format="csv")
    new_case(tmp_path / "ods", example=True, format="ods")
    policy = tmp_path / "csv" / "policy.toml"
    right = awards(tmp_path / "csv", policy)
    written = next((tmp_path / "ods").glob("*.ods"))
    assert awards(written, policy) == right
    excel = saved(written, "xlsx", tmp_path / "excel")
    assert awards(excel, policy) == right
    again = saved(excel, "ods", tmp_path / "again")
    assert awards(again, policy) == right
