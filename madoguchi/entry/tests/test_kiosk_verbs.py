"""``madoguchi kiosk balance``: the books of the machines from the command line."""

import json

import pytest

from madoguchi.certificates.testing import settle, shared_keys
from madoguchi.entry.cli.kiosk import VERBS
from madoguchi.entry.cli.verbs import run_verb
from madoguchi.infra import clock
from madoguchi.kiosk import testing as k

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings, tmp_path):
    """Aoi with a card before a machine."""
    settings.MADOGUCHI_HOME = tmp_path
    settings.MADOGUCHI_KEYS = str(shared_keys(tmp_path))
    found = settle()
    k.terminal()
    k.card(k.SERIALS["aoi"], found.aoi)
    return found


def test_the_command_says_the_same_and_counts_as_a_no_where_books_disagree(people, capsys):
    k.done("aoi")
    day = clock.today().isoformat()
    assert run_verb(["kiosk", "balance", "--day", day, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == VERBS[0].schema
    kiosk = next(one for one in found["channels"] if one["channel"] == "KIOSK")
    assert (kiosk["balances"], kiosk["kinds"][0]["issued"]) == (True, 1)
    k.miscount(5)
    assert run_verb(["kiosk", "balance", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [one["code"] for one in found["problems"]] == ["KIOSK_BOOKS_DISAGREE"]
    assert run_verb(["kiosk", "balance", "--day", "きのう"]) == 1
    assert "合いません" not in capsys.readouterr().out
