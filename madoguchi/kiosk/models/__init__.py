"""Tables of the kiosk (キオスクの表): sessions, money and paper, and the town's own rows."""

from madoguchi.kiosk.models.books import Case, CoinCount, DayClose, Docket, Payment, PrintJob
from madoguchi.kiosk.models.sessions import Challenge, Session, Terminal, Visits
from madoguchi.kiosk.models.tables import ClosedTime, Hours, Shop, YearlyClosing

__all__ = [
    "Case",
    "Challenge",
    "ClosedTime",
    "CoinCount",
    "DayClose",
    "Docket",
    "Hours",
    "Payment",
    "PrintJob",
    "Session",
    "Shop",
    "Terminal",
    "Visits",
    "YearlyClosing",
]
