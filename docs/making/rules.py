"""The reference of policy.toml, from the rules themselves."""

from __future__ import annotations

import dataclasses
import inspect
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from docs.making import scenario_keys, settings_zh
from docs.making.markup import code, fenced, paragraphs, table
from optimizer.language.text import Language, Text
from optimizer.policy.catalogue import Rule, catalogue, written
from optimizer.tables.settings import Settings

_EXAMPLE = Path(__file__).parents[2] / "data" / "taichung-103" / "policy.toml"
_LISTS = {
    "clause": Text("規則 [[clause]]", "Clauses [[clause]]"),
    "priority": Text("優先順序 [[priority]]", "Priorities [[priority]]"),
}
_HEAD = (
    Text(
        "計畫檔 `policy.toml` 可寫的每一張表、每一種規則與每一個鍵。只有列在計畫檔的規則才適用；優先順序依所列先後，"
        '後項只在前項的最佳解中取捨。金額為新臺幣整數元；分數與比例一律精確，小數照所寫計算，也可寫成 `"1/3"` 或 `"40%"`。',
        "Every table, rule and key that `policy.toml` can hold. Only what the policy lists applies; "
        "priorities count in the order in which they stand, a later one only among the best lists of those "
        "before it. Money is whole NT$; points and shares are exact: a decimal counts as it is written, "
        'and `"1/3"` and `"40%"` may be written, too.',
    ),
    Text(
        "同樣內容可用指令查詢：`subsidy clauses`、`subsidy clauses quota`。算式見[整數規劃](model.md)。",
        "The same at the terminal: `subsidy clauses`, `subsidy clauses quota`. The inequalities are on "
        "the page of [the integer program](model.md).",
    ),
)
_KEYS = (Text("鍵", "key"), Text("意義", "meaning"), Text("預設", "default"))
_REQUIRED = Text("必填", "required")


def page(language: Language) -> str:
    """Return the page in one language."""
    return paragraphs(
        Text("# 計畫檔的規則與鍵", "# The policy, key by key").say(language),
        *(text.say(language) for text in _HEAD),
        Text("## 各表", "## Tables").say(language),
        *_settings(language),
        *_listed(language),
        *scenario_keys.section(language),
    )


def _settings(language: Language) -> Iterator[str]:
    yield Text(
        "`subsidy new` 產生的 `policy.toml` 已列出常用的鍵，並逐鍵附有註解。",
        "The file that `subsidy new` makes has the keys that most need, each with a comment in both languages.",
    ).say(language)
    for field in dataclasses.fields(Settings):
        kind = _class_of(field.name)
        yield f"### [{field.name}]"
        yield Text(settings_zh.TABLES[field.name], _first(kind)).say(language)
        said = _parameters(kind)
        rows = [
            [
                code(key.name),
                Text(settings_zh.KEYS[f"{field.name}.{key.name}"], said[key.name]).say(language),
                _default(key, language),
            ]
            for key in dataclasses.fields(kind)
        ]
        yield table([text.say(language) for text in _KEYS], rows)


def _class_of(name: str) -> type:
    from optimizer.tables import settings

    return getattr(settings, name.capitalize())  # type: ignore[no-any-return]


def _parameters(kind: type) -> dict[str, str]:
    """Return what a docstring says of each parameter."""
    section = (inspect.getdoc(kind) or "").partition("Parameters\n----------\n")[2]
    found = re.findall(r"^(\S.*)\n((?:^(?:    .*)?\n?)+)", section, re.MULTILINE)
    return {name: " ".join(text.split()).replace("``", "`") for name, text in found}


def _first(kind: type) -> str:
    return " ".join((inspect.getdoc(kind) or "").partition("\n\n")[0].split())


def _default(field: dataclasses.Field[object], language: Language) -> str:
    if field.default_factory is not dataclasses.MISSING:
        return ""
    if field.default is dataclasses.MISSING:
        return _REQUIRED.say(language)
    return code(written(field.default))


def _listed(language: Language) -> Iterator[str]:
    references = _references()
    for section, title in _LISTS.items():
        mine = [rule for rule in catalogue() if rule.section == section]
        yield f"## {title.say(language)}"
        index = [
            [f"[`{r.kind}`](#{_anchor(r)})", r.title.say(language), r.example.say(language)]
            for r in mine
        ]
        yield table(
            [
                Text("種類", "kind").say(language),
                Text("名稱", "title").say(language),
                Text("例", "example").say(language),
            ],
            index,
        )
        for rule in mine:
            yield from _rule(rule, references, language)


def _anchor(rule: Rule) -> str:
    return f"{rule.section}-{rule.kind}"


def _rule(rule: Rule, references: dict[tuple[str, str], str], language: Language) -> Iterator[str]:
    title = rule.title.say(language)
    yield f'<a id="{_anchor(rule)}"></a>\n\n### {title} `{rule.kind}`'
    yield rule.about.say(language)
    yield Text(f"例：{rule.example.zh}", f"For example: {rule.example.en}").say(language)
    if remark := rule.remark.say(language):
        yield remark
    yield fenced(rule.toml, "toml")
    if where := references.get((rule.section, rule.kind)):
        yield Text(
            f"範例所依計畫條文：{where}", f"Section of the plan, in the example: {where}"
        ).say(language)
    rows = [
        [
            code(k.name),
            k.help.say(language),
            _REQUIRED.say(language) if k.required else code(k.default),
        ]
        for k in rule.keys
    ]
    yield table([text.say(language) for text in _KEYS], rows)


def _references() -> dict[tuple[str, str], str]:
    """Return the section of the plan that the example gives for each kind."""
    document = tomllib.loads(_EXAMPLE.read_text("utf-8"))
    found: dict[tuple[str, str], str] = {}
    for section in _LISTS:
        for rule in document[section]:
            if "reference" in rule:
                found.setdefault((section, rule["kind"]), rule["reference"])
    return found
