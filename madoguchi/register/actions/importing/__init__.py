"""Taking in a register from files (取込み): all of it or nothing, and a dry run first."""

from madoguchi.register.actions.importing.importing import (
    ImportFiles,
    ImportRefused,
    ImportReport,
    check_csv,
    import_csv,
)

__all__ = ["ImportFiles", "ImportRefused", "ImportReport", "check_csv", "import_csv"]
