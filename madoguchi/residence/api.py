"""The front door of the residence checks (居住実態の確認の窓口): what other rooms may call."""

from madoguchi.residence.actions import away
from madoguchi.residence.actions.cases import open_case
from madoguchi.residence.domain.case import Trigger
from madoguchi.residence.queries.notices import count_untold

__all__ = ["Trigger", "away", "count_untold", "open_case"]
