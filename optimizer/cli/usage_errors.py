"""What typer finds wrong with a command line, in both languages."""

from __future__ import annotations

import re
from typing import Any

from optimizer.language.text import Text

_COMMAND = re.compile(
    r"No such command '(?P<name>.*?)'(\. Did you mean '(?P<near>.*?)'\?)?\.?$", re.S
)


_BOUND = re.compile(r"Input should be (greater|less) than or equal to (\S+)")


def _in_words(found: re.Match[str]) -> str:
    return f"it must be at {'least' if found[1] == 'greater' else 'most'} {found[2]}"


_NUMBER = re.compile(r"Input should be a valid (integer|number)(, .*)?$")


def _as_number(found: re.Match[str]) -> str:
    if found[1] == "number":
        return "it must be a number, as in 60 or 0.5"
    return "it must be a whole number, written without commas, as in 1000"


def usage(error: Any) -> Text:
    """Say what typer found wrong with a command line."""
    said = " ".join(str(error.format_message()).split())
    said = _NUMBER.sub(_as_number, _BOUND.sub(_in_words, said))
    zh = _by_kind(error, said) or _by_words(said) or said
    return Text(f"{zh}。" if zh[-1] not in "。？" else zh, said)


def _by_kind(error: Any, said: str) -> str | None:
    kind, option = type(error).__name__, getattr(error, "option_name", "")
    if kind == "NoSuchOption":
        near = "、".join(sorted(getattr(error, "possibilities", None) or ()))
        return f"沒有「{option}」這個選項" + (f"。是否為 {near}？" if near else "")
    if kind == "MissingParameter":
        return f"缺少「{_parameter(error)}」"
    if kind == "BadParameter":
        return f"「{_parameter(error)}」的值不對{_expected(error)}"
    if kind == "BadOptionUsage":
        flag = "does not take a value" in said
        return f"選項「{option}」後面{'不需要有值' if flag else '要有值'}"
    return None


def _by_words(said: str) -> str | None:
    found = _COMMAND.match(said)
    if found:
        near = f"。是否為 {found['near']}？" if found["near"] else ""
        return f"沒有「{found['name']}」這個指令{near}"
    extra = said.partition("unexpected extra argument")[2].partition(" ")[2]
    return f"多了不認得的參數 {extra.strip('()')}" if extra else None


def _parameter(error: Any) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ""
    names = [name for name in parameter.opts if name.startswith("-")]
    return "／".join(names) or str(parameter.metavar or parameter.name).upper()


def _expected(error: Any) -> str:
    """Say what a parameter takes, as far as this typer tells."""
    takes: Any = getattr(getattr(error, "param", None), "type_descriptor", None)
    info = getattr(takes, "parameter_info", None)
    if getattr(takes, "choices", None):
        return f"，應為 {' 或 '.join(map(str, takes.choices))}"
    words: dict[Any, str] = {int: "不加逗號的整數", float: "數字"}
    word = words.get(getattr(takes, "annotation", None))
    least = getattr(info, "min", None)
    bound = "" if least is None else f"，至少 {least}"
    return f"，應為{word}{bound}" if word else ""
