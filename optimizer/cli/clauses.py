"""``subsidy clauses``: every rule the program knows, with its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from optimizer.cli.bilingual import argument
from optimizer.cli.face import Face
from optimizer.language.text import LANGUAGES, Language, Text

if TYPE_CHECKING:
    from optimizer.policy.catalogue import Key, Rule

_SECTIONS = {
    "clause": Text("規則 · [[clause]]", "Clauses · [[clause]]"),
    "priority": Text("優先順序 · [[priority]]", "Priorities · [[priority]]"),
}
_OVERVIEW = (
    Text("種類", "Kind"),
    Text("名稱", "Title"),
    Text("鍵", "Keys"),
    Text("說明", "What it does"),
)
_DETAIL = (Text("鍵", "Key"), Text("預設", "Default"), Text("說明", "Meaning"))
Kind = Annotated[
    str | None,
    argument("KIND", "只看這一種規則，並列出它的鍵", "only this kind of rule, with its keys"),
]


def clauses(face: Face, kind: Kind = None) -> None:
    """Run the command."""
    from optimizer.cli.terminal_tables import table
    from optimizer.policy.catalogue import catalogue

    rules = catalogue(kind)
    face.document("clauses", {"clauses": [_plain(rule) for rule in rules]})
    if kind is not None:
        for rule in rules:
            _detail(face, rule)
        return
    for section, title in _SECTIONS.items():
        mine = [rule for rule in rules if rule.section == section]
        face.show(table(face.language, _OVERVIEW, [_row(face, rule) for rule in mine], title=title))
    face.show(
        Text("各規則的鍵：subsidy clauses KIND", "The keys of one rule: subsidy clauses KIND")
    )


def _row(face: Face, rule: Rule) -> list[str]:
    own = (key.name for key in rule.keys if key.name not in ("name", "reference"))
    what = face.say(rule.about) or face.say(rule.example)  # in Chinese, it may only have that
    return [rule.kind, face.say(rule.title), ", ".join(own), what]


def _detail(face: Face, rule: Rule) -> None:
    from rich.text import Text as Line

    from optimizer.cli.terminal_tables import table

    face.show(
        Line.assemble(
            (f'[[{rule.section}]] kind = "{rule.kind}"', "bold"), f"  {face.say(rule.title)}"
        ),
        *([rule.about] if face.say(rule.about) else []),
        Text(f"例：{rule.example.zh}", f"For example: {rule.example.en}"),
        *([rule.remark] if face.say(rule.remark) else []),
        table(
            face.language,
            _DETAIL,
            [[key.name, _default(face, key), face.say(key.help)] for key in rule.keys],
        ),
        Line(f"{rule.toml}\n"),
    )


def _default(face: Face, key: Key) -> str:
    return face.say(Text("必填", "required")) if key.required else key.default


def _plain(rule: Rule) -> dict[str, Any]:
    return {
        "section": rule.section,
        "kind": rule.kind,
        "title": _both(rule.title),
        "about": _both(rule.about),
        "remark": _both(rule.remark),
        "example": _both(rule.example),
        "keys": [
            {
                "key": key.name,
                "required": key.required,
                "default": None if key.required else key.default,
                "help": _both(key.help),
            }
            for key in rule.keys
        ],
    }


def _both(text: Text) -> dict[Language, str]:
    return {language: text.say(language) for language in LANGUAGES}
