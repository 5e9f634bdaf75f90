"""The front door of the advice (案内の窓口): what other rooms may call."""

from madoguchi.advice.domain.checklist import Advice, Needed
from madoguchi.advice.domain.checklist_case import REISSUE_REASONS
from madoguchi.advice.domain.deadlines import KnownDays
from madoguchi.advice.domain.deadlines_rules import age_on
from madoguchi.advice.domain.documents import DocumentRow, Strength, Visitor
from madoguchi.advice.queries.rulebook import (
    answer_checklist,
    answer_deadlines,
    kept_until,
    rule_book,
)

__all__ = [
    "REISSUE_REASONS",
    "Advice",
    "DocumentRow",
    "KnownDays",
    "Needed",
    "Strength",
    "Visitor",
    "age_on",
    "answer_checklist",
    "answer_deadlines",
    "kept_until",
    "rule_book",
]
