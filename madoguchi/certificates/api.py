"""The front door of certificates: one path for every channel (証明書)."""

from madoguchi.certificates.actions.drawing import draw
from madoguchi.certificates.actions.making import render_now
from madoguchi.certificates.queries.keys import paper_keys
from madoguchi.certificates.queries.requests import list_waiting
from madoguchi.certificates.queries.verifying import verify_file

__all__ = [
    "draw",
    "list_waiting",
    "paper_keys",
    "render_now",
    "verify_file",
]
