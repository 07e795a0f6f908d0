"""Rules that somebody defines outside this package, e.g. in a notebook: known while a process lasts.

A rule of the program stands in a file of this package, under version control. One of a notebook
stands in a cell that may be gone tomorrow: so its source text is kept beside it, and goes into the
record of every result. To define it again replaces it. A process that it is sent to by joblib or
Dask, which send classes of a notebook whole, learns it on arrival; any other says what is missing.
"""

from __future__ import annotations

import ast
import copyreg
import inspect
import linecache
import textwrap
import time
from dataclasses import MISSING
from hashlib import sha256
from typing import Any

from optimizer.language.text import Text
from optimizer.problems.arguments import NOT_SO_DEEP, too_deep
from optimizer.problems.errors import PolicyError, UsageError, defect, one_of
from optimizer.problems.likeness import closest, did_you_mean

OWN: dict[tuple[str, str], type[Any]] = {}  # by section of policy.toml and kind
SOURCE, SINCE = "own_source", "own_since"  # what a rule that is not the program's own has


class RuleType(type):
    """The type of every rule: what is wrong with one that is made in Python is said in words."""

    def __call__(cls, *args: Any, **keys: Any) -> Any:
        """Make a rule of its keys.

        Raises
        ------
        PolicyError
            With every key that the rule does not have, and every one that is missing.
        """
        known: dict[str, Any] = {key.name: key for key in cls.policy_keys()}  # type: ignore[attr-defined]
        problems = [_unknown(cls, key, known) for key in keys if key not in known]
        problems += [_missing(cls, k) for k in _needed(known.values()) if k not in keys]
        problems += [_too_deep(cls, key) for key, value in keys.items() if too_deep(value)]
        if args or problems:
            raise PolicyError(_said(cls, bool(args)), problems)
        return super().__call__(**keys)


def _needed(keys: Any) -> list[str]:
    return [k.name for k in keys if k.default is MISSING and k.default_factory is MISSING]


def _said(cls: type[Any], nameless: bool) -> Text:
    if nameless:
        return Text(
            f"{cls.__name__}：每個鍵都要寫名稱，如 amount=5_000",
            f"{cls.__name__}: give every key by its name, e.g. amount=5_000",
        )
    return Text(f"{cls.__name__} 的鍵不對", f"the keys of {cls.__name__} are wrong")


def _unknown(cls: type[Any], key: str, known: Any) -> Any:
    return defect(
        "unknown_key",
        Text("未知的鍵", "unknown key"),
        expected=one_of(known),
        hint=did_you_mean(closest(key, known)),
        file=f"{cls.__name__}(…)",
        column=key,
    )


def _missing(cls: type[Any], key: str) -> Any:
    message = Text("缺少這個鍵", "is a key that is not there")
    return defect("missing_key", message, file=f"{cls.__name__}(…)", column=key)


def _too_deep(cls: type[Any], key: str) -> Any:
    message = Text("值不正確", "wrong value")
    return defect("bad_value", message, expected=NOT_SO_DEEP, file=f"{cls.__name__}(…)", column=key)


# ---- what is known ------------------------------------------------------------------------------


def record(rule: type[Any], source: str) -> None:
    """Let this process know a rule by its source; one of the same kind that it knew is replaced."""
    setattr(rule, SOURCE, source)
    setattr(rule, SINCE, time.time_ns())
    keep(rule)


def keep(rule: type[Any]) -> None:
    """Let this process know a rule that was recorded, unless it knows a later one of the kind."""
    known = OWN.get((rule.section, rule.kind))
    if getattr(known, SINCE, 0) <= getattr(rule, SINCE, -1):
        OWN[rule.section, rule.kind] = rule


def source_of(rule: Any) -> str:
    """Return the source text of a rule that is not the program's own; empty for any other."""
    return getattr(rule, SOURCE, "")


def source_sha256(source: str) -> str:
    """Return the SHA-256 of a source text."""
    return sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


def read_source(rule: type[Any]) -> str:
    """Return the text by which a class was defined, its decorators included.

    `inspect.getsource` finds no class of a notebook, but its functions know their cell.

    Raises
    ------
    UsageError
        If the text is nowhere: it was typed at a prompt.
    """
    for function in filter(inspect.isfunction, vars(rule).values()):
        code = function.__code__
        lines = linecache.getlines(code.co_filename)
        found = _class_at(lines, rule.__name__, code.co_firstlineno)
        if found:
            return found
    raise UsageError(
        Text(
            f"找不到 {rule.__name__} 的原始碼，無法記入結果；請寫在筆記本的儲存格或 .py 檔內，且至少有 sentence",
            f"the source of {rule.__name__} is nowhere to be found, so that no result could record "
            "it: define it in a cell of a notebook or in a file, with a sentence at least",
        )
    )


def _class_at(lines: list[str], name: str, line: int) -> str:
    """Return the definition of a class that spans a line, empty if there is none."""
    try:
        tree = ast.parse("".join(lines))
    except SyntaxError:  # a cell with magics
        return _block_at(lines, name, line)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == name and node.end_lineno:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            if first <= line <= node.end_lineno:
                return textwrap.dedent("".join(lines[first - 1 : node.end_lineno]))
    return ""


def _block_at(lines: list[str], name: str, line: int) -> str:
    """Return the block of a class by its indentation."""
    heads = [at for at in range(line) if lines[at].lstrip().startswith(f"class {name}")]
    if not heads:
        return ""
    first = heads[-1]
    while first and lines[first - 1].lstrip().startswith("@"):
        first -= 1
    return textwrap.dedent(
        "".join([*lines[first : heads[-1]], *inspect.getblock(lines[heads[-1] :])])
    )


# ---- sent to another process --------------------------------------------------------------------


def _sent(rule: type[Any]) -> Any:
    """Send a rule by its name; one of a notebook so that a process without it says what is missing."""
    if not source_of(rule):
        return rule.__qualname__
    return _arrived, (rule.section, rule.kind, source_sha256(source_of(rule)))


copyreg.pickle(RuleType, _sent)
# the mark of a key without a default is told by what it *is*: it comes back as itself
copyreg.pickle(type(MISSING), lambda _: "MISSING")


def _arrived(section: str, kind: str, digest: str) -> type[Any]:
    """Return the rule that was sent, which this process must know.

    Raises
    ------
    PolicyError
        If it knows none of that kind, or another.
    """
    found = OWN.get((section, kind))
    if found is None:
        raise PolicyError(
            Text(
                f"此程序沒有規則「{kind}」的定義；請將定義放入 .py 模組，並在每個程序匯入",
                f"this process has no definition of the rule {kind!r}: put it into a module, and "
                "import that in every process",
            )
        )
    if source_sha256(source_of(found)) != digest:
        raise PolicyError(
            Text(
                f"規則「{kind}」在此程序的定義與送來者不同；請在兩處執行同一段定義",
                f"the rule {kind!r} is defined otherwise in this process: run the same definition "
                "in both",
            )
        )
    return found
