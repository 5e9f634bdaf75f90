"""The screens as values: every moment has one, and it asks one thing."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kernel.language import Language
from madoguchi.kernel.ruby import pieces
from madoguchi.kiosk.domain.choices import Choices, ForKind, Part, skipped
from madoguchi.kiosk.domain.closing import ended
from madoguchi.kiosk.domain.devices import PrinterTrouble
from madoguchi.kiosk.domain.hints import hints_after
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.domain.picking import kind_line, year_line
from madoguchi.kiosk.domain.screens import STAGES, dots_of, screen_of
from madoguchi.kiosk.domain.showing import (
    Asked,
    DotState,
    Frame,
    Row,
    ShopSeen,
    Sight,
    moment_line,
)
from madoguchi.kiosk.domain.steps import End, Mode, Step, previous_step
from madoguchi.kiosk.domain.wording import Line, line
from madoguchi.kiosk.views.scenes import CHOSEN, OFFER, SCENES, scene
from madoguchi.kiosk.views.texts import plain

ITEMS = OFFER.kinds[0].items


def sight(step, **differs):
    plainly = Sight(
        step=step,
        mode=Mode.PLAIN,
        language=Language.JAPANESE,
        town="せとうち町",
        offer=OFFER,
        choices=CHOSEN,
        fee_yen=400,
        pay_methods=tuple(Method),
    )
    return replace(plainly, **differs)


def lines_of(value):
    """Every sentence of a screen, however deep."""
    if isinstance(value, Line):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from lines_of(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from lines_of(getattr(value, name))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("name", SCENES)
def test_every_sentence_of_every_screen_is_written(name, mode, language):
    _step, screen = scene(name, mode=mode, language=language, town="せとうち町")
    said = [plain(one, language) for one in lines_of(screen)]
    assert said
    assert all(one.strip() and "{" not in one for one in said)


@given(
    step=st.sampled_from(Step),
    mode=st.sampled_from(Mode),
    language=st.sampled_from(Language),
    hints=st.integers(0, 3),
    kind=st.sampled_from(["", *(one.kind for one in OFFER.kinds), "gone"]),
    part=st.sampled_from([None, *Part]),
    members=st.lists(st.integers(-1, 4), max_size=3),
    method=st.sampled_from([None, *Method]),
    trouble=st.sampled_from([None, *PrinterTrouble]),
)
def test_any_moment_has_a_screen_with_one_way_on(
    step, mode, language, hints, kind, part, members, method, trouble
):
    here = ForKind(part=part, member_nos=tuple(members))
    found = screen_of(
        sight(
            step,
            mode=mode,
            language=language,
            hints=hints,
            choices=Choices(kind=kind, by_kind={kind: here}),
            pay_method=method,
            trouble=trouble,
        )
    )
    assert [plain(one, language) for one in lines_of(found)]
    assert sum(dot.state is DotState.NOW for dot in found.dots) == 1
    # One question or one main action: choices and a main button never stand together,
    # but where several answers are gathered on one screen.
    if found.name in ("bars", "copies", "one_item"):
        assert found.main is None
    # Nobody is caught: one can leave, or the machine is at work, or it is the last screen.
    assert found.leave or step in (Step.PRINT, Step.TAKE)


@pytest.mark.parametrize("mode", list(Mode))
def test_a_kind_without_items_still_has_a_way_on(mode):
    """Found by chance on a busy day: large letters asked for the last of no items."""
    (bare,) = (one.kind for one in OFFER.kinds if one.kind == "seal_registration")
    choices = Choices(kind=bare, by_kind={bare: ForKind()})
    found = screen_of(sight(Step.ITEMS, mode=mode, choices=choices))
    assert found.main is not None


@pytest.mark.parametrize("step", list(Step))
def test_back_stands_where_there_is_a_way_back(step):
    found = screen_of(sight(step))
    assert found.back is (previous_step(step, skip=skipped(OFFER.kinds[0])) is not None)


def test_the_stages_are_the_steps_in_order():
    assert [step for steps in STAGES.values() for step in steps] == list(Step)
    assert [dot.state for dot in dots_of(Step.KIND)] == [
        *[DotState.DONE] * 3,
        DotState.NOW,
        *[DotState.NEXT] * 4,
    ]


@pytest.mark.parametrize(
    ("mode", "frames"),
    [
        (Mode.PLAIN, [Frame.CARD, Frame.PROVE, Frame.GONE]),
        (Mode.ELDER, [Frame.CARD, Frame.PROVE, Frame.GONE]),
        (Mode.PRACTICE, [None, None, None]),
    ],
)
def test_only_practice_goes_without_the_bridge(mode, frames):
    steps = (Step.CARD, Step.PIN, Step.CARD_BACK)
    assert [screen_of(sight(step, mode=mode)).frame for step in steps] == frames


def test_nothing_goes_on_by_a_press_while_the_card_lies_there():
    assert screen_of(sight(Step.CARD_BACK)).main is None
    assert not screen_of(sight(Step.CARD_BACK)).bars


def test_only_what_is_offered_can_be_pressed():
    kinds = screen_of(sight(Step.KIND)).bars
    assert [bar.value for bar in kinds] == [one.kind for one in OFFER.kinds]
    assert [bar.pressed for bar in kinds] == [True, False, False, False]
    parts = screen_of(sight(Step.PART, choices=Choices(kind="tax"))).bars
    assert [bar.value for bar in parts] == [Part.SELF]


def test_some_of_the_household_asks_who():
    found = screen_of(sight(Step.PART, asked=Asked(part="SOME")))
    assert [(at, chosen) for at, _member, chosen in found.members] == [
        (0, True),
        (1, False),
        (2, True),
    ]
    assert found.inner
    only_self = Choices(kind="tax")
    assert not screen_of(sight(Step.PART, choices=only_self, asked=Asked(part="SOME"))).members


def test_the_year_is_asked_where_there_are_years():
    found = screen_of(sight(Step.ITEMS, choices=Choices(kind="tax")))
    assert found.field == "year"
    assert [bar.value for bar in found.bars] == ["令和8年度", "令和7年度", "令和6年度"]
    assert not any(bar.asks for bar in found.bars)


@pytest.mark.parametrize(
    ("year", "ja", "en"),
    [
        ("令和8年度", "令和8年度", "Fiscal year 2026 (Reiwa 8)"),
        ("2026", "令和8年度", "Fiscal year 2026 (Reiwa 8)"),
        ("平成30年度", "平成30年度", "Fiscal year 2018 (Heisei 30)"),
        ("?", "?", "?"),
    ],
)
def test_years_are_counted_as_each_language_does(year, ja, en):
    assert plain(year_line(year), Language.JAPANESE) == ja
    assert plain(year_line(year), Language.ENGLISH) == en


def test_elder_mode_asks_for_one_item_at_a_time():
    asked = Asked()
    for at, item in enumerate(ITEMS):
        found = screen_of(sight(Step.ITEMS, mode=Mode.ELDER, asked=asked))
        assert (found.name, found.field) == ("one_item", item)
        assert [bar.value for bar in found.bars] == ["show", "hide"]
        assert all(bar.asks is (at < len(ITEMS) - 1) for bar in found.bars)
        assert found.inner is bool(asked.answered)
        asked = Asked(
            answered=(*asked.answered, item),
            shown=(*asked.shown, item) if at % 2 == 0 else asked.shown,
        )


@given(
    answered=st.lists(st.sampled_from([*ITEMS, "NOTHING"]), max_size=5),
    shown=st.lists(st.sampled_from([*ITEMS, "NOTHING"]), max_size=5),
)
def test_what_was_answered_on_the_way_is_never_lost_or_invented(answered, shown):
    asked = Asked(answered=tuple(answered), shown=tuple(shown))
    found = screen_of(sight(Step.ITEMS, mode=Mode.ELDER, asked=asked))
    kept = [value for name, value in found.kept if name == "answered"]
    assert set(kept) == set(answered) & set(ITEMS) - {found.field}
    assert {value for name, value in found.kept if name == "shown"} <= set(kept) & set(shown)


def test_leaving_an_item_out_is_what_happens_unless_asked():
    found = screen_of(sight(Step.ITEMS, choices=Choices(kind=CHOSEN.kind)))
    assert not any(bar.pressed for bar in found.bars)


#: Who it is is known after the PIN: only from there on can anything grow fewer.
AFTER_THE_PIN = tuple(Step)[tuple(Step).index(Step.CARD_BACK) :]


def help_of_visit(number, mode):
    """All help lines that a resident of that visit of a mode sees after the PIN."""
    hints = hints_after(number - 1)
    return [
        one for step in AFTER_THE_PIN for one in screen_of(sight(step, hints=hints, mode=mode)).help
    ]


@pytest.mark.parametrize("mode", [Mode.PLAIN, Mode.ELDER])
def test_each_visit_of_a_mode_sees_fewer_hints_until_none_is_left(mode):
    counts = [len(help_of_visit(number, mode)) for number in (1, 2, 3, 4, 5)]
    assert counts[0] > counts[1] > counts[2] > counts[3] == counts[4] == 0


def test_whoever_practises_sees_every_hint():
    practice = screen_of(sight(Step.CARD, hints=0, mode=Mode.PRACTICE))
    assert len(practice.help) == 2


def test_the_sum_is_price_times_copies():
    found = screen_of(sight(Step.CONFIRM))
    assert plain(found.total, Language.ENGLISH) == "400 yen"
    people = next(row for row in found.rows if row.label == line("confirm.part"))
    assert [one.name for one in people.names] == ["見本　太郎", "見本　うみ"]
    items = next(row for row in found.rows if row.label == line("confirm.items"))
    assert items.values == (line("items_names.HOUSEHOLDER"),)


def test_a_place_that_is_not_in_the_list_names_nobody():
    strange = Choices(
        kind=CHOSEN.kind,
        by_kind={CHOSEN.kind: ForKind(part=Part.SOME, member_nos=(-1, 7))},
    )
    rows = screen_of(sight(Step.CONFIRM, choices=strange)).rows
    assert all(isinstance(row, Row) and row.names == () for row in rows)


def test_payment_is_never_a_press_at_the_till():
    """What a till took, the till says; only at the box does the resident say it."""
    assert screen_of(sight(Step.PAY, pay_method=Method.CASHLESS)).main is None
    assert screen_of(sight(Step.PAY, pay_method=Method.COIN_BOX)).main is not None


def test_a_printer_that_stands_still_says_so_and_calls():
    found = screen_of(sight(Step.PRINT, trouble=PrinterTrouble.PAPER_OUT))
    assert line("trouble.PAPER_OUT") in found.notes
    assert line("trouble.what") in found.notes


def test_a_receipt_is_offered_where_something_was_paid():
    for differs in ({"step": Step.TAKE}, {"step": Step.PRINT, "is_web": True, "paper_ready": True}):
        for fee_yen, offered in ((400, True), (0, False)):
            found = screen_of(sight(**differs, fee_yen=fee_yen))
            assert ("receipt" in [one.name for one in found.links]) is offered


def test_an_island_without_a_store_is_told_so():
    none = ShopSeen(place="", opens="", closes="", fee_yen=200)
    assert screen_of(sight(Step.TAKE, shop=none)).shop == (line("shop.none"),)
    assert screen_of(sight(Step.TAKE, shop=None)).shop == ()


def test_a_refusal_says_one_thing_whatever_the_reason():
    """Trouble, money and pages make no difference to what a refused person reads."""
    seen = {
        ended(End.REFUSED, trouble=trouble, back_yen=yen, printed=printed)
        for trouble in (None, PrinterTrouble.PAPER_JAM)
        for yen in (0,)
        for printed in (False, True)
    }
    assert len(seen) == 1


@given(end=st.sampled_from(End), yen=st.integers(0, 5000), printed=st.booleans())
def test_whoever_is_owed_money_is_told(end, yen, printed):
    found = ended(end, trouble=None, back_yen=yen, printed=printed)
    words = " ".join(plain(one, Language.ENGLISH) for one in found.notes)
    if yen:
        assert f"{yen:,} yen" in words
    assert found.wait_for_staff is (end is End.FAILED or bool(yen))


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 27, 17, 5, tzinfo=UTC), "today at 17:05"),
        (datetime(2026, 11, 28, 8, 30, tzinfo=UTC), "tomorrow at 8:30"),
        (datetime(2026, 12, 4, 8, 30, tzinfo=UTC), "on Friday 4 December at 8:30"),
    ],
)
def test_the_next_opening_as_one_says_it(moment, words):
    assert plain(moment_line(moment, today=date(2026, 11, 27)), Language.ENGLISH) == words


def test_a_kind_nobody_named_keeps_its_printed_title():
    assert plain(kind_line("new_kind", "独身証明書"), Language.JAPANESE) == "独身証明書"


@given(st.text("｜《》 あ証明", max_size=20))
def test_cutting_a_text_into_pieces_loses_no_letter(text):
    whole = "".join(f"｜{base}《{reading}》" if reading else base for base, reading in pieces(text))
    assert whole == text
