"""What is said above a table goes where it belongs when rules are added, taken out and moved."""

from __future__ import annotations

import random

import pytest
from helpers.places import ROOT

from optimizer.desk.toml_blocks import blocks_of, rearranged, text_of

EXAMPLE = (ROOT / "data" / "taichung-103" / "policy.toml").read_text("utf-8")
TEXT = """# first
a = 1

# ---- one ----

# of x
[[rule]]
kind = "x"
[rule.weights]
a = 1
[[rule]]  # y
kind = "y"
long = '''
[[rule]]
# no comment
'''

# ---- two ----

# of z
[[rule]]
kind = "z"

[other]
"""
BODIES = {
    "x": '[[rule]]\nkind = "x"\n[rule.weights]\na = 1\n',
    "y": "[[rule]]  # y\nkind = \"y\"\nlong = '''\n[[rule]]\n# no comment\n'''\n",
    "z": '[[rule]]\nkind = "z"\n',
    "new": '[[rule]]\nkind = "new"\n',
}


def after(*labels: str) -> list[str]:
    kept = {label: BODIES[label] for label in labels}
    return text_of(rearranged(blocks_of(TEXT), "rule", ["x", "y", "z"], kept)).splitlines()


def said(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith(("# ", "kind", "[other]"))]


@pytest.mark.parametrize("text", [TEXT, EXAMPLE, "", "a = 1", "# alone\n"])
def test_blocks_put_together_are_the_text(text: str) -> None:
    assert text_of(blocks_of(text)) == text


def test_a_new_rule_stands_before_the_heading_of_what_follows() -> None:
    lines = after("x", "y", "z", "new")
    assert said(lines)[-2:] == ['kind = "new"', "[other]"]
    assert lines[lines.index('kind = "new"') - 2] == "" and "" in lines[-2:]


def test_a_heading_outlives_its_first_rule() -> None:
    heads = ["# first", "# ---- one ----"]
    assert said(after("y", "z"))[:3] == [*heads, 'kind = "y"']
    assert said(after("x", "y"))[-2:] == ["# ---- two ----", "[other]"]


def test_what_is_right_above_a_rule_goes_with_it_and_a_heading_stays() -> None:
    assert said(after("z", "x", "y")) == [
        "# first", "# ---- one ----", "# of z", 'kind = "z"', "# of x", 'kind = "x"',
        "# ---- two ----", 'kind = "y"', "# no comment", "[other]",
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_no_comment_is_lost_and_no_rule_is_changed(seed: int) -> None:
    chosen = random.Random(seed)
    labels = chosen.sample(["x", "y", "z"], 3) + ["new"] * chosen.randrange(2)
    lines = after(*labels)
    kept = [line for line in TEXT.splitlines() if line.startswith("#")]
    assert sorted(kept) == sorted(line for line in lines if line.startswith("#"))
    bodies = [block.body for block in blocks_of("\n".join(lines) + "\n") if block.name == "rule"]
    assert bodies == [BODIES[label] for label in labels]
