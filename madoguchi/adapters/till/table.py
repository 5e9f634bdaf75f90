"""Which cashless till stands at which terminal, from the settings (端末ごとの決済端末)."""

from __future__ import annotations

from collections.abc import Mapping

from madoguchi.adapters.till.emulator import EmulatedTill
from madoguchi.kiosk.ports import Till

ANY = "*"
NONE = "none"
EMULATED = "emulated"


class TillTable:
    """The port ``Tills`` (端末ごとの決済端末): cashless is offered only where a till is set.

    No maker's protocol is known to us, so there is no real client yet: without the emulator the
    kiosk offers its coin box only, and says nothing of cashless.
    """

    def __init__(self, machines: Mapping[str, str]) -> None:
        self._machines = dict(machines)

    def of(self, terminal_no: str) -> Till | None:
        """See the port (端末の決済端末)."""
        machine = self._machines.get(terminal_no) or self._machines.get(ANY, NONE)
        return EmulatedTill(terminal_no=terminal_no) if machine == EMULATED else None
