"""What README.md promises is what is run: the two commands, and that nothing else is needed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEST = (
    'python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e ".[test]" && '
    ".venv/bin/python -m pytest -q -n 2"
)


@pytest.mark.parametrize("name", ["README.md", "README.zh-TW.md", ".ci/run"])
def test_the_test_command_is_the_same_everywhere(name: str) -> None:
    assert TEST in (ROOT / name).read_text(encoding="utf-8").splitlines()


def test_the_two_readmes_give_the_same_main_job() -> None:
    jobs = {
        line
        for name in ("README.md", "README.zh-TW.md")
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if line.startswith("python3") and "subsidy allocate" in line
    }
    assert len(jobs) == 1


def test_every_link_of_the_documents_leads_somewhere() -> None:
    for name in ("README.md", "README.zh-TW.md", "ARCHITECTURE.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)", text):
            if "://" not in target:
                assert (ROOT / target).exists(), (name, target)


def test_no_version_comes_with_an_address() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"#.*|[\w.-]+==[\w.+-]+(\s*;.*)?", line) for line in lines if line)
