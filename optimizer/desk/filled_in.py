"""Values of a policy as people read them and fill them in, by the kind of their form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal
from unicodedata import normalize

from optimizer.language.policy_words import CHOICES
from optimizer.language.text import Text, joined, money
from optimizer.language.toml_text import in_toml
from optimizer.language.words import exact_points
from optimizer.tables.case_words import column_words, term
from optimizer.tables.schema import CRITERIA, VALUES

Form = Literal[
    "yes_no", "choice", "text", "number", "money", "share", "bound", "date",
    "column", "value", "measure", "list", "weights", "criteria", "decisions", "grades", "toml",
]  # fmt: skip
Said = str | Sequence[str] | Sequence[Sequence[str]]
_PARTS = re.compile(r"[、,，;；]")
_NAMED_ROWS = (Text("項目", "Item"), Text("數值", "Value"))
ROWS: Mapping[str, tuple[Text, ...]] = {
    "weights": _NAMED_ROWS,
    "criteria": _NAMED_ROWS,
    "grades": (Text("分數以上", "Merit from"), Text("核給比例", "Share")),
    "decisions": (
        Text("申請編號", "Application"),
        Text("理由", "Why"),
        Text("決定者", "Who decides"),
    ),
}
"""What stands above the columns of a form that is a table."""


def shown(form: Form, said: Any) -> str:
    """Return a value of a policy as it is typed into a form of some kind."""
    if said is None:
        return ""
    if form == "yes_no":
        return "true" if said else "false"
    if form == "list":
        return "、".join(said)
    if form == "share":
        return _percent(said).rstrip("%")  # the sign stands beside the field
    if isinstance(said, int) and form in ("money", "bound", "number", "toml"):
        return money(said)
    if isinstance(said, Fraction | Decimal):
        return exact_points(Fraction(said))
    return said if isinstance(said, str) else str(said) if isinstance(said, date) else in_toml(said)


def in_words(form: Form, said: Any) -> Text:
    """Say a value of a policy to people."""
    if said is None:
        return Text("（未訂）", "(not set)")
    if said in ([], (), {}):
        return Text("（無）", "(none)")
    if form in NAMED:
        named = [(NAMED[form](name), shown("number", one)) for name, one in said.items()]
        return joined(Text(f"{name.zh} {one}", f"{name.en} {one}") for name, one in named)
    if form == "grades":
        rows = (": ".join(row) for row in _cells_of_grades(said))
        return joined(Text(row.replace(": ", "："), row) for row in rows)
    if form == "decisions":
        return joined(_decision(*row) for row in _cells_of_decisions(said))
    if form == "list":
        return joined(map(name_words, said))
    plain = shown(form, said)
    words = CHOICES.get(plain) if form in ("yes_no", "choice", "measure") else None
    if words is None and form in ("column", "measure"):
        words = column_words(plain)
    return words or (name_words(plain) if form == "value" else _with_unit(form, plain))


def _decision(application_id: str, reason: str, decided_by: str) -> Text:
    """Say who is decided on, by whom and why, as the rule's own sentence does."""
    by = [one for one in (decided_by, reason) if one]
    if not by:
        return Text(application_id, application_id)
    return Text(f"{application_id}（{'：'.join(by)}）", f"{application_id} ({': '.join(by)})")


def _with_unit(form: Form, plain: str) -> Text:
    if form == "share":
        plain = f"{plain}%"
    return Text(f"{plain} 元", f"NT${plain}") if form == "money" else Text(plain, plain)


# ---- rows ---------------------------------------------------------------------------------------


def _cells_of_weights(said: Mapping[str, Any]) -> list[tuple[str, ...]]:
    return [(name, shown("number", one)) for name, one in said.items()]


def _cells_of_grades(said: Sequence[Sequence[Any]]) -> list[tuple[str, ...]]:
    return [(shown("number", merit), _percent(share)) for merit, share in said]


def _percent(share: Any) -> str:
    return share if isinstance(share, str) else f"{exact_points(100 * Fraction(share))}%"


def _cells_of_decisions(said: Sequence[str | Mapping[str, str]]) -> list[tuple[str, ...]]:
    entries = [{"id": one} if isinstance(one, str) else one for one in said]
    return [tuple(e.get(name, "") for name in ("id", "reason", "decided_by")) for e in entries]


def _weights(rows: Sequence[Sequence[str]]) -> Any:
    return {name: typed(one) for name, one in rows}


def _grades(rows: Sequence[Sequence[str]]) -> Any:
    return [[typed(merit), share(part)] for merit, part in rows]


def _decisions(rows: Sequence[Sequence[str]]) -> Any:
    named = (dict(zip(("id", "reason", "decided_by"), row, strict=True)) for row in rows)
    return [
        {n: v for n, v in e.items() if v} if e["reason"] or e["decided_by"] else e["id"]
        for e in named
    ]


_ROWS_OF: Mapping[str, Callable[[Any], list[tuple[str, ...]]]] = {
    "weights": _cells_of_weights,
    "criteria": _cells_of_weights,
    "grades": _cells_of_grades,
    "decisions": _cells_of_decisions,
}
_READ_ROWS: Mapping[str, Callable[[Sequence[Sequence[str]]], Any]] = {
    "weights": _weights,
    "criteria": _weights,
    "grades": _grades,
    "decisions": _decisions,
}


def rows_of(form: Form, said: Any) -> tuple[tuple[str, ...], ...]:
    """Return the cells of a form that is a table."""
    return tuple(_ROWS_OF[form](said)) if said else ()


# ---- what is typed ------------------------------------------------------------------------------


def read(form: Form, said: Said) -> Any:
    """Return what was filled in, in the form that policy.toml has; None for nothing at all."""
    if form in ROWS:
        filled = [[str(cell).strip() for cell in row] for row in said]
        return _READ_ROWS[form]([row for row in filled if any(row)]) or None
    if form == "list":
        parts = _PARTS.split(said) if isinstance(said, str) else said
        return [part for part in (str(one).strip() for one in parts) if part]
    return _READ.get(form, str.strip)(str(said)) if str(said).strip() else None


def typed(text: str) -> Any:
    """Return what was typed into a field of a number, in the form that policy.toml has."""
    plain = normalize("NFKC", text).replace(",", "").strip().removesuffix("元").strip()
    return int(plain) if plain.isascii() and plain.isdecimal() else plain


def share(text: str) -> str:
    """Return a share that was typed with or without its sign: 80 and 80% are the same."""
    plain = text.strip().replace("％", "%")
    return plain if plain.endswith("%") or "/" in plain else f"{plain}%"


def typed_toml(said: str) -> Any:
    """Return what was typed as policy.toml would have it; what is none of that is a text."""
    try:
        return tomllib.loads(f"value = {said.strip()}", parse_float=Decimal)["value"]
    except tomllib.TOMLDecodeError:
        return typed(said)


_READ: Mapping[Form, Callable[[str], Any]] = {
    "yes_no": lambda said: said == "true",
    "number": typed,
    "money": typed,
    "bound": typed,
    "share": share,
    "toml": typed_toml,
}


# ---- names --------------------------------------------------------------------------------------


_VALUES = {
    value.key: Text(value.zh, value.key.replace("_", " "))
    for group in VALUES.values()
    for value in group
    if value.key
}


def name_words(code: str) -> Text:
    """Return what people call a value, a criterion or a column; a word of the bureau's own stays."""
    found = term(code)
    return found if found != Text(code, code) else _VALUES.get(code) or column_words(code)


NAMED: Mapping[str, Callable[[str], Text]] = {"weights": name_words, "criteria": column_words}
"""What names the rows of a form: a criterion (其他原則) may have the code of a value (其他)."""


def code_named(word: str, form: str = "weights") -> str:
    """Return the code of what people call so in a form; the word itself where the program has none for it."""
    groups = (CRITERIA,) if form == "criteria" else VALUES.values()
    codes = (value.key for group in groups for value in group if value.key)
    said = NAMED[form]
    return next((code for code in codes if word in (said(code).zh, said(code).en)), word)
