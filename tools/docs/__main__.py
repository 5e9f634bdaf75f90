"""``./run docs``: the documents as a site, from the checkout alone; ``--pictures`` draws the screens anew."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: What a browser fetches by itself: styles, scripts, pictures, frames. A link waits for a press.
_FETCHED = re.compile(r'<(?:script|img|iframe|source)\b[^>]*\bsrc="(https?:)?//'
                      r'|<link\b(?![^>]*rel="canonical")[^>]*href="(https?:)?//')  # fmt: skip
_IN_STYLE = re.compile(r'url\(["\']?(?:https?:)?//|@import ["\'](?:https?:)?//')


def build(out: Path) -> int:
    """Build the site into this folder; a dead link or a page that fetches from outside fails."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "mkdocs", "build", "--strict", "--quiet", "--clean",
         "--config-file", str(ROOT / "mkdocs.yml"), "--site-dir", str(out)],
        cwd=ROOT, check=False, env=_quiet(),
    )  # fmt: skip
    if done.returncode:
        return done.returncode
    fetching = outside(out)
    for one in fetching:
        print(f"fetches from outside: {one}", file=sys.stderr)
    return 1 if fetching else 0


def _quiet() -> dict[str, str]:
    import os

    # The theme's makers announce another program of theirs at every build.
    return {**os.environ, "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}


def outside(folder: Path) -> list[str]:
    """Return the files of the site that would make a browser ask another machine."""
    found = [path for path in sorted(folder.rglob("*.html"))
             if _FETCHED.search(path.read_text(encoding="utf-8"))]  # fmt: skip
    found += [path for path in sorted(folder.rglob("*.css"))
              if _IN_STYLE.search(path.read_text(encoding="utf-8"))]  # fmt: skip
    return [str(path.relative_to(folder)) for path in found]


def main() -> int:
    """Build the site, or first draw the pictures of the screens."""
    parser = argparse.ArgumentParser(prog="./run docs")
    parser.add_argument("--out", type=Path, default=ROOT / ".madoguchi-docs")
    parser.add_argument(
        "--pictures", action="store_true", help="draw every screen anew, then build"
    )
    given = parser.parse_args()
    if given.pictures:
        from tools.docs import pictures  # needs a browser, which the site itself does not

        pictures.draw()
    held = build(given.out.resolve())
    if held == 0:
        print(
            f"{given.out / 'index.html'}: open it, or serve it: python3 -m http.server -d {given.out}"
        )
    return held


if __name__ == "__main__":
    raise SystemExit(main())
