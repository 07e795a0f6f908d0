"""The policy of an imported round, and the other ways to read its votes."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.language.text import Text
from optimizer.language.toml_text import in_toml

_GREEDY = "greedy"
_POLICY = """\
# 參與式預算 · A round of participatory budgeting, from {file}
#
# 每一提案為一件申請：成本即申請金額，選票所得分數即審查分數（merit）。每一提案自成一「學校」，以所在地為名；學制、
# 社群類型、參與評鑑計畫等欄僅因表格所需而填，本計畫不用。金額以該案之貨幣{currency}計，程式所稱「元」「NT$」即指此{scaled}。
# Each project is an application: its cost is the request, its score in the votes the merit. Each project is a
# "school" of its own, named by where it lies; level, type and evaluation programme are filled in because the tables
# have these columns, and no rule here reads them. Amounts are in the round's own currency{currency}: where the program says NT$, read that{scaled_en}.
# {votes_zh}
# {votes_en}

[plan]
title = {title}

[pool]
amount = {amount}                     # 預算 · budget
unit = {unit}                       # 各成本之最大公因數：補助全額或不補助 · the greatest number that divides every cost

[award]
mode = "full"

[draw]                                # 請改為事先公布之文字 · put words of your own here, published beforehand
seed = {seed}

# 檔案所載規則 · the rule that the file names: {rule}
{reading}
[[priority]]
kind = "merit"
{keys}

[[priority]]                          # 其次，經費用得最多 · then as much of the money as can be
kind = "amount"
"""
_RANKED = """\
# 讀法：由得票最多者依序，放得下即補助，放不下即略過（greedy）。同票者一併看，最後由抽籤決定。
# Read as: from the most votes down; what fits is funded, what does not is passed over. Equal votes are looked at
# together, and the draw decides the last ties."""
_COST = """\
# 讀法：每一元依其所補助提案的得票計，使總和最大（cost satisfaction）。檔案所載規則並非由高分依序，本程式不重現其過程。
# Read as: each unit of money counts by the votes of what it pays for, and the sum is made as large as can be. The rule
# that the file names is not "from the top down"; its steps are not repeated here."""
# how ballots become merit, as ballots.py counts them
_VOTES: Mapping[str, Text] = {
    "approval": Text(
        "選票（approval）：每票給所選的每一提案一分，審查分數即得票數。",
        "Votes (approval): each gives a point to every project it names; the merit is how many it got.",
    ),
    "ordinal": Text(
        "選票（ordinal）：依 Borda 計分，首位得 {length} 分，其後逐位少一分；審查分數為總和。",
        "Votes (ordinal): Borda's points, {length} to the first and one less to each after it; the merit is their sum.",
    ),
    "cumulative": Text(
        "選票（cumulative）：審查分數為各票所給分數之和。",
        "Votes (cumulative): the merit is the sum of the points that the votes give.",
    ),
    "scoring": Text(
        "選票（scoring）：審查分數為各票所給分數之和；未列的提案，一票得 {default} 分。",
        "Votes (scoring): the merit is the sum of the points that the votes give; a project that a vote does not name gets {default}.",
    ),
}
_READINGS: Mapping[str, tuple[str, str]] = {
    "ranked": (
        "由得票最多者依序 from the most votes down",
        '"priority.merit.form" = "ranked", "priority.merit.per" = "application"',
    ),
    "cost": (
        "每一元依得票計 each unit of money by its votes",
        '"priority.merit.form" = "total", "priority.merit.per" = "amount"',
    ),
    "count": (
        "每案計一次 each project once",
        '"priority.merit.form" = "total", "priority.merit.per" = "application"',
    ),
}


def _is_greedy(meta: Mapping[str, str]) -> bool:
    return meta.get("rule", "").casefold() == _GREEDY


def policy_text(
    meta: Mapping[str, str],
    file: str,
    digest: str,
    *,
    projects: int,
    amount: int,
    unit: int,
    scale: int,
) -> str:
    """Write policy.toml.

    Parameters
    ----------
    meta
        Keys and values of META.
    file, digest
        Name and SHA-256 of the file; the seed is made of the digest until somebody puts another.
    projects
        How many there are: a ranking without ``max_length`` gives that many points to its first.
    amount, unit, scale
        Budget, unit of awards, and how many of these make one of the currency.
    """
    currency = _plain(meta.get("currency", ""))
    title = "，".join(filter(None, map(meta.get, ("description", "unit", "subunit", "instance"))))
    votes = _votes(meta, projects)
    return _POLICY.format(
        votes_zh=votes.zh,
        votes_en=votes.en,
        file=_plain(file),
        currency=f" ({currency})" if currency else "",
        scaled=f"，並以其 {scale:,} 分之一為單位" if scale > 1 else "",
        scaled_en=f", in units of 1/{scale:,} of it" if scale > 1 else "",
        title=in_toml(title or file),
        amount=in_toml(amount),
        unit=in_toml(unit),
        seed=in_toml(f"{file} {digest[:16]}"),
        rule=_plain(meta.get("rule", "")) or "—",
        reading=_RANKED if _is_greedy(meta) else _COST,
        keys='form = "ranked"' if _is_greedy(meta) else 'per = "amount"',
    )


def _votes(meta: Mapping[str, str], projects: int) -> Text:
    """Say how a ballot becomes merit, with the figures of this file."""
    said, longest = _VOTES[meta["vote_type"]], meta.get("max_length", "")
    length = longest if longest.isdecimal() and longest.isascii() else str(projects)
    figures = {"length": length, "default": _plain(meta.get("default_score") or "0")}
    return Text(said.zh.format(**figures), said.en.format(**figures))


def readings_text(meta: Mapping[str, str]) -> str:
    """Write readings.toml: the ways to read the votes that the policy does not take."""
    own = "ranked" if _is_greedy(meta) else "cost"
    return "\n".join(
        f'# subsidy compare\n[[scenario]]\nname = "{name}"\nset = {{ {keys} }}\n'
        for reading, (name, keys) in _READINGS.items()
        if reading != own
    )


def _plain(text: str) -> str:
    """Return text that may stand in a comment: one line, nothing that cannot be seen."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:120]
