"""``subsidy schema``: the JSON Schemas of what ``--json`` prints, and of summary.json."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

from optimizer.cli.bilingual import argument
from optimizer.cli.face import Face
from optimizer.language.text import Text
from optimizer.problems.errors import UsageError

Name = Annotated[
    str | None,
    argument(
        "NAME", "印出這一種文件的 JSON Schema", "print the JSON Schema of this kind of document"
    ),
]


def schemas() -> dict[str, dict[str, Any]]:
    """Return every published schema by its name."""
    from optimizer.report.summary import SCHEMA

    files = [SCHEMA, *Path(__file__).with_name("schemas").glob("*.schema.json")]
    found = {path.name.removesuffix(".schema.json"): path for path in files}
    return {name: json.loads(found[name].read_bytes()) for name in sorted(found)}


def schema(face: Face, name: Name = None) -> None:
    """Run the command."""
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
