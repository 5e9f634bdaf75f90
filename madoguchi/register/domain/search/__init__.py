"""Finding a person however they are written (検索): keys to store, and how to ask for them."""

from madoguchi.register.domain.search.keys import SearchKeys, keys_of
from madoguchi.register.domain.search.question import Part, PartKind, Question, read_question
from madoguchi.register.domain.search.spelling import Spelling

__all__ = [
    "Part",
    "PartKind",
    "Question",
    "SearchKeys",
    "Spelling",
    "keys_of",
    "read_question",
]
