"""``subsidy clauses``: every rule the program knows, with its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from optimizer.cli.bilingual import both
from optimizer.cli.face import Face
from optimizer.language.text import Text

if TYPE_CHECKING:
    from optimizer.policy.catalogue import Key, Rule

_SECTIONS = {
    "clause": Text("規則 · [[clause]]", "Clauses · [[clause]]"),
    "priority": Text("優先順序 · [[priority]]", "Priorities · [[priority]]"),
}
Kind = Annotated[
    str | None,
    typer.Argument(
        metavar="KIND",
        help=both("只看這一種規則，並列出它的鍵", "only this kind of rule, with its keys"),
    ),
]


def clauses(face: Face, kind: Kind = None) -> None:
    """Run the command."""
    from optimizer.policy.catalogue import catalogue

    rules = catalogue(kind)
    face.document("clauses", {"clauses": [_plain(rule) for rule in rules]})
    if kind is not None:
        for rule in rules:
            _detail(face, rule)
        return
    for section, title in _SECTIONS.items():
        mine = [rule for rule in rules if rule.section == section]
        face.show(_overview(face, mine, face.say(title)))
    face.show(
        Text("各規則的鍵：subsidy clauses KIND", "The keys of one rule: subsidy clauses KIND")
    )


def _overview(face: Face, rules: list[Rule], title: str) -> Any:
    from optimizer.cli.terminal_tables import table

    headers = [
        Text("種類", "Kind"),
        Text("名稱", "Title"),
        Text("鍵", "Keys"),
        Text("說明", "What it does"),
    ]
    return table(
        [face.say(header) for header in headers], [_row(face, rule) for rule in rules], title
    )


def _row(face: Face, rule: Rule) -> list[str]:
    own = (key.name for key in rule.keys if key.name not in ("name", "reference"))
    return [rule.kind, face.say(rule.title), ", ".join(own), _what(face, rule)]


def _what(face: Face, rule: Rule) -> str:
    """Say what a rule does; in Chinese, a rule may only say so by its example."""
    return face.say(rule.about) or face.say(rule.example)


def _detail(face: Face, rule: Rule) -> None:
    from rich.text import Text as Line

    from optimizer.cli.terminal_tables import table

    face.show(
        Line.assemble(
            (f'[[{rule.section}]] kind = "{rule.kind}"', "bold"), f"  {face.say(rule.title)}"
        ),
        *([rule.about] if face.say(rule.about) else []),
        Text(f"例：{rule.example.zh}", f"For example: {rule.example.en}"),
        table(
            [
                face.say(Text("鍵", "Key")),
                face.say(Text("預設", "Default")),
                face.say(Text("說明", "Meaning")),
            ],
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
        "title": {"zh-TW": rule.title.zh, "en": rule.title.en},
        "about": {"zh-TW": rule.about.zh, "en": rule.about.en},
        "example": {"zh-TW": rule.example.zh, "en": rule.example.en},
        "keys": [
            {
                "key": key.name,
                "required": key.required,
                "default": None if key.required else key.default,
                "help": {"zh-TW": key.help.zh, "en": key.help.en},
            }
            for key in rule.keys
        ],
    }
