"""On to the store: the last screen and the receipt say where, until when and at what price, truly."""

import io
from datetime import date, datetime, time, timedelta

import pypdfium2 as pdfium
import pytest

from madoguchi.infra import clock
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.language import Language
from madoguchi.kiosk import testing as k
from madoguchi.kiosk.domain.closing import shop_lines
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.domain.screens import screen_of
from madoguchi.kiosk.domain.shops import ShopTomorrow, WayToShop
from madoguchi.kiosk.domain.steps import Step
from madoguchi.kiosk.models import Shop, YearlyClosing
from madoguchi.kiosk.views import shopping
from madoguchi.kiosk.views.papers import receipt_of
from madoguchi.kiosk.views.seeing import sight_of
from madoguchi.kiosk.views.shopping import seen_of, shop_for
from madoguchi.kiosk.views.texts import plain

TODAY = date(2026, 11, 27)


def shop(name, opens=time(6, 30), closes=time(23, 0)):
    return ShopTomorrow(name=name, where="古仁屋", opens=opens, closes=closes)


def way(*shops, closed_until=None):
    return WayToShop(day=TODAY + timedelta(days=1), shops=shops, fee_yen=200,
                     closed_until=closed_until)  # fmt: skip


def test_no_store_is_named_beside_hours_it_does_not_keep():
    seen = seen_of(
        way(shop("浜店"), shop("港店", closes=time(20, 0)), shop("丘店"), shop("岬店")), today=TODAY
    )
    assert seen.place == "浜店（古仁屋）・丘店（古仁屋）"
    assert (seen.opens, seen.closes) == ("6:30", "23:00")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.JAPANESE, "あしたはお休みです。1月4日（月） 6:30から使えます。"),
        (Language.ENGLISH, "Not tomorrow: again on Monday 4 January at 6:30."),
    ],
)
def test_on_the_eve_of_the_closed_days_it_says_when_again(language, said):
    again = datetime(2027, 1, 4, 6, 30, tzinfo=JAPAN)
    seen = seen_of(way(closed_until=again), today=date(2026, 12, 28))
    assert said in [plain(one, language) for one in shop_lines(seen)]


def test_screen_and_receipt_say_where_until_when_and_at_tomorrows_price(people, monkeypatch):
    YearlyClosing.objects.all().delete()
    Shop.objects.create(name="港店", where="古仁屋", opens=time(7, 0), closes=time(22, 0),
                        valid_from=date(2020, 4, 1))  # fmt: skip
    tomorrow = clock.today() + timedelta(days=1)
    monkeypatch.setattr(
        shopping, "fee_at", lambda *, kind, channel, on: 150 if on == tomorrow else 999
    )
    row = k.print_copy(k.paid("aoi"))
    assert row.step is Step.TAKE
    sight = sight_of(row, methods=(Method.COIN_BOX,), shop=shop_for(row, now=clock.now()))
    screen = "".join(plain(one, Language.JAPANESE) for one in screen_of(sight).shop)
    page = pdfium.PdfDocument(io.BytesIO(receipt_of(row, now=clock.now())))[0]
    receipt = "".join(page.get_textpage().get_text_bounded().split())
    for said in ("港店（古仁屋）", "7:00～22:00", "1部150円"):
        assert said in "".join(screen.split())
        assert said in receipt
