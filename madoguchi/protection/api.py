"""The front door of protection: ask the gate, unlock one paper, keep measures (支援措置)."""

from madoguchi.protection.actions.measures import carry_over, set_measure
from madoguchi.protection.actions.unlocks import propose_unlock, use_unlock
from madoguchi.protection.domain.gate import GateAnswer, Use, hidden_from
from madoguchi.protection.queries.gate import gate
from madoguchi.protection.queries.measures import list_accepted_not_effective, list_expiring
from madoguchi.protection.queries.unlocks import list_waiting

__all__ = [
    "GateAnswer",
    "Use",
    "carry_over",
    "gate",
    "hidden_from",
    "list_accepted_not_effective",
    "list_expiring",
    "list_waiting",
    "propose_unlock",
    "set_measure",
    "use_unlock",
]
