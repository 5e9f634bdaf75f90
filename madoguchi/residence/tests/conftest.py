"""Clerk Nagi at the desk, with the family Minato at home (試験の用意)."""

import pytest

from madoguchi.accounts import testing as staff
from madoguchi.infra import clock
from madoguchi.register.testing import keep, make_version, resident_code
from madoguchi.residence.tests.checks import BEGAN, HOME, NAGISA, NAMI


@pytest.fixture
def nagi(client, db):
    keep(make_version(NAGISA, name="港　渚", household_no=HOME, is_householder=True,
                      relationship="世帯主", resident_code=resident_code(11)),
         make_version(NAMI, name="港　波", household_no=HOME, is_householder=False,
                      relationship="妻", resident_code=resident_code(12)))  # fmt: skip
    with clock.frozen(BEGAN):
        yield staff.signed_in(client, staff.nagi())
