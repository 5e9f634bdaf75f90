"""The desk's pages about the machines: works, wrong role, not there, bad input, protected person."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.infra import clock, unit, wiring
from madoguchi.kernel.outcome import Unavailable
from madoguchi.kiosk import testing as k
from madoguchi.kiosk.actions import helping, pressing
from madoguchi.kiosk.actions.balancing import KEEPER, balance
from madoguchi.kiosk.domain.devices import (
    JobStage,
    PrinterState,
    PrinterTrouble,
    TrayPaper,
)
from madoguchi.kiosk.domain.steps import End
from madoguchi.kiosk.models import (
    Case,
    ClosedTime,
    CoinCount,
    Hours,
    Payment,
    PrintJob,
    Shop,
    Terminal,
    YearlyClosing,
)
from madoguchi.kiosk.ports import Printers
from madoguchi.kiosk.queries.tables import timetable_of
from madoguchi.kiosk.queries.terminals import find_terminal
from madoguchi.protection.testing import protect

pytestmark = pytest.mark.django_db


class Printer:
    """One printer for every machine, in whatever state a test wants; a tray with one paper."""

    def __init__(self):
        self.says = PrinterState(troubles=frozenset())
        self.papers = {}

    def of(self, terminal_no):
        return self

    def tray_of(self, terminal_no):
        return self

    def state(self):
        return self.says

    def waiting(self):
        return tuple(
            TrayPaper(reference=one, sheets=2, asked_at=clock.now()) for one in self.papers
        )

    def paper(self, reference):
        return self.papers.get(reference)

    def settle(self, reference, *, printed):
        return self.papers.pop(reference, None) is not None


@pytest.fixture
def printer(monkeypatch):
    found = Printer()
    monkeypatch.setattr(wiring, "_adapters", {Printers: found})
    return found


@pytest.fixture
def kaede(client, people, printer):
    return staff.signed_in(client, staff.kaede())


@pytest.fixture
def kai(client, people, printer):
    return staff.signed_in(client, staff.kai())


@pytest.fixture
def sango(client, people, printer):
    return staff.signed_in(client, staff.sango())


def url(name, *args):
    return reverse(f"kiosk:{name}", args=args)


def text_of(answer):
    return answer.content.decode()


def lost(key="aoi"):
    """A paper that got stuck: a refund is due, and a case waits."""
    jam = frozenset({PrinterTrouble.PAPER_JAM})
    k.print_copy(k.paid(key), JobStage.LOST, sheets=1, troubles=jam)
    return Payment.objects.get(stage="REFUND_DUE"), Case.objects.get(what="PAPER")


# -- who may enter ------------------------------------------------------------------------------

PAGES = [
    ("board", (), "get", "kaede"), ("answer_call", ("K1",), "post", "kaede"),
    ("stop_terminal", ("K1",), "post", "kaede"), ("reopen_terminal", ("K1",), "post", "kaede"),
    ("count", ("K1",), "get", "kaede"), ("tray_paper", ("K1", "x"), "get", "kaede"),
    ("tray_settle", ("K1", "x"), "post", "kaede"), ("refund", ("x",), "post", "kaede"),
    ("books", (), "get", "kaede"), ("close_books", (), "post", "kaede"),
    ("case", (1,), "get", "kaede"), ("tables", (), "get", "kai"),
    ("add_hours", (), "post", "kai"), ("add_closed", (), "post", "kai"), ("add_yearly", (), "post", "kai"),
    ("add_shop", (), "post", "kai"), ("end_row", ("HOURS", 1), "post", "kai"),
    ("terminals", (), "get", "sango"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args", "method", "who"), PAGES, ids=[one[0] for one in PAGES])
def test_the_wrong_role_is_refused(client, people, printer, name, args, method, who):
    wrong = {"kaede": staff.tsuru, "kai": staff.kaede, "sango": staff.kai}[who]()
    staff.signed_in(client, wrong)
    answer = getattr(client, method)(url(name, *args))
    assert answer.status_code == 403
    client.logout()
    assert getattr(client, method)(url(name, *args)).status_code in (302, 401, 403)


@pytest.mark.parametrize(
    ("name", "args", "method"),
    [("answer_call", ("K9",), "post"), ("reopen_terminal", ("K9",), "post"),
     ("count", ("K9",), "get"), ("tray_paper", ("K9", "x"), "get"),
     ("tray_settle", ("K1", "x"), "post"), ("refund", ("x",), "post"), ("case", (999,), "get")],
)  # fmt: skip
def test_what_is_not_there_is_said_in_words(kaede, name, args, method):
    answer = getattr(kaede, method)(url(name, *args))
    assert answer.status_code in (404, 422)
    assert "画面を開き直して" in text_of(answer) or "登録" in text_of(answer)


# -- the board ------------------------------------------------------------------------------------


def test_the_board_shows_machines_and_nobodys_name(kaede, people):
    row = k.chosen("aoi")
    protect(people.rin)
    unit.run(helping.call_staff, terminal_no="K1", session_id=row.session_id, now=clock.now())
    said = text_of(kaede.get(url("board")))
    assert "庁舎ホール で呼んでいます" in said
    assert "「確認」の画面" in said
    assert "使えます" in said
    for secret in ("海野", people.aoi, "潮", people.rin, row.session_id):
        assert secret not in said
    home = text_of(kaede.get(reverse("desk:home")))
    assert "庁舎ホール で呼んでいます" in home
    kaede.post(url("answer_call", "K1"))
    assert "呼んでいます" not in text_of(kaede.get(reverse("desk:home")))


def test_the_printer_tells_and_its_silence_is_told(kaede, printer):
    printer.says = PrinterState(troubles=frozenset({PrinterTrouble.PAPER_OUT}))
    assert "用紙がありません" in text_of(kaede.get(url("board")))
    printer.says = Unavailable(reason="NOT_REACHED")
    assert "応答がありません" in text_of(kaede.get(url("board")))


def test_a_machine_is_stopped_with_a_reason_and_reopened(kaede):
    assert kaede.post(url("stop_terminal", "K1"), {"reason": ""}).status_code == 422
    number = {"reason": "個人番号 123456789018"}
    assert kaede.post(url("stop_terminal", "K1"), number).status_code == 422
    assert kaede.post(url("stop_terminal", "K1"), {"reason": "点検"}).status_code == 302
    assert Terminal.objects.get().stopped_by == "kaede"
    assert "理由：点検" in text_of(kaede.get(url("board")))
    kaede.post(url("reopen_terminal", "K1"))
    assert Terminal.objects.get().stopped_at is None


def test_a_fee_is_given_back_by_hand_once(kaede, people):
    payment, _ = lost()
    assert "手でお返しした" in text_of(kaede.get(url("board")))
    assert kaede.post(url("refund", payment.payment_id)).status_code == 302
    assert kaede.post(url("refund", payment.payment_id)).status_code == 422
    payment.refresh_from_db()
    assert (payment.stage, payment.refunded_by) == ("REFUNDED", "kaede")


def test_a_clerk_prints_for_a_machine_without_a_printer(kaede, printer):
    printer.papers = {"tray-1": b"%PDF-1.7 paper"}
    assert "印刷してください" in text_of(kaede.get(url("board")))
    answer = kaede.get(url("tray_paper", "K1", "tray-1"))
    assert answer.content == b"%PDF-1.7 paper"
    assert answer.headers["Cache-Control"] == "no-store"
    assert kaede.post(url("tray_settle", "K1", "tray-1"), {"printed": "yes"}).status_code == 302
    assert kaede.get(url("tray_paper", "K1", "tray-1")).status_code == 404


# -- books, coins, cases -----------------------------------------------------------------------------


def test_the_books_stand_side_by_side(kaede, people):
    unit.run(pressing.leave, session_id=k.taken("aoi").session_id, how=End.LEFT, now=clock.now())
    said = text_of(kaede.get(url("books")))
    assert "1／1" in said
    assert "合っています" in said or "営業中" in said
    assert kaede.get(url("books"), {"day": "きのう"}).status_code == 422
    assert kaede.post(url("close_books"), {"day": clock.today().isoformat()}).status_code == 302
    for secret in ("海野", people.aoi):
        assert secret not in said


def test_a_difference_reads_as_words_and_a_chief_decides(client, kaede, people):
    unit.run(pressing.leave, session_id=k.taken("aoi").session_id, how=End.LEFT, now=clock.now())
    PrintJob.objects.update(sheets_done=5)
    kaede.post(url("close_books"), {"day": clock.today().isoformat()})
    case = Case.objects.get()
    said = text_of(kaede.get(url("books")))
    assert "印刷機が数えた枚数" in said
    assert "この経路を止めています" in said
    assert "食い違いがあります" in text_of(kaede.get(reverse("desk:home")))
    assert "判断は責任者がします" in text_of(kaede.get(url("case", case.case_id)))
    given = {"decision": "EXPLAINED", "note": "試し刷りが4枚あった"}
    assert kaede.post(url("case", case.case_id), given).status_code == 422
    kai = staff.signed_in(client, staff.kai())
    assert kai.post(url("case", case.case_id), {"decision": "EXPLAINED"}).status_code == 422
    assert kai.post(url("case", case.case_id), {**given, "decision": "SHREDDED"}).status_code == 422
    assert kai.post(url("case", case.case_id), given).status_code == 302
    assert "試し刷りが4枚あった" in text_of(kai.get(url("books")))
    assert kai.post(url("case", case.case_id), given).status_code == 422


def test_a_lost_page_is_decided_by_whoever_looks(kaede, people):
    _, case = lost()
    assert "紙がどうなったか" in text_of(kaede.get(url("case", case.case_id)))
    given = {"decision": "SHREDDED", "note": "印刷機の中に1枚あり、裁断した"}
    assert kaede.post(url("case", case.case_id), given).status_code == 302
    case.refresh_from_db()
    assert (case.decision, case.decided_by) == ("SHREDDED", "kaede")


def test_a_coin_box_is_counted_blind(kaede, people):
    unit.run(pressing.leave, session_id=k.taken("aoi").session_id, how=End.LEFT, now=clock.now())
    assert "200" not in text_of(kaede.get(url("count", "K1")))
    for wrong in ("", "-1", "二百"):
        assert kaede.post(url("count", "K1"), {"counted_yen": wrong}).status_code == 422
    answer = kaede.post(url("count", "K1"), {"counted_yen": "100"})
    assert answer.headers["Location"] == url("books")
    assert CoinCount.objects.get().expected_yen == 200
    answer = kaede.post(url("count", "K1"), {"counted_yen": "0"})
    assert answer.headers["Location"] == url("board")


# -- tables and machines ----------------------------------------------------------------------------


def test_hours_closed_days_and_stores_are_rows(kai):
    said = text_of(kai.get(url("tables")))
    assert "年末年始" in said
    hours = {"channel": "KIOSK", "weekday": "4", "opens": "8:30", "closes": "1715",
             "valid_from": "R8.12.1", "valid_until": ""}  # fmt: skip
    assert kai.post(url("add_hours"), hours).status_code == 302
    assert kai.post(url("add_hours"), hours).status_code == 422
    assert "金曜日" in text_of(kai.get(url("tables")))
    backwards = kai.post(url("add_hours"), {**hours, "closes": "6:00", "valid_from": "R8.12.2"})
    assert backwards.status_code == 422
    assert "始まりの時刻より前" in text_of(backwards)
    closed = {"channels": ["KIOSK", "WEB"], "starts_on": "R9.1.10", "starts": "0:00",
              "ends_on": "R9.1.11", "ends": "0:00", "reason": "庁舎の停電"}  # fmt: skip
    assert kai.post(url("add_closed"), closed).status_code == 302
    assert ClosedTime.objects.count() == 2
    shop = {"name": "みなと商店", "where": "古仁屋", "opens": "9:00", "closes": "21:00",
            "valid_from": "R8.4.1"}  # fmt: skip
    assert kai.post(url("add_shop"), {**shop, "name": ""}).status_code == 422
    assert kai.post(url("add_shop"), shop).status_code == 302
    row = Shop.objects.get()
    assert kai.post(url("end_row", "SHOPS", row.shop_id)).status_code == 302
    row.refresh_from_db()
    assert row.valid_until == clock.today()
    Shop.objects.update(valid_until=clock.today() - timedelta(days=30))
    assert kai.post(url("end_row", "SHOPS", row.shop_id)).status_code == 422
    row.refresh_from_db()
    assert row.valid_until == clock.today() - timedelta(days=30), "what is over stays over"
    assert kai.post(url("end_row", "SHOPS", 999)).status_code == 422
    assert kai.post(url("end_row", "TAXES", 1)).status_code == 422
    assert Hours.objects.filter(weekday=4).count() == 1


def test_days_closed_each_year_are_dated_rows_too(kai):
    row = YearlyClosing.objects.filter(channel="KIOSK").get()
    given = {"channels": ["KIOSK", "WEB"], "first": "８月１３日", "last": "8/15", "reason": "お盆",
             "valid_from": "R9.4.1", "valid_until": ""}  # fmt: skip
    for wrong, code in (({"first": "8/32"}, "暦にない月日"), ({"first": "夏"}, ""), ({"reason": ""}, ""),
                        ({"valid_until": "R9.3.31"}, "始まりの日時より前")):  # fmt: skip
        answer = kai.post(url("add_yearly"), {**given, **wrong})
        assert answer.status_code == 422 and code in text_of(answer)
    assert kai.post(url("add_yearly"), given).status_code == 302
    table = timetable_of("KIOSK")
    assert [one.holds_on(date(2027, 8, 14)) for one in table.yearly] == [False, True]
    assert not any(one.holds_on(date(2026, 8, 14)) for one in table.yearly)
    assert "お盆" in text_of(kai.get(url("tables")))
    # The town's old row ends today, and holds no longer at the next turn of the year.
    assert kai.post(url("end_row", "YEARLY", row.closing_id)).status_code == 302
    assert not any(one.holds_on(date(2099, 1, 1)) for one in timetable_of("KIOSK").yearly)
    future = YearlyClosing.objects.get(channel="KIOSK", reason="お盆")
    assert kai.post(url("end_row", "YEARLY", future.closing_id)).status_code == 302
    assert not YearlyClosing.objects.filter(pk=future.closing_id).exists(), "it never held"
    assert kai.post(url("end_row", "YEARLY", row.closing_id + 999)).status_code == 422


def test_a_machine_is_registered_and_its_word_shown_once(sango):
    given = {"terminal_no": "K7", "name": "支所", "place": "加計呂麻", "channel": "KIOSK",
             "methods": ["COIN_BOX"]}  # fmt: skip
    assert sango.post(url("terminals"), {**given, "terminal_no": "端末一"}).status_code == 422
    said = text_of(sango.post(url("terminals"), given))
    word = said.split("<code>")[1].split("</code>")[0]
    assert find_terminal(word).terminal_no == "K7"
    assert word not in text_of(sango.get(url("terminals")))


def test_yesterday_can_be_closed_on_demand(people):
    with clock.frozen(clock.now() - timedelta(days=1)):
        k.chosen("aoi")
    found = unit.run(balance, day=clock.today() - timedelta(days=1), channel="KIOSK", actor=KEEPER,
                     now=clock.now())  # fmt: skip
    assert (found.closed, found.proofs, found.differences) == (True, 1, ())


def test_a_browser_becomes_the_machine_by_its_word_and_by_nothing_else(client, people, settings):
    settings.MADOGUCHI_DEMO = False
    assert client.get(url("start")).status_code == 403, "a stranger's browser is no machine"
    for wrong in ("", "K1", "x" * 43, "x" * 101):
        answer = client.post(url("enrol"), {"word": wrong})
        assert answer.status_code == 422
        assert "madoguchi_terminal" not in answer.cookies
    word = k.terminal("K1")
    answer = client.post(url("enrol"), {"word": f" {word} "})
    assert (answer.status_code, answer.headers["Location"]) == (302, url("start"))
    assert client.get(url("start")).status_code == 200
    k.terminal("K1")
    assert client.get(url("start")).status_code == 403, "a new word makes the old one worthless"
