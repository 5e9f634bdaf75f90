"""The page of two secrets and the sheet in the letter say the same, though neither room knows the other."""

import re
from datetime import date

from madoguchi.advice.queries.pins import pin_plan
from madoguchi.dispatch.domain.secrets import SECRETS, secrets_on


def lengths_of(title):
    return [int(one) for one in re.findall("[0-9]+", title)]


def test_page_and_sheet_ask_for_the_same_secrets_on_every_day_that_changes_them():
    for day in (*(row.since for row in SECRETS), date(2026, 11, 27), date(2099, 1, 1)):
        page, sheet = pin_plan(day).secrets, secrets_on(day)
        assert len(page) == len(sheet)
        for row, secret in zip(page, sheet, strict=True):
            assert sorted({row.shortest, row.longest}) == lengths_of(secret.title)
            assert row.letters == ("英字" in secret.title)
