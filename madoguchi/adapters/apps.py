"""Put an adapter behind each port at start (接続の割当て)."""

from django.apps import AppConfig
from django.conf import settings


class AdaptersConfig(AppConfig):
    """See this folder's README."""

    name = "madoguchi.adapters"
    label = "adapters"

    def ready(self) -> None:
        """Wire what the settings name; nothing is asked yet."""
        from madoguchi.adapters.jpki.checks import path_of
        from madoguchi.adapters.jpki.proof import CardProof
        from madoguchi.adapters.printer.table import PrinterTable
        from madoguchi.adapters.till.table import TillTable
        from madoguchi.adapters.townpost.choosing import portal_of, town_post_of
        from madoguchi.infra.wiring import provide
        from madoguchi.kiosk.ports import IdentityProof, Printers, Tills
        from madoguchi.moves.ports import Portal, TownPost

        provide(
            IdentityProof,
            CardProof(
                anchors=path_of(settings.MADOGUCHI_JPKI_ANCHORS),
                lists=path_of(settings.MADOGUCHI_JPKI_CRL),
                policy=settings.MADOGUCHI_JPKI_POLICY,
                takes_test=settings.MADOGUCHI_DEMO,
            ),
        )
        provide(
            Printers,
            PrinterTable(
                settings.MADOGUCHI_PRINTERS, authority=settings.MADOGUCHI_PRINTER_AUTHORITY
            ),
        )
        provide(Tills, TillTable(settings.MADOGUCHI_TILLS))
        provide(Portal, portal_of(settings))
        provide(TownPost, town_post_of(settings))
