"""Whether the districts of the schools are those there are, and each is written in one way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from optimizer.language.text import Text
from optimizer.problems.likeness import closest, district_pairs, is_it, same_district
from optimizer.reading.findings import BadCell
from optimizer.reading.reader import ReadTable
from optimizer.tables.schema import fold


def check_districts(table: ReadTable, chosen: Mapping[str, str], listed: Sequence[str]) -> None:
    """Report districts that the policy does not list, or else those that stand under two names.

    `chosen` is how each district is written by its folded name, the most frequent first; `listed`
    are all districts there are, if the policy names them.
    """
    names = {key: name for key, name in chosen.items() if name}
    if listed:
        known = {fold(name) for name in listed}
        for key, name in names.items():
            if key not in known:
                table.report_all("district", _rows(table, key), _not_listed(name, listed))
        return
    key_of = {name: key for key, name in reversed(names.items())}
    for one, other in district_pairs(names.values()):
        first = table.raw.said(_rows(table, key_of[one])[0])
        table.report_all("district", _rows(table, key_of[other]), _again(one, first))


def _rows(table: ReadTable, key: str) -> list[int]:
    return table["district"].where(lambda value: value and fold(value) == key)


def _again(one: str, row: Text) -> BadCell:
    return BadCell(
        "same_district",
        Text(
            f"與{row.zh}的「{one}」應為同一區",
            f"seems to be the district that {row.en} calls {one!r}",
        ),
        Text("同一區應只有一種寫法。", "One way of writing each district was expected."),
        Text(
            f"若為同一區，請改為「{one}」；若確為兩區，請在 policy.toml 的 plan.districts 列出所有行政區。",
            f"If it is, write {one!r}; if they are two, list all districts in plan.districts of "
            "policy.toml.",
        ),
    )


def _not_listed(name: str, listed: Sequence[str]) -> BadCell:
    def hint() -> Text:
        same = [other for other in listed if same_district(name, other)]
        if len(same) == 1:
            return Text(f"請改為「{same[0]}」。", f"Write {same[0]!r}.")
        near = is_it(closest(name, listed))
        add = Text(
            "若確有此區，請加入 policy.toml 的 plan.districts。",
            "If there is such a district, add it to plan.districts of policy.toml.",
        )
        return Text(f"{near.zh}{add.zh}", f"{near.en} {add.en}".strip())

    return BadCell(
        "unknown_district",
        Text("不在計畫所列的行政區之內", "is none of the districts that the policy lists"),
        Text(
            "應為計畫檔所列的行政區之一（policy.toml 的 plan.districts）。",
            "One of the districts that the policy lists was expected (plan.districts of policy.toml).",
        ),
        hint,
    )
