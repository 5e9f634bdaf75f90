"""The front door of the trips (島の日の窓口): what the command line calls."""

from madoguchi.kit.actions.merging import merge
from madoguchi.kit.actions.sealing import seal
from madoguchi.kit.actions.settling import revoke
from madoguchi.kit.documents.laptop import HELD, open_kit
from madoguchi.kit.domain.trips import read_until
from madoguchi.kit.queries.trips import count_void

__all__ = ["HELD", "count_void", "merge", "open_kit", "read_until", "revoke", "seal"]
