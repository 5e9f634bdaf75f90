"""The demonstration's machines as a page: works · in earnest · another's machine · bad press."""

import pytest

from madoguchi.adapters.printer.emulator import EmulatedPrinter
from madoguchi.adapters.printer.tests.papers import paper
from madoguchi.adapters.till.emulator import EmulatedTill
from madoguchi.kiosk.domain.devices import JobStage, PaymentStage, PrinterTrouble


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path


@pytest.fixture
def printer():
    printer = EmulatedPrinter(terminal_no="K1")
    printer.print(name="f00d", pdf=paper(1))
    return printer


@pytest.fixture
def till():
    return EmulatedTill(terminal_no="K1")


def press(client, kind, what, **values):
    return client.post(f"/demo/machines/{kind}/K1/{what}/", values)


def test_unused_machines_are_not_there_yet(client, db):
    page = client.get("/demo/machines/").content.decode()
    assert page.count("ここに現れます") == 2


def test_a_hand_at_the_printer(client, db, printer):
    page = client.get("/demo/machines/").content.decode()
    assert "印刷機 K1" in page
    assert "f00d" not in page
    second = printer.print(name="beef", pdf=paper(2))
    assert press(client, "printer", "jam").status_code == 302
    assert printer.state().troubles == {PrinterTrouble.PAPER_JAM}
    assert "紙づまり</" in client.get("/demo/machines/").content.decode()
    press(client, "printer", "cancel")
    assert printer.job(second).stage == JobStage.LOST
    press(client, "printer", "mend")
    assert printer.state().ready
    for what in ("jam-next", "paper-out", "paper-one", "cover", "toner", "off"):
        assert press(client, "printer", what).status_code == 302
    assert "電源が切れている" in client.get("/demo/machines/").content.decode()


def test_a_hand_at_the_till(client, db, till):
    reference = till.ask(payment_id="p1", yen=300)
    assert "300円" in client.get("/demo/machines/").content.decode()
    press(client, "till", "pay", reference=reference)
    assert till.stage(reference) == PaymentStage.PAID
    second = till.ask(payment_id="p2", yen=300)
    press(client, "till", "decline", reference=second)
    assert till.stage(second) == PaymentStage.CANCELLED
    press(client, "till", "off")
    assert till.is_off()
    press(client, "till", "on")
    assert not till.is_off()


def test_in_earnest_there_is_no_such_page(client, db, printer, settings):
    settings.MADOGUCHI_DEMO = False
    assert client.get("/demo/machines/").status_code == 404
    assert press(client, "printer", "jam").status_code == 404
    assert press(client, "till", "pay").status_code == 404


@pytest.mark.parametrize("path", ["printer/K9/jam/", "printer/K1/explode/", "till/K1/pay/"])
def test_an_unknown_machine_or_press(client, db, printer, path):
    assert client.post(f"/demo/machines/{path}").status_code == 404


def test_looking_presses_nothing(client, db, printer):
    assert client.get("/demo/machines/printer/K1/jam/").status_code == 405
    assert printer.state().ready


def test_a_payment_nobody_asked_for_is_no_error(client, db, till):
    till.ask(payment_id="p1", yen=300)
    assert press(client, "till", "pay", reference="nothing").status_code == 302
    assert len(till.waiting()) == 1
