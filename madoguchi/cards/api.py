"""The front door of the cards room (個人番号カードの窓口): what other rooms may call."""

from madoguchi.cards.actions.importing import check_certificates, import_certificates
from madoguchi.cards.queries.certificates import holder_of

__all__ = ["check_certificates", "holder_of", "import_certificates"]
