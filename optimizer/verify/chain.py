"""A revision checked: the promise it was made under, its record, and every link of its chain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from optimizer.case.case import Case
from optimizer.language.text import Text
from optimizer.problems.errors import CaseError, LimitError, Problem, SubsidyError, defect
from optimizer.report.folder import RECORD
from optimizer.result.allocation import Allocation
from optimizer.revisions.answers import Answers, find_answers
from optimizer.revisions.links import MALFORMED, broken_links
from optimizer.revisions.published import Published, read_published
from optimizer.revisions.record import case_of, record_bytes, record_of
from optimizer.solving.options import Options
from optimizer.verify.differences import document_differences
from optimizer.verify.reread import read_bytes
from optimizer.verify.verification import Proof, Standing


class Chain:
    """What the record of a revision says, read with distrust.

    Parameters
    ----------
    data
        The bytes of revision.json.
    case
        The case as it is given to `verify`.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, SubsidyError
        If the record is none, or cannot belong to the case.
    """

    def __init__(self, data: bytes, case: Case) -> None:
        self.data = data
        self.said: dict[str, Any] = json.loads(data)
        self.links = [Published.read(link) for link in self.said["chain"]]
        self.broken = [*broken_links(self.links)]
        self.case = case_of(self.said, self.links[-1], case)

    def unsettled(self, proof: Proof) -> Proof:
        """Return how far a proof went where what the promise costs was not found again."""
        if proof.standing not in (Standing.PROVED, Standing.PART):
            return proof
        claimed = self.said["cost"].get("proved") is not False
        standing = Standing.UNFINISHED if claimed else Standing.PART
        return replace(proof, standing=standing, promise=not claimed)


def read_chain(folder: Path, case: Case, found: list[Problem]) -> Chain | None:
    """Return the record of a revision; None if the result is none, or its record cannot be used."""
    if not (folder / RECORD).exists():
        return None
    data = read_bytes(folder, RECORD, found)
    try:
        return None if data is None else Chain(data, case)
    except (*MALFORMED, SubsidyError) as error:
        why = error.say("zh-TW") if isinstance(error, SubsidyError) else ""
        message = Text(
            f"修正紀錄無法使用{f'：{why}' if why else ''}",
            f"the record of the revision cannot be used{f': {error}' if why else ''}",
        )
        found.append(defect("malformed", message, file=RECORD))
        return None


def answers_again(chain: Chain, allocation: Allocation, options: Options) -> Answers | None:
    """Solve again what a record says beside the list; None if the limit comes first, or nothing is claimed."""
    said = chain.said.get("cost")
    if chain.broken or not isinstance(said, dict) or said.get("proved") is False:
        return None
    try:
        answers = find_answers(allocation, chain.links[-1], options)[0]
    except LimitError:
        return None
    return answers if answers.proved else None


def chain_problems(chain: Chain, allocation: Allocation, answers: Answers | None) -> list[Problem]:
    """Return what is wrong with a record in view of the result that it stands beside.

    Parameters
    ----------
    chain
        The record.
    allocation
        What was certified anew of the result.
    answers
        What was solved again; None takes what the record claims.
    """
    if chain.broken:
        return chain.broken
    try:
        claimed = answers or Answers.read(chain.said, Published.of(allocation).funded)
        expected = record_bytes(record_of(allocation, chain.links, claimed))
    except MALFORMED as error:
        message = Text(
            "修正紀錄所載之推算不成其形式", "what the record says was solved has not its form"
        )
        return [defect("malformed", message, file=RECORD, value=type(error).__name__)]
    found = [*document_differences(chain.said, json.loads(expected), RECORD)]
    if not found and expected != chain.data:
        message = Text("內容的位元組與重新製作者不同", "does not have the bytes of this record")
        found.append(defect("bytes", message, file=RECORD))
    return found


def parent_problems(chain: Chain | None, folder: Path) -> Iterator[Problem]:
    """Yield a problem if a folder is not the result that was revised."""
    try:
        parent = read_published(folder)[0]
    except CaseError as error:
        yield defect("parent", error.message, file=folder.name)
        return
    if chain is None or parent != chain.links[-1]:
        message = Text("不是此次修正所依據的結果", "is not the result that was revised here")
        here = chain.links[-1].seal if chain else ""
        yield defect("parent", message, file=folder.name, value=parent.seal, expected=here)


def revised(chain: Chain | None, case: Case) -> Case:
    """Return the case under the promise of a revision, or as it is."""
    return case if chain is None else chain.case
