"""The front door of the moves (異動の窓口): what other rooms may call."""

from madoguchi.moves.domain.triage import Triage
from madoguchi.moves.queries.rulebook import answer_triage, triage_schema

__all__ = ["Triage", "answer_triage", "triage_schema"]
