"""The frozen content of a paper, as it is kept between drawing and release (記載内容の凍結).

Written with a hash and checked on reading: what is drawn later is what was frozen (I5, I7).
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from madoguchi.certificates.domain.kinds import Kind, Omit
from madoguchi.certificates.domain.paper import (
    ForeignItems,
    Line,
    OverflowRule,
    Paper,
    PaperPerson,
    Removal,
)


class Thawed(AssertionError):
    """The kept content is not what was frozen, so nothing is printed (凍結内容の相違)."""


def freeze(paper: Paper) -> dict[str, Any]:
    """Return the paper as plain JSON with a hash over all of it (凍結)."""
    content = dataclasses.asdict(paper)
    content["omitted"] = sorted(paper.omitted)
    content["issued_on"] = paper.issued_on.isoformat()
    content["imprint"] = base64.b64encode(paper.imprint).decode("ascii")
    content["imprint_mm"] = list(paper.imprint_mm)
    # The seal is the town's and large: its sum is kept, and the seal itself fetched again.
    content["seal_svg"] = hashlib.sha256(paper.seal_svg).hexdigest()
    return {"paper": content, "sha256": _digest(content)}


def thaw(frozen: Mapping[str, Any], *, seal_svg: bytes) -> Paper:
    """Return the paper that was frozen; raise ``Thawed`` when a byte of it changed (解凍).

    ``seal_svg`` is the town's seal; it must be the one the paper was drawn with.
    """
    content = dict(frozen["paper"])
    if _digest(content) != frozen["sha256"]:
        raise Thawed
    content["kind"] = Kind(content["kind"])
    content["omitted"] = frozenset(Omit(one) for one in content["omitted"])
    content["issued_on"] = date.fromisoformat(content["issued_on"])
    if hashlib.sha256(seal_svg).hexdigest() != content["seal_svg"]:
        raise Thawed
    content["seal_svg"] = seal_svg
    content["overflow"] = OverflowRule(content["overflow"])
    content["lines"] = tuple(Line(**one) for one in content["lines"])
    content["imprint"] = base64.b64decode(content["imprint"])
    width, height = content["imprint_mm"]
    content["imprint_mm"] = (width, height)
    content["persons"] = tuple(_person(one) for one in content["persons"])
    return Paper(**content)


def _person(content: Mapping[str, Any]) -> PaperPerson:
    given = dict(content)
    given["remarks"] = tuple(given["remarks"])
    given["history"] = tuple(given["history"])
    given["foreign"] = ForeignItems(**given["foreign"]) if given["foreign"] else None
    given["removal"] = Removal(**given["removal"]) if given["removal"] else None
    return PaperPerson(**given)


def _digest(content: Mapping[str, Any]) -> str:
    # Lists and tuples, enums and strings are one to JSON: the round trip keeps the digest.
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
