"""The published JSON Schemas, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docs.making.markup import code, paragraphs, table
from optimizer.cli.schema import schemas


def page() -> str:
    """Return the page."""
    return paragraphs(
        "# JSON documents",
        "What `--json` prints, and `summary.json`, keep to published JSON Schemas (2020-12). `subsidy schema NAME` prints one of them "
        "whole; this page lists their entries. What is printed begins with `schema`, which names the "
        "schema it keeps to; the number at its end is raised when an entry changes its meaning. An entry that is not always there is "
        "left out where it says nothing.",
        *(part for name, schema in schemas().items() for part in _schema(name, schema)),
    )


def _schema(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"## {name}"
    yield f"`{schema['$id']}`: {schema['title']}. {schema['description']}"
    needed = schema.get("required", ())
    rows = [
        [code(key), _type(entry), "yes" if key in needed else "", entry.get("description", "")]
        for key, entry in schema.get("properties", {}).items()
    ]
    if rows:
        yield table(["entry", "type", "always", "what it is"], rows)


def _type(entry: dict[str, Any]) -> str:
    if "const" in entry:
        return code(str(entry["const"]))
    if "enum" in entry:
        return ", ".join(code(str(value)) for value in entry["enum"])
    if "anyOf" in entry:
        return " or ".join(map(_type, entry["anyOf"]))
    if "$ref" in entry:
        return str(entry["$ref"]).rpartition("/")[2]
    found = entry.get("type", "")
    if found == "array":
        return f"list of {_type(entry.get('items', {})) or 'values'}"
    return " or ".join(found) if isinstance(found, list) else str(found)
