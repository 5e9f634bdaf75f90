"""Put a screen on the page: words, picture, body, and headers that keep nothing (画面を出す)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from madoguchi.kernel.language import Language
from madoguchi.kiosk.domain.showing import Screen
from madoguchi.kiosk.domain.steps import Mode
from madoguchi.kiosk.domain.wording import line
from madoguchi.kiosk.views.texts import plain
from madoguchi.web.pages import page, unkept


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How screens are shown to this resident (画面の出し方)."""

    mode: Mode
    language: Language
    staff_beside: bool = False


def draw(
    request: HttpRequest,
    screen: Screen,
    manner: Manner,
    *,
    step: str,
    status: int = 200,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Answer with one screen; ``more`` holds what only some screens need (画面)."""
    context = {
        **manner_context(manner),
        "screen": screen,
        "step": step,
        "body": f"kiosk/bodies/{screen.name}.html",
        "picture": f"kiosk/pictures/{screen.picture}.svg",
        "action": reverse("kiosk:step", args=[step]),
        "here": reverse("kiosk:now"),
        "bridge": settings.MADOGUCHI_BRIDGE,
        **(more or {}),
    }
    return unkept(page(request, "kiosk/screen.html", context, status))


def manner_context(manner: Manner) -> dict[str, Any]:
    """Return what every kiosk page needs to know (共通の文脈)."""
    return {
        "language": manner.language,
        "lang": manner.language.tag,
        "town_name": town_in(manner.language),
        "mode": manner.mode,
        "elder": manner.mode is Mode.ELDER,
        "practice": manner.mode is Mode.PRACTICE,
        "staff_beside": manner.staff_beside,
    }


def languages_of(here: Language) -> list[dict[str, object]]:
    """Return the languages to choose from, each named in itself (ことば)."""
    return [
        {
            "code": one,
            "name": plain(line("common.language"), one),
            "lang": one.tag,
            "here": one is here,
        }
        for one in Language
    ]


def town_in(language: Language) -> str:
    """Return the town's name as this language writes it (町の名前)."""
    match language:
        case Language.JAPANESE:
            return str(settings.MADOGUCHI_TOWN_NAME)
        case Language.EASY_JAPANESE:
            return str(settings.MADOGUCHI_TOWN_KANA)
        case Language.ENGLISH:
            return str(settings.MADOGUCHI_TOWN_ENGLISH)


def language_of(given: str | None) -> Language:
    """Read a language from an address or a form; anything else is plain Japanese (ことば)."""
    return Language(given) if given in set(Language) else Language.JAPANESE
