"""Widgets every page shares: ``{% load madoguchi %}`` (画面の部品)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape
from itertools import zip_longest
from typing import Any

from django import forms, template
from django.template import Context
from django.utils import translation
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from madoguchi.infra.clock import JAPAN
from madoguchi.kernel import wareki as era
from madoguchi.kernel.dates import RegisterDate
from madoguchi.kernel.daytimes import DayRule, Span, clock_text
from madoguchi.kernel.outcome import Problem
from madoguchi.web import english, glyphs, manual, nav
from madoguchi.web.forms import label_of, words_beside
from madoguchi.web.messages import (
    is_english,
    month_words,
    period_words,
    place_words,
    render,
    word,
)

register = template.Library()

TINTS = 12
_NTH = ("1st", "2nd", "3rd", "4th", "5th")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
GAP = mark_safe('<span class="gap">\u3000</span>')


@register.simple_tag(takes_context=True)
def shell(context: Context) -> nav.Shell:
    """Give the page its header: ``{% shell as shell %}``."""
    return nav.shell_of(getattr(context, "request", None) or context.get("request"))


@register.simple_tag(takes_context=True)
def page_help(context: Context) -> manual.Help | None:
    """Give the page its own help, by the template it is drawn from: ``{% page_help as help %}``."""
    drawn = context.template
    return manual.helps().get(drawn.name or "") if drawn is not None else None


@register.inclusion_tag("web/problem_summary.html")
def problems(
    found: Iterable[Problem] | None = None, form: forms.BaseForm | None = None
) -> dict[str, Any]:
    """Show all problems at once, on top; the summary takes the focus (不備の一覧)."""
    rows = []
    for problem in found or ():
        where = problem.where or ""
        known = form is not None and where in form.fields
        rows.append(
            {
                "message": render(problem),
                "target": _target(form[where]) if form is not None and known else None,
                "place": label_of(form, where)
                if form is not None and known
                else place_words(where),
            }
        )
    return {"rows": rows}


@register.inclusion_tag("web/field.html")
def field(bound: forms.BoundField, **options: str) -> dict[str, Any]:
    """Show a form field: label, hint, input, and its problem beside it (入力欄)."""
    english.speak(bound)
    return {"field": bound, "options": options, "wrong": words_beside(bound)}


@register.inclusion_tag("web/choices.html")
def choices(bound: forms.BoundField, columns: int = 1, keys: str = "") -> dict[str, Any]:
    """Show a radio or check-box field as large toggles, each with its key (大きな選択肢)."""
    assert not set(keys) & set("g/?"), "these keys have a meaning on every page"
    english.speak(bound)
    return {
        "field": bound,
        "wrong": words_beside(bound),
        "columns": columns,
        "rows": list(zip_longest(bound, keys[: len(bound)])),
    }


@register.filter
def label_words(bound: forms.BoundField) -> str:
    """Show a field's label alone, in the language of the page (項目名だけ)."""
    return label_of(bound.form, bound.name)


@register.inclusion_tag("web/person_strip.html")
def person_strip(
    *,
    person_id: str,
    name: str,
    kana: str = "",
    born: object = None,
    area: str = "",
    state: str = "",
    acting_for: str = "",
) -> dict[str, Any]:
    """Name the person in hand, always in the same place, tinted by person (本人の帯)."""
    return {
        "tint": tint(person_id),
        "name": name,
        "kana": kana,
        "born": born,
        "area": area,
        "state": state,
        "acting_for": acting_for,
        "seal": name[:1],
    }


@register.filter
def tint(person_id: str) -> str:
    """Give each person one of twelve tints, the same in every tab (色分け)."""
    digest = hashlib.blake2b(person_id.encode(), digest_size=2).digest()
    return f"tint-{int.from_bytes(digest, 'big') % TINTS}"


@register.simple_tag
def name(text: str, kana: str = "") -> SafeString:
    """Show a name in the register's glyphs, with furigana above where given (氏名)."""
    if not kana:
        return _in_glyphs(text)
    parts, readings = text.split("\u3000"), kana.split("\u3000")
    if len(parts) != len(readings):
        parts, readings = [text], [kana]
    rubies = [
        f"<ruby>{_in_glyphs(part)}<rt>{escape(reading)}</rt></ruby>"
        for part, reading in zip(parts, readings, strict=True)
    ]
    # The space between surname and given name stays text, so that copying keeps it.
    return SafeString(GAP.join(rubies))


@register.simple_tag
def wareki(day: object, form: str = "long") -> SafeString:
    """Show a day in the Japanese calendar, the Gregorian one small beneath it (和暦).

    Forms: ``long`` (both), ``short`` (R8.11.23), ``inline`` (令和8年11月23日 alone).
    A register date that is unclear is shown as it was written, and nothing is added.
    """
    if day is None or day == "":
        return SafeString("")
    if isinstance(day, str):  # words of the register that name no day
        return format_html('<span class="wareki">{}</span>', day)
    if isinstance(day, RegisterDate):
        if day.exact_on is None:
            return format_html('<span class="wareki">{}</span>', day.as_written)
        day = day.exact_on
    assert isinstance(day, date), f"not a day: {type(day).__name__}"
    moment = ""
    if isinstance(day, datetime):
        # The database gives moments in UTC; an early morning there is the day before.
        day = day.astimezone(JAPAN) if day.tzinfo else day
        moment = f" {day:%H:%M}"
    plain = date(day.year, day.month, day.day)
    words = era.format_short(plain) if form == "short" else era.format_long(plain)
    if is_english():
        # The calendar of the papers stays beside it: a clerk compares the two.
        shown = f"{plain.day} {plain:%b %Y}" if form != "short" else plain.isoformat()
        beside = f" <small>{era.format_short(plain)}</small>" if form == "long" else ""
        return SafeString(
            f'<time class="wareki" datetime="{day.isoformat()}">{shown}{moment}{beside}</time>'
        )
    # Digits and names of eras only: nothing here could be mark-up.
    if form in ("short", "inline"):
        return SafeString(f'<time datetime="{day.isoformat()}">{words}{moment}</time>')
    return SafeString(
        f'<time class="wareki" datetime="{day.isoformat()}">{words}{moment}'
        f" <small>{plain.isoformat()}</small></time>"
    )


@register.filter
def yen(amount: int) -> str:
    """Show an amount of money: 1,416,002円 (金額)."""
    return f"{amount:,} yen" if is_english() else f"{amount:,}円"


@register.filter
def minutes(amount: int) -> str:
    """Show a length of time: 45分, 1時間05分 (時間)."""
    hours, rest = divmod(int(amount), 60)
    if is_english():
        return f"{hours} h {rest:02} min" if hours else f"{rest} min"
    return f"{hours}時間{rest:02}分" if hours else f"{rest}分"


@register.filter
def span(value: Span) -> str:
    """Show a stretch of a day: 9:05〜9:20 (時間帯)."""
    return f"{clock_text(value.begins)}{_to()}{clock_text(value.ends)}"


@register.filter
def clock(minute: int) -> str:
    """Show a time of day: 9:05 (時刻)."""
    return clock_text(minute)


@register.filter
def weekday(day: date) -> str:
    """Show the weekday in one letter: 月 (曜日)."""
    return _letters()[day.weekday()]


@register.filter
def weekly(rule: DayRule) -> str:
    """Show the weekdays of a row: 月〜金, 第2・第4 月, 毎日 (適用する曜日)."""
    days = sorted(rule.weekdays)
    letters = [_letters()[at] for at in days]
    in_a_row = len(days) > 2 and days[-1] - days[0] == len(days) - 1
    words = f"{letters[0]}{_to()}{letters[-1]}" if in_a_row else _and().join(letters)
    if len(days) == 7:
        words = "every day" if is_english() else "毎日"
    nth = _and().join(_NTH[at - 1] if is_english() else f"第{at}" for at in sorted(rule.nth))
    return f"{nth} {words}".strip()


def _to() -> str:
    return "–" if is_english() else "〜"


def _and() -> str:
    return ", " if is_english() else "・"


def _letters() -> Sequence[str]:
    return _DAYS if is_english() else "月火水木金土日"


@register.filter
def count(number: int) -> str:
    """Show a number with thousands apart: 7,971 (数)."""
    return f"{number:,}"


@register.filter
def label(code: str, kind: str) -> str:
    """Show the word for a stored code: ``{{ code|label:"right" }}`` (表示名)."""
    return word(kind=kind, code=code)


@register.filter
def said(words: object, room: str) -> str:
    """Show words that a view made in the language of the page: ``{{ x|said:"desk" }}`` (言い方)."""
    return english.said(str(words), room=room)


@register.filter
def period(words: object) -> str:
    """Show a fiscal year or a month in the language of the page: 令和6年度, fiscal 2024 (年度・月)."""
    return period_words(str(words))


@register.simple_tag
def month(first: date) -> str:
    """Show a month: 令和9年1月, Jan 2027 (月)."""
    return month_words(first)


@register.tag
def japanese(parser: template.base.Parser, _token: template.base.Token) -> template.Node:
    """Draw what a resident or the files get in Japanese, whoever reads the page (日本語のまま)."""
    inner = parser.parse(("endjapanese",))
    parser.delete_first_token()
    return _Japanese(inner)


@register.inclusion_tag("web/progress_bar.html")
def progress_bar(done: int, total: int, words: str = "") -> dict[str, Any]:
    """Show how far long work is, in a bar and in words (進みぐあい)."""
    return {"done": done, "total": total, "words": words, "known": total > 0}


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """Show keys to press, one after another: ``{% kbd "g h" %}`` (キー)."""
    return format_html_join(" ", "<kbd>{}</kbd>", ((key,) for key in keys.split()))


@register.simple_tag
def badge(kind: str, words: str) -> SafeString:
    """Show a state in a word, a colour and a shape; kinds: ok, look, stop, wait, info."""
    assert kind in ("ok", "look", "stop", "wait", "info"), kind
    return SafeString(f'<span class="badge badge--{kind}">{conditional_escape(words)}</span>')


class _Japanese(template.Node):
    def __init__(self, inner: template.NodeList) -> None:
        self.nodelist = inner

    def render(self, context: Context) -> SafeString:
        with translation.override("ja"):
            return self.nodelist.render(context)


def _in_glyphs(text: str) -> SafeString:
    if glyphs.is_plain(text):
        return SafeString(escape(text))
    return format_html_join("", "{}", ((_piece(piece),) for piece in glyphs.pieces(text)))


def _piece(piece: glyphs.Piece) -> SafeString:
    url = glyphs.url_of(piece.code) if piece.code else None
    if url is None:
        return format_html("{}", piece.text)
    return format_html('<img class="glyph" src="{}" alt="{}">', url, piece.text)


def _target(bound: forms.BoundField) -> str:
    # A group of toggles has no one input to point at; its frame carries the plain id.
    return bound.id_for_label or str(bound.auto_id)
