"""What the votes of a ``.pb`` file come to, exactly: how many name a project, and its score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from optimizer.language.text import Text
from optimizer.pabulib.sections import Complaints, Row
from optimizer.pabulib.vote_limits import NO_NUMBER, NUMBER, Meta, VoteLimits
from optimizer.problems.errors import one_of

_NOTHING = (None, "")
_KINDS = ("approval", "ordinal", "cumulative", "scoring")


@dataclass(frozen=True)
class VoteCount:
    """What the votes come to.

    Parameters
    ----------
    votes
        How often each project is named.
    scores
        What the votes give each: of ``approval`` one each; of ``cumulative`` and ``scoring`` the
        points; of ``ordinal`` Borda's points, ``max_length`` for the first of a vote, one less for
        each after it.
    """

    votes: Mapping[str, int]
    scores: Mapping[str, Fraction]


def tally(
    rows: Sequence[Row], meta: Meta, costs: Mapping[str, Fraction], complaints: Complaints
) -> VoteCount:
    """Add the votes up; one that breaks the file's own limits, or a voter's second, is complained of.

    Parameters
    ----------
    rows
        Those of VOTES.
    meta
        Of it, ``vote_type`` says how a vote is read, ``default_score`` what a scoring one gives to
        projects that it does not name, ``max_length`` and its like what a vote may be (`VoteLimits`).
    costs
        Of the projects, by their ids.
    """
    votes, scores = dict.fromkeys(costs, 0), dict.fromkeys(costs, Fraction(0))
    limits = VoteLimits.of(meta, costs, complaints)
    _check_voters(rows, complaints)
    read = _reader(meta, limits, complaints)
    if read is None:
        return VoteCount(votes, scores)
    usual = _usual(meta, complaints)
    for line, cells in rows:
        named = [name.strip() for name in cells["vote"].split(",")] if cells["vote"] else []
        if _check(line, named, votes, complaints):
            for name, points in read(line, named, cells):
                votes[name] += 1
                scores[name] += points - usual
    for name, score in scores.items():
        scores[name] = score + usual * len(rows)
        if scores[name] < 0:
            said = f"{name}: {scores[name]}"
            complaints.add("negative_score", None, _NEGATIVE, column="points", value=said)
    return VoteCount(votes, scores)


_Points = Iterable[tuple[str, Fraction]]
_Reader = Callable[[int, Sequence[str], Mapping[str, str]], _Points]


def _reader(meta: Meta, limits: VoteLimits, complaints: Complaints) -> _Reader | None:
    """Return how one vote is read, None where the file does not say in a known way."""
    at, kind = meta.get("vote_type", _NOTHING)
    if kind not in _KINDS:
        complaints.add("vote_type", at, _NO_KIND, column="vote_type", value=kind[:80], expected=one_of(_KINDS))  # fmt: skip
        return None
    at, scoring = meta.get("scoring_fn", (None, "Borda"))
    if kind == "ordinal" and scoring.casefold() != "borda":
        complaints.add("scoring_fn", at, _NO_SCORING, column="scoring_fn", value=scoring[:80], expected="Borda")  # fmt: skip
        return None
    top = limits.most_projects

    def approved(line: int, named: Sequence[str], cells: Mapping[str, str]) -> _Points:
        limits.check(line, named, (), complaints)
        return _once(line, named, [Fraction(1)] * len(named))

    def ranked(line: int, named: Sequence[str], cells: Mapping[str, str]) -> _Points:
        limits.check(line, named, (), complaints)
        return _once(line, named, [Fraction(top - place) for place in range(len(named))])

    def marked(line: int, named: Sequence[str], cells: Mapping[str, str]) -> _Points:
        points = [one.strip() for one in cells.get("points", "").split(",")] if named else []
        wrong = [one for one in points if not NUMBER.fullmatch(one)]
        if wrong or len(points) != len(named):
            said = Text(f"{len(named)} 個數字", f"{len(named)} numbers, one a project")
            complaints.add("points", line, _NO_POINTS, column="points", value=cells.get("points", "")[:80], expected=said)  # fmt: skip
            return ()
        given = list(map(Fraction, points))
        limits.check(line, named, given, complaints)
        once = kind == "scoring"  # points that are shared out may be given to one project in parts
        return _once(line, named, given) if once else zip(named, given, strict=True)

    def _once(line: int, named: Sequence[str], points: Sequence[Fraction]) -> _Points:
        for name in sorted(name for name, times in Counter(named).items() if times > 1):
            complaints.add("named_twice", line, _NAMED_TWICE, column="vote", value=name)
        return zip(named, points, strict=True)

    return {"approval": approved, "ordinal": ranked}.get(kind, marked)


def _usual(meta: Meta, complaints: Complaints) -> Fraction:
    """Return what a scoring vote gives to projects that it does not name."""
    scoring = meta["vote_type"][1] == "scoring"
    at, said = meta.get("default_score", _NOTHING) if scoring else _NOTHING
    if said and not NUMBER.fullmatch(said):
        complaints.add("points", at, NO_NUMBER, column="default_score", value=said[:80])
        return Fraction(0)
    return Fraction(said or 0)


def _check_voters(rows: Iterable[Row], complaints: Complaints) -> None:
    """Complain of every line but the first of a voter, where the file names its voters."""
    first: dict[str, int] = {}
    for line, cells in rows:
        voter = cells.get("voter_id", "")
        if voter and first.setdefault(voter, line) != line:
            earlier = Text(
                f"第 {first[voter]} 行已有此人的票", f"line {first[voter]} has one already"
            )
            complaints.add("voter_twice", line, _VOTER_TWICE, column="voter_id", value=voter[:80], expected=earlier)  # fmt: skip


def _check(
    line: int, named: Sequence[str], known: Mapping[str, int], complaints: Complaints
) -> bool:
    """Say whether every project that a vote names is one of the file's."""
    unknown = [name for name in dict.fromkeys(named) if name not in known]
    for name in unknown:
        complaints.add("unknown_project", line, _UNKNOWN, column="vote", value=name[:80])
    return not unknown


_NEGATIVE = Text("得分為負數，無法作為分數", "is a score below 0, which merit cannot be")
_NO_KIND = Text("不是已知的投票方式", "is no way to vote that is known")
_NO_SCORING = Text("不是已知的計分方式", "is no way to score that is known")
_VOTER_TWICE = Text("同一人投了兩票", "votes twice")
_NO_POINTS = Text("分數與所投的項目不符", "are not the points of the projects that the vote names")
_NAMED_TWICE = Text("同一票投了這個項目兩次", "names one project twice")
_UNKNOWN = Text("PROJECTS 沒有這個編號", "names a project that PROJECTS lacks")
