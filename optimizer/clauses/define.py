"""Defining a rule outside this package, in a notebook or a script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

from pydantic import TypeAdapter

from optimizer.clauses import Clause, Priority, registry
from optimizer.clauses.own import OWN, read_source, record
from optimizer.language.text import Text
from optimizer.problems.arguments import checked, refusal, together
from optimizer.problems.errors import shorten

_R = TypeVar("_R")


@checked
def clause(rule: type[_R]) -> type[_R]:
    """Define a rule of one's own, in a notebook or a script: a decorator.

    From then on the rule is one like all others in this process: in policies, both engines, the
    audit, the reasons and the catalogue. The source text of its class and the SHA-256 of it go into
    summary.json and under the seal of every result. To run the cell again replaces the rule.

        @clause
        class OneOfAType(Clause):
            kind = "one_of_a_type"
            title = Text("同校同類型上限", "Types within a school")
            most: int = key("同校同類型至多件數", "most of one type at a school", 1)
            ...

    Parameters
    ----------
    rule
        A class that derives from `optimizer.clauses.Clause` or `Priority`; it becomes a frozen
        dataclass if it is none.

    Raises
    ------
    UsageError
        With all that a rule needs and the class has not.

    Examples
    --------
    >>> from optimizer.clauses import Quota
    >>> from optimizer.language.text import Text
    >>> @clause
    ... class OneAConvener(Quota):
    ...     kind, title = "one_a_convener", Text("每位召集人一件", "One a convener")
    ...     def sentence(self):
    ...         return Text("每位召集人至多補助一件。", "A convener leads one at the most.")
    >>> rule = OneAConvener(column="convener", for_each=True, at_most=1)
    >>> allocate(case.under(case.policy.add(rule))).status
    'optimal'
    """
    made = _frozen(rule)
    wrong = [refusal("clause(rule=…)", rule, needed) for needed in _lacks(made)]
    if wrong:
        raise together(wrong)
    record(made, read_source(made))
    return made


def _frozen(rule: type[Any]) -> type[Any]:
    if not issubclass(rule, Clause) or "__dataclass_params__" in vars(rule):
        return rule
    return dataclass(frozen=True, kw_only=True)(rule)


def _lacks(rule: type[Any]) -> Iterator[Text]:
    """Yield what a class must have to be a rule and has not."""
    if not issubclass(rule, Clause) or rule in (Clause, Priority):
        yield Text(
            "由 Clause 或 Priority 衍生的類別", "a class that derives from Clause or Priority"
        )
        return
    kind, name = vars(rule).get("kind"), rule.__name__
    if not isinstance(kind, str) or not kind.isidentifier():
        yield Text(f"{name}.kind 為一個英文詞", f"{name}.kind to be a word, e.g. 'one_of_a_type'")
    elif (rule.section, kind) in set(registry()) - set(OWN):
        yield Text(
            f"另一個 kind：「{kind}」是程式的規則",
            f"another kind: {kind!r} is a rule of the program",
        )
    if rule.section not in ("clause", "priority"):
        yield Text("section 為 clause 或 priority", "section to be clause or priority")
    if not isinstance(getattr(rule, "title", None), Text):
        yield Text(f"{name}.title = Text(中文, 英文)", f"{name}.title = Text(Chinese, English)")
    if not issubclass(rule, Priority) and _acts_on_nothing(rule):
        yield Text(
            f"至少定義其一：{name}.rows（名單須符合之限制，並以 audit 查核）、screen 或 screen_merit（不符資格或提醒）、"
            "smallest_award（核定之最低金額）、check（資料須符合之條件）；否則此規則沒有任何作用",
            f"at least one of {name}.rows (constraints on the list, with audit to check them), screen or "
            "screen_merit (refusals and flags), smallest_award (the least that is granted), check (what "
            "the data must be like): without any the rule acts on nothing",
        )
    for method in _methods(rule):
        yield Text(f"方法 {name}.{method}", f"a method {name}.{method}")
    for key in rule.own_keys():
        if "help" not in key.metadata:
            yield Text(
                f"以 key(中文, 英文, 預設值) 宣告的 {key.name}",
                f"{key.name} declared by key(Chinese, English, default)",
            )
    if (why := _unreadable(rule)) is not None:
        yield Text(f"可讀取的鍵（{why}）", f"keys that can be read ({why})")
    elif (why := _unsaid(rule)) is not None:
        yield Text(
            f"{name}.sample：可據以造句的一組鍵（{why}）",
            f"{name}.sample to hold keys of which a sentence can be made ({why})",
        )


_ACTS = (
    *("rows", "audit", "screen", "screen_merit", "smallest_award", "gone"),
    *("misstated", "check", "check_together", "out_of_reach"),
)


def _acts_on_nothing(rule: type[Clause]) -> bool:
    """Return whether a rule has only keys and words: results would publish it as applied."""
    above = Clause.__mro__
    return not any(
        name in vars(base) for base in rule.__mro__ if base not in above for name in _ACTS
    )


def _methods(rule: type[Clause]) -> list[str]:
    """Return the methods that every rule of its section has of its own."""
    needed = (
        ["sentence", "unit", "objectives", "worth"] if issubclass(rule, Priority) else ["sentence"]
    )
    base = Priority if issubclass(rule, Priority) else Clause
    return [name for name in needed if getattr(rule, name) is getattr(base, name)]


def _unreadable(rule: type[Any]) -> str | None:
    """Return why its keys cannot be read from a policy; None if they can."""
    try:
        get_type_hints(rule)
        TypeAdapter(rule)
    except Exception as error:  # of any library, about annotations of any kind
        return shorten(str(error))
    return None


def _unsaid(rule: type[Any]) -> str | None:
    """Return why its sample makes no sentence; None if it does."""
    try:
        said = TypeAdapter(rule).validate_python(rule.sample).sentence()
    except Exception as error:  # of somebody else's code
        return shorten(str(error))
    return None if isinstance(said, Text) and said.zh and said.en else "Text(…, …)"
