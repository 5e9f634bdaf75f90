"""A message is what its town signed, byte for byte, or it is refused with a reason (町どうしの知らせ)."""

import json
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.moves.domain.messages import (
    MessageKind,
    check_body,
    encode,
    missing_numbers,
    read_message,
    signed_bytes,
)
from madoguchi.moves.domain.portal import read_portal
from madoguchi.moves.domain.town_keys import read_town_keys, town_at
from madoguchi.moves.tests.post import KEY, NOW, OTHER, TOWN, US, leaving, message, portal_file
from madoguchi.web.messages import render_all

ROW = {"code": TOWN, "name": "福岡県みどり市", "from": "2026-10-01", "source": "文書", "post": True,
       "public": KEY.public_key().public_bytes_raw().hex()}  # fmt: skip
KNOWN = read_town_keys({"key": [ROW]})


def is_signed(data, signature, key):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def read(data, **more):
    given_ = {"us": US, "known": KNOWN, "now": NOW, "is_signed": is_signed} | more
    found = read_message(data, **given_)
    if isinstance(found, tuple):
        render_all(found)
        return [one.code for one in found]
    return found


def test_m18_what_was_signed_is_read_back_whole():
    one, data = message()
    assert read(data) == one


@given(st.data())
def test_m18_any_byte_changed_added_or_taken_away_is_refused(data):
    _, file = message()
    at = data.draw(st.integers(0, len(file) - 1))
    how = data.draw(st.sampled_from(["change", "add", "take"]))
    byte = bytes([data.draw(st.integers(0, 255))])
    changed = {
        "change": file[:at] + byte + file[at + 1 :], "add": file[:at] + byte + file[at:],
        "take": file[:at] + file[at + 1 :],
    }[how]  # fmt: skip
    if changed != file:
        assert isinstance(read(changed), list)


@given(
    st.sampled_from(["from", "to", "number", "kind", "sent_at", "key", "body", "schema"]),
    st.one_of(st.integers(), st.text(max_size=9), st.none(), st.dictionaries(st.text(max_size=3), st.none())),
)  # fmt: skip
def test_m18_any_part_told_otherwise_is_refused(name, value):
    _, file = message()
    raw = json.loads(file)
    if raw[name] != value:
        raw[name] = value
        text = json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert isinstance(read(text.encode(errors="surrogatepass")), list)


def test_each_thing_wrong_has_a_name_of_its_own():
    _, good = message()
    assert read(b"") == read(good[:-9]) == read(good + b"\n") == ["MOVE_POST_UNREADABLE"]
    assert read(message(sender="131016")[1]) == ["MOVE_POST_TOWN_UNKNOWN"]
    assert read(message(key=OTHER)[1]) == ["MOVE_POST_KEY_UNKNOWN"]
    assert read(message(signer=OTHER)[1]) == ["MOVE_POST_ALTERED"]
    assert read(good, now=NOW + timedelta(days=61)) == ["MOVE_POST_TOO_OLD"]
    assert read(good, now=NOW - timedelta(hours=3)) == ["MOVE_POST_TOO_OLD"]
    both = message(receiver="131016", body={})[1]
    assert read(both) == ["MOVE_POST_NOT_FOR_US", "MOVE_POST_BODY_WRONG", "MOVE_POST_BODY_WRONG"]


def test_a_key_counts_on_its_days_alone():
    late = message(sent_at=NOW - timedelta(days=58))[1]  # before the key's first day
    assert read(late) == ["MOVE_POST_KEY_UNKNOWN"]


def test_a_signature_of_a_paper_or_of_anything_else_is_none_of_a_message():
    one, _ = message()
    bare = encode(one, signature=KEY.sign(signed_bytes(one).partition(b"\n")[2]))
    assert read(bare) == ["MOVE_POST_ALTERED"]


def test_a_body_says_what_its_kind_says_and_nothing_else():
    assert check_body(MessageKind.MOVE_OUT_NOTICE, leaving()) == ()
    more = check_body(MessageKind.MOVE_OUT_NOTICE, {**leaving(), "個人番号": "1"})
    assert [one.where for one in more] == ["個人番号"]
    person = {"name": "港　渚", "birth": "昭和60年6月1日", "resident_code": ""}
    told = {"ref": "", "moved_in_on": "2026-11-20", "to": "緑町", "people": [person]}
    assert check_body(MessageKind.MOVE_IN_NOTICE, told) == ()
    wrong = {**told, "people": [person, {**person, "number": "1"}], "to": "x" * 201}
    assert [one.where for one in check_body(MessageKind.MOVE_IN_NOTICE, wrong)] == [
        "people[1]",
        "to",
    ]
    # What the portal tells is never a town's to tell.
    assert check_body(MessageKind.PORTAL_VISIT, {})


def test_gaps_are_the_numbers_before_the_last():
    assert missing_numbers([]) == missing_numbers([1, 2, 3]) == ()
    assert missing_numbers([2, 5]) == (1, 3, 4)
    assert missing_numbers([41, 43], first=41) == (42,)
    assert missing_numbers([1, 3, 10**9], most=2) == (2, 4)


@pytest.mark.parametrize(
    ("text", "code"),
    [("福岡県みどり市緑町5番6号", TOWN), ("みどり市", TOWN), ("大島郡あお町1", "465003"),
     ("あお町", "465003"), ("鹿児島県大島郡あお町", "465003"), ("東京都", None), ("", None)],
)  # fmt: skip
def test_whose_an_address_is(text, code):
    towns = {TOWN: "福岡県みどり市", "465003": "鹿児島県大島郡あお町"}
    assert town_at(text, towns) == code


def test_an_address_that_could_be_of_two_towns_is_of_none():
    assert town_at("あお町", {"1": "鹿児島県あお町", "2": "福岡県あお町"}) is None


def portal(data, now=NOW):
    found = read_portal(data, now=now)
    return [getattr(one, "code", one) for one in found]


def test_the_portals_json_and_table_say_the_same():
    (by_json,) = portal(portal_file())
    table = (
        "受付番号,種別,受付日時,異動日,郵便番号,新しい住所,氏名,フリガナ,生年月日\n"
        "41,来庁予定,2026-11-26T20:00:00+09:00,2026-11-20,894-1508,"
        "鹿児島県大島郡瀬戸内町大字古仁屋船津23番地,港　渚,ミナト　ナギサ,昭和60年6月1日\n"
    )
    for encoding in ("utf-8", "cp932"):
        (by_table,) = portal(table.encode(encoding))
        assert (by_table.number, by_table.kind, by_table.sent_at) == (
            by_json.number, by_json.kind, by_json.sent_at,
        )  # fmt: skip
        assert by_table.body["address"] == by_json.body["address"]
        told = {key: value for key, value in by_table.body["people"][0].items() if value}
        assert told == by_json.body["people"][0]


def test_all_that_is_wrong_with_a_filing_is_told_at_once():
    wrong = portal_file(
        kind="OTHER", number=0, moved_on="あした", people=[{"name": ""}], my_number="1"
    )
    assert portal(wrong) == ["MOVE_POST_BODY_WRONG"] * 5
    assert portal(b"{}") == portal(b"\xff\xfe") or portal(b"{}") == ["MOVE_POST_UNREADABLE"]
    assert portal(portal_file(), now=NOW + timedelta(days=61)) == ["MOVE_POST_TOO_OLD"]
    assert portal(
        "受付番号,種別,受付日時,氏名,個人番号\n1,来庁予定,2026-11-26,港,1\n".encode()
    ) == ["MOVE_NOTICE_HAS_NUMBER"]
    assert portal(portal_file(kind=["VISIT"])) == ["MOVE_POST_BODY_WRONG"]
    long = f"受付番号,種別,受付日時,氏名\n{'9' * 5000},来庁予定,2026-11-26,港\n"
    assert portal(long.encode()) == ["MOVE_POST_BODY_WRONG"]
