"""Rules that are defined in a notebook or a script: known, recorded, replaced, sent or refused."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import MISSING
from pathlib import Path
from typing import Any, ClassVar

import pytest
from helpers.places import TESTS
from helpers.results import small_case

from optimizer import catalogue, clause
from optimizer.case.digest import policy_keys
from optimizer.clauses import Clause, Priority, SchoolCap, own, registry
from optimizer.clauses.base import key
from optimizer.language.text import Text
from optimizer.policy.policy import Policy, make_policy
from optimizer.problems.errors import PolicyError, UsageError
from optimizer.program.rows import Rows
from optimizer.tables.round import Round

ROOT = TESTS.parent


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the process forget what a test defines."""
    monkeypatch.setattr(own, "OWN", kept := {})
    monkeypatch.setattr("optimizer.clauses.OWN", kept)
    monkeypatch.setattr("optimizer.clauses.define.OWN", kept)
    yield


def forbids_nothing(rule: Clause, round_: Round) -> Sequence[Rows]:
    return ()


def quiet(words: str = "甲") -> type[Clause]:
    """Define a rule that forbids nothing; each time anew, as a cell that is run again does."""
    if words == "甲":

        @clause
        class Quiet(Clause):
            kind = "quiet"
            title = Text("無限制", "Nothing")

            def sentence(self) -> Text:
                return Text("不限制。", "Nothing is forbidden.")

            rows = forbids_nothing

    else:

        @clause
        class Quiet(Clause):  # type: ignore[no-redef]
            kind = "quiet"
            title = Text("無限制", "Nothing")
            most: int = key("上限", "most", 3)

            def sentence(self) -> Text:
                return Text("仍不限制。", "Nothing is forbidden, as ever.")

            rows = forbids_nothing

    return Quiet


def test_a_rule_of_ones_own_is_a_rule_like_all_others() -> None:
    rule = quiet()
    assert registry()["clause", "quiet"] is rule
    assert [one.kind for one in catalogue("quiet")] == ["quiet"]
    policy = make_policy({"pool": {"amount": 1}, "clause": [{"kind": "quiet"}]})
    assert policy == make_policy({"pool": {"amount": 1}}).add(rule())
    assert policy.without("clause.quiet") == make_policy({"pool": {"amount": 1}})


def test_its_source_is_kept_and_stands_under_the_seal() -> None:
    policies = [make_policy({"pool": {"amount": 1}}).add(quiet(words)()) for words in "甲乙"]
    first, second = (policy_keys(policy)["clause.quiet.source_sha256"] for policy in policies)
    assert first != second
    source = own.source_of(registry()["clause", "quiet"])
    assert source.startswith("@clause\nclass Quiet(Clause):") and source.endswith(
        "rows = forbids_nothing\n"
    )
    assert own.source_sha256(source) == second


def test_to_define_it_again_replaces_it_in_policies_that_are_made_from_then_on() -> None:
    before = make_policy({"pool": {"amount": 1}}).add(quiet()())
    after = quiet("乙")
    assert registry()["clause", "quiet"] is after
    assert type(before.with_(pool=2).clauses[-1]) is after


class Undecorated(Clause):
    """A rule that nobody registered."""

    kind = "undecorated"
    title = Text("甲", "a")


def test_a_class_that_was_not_defined_so_is_refused_with_what_to_do() -> None:
    with pytest.raises(PolicyError) as caught:
        make_policy({"pool": {"amount": 1}}).add(Undecorated())
    assert "@optimizer.clause" in caught.value.problems[0].hint.en


def bad() -> dict[str, Any]:
    class NoKind(Clause):
        title = Text("甲", "a")

    class Taken(Clause):
        kind = "school_cap"
        title = Text("甲", "a")
        sentence = Undecorated.sentence

    class NoSentence(Clause):
        kind = "silent"
        title: ClassVar = "no text"

    class NoGoal(Priority):
        kind = "aimless"
        title = Text("甲", "a")

        def sentence(self) -> Text:
            return Text("甲", "a")

    class NoHelp(Clause):
        kind = "helpless"
        title = Text("甲", "a")
        most: int = 3

        def sentence(self) -> Text:
            return Text("甲", "a")

    class NoType(Clause):
        kind = "untyped"
        title = Text("甲", "a")
        most: Missing = key("上限", "most", 3)  # type: ignore[name-defined]  # noqa: F821

        def sentence(self) -> Text:
            return Text("甲", "a")

    class NoSample(Clause):
        kind = "sampleless"
        title = Text("甲", "a")
        most: int = key("上限", "most")

        def sentence(self) -> Text:
            return Text("甲", "a")

    class WordsOnly(Clause):
        kind = "words_only"
        title = Text("甲", "a")
        most: int = key("上限", "most", 3)

        def sentence(self) -> Text:
            return Text("甲", "a")

        def no_room(self, shortage: object) -> Text:
            return Text("甲", "a")

    return {
        "of WordsOnly.rows (constraints on the list": WordsOnly,
        "without any the rule acts on nothing": WordsOnly,
        "NoSample.sample to hold keys": NoSample,
        "a word, e.g. 'one_of_a_type'": NoKind,
        "'school_cap' is a rule of the program": Taken,
        "NoSentence.title = Text(Chinese, English)": NoSentence,
        "a method NoSentence.sentence": NoSentence,
        "a method NoGoal.worth": NoGoal,
        "most declared by key(": NoHelp,
        "keys that can be read (": NoType,
        "a class that derives from Clause": int,
        "derives from Clause or Priority": Clause,
        "expected a class": "Quiet",
    }


@pytest.mark.parametrize("words", bad())
def test_what_a_rule_needs_is_said(words: str) -> None:
    with pytest.raises(UsageError) as caught:
        clause(bad()[words])
    assert words in caught.value.say("en") and not own.OWN


def test_a_rule_that_was_typed_at_a_prompt_cannot_be_recorded() -> None:
    names: dict[str, Any] = {"Clause": Clause, "Text": Text, "__name__": "__main__"}
    exec(  # as a prompt does
        "class Typed(Clause):\n kind, title = 'typed', Text('甲', 'a')\n"
        " def sentence(self): return self.title\n"
        " def rows(self, round_): return ()",
        names,
    )
    with pytest.raises(UsageError, match="nowhere to be found"):
        clause(names["Typed"])


def test_a_rule_is_found_in_a_cell_with_magics_too() -> None:
    cell = [
        "%matplotlib inline\n",
        "@clause\n",
        "class A(B):\n",
        "    def f(self):\n",
        "        1\n",
        "x\n",
    ]
    assert own._class_at(cell, "A", 4) == "".join(cell[1:5])
    assert own._class_at(cell, "Z", 4) == ""


# ---- other processes ----------------------------------------------------------------------------


def sent() -> tuple[bytes, Policy]:
    policy = make_policy({"pool": {"amount": 1}}).add(quiet()())
    return pickle.dumps(policy), policy


def test_a_process_that_does_not_know_it_says_so_and_one_that_does_takes_it() -> None:
    data, policy = sent()
    assert pickle.loads(data) == policy
    quiet("乙")
    with pytest.raises(PolicyError, match="defined otherwise"):
        pickle.loads(data)
    own.OWN.clear()
    with pytest.raises(PolicyError, match="no definition of the rule 'quiet'"):
        pickle.loads(data)


def test_a_class_that_arrives_whole_is_known_from_then_on() -> None:
    """As joblib and Dask send the classes of a notebook: the state comes without a name to look up."""
    rule, state = quiet(), vars(quiet()())
    own.OWN.clear()
    arrived = rule.__new__(rule)
    arrived.__setstate__(state)
    assert registry()["clause", "quiet"] is rule
    newer = quiet("乙")
    rule.__new__(rule).__setstate__(state)
    assert registry()["clause", "quiet"] is newer, "an older one does not come back"


def test_rules_of_the_program_pickle_by_name() -> None:
    assert pickle.loads(pickle.dumps(SchoolCap)) is SchoolCap
    assert b"optimizer.clauses.school_cap" in pickle.dumps(SchoolCap(amount=3))


def architecture() -> str:
    """Return the rule that ARCHITECTURE.md adds, defined as in a notebook."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    [code] = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    code = code.replace("from __future__ import annotations\n", "import optimizer\n")
    return code.replace("@dataclass(frozen=True, kw_only=True)\nclass", "@optimizer.clause\nclass")


def run_in(folder: Path) -> None:
    paths = (str(ROOT), str(ROOT / "tests"), *os.environ.get("PYTHONPATH", "").split(os.pathsep))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    subprocess.run([sys.executable, "cell.py"], check=True, cwd=folder, env=environment)


FRESH = """
import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

import optimizer
{rule}

def main():
    from helpers.rounds import make_case

    applications = [
        {{"application_id": f"A{{n}}", "school_id": "S1", "type": "grade", "merit": 90 - n}}
        for n in range(3)
    ]
    case = make_case(applications, priority=[{{"kind": "merit"}}])
    case = case.under(case.policy.add(OneOfAType(most=2)))
    allocation = optimizer.allocate(case)
    assert allocation.awards["award"].to_list() == [1_000, 1_000, 0]
    assert allocation.awards["reason_code"].to_list()[2] == "one_of_a_type"
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(optimizer.allocate, case).result() == allocation
    optimizer.write_result(allocation, "result", parts=[])
    said = json.loads(Path("result/summary.json").read_text("utf-8"))
    [entry] = [one for one in said["policy"] if one["kind"] == "one_of_a_type"]
    assert entry["source"].startswith("@optimizer.clause\\nclass OneOfAType(Clause):")
    key = "clause.one_of_a_type.source_sha256"
    assert said["content"]["policy"]["keys"][key] == entry["source_sha256"]
    assert optimizer.verify_result("result", case) == []


if __name__ == "__main__":
    main()
"""


@pytest.mark.slow
def test_the_rule_of_the_architecture_works_in_a_fresh_process(tmp_path: Path) -> None:
    (tmp_path / "cell.py").write_text(FRESH.format(rule=architecture()), encoding="utf-8")
    run_in(tmp_path)


def test_a_case_may_have_a_rule_of_ones_own() -> None:
    case = small_case()
    with_it = case.under(case.policy.add(quiet()()))
    assert with_it.content.policy_sha256 != case.content.policy_sha256


WORKER = """
import sys
from joblib import Parallel, delayed

exec(compile(open("rule.py").read(), "rule.py", "exec"))  # as a notebook does, without a module


def again(policy, most):
    return policy.with_(one_of_a_type=most)


policy = optimizer.make_policy({"pool": {"amount": 1}}).add(OneOfAType(most=2))
made = Parallel(2)(delayed(again)(policy, most) for most in (3, 4))
assert made == [again(policy, 3), again(policy, 4)]
assert type(made[0].clauses[-1]) is OneOfAType
"""


@pytest.mark.slow
def test_joblib_sends_the_rule_of_a_notebook_whole(tmp_path: Path) -> None:
    pytest.importorskip("joblib")
    (tmp_path / "rule.py").write_text(architecture(), encoding="utf-8")
    (tmp_path / "cell.py").write_text(WORKER, encoding="utf-8")
    run_in(tmp_path)


def test_the_mark_of_a_key_without_a_default_comes_back_as_itself() -> None:
    assert pickle.loads(pickle.dumps(MISSING)) is MISSING
