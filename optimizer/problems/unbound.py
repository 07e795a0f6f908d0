"""A call whose arguments are not those of the function, said in words."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from optimizer.language.text import Text
from optimizer.problems.likeness import closest


def unbound(
    call: str, signature: inspect.Signature, args: Sequence[Any], given_: Mapping[str, Any]
) -> list[Text]:
    """Say which arguments a call has that its function has not, or lacks, or gives twice."""
    known = [p for p in signature.parameters.values() if p.name != "self"]
    names = [p.name for p in known if p.kind is not p.VAR_POSITIONAL]
    wrong = [_no_argument(call, name, names) for name in given_ if name not in names]
    placed = [p.name for p in known if p.kind is p.POSITIONAL_OR_KEYWORD]
    count = len(args) - ("self" in signature.parameters)
    if count > len(placed) and not any(p.kind is p.VAR_POSITIONAL for p in known):
        wrong.append(Text(
            f"{call}：只有前 {len(placed)} 個參數可不寫名稱（得到 {count} 個）；其餘請寫成 名稱=值。",
            f"{call}: only the first {len(placed)} can be given without a name (got {count}); write "
            "the others as NAME=VALUE.",
        ))  # fmt: skip
    asked = [
        p.name
        for p in known
        if p.default is p.empty and p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
    ]
    missing = [name for name in asked if name not in given_ and name not in placed[:count]]
    twice = [name for name in placed[: max(count, 0)] if name in given_]
    wrong += [Text(f"{call}：缺少 {name}。", f"{call}: {name} is missing.") for name in missing]
    return wrong + [
        Text(f"{call}：{name} 給了兩次。", f"{call}: {name} is given twice.") for name in twice
    ]


def _no_argument(call: str, name: str, known: Sequence[str]) -> Text:
    near = closest(name, known)
    zh = f"是否為 {near}？" if near else f"可用：{'、'.join(known) or '無'}。"
    en = f"did you mean {near}?" if near else f"it takes {', '.join(known) or 'none by name'}."
    return Text(f"{call}：沒有 {name} 這個參數；{zh}", f"{call}: there is no argument {name}; {en}")
