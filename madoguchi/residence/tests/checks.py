"""A family that is looked into, and everything a removal wants (試験用の事案)."""

from datetime import timedelta

from django.urls import reverse

from madoguchi.infra import clock
from madoguchi.register.testing import at as moment

HOME = "000000000000901"
NAGISA, NAMI = "000000000000011", "000000000000012"
BEGAN = moment("2026-09-01T10:00")


def at(name, *args):
    return reverse(f"residence:{name}", args=args)


def opened(client, person=(NAGISA, NAMI)):
    given = {"person": list(person), "trigger": "OTHER_OFFICE"}
    answer = client.post(at("begin", HOME), given)
    assert answer.status_code == 302, answer.text
    return answer.url.split("/")[-2]


def later(days):
    return clock.frozen(BEGAN + timedelta(days=days))


GONE = {"source": "WATER", "asked_on": "2026-09-01", "lives": "GONE", "until": "2026-08-01"}
WENT = {"on": "2026-09-05", "officers": "森、碇山", "seen": "ABSENT"}
REMOVE = {"outcome": "REMOVE", "reason": "水道も家主も、8月から不在と言う"}


def looked_into(client, case_id):
    """Everything a removal wants, in the days it takes."""
    client.post(at("paper", case_id), {"paper": "INQUIRY"})
    client.post(at("evidence", case_id), GONE)
    client.post(at("evidence", case_id), GONE | {"source": "LANDLORD"})
    with later(5):
        client.post(at("visit", case_id), WENT)
    with later(20):
        client.post(at("paper", case_id), {"paper": "URGE"})
