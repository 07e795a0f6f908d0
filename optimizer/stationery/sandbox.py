"""Templates of a bureau, rendered where they can do no harm: a wrong one is an error in words.

Everything is escaped, and no template can say otherwise; a name that does not exist is an error;
text has no methods, numbers stay small, and no letter grows beyond `MOST_CHARACTERS`.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, TemplateError as JinjaError, nodes
from jinja2.exceptions import SecurityError, TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.meta import find_referenced_templates
from jinja2.sandbox import SandboxedEnvironment

from optimizer.foundation.escaping import unsteered
from optimizer.language.formal_money import in_capitals, numeral
from optimizer.language.text import EMPTY, Text, money, run_on
from optimizer.problems.errors import Problem, TemplateError, defect, shorten
from optimizer.problems.likeness import closest, is_it
from optimizer.stationery.unusable import unusable
from optimizer.workbooks.cell_text import legal_xml

MOST_CHARACTERS = 200_000  # of one letter


def _numbered(place: int, count: int, language: str) -> str:
    """Return what stands before one of several items: （一）, (1); nothing where there is only one."""
    if count < 2:
        return ""
    return f"（{numeral(place)}）" if language == "zh-TW" else f"({place}) "


_FILTERS = ("default", "escape", "e", "first", "last", "join", "length", "trim")
_OURS = {
    "money": lambda amount: money(int(amount)),  # 5,000
    "capitals": in_capitals,  # 伍仟元整
    "numeral": numeral,  # 一, 十二
    "numbered": _numbered,
    "run_on": run_on,  # 規定為 3 人以上, 規定為召集人一人
    "sentence": lambda text: text[:1].upper() + text[1:],
}
_LONGEST = 1_000  # steps of a range
_LARGEST = 10**15
_QUOTED = re.compile(r"'([^']{1,80})'")


class _Sandbox(SandboxedEnvironment):
    """Jinja without what could run away."""

    intercepted_binops = frozenset("*%+-") | {"**", "/", "//"}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Allow no methods of text, numbers and lists: the data have keys, not methods."""
        plain = isinstance(obj, str | int | list | tuple | dict)
        return not plain and super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Calculate with whole numbers alone."""
        if not all(isinstance(n, int) and abs(n) < _LARGEST for n in (left, right)):
            raise SecurityError(f"'{operator}' is for whole numbers")
        if operator == "**":
            raise SecurityError("'**' is not possible here")
        return super().call_binop(context, operator, left, right)


def _range(*ends: int) -> range:
    found = range(*ends)
    if len(found) > _LONGEST:
        raise SecurityError(f"'range' goes to {_LONGEST} at most")
    return found


class Templates:
    """The templates of one folder, checked as a whole before anything is written.

    Parameters
    ----------
    texts
        Every template by its name.
    named
        The names by which templates are asked for.
    own
        The files of the bureau's own folder: each has to be one of these, or used by another.
    """

    def __init__(
        self, texts: Mapping[str, str], named: Collection[str], own: Collection[str]
    ) -> None:
        self.texts = texts
        self._jinja = _Sandbox(
            loader=FunctionLoader(self._source),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.filters = {name: self._jinja.filters[name] for name in _FILTERS} | _OURS
        self._jinja.globals = {"range": _range}
        problems = [p for name, text in texts.items() for p in self._wrong(name, text)]
        if not problems:
            problems = list(self._unused(named, own))
        if problems:
            raise unusable(problems)

    def _source(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        text = self.texts.get(name)
        return None if text is None else (text, name, lambda: True)

    def _wrong(self, name: str, text: str) -> Iterator[Problem]:
        """Yield what is wrong with the form of a template."""
        if not name.endswith(".html"):
            return
        try:
            tree = self._jinja.parse(text, name, name)
            self._jinja.compile(text, name, name)
        except TemplateSyntaxError as error:
            yield _problem(error.name or name, error.lineno, _said(error), text)
            return
        for node in tree.find_all(nodes.ScopedEvalContextModifier):
            yield _problem(name, node.lineno, _ALWAYS_ESCAPED, text)

    def _unused(self, named: Collection[str], own: Collection[str]) -> Iterator[Problem]:
        """Yield files that no letter is made of: their names were meant to be others."""
        used = set(named)
        for name, text in self.texts.items():
            if name.endswith(".html"):
                tree = self._jinja.parse(text, name, name)
                used |= {str(other) for other in find_referenced_templates(tree)}
        for name in sorted(set(own) - used):
            yield defect(
                "unused_template",
                Text("沒有函稿會用到這個檔案", "is a file that no letter is made of"),
                hint=is_it(closest(name, sorted(used))),
                file=name,
            )

    def render(self, name: str, data: Mapping[str, Any]) -> str:
        """Return a letter.

        Raises
        ------
        TemplateError
            If a template is wrong, with its name and line.
        """
        pieces, length = [], 0
        try:
            for piece in self._jinja.get_template(name).generate(dict(data)):
                length += len(piece)
                if length > MOST_CHARACTERS:
                    raise unusable([_problem(name, None, _TOO_LONG, "")])
                pieces.append(piece)
        except TemplateError:
            raise
        except Exception as error:
            raise unusable([self._failed(name, error, data)]) from None
        return legal_xml(unsteered("".join(pieces)))

    def _failed(self, name: str, error: Exception, data: Mapping[str, Any]) -> Problem:
        """Say what went wrong while a template was filled in, with its innermost line."""
        frames = traceback.extract_tb(error.__traceback__)
        places = [(f.filename, f.lineno) for f in frames if f.filename in self.texts]
        file, line = places[-1] if places else (name, None)
        quoted = _QUOTED.findall(str(error))
        near = closest(quoted[-1], sorted(names_in(data))) if quoted else None
        hint = is_it(near) if isinstance(error, UndefinedError) else EMPTY
        return _problem(file, line, _said(error), self.texts.get(file, ""), hint=hint)


def names_in(data: Any) -> set[str]:
    """Return every name by which a template can ask for something."""
    if isinstance(data, Mapping):
        return set(data).union(*(names_in(value) for value in data.values()))
    return set().union(*map(names_in, data)) if isinstance(data, list | tuple) else set()


_IN_CHINESE = (  # what Jinja says in English alone
    (re.compile(r"access to attribute ('.+?') of .* is unsafe\.?"), r"不可取用屬性 \1"),
    (re.compile(r"('.+?') is undefined"), r"\1 未定義"),
    (re.compile(r".* has no (?:attribute|element) ('?.+?'?)"), r"其中沒有 \1"),
    (re.compile(r"No filter named ('.+?')\.?"), r"沒有名為 \1 的篩選（filter）"),
    (re.compile(r"No test named ('.+?')\.?"), r"沒有名為 \1 的測試（test）"),
    (re.compile(r"('.+?') is for whole numbers"), r"\1 只能用於整數"),
    (re.compile(r"('.+?') is not possible here"), r"此處不能用 \1"),
    (re.compile(r"'range' goes to (\d+) at most"), r"range 最多 \1 個"),
    (re.compile(r"[Uu]nexpected end of template.*"), "範本在此就結束了，尚有未寫完或未收尾者"),
    (re.compile(r"Encountered unknown tag ('.+?')\..*"), r"沒有 \1 這種標籤"),
    (re.compile(r"unexpected (.+)"), r"此處不應有 \1"),
    (re.compile(r"expected token (.+), got (.+)"), r"此處應為 \1，卻是 \2"),
)
_ALWAYS_ESCAPED = Text("跳脫（autoescape）不能關閉", "turns escaping off or on, which stays on")
_TOO_LONG = Text(
    f"函稿過長，超過 {MOST_CHARACTERS:,} 字",
    f"makes a letter of more than {MOST_CHARACTERS:,} characters",
)


def _said(error: Exception) -> Text:
    """Say an error of Jinja; its own words are kept, as they name what is wrong."""
    said = shorten(str(getattr(error, "message", None) or error) or type(error).__name__)
    zh = _in_chinese(said)
    if isinstance(error, UndefinedError):
        return Text(f"沒有這項資料（{zh}）", f"asks for what does not exist ({said})")
    if isinstance(error, TemplateNotFound):
        return Text(f"找不到範本「{said}」", f"needs the template {said!r}, which is not there")
    if isinstance(error, TemplateSyntaxError):
        return Text(f"寫法不合範本語法（{zh}）", f"is not written as a template is ({said})")
    if isinstance(error, SecurityError):
        return Text(f"範本不可如此使用（{zh}）", f"does what no template may ({said})")
    if isinstance(error, JinjaError):
        return Text(f"範本有誤（{zh}）", f"is wrong ({said})")
    kind = type(error).__name__
    return Text(f"無法套用（{kind}：{zh}）", f"cannot be filled in ({kind}: {said})")


def _in_chinese(said: str) -> str:
    """Say in Chinese what Jinja said, its own words behind; what is not known stays as it is."""
    for known, chinese in _IN_CHINESE:
        if found := known.fullmatch(said):
            return f"{found.expand(chinese)}；原文：{said}"
    return said


def _problem(file: str, line: int | None, message: Text, text: str, hint: Text = EMPTY) -> Problem:
    lines = text.splitlines()
    value = lines[line - 1].strip() if line and line <= len(lines) else ""
    return defect("template", message, hint=hint, file=file, row=line, value=shorten(value))
