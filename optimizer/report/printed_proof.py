"""The proof of a result, its draw and how to check it, as sections of the printed record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from optimizer.language.text import EMPTY, Text, money
from optimizer.language.words import figure
from optimizer.report.listed import Listed, schools_of
from optimizer.report.printed_blocks import Block, code, heading, items, note, table, text
from optimizer.report.summary import MadeBy
from optimizer.report.view import View
from optimizer.result.headline import say_draw

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation

_MOST_DRAWN = 1_000  # applications that the draw decided on, on paper


class PrintedProof:
    """What is known of one result, and how."""

    def __init__(self, allocation: Allocation) -> None:
        self.allocation = allocation
        self.view = View(allocation, Listed(allocation).lines(), schools_of(allocation))
        self.summary: Mapping[str, Any] = allocation.summary

    def say(self, zh: str, en: str) -> str:
        """Say a sentence in the language of the result."""
        return Text(zh, en).say(self.allocation.language)

    def proof(self) -> Iterator[Block]:
        """Say of every priority what it reached, what no list betters, and how that is known."""
        yield note(
            self.say(
                "可達極限為符合規則、不損及前項的名單所能達到的極限：愈大愈好的項目為最高值，愈小愈好的項目為最低值。",
                "The best possible is what no list can better that obeys the rules and keeps what the earlier ones reached.",
            )
        )
        rows = []
        for number, row in enumerate(self.allocation.priorities.to_dict("records"), start=1):
            state = (
                self.say("已證明", "proved") if row["proved"] else self.say("未證明", "not proved")
            )
            rows.append(
                [
                    str(number),
                    row["title"],
                    *(_short(row[f"{name}_exact"]) for name in ("value", "bound", "gap")),
                    self.say("；", "; ").join(filter(None, [state, self.view.how(row)])),
                ]
            )
        heads = [
            (self.say("順序", "No."), 0),
            (self.say("項目", "Priority"), 3),
            (self.say("實際結果", "Reached"), 2),
            (self.say("可達極限", "Best possible"), 2),
            (self.say("差距", "Gap"), 2),
            (self.say("證明方法", "How it is known"), 4),
        ]
        yield table(heads, rows, [0, 2, 3, 4])
        yield from self._in_full()
        engine = self.summary["engine"]
        name, why = self.view.method(engine["name"]), engine["why"]
        yield note(self.say(f"求解方法：{name}（{why}）", f"Engine: {name} ({why})"))
        if self.summary["certainty"]:
            sure = self.summary["certainty"]
            yield text(
                self.say(
                    f"在所有同樣好的名單中：{sure['every']:,} 件皆獲補助，{sure['some']:,} 件視抽籤而定，{sure['none']:,} 件皆未獲補助。",
                    f"Over all lists that are equally good: {sure['every']:,} are funded in every one, "
                    f"{sure['some']:,} in some, {sure['none']:,} in none.",
                )
            )
        measures = [[name, value] for name, value in self.view.measures()]
        yield heading(self.say("名單的九項指標", "The list in nine figures"))
        yield table(
            [(self.say("指標", "Figure"), 3), (self.say("數值", "Value"), 2)],
            measures,
            [1],
            together=True,
        )

    def _in_full(self) -> Iterator[Block]:
        """Yield exactly what the table rounds."""
        words = {
            "value": ("實際結果", "reached"),
            "bound": ("可達極限", "best possible"),
            "gap": ("差距", "gap"),
        }
        said = [
            self.say(f"第 {number} 項{zh} {exact}", f"no. {number}, {en} {exact}")
            for number, row in enumerate(self.allocation.priorities.to_dict("records"), start=1)
            for name, (zh, en) in words.items()
            if "/" in (exact := row[f"{name}_exact"])
        ]
        if said:
            yield note(self.say("精確值：", "Exactly: ") + self.say("；", "; ").join(said))

    def draw(self) -> Iterator[Block]:
        """Say what the draw decided, and how its order is made again."""
        drawn, draw = self.view.drawn(), self.summary["draw"]
        seed = draw["seed"] or self.say("（空白）", "(blank)")
        yield text(
            self.say(
                f"各項優先順序皆相同時，依抽籤順序決定：將種子與申請編號以 SHA-256 雜湊，由小至大排列。種子：{seed}；其 SHA-256：{draw['seed_sha256']}",
                "Where all priorities are equal, the draw decides: applications in the order of the SHA-256 of the "
                f"seed and their id, least first. Seed: {seed}; its SHA-256: {draw['seed_sha256']}",
            )
        )
        if not drawn["known"]:
            yield text(
                self.say(
                    "本結果未能在時限內完成抽籤。", "The limit came before the draw was finished."
                )
            )
        elif drawn["some"]:
            heads = [
                (self.say("申請編號", "Application"), 0),
                (self.say("結果", "Result"), 1),
                (
                    self.say(
                        "獲補助之機率（計入所有抽籤順序）", "Chance over all orders of the draw"
                    ),
                    2,
                ),
            ]
            said = [
                [
                    one["application_id"],
                    self.view.say("funded" if one["funded"] else "not_funded"),
                    one["chance"] or "–",
                ]
                for one in drawn["some"][:_MOST_DRAWN]
            ]
            yield table(heads, said, [2])
        else:
            yield text(say_draw(self.allocation).say(self.allocation.language))
        yield note(
            self.say(
                "在結果資料夾內執行下列 Python 程式碼，即可重現完整順序：",
                "These lines of Python, run in the folder of the result, print the whole order again:",
            )
        )
        yield code(drawn["code"])

    def check(self, made_by: MadeBy) -> Iterator[Block]:
        """Say how anybody checks the result, of which files it is, and what made it."""
        seal = self.allocation.seal
        proved = bool(self.allocation.priorities["proved"].all())
        again = Text("，並由另一種方法再次證明", ", and another engine proves it again")
        again = again if proved else EMPTY  # there is no proof to make again
        offline = Text("並再次證明", ", and proves again what it can") if proved else EMPTY
        yield items(
            [
                self.say(
                    "查核碼由資料、計畫、人工核定與核定名單算出，與檔案格式及列的順序無關；抄入會議紀錄後，任何時候都可核對。",
                    "The seal is worked out from the data, the plan, the decisions by hand and the list of awards; file "
                    "formats and the order of rows make no difference. Once in the minutes, it can be checked at any time.",
                ),
                self.say(
                    f"以程式查核：subsidy verify 結果資料夾 --case 計畫資料夾 --seal {seal}。逐格重新計算{again.zh}。",
                    f"With the program: subsidy verify RESULT --case CASE --seal {seal}. Every cell is worked out "
                    f"again{again.en}.",
                ),
                self.say(
                    f"不用程式：以瀏覽器開啟 report.html，在「自行核算」按「開始核算」，離線核對各規則、合計{offline.zh}。",
                    "Without it: open report.html in a browser and press “Check now”: it works out every rule and total "
                    f"again, offline{offline.en}.",
                ),
            ]
        )
        inputs = [
            [one["name"], money(one["size"]), one["sha256"]] for one in self.summary["inputs"]
        ]
        if inputs:
            yield heading(self.say("資料來源", "Inputs"))
            heads = [
                (self.say("檔案", "File"), 0),
                (self.say("位元組", "Bytes"), 0),
                ("SHA-256", 1),
            ]
            yield table(heads, inputs, [1])
        versions = {"subsidy": made_by.program, **made_by.versions}
        said = self.say("、", ", ").join(f"{name} {v}" for name, v in versions.items() if v)
        yield note(self.say("版本：", "Versions: ") + said)


def _short(said: str) -> str:
    """Write a figure for reading, as the report does."""
    return figure(Fraction(said)) if said else "–"
