"""The front door of the cards room (個人番号カードの窓口): what other rooms may call."""

from madoguchi.cards.actions import away
from madoguchi.cards.actions.importing import check_certificates, import_certificates
from madoguchi.cards.actions.ledger import check_ledger, export_ledger, import_ledger
from madoguchi.cards.actions.reading import choose_columns
from madoguchi.cards.queries.certificates import holder_of
from madoguchi.cards.queries.expiry import count_running_out, list_running_out
from madoguchi.cards.queries.steps import steps_of_cards

__all__ = [
    "away",
    "check_certificates",
    "check_ledger",
    "choose_columns",
    "count_running_out",
    "export_ledger",
    "holder_of",
    "import_certificates",
    "import_ledger",
    "list_running_out",
    "steps_of_cards",
]
