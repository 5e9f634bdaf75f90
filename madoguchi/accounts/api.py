"""The front door of the accounts room (職員・権限の窓口): what other rooms may call."""

from madoguchi.accounts.actions.approvals import approve, request_approval
from madoguchi.accounts.actions.codes import check_code
from madoguchi.accounts.actions.command_line import cli_actor
from madoguchi.accounts.actions.demo import create_demo_staff
from madoguchi.accounts.actions.machines import machine_actor
from madoguchi.accounts.queries.approvals import (
    approvals_due_afterwards,
    is_approved,
    pending_approvals,
    second_officer_rule,
)
from madoguchi.accounts.queries.staff import actor_of, list_staff

__all__ = [
    "actor_of",
    "approvals_due_afterwards",
    "approve",
    "check_code",
    "cli_actor",
    "create_demo_staff",
    "is_approved",
    "list_staff",
    "machine_actor",
    "pending_approvals",
    "request_approval",
    "second_officer_rule",
]
