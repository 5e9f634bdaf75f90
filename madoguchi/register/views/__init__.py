"""Pages of the register: search, import, export (住民記録の画面)."""

from madoguchi.register.views.blanks import blanks_page
from madoguchi.register.views.importing import (
    export_file,
    import_page,
    import_state,
    start_import,
    stop_import,
)
from madoguchi.register.views.searching import search_page

__all__ = [
    "blanks_page",
    "export_file",
    "import_page",
    "import_state",
    "search_page",
    "start_import",
    "stop_import",
]
