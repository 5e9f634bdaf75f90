"""The front door of the cards room (個人番号カードの窓口): what other rooms may call."""

from madoguchi.cards.actions.importing import (
    ImportRefused,
    check_certificates,
    import_certificates,
)

# The kiosk is their user; they stand in __all__ when it does.
from madoguchi.cards.domain.certificates import Holder as Holder  # noqa: PLC0414
from madoguchi.cards.queries.certificates import holder_of as holder_of  # noqa: PLC0414

__all__ = ["ImportRefused", "check_certificates", "import_certificates"]
