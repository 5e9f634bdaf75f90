"""Says in an English page which words of it are Japanese: ``lang="ja"`` (日本語の部分の印).

Names, addresses, titles of papers and what people wrote stay Japanese in the desk's English pages. A
screen reader that is not told so spells them out, or reads nothing. So what a view drew is gone through
once, and each Japanese word is marked where it stands: on the element that holds nothing else, else on
a span of its own. Japanese pages are never touched.
"""

from __future__ import annotations

import re

#: A word in Japanese, and what goes on in it: digits and signs between two Japanese letters.
_WORDS = re.compile(
    "[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    "(?:[^A-Za-z<>&]*[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uff08\uff09\U00020000-\U0003ffff])?"
)
_LATIN = re.compile(r"(?<!&)(?<!&#)[A-Za-z]{2}")
_QUOTED = r'"[^"]*"'
_TOKENS = re.compile(rf"(<!--.*?-->|<[a-zA-Z/!](?:{_QUOTED}|[^>\"])*>)", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
_LANG = re.compile(r'\slang="([^"]*)"')
_VALUE = re.compile(rf"\s(?:value|alt|title|aria-label|placeholder)=({_QUOTED})")
#: What has no end, what is no text at all, and what may hold nothing but text.
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr", "path", "line", "rect", "circle",
})  # fmt: skip
_NO_TEXT = frozenset({"script", "style"})
_ONLY_TEXT = frozenset({"option", "textarea", "title", "text", "desc"})


def mark_japanese(page: str) -> str:
    """Return a page, or a part of one, with each Japanese word in it marked as such (印つきの画面).

    What is marked already, one's own or that of an element round it, is left as it is.
    """
    parts = _TOKENS.split(page)
    open_now: list[tuple[str, str]] = []
    for at, part in enumerate(parts):
        if at % 2 == 0:
            if part and not _is_left(open_now):
                _mark(parts, at, open_now)
            continue
        tag = _TAG.match(part)
        if tag is None:
            continue
        name = tag[2].lower()
        if tag[1]:
            _close(open_now, name)
        elif name in _VOID or part.endswith("/>"):
            if _speaks(open_now) != "ja" and _all_japanese(part):
                parts[at] = _with_lang(part)
        else:
            own = _LANG.search(part)
            open_now.append((name, own[1] if own else _speaks(open_now)))
    return "".join(parts)


def _speaks(open_now: list[tuple[str, str]]) -> str:
    return open_now[-1][1] if open_now else ""


def _is_left(open_now: list[tuple[str, str]]) -> bool:
    return bool(open_now) and (open_now[-1][1] == "ja" or open_now[-1][0] in _NO_TEXT)


def _close(open_now: list[tuple[str, str]], name: str) -> None:
    """End an element and whatever was left open within it, as a browser does."""
    for at in range(len(open_now) - 1, -1, -1):
        if open_now[at][0] == name:
            del open_now[at:]
            return


def _mark(parts: list[str], at: int, open_now: list[tuple[str, str]]) -> None:
    text = parts[at]
    if not _WORDS.search(text):
        return
    before = parts[at - 1] if at else ""
    alone = (
        bool(open_now)
        and before[1:2] not in ("/", "!")
        and parts[at + 1 : at + 2] == [f"</{open_now[-1][0]}>"]
        and not _LATIN.search(text)
        and not _LANG.search(before)
    )
    if alone and (tag := _TAG.match(before)) and tag[2].lower() == open_now[-1][0]:
        parts[at - 1] = _with_lang(before)
    elif not open_now or open_now[-1][0] not in _ONLY_TEXT:
        parts[at] = _WORDS.sub(lambda word: f'<span lang="ja">{word.group()}</span>', text)


def _all_japanese(tag: str) -> bool:
    """Tell whether what an element without an end says is Japanese: a value, an alternative text."""
    said = " ".join(_VALUE.findall(tag))
    return bool(_WORDS.search(said)) and not _LATIN.search(said) and not _LANG.search(tag)


def _with_lang(tag: str) -> str:
    return re.sub(r"^<[a-zA-Z][\w-]*", lambda name: f'{name.group()} lang="ja"', tag, count=1)
