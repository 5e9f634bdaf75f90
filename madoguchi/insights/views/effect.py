"""The effect board: read, drilled into, tried, taken away as a book or a paper (効果の表の画面)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.infra import clock
from madoguchi.insights.actions import tables as acts
from madoguchi.insights.documents.books import write_board
from madoguchi.insights.documents.charts import YearWords, draw_years
from madoguchi.insights.documents.sheets import draw_board, first_sentence
from madoguchi.insights.domain.counting import Channel, cross, to_digits, total_of
from madoguchi.insights.domain.effect import Inputs
from madoguchi.insights.domain.showing import printed_change, printed_effect
from madoguchi.insights.domain.years import label_of
from madoguchi.insights.forms.effect import INPUTS, InputsForm, RowsForm, TableForm, TryForm
from madoguchi.insights.queries.boards import CHANNELS, BoardView, all_rows, board_of
from madoguchi.insights.queries.elsewhere import figures_elsewhere
from madoguchi.insights.queries.sources import list_premises, list_tables, may_count_own
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.messages import period_words, render, word, word_or_code
from madoguchi.web.pages import page, pdf_answer, unkept
from madoguchi.web.press import press, press_form

PURPOSE = "効果の見える化"
ROWS_SHOWN = 500
PROBLEMS_SHOWN = 100
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Right.SEARCH)
@require_safe
def effect(request: HttpRequest) -> HttpResponse:
    """Show what a channel brought and cost, and what would pay."""
    board, form = _board(request)
    rows = [(one, board.printed.get(one.number)) for one in board.years]
    context = {
        "board": board, "form": form, "problems": problems_of(form),
        "years": rows, "changes": [(one, printed_change(one)) for one in board.changes],
        "yen": printed_effect(board.latest) if board.latest else None,
        "first": _first(board),
        "channels": CHANNELS, "findings": [render(one) for one in board.findings],
        "misprints": {one.facts["fiscal_year"] for one in board.findings
                      if one.code == "EFFECT_MEAN_DIFFERS"},
        "elsewhere": figures_elsewhere(settings.MADOGUCHI_CARD_RULES),
        "may_keep": actor_of(request, PURPOSE).may(acts.KEEP),
    }  # fmt: skip
    return page(request, "insights/effect.html", context, 422 if context["problems"] else 200)


def _board(request: HttpRequest) -> tuple[BoardView, TryForm]:
    asked = request.GET.get("channel", "")
    channel = Channel(asked) if asked in set(CHANNELS) else Channel.STORE
    form = TryForm(request.GET)
    tried = form.tried() if form.is_valid() else {}
    board = board_of(channel, actor=actor_of(request, PURPOSE), today=clock.today(), tried=tried)
    if board.latest is not None:
        form.show(board.latest.inputs)
    return board, form


@needs(Right.SEARCH)
@require_safe
def chart(request: HttpRequest) -> HttpResponse:
    """Draw the years of a channel."""
    board, _ = _board(request)
    if not board.years:
        raise Http404
    svg = draw_years(board.years, words=_chart_words(board))
    return unkept(HttpResponse(svg, content_type="image/svg+xml"))


@needs(Right.SEARCH)
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """Show the rows a total is made of, and add them again."""
    form = RowsForm(request.GET)
    problems = problems_of(form)
    actor = actor_of(request, PURPOSE)
    found = () if problems else all_rows(actor=actor, today=clock.today())
    given = form.cleaned_data
    if not problems:
        found = tuple(
            one for one in found
            if (given["year"] is None or one.fiscal_year == given["year"])
            and (given["month"] is None or one.month == given["month"])
            and (not given["channel"] or one.channel.value == given["channel"])
            and (not given["kind"] or (one.kind or "all") == given["kind"])
        )  # fmt: skip
    total = total_of(found)
    kinds = sorted({one.kind or "all" for one in found})
    context = {
        "rows": [(one, _year(one.fiscal_year), _say("certificate_kind", one.kind or "all"))
                 for one in total.rows[:ROWS_SHOWN]],
        "total": total.issues, "count": len(total.rows), "more": len(total.rows) - ROWS_SHOWN,
        "year": _year(given["year"]) if given.get("year") else "",
        "channel": given.get("channel", ""), "problems": problems,
        "leaves_out_own": not may_count_own(actor),
        "crossing": cross(found) if given.get("year") else None, "year_number": given.get("year"),
        "kinds": [(one, _say("certificate_kind", one)) for one in kinds], "kind": given.get("kind"),
    }  # fmt: skip
    return page(request, "insights/effect_rows.html", context, 422 if problems else 200)


@needs(Right.SEARCH)
@require_safe
def book(request: HttpRequest) -> HttpResponse:
    """Give the board as an Excel book that re-adds itself."""
    board, _ = _board(request)
    if not board.years:
        raise Http404
    with translation.override(settings.LANGUAGE_CODE):
        data = write_board(
            board.years, effect=board.latest, printed=board.printed, said_by=_said_by(board),
            say=_say,
        )  # fmt: skip
    answer = HttpResponse(data, content_type=_EXCEL)
    answer.headers["Content-Disposition"] = 'attachment; filename="effect.xlsx"'
    return unkept(answer)


@needs(Right.SEARCH)
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """Give the board as a page of A4 for whoever decides."""
    board, _ = _board(request)
    if not board.years:
        raise Http404
    # A paper of the office, whoever printed it.
    with translation.override(settings.LANGUAGE_CODE):
        pdf = draw_board(
            board.years, effect=board.latest, printed=board.printed, changes=board.changes,
            findings=[f"{one.cause}{one.remedy}" for one in map(render, board.findings)],
            said_by=_said_by(board), channel=_say("effect_channel", board.channel.value),
            today=clock.today(), say=_say, chart=draw_years(board.years, words=_chart_words(board)),
        )  # fmt: skip
    return pdf_answer(pdf, name="effect.pdf", inline=True)


# -- what is taken in and taken for granted -------------------------------------------------


@needs(Right.SEARCH)
@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """List the tables that were taken in."""
    return _tables(request)


def _tables(request: HttpRequest, *problems: Problem) -> HttpResponse:
    may_keep = actor_of(request, PURPOSE).may(acts.KEEP)
    context = {"tables": list_tables(), "problems": problems, "may_keep": may_keep}
    return page(request, "insights/effect_tables.html", context, 422 if problems else 200)


@needs(acts.KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest) -> HttpResponse:
    """Take a table in: tried first, kept at the second press. The file stays in the browser."""
    if request.method != "POST":
        return page(request, "insights/effect_take_in.html", {"form": TableForm()})
    form = TableForm(request.POST, request.FILES)
    problems = problems_of(form)
    context: dict[str, Any] = {"form": form}
    if not problems:
        file, name = form.cleaned_data["file"], form.cleaned_data["name"]
        actor = actor_of(request, PURPOSE)
        if request.POST.get("how") == "load":
            _, problems = press(acts.take_table, file=file, name=name, actor=actor, now=clock.now())
            if not problems:
                return _to(request, "insights:tables")
        else:
            tried = acts.try_table(file, name=name, actor=actor)
            context |= {"tried": tried, "issues": total_of(tried.rows).issues,
                        "rows": [(one, _year(one.fiscal_year)) for one in tried.rows[:12]],
                        "more": len(tried.rows) - 12}  # fmt: skip
            problems = tried.problems
    context["problems"] = problems[:PROBLEMS_SHOWN]
    return page(request, "insights/effect_take_in.html", context, 422 if problems else 200)


@needs(acts.KEEP)
@require_POST
def undo(request: HttpRequest, table_id: str) -> HttpResponse:
    """Let a table count no more."""
    actor = actor_of(request, PURPOSE)
    _, problems = press(acts.undo_table, table_id=table_id, actor=actor, now=clock.now())
    if any(one.code == "EFFECT_TABLE_UNKNOWN" for one in problems):
        return errors.not_found(request, Http404())
    return _tables(request, *problems) if problems else _to(request, "insights:tables")


@needs(Right.SEARCH)
@require_http_methods(["GET", "HEAD", "POST"])
def inputs(request: HttpRequest) -> HttpResponse:
    """Show what the calculation takes for granted; the chief says something else, with its source."""
    actor = actor_of(request, PURPOSE)
    may_keep = actor.may(acts.KEEP)
    form = InputsForm(initial={name: _short(getattr(Inputs(), name)) for name in INPUTS})
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        form = InputsForm(request.POST)
        problems = press_form(acts.set_inputs, form.given, actor=actor, form=form)
        if not problems:
            return _to(request, "insights:inputs")
    said = [
        (one, _year(one.from_year),
         [(name, _short(getattr(one.inputs, name))) for name in INPUTS])
        for one in list_premises()
    ]  # fmt: skip
    context = {"form": form, "numbers": [form[name] for name in INPUTS], "said": said,
               "problems": problems, "may_keep": may_keep}  # fmt: skip
    return page(request, "insights/effect_inputs.html", context, 422 if problems else 200)


def _to(request: HttpRequest, route: str) -> HttpResponse:
    url = reverse(route)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _short(value: Any) -> str:
    """Return a number as somebody would type it: 351, 0.5."""
    return f"{to_digits(value, 3).normalize():f}"


def _first(board: BoardView) -> str:
    if board.latest is None:
        return ""
    return first_sentence(
        board.latest, year=period_words(board.latest.year.label),
        channel=_say("effect_channel", board.channel.value), say=_say,
    )  # fmt: skip


def _year(number: int) -> str:
    return period_words(label_of(number))


def _chart_words(board: BoardView) -> YearWords:
    def said(code: str) -> str:
        return word(kind="effect_chart", code=code)

    channel = _say("effect_channel", board.channel.value)
    return YearWords(
        channel=said("CHANNEL").format(channel=channel), everything=said("ALL"),
        share=said("SHARE"), count=said("COUNT"), year=period_words,
    )  # fmt: skip


def _said_by(board: BoardView) -> str:
    return board.premise.source if board.premise else "町の資料（令和6年度）"


def _say(kind: str, code: str) -> str:
    """Return the words of a code; a kind that an imported table wrote is its own words."""
    if kind == "certificate_kind":
        every = word(kind="effect_chart", code="EVERY_KIND")
        return every if code == "all" else word_or_code(kind=kind, code=code)
    return word(kind=kind, code=code)
