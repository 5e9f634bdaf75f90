"""What MkDocs asks of us: files taken from where they are, and links that are not dead (文書の組み立て).

The site is made of ``docs/`` and of files that live elsewhere (the changelog, each room's README,
the measured figures). They are read in place, so there is no second copy to grow old. A link to a
file of the checkout that is no page becomes its path in code; a link to nothing stops the build.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from posixpath import relpath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # MkDocs loads this file by its path, outside any package

from tools.docs import written  # noqa: E402  reason: only found once the line above has run

#: Where a page stands in the site, and where it is in the checkout.
ELSEWHERE = {
    "architecture.md": "ARCHITECTURE.md",
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
    "results.md": "bench/RESULTS.md",
    "start.ja.md": "README.ja.md",
    "start.md": "README.md",
    "mark.svg": "madoguchi/web/static/web/mark.svg",
}
WRITTEN = {
    "adr.md": written.decisions,
    "api.md": written.interface,
    "glossary.md": written.words,
    "rooms.md": written.rooms,
    "runbooks.md": written.runbooks,
    "screens.en.md": written.screens_in_english,
    "screens.md": written.screens,
}
PICTURES = "madoguchi/web/static/web/help"
_LINK = re.compile(r"(?P<pre>!?\[(?P<words>[^\]\n]*)\]\()(?P<to>[^)\s]+)(?P<post>\))")
_FENCE = re.compile(r"(^```.*?^```)", re.DOTALL | re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is not under ``docs/``, and leave out what is no page."""
    for file in list(files):
        if file.src_uri.endswith((".toml", "openapi.json")):
            files.remove(file)
    for at, source in _elsewhere():
        files.append(File.generated(config, at, abs_src_path=str(source)))
    for at, write in WRITTEN.items():
        files.append(File.generated(config, at, content=write()))
    return files


def _elsewhere() -> list[tuple[str, Path]]:
    found = [(at, ROOT / source) for at, source in ELSEWHERE.items()]
    found += [(f"rooms/{path.parent.name}.md", path)
              for path in sorted(ROOT.glob("madoguchi/*/README.md"))]  # fmt: skip
    found += [(f"pictures/{path.relative_to(ROOT / PICTURES)}", path)
              for path in sorted((ROOT / PICTURES).rglob("*.webp"))]  # fmt: skip
    return found + [(f"charts/{path.name}", path)
                    for path in sorted((ROOT / "bench/charts").glob("*.svg"))]  # fmt: skip


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001  reason: handed by name
    """Turn links between files of the checkout into links between pages."""
    source = page.file.abs_src_path
    if source is None or page.file.src_uri in WRITTEN:
        return markdown
    pages = {Path(file.abs_src_path).resolve(): file.src_uri
             for file in files if file.abs_src_path}  # fmt: skip
    pages |= {ROOT / "docs" / folder: at for folder, at in
              (("adr", "adr.md"), ("runbooks", "runbooks.md"))}  # fmt: skip
    pages |= {ROOT / "docs/rules": "rules/README.md", ROOT / "docs/openapi.json": "api.md",
              ROOT / "docs/glossary.toml": "glossary.md", ROOT / "madoguchi": "rooms.md",
              ROOT / "madoguchi/web/help": "screens.md",
              ROOT / "madoguchi/web/help/english": "screens.en.md"}  # fmt: skip

    def mended(link: re.Match[str]) -> str:
        to, _, anchor = link["to"].partition("#")
        if not to or re.match(r"[a-z]+:", to):
            return link[0]
        target = (Path(source).parent / to).resolve()
        if target in pages:
            near = relpath(pages[target], str(Path(page.file.src_uri).parent))
            return f"{link['pre']}{near}{'#' + anchor if anchor else ''}{link['post']}"
        if not target.exists():
            raise PluginError(f"{page.file.src_uri}: the link to {to} leads nowhere")
        return f"{link['words']} (`{target.relative_to(ROOT)}`)"

    parts = _FENCE.split(markdown)
    return "".join(part if part.startswith("```") else _LINK.sub(mended, part) for part in parts)
