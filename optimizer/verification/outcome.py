"""What verifying found: every difference, and exactly what was and was not shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from optimizer.errors import Problem


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
    """

    standing: Standing
    engine: str = ""
    shared: bool = False
    goals: int = 0
    of: int = 0


class Verdict(StrEnum):
    """What a verification comes to."""

    CHECKED = (
        "checked"  # every file is what the case gives, and so is every proof that was asked for
    )
    DIFFERS = "differs"
    NOT_COMPARABLE = (
        "not_comparable"  # nothing differs, but some files may be others than they seem
    )
    UNFINISHED = "unfinished"  # nothing differs, but the limit came before the second proof


@dataclass(frozen=True)
class Uncompared:
    """A file that has not the bytes that are written here, by versions that it says are others.

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
    """

    problems: list[Problem] = field(default_factory=list)
    seal: str = ""
    proof: Proof = Proof(Standing.NOT_TRIED)
    uncompared: tuple[Uncompared, ...] = ()
    versions: tuple[str, ...] = ()
    claimed: str = ""
    leading: int = 0
    other: bool = False

    @property
    def verdict(self) -> Verdict:
        """What it comes to: what weighs most."""
        if self.problems:
            return Verdict.DIFFERS
        if self.uncompared:
            return Verdict.NOT_COMPARABLE
        unfinished = self.proof.standing is Standing.UNFINISHED
        return Verdict.UNFINISHED if unfinished else Verdict.CHECKED
