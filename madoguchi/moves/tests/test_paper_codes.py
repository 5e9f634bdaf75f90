"""A family expected from the codes on its 転出証明書: in any order, whose, and by whom signed (紙)."""

from datetime import date
from itertools import permutations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.certificates.testing import codes_of, shared_keys
from madoguchi.infra.clock import frozen
from madoguchi.kernel.daytimes import DayRule
from madoguchi.moves.domain.town_keys import TownKey, keys_on, read_town_keys
from madoguchi.moves.models import FieldSource, Filing, MoveCase
from madoguchi.moves.testing import FAMILY
from madoguchi.register.api import persons_of
from madoguchi.register.testing import at as moment
from madoguchi.register.testing import resident_code

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
TOWN, DAY = "401307", date(2026, 11, 20)
ONCE = {"moved_on": "2026-11-20", "postcode": "894-1508", "notifier": "SELF", "signed": "on",
        "address": "鹿児島県大島郡瀬戸内町大字古仁屋船津23番地", "identity_seen": "on",
        "previous_address": "福岡県みどり市緑町5番6号", "planned_out_on": "2026-11-18",
        "certificate_seen": "on", "filed_on": "2026-11-27"}  # fmt: skip


def notice(*, first=500):
    people = [
        {"name": name, "name_kana": kana, "birth": birth, "sex": sex, "relationship": relationship,
         "honseki": "福岡県みどり市緑町1番地", "hittosha": "港　渚", "nationality_group": "JAPANESE",
         "resident_code": resident_code(first + n)}
        for n, (name, kana, birth, sex, relationship) in enumerate(FAMILY)
    ]  # fmt: skip
    return {"old_town": "みどり市", "previous_address": "福岡県みどり市緑町5番6号",
            "planned_move_out_on": "2026-11-18", "people": people}  # fmt: skip


def codes(*, key=KEY, **given):
    return codes_of(notice(**given), key=key, town_code=TOWN, issued_on=DAY)


@pytest.fixture
def desk(client, db, settings, tmp_path):
    settings.MADOGUCHI_KEYS = str(shared_keys(tmp_path))
    settings.MADOGUCHI_CARD_RULES = str(tmp_path)
    public = KEY.public_key().public_bytes_raw().hex()
    (tmp_path / "town_keys.toml").write_text(
        f'[[key]]\ncode = "{TOWN}"\nname = "みどり市"\npublic = "{public}"\n'
        'from = "2026-10-01"\nsource = "令和8年9月15日の文書"\n'
    )
    with frozen(moment("2026-11-27T10:00")):
        yield staff.signed_in(client, staff.kaede())


class Scanner:
    """Scans code by code as a scanner that types does: each is a press of its own."""

    def __init__(self, desk):
        self.desk, self.pieces = desk, ""

    def scan(self, code, **more):
        given = {"arrival": "SPECIAL", "count": "1", "code": code, "pieces": self.pieces} | more
        answer = self.desk.post(reverse("moves:cases"), given)
        if answer.status_code in (200, 422):
            self.pieces = answer.context["form"].initial.get("pieces", "")
        return answer


@pytest.fixture
def scanner(desk):
    return Scanner(desk)


def test_m17_every_order_opens_the_family_and_what_was_scanned_twice_counts_once(desk):
    parts = codes()
    assert len(parts) == 2
    for number, order in enumerate(permutations(codes(first=600))):
        scanner = Scanner(desk)
        first = scanner.scan(order[0])
        assert first.status_code == 200 and "1／2" in first.text and "次を読み取って" in first.text
        assert scanner.scan(order[0].lower()).status_code == 200
        answer = scanner.scan(order[1])
        if number:  # the same family a second time
            assert "MOVE_CASE_THERE_ALREADY" in answer.text
        else:
            assert answer.status_code == 302, answer.text
    (row,) = MoveCase.objects.all()
    assert row.data["arrival"] == "PAPER" and row.data["old_town"] == "みどり市"


def test_all_is_filled_in_with_its_origin_and_one_press_files_it(desk, scanner):
    for code in codes():
        answer = scanner.scan(code)
    page = desk.get(answer.url)
    assert "転出証明書（QR）" in page.text and "足りない項目" not in page.text
    answer = desk.post(page.request["PATH_INFO"], ONCE)
    assert answer.status_code == 302, answer.text
    assert Filing.objects.get().persons.count() == 5
    told = set(FieldSource.objects.exclude(person_id="").values_list("evidence", flat=True))
    assert told == {"CERTIFICATE_QR"}
    assert "転出証明書（QR）" in desk.get(answer.url).text


def test_a_former_surname_comes_along_and_nobody_types_it(desk, scanner):
    told = notice(first=800)
    told["people"][1] |= {"former_surname": "磯辺", "former_surname_kana": "イソベ"}
    for code in codes_of(told, key=KEY, town_code=TOWN, issued_on=DAY):
        answer = scanner.scan(code)
    page = desk.get(answer.url)
    assert page.text.count('<details class="beside" open>') == 1 and "磯辺" in page.text
    assert desk.post(page.request["PATH_INFO"], ONCE).status_code == 302
    entered = Filing.objects.get().persons.values_list("person_id", flat=True)
    rows = persons_of(list(entered)).values()
    assert [(one.former_surname, one.former_surname_kana) for one in rows if one.former_surname] == [("磯辺", "イソベ")]  # fmt: skip


def test_a_part_of_another_paper_is_listed_and_does_not_get_in(scanner):
    ours, theirs = codes(), codes(first=700)
    scanner.scan(ours[0])
    mixed = scanner.scan(theirs[1])
    assert mixed.status_code == 422 and "MOVE_CODE_OF_ANOTHER" in mixed.text
    assert "1／2" in mixed.text and theirs[1] not in mixed.text
    assert scanner.scan(ours[1]).status_code == 302
    held = MoveCase.objects.get().data["people"][0]["items"]["resident_code"][0]
    assert held == resident_code(500)


def test_a_paper_nobody_can_verify_is_never_taken_silently(desk, scanner):
    parts = codes(key=OTHER)
    scanner.scan(parts[0])
    asked = scanner.scan(parts[1])
    assert asked.status_code == 422 and "MOVE_CODE_NOT_VERIFIED" in asked.text
    assert "港" in asked.text and not MoveCase.objects.exists()
    answer = scanner.scan("", accepted="on")
    assert answer.status_code == 302
    assert "署名は未確認" in desk.get(answer.url).text
    desk.post(answer.url, ONCE)
    told = set(FieldSource.objects.exclude(person_id="").values_list("evidence", flat=True))
    assert told == {"CERTIFICATE_QR_UNVERIFIED"}


def test_a_paper_forged_under_a_known_key_is_refused_whatever_is_ticked(scanner, monkeypatch):
    parts = codes_of(notice(), key=Posing(), town_code=TOWN, issued_on=DAY)
    scanner.scan(parts[0])
    answer = scanner.scan(parts[1], accepted="on")
    assert answer.status_code == 422 and "MOVE_CODE_FORGED" in answer.text
    assert not MoveCase.objects.exists() and scanner.pieces == ""


class Posing:
    """Somebody who names a town's key and signs with another."""

    public_key, sign = KEY.public_key, OTHER.sign


def test_a_known_key_is_unknown_for_another_town_and_before_its_day(desk, scanner):
    for given in ({"town_code": "131016", "issued_on": DAY},
                  {"town_code": TOWN, "issued_on": date(2026, 9, 30)}):  # fmt: skip
        other = Scanner(desk)
        for code in codes_of(notice(), key=KEY, **given):
            answer = other.scan(code)
        assert "MOVE_CODE_NOT_VERIFIED" in answer.text


def test_what_is_no_code_and_the_wrong_role(desk, scanner):
    assert "MOVE_CODE_UNREADABLE" in scanner.scan("MDO1AAAA").text
    assert "MOVE_DRAFT_UNKNOWN" in scanner.scan("犬").text
    assert scanner.scan("", pieces="MDO1x " * 3).status_code == 422
    staff.signed_in(desk, staff.tsuru())
    assert scanner.scan(codes()[0]).status_code == 403


def test_of_a_protected_family_the_second_scan_tells_nothing(desk):
    staff.signed_in(desk, staff.nagi())
    officer = Scanner(desk)
    for code in codes():
        answer = officer.scan(code, protected="on")
    assert answer.status_code == 302 and MoveCase.objects.get().is_protected
    staff.signed_in(desk, staff.kaede())
    clerk = Scanner(desk)
    for code in codes():
        answer = clerk.scan(code)
    assert answer.status_code == 302  # as if nobody were expected
    assert MoveCase.objects.count() == 2


def test_a_table_with_a_slip_stops_the_start():
    row = {"code": TOWN, "name": "みどり市", "public": "00" * 32, "from": "2026-10-01",
           "until": "2026-10-31", "source": "文書"}  # fmt: skip
    (one,) = read_town_keys({"key": [row]})
    rule = DayRule(valid_from=date(2026, 10, 1), valid_until=date(2026, 10, 31))
    assert one == TownKey(code=TOWN, name="みどり市", key=bytes(32), days=rule, source="文書")
    assert keys_on([one], code=TOWN, day=date(2026, 10, 31)) == (bytes(32),)
    assert keys_on([one], code=TOWN, day=date(2026, 11, 1)) == ()
    for wrong in ({"public": "00"}, {"code": "401300"}):
        with pytest.raises(AssertionError):
            read_town_keys({"key": [row | wrong]})
