"""A move drafted at home, a question a screen; shown at the desk by a code (家での下書きの画面).

Whoever holds the code goes on for half an hour at a time. The pages say back what was written
here and nothing of the register: whether somebody lives here, or is held, no draft can find out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from madoguchi.infra import clock, unit
from madoguchi.infra.qr import qr_svg
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.wareki import format_long
from madoguchi.moves.actions import drafts as acts
from madoguchi.moves.domain.draft import Box, Step, next_step, read_code, show_code, steps
from madoguchi.moves.domain.drafted import household_of_draft
from madoguchi.moves.queries.drafts import DraftRow, find_draft
from madoguchi.moves.queries.rulebook import online_book
from madoguchi.moves.views import words
from madoguchi.moves.views.before import answered
from madoguchi.web.access import open_to_all
from madoguchi.web.pace import too_many, too_many_of
from madoguchi.web.pages import page, unkept
from madoguchi.web.press import press
from madoguchi.web.tongues import language_of

WHY = "whoever moves drafts here; only what they wrote themselves is said back, by its code"
COOKIE, SALT, STAY_SECONDS = "move_draft", "moves.draft", 30 * 60
#: A person begins once and mistypes a code once or twice (*assumed*).
BEGINNINGS_A_MINUTE_MAX, TRIES_A_MINUTE_MAX, TRIES_A_CODE_MAX, HOUR = 6, 6, 20, 3600
#: What a phone's keyboard is told of a box.
KEYBOARDS = {Box.POSTCODE: "numeric", Box.MOVED: "", Box.BORN: ""}


@open_to_all(reason=WHY)
@require_safe
def draft(request: HttpRequest) -> HttpResponse:
    """Show the start, the next question, one that is asked for again, or the whole."""
    return _show(request)


@open_to_all(reason=WHY)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a draft of one's own."""
    if too_many(request, what="move-draft", a_minute=BEGINNINGS_A_MINUTE_MAX):
        return _show(request, Problem(code="MOVE_DRAFT_BUSY"))
    return _inside(request, unit.run(acts.begin_draft, now=clock.now()))


@open_to_all(reason=WHY)
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Go on with a draft by its code; whatever is wrong, the answer is the same."""
    code = read_code(request.POST.get("code", "")[:40])
    tried = too_many(request, what="move-draft-code", a_minute=TRIES_A_MINUTE_MAX)
    if code is None or tried:
        return _show(request, Problem(code="MOVE_DRAFT_UNKNOWN"))
    same = too_many_of(code, what="move-draft-no", most=TRIES_A_CODE_MAX, seconds=HOUR)
    if same or find_draft(code) is None:
        return _show(request, Problem(code="MOVE_DRAFT_UNKNOWN"))
    return _inside(request, code)


@open_to_all(reason=WHY)
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Keep the answer of one screen, and ask the next."""
    row = _draft_of(request)
    if row is None:
        return _show(request, Problem(code="MOVE_DRAFT_UNKNOWN"))
    step = _asked(row, request.POST.get("ask", ""))
    if step is None:
        return _back(request)
    given = {key: request.POST.get(key, "")[:400] for key in _fields(step)}
    return _do(request, acts.answer_draft, key=row.key, step=step, given=given, now=clock.now())


@open_to_all(reason=WHY)
@require_POST
def complete(request: HttpRequest) -> HttpResponse:
    """Say that it is whole."""
    row = _draft_of(request)
    if row is None:
        return _show(request, Problem(code="MOVE_DRAFT_UNKNOWN"))
    return _do(request, acts.complete_draft, key=row.key, now=clock.now())


@open_to_all(reason=WHY)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Stop for now: this browser forgets the draft, the code opens it again."""
    return _outside(request)


@open_to_all(reason=WHY)
@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Erase the draft for good."""
    row = _draft_of(request)
    problems = press(acts.erase_draft, key=row.key)[1] if row is not None else ()
    return _show(request, *problems) if problems else _outside(request)


def _do(request: HttpRequest, action: Callable[..., object], **given: Any) -> HttpResponse:
    _, problems = press(action, **given)
    return _show(request, *problems) if problems else _back(request)


def _show(request: HttpRequest, *problems: Problem) -> HttpResponse:
    language, row = language_of(request), _draft_of(request)
    context: dict[str, Any] = {
        **words.around(request),
        "row": row,
        "problems": [words.html(f"problem_{_known(one)}", language) for one in problems],
    }
    if row is not None:
        context |= {"code": show_code(row.key.code)} | _drawn(request, row, language, problems)
    found = page(request, "moves/draft.html", context, 422 if problems else 200)
    return unkept(found)


def _drawn(
    request: HttpRequest, row: DraftRow, language: Language, problems: tuple[Problem, ...]
) -> dict[str, Any]:
    given = request.POST if request.method == "POST" and problems else request.GET
    today, told = clock.today(), row.answers
    step = _asked(row, given.get("ask", "")) or next_step(told, today=today)
    if step is not None:
        wrong = {one.where for one in problems}
        values = request.POST if problems else told
        return {"step": _screen(step, values, wrong, language),
                "back": _before(row, step)}  # fmt: skip
    book = online_book(settings.MADOGUCHI_CARD_RULES)
    found: dict[str, Any] = {
        "told": [_line(one, told, language) for one in steps(told)],
        "may_file": book.may_file(today), "keep_days": book.keep_days,
    }  # fmt: skip
    if row.is_whole:
        household = household_of_draft(told, today=today)
        found |= answered(household, told, lambda key: words.html(key, language))
        # Drawn by our own code from our own number: there is nothing of the writer in it.
        found["qr"] = mark_safe(qr_svg(show_code(row.key.code)))  # noqa: S308  our own drawing
    return found


def _screen(step: Step, values: Any, wrong: set[str | None], language: Language) -> dict[str, Any]:
    """One screen in the words of its reader: choices, boxes with what was told, or ticks."""
    return {
        "at": step.at, "question": words.html(f"q_{step.name}", language),
        "hint": words.optional(f"hint_{step.name}", language),
        "whose": words.html("person", language, no=step.person) if step.person else "",
        "choices": [(one, words.html(f"{step.name}_{one}", language)) for one in step.choices],
        "chosen": values.get(step.at, ""),
        "boxes": [
            {"key": step.key(name), "words": words.html(f"box_{name}", language),
             "value": values.get(step.key(name), ""), "is_day": box in (Box.MOVED, Box.BORN),
             "keyboard": KEYBOARDS.get(box, ""), "wrong": step.key(name) in wrong,
             "optional": name in step.optional}
            for name, box in (step.boxes or {}).items()
        ],
        "ticks": [
            (step.key(one), words.html(f"fact_{one}", language),
             one in values.get(step.at, "").split() or bool(values.get(step.key(one))))
            for one in step.ticks
        ],
    }  # fmt: skip


def _line(step: Step, told: Any, language: Language) -> dict[str, Any]:
    """One line of the whole: the question and what was answered, with the way back to it."""
    says: str
    if step.choices:
        says = words.html(f"{step.name}_{told[step.at]}", language)
    elif step.ticks:
        ticked = [words.plain(f"fact_{one}", language) for one in told[step.at].split()]
        says = "、".join(ticked) if ticked else words.html("nothing", language)
    else:
        written = "　".join(_shown(step, key, told, language) for key in step.keys if told[key])
        says = written or words.html("nothing", language)
    return {"question": words.html(f"q_{step.name}", language), "says": says, "at": step.at,
            "person": step.person}  # fmt: skip


def _shown(step: Step, key: str, told: Any, language: Language) -> str:
    """A day in its era to whoever reads Japanese; anything else as it was written."""
    is_day = {Box.MOVED, Box.BORN} & set((step.boxes or {}).values())
    day = parse_day(told[key]) if is_day and language is Language.JAPANESE else None
    return format_long(day) if isinstance(day, date) else str(told[key])


def _asked(row: DraftRow, at: str) -> Step | None:
    return next((one for one in steps(row.answers) if one.at == at), None)


def _before(row: DraftRow, step: Step) -> str:
    """Return the screen before this one, "" for the first."""
    names = [one.at for one in steps(row.answers)]
    place = names.index(step.at)
    return names[place - 1] if place else ""


def _fields(step: Step) -> tuple[str, ...]:
    return tuple(step.key(one) for one in step.ticks) or step.keys


def _known(problem: Problem) -> str:
    return problem.code if f"problem_{problem.code}" in words.texts(Language.JAPANESE) else "OTHER"


def _draft_of(request: HttpRequest) -> DraftRow | None:
    code = _code_of(request)
    return find_draft(code) if code else None


def _code_of(request: HttpRequest) -> str | None:
    try:
        given = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=STAY_SECONDS)
    except signing.BadSignature:
        return None
    return read_code(str(given))


def _inside(request: HttpRequest, code: str) -> HttpResponse:
    """Ask on; whoever writes stays for another half hour."""
    found = HttpResponseRedirect(_url(request))
    found.set_cookie(
        COOKIE, signing.dumps(code, salt=SALT), max_age=STAY_SECONDS, httponly=True,
        secure=settings.HTTPS, samesite="Strict", path=reverse("moves:draft"),
    )  # fmt: skip
    return unkept(found)


def _outside(request: HttpRequest) -> HttpResponse:
    found = HttpResponseRedirect(_url(request))
    found.delete_cookie(COOKIE, path=reverse("moves:draft"))
    return unkept(found)


def _back(request: HttpRequest) -> HttpResponse:
    code = _code_of(request)
    return _inside(request, code) if code else _outside(request)


def _url(request: HttpRequest) -> str:
    return f"{reverse('moves:draft')}?{urlencode({'language': str(language_of(request))})}"
