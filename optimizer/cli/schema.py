"""``subsidy schema``: the JSON Schemas of what ``--json`` prints, and of summary.json; the dictionary of tables."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from optimizer.cli.bilingual import argument, option
from optimizer.cli.face import Face
from optimizer.language.text import Text
from optimizer.problems.errors import UsageError

if TYPE_CHECKING:
    from optimizer.report.dictionary import DictionaryEntry

Name = Annotated[
    str | None,
    argument(
        "NAME", "印出這一種文件的 JSON Schema", "print the JSON Schema of this kind of document"
    ),
]

Tables = Annotated[
    bool,
    option(
        "--tables",
        "列出所有資料表與結果表的每一欄：意義、單位、代碼",
        "list every column of every table of a case and a result: meaning, unit, codes",
    ),
]


def schemas() -> dict[str, dict[str, Any]]:
    """Return every published schema by its name."""
    from optimizer.report.summary import SCHEMA

    files = [SCHEMA, *Path(__file__).with_name("schemas").glob("*.schema.json")]
    found = {path.name.removesuffix(".schema.json"): path for path in files}
    return {name: json.loads(found[name].read_bytes()) for name in sorted(found)}


def schema(face: Face, name: Name = None, tables: Tables = False) -> None:
    """Run the command."""
    if tables:
        _dictionary(face)
        return
    known = schemas()
    if name is None:
        _list(face, known)
        return
    if name not in known:
        raise UsageError(
            Text(
                f"沒有「{name}」這種文件。可用：{'、'.join(known)}",
                f"There is no kind of document called {name!r}. It is one of: {', '.join(known)}",
            )
        )
    if face.json:
        face.document("", known[name])
    else:
        sys.stdout.write(json.dumps(known[name], ensure_ascii=False, indent=2) + "\n")


def _dictionary(face: Face) -> None:
    from optimizer.cli.terminal_tables import table
    from optimizer.report.dictionary import dictionary

    entries = list(dictionary())
    face.document("tables", {"columns": [_entry(face, one) for one in entries]})
    headers = [Text("欄位", "Column"), Text("名稱", "Header"), Text("意義", "Meaning")]
    headers += [Text("單位", "Unit"), Text("代碼", "Codes")]
    for file in dict.fromkeys(one.file for one in entries):
        mine = [one for one in entries if one.file == file]
        rows = [
            [
                one.column,
                *(face.say(said) for said in (one.words, one.meaning, one.unit)),
                Text("、", ", ")
                .say(face.language)
                .join(f"{code} {face.say(words)}" for code, words in one.codes),
            ]
            for one in mine
        ]
        title = Text(f"{file}：{mine[0].table.zh}", f"{file}: {mine[0].table.en}")
        face.show(table(face.language, headers, rows, title=title))


def _entry(face: Face, one: DictionaryEntry) -> dict[str, Any]:
    said = {name: face.say(getattr(one, name)) for name in ("table", "words", "meaning", "unit")}
    codes = [{"code": code, "words": face.say(words)} for code, words in one.codes]
    return {"file": one.file, "column": one.column, **said, "codes": codes}


def _list(face: Face, known: dict[str, dict[str, Any]]) -> None:
    from optimizer.cli.terminal_tables import table

    rows = [
        {"name": name, "id": s["$id"], "title": s["title"], "description": s["description"]}
        for name, s in known.items()
    ]
    face.document("schemas", {"schemas": rows})
    headers = [Text("名稱", "Name"), Text("說明", "What it describes"), Text("代號", "Id")]
    face.show(
        table(face.language, headers, [[r["name"], r["title"], r["id"]] for r in rows]),
        Text("內容：subsidy schema NAME", "One of them: subsidy schema NAME"),
    )
