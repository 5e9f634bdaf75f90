"""Which machine stands at which terminal: what is set, and what is not."""

import pytest

from madoguchi.adapters.printer.by_hand import ByHand
from madoguchi.adapters.printer.emulator import EmulatedPrinter
from madoguchi.adapters.printer.ipp import IppPrinter
from madoguchi.adapters.printer.table import PrinterTable
from madoguchi.adapters.till.emulator import EmulatedTill
from madoguchi.adapters.till.table import TillTable
from madoguchi.infra.wiring import adapter_of
from madoguchi.kiosk.ports import Printers, Tills


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path


def test_each_terminal_has_its_own_printer():
    table = PrinterTable({"K1": "ipp://127.0.0.1:631/ipp/print", "K2": "by-hand", "*": "emulated"})
    assert isinstance(table.of("K1"), IppPrinter)
    assert table.tray_of("K1") is None
    assert isinstance(table.of("K2"), ByHand)
    assert isinstance(table.tray_of("K2"), ByHand)
    assert isinstance(table.of("K9"), EmulatedPrinter)


def test_without_a_setting_a_clerk_prints_and_cash_is_taken():
    assert isinstance(PrinterTable({}).of("K1"), ByHand)
    assert TillTable({}).of("K1") is None


def test_a_till_only_where_one_is_set():
    table = TillTable({"K1": "emulated", "*": "none"})
    assert isinstance(table.of("K1"), EmulatedTill)
    assert table.of("K2") is None


def test_the_demonstration_has_emulated_machines_behind_the_ports():
    assert isinstance(adapter_of(Printers).of("K1"), EmulatedPrinter)
    assert isinstance(adapter_of(Tills).of("K1"), EmulatedTill)
