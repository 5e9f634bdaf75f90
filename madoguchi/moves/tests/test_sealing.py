"""The way between two towns reads nothing: sealed, bound to its envelope, refused for every byte (封)."""

import json
import os
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.certificates.api import town_key
from madoguchi.certificates.testing import seals
from madoguchi.infra import clock
from madoguchi.moves.domain.messages import read_message
from madoguchi.moves.domain.sealing import (
    OpenRule,
    check_open,
    open_message,
    read_envelope,
    seal_message,
)
from madoguchi.moves.domain.town_keys import read_town_keys
from madoguchi.moves.models import PostFile, PostMessage
from madoguchi.moves.queries.post import faults
from madoguchi.moves.tests.post import (
    KEY,
    NOW,
    OTHER,
    TOWN,
    US,
    leaving,
    message,
    people,
    row_of,
    sealed,
)
from madoguchi.web.messages import render_all

THEIRS = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = THEIRS.public_key().public_bytes_raw()
CLOSED = '\n[unsealed]\nsource = "もう受け取らない"\n'
_, SIGNED = message()


def box(data=SIGNED, **more):
    given_ = {"sender": US, "receiver": TOWN, "number": 1, "key": PUBLIC,
              "close": lambda data, key, bound: seals.seal(data, to=key, bound=bound)} | more  # fmt: skip
    return seal_message(data, **given_)


def opened(data, **more):
    given_ = {"us": TOWN, "our_key": PUBLIC,
              "opens": lambda box, bound: seals.unseal(box, key=THEIRS, bound=bound)} | more  # fmt: skip
    found = open_message(data, **given_)
    if isinstance(found, tuple):
        render_all(found)
        return [one.code for one in found]
    return found


OURS = message(sender=US, receiver=TOWN)[1]
SEALED = box(OURS)


def test_m22_what_was_sealed_is_opened_whole_and_says_nobody_outside():
    assert opened(SEALED) == OURS
    for secret in (people(0)[0]["name"], people(0)[0]["resident_code"], "signature", "body"):
        assert secret.encode() not in SEALED and secret.encode() in OURS
    # Twice the same message is never twice the same file.
    assert box(OURS) != SEALED


@given(st.data())
def test_m22_any_byte_changed_added_or_taken_away_is_refused_with_words(data):
    at = data.draw(st.integers(0, len(SEALED) - 1))
    how = data.draw(st.sampled_from(["change", "add", "take"]))
    byte = bytes([data.draw(st.integers(0, 255))])
    changed = {
        "change": SEALED[:at] + byte + SEALED[at + 1 :], "add": SEALED[:at] + byte + SEALED[at:],
        "take": SEALED[:at] + SEALED[at + 1 :],
    }[how]  # fmt: skip
    if changed != SEALED:
        found = opened(changed)
        # No envelope any more: then it is no message either, and is refused as that.
        assert isinstance(found, list) or (found == changed and read_envelope(changed) is None)
        assert found != OURS


@given(st.sampled_from(["from", "to", "number", "key"]), st.sampled_from([TOWN, US, "131016", 2]))
def test_m22_an_envelope_told_otherwise_does_not_open(name, value):
    raw = json.loads(SEALED)
    if raw[name] != value and type(raw[name]) is type(value):
        raw[name] = value
        text = json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert isinstance(opened(text.encode()), list)


def test_each_thing_wrong_with_a_seal_has_a_name_of_its_own():
    assert opened(SEALED, us="131016") == ["MOVE_POST_NOT_FOR_US"]
    assert opened(box(OURS, key=bytes([9] * 32))) == ["MOVE_POST_SEAL_OTHER_KEY"]
    raw = json.loads(SEALED)
    raw["box"] = box(OURS, number=2).decode().partition('"box":"')[2].partition('"')[0]
    text = json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert opened(text) == ["MOVE_POST_SEAL_BROKEN"]
    # A right seal around another message, or around nothing of ours.
    assert opened(box(message(2, sender=US)[1])) == ["MOVE_POST_SEAL_OTHER_INSIDE"]
    assert opened(box(b"{}")) == ["MOVE_POST_SEAL_OTHER_INSIDE"]


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_no_bytes_open_that_nobody_sealed(data):
    assert opened(data) == data or isinstance(opened(data), list)
    raw = {**json.loads(SEALED), "box": data.hex()}
    text = json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert opened(text) != OURS


def test_the_day_after_the_last_one_nothing_is_taken_without_a_seal():
    rule = OpenRule(until=NOW.date(), source="想定")
    assert check_open(SIGNED, rule=rule, day=NOW.date()) == ()
    late = check_open(SIGNED, rule=rule, day=NOW.date() + timedelta(days=1))
    assert [one.code for one in late] == ["MOVE_POST_UNSEALED"]
    assert check_open(SIGNED, rule=OpenRule(until=None, source=""), day=NOW.date())
    assert check_open(b"no message", rule=OpenRule(until=None, source=""), day=NOW.date()) == ()


# -- over real files -------------------------------------------------------------------------------

pytestmark_db = pytest.mark.django_db


def listed(at=NOW):
    return [one.problem.code for one in faults(now=at)]


@pytestmark_db
def test_m22_a_town_with_a_key_is_sent_sealed_and_it_reads_what_we_signed(line, counter):
    line.rows(row_of(seal=PUBLIC), more=CLOSED)
    counter.move_in(0)
    line.round()
    (file,) = line.files()
    assert "港".encode() not in file
    inside = opened(file)
    ours = read_town_keys({"key": [{
        "code": US, "name": "鹿児島県せとうち町", "from": "2026-01-01", "source": "文書",
        "public": town_key.public_key().hex()}]})  # fmt: skip
    read = read_message(inside, us=TOWN, known=ours, now=NOW, is_signed=town_key.is_signed)
    assert (read.kind, read.number) == ("MOVE_IN_NOTICE", 1)
    assert read.body["people"][0]["name"] == "港　渚"
    assert PostMessage.objects.get().state == "SENT"


@pytestmark_db
def test_m22_without_a_key_it_goes_open_until_the_day_and_then_waits_for_one(line, counter):
    line.rows(row_of(), more='\n[unsealed]\nuntil = "2026-11-27"\nsource = "x"\n')
    counter.move_in(0)
    line.round()
    assert [one["kind"] for one in line.sent()] == ["MOVE_IN_NOTICE"]
    counter.move_in(1, passed=("HOUSEHOLD_WITHOUT_HEAD",))
    tomorrow = NOW + timedelta(days=1)
    line.round(at=tomorrow)
    assert len(line.files()) == 1 and listed(tomorrow) == ["MOVE_POST_NO_SEAL"]
    line.rows(row_of(seal=PUBLIC), more=CLOSED)
    line.round(at=tomorrow)
    assert len(line.files()) == 2 and listed(tomorrow) == []
    assert json.loads(opened(line.files()[1]))["number"] == 2


@pytestmark_db
def test_a_key_that_is_none_stops_its_own_town_alone(line, counter):
    line.rows(row_of(seal=bytes(32)))
    counter.move_in(0)
    line.round()
    assert line.files() == [] and PostMessage.objects.get().state == "SEALED"


@pytestmark_db
def test_m22_what_comes_sealed_is_taken_once_in_whatever_envelope(line):
    _, data = message()
    line.bring(sealed(data))
    line.round()
    row = PostMessage.objects.get()
    assert (row.number, row.kind, row.town) == (1, "MOVE_OUT_NOTICE", TOWN)
    assert "港".encode() not in bytes(row.file.raw)
    line.bring(sealed(data), name="b.json")
    line.bring(data, name="c.json")
    line.round()
    assert PostMessage.objects.count() == 1 and PostFile.objects.get().copies == 3
    assert listed() == []


@pytestmark_db
def test_m22_what_is_wrong_with_a_seal_is_listed_with_its_number(line, client):
    line.rows(row_of(), more=CLOSED)
    _, data = message()
    line.bring(data)
    line.bring(sealed(data, key=PUBLIC), name="b.json")
    line.bring(sealed(data, to=TOWN), name="c.json")
    line.bring(sealed(message(2)[1]), name="d.json")
    line.bring(sealed(message(3, signer=OTHER)[1], number=3), name="e.json")
    line.round()
    assert sorted(listed()) == [
        "MOVE_POST_ALTERED", "MOVE_POST_NOT_FOR_US", "MOVE_POST_SEAL_OTHER_INSIDE",
        "MOVE_POST_SEAL_OTHER_KEY", "MOVE_POST_UNSEALED",
    ]  # fmt: skip
    assert not PostMessage.objects.exists()
    assert {one.claims for one in PostFile.objects.all()} == {f"{TOWN} 1", f"{TOWN} 3"}
    with clock.frozen(NOW):
        shown = staff.signed_in(client, staff.kaede()).get(reverse("moves:post")).text
    assert "封がされていません" in shown and "封が開きません" not in shown


@pytestmark_db
def test_without_our_key_what_is_sealed_stays_where_it_is(line, settings, tmp_path):
    line.bring(sealed(message()[1]))
    keys = settings.MADOGUCHI_KEYS
    settings.MADOGUCHI_KEYS = str(tmp_path / "none")
    line.round()
    assert "KEY_NOT_FOUND" in listed() and not PostFile.objects.exists()
    settings.MADOGUCHI_KEYS = keys
    line.round()
    assert PostMessage.objects.count() == 1


@pytestmark_db
@settings(max_examples=8, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.binary(min_size=1, max_size=40), st.integers(0, 10**6))
def test_m22_no_damage_to_what_is_sealed_is_ever_taken(line, noise, at):
    PostMessage.objects.all().delete()
    PostFile.objects.all().delete()
    whole = sealed(message(1, body=leaving(0))[1])
    at %= len(whole)
    damaged = whole[:at] + noise + whole[at + len(noise) :]
    line.bring(damaged, name=f"{os.urandom(4).hex()}.json")
    line.round()
    if damaged != whole:
        assert not PostMessage.objects.exists() and len(listed()) >= 1


def test_the_key_that_signs_and_the_key_that_opens_are_two():
    derived = seals.opening_key(KEY)
    assert derived.private_bytes_raw() != KEY.private_bytes_raw()
    assert seals.opening_key(KEY).private_bytes_raw() == derived.private_bytes_raw()
    assert seals.opening_key(OTHER).private_bytes_raw() != derived.private_bytes_raw()
