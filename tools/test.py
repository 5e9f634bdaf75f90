"""``./run test``: the static checks, then the whole suite on real parts.

A part that is missing (fonts, Chromium) is named and its tests are reported as skipped;
with CI=true that is a failure, because a suite that skips proves nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.check import ROOT, run_static

FONTS = ("ipamjm.ttf", "ipaexg.ttf")


def missing_parts() -> list[str]:
    """Return what the whole suite needs and this machine lacks."""
    missing = [name for name in ("chromium", "pdftotext") if shutil.which(name) is None]
    folder = Path(os.environ.get("MADOGUCHI_FONTS", "/usr/share/fonts"))
    present = {path.name for path in folder.rglob("*.ttf")}
    return missing + [name for name in FONTS if name not in present]


def main() -> int:
    """Run it all; ``--full`` adds the long runs; further words go to pytest."""
    words = sys.argv[1:]
    full = "--full" in words
    paths = [word for word in words if word != "--full"]
    missing = missing_parts()
    for name in missing:
        print(f"missing: {name}; its tests are skipped")
    if missing and os.environ.get("CI") == "true":
        print("with CI=true nothing may be skipped")
        return 1
    held = True if paths else run_static()
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(os.cpu_count() or 2),
               "--dist", "loadfile", *paths]  # fmt: skip
    if not full:
        command += ["-m", "not full"]
    done = subprocess.run(command, cwd=ROOT, check=False)
    return int(done.returncode != 0 or not held)


if __name__ == "__main__":
    raise SystemExit(main())
