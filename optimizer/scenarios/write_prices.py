"""Writing prices: their tables, workbooks, figures and a summary, all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.problems.arguments import checked
from optimizer.report.csv_tables import write_csv
from optimizer.report.folder import files_of, new_folder
from optimizer.report.frame_sheets import frame_sheet
from optimizer.report.summary import summary_of, write_document
from optimizer.scenarios.comparison_tables import PRIORITY, plain_row
from optimizer.scenarios.frontier import Frontier
from optimizer.scenarios.price_book import MORE, PriceBook
from optimizer.scenarios.price_words import CODES, SHEETS, heads
from optimizer.workbooks.sheet import Sheet


@checked
def write_prices(book: PriceBook, target: str | Path) -> list[Path]:
    """Write report.html, the tables as CSV and as workbooks, the figures and summary.json into a folder.

    Parameters
    ----------
    book
        What `prices` returned.
    target
        As for `optimizer.write_comparison`; what is returned and raised, too.

    Examples
    --------
    >>> book = prices(case, ["merit", "balance"], points=2, pools=(48_000, 50_000, 1_000))
    >>> "rules.csv" in [path.name for path in write_prices(book, "prices")]
    True
    """
    from optimizer.scenarios.price_page import render_prices

    with new_folder(Path(target), "prices") as folder:
        coded = {"equity": replace(book.base.equity, coded=True).frame}
        for name, table in {**book.tables, **coded}.items():
            write_csv(table, folder / f"{name}.csv")
        _workbooks(book, folder)
        _figures(book, folder / "figures")
        page = render_prices(book, folder / "figures")
        (folder / "report.html").write_bytes(page.encode())
        write_document(summary(book), folder)
    return files_of(Path(target))


def _workbooks(book: PriceBook, folder: Path) -> None:
    from optimizer.workbooks.ods import write_ods
    from optimizer.workbooks.xlsx import write_xlsx

    sheets = list(_sheets(book))
    write_xlsx(sheets, folder / "prices.xlsx", book.base.title)
    write_ods(sheets, folder / "prices.ods")


def _sheets(book: PriceBook) -> Iterator[Sheet]:
    priorities = book.base.case.policy.priorities
    for name, table in book.tables.items():
        title, words = SHEETS[name].say(book.language), heads(priorities, list(table.columns))
        yield frame_sheet(title, table, words, CODES, language=book.language)


def _figures(book: PriceBook, folder: Path) -> None:
    from optimizer.plots import (
        equity_figure,
        frontier_figure,
        pools_figure,
        rules_figure,
        save_figure,
    )

    save_figure(rules_figure(book.rules, lang=book.language), folder / "rules")
    save_figure(pools_figure(book.pools, lang=book.language), folder / "pools")
    save_figure(equity_figure(book.base.equity, lang=book.language), folder / "equity")
    if book.frontier is not None:
        save_figure(frontier_figure(book.frontier, lang=book.language), folder / "frontier")


def summary(book: PriceBook) -> dict[str, Any]:
    """Return what summary.json says of prices."""
    said = {
        "proved": book.proved,
        "rules": _rows(book.rules.frame),
        "pools": _pools(book.pools.frame),
        "more": _more(book),
        "frontier": None if book.frontier is None else _frontier(book.frontier),
    }
    return summary_of("prices", book.base.case, book.language, said)


def _pools(table: pd.DataFrame) -> dict[str, Any]:
    """Say of which pools the list is known, and how; the list of each stands in pools.csv."""
    pools, sources = table["pool"], Counter(map(str, table["source"]))
    return {
        "first": int(pools.min()) if len(pools) else None,
        "last": int(pools.max()) if len(pools) else None,
        "count": len(pools),
        "sources": {name: sources[name] for name in sorted(sources)},
        "with_leaving": int((table["leaving"].fillna(0) > 0).sum()),
    }


def _more(book: PriceBook) -> dict[str, Any]:
    found = book.more
    return {
        "amount": MORE,
        "priority": found.priority,
        "entering": list(found.entering),
        "leaving": list(found.leaving),
        "text": found.text.say(book.language),
    }


def _frontier(found: Frontier) -> dict[str, Any]:
    return {
        "priorities": list(found.names),
        "complete": found.complete,
        "points": _rows(found.frame),
    }


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as JSON has them: exact figures as text, values apart."""
    return [_plain({str(k): v for k, v in row.items()}) for row in table.to_dict("records")]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    found = plain_row(row)
    values = {name: found.pop(name) for name in list(found) if name.startswith(PRIORITY)}
    named = {name.removeprefix(PRIORITY): value for name, value in values.items()}
    return {**found, "values": named} if named else found
