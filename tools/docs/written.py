"""Pages of the site that are written from what the program already says of itself (自動で書く頁)."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def _title(path: Path) -> str:
    """Return the first heading of a Markdown file."""
    found = re.search(r"^# (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"{path} has no heading"
    return found[1]


def _list(title: str, lead: str, paths: Iterable[tuple[str, Path]]) -> str:
    rows = [f"- [{_title(path)}]({at})" for at, path in paths]
    return "\n".join([f"# {title}", "", lead, "", *rows, ""])


def decisions() -> str:
    """List the decisions (決めたこと)."""
    return _list("決めたこと (ADR)", "なぜそうしたか、何があれば変えるか。",
                 [(f"adr/{p.name}", p) for p in sorted((DOCS / "adr").glob("*.md"))])  # fmt: skip


def runbooks() -> str:
    """List the runbooks (手順書)."""
    return _list("手順書", "困ったときに、上から順に。",
                 [(f"runbooks/{p.name}", p) for p in sorted((DOCS / "runbooks").glob("*.md"))])  # fmt: skip


def rooms() -> str:
    """List the rooms of the program (部屋)."""
    return _list("部屋", "プログラムは部屋に分かれています。どの部屋も同じ形です。",
                 [(f"rooms/{p.parent.name}.md", p)
                  for p in sorted(ROOT.glob("madoguchi/*/README.md"))])  # fmt: skip


def words() -> str:
    """Write the glossary as one table (ことば)."""
    lines = [
        "# ことば",
        "",
        "| 日本語 | 読み | コードの中 | 意味 | 出どころ |",
        "|---|---|---|---|---|",
    ]
    found = tomllib.loads((DOCS / "glossary.toml").read_text(encoding="utf-8"))
    for code, one in sorted(found.items(), key=lambda pair: pair[1].get("reading", pair[0])):
        cells = (one["ja"], one.get("reading", ""), f"`{code}`", one["meaning"], one["source"])
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join([*lines, ""])


def interface() -> str:
    """Write the calls of the interface as tables, from the document the program gives out (API)."""
    given = json.loads((DOCS / "openapi.json").read_text(encoding="utf-8"))
    lines = ["# ほかのシステムへ (API)", "", given["info"]["description"], "",
             "鍵は「他システムの鍵」の画面で作り、`Authorization: Bearer …` で送ります。"
             "この頁は `docs/openapi.json` から作られます。", ""]  # fmt: skip
    for path, methods in given["paths"].items():
        for method, call in methods.items():
            lines += [f"## {method.upper()} {path}", "", call.get("description", ""), ""]
            lines += _asked(call)
            lines += ["| 応答 | 形 |", "|---|---|"]
            lines += [
                f"| {status} | {_shape(answer)} |" for status, answer in call["responses"].items()
            ]
            lines.append("")
    lines += ["## 形", ""]
    for name, shape in sorted(given["components"]["schemas"].items()):
        lines += [f"### {name}", "", shape.get("description", ""), "",
                  "| 項目 | 型 | 必ず |", "|---|---|---|"]  # fmt: skip
        needed = shape.get("required", [])
        lines += [f"| `{field}` | {_type(one)} | {'はい' if field in needed else ''} |"
                  for field, one in shape.get("properties", {}).items()]  # fmt: skip
        lines.append("")
    return "\n".join(lines)


def _asked(call: dict[str, Any]) -> list[str]:
    rows = [f"| `{one['name']}` | {one['in']} | {_type(one['schema'])} | {'はい' if one['required'] else ''} |"
            for one in call.get("parameters", [])]  # fmt: skip
    body = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body is not None:
        rows.append(f"| (本文) | JSON | {_type(body)} | はい |")
    return ["| 送るもの | 場所 | 型 | 必ず |", "|---|---|---|---|", *rows, ""] if rows else []


def _shape(answer: dict[str, Any]) -> str:
    schema = answer.get("content", {}).get("application/json", {}).get("schema")
    return _type(schema) if schema else _cell(answer["description"])


def _type(schema: dict[str, Any]) -> str:
    """Return the type of a field in one word; a shape of ours is a link to it."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " または ".join(_type(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"{_type(schema['items'])} の並び"
    if "enum" in schema:
        return " · ".join(f"`{one}`" for one in schema["enum"])
    limits = [f"{word} {schema[key]}" for key, word in
              (("format", ""), ("minimum", "≥"), ("maximum", "≤"), ("maxLength", "最大")) if key in schema]  # fmt: skip
    return " ".join([str(schema.get("type", "何でも")), *limits]).replace("  ", " ")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def screens() -> str:
    """Write the help of every screen of the desk, with its picture (画面の説明)."""
    head = ["# 画面の説明", "", "窓口のどの画面でも `?` か `F1` を押すと、その画面の使い方が出ます。ここは全部の一覧です。"
            "絵は架空の町のもので、`./run docs --pictures` が描きます。"]  # fmt: skip
    return _screens(head, english=False, care="気をつけること", alt="「{}」の画面の例")


def screens_in_english() -> str:
    """Write the same in English (英語の画面の説明)."""
    head = ["# The screens", "", "On every page of the desk `?` or `F1` shows how it is used. This is the list of all."
            " The pictures are of the fictional town; `./run docs --pictures` draws them."]  # fmt: skip
    return _screens(head, english=True, care="Take care:", alt="Example of the page {}")


def _screens(head: list[str], *, english: bool, care: str, alt: str) -> str:
    from madoguchi.web import manual
    from madoguchi.web.messages import catalogue, english_catalogue

    rooms = (english_catalogue() if english else catalogue()).labels
    lines = [*head, ""]
    for room, shown in manual.by_room(manual.read(english=english)):
        lines += [f"## {rooms['help_room', room]}", ""]
        for one in shown:
            lines += [f"### {one.title}", "", one.what, ""]
            lines += [f"{number}. {step}" for number, step in enumerate(one.steps, start=1)]
            lines += ["", f"**{care}** {one.care}", ""]
            if one.picture is not None:
                at = one.picture.replace("web/help", "pictures")
                lines += [f"![{alt.format(one.title)}]({at}){{ loading=lazy }}", ""]
    return "\n".join(lines)
