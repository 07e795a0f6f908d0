"""``subsidy robustness``: how firm each decision is under the noise of the reviewers' marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

from optimizer.cli.bilingual import option
from optimizer.cli.command import CasePath, Encoding, OutFolder, PolicyFile, TimeLimit
from optimizer.cli.face import Face
from optimizer.cli.working import Working, said_kept, said_reused
from optimizer.language.text import Text, some
from optimizer.problems import arguments

if TYPE_CHECKING:
    from optimizer.uncertainty.robustness import Robustness
    from optimizer.uncertainty.yardstick import Yardstick

_FEW = 6  # reviewers whose severity is said one by one


@dataclass(frozen=True)
class Drawing:
    """The options of drawing marks anew."""

    draws: Annotated[
        int,
        option(
            "--draws",
            "每一種隨機方式抽幾次",
            "draws of each random way",
            metavar="N",
            min=1,
            max=arguments.MOST_DRAWS,
        ),
    ] = 1000
    way: Annotated[
        list[str] | None,
        option(
            "--way",
            "bootstrap、noise、severity 或 leave_one_out；\n\n可重複，未指定即全部",
            "bootstrap, noise, severity or leave_one_out;\n\nmay be repeated, all unless given",
            metavar="WAY",
        ),
    ] = None
    seed: Annotated[
        str,
        option("--seed", "亂數種子；未指定即用 draw.seed", "seed; draw.seed unless given"),
    ] = ""
    policy: PolicyFile = None
    time_limit: TimeLimit = None
    encoding: Encoding = None

    def check(self) -> None:
        """Refuse a way that there is none of.

        Raises
        ------
        UsageError
            With all of them.
        """
        known = get_args(arguments.WayName)
        wrong = [way for way in self.way or () if way not in known]
        if wrong:
            refused = [arguments.refusal("--way", way, _one_of(known)) for way in wrong]
            raise arguments.together(refused)

    @property
    def keywords(self) -> dict[str, Any]:
        """What is handed on to the Python API."""
        names = ("draws", "seed", "time_limit")
        given = {name: getattr(self, name) for name in names}
        return given | ({"ways": self.way} if self.way else {})


def _one_of(names: Sequence[str]) -> Text:
    return Text(f" {'、'.join(names)} 之一", f"one of {', '.join(names)}")


def robustness(
    face: Face, case: CasePath, out: OutFolder, drawing: Drawing, *, working: Working
) -> int:
    """Run the command."""
    import optimizer
    from optimizer.cli.command import check_limit, read
    from optimizer.cli.progress import shares
    from optimizer.report.folder import check_target
    from optimizer.uncertainty.written import summary

    check_limit(drawing.time_limit)
    drawing.check()
    working.check()
    check_target(out, "robustness")
    given = read(case, drawing.policy, drawing.encoding)
    doing = Text("抽樣重算", "drawing marks anew")
    with working.keeping(face, out) as work, shares(face, doing) as say:
        found = optimizer.robustness(
            given, **drawing.keywords, **work, language=face.language, progress=say
        )
    files = optimizer.write_robustness(found, out)
    document = summary(found)
    face.document("robustness", {"out": str(out), **document})
    face.show(*_said(document, found), _written(len(files), out))
    draws = sum(tally.draws for way in found.tallies.values() for tally in way)
    reused = said_reused(found.reused, draws, Text("次抽樣", "draw"))
    face.show(*reused, said_kept(working.kept(out)))
    unproved = any(way["unproved"] for way in document["ways"]) or document["left_out_unsettled"]
    return 6 if unproved or found.allocation.status != "optimal" else 0


def _said(document: dict[str, Any], found: Robustness) -> list[Text]:
    """Say what came out, one thing a line."""
    funded, others = document["funded_by_chance"], document["not_funded_by_chance"]
    all_funded = int(found.funded_now.sum())
    said = []
    if document["ways"] and not found.enough:
        said.append(found.known)  # before figures that it takes back
    if document["ways"]:
        said.append(
            Text(
                f"核定 {all_funded:,} 件，其中 {all_funded - funded:,} 件於各種隨機方式所抽，皆有 95% 以上獲補助；"
                f"另 {funded:,} 件及未獲補助者中之 {others:,} 件受評分誤差左右。",
                f"Of {all_funded:,} funded, {all_funded - funded:,} were funded in 95% or more of the "
                f"draws of every random way. {funded:,} others, and {others:,} that are not funded, "
                "hang on the noise of the marks.",
            )
        )
        said += [found.known] if found.enough else []
    if document["deviation"] is not None:
        said.append(
            Text(
                f"同一申請之委員評分，標準差為 {document['deviation']} 分。",
                f"Reviewers of one application differ by a standard deviation of {document['deviation']} "
                "points.",
            )
        )
    for one in document["left_out"]:
        said.append(
            Text(
                f"不計{one['reviewer']}之評分：{one['changed']:,} 件之決定不同。",
                f"Without {one['reviewer']}: {one['changed']:,} decisions are different.",
            )
        )
    if document["severity"] is not None:
        said.append(_severity(document["severity"]))
    if found.yardstick is not None:
        said.append(_sure(found.yardstick, document["lists"][0]["sure_exact"]))
    said += [_impossible(way) for way in document["ways"] if way["impossible"]]
    return said


def _severity(found: dict[str, Any]) -> Text:
    """Say whom reviewers' severity decides on, and how severe a few of them are."""
    effects = [_lenience(one["reviewer"], one["effect"]) for one in found["reviewers"]]
    known = some(effects, _FEW)
    zh, en = (f"（{known.zh}）", f" ({known.en})") if len(effects) <= _FEW else ("", "")
    leaving, entering = f"{found['leaving']:,}", f"{found['entering']:,}"
    moved = Text(
        f"{leaving} 件改為未獲補助，{entering} 件改為獲補助。",
        f"{leaving} are funded no more, and {entering} others are.",
    )
    if not found["leaving"] and not found["entering"]:
        moved = Text("核定結果不變。", "the same applications are funded.")
    return Text(
        f"扣除各委員給分之寬嚴（加法模型）{zh}：{moved.zh}",
        f"With each reviewer's severity taken out (additive model){en}: {moved.en}",
    )


def _lenience(name: str, effect: str) -> Text:
    severe, size = effect.startswith("-"), effect.removeprefix("-")
    zh, en = ("偏嚴", "severe") if severe else ("偏寬", "lenient")
    return Text(f"{name}{zh} {size} 分", f"{name} {en} by {size} points")


def _sure(yardstick: Yardstick, sure: str) -> Text:
    """Say of how many of the best the list is sure."""
    from optimizer.language.words import points

    picked, most = (
        f"{yardstick.picked:,}",
        points(Fraction(ceil(100 * yardstick.lottery.bound), 100)),
    )
    return Text(
        f"不論各案分數落在少計任一位委員時之範圍何處，核定之 {picked} 件至少有 {sure} 件屬前 {picked} 名；"
        f"即使不受經費與各項規則限制，沒有任何選法（含抽籤選取）平均能保證多於 {most} 件（依 MERIT 方法計算）。",
        f"However merits lie between what they are with any one reviewer left out, at least {sure} of the "
        f"{picked} funded are among the {picked} best; no choice, money and rules aside, is sure of more "
        f"than {most} on average (MERIT).",
    )


def _impossible(way: dict[str, Any]) -> Text:
    return Text(
        f"{way['way']}：{way['draws']:,} 次中有 {way['impossible']:,} 次沒有名單能符合所有規則，未計入機率。",
        f"{way['way']}: in {way['impossible']:,} of {way['draws']:,} draws no list obeys every rule; "
        "these do not count.",
    )


def _written(files: int, out: Path) -> Text:
    return Text(
        f"共寫出 {files} 個檔案，請先看 {out / 'robustness.csv'} 與 {out / 'figures' / 'chance.png'}",
        f"{files} files were written; start with {out / 'robustness.csv'} and "
        f"{out / 'figures' / 'chance.png'}",
    )
