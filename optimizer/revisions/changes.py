"""The changes that are asked for, held against what was published: all that does not fit, at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from optimizer.case.case import Case
from optimizer.clauses.promise import Promise
from optimizer.language.text import EMPTY, Text, money
from optimizer.problems.errors import Problem, defect
from optimizer.problems.likeness import closest, is_it
from optimizer.revisions.promised import promised, under_another
from optimizer.revisions.published import Published
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen

_UNKNOWN = Text("公布結果中沒有此申請編號", "no application of this number was published")
_GONE = Text("先前已撤回", "has withdrawn before")
_BOTH = Text(
    "同時列為撤回與減列；請擇一", "is both withdrawn and reduced: it can only be one of the two"
)
_NO_AWARD = Text(
    "公布時未獲補助，無從減列；如欲退出，請列為撤回",
    "was not funded, so there is nothing to reduce; if it leaves, let it withdraw",
)
_NOTHING = Text("減列為 0 元即為撤回，請列為撤回", "reduced to nothing is withdrawn: say that")


@dataclass(frozen=True)
class Changes:
    """What is asked for.

    Parameters
    ----------
    withdraw
        Who has withdrawn.
    reduce, paid
        Awards reduced to, and amounts paid already, NT$: pairs, as they were given.
    """

    withdraw: Sequence[str]
    reduce: Sequence[tuple[str, int]]
    paid: Sequence[tuple[str, int]]

    def wrong(self, parent: Published, before: Promise, unit: int) -> Iterator[Problem]:
        """Yield every change that what was published leaves no room for."""
        known = [row[0] for row in parent.awards]
        funded = parent.funded
        for option, one, message in self._messages(known, before, funded, unit=unit):
            near = is_it(closest(one, known)) if message is _UNKNOWN else EMPTY
            yield defect(option, message, column=option, value=one[:80], hint=near)

    def _messages(
        self, known: Sequence[str], before: Promise, funded: dict[str, int], unit: int
    ) -> Iterator[tuple[str, str, Text]]:
        for one in dict.fromkeys(self.withdraw):
            if one not in known:
                yield "withdraw", one, _UNKNOWN
            elif one in before.withdrawn:
                yield "withdraw", one, _GONE
        for option, pairs in (("reduce", self.reduce), ("paid", self.paid)):
            for one, count in Counter(name for name, _ in pairs).items():
                if count > 1:
                    yield option, one, _listed(pairs, one, option)
                if one not in known:
                    yield option, one, _UNKNOWN
        for one, amount in self.reduce:
            if one in known:
                yield from (("reduce", one, said) for said in self._reduced(
                    one, amount, before, was=funded.get(one, 0), unit=unit))  # fmt: skip
        for one, amount in self.paid:
            award = max(funded.get(one, 0), before.paid.get(one, 0))
            if one in known and amount > award:
                yield "paid", one, _overpaid(amount, award)

    def _reduced(
        self, one: str, amount: int, before: Promise, was: int, unit: int
    ) -> Iterator[Text]:
        if one in before.withdrawn:
            yield _GONE
            return
        if one in self.withdraw:
            yield _BOTH
        if not was:
            yield _NO_AWARD
        elif amount >= was:
            yield Text(
                f"減列為 {money(amount)} 元，並未少於公布核定之 {money(was)} 元；"
                "減列只能少於公布數，增列請更正申請資料",
                f"NT${money(amount)} is not less than the NT${money(was)} published; a reduction is "
                "less than that, and more can only come of a correction of the case",
            )
        elif not amount:
            yield _NOTHING
        elif amount % unit:
            yield Text(
                f"減列為 {money(amount)} 元，並非核定單位 {money(unit)} 元之倍數",
                f"NT${money(amount)} is no multiple of the unit of awards, NT${money(unit)}",
            )


def _listed(pairs: Sequence[tuple[str, int]], one: str, option: str) -> Text:
    amounts = [money(amount) for name, amount in pairs if name == one]
    sums = ("，分次撥付者列其合計", ", instalments as their sum") if option == "paid" else ("", "")
    return Text(
        f"同一編號列了 {len(amounts)} 次（{'、'.join(amounts)} 元）；請只列一次{sums[0]}",
        f"is given {len(amounts)} times (NT${', '.join(amounts)}); give it once{sums[1]}",
    )


def _overpaid(amount: int, award: int) -> Text:
    if not award:
        return Text(
            f"公布時未獲補助，不應有已撥付之 {money(amount)} 元",
            f"was not funded: NT${money(amount)} cannot have been paid to it",
        )
    return Text(
        f"已撥付 {money(amount)} 元，超過公布核定之 {money(award)} 元",
        f"NT${money(amount)} paid is more than the NT${money(award)} published",
    )


def fallen(case: Case, reduce: dict[str, int]) -> Iterator[Problem]:
    """Yield the reductions that other rules would take further than was stated."""
    if not reduce:
        return
    rule, pool = promised(case), case.policy.settings.pool.amount
    others = {one: most for one, most in rule.reduced.items() if one not in reduce}
    before = _most(under_another(case, replace(rule, reduced=others), pool))
    for one, top in _most(case).items():
        wanted = reduce.get(one, 0)
        if top < wanted <= before.get(one, 0):
            said = Text(
                f"減列為 {money(wanted)} 元後，依等第比例、最低核定等其他規則只能核給 {money(top)} 元",
                f"reduced to NT${money(wanted)}, other rules (its grade's share, a minimum award) "
                f"leave it NT${money(top)} only",
            )
            hint = Text(
                "請改為更正其申請金額，使核定金額即為所欲之數，或請其撤回。",
                "Correct its request instead, so that its award is what is wanted, or let it withdraw.",
            )
            yield defect("reduce", said, column="reduce", value=one[:80], hint=hint)


def _most(case: Case) -> dict[str, int]:
    """Return the most that each may get, NT$; nothing where it is not eligible."""
    scored = score(screen(case.records, case.policy))
    ids = case.records.applications["application_id"]
    none = dict.fromkeys(map(str, ids), 0)
    return none | dict(zip(scored.round.ids, scored.round.most.tolist(), strict=True))
