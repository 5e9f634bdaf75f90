"""One compiler a template and process, one caller at a time (組版)."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

from madoguchi.infra.fonts import font_family, font_path
from madoguchi.kernel.fitting import Face

_FOLDER = Path(__file__).parent / "templates"
# The compiler refuses a character no font holds instead of drawing another.
_STANDARDS: Any = ["a-2b"]
_one_at_a_time = threading.Lock()


@cache
def _compiler(template: str, folder: Path) -> Any:
    folders = sorted({font_path(face).parent for face in Face})
    make: Any = typst.Compiler
    return make(str(folder / template), font_paths=folders, ignore_system_fonts=True)


def typeset(template: str, given: Mapping[str, object], *, folder: Path = _FOLDER) -> bytes:
    """Return the pages of a template filled with this data, as PDF/A-2b (PDF作成)."""
    faces = {face.value: font_family(face) for face in Face}
    data = json.dumps({**given, "faces": faces}, ensure_ascii=False, separators=(",", ":"))
    with _one_at_a_time:
        made = _compiler(template, folder).compile(
            sys_inputs={"given": data}, format="pdf", pdf_standards=_STANDARDS
        )
    assert isinstance(made, bytes)
    return made
