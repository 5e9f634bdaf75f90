"""The desk in English: words put beside the Japanese ones, page by page (英語の画面).

A page is written once, in Japanese. Its template is put into English when it is read, piece by
piece: a piece is what stands between two tags, or in an attribute, with its variables in it. So
nothing is looked up while a page is drawn, and a template stays the page one sees. What has no
English stays Japanese; ``tests/arch/test_english.py`` finds it.

``english/<room>.toml`` has ``[words]`` (a Japanese piece and its English, a piece of template each),
and the English of the catalogue: ``[CODE]`` and ``[labels.<kind>]`` as in ``messages.py``.
Papers, letters and what is kept in the records stay Japanese whoever reads the page.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.base import Origin
from django.template.loaders import cached
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from madoguchi.web.access import access_of, open_to_all
from madoguchi.web.marking import mark_japanese
from madoguchi.web.messages import (
    ENGLISH,
    ENGLISH_FOLDER,
    catalogue,
    english_catalogue,
    is_english,
)

COOKIE = "desk_language"
#: What a template draws for a resident or for the files stays Japanese: ``{% japanese %}``.
_JAPANESE_PART = re.compile(r"({%\s*japanese\s*%}.*?{%\s*endjapanese\s*%})", re.DOTALL)

#: Japanese letters and signs: a comma or a bracket between two words is a piece as well.
JAPANESE = re.compile(
    "[\u3001-\u3002\u3005-\u3007\u300c-\u301c\u3040-\u30ff\u3400-\u9fff\uff01-\uff5e]"
)
_TAG, _VARIABLE, _REMARK = r"{%.*?%}", r"{{.*?}}", r"{#.*?#}"
_QUOTED = rf'"(?:{_TAG}|{_VARIABLE}|[^"])*"'
_ELEMENT = rf"</?[a-zA-Z!](?:{_TAG}|{_VARIABLE}|{_QUOTED}|[^>])*>"
_PARTS = re.compile(rf"({_TAG}|{_VARIABLE}|{_REMARK}|{_ELEMENT})", re.DOTALL)
_ATTRIBUTE = re.compile(rf'(?<==")((?:{_TAG}|{_VARIABLE}|[^"])*)(?=")', re.DOTALL)
_LITERAL = re.compile(r'"([^"]*)"')
_CODE = re.compile(rf"{_TAG}|{_VARIABLE}", re.DOTALL)
#: Tags that draw words of their own amid a sentence; every other tag parts two pieces.
_INLINE = re.compile(r"{%\s*(wareki|name|kbd|url|yen|glyph|now)\b")
#: What is compared with data, or names a file, is not shown.
_NOT_SHOWN = re.compile(r"{%\s*(if|elif|url|load|extends|include|block|static|label)\b")


# -- the words -----------------------------------------------------------------------------


@cache
def words_of(room: str) -> Mapping[str, str]:
    """Return the English of a room's pieces; where it has none, that of the shell (英語のことば)."""
    return {**_words_in("web"), **_words_in(room)}


def _words_in(room: str) -> dict[str, str]:
    path = ENGLISH_FOLDER / f"{room}.toml"
    if not path.exists():
        return {}
    found: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8")).get("words", {})
    return found


@cache
def _labels_turned() -> Mapping[str, str]:
    english = english_catalogue().labels
    return {word: english[key] for key, word in catalogue().labels.items() if key in english}


def said(text: str, *, room: str) -> str:
    """Return words that are not a template's in the language of the page (表示の言い方)."""
    if not is_english() or not JAPANESE.search(text):
        return text
    return words_of(room).get(text) or _labels_turned().get(text, text)


def speak(bound: forms.BoundField) -> None:
    """Put a field's label, hint and choices into the language of the page (入力欄のことば)."""
    if not is_english():
        return
    room = room_of(type(bound.form).__module__)
    bound.label = said(str(bound.label), room=room)
    bound.help_text = said(str(bound.help_text), room=room)
    if isinstance(bound.field, forms.ChoiceField):
        # A form has its own copies of its fields, so nobody else's are changed.
        bound.field.choices = _spoken(bound.field.choices, room)


def _spoken(choices: Any, room: str) -> list[Any]:
    """Put choices into the language of the page; a choice may be a group of others (選択肢)."""
    return [
        (said(str(value), room=room), _spoken(words, room))
        if isinstance(words, list | tuple)
        else (value, said(str(words), room=room))
        for value, words in choices
    ]


def room_of(module: str) -> str:
    """Return the room a module or a template's path lies in (部屋)."""
    return re.sub(r".*madoguchi[./]", "", module).split(".")[0].split("/")[0]


# -- the pages -----------------------------------------------------------------------------


class Loader(cached.Loader):
    """Reads each template twice at the most: as it stands, and in English (画面の読込み)."""

    def cache_key(self, template_name: str, skip: Any = None) -> str:
        """Keep the two apart."""
        key = super().cache_key(template_name, skip)
        return f"{key}-{ENGLISH}" if is_english() else key

    def get_contents(self, origin: Origin) -> str:
        """Return a template's source in the language of the page."""
        source = str(super().get_contents(origin))
        if not is_english():
            return source
        return in_english(source, words_of(room_of(str(origin.name))))


def in_english(source: str, words: Mapping[str, str]) -> str:
    """Return a template's source with every piece that has an English replaced (英語化)."""
    return _each_piece(source, lambda piece: words.get(piece, piece))


def pieces(source: str) -> Iterator[str]:
    """Return every Japanese piece of a template, in its order (訳す単位)."""
    found: list[str] = []

    def note(piece: str) -> str:
        found.append(piece)
        return piece

    _each_piece(source, note)
    yield from found


def _each_piece(source: str, put: Callable[[str], str]) -> str:
    parts = _JAPANESE_PART.split(source)
    parts[::2] = [_each_in(part, put) for part in parts[::2]]
    return "".join(parts)


def _each_in(source: str, put: Callable[[str], str]) -> str:
    done: list[str] = []
    run = ""
    for part in _PARTS.split(source):
        if part.startswith("{{") or _INLINE.match(part) or not _PARTS.fullmatch(part):
            run += part
            continue
        done += [_run(run, put), _tag(part, put)]
        run = ""
    return "".join([*done, _run(run, put)])


def _run(run: str, put: Callable[[str], str]) -> str:
    """What stands between two tags: one piece, or, without words of its own, its literals."""
    if not JAPANESE.search(_CODE.sub("", run)):
        return _CODE.sub(lambda code: _literals(code.group(), put), run)
    bare = run.strip(" \n\t")
    before, after = run[: run.index(bare)], run[run.index(bare) + len(bare) :]
    return before + put(bare) + after


def _tag(part: str, put: Callable[[str], str]) -> str:
    if part.startswith("{#"):
        return part
    if part.startswith("{%"):
        return _literals(part, put)
    return _ATTRIBUTE.sub(lambda value: _run(value.group(), put), part)


def _literals(code: str, put: Callable[[str], str]) -> str:
    if _NOT_SHOWN.match(code):
        return code
    return _LITERAL.sub(
        lambda one: f'"{put(one.group(1))}"' if JAPANESE.search(one.group(1)) else one.group(), code
    )


# -- the choice ----------------------------------------------------------------------------


class DeskLanguage:
    """Draws the pages of staff in the language this browser was told (職員画面のことば).

    Residents' pages have a choice of their own, and so have papers: both are left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request; the next one in this thread begins anew."""
        if request.COOKIES.get(COOKIE) != ENGLISH:
            return self.get_response(request)
        with translation.override(settings.LANGUAGE_CODE):
            response = self.get_response(request)
            if is_english():
                _mark(response)
            return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> None:
        """Choose the language once it is known whose page it is."""
        if request.COOKIES.get(COOKIE) == ENGLISH and is_for_staff(view):
            translation.activate(ENGLISH)


def _mark(response: HttpResponseBase) -> None:
    """Say of a page that was drawn in English which words of it are Japanese (日本語の部分)."""
    kind = response.get("Content-Type", "")
    if isinstance(response, HttpResponse) and kind.startswith("text/html"):
        response.content = mark_japanese(response.content.decode(response.charset or "utf-8"))


def is_for_staff(view: Callable[..., Any]) -> bool:
    """Tell whether a page is one of staff, signing in among them (職員の画面)."""
    access = access_of(view)
    made_from = getattr(view, "view_class", view)
    return (
        access is None
        or not access.anonymous
        or made_from.__module__.startswith(("madoguchi.accounts.", "madoguchi.web.", "allauth."))
    )


@open_to_all(reason="which language a browser shows tells nothing about anybody")
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Show the pages of staff in English from now on, or in Japanese again."""
    back = request.headers.get("Referer", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    language = ENGLISH if request.POST.get("language") == ENGLISH else settings.LANGUAGE_CODE
    response.set_cookie(
        COOKIE, language, max_age=365 * 86_400, samesite="Strict", httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response
