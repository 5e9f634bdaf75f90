"""The front door of the audit room (アクセス記録の窓口): what other rooms may call."""

from madoguchi.audit.actions import NoLogNoLook, look, record, record_sign_in, record_system
from madoguchi.audit.domain import Kind, Verified
from madoguchi.audit.queries.entries import EntryFilter, EntryPage, list_entries
from madoguchi.audit.queries.verify import verify_chain

__all__ = [
    "EntryFilter",
    "EntryPage",
    "Kind",
    "NoLogNoLook",
    "Verified",
    "list_entries",
    "look",
    "record",
    "record_sign_in",
    "record_system",
    "verify_chain",
]
