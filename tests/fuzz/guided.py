"""The same readers led by coverage: libFuzzer by way of atheris, in an environment of its own.

    PYTHONPATH=.:$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))') \
        OTHER_VENV/bin/python -m tests.fuzz.guided "dates" -max_total_time=60 FOLDER_OF_FINDS

atheris is not among the tools of development: it wants the same Python as ``.venv`` and clang's runtime.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Shake one reader, named by the first word; the rest goes to libFuzzer."""
    import atheris

    os.environ.setdefault("MADOGUCHI_DEMO", "1")
    os.environ.setdefault("MADOGUCHI_HOME", tempfile.mkdtemp())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.entry.settings")
    with atheris.instrument_imports(include=["madoguchi"]):
        import django

        django.setup()
        from tests.fuzz import readers
    one = readers.all_readers(Path(tempfile.mkdtemp()))[sys.argv[1]]
    corpus = Path(tempfile.mkdtemp())
    for number, seed in enumerate(one.seeds()):
        (corpus / str(number)).write_bytes(seed)

    def asked(data: bytes) -> None:
        try:
            one.read(data)
        except readers.REFUSALS:
            return

    atheris.Setup([sys.argv[0], *sys.argv[2:], str(corpus)], asked)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
