"""The benchmarks still run, in small; how long anything takes is not asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.slow import numbers

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from clock import turns  # noqa: E402
from growth import draw, draw_policies, exponent  # noqa: E402
from measure import make_case, measured, pairwise, script  # noqa: E402
from policies import POLICIES, measure  # noqa: E402


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_case(tmp_path_factory.mktemp("cases"), 60, 40, 5, 1)


def test_the_plain_program_finds_our_optimum(case: Path) -> None:
    found = script("agree.py", str(case))
    assert found["proved"]
    assert found["ours"] == found["plain"]


def test_a_recused_reviewer_is_not_a_zero_to_the_plain_program(case: Path) -> None:
    from rivals import read_plain

    reviews = (case / "reviews.csv").read_text("utf-8").splitlines()
    recused = {line.split(",")[0] for line in reviews if "recused" in line}
    table = read_plain(case).table.set_index("application_id")
    assert recused
    assert (table.loc[table.index.isin(recused), "merit"] > 60 * 6).all()
    assert table.index.isin(recused).any()


@pytest.mark.slow
@pytest.mark.parametrize("rival", ["highs", "cbc", "cpsat"])
def test_rivals_agree_with_each_other(case: Path, rival: str) -> None:
    found = script("rivals.py", rival, str(case), "--limit", "60")
    assert found["proved"]
    assert found["merit"] == script("agree.py", str(case))["ours"]


OTHERS = [p for p in POLICIES if p != "three absolute quotas"]
LONG = ("graded, three share quotas", "five share quotas")  # for the rival: half a minute and more


@pytest.mark.slow
@pytest.mark.parametrize("policy", [p for p in OTHERS if numbers(1, 0) or p not in LONG])
def test_the_same_policy_as_a_plain_program_has_the_same_optima(case: Path, policy: str) -> None:
    """Absolute quotas are left out: their counts are for larger rounds."""
    both = [measure(case, policy, who, 60)["optima"] for who in ("ours", "rival")]
    assert len(both[0]) == len(both[1])
    shares = [
        place for place, value in enumerate(both[0]) if value > 10**9
    ]  # over a common multiple
    ours, theirs = ([v for n, v in enumerate(side) if n not in shares] for side in both)
    assert ours == theirs


def test_ours_says_its_stages(case: Path) -> None:
    found = script("ours.py", str(case), "--again")
    assert found["proved"]
    assert list(found["stages"]) == [
        "import",
        "read",
        "screen",
        "score",
        "build",
        "solve",
        "certify",
    ]
    assert found["again"]["wall"] > 0
    assert found["gb"] > 0


def test_what_takes_too_long_is_ended() -> None:
    sleeper = measured([sys.executable, "-c", "import time; time.sleep(60)"], most_seconds=0.5)
    assert sleeper["out"] is None
    assert sleeper["wall"] < 60


def test_what_fails_says_so() -> None:
    with pytest.raises(RuntimeError, match="no such case"):
        measured([sys.executable, "-c", "raise SystemExit('no such case')"])


def test_pairs_are_of_neighbours() -> None:
    ours = [{"wall": 1.0}, {"wall": 3.0}, {"wall": 5.0}]
    assert pairwise(ours, [{"wall": 2.0}, {"wall": 3.0}], "wall") == 0.75


def test_the_first_turn_does_not_count() -> None:
    assert len(turns({"nothing": lambda: None}, 3)["nothing"]) == 3


def test_growth_is_fitted_and_drawn(tmp_path: Path) -> None:
    sizes = [5_000, 10_000, 20_000]
    assert exponent(sizes, [n**1.5 for n in sizes]) == pytest.approx(1.5)
    draw(
        [{"applications": n, "work_cpu": n / 1e4, "solving_cpu": n / 1e5} for n in sizes], tmp_path
    )
    draw_policies(
        [
            {"policy": name, "applications": n, "cpu": n / 1e5, "gb": 0.2, "proved": True}
            for name in ("plain", "quotas")
            for n in sizes
        ],
        tmp_path,
    )
    names = [f"{name}.{kind}" for name in ("growth", "growth-policies") for kind in ("png", "svg")]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


@pytest.mark.slow
def test_the_harness_runs_and_writes(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    command = [sys.executable, str(HERE / "run.py"), "--quick", "--out", str(out)]
    parts = [
        word
        for name in ("agree", "growth", "curves", "explain", "odd", "robustness")
        for word in ("--only", name)
    ]
    done = subprocess.run([*command, *parts], capture_output=True, text=True, check=True)
    assert "| same optimum as the plain program, merit alone | 1 of 1 cases |" in done.stdout
    assert "| the same answer by each that proves one | 6 of 6 rounds |" in done.stdout
    assert set(json.loads(out.read_text("utf-8"))) == {
        "agree",
        "growth",
        "curves",
        "explain",
        "robustness",
        "odd",
    }
