"""How large the parts of a table may be: far above any real case, far below what hurts."""

MOST_ROWS = 5_000_000
MOST_COLUMNS = 1_000
MOST_CHARACTERS = 32_767  # of one cell, as in spreadsheets
MOST_CELLS = 30_000_000  # of one sheet, blank ones among them
