"""What verifying found: every difference, and exactly what was and was not shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import Problem

NOT_LISTED = "not_listed"  # of a file with very many differences: how many are not listed


class Standing(StrEnum):
    """How far the claim to be the best was proved again."""

    PROVED = "proved"  # every priority, every class of certainty, the draw
    PART = "part"  # those that the result claims, which are not all
    NOT_CLAIMED = "not_claimed"  # the result proves nothing
    LEFT_OUT = "left_out"  # not asked for
    UNFINISHED = "unfinished"  # the limit came first
    NOT_TRIED = "not_tried"  # the result is wrong already


@dataclass(frozen=True)
class Proof:
    """The second proof.

    Parameters
    ----------
    standing
        How far it went.
    engine
        What solved again; empty if nothing did.
    shared
        Whether that engine had a part in the first proof too, with another formulation.
    goals, of
        How many leading priorities were proved again, and how many there are.
    promise
        Whether nothing is left open of what the promise of a revision costs.
    drawn
        What the draw decided, where all is proved again.
    """

    standing: Standing
    engine: str = ""
    shared: bool = False
    goals: int = 0
    of: int = 0
    promise: bool = True
    drawn: Text = EMPTY


class Verdict(StrEnum):
    """What a verification comes to."""

    CHECKED = "checked"  # every file and every proof that was asked for is what the case gives
    DIFFERS = "differs"
    NOT_COMPARABLE = "not_comparable"  # nothing differs, but files may be others than they seem
    UNFINISHED = "unfinished"  # nothing differs, but the limit came before the second proof


@dataclass(frozen=True)
class Uncompared:
    """A file that has not the bytes that are written here, by versions that it says are others.

    Or one that cannot be written here, as a package is not installed.

    Parameters
    ----------
    file
        Its name.
    by_content
        Whether what it says could be compared, and is the same; nothing is shown of it otherwise.
    """

    file: str
    by_content: bool


@dataclass(frozen=True)
class Verification:
    """What is known of a result.

    Parameters
    ----------
    problems
        Every difference, the most fundamental first.
    seal
        The seal of what the folder and the case hold, worked out anew; empty without awards: no seal of the
        result unless nothing differs.
    proof
        How far the claim to be the best was proved again.
    uncompared
        The files that could not be compared byte for byte.
    versions
        The versions by which they are said to be written, each beside the one that is here.
    claimed
        The seal that the result itself gives; empty if none.
    leading
        How many of the first problems are to be said; the others mostly follow.
    other
        Whether the case is not the one that the result was made from.
    partly
        Whether there may be more differences: files were not compared, as what they follow from is
        wrong, or only the first place of one is told.
    """

    problems: list[Problem] = field(default_factory=list)
    seal: str = ""
    proof: Proof = Proof(Standing.NOT_TRIED)
    uncompared: tuple[Uncompared, ...] = ()
    versions: tuple[str, ...] = ()
    claimed: str = ""
    leading: int = 0
    other: bool = False
    partly: bool = False

    @property
    def count(self) -> int:
        """How many differences there are, with those that are not listed."""
        more = [int(one.value) for one in self.problems if one.code == NOT_LISTED]
        return len(self.problems) - len(more) + sum(more)

    @property
    def verdict(self) -> Verdict:
        """What it comes to: what weighs most."""
        if self.problems:
            return Verdict.DIFFERS
        if self.uncompared:
            return Verdict.NOT_COMPARABLE
        unfinished = self.proof.standing is Standing.UNFINISHED
        return Verdict.UNFINISHED if unfinished else Verdict.CHECKED


def unfinished(proof: Proof) -> Text:
    """Say that the limit came before the second proof, and what was shown by then."""
    if not proof.promise:
        return Text(
            "名單已再次證明；但時限內未能重新求得保留公布結果之代價（revision.json 之 cost），既未證實亦未否定",
            "the list was proved again; but the limit came before what the promise costs (cost in "
            "revision.json) was found again: that is shown neither way",
        )
    return Text(
        "名單合於規則，每一格皆與計畫資料相符；但時限內未能完成再次證明"
        f"（優先順序 {proof.of} 項，已再次證明 {proof.goals} 項）：是否最佳、抽籤是否正確，既未證實亦未否定。",
        "The list is allowed and every cell is what the case gives; but the limit came before the "
        f"second proof was complete ({proof.goals} of {proof.of} priorities proved again): whether "
        "the rest is the best, and the draw right, is shown neither way.",
    )


def not_comparable(found: Verification) -> Text:
    """Say how many files could not be compared, by what versions they say that they were written."""
    count, versions = len(found.uncompared), found.versions
    return Text(
        f"有 {count} 個檔案無法逐位元組核對：其內容與本機寫出者不同（或本機缺少套件，無從寫出），而結果自稱由其他版本寫出"
        f"（所載版本／本機版本：{'；'.join(versions)}）。",
        f"{count} file{' was' if count == 1 else 's were'} not compared byte for byte: written here, "
        f"{'it differs' if count == 1 else 'they differ'} (or what writes it is not installed), and the result says that other versions "
        f"wrote it (there / here: {'; '.join(versions)}).",
    )
