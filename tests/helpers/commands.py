"""The command run in this process or in one of its own, and a case for it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner, Result

from optimizer.cli import app

CHINESE = re.compile("[\u4e00-\u9fff]")
COMMANDS = (
    *(
        "new",
        "desk",
        "check",
        "allocate",
        "explain",
        "verify",
        "revise",
        "compare",
        "sweep",
        "prices",
    ),
    *("robustness", "batch", "clauses", "generate", "import", "schema"),
)


def run(*arguments: str | Path, lang: str = "en", **environment: str) -> Result:
    """Run in this process."""
    runner = CliRunner(env={"SUBSIDY_LANG": lang, "COLUMNS": "200", **environment})
    return runner.invoke(app, [str(argument) for argument in arguments])


def spawn(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run in a process of its own, as people do."""
    return subprocess.run(
        [sys.executable, "-m", "optimizer.cli", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "SUBSIDY_LANG": "en", **environment},
        timeout=600,
        check=False,
    )


def copy(case: Path, target: Path, **changes: tuple[str, str]) -> Path:
    """Copy a case, replacing text in the files named."""
    shutil.copytree(case, target)
    for stem, (old, new) in changes.items():
        path = next(target.glob(f"{stem}.*"))
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return target


def infeasible(case: Path, target: Path) -> Path:
    """A case with a quota that nobody can meet."""
    copy(case, target)
    policy = target / "policy.toml"
    policy.write_text(
        policy.read_text("utf-8")
        + '\n[[clause]]\nkind = "quota"\ncolumn = "level"\nvalue = "junior_high"\nat_least = 4000\n'
        'name = "too_many"\n',
        encoding="utf-8",
    )
    return target
