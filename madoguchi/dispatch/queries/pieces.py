"""What is drawn of each letter of a batch, read this moment (印刷する手紙)."""

from __future__ import annotations

from madoguchi.dispatch.domain.envelope import Envelope
from madoguchi.dispatch.domain.layout import AddressPlan, behind_area, plan_address
from madoguchi.dispatch.domain.letters import LetterKind, Why
from madoguchi.dispatch.domain.pieces import Piece
from madoguchi.dispatch.models import Letter
from madoguchi.dispatch.queries.recipients import area_name_of, mark_of, recipients_of
from madoguchi.infra.fonts import missing_in
from madoguchi.kernel.actor import Actor


def pieces_of(
    batch_id: str, *, actor: Actor, envelope: Envelope
) -> tuple[tuple[Piece, ...], dict[str, Why]]:
    """Return what can be drawn, in order, and why some letters cannot (印刷する手紙).

    Nobody who may not be written to is drawn at all.
    """
    letters = list(Letter.objects.filter(batch_id=batch_id).order_by("position"))
    answers = recipients_of(letters, actor=actor)
    pieces: list[Piece] = []
    unfit: dict[str, Why] = {}
    for letter in letters:
        answer = answers[letter.letter_id]
        if answer.why or answer.recipient is None:
            continue
        to = answer.recipient
        behind = behind_area(to.address, area_name=area_name_of(to.postcode))
        plan = plan_address(to, envelope, behind_area=behind)
        if (why := _unfit(plan, about=to.about)) is not None:
            unfit[letter.letter_id] = why
            continue
        pieces.append(
            Piece(
                letter_id=letter.letter_id,
                about_no=letter.about_no,
                kind=LetterKind(letter.kind),
                content=letter.content,
                recipient=to,
                plan=plan,
                mark=mark_of(to, letter_id=letter.letter_id),
            )
        )
    return tuple(pieces), unfit


def _unfit(plan: AddressPlan, *, about: str) -> Why | None:
    if plan.lost:
        return Why.DOES_NOT_FIT
    if any(missing_in(text) for text in (*(line.text for line in plan.lines), about) if text):
        return Why.GLYPH_MISSING
    return None
