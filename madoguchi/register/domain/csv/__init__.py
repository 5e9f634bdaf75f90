"""The register as a file (register.csv): its columns, how cells are read, what is refused.

Values are kept as they come: no trimming, no normalising, and no sign put before ``=`` or
``+`` against spreadsheet formulas. A register that alters a name on the way out is worse than
a spreadsheet that must be opened with care; whoever opens the file imports it as text.
"""

from madoguchi.register.domain.csv.columns import (
    COLUMNS,
    LATEST_COLUMNS,
    NUMBER_COLUMNS,
    VERSION_COLUMNS,
)
from madoguchi.register.domain.csv.rows import Header, Row, check_header, check_row

__all__ = [
    "COLUMNS",
    "LATEST_COLUMNS",
    "NUMBER_COLUMNS",
    "VERSION_COLUMNS",
    "Header",
    "Row",
    "check_header",
    "check_row",
]
