"""The links of a chain held against their seals and against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from optimizer.language.text import Text
from optimizer.problems.errors import Problem, defect
from optimizer.report.folder import RECORD
from optimizer.revisions.promised import promise, promise_of
from optimizer.revisions.published import Published, corrected

# what a record of another form can do to whoever reads it
MALFORMED = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
    ZeroDivisionError,
)


def broken_links(links: Sequence[Published]) -> Iterator[Problem]:
    """Yield every link that its own seal, or the link before, speaks against."""
    for place, link in enumerate(links):
        if link.seal_anew() != link.seal:
            message = Text("所載內容與其查核碼不符", "carries what its own seal does not cover")
            yield _link(place, message, link.seal, expected=link.seal_anew())
    if links[0].parent:
        message = Text("前面尚有未載之結果", "revised a result that the chain leaves out")
        yield _link(0, message, links[0].parent)
    for place, (parent, link) in enumerate(pairwise(links), start=1):
        yield from _broken_link(place, parent, link)


def _broken_link(place: int, parent: Published, link: Published) -> Iterator[Problem]:
    rule, before = promise_of(link), promise_of(parent)
    if rule != promise(parent, rule.withdrawn, rule.reduced, rule.paid):
        message = Text("所承諾者並非前次公布之內容", "promises something else than was published")
        yield _link(place, message, link.seal, expected=parent.seal)
    forgotten = set(before.withdrawn) - set(rule.withdrawn)
    if forgotten:
        message = Text("前次撤回者又復列入", "forgets who had withdrawn")
        yield _link(place, message, ", ".join(sorted(forgotten)))
    taken = sorted(_taken(parent, link, rule.kept))
    if taken:
        message = Text("收回了已公布之核定", "takes back what was published")
        yield _link(place, message, ", ".join(taken))


def _taken(parent: Published, link: Published, kept: Mapping[str, int]) -> Iterator[str]:
    """Yield who kept less than was promised, though no correction explains it.

    What a correction leaves of an award does not stand in a link: where there was one, only who was
    left out though eligible is found.
    """
    status, funded = {row[0]: row[4] for row in link.awards}, link.funded
    for one, least in kept.items():
        if status.get(one) == "not_funded" or (
            not corrected(parent, link) and funded.get(one, 0) < least
        ):
            yield one


def _link(place: int, message: Text, value: str, expected: str = "") -> Problem:
    return defect(
        "chain",
        message,
        file=RECORD,
        column=f"chain[{place}]",
        value=value[:80],
        expected=expected,
    )
