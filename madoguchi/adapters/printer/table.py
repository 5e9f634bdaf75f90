"""Which printer stands at which terminal, from the settings (端末ごとの印刷機)."""

from __future__ import annotations

from collections.abc import Mapping

from madoguchi.adapters.printer.by_hand import ByHand
from madoguchi.adapters.printer.client import address
from madoguchi.adapters.printer.emulator import EmulatedPrinter
from madoguchi.adapters.printer.ipp import IppPrinter
from madoguchi.kiosk.ports import Printer, Tray

ANY = "*"
BY_HAND = "by-hand"
EMULATED = "emulated"


class PrinterTable:
    """The port ``Printers`` (端末ごとの印刷機): a clerk prints where nothing is set."""

    def __init__(self, machines: Mapping[str, str], *, authority: str = "") -> None:
        self._machines = dict(machines)
        self._authority = authority
        for machine in self._machines.values():  # a wrong address stops the start
            if machine not in (BY_HAND, EMULATED):
                address(machine, authority=authority)

    def of(self, terminal_no: str) -> Printer:
        """See the port (端末の印刷機)."""
        machine = self._machine(terminal_no)
        if machine == BY_HAND:
            return ByHand(terminal_no=terminal_no)
        if machine == EMULATED:
            return EmulatedPrinter(terminal_no=terminal_no)
        where = address(machine, authority=self._authority)
        return IppPrinter(where, terminal_no=terminal_no)

    def tray_of(self, terminal_no: str) -> Tray | None:
        """See the port (職員が印刷する書類)."""
        by_hand = self._machine(terminal_no) == BY_HAND
        return ByHand(terminal_no=terminal_no) if by_hand else None

    def _machine(self, terminal_no: str) -> str:
        return self._machines.get(terminal_no) or self._machines.get(ANY, BY_HAND)
