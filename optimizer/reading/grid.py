"""One sheet of a workbook while it is being read, under limits."""

from __future__ import annotations

from optimizer.language.text import Text
from optimizer.problems.errors import Problem, defect
from optimizer.reading.findings import refuse
from optimizer.reading.raw_sheet import MERGED, MERGED_DOWN, RawSheet
from optimizer.reading.table_limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS


class Grid:
    """Rows of texts that grow cell by cell; blanks take no room until something follows them."""

    def __init__(self, file: str) -> None:
        self.file = file  # the name of the sheet, for messages
        self.suspects: dict[tuple[int, int], str] = {}
        self._hidden: list[int] = []
        self._rows: list[list[str]] = []
        self._row: list[str] = []
        self._blank_lines = 0
        self._blank_cells = 0
        self._room = MOST_CELLS
        self._spans: dict[int, tuple[int, str]] = {}  # column: last line, value of merged cells

    @property
    def line(self) -> int:
        """The line of the row that is being read."""
        return len(self._rows) + self._blank_lines + 1

    @property
    def column(self) -> int:
        """The position of the cell that comes next."""
        return len(self._row) + self._blank_cells

    def add_cell(self, text: str, repeated: int = 1) -> None:
        """Append a cell, or the same one several times."""
        if not text:
            self._blank_cells += repeated
            return
        if self._blank_cells or repeated > 1:
            self._take(self._blank_cells + repeated)
            if self.column + repeated > MOST_COLUMNS:
                raise refuse(self._too_many())
            self._row.extend([""] * self._blank_cells)
            self._blank_cells = 0
        self._row.extend([text] * repeated)

    def add_blank_lines(self, lines: int) -> None:
        """Leave blank lines, as many as are given."""
        self._blank_lines += lines

    def end_row(self, repeated: int = 1, hidden: bool = False) -> None:
        """Close the row; it may stand several times, and be hidden."""
        row, self._row, self._blank_cells = self._row, [], 0
        if not row:
            self._blank_lines += repeated
            return
        self._take(self._blank_lines + repeated * len(row))
        if len(row) > MOST_COLUMNS or self.line + repeated > MOST_ROWS:
            raise refuse(self._too_many())
        self._rows.extend([] for _ in range(self._blank_lines))
        self._blank_lines = 0
        if hidden:
            self._hidden.extend(range(len(self._rows) + 1, len(self._rows) + 1 + repeated))
        self._rows.append(row)
        self._rows.extend(list(row) for _ in range(repeated - 1))

    def finish(self) -> RawSheet:
        """Return the sheet, all rows equally wide."""
        width = max(map(len, self._rows), default=0)
        self._take(width * len(self._rows))
        for row in self._rows:
            row.extend([""] * (width - len(row)))
        return RawSheet(self.file, self._rows, self.suspects, tuple(self._hidden))

    def mark(self, reason: str, repeated: int = 1) -> None:
        """Note what is wrong with the cell that comes next, and with those that repeat it."""
        for column in range(self.column, min(self.column + repeated, MOST_COLUMNS)):
            self.suspects[self.line, column] = reason

    def merge_next(self, text: str, down: int, across: int) -> None:
        """Note that the cell that comes next covers others, which come later as covered."""
        self._take(min(across, MOST_COLUMNS))
        for column in range(self.column, min(self.column + across, MOST_COLUMNS)):
            self._spans[column] = (self.line + down - 1, text if column == self.column else "")

    def add_covered(self, repeated: int) -> None:
        """Append cells that merged cells cover, each with the value of the one above."""
        near = min(repeated, max(0, MOST_COLUMNS - self.column))
        self._take(near)
        for _ in range(near):
            last, text = self._spans.get(self.column, (0, ""))
            covered = self.line <= last
            if covered:
                self.mark(MERGED_DOWN if text else MERGED)
            self.add_cell(text if covered else "")
        self.add_cell("", repeated - near)

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merge cells that were read already, from one corner to the other (lines from 1)."""
        bottom, right = min(bottom, len(self._rows)), min(right, MOST_COLUMNS)
        self._take(max(0, bottom - top + 1) * max(0, right - left + 1))
        text = self._text_at(top, left)
        for line in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (line, column) != (top, left):
                    down = column == left and bool(text)
                    self.suspects[line, column] = MERGED_DOWN if down else MERGED
            if text and line > top:
                row = self._rows[line - 1]
                row.extend([""] * (left + 1 - len(row)))
                row[left] = text

    def _text_at(self, line: int, column: int) -> str:
        row = self._rows[line - 1] if line <= len(self._rows) else []
        return row[column] if column < len(row) else ""

    def _take(self, cells: int) -> None:
        self._room -= cells
        if self._room < 0:
            raise refuse(self._too_many())

    def _too_many(self) -> Problem:
        return defect(
            "too_many_cells",
            Text("工作表範圍太大", "spans too many cells"),
            expected=Text(
                f"至多 {MOST_CELLS:,} 格、{MOST_COLUMNS:,} 欄。",
                f"At most {MOST_CELLS:,} in {MOST_COLUMNS:,} columns.",
            ),
            hint=Text("遠處是否有不小心填入的儲存格？", "Is there a stray cell far out?"),
            file=self.file,
        )
