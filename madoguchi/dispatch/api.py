"""The front door of the dispatch room (発送の窓口): what other rooms may call."""

from madoguchi.dispatch.actions.redaction import note_input_removed, note_redaction
from madoguchi.dispatch.documents.redaction.making import redact
from madoguchi.dispatch.queries.redaction import find_template

__all__ = ["find_template", "note_input_removed", "note_redaction", "redact"]
