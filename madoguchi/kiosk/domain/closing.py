"""The last screens: pay, print, take, and every other way a session ends (支払い・印刷・受け取り)."""

from __future__ import annotations

from madoguchi.kiosk.domain.devices import PrinterTrouble
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.domain.showing import Bar, Link, Row, Screen, ShopSeen, Sight
from madoguchi.kiosk.domain.steps import End, Mode
from madoguchi.kiosk.domain.wording import Line, line, yen_line


def pay(sight: Sight) -> Screen:
    """Ask how to pay, then wait for the money; the paper is made meanwhile (支払い)."""
    yen = yen_line(sight.fee_yen)
    if sight.mode is Mode.PRACTICE:
        return Screen(
            name="pay",
            title=line("pay.practice_title", yen=yen),
            picture="coins",
            help=(line("pay.practice_hint"),),
            main=line("pay.practice_main"),
            word="pay.word",
        )
    if sight.pay_method is None:
        return Screen(
            name="bars",
            title=line("pay.title", yen=yen),
            field="method",
            bars=tuple(
                Bar(value=one, label=line(f"pay.{one}"), note=line(f"pay.{one}_note"))
                for one in sight.pay_methods
            ),
            spoken=(line("pay.how"),),
            word="pay.word",
        )
    if sight.pay_method is Method.COIN_BOX:
        return Screen(
            name="pay",
            title=line("pay.coin_title", yen=yen),
            picture="coins",
            notes=(line("pay.coin_hint"),),
            main=line("pay.coin_main"),
            spoken=(line("pay.spoken"),),
            word="pay.word",
        )
    return Screen(
        name="pay",
        title=line("pay.cashless_title", yen=yen),
        picture="till",
        notes=(line("pay.cashless_hint"),),
        waiting=line("pay.waiting"),
        watch=True,
        spoken=(line("pay.spoken"),),
        word="pay.word",
    )


def printing(sight: Sight) -> Screen:
    """Say what is happening, with a bar; say at once when the printer stands still (印刷)."""
    if sight.trouble is not None:
        return Screen(
            name="print",
            title=line("trouble.title"),
            picture="stuck",
            notes=(line(f"trouble.{sight.trouble}"), line("trouble.what")),
            leave=False,
            watch=True,
        )
    if sight.is_web and sight.paper_ready:
        return _download(sight)
    practice = sight.mode is Mode.PRACTICE
    out = line("print.sheets", n=sight.sheets_done, all=sight.sheets_all)
    made = line("print.queue") if sight.paper_ready else line("print.made")
    return Screen(
        name="print",
        title=line("web.making" if sight.is_web else "print.title"),
        picture="printer",
        help=(line("print.practice_hint" if practice else "print.hint_1"),),
        waiting=out if sight.sheets_done else made,
        done=sight.sheets_done,
        all=max(sight.sheets_all, 1),
        leave=False,
        watch=True,
        spoken=(line("print.spoken"),),
        word="print.word",
    )


def _download(sight: Sight) -> Screen:
    """Give the file of the web page; it is issued once it has left, so one leaves by "finish"."""
    return Screen(
        name="download",
        title=line("web.done"),
        picture="paper",
        notes=(line("web.download_once"),),
        help=(line("web.check"),),
        links=(
            Link(name="download", label=line("web.download")),
            *((Link(name="receipt", label=line("take.receipt")),) if sight.fee_yen else ()),
        ),
        main=line("take.main"),
        leave=False,
        spoken=(line("web.download_once"),),
    )


def take(sight: Sight) -> Screen:
    """Name what is to be taken along, and show the way to the store (受け取り)."""
    practice = sight.mode is Mode.PRACTICE
    count = max(sight.sheets_all, sight.copies, 1)
    pages = line("take.pages_one" if count == 1 else "take.pages", n=count)
    receipt = (Link(name="receipt", label=line("take.receipt_print")),) if sight.fee_yen else ()
    return Screen(
        name="take",
        title=line("take.practice_done" if practice else "take.title"),
        picture="take",
        rows=(
            Row(label=line("take.paper", pages=pages), values=()),
            Row(label=line("take.card"), values=()),
        ),
        notes=(
            *((line("take.staple"),) if count > 1 and not practice else ()),
            *((line("take.receipt_done"),) if sight.receipt_sent else ()),
        ),
        links=(
            (
                Link(name="sample", label=line("take.practice_paper")),
                Link(name="again", label=line("take.once_more")),
            )
            if practice
            else ()
            if sight.receipt_sent
            else receipt
        ),
        # Large letters leave no room for what the resident has just done.
        shop=shop_lines(sight.shop, with_order=sight.mode is not Mode.ELDER),
        main=line("take.main"),
        leave=False,
        spoken=(line("take.spoken"),),
    )


def shop_lines(shop: ShopSeen | None, *, with_order: bool = True) -> tuple[Line, ...]:
    """Say where, until when and at what price the same steps work at a store (コンビニへの案内)."""
    if shop is None:
        return ()
    if shop.again is not None:
        later = line("shop.again", when=shop.again)
        return (line("shop.title"), later, line("shop.price", yen=yen_line(shop.fee_yen)))
    if not shop.place:
        return (line("shop.none"),)
    return (
        line("shop.title"),
        line("shop.where", place=shop.place),
        line("shop.when", **{"from": shop.opens, "until": shop.closes}),
        line("shop.price", yen=yen_line(shop.fee_yen)),
        *((line("shop.order"),) if with_order else ()),
    )


def ended(
    end: End,
    *,
    trouble: PrinterTrouble | None,
    back_yen: int,
    printed: bool,
    unchecked: bool = False,
    is_web: bool = False,
) -> Screen:
    """Return the last words of a session that ended without a paper (終わりの画面).

    A refusal is one sentence whatever the reason: it tells nobody who is behind it.
    """
    help_comes = line("web.failed_what" if is_web else "failed.what")
    nothing_left = line("web.left_what" if is_web else "left.what")
    notes: tuple[Line, ...]
    match end:
        case End.REFUSED:
            title, picture = "refused.title", "counter"
            notes = (
                line("web.failed_what" if is_web else "refused.what"),
                *_money(back_yen),
            )
        case End.FAILED:
            title, picture = "failed.title", "stuck"
            why = (line("failed.no_check"),) if unchecked else _why(trouble, printed=printed)
            notes = (*why, *_money(back_yen), help_comes)
        case End.TIMED_OUT:
            title, picture = "still.timed_out", "clock"
            notes = (nothing_left, *_given_back(back_yen))
        case _:
            title, picture = "left.title", "bye"
            notes = (nothing_left, *_given_back(back_yen))
    return Screen(
        name="end",
        title=line(title),
        picture=picture,
        notes=notes,
        main=line("take.main"),
        leave=False,
        spoken=(line(title), *notes),
        wait_for_staff=end is End.FAILED or bool(back_yen),
    )


def _why(trouble: PrinterTrouble | None, *, printed: bool) -> tuple[Line, ...]:
    why = (line(f"trouble.{trouble}"),) if trouble is not None else ()
    return (*why, *((line("trouble.void"),) if printed else ()))


def _money(back_yen: int) -> tuple[Line, ...]:
    if back_yen:
        return (line("trouble.money", yen=yen_line(back_yen)),)
    return (line("trouble.no_money"),)


def _given_back(back_yen: int) -> tuple[Line, ...]:
    return (line("left.paid", yen=yen_line(back_yen)),) if back_yen else ()
