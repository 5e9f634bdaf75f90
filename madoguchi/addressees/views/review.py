"""Who is this? Three candidates side by side, one key each (確認の画面)."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.addressees.actions import choosing
from madoguchi.addressees.domain.births import read_birth
from madoguchi.addressees.domain.rights import DESK
from madoguchi.addressees.domain.telling import Told, tell
from madoguchi.addressees.queries.entries import EntryRow, find_entry, find_list, last_choices
from madoguchi.addressees.queries.review import CandidateRow, candidates_of, queue_of
from madoguchi.addressees.views.premises import PURPOSE, places
from madoguchi.audit.api import look
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.wareki import format_long
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.pages import page
from madoguchi.web.press import press

_SAME = 1
#: A piece of text, and whether it is another than the list's.
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One candidate as drawn: what differs is marked, reasons in words and bits (候補の列)."""

    key: str
    candidate: CandidateRow
    name: Pieces
    kana: Pieces
    birth: Pieces
    address: Pieces
    reasons: tuple[Told, ...]


@needs(DESK)
@require_safe
def review(request: HttpRequest, list_id: str) -> HttpResponse:
    """Show the next row that waits for this person."""
    return _show(request, list_id)


@needs(DESK)
@require_POST
def choose(request: HttpRequest, entry_id: str) -> HttpResponse:
    """Say who a row is."""
    actor = actor_of(request, PURPOSE)
    entry = find_entry(entry_id, actor=actor)
    if entry is None:
        return errors.not_found(request, Http404())
    person_id = request.POST.get("person_id", "")[:15]
    _, problems = press(
        choosing.choose, entry_id=entry_id, person_id=person_id, actor=actor, gazetteer=places(),
        now=clock.now(),
    )  # fmt: skip
    return _onward(request, entry.list_id, problems)


@needs(DESK)
@require_POST
def undo(request: HttpRequest, list_id: str) -> HttpResponse:
    """Take one of one's own last decisions back."""
    actor, asked = actor_of(request, PURPOSE), request.POST.get("choice_id", "")
    choice_id = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0
    _, problems = press(choosing.undo, choice_id=choice_id, actor=actor, now=clock.now())
    return _onward(request, list_id, problems)


@needs(DESK)
@require_POST
def look_again(request: HttpRequest, entry_id: str) -> HttpResponse:
    """Send a decided row back to the queue."""
    actor = actor_of(request, PURPOSE)
    entry = find_entry(entry_id, actor=actor)
    if entry is None:
        return errors.not_found(request, Http404())
    _, problems = press(choosing.look_again, entry_id=entry_id, actor=actor, now=clock.now())
    return _onward(request, entry.list_id, problems)


def _onward(request: HttpRequest, list_id: str, problems: tuple[Problem, ...]) -> HttpResponse:
    if problems:
        return _show(request, list_id, problems)
    return HttpResponseRedirect(reverse("addressees:review", args=[list_id]))


def _show(request: HttpRequest, list_id: str, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    found = find_list(list_id, actor=actor)
    if found is None:
        return errors.not_found(request, Http404())
    queue = queue_of(list_id, actor=actor, gazetteer=places())
    entry = queue.entry
    columns = [
        _column(str(key), entry, one) for key, one in enumerate(candidates_of(entry), start=1)
    ] if entry else []  # fmt: skip
    if columns:
        look(
            actor=actor, screen="ADDRESSEES_REVIEW",
            subjects=[one.candidate.person_id for one in columns],
        )  # fmt: skip
    context = {
        "found": found, "entry": entry, "columns": columns, "problems": problems,
        "left": queue.left, "for_others": queue.for_others,
        "birth": _day_words(entry.birth) if entry else "",
        "undoable": last_choices(list_id, actor=actor),
    }  # fmt: skip
    return page(request, "addressees/review.html", context, 422 if problems else 200)


def _column(key: str, entry: EntryRow, candidate: CandidateRow) -> Column:
    levels = candidate.levels
    same_name = levels["SURNAME"] == _SAME and levels["GIVEN"] == _SAME
    return Column(
        key=key,
        candidate=candidate,
        name=_marked(entry.name, candidate.name, same=same_name),
        kana=_marked(entry.kana, candidate.kana, same=levels["KANA"] <= _SAME),
        birth=_marked(
            _day_words(entry.birth), _day_words(candidate.birth), same=levels["BIRTH"] == _SAME
        ),
        address=_marked(entry.address, candidate.address, same=levels["ADDRESS"] <= _SAME),
        reasons=tell(levels, candidate.item_bits),
    )


def _marked(listed: str, registered: str, *, same: bool) -> Pieces:
    """Cut the register's text where it differs from the list's; ways of writing count not."""
    if same or not listed:
        return [(registered, False)]
    # Spaces are nobody's letters: they are neither compared nor marked.
    mine = "".join(listed.split())
    letters = [place for place, one in enumerate(registered) if not one.isspace()]
    theirs = "".join(registered[place] for place in letters)
    match = difflib.SequenceMatcher(None, mine, theirs, autojunk=False)
    differs = {
        letters[place]
        for kind, _, _, begin, end in match.get_opcodes()
        if kind != "equal"
        for place in range(begin, end)
    }
    return [
        ("".join(registered[place] for place in run), is_marked)
        for is_marked, run in groupby(range(len(registered)), key=differs.__contains__)
    ]


def _day_words(text: str) -> str:
    """Write a date that could be read in one way, so that only the day itself differs."""
    day = read_birth(text).on
    return format_long(day) if day else text
