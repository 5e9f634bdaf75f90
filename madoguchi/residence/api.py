"""The front door of the residence checks (居住実態の確認の窓口): what other rooms may call."""

from madoguchi.residence.actions import away
from madoguchi.residence.actions.cases import open_case
from madoguchi.residence.domain.case import Trigger

__all__ = ["Trigger", "away", "open_case"]
