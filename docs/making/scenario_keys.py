"""How scenarios, sweeps and Python name what a policy says, and the keys of scenarios.toml."""

from __future__ import annotations

from collections.abc import Iterator

from docs.making.markup import code, fenced, table
from optimizer.language.text import Language, Text

NAMES = (
    Text(
        "情境、`subsidy sweep` 與 Python 以名稱指定計畫檔的鍵：各表為 `表.鍵`，如 `pool.amount`；規則為 `clause.名稱.鍵` 或 "
        "`priority.名稱.鍵`，如 `clause.school_cap.amount`。",
        "Scenarios, `subsidy sweep` and Python name a key of the policy: `TABLE.KEY` (`pool.amount`) for the tables, and "
        "`clause.NAME.KEY` or `priority.NAME.KEY` (`clause.school_cap.amount`) for the rules.",
    ),
    Text(
        "規則的名稱即其 `name`；未訂者為其種類，配額再加欄位與值（`quota.level.junior_high`），依規模之每校上限再加規模（`school_cap.students.0-200`）。只有一條屬該種類時，寫種類即可（`clause.quota.at_least`）；"
        "同名的第二條為 `_2`。",
        "The name of a rule is its `name`; where it has none, its kind, of a quota with column and value (`quota.level.junior_high`), of a cap by size with the sizes (`school_cap.students.0-200`). The kind "
        "is enough where only one rule is of it (`clause.quota.at_least`); a second of one name ends in `_2`.",
    ),
)
KEYS = {
    "name": Text("情境名稱（必填），印在結果上", "what results call it (required)"),
    "base": Text(
        "以另一情境為起點（其名稱）；未寫即以計畫檔為起點",
        "the name of another scenario to start from; the policy as it is unless given",
    ),
    "replace": Text(
        '以整張表或整份規則清單取代：`{ award = { mode = "full" } }`',
        'whole tables or lists of rules instead of the policy\'s: `{ award = { mode = "full" } }`',
    ),
    "set": Text(
        '改鍵之值：`{ "pool.amount" = 440_000 }`',
        'other values of keys: `{ "pool.amount" = 440_000 }`',
    ),
    "add": Text(
        '加規則：`[{ kind = "school_cap", amount = 8_000 }]`',
        'further rules: `[{ kind = "school_cap", amount = 8_000 }]`',
    ),
    "drop": Text('刪規則：`["priority.coverage"]`', 'rules to take out: `["priority.coverage"]`'),
    "order": Text(
        '優先順序：所列者依序在先，其餘不動，如 `["merit"]`',
        'priorities that come first, in this order; the rest keep theirs: `["merit"]`',
    ),
}
_EXAMPLE = """\
[[scenario]]
name = "smaller pool"
set = { "pool.amount" = 440_000, "clause.school_cap.amount" = 4_000 }
drop = ["priority.coverage"]"""


def section(language: Language) -> Iterator[str]:
    """Yield the paragraphs of it in one language."""
    yield Text("## 情境 scenarios.toml", "## Scenarios: scenarios.toml").say(language)
    yield Text(
        "供 `subsidy compare` 使用：每個 `[[scenario]]` 是對計畫檔的一組具名變更，計畫檔本身不動。",
        "For `subsidy compare`: each `[[scenario]]` is a named set of changes to the policy, which stays as it is.",
    ).say(language)
    yield fenced(_EXAMPLE, "toml")
    head = Text("鍵", "key"), Text("意義", "meaning")
    rows = [[code(key), said.say(language)] for key, said in KEYS.items()]
    yield table([text.say(language) for text in head], rows)
    yield from (text.say(language) for text in NAMES)
