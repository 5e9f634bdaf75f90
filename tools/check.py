"""``./run check``: format, lint, types, contracts and the tests that need no database."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command of the check and its name on the screen."""

    name: str
    command: list[str]


STATIC = (
    Step(name="types", command=[str(BIN / "mypy"), "madoguchi"]),
    Step(name="format", command=[str(BIN / "ruff"), "format", "--check", "-q", "."]),
    Step(name="lint", command=[str(BIN / "ruff"), "check", "-q", "."]),
    Step(name="contracts", command=[str(BIN / "lint-imports"), "--no-logo"]),
)


def run_static() -> bool:
    """Run every static check side by side, print what each found, tell whether all held."""
    began = time.monotonic()
    running = [
        (step, subprocess.Popen(step.command, cwd=ROOT, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True))
        for step in STATIC
    ]  # fmt: skip
    held = True
    for step, process in running:
        printed = process.communicate()[0]
        good = process.returncode == 0
        held &= good
        print(f"{'ok  ' if good else 'FAIL'} {step.name} ({time.monotonic() - began:.0f} s)")
        if not good:
            print(printed)
    # None is allowed; an exception would need an ADR, and this line would tell of it.
    exceptions = (ROOT / ".importlinter").read_text().count("ignore_imports")  # reason: counted
    print(f"import contracts with exceptions: {exceptions}")
    return held


def main() -> int:
    """Static checks, then the unit tests (no database, no browser)."""
    held = run_static()
    tests = ["madoguchi/kernel", "tests/arch", *(str(p) for p in domain_tests())]
    command = [sys.executable, "-m", "pytest", "-q", *tests]
    return int(subprocess.run(command, cwd=ROOT, check=False).returncode != 0 or not held)


def domain_tests() -> list[Path]:
    """Return the test files of rules: they touch neither database nor socket."""
    found = ROOT.glob("madoguchi/*/tests/test_*.py")
    wanted = ("domain", "props", "order", "relationship", "token")
    return sorted(
        path.relative_to(ROOT) for path in found if any(word in path.stem for word in wanted)
    )


if __name__ == "__main__":
    raise SystemExit(main())
