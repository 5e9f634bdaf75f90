"""The screens of a session, one pure function a step (画面)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from madoguchi.kiosk.domain import closing, picking
from madoguchi.kiosk.domain.hints import keeps_hint
from madoguchi.kiosk.domain.showing import Bar, Dot, DotState, Frame, Screen, Sight
from madoguchi.kiosk.domain.steps import Mode, Step, previous_step
from madoguchi.kiosk.domain.wording import Line, line

#: The thirteen screens in eight stages: so many names fit on one line of the screen.
STAGES: Mapping[str, tuple[Step, ...]] = {
    "accept": (Step.ACCEPT,),
    "card": (Step.CARD, Step.TOWN),
    "pin": (Step.PIN, Step.CARD_BACK),
    "kind": (Step.KIND,),
    "contents": (Step.PART, Step.ITEMS, Step.COPIES),
    "confirm": (Step.CONFIRM,),
    "pay": (Step.PAY,),
    "take": (Step.PRINT, Step.TAKE),
}


def screen_of(sight: Sight) -> Screen:
    """Return the screen of the step a session is on (いまの画面)."""
    screen = _MAKERS[sight.step](sight)
    return replace(
        screen,
        dots=dots_of(sight.step),
        back=previous_step(sight.step) is not None,
        spoken=_spoken(screen),
        help=(*_hints(screen, sight), *_store_hint(screen, sight)),
        problems=sight.problems,
    )


def dots_of(step: Step) -> tuple[Dot, ...]:
    """Return the stages of the way and where this step stands among them (進みぐあい)."""
    here = next(at for at, steps in enumerate(STAGES.values()) if step in steps)
    return tuple(
        Dot(
            name=line(f"dots.{stage}"),
            number=at + 1,
            state=DotState.DONE if at < here else DotState.NOW if at == here else DotState.NEXT,
        )
        for at, stage in enumerate(STAGES)
    )


def _spoken(screen: Screen) -> tuple[Line, ...]:
    """Say the question, then the choices by name, then how to answer (読み上げ)."""
    bars = tuple(bar.label for bar in screen.bars if bar.is_spoken)
    return (screen.title, *screen.notes, *bars, *screen.spoken)


def _hints(screen: Screen, sight: Sight) -> tuple[Line, ...]:
    """Those who know the way read less; whoever practises reads all (ヒント).

    Large letters leave room for one, and the voice reads none.
    """
    if sight.mode is not Mode.PRACTICE and not keeps_hint(sight.step, sight.hints):
        return ()
    return screen.help[:1] if sight.mode is Mode.ELDER else screen.help


def _store_hint(screen: Screen, sight: Sight) -> tuple[Line, ...]:
    """Say what the store's own screen calls this step (コンビニの画面のことば)."""
    if not screen.word or sight.hints == 0 or sight.is_web or sight.mode is Mode.ELDER:
        return ()
    return (line("common.store", word=line(screen.word)),)


# -- before the paper ---------------------------------------------------------------------


def _accept(_sight: Sight) -> Screen:
    return Screen(
        name="accept",
        title=line("accept.title"),
        picture="terms",
        notes=tuple(line(f"accept.term_{n}") for n in (1, 2, 3, 4)),
        main=line("accept.main"),
        spoken=(line("accept.spoken"),),
        word="accept.word",
    )


def _card(sight: Sight) -> Screen:
    practice = sight.mode is Mode.PRACTICE
    return Screen(
        name="card",
        title=line("web.card_title" if sight.is_web else "card.title"),
        picture="card",
        help=(line("card.hint_1"), line("card.hint_2")),
        notes=(line("card.practice"),) if practice else (),
        main=line("card.practice_press") if practice else None,
        frame=None if practice else Frame.CARD,
        waiting=None if practice else line("card.wait"),
        spoken=(line("card.spoken"),),
        word="card.word",
    )


def _town(sight: Sight) -> Screen:
    bar = Bar(value="here", label=line("town.here", town=sight.town), note=line("town.here_note"))
    return Screen(
        name="bars",
        title=line("town.title"),
        picture="town",
        help=(line("town.hint_1", town=sight.town),),
        field="town",
        bars=(bar,),
        spoken=(line("town.spoken"),),
        word="town.word",
    )


def _pin(sight: Sight) -> Screen:
    practice = sight.mode is Mode.PRACTICE
    wrong = (line("pin.wrong_practice", pin=sight.pin),) if practice and sight.wrong else ()
    return Screen(
        name="pin",
        title=line("pin.title"),
        picture="" if practice else "pin",
        # The bridge's own page says the rest where the PIN is typed.
        help=(line("pin.hint_1"), line("pin.hint_2")) if practice else (),
        notes=wrong or ((line("pin.practice", pin=sight.pin),) if practice else ()),
        main=line("pin.enter") if practice else None,
        frame=None if practice else Frame.PROVE,
        spoken=(line("pin.spoken"),),
        word="pin.word" if practice else "",
    )


def _card_back(sight: Sight) -> Screen:
    practice = sight.mode is Mode.PRACTICE
    return Screen(
        name="card",
        title=line("card_back.title"),
        picture="card_back",
        help=(line("card_back.hint_1"),),
        notes=(line("card_back.practice"),) if practice else (),
        main=line("card_back.practice_press") if practice else None,
        frame=None if practice else Frame.GONE,
        waiting=None if practice else line("card_back.wait"),
        spoken=(line("card_back.spoken"),),
        word="card_back.word",
    )


_MAKERS: Mapping[Step, Callable[[Sight], Screen]] = {
    Step.ACCEPT: _accept,
    Step.CARD: _card,
    Step.TOWN: _town,
    Step.PIN: _pin,
    Step.CARD_BACK: _card_back,
    Step.KIND: picking.kind,
    Step.PART: picking.part,
    Step.ITEMS: picking.items,
    Step.COPIES: picking.copies,
    Step.CONFIRM: picking.confirm,
    Step.PAY: closing.pay,
    Step.PRINT: closing.printing,
    Step.TAKE: closing.take,
}
