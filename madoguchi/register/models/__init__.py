"""Tables of the register (住民記録の表): the ledger's, and those of the search."""

from madoguchi.register.models.ledger import Draft, DraftPerson, Memo, Number, Person, Version
from madoguchi.register.models.search import SearchRow

__all__ = ["Draft", "DraftPerson", "Memo", "Number", "Person", "SearchRow", "Version"]
