"""``./run test``: the static checks, then the whole suite on real parts.

A part that is missing (fonts, Chromium) is named and its tests are reported as skipped;
with CI=true that is a failure, because a suite that skips proves nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tools.check import ROOT, run_static

FONTS = ("ipamjm.ttf", "ipaexg.ttf")
CARD_FILES = (Path("/usr/sbin/pcscd"), Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so"))


def missing_parts() -> list[str]:
    """Return what the whole suite needs and this machine lacks."""
    # A stranger's printer (Debian: cups-ipp-utils), and the message bus it will not do without.
    programs = ("chromium", "pdftotext", "ippeveprinter", "dbus-daemon")
    # ippeveprinter lives where ordinary accounts do not look.
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
    missing = [name for name in programs if shutil.which(name, path=path) is None]
    # Debian's name, and that of others.
    if not any(map(shutil.which, ("firefox-esr", "firefox"))):
        missing.append("firefox-esr")
    folder = Path(os.environ.get("MADOGUCHI_FONTS", "/usr/share/fonts"))
    present = {path.name for path in folder.rglob("*.ttf")}
    missing += [name for name in FONTS if name not in present]
    return missing + missing_card_parts()


def missing_card_parts() -> list[str]:
    """Return what the tests of the card bridge need: PC/SC, a virtual reader, OpenSC, pyscard."""
    missing = [name for name in ("pkcs15-tool", "pkcs11-tool", "openssl") if not shutil.which(name)]
    missing += [str(path) for path in CARD_FILES if not path.exists()]
    return missing + ([] if find_spec("smartcard") else ["pyscard"])


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
    sample = () if full else ("--sample",)
    if paths:
        return int(_pytest("full or not full" if full else "not full", *sample, *paths) != 0)
    failed = []
    if full:
        # Test by test, for a long one may stand in any file; the longest first (tests.patience).
        failed.append(_pytest("full and not browser", "--dist", "load", "--maxschedchunk", "1"))
    failed.append(_pytest("not full and not browser", *sample))
    # The browser runs in processes of its own: its driver keeps an event loop in the thread,
    # and Django gives a thread with a loop another database connection than before.
    length = "" if full else " and not full"
    failed.append(_pytest(f"browser{length}", *sample, *browser_tests()))
    return int(any(failed) or not held)


def browser_tests() -> list[str]:
    """Return where a test may drive a browser: only these are read for that part."""
    rooms = sorted(ROOT.glob("madoguchi/*/tests/test_browser.py"))
    return ["tests/browser", *(str(file.relative_to(ROOT)) for file in rooms)]


def _pytest(marks: str, *words: str) -> int:
    """Run the tests with these marks, one process a core; a file to a process unless told."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(os.cpu_count() or 2),
               "--dist", "loadfile", "-m", marks, *words]  # fmt: skip
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
