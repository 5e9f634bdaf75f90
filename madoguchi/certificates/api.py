"""The front door of certificates: one path for every channel (証明書)."""

from madoguchi.certificates.actions import away, move_out_codes, self_service, town_key
from madoguchi.certificates.actions.at_once import issue_now
from madoguchi.certificates.actions.stops import lift_stops, stop_channel
from madoguchi.certificates.actions.warming import warm_up
from madoguchi.certificates.queries.letters import list_letters
from madoguchi.certificates.queries.lists import list_waiting
from madoguchi.certificates.queries.rules import fee_at
from madoguchi.certificates.queries.verifying import verify_file

__all__ = [
    "away",
    "fee_at",
    "issue_now",
    "lift_stops",
    "list_letters",
    "list_waiting",
    "move_out_codes",
    "self_service",
    "stop_channel",
    "town_key",
    "verify_file",
    "warm_up",
]
