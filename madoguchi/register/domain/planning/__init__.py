"""What comes of a command: the versions to append, or every reason why not (異動の計画)."""

from __future__ import annotations

from dataclasses import replace

from madoguchi.register.domain import commands as c
from madoguchi.register.domain.planning.amendments import (
    plan_amendment,
    plan_correction,
    plan_renewal,
    plan_revert,
)
from madoguchi.register.domain.planning.finish import Outcome, finish
from madoguchi.register.domain.planning.households import plan_household_change, plan_order
from madoguchi.register.domain.planning.moves import (
    plan_address,
    plan_confirmed_move_out,
    plan_entry,
    plan_move_out,
    plan_removal,
)
from madoguchi.register.domain.situation import Plan, Situation

__all__ = ["plan_change"]


def plan_change(command: c.Command, situation: Situation) -> Plan:
    """Decide on a command: all problems at once, all alerts, and the versions if none (異動)."""
    plan = finish(_outcome(command, situation), command.filing, situation)
    return replace(plan, alerts=(*situation.warned, *plan.alerts))


def _outcome(command: c.Command, situation: Situation) -> Outcome:  # noqa: PLR0911  one a line
    match command:
        case c.RecordEntry():
            return plan_entry(command, situation)
        case c.ChangeAddress():
            return plan_address(command, situation)
        case c.PlanMoveOut():
            return plan_move_out(command, situation)
        case c.ConfirmMoveOut():
            return plan_confirmed_move_out(command, situation)
        case c.RemovePersons():
            return plan_removal(command, situation)
        case c.ChangeHousehold():
            return plan_household_change(command, situation)
        case c.OrderHousehold():
            return plan_order(command, situation)
        case c.CorrectError():
            return plan_correction(command, situation)
        case c.Amend():
            return plan_amendment(command, situation)
        case c.RenewRecord():
            return plan_renewal(command, situation)
        case c.RevertChange():
            return plan_revert(command, situation)
