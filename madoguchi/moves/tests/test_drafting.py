"""A draft from the phone to the register: works, strangers, bad input, held people, forgetting."""

import re
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.infra import clock
from madoguchi.moves import jobs
from madoguchi.moves.domain.draft import next_step, show_code
from madoguchi.moves.models import Draft, FieldSource, Filing, MoveCase
from madoguchi.moves.queries.drafts import find_draft, key_of, seal, unseal
from madoguchi.moves.queries.rulebook import online_book
from madoguchi.moves.tests.drafts import HOME, TODAY, answered, family
from madoguchi.moves.tests.test_web import ONCE, at, file_of, notice
from madoguchi.protection.testing import protect
from madoguchi.register.testing import at as moment
from madoguchi.web.testing import forget_tries

pytestmark = pytest.mark.django_db
START = "/prepare/draft/"


@pytest.fixture(autouse=True)
def today():
    forget_tries()
    with clock.frozen(moment("2026-11-26T20:00")):
        yield


def begun(client):
    assert client.post(reverse("moves:draft_begin")).status_code == 302
    return code_of(client)


def code_of(client):
    page = client.get(START).text
    return page.split('number--small">')[1].split("<")[0].replace("-", "")


def drafted(client, given):
    """Write a draft in one sitting without its screens, and complete it at the last one."""
    code = begun(client)
    told, _seen = answered(given)
    key = key_of(code)
    Draft.objects.filter(draft_id=key.draft_id).update(sealed=seal(told, key))
    assert client.post(reverse("moves:draft_complete")).status_code == 302
    return code


def written(client, given):
    """Write a draft screen by screen, as a phone does, and complete it."""
    code = begun(client)
    while (row := find_draft(code)) and (step := next_step(row.answers, today=clock.today())):
        answer = client.post(reverse("moves:draft_answer"), given | {"ask": step.at})
        assert answer.status_code == 302, answer.text
    assert client.post(reverse("moves:draft_complete")).status_code == 302
    return code


@pytest.fixture
def kaede(client):
    """The clerk at another browser, a day later."""

    class Desk:
        def at(self):
            return staff.signed_in(type(client)(), staff.kaede())

    return Desk()


def test_somebody_drafts_at_home_and_the_clerk_writes_no_address(client, kaede):
    code = written(client, family(1))
    page = client.get(START).text
    assert show_code(code) in page and "<svg" in page and "窓口に来ることが要ります" in page
    with clock.frozen(moment("2026-11-27T10:00")):
        desk = kaede.at()
        answer = desk.post(at("cases"), {"code": show_code(code), "arrival": "SPECIAL", "count": 1})
        assert answer.status_code == 302, answer.text
        page = desk.get(answer.url).text
        assert "大字古仁屋船津23番地" in page and "家での下書き" in page and "港　渚" in page
        # Of the draft's 転入届 only what the counter sees is left to do: no address is written.
        seen = {"notifier": "SELF", "identity_seen": "on", "signed": "on", "filed_on": "2026-11-27",
                "card_and_pin_shown": "on", **prefilled(page)}  # fmt: skip
        more = {f"{n}_{item}": value for n in (1,)
                for item, value in (("honseki", "福岡県みどり市緑町1番地"), ("hittosha", "港　渚"),
                                    ("resident_code", notice()["people"][n - 1]["resident_code"]))}  # fmt: skip
        filed = desk.post(answer.url, seen | more)
        assert filed.status_code == 302, filed.text
        shown = desk.get(filed.url).text
    said = FieldSource.objects.filter(evidence="DRAFTED")
    assert {one.told_on.isoformat() for one in said} == {"2026-11-26"}
    assert {"address", "moved_on", "postcode"} <= set(
        said.filter(person_id="").values_list("item", flat=True)
    )
    assert not said.filter(differs=True).exists() and "世帯の日と住所" in shown
    assert MoveCase.objects.get().data == {}
    assert bytes(Draft.objects.get().sealed) == b"" and find_draft(code) is None


def prefilled(page):
    """Everything the page has filled in, as a browser would send it back."""
    form = page.split('class="form family-form"')[1].split("</form>")[0]
    found = {}
    for tag in form.split("<input")[1:]:
        head = tag.split(">")[0]
        if 'name="' not in head or "csrf" in head:
            continue
        name = head.split('name="')[1].split('"')[0]
        if "checkbox" in head and " checked" not in head:
            continue
        found[name] = head.split('value="')[1].split('"')[0] if 'value="' in head else "on"
    return found


def test_beside_the_old_towns_file_only_the_differences_stand_open(client, kaede):
    code = drafted(client, family(5, **{"2_name": "港　浪", "2_name_kana": "ミナト　ナミ"}))
    with clock.frozen(moment("2026-11-27T10:00")):
        desk = kaede.at()
        given = {"code": code, "arrival": "SPECIAL", "count": 1, "notice": file_of(notice())}
        page = desk.get(desk.post(at("cases"), given).url).text
        assert "家での下書き：港　浪" in page and page.count("家での下書き：") == 1
        case = MoveCase.objects.get()
        filed = desk.post(at("case", case.case_id), ONCE | prefilled(page))
        assert filed.status_code == 302, filed.text
    evidence = set(FieldSource.objects.exclude(person_id="").values_list("evidence", flat=True))
    assert evidence == {"NOTICE", "DRAFTED"}  # of a nationality the file says nothing
    assert set(FieldSource.objects.filter(evidence="DRAFTED").exclude(person_id="")
               .values_list("item", flat=True)) == {"nationality_group"}  # fmt: skip


def test_m12_without_its_code_a_row_tells_nothing_and_the_code_is_nowhere(client):
    code = drafted(client, family(1))
    row = Draft.objects.get()
    assert "港".encode() not in row.sealed
    assert row.draft_id == key_of(code).draft_id and code not in row.draft_id
    other = begun(type(client)())
    with pytest.raises(InvalidTag):
        unseal(bytes(row.sealed), key_of(other))
    told = str([one.note for one in list_entries(wanted=EntryFilter()).entries])
    assert code not in told and "港" not in told and row.draft_id in told


def test_m12_a_draft_says_the_same_of_somebody_known_held_or_unknown(client, counter):
    before = shape(client)
    person_id = next(iter(counter.move_in(0).person_ids.values()))
    known = shape(type(client)())
    protect(person_id)
    assert before == known == shape(type(client)())


def shape(client):
    """Every page of a draft about one person, without code and token."""
    given, code = WITHIN | {"people": "1"}, begun(client)
    pages = []
    while (row := find_draft(code)) and (step := next_step(row.answers, today=TODAY)):
        client.post(reverse("moves:draft_answer"), given | {"ask": step.at})
        pages.append(client.get(START).text)
    told = "\n".join(pages).replace(show_code(code), "")
    return re.sub('("[^"]*Token"|name="csrf[^"]*")[^>]*', "", told)


def test_one_stops_and_goes_on_with_the_code_in_any_width(client):
    code = begun(client)
    client.post(reverse("moves:draft_answer"), {"ask": "kind", "kind": "move_in"})
    client.post(reverse("moves:draft_leave"))
    assert "はじめる" in client.get(START).text
    wide = str.maketrans({chr(n): chr(n + 0xFEE0) for n in range(0x30, 0x5B)})
    assert (
        client.post(reverse("moves:draft_enter"), {"code": code.translate(wide)}).status_code == 302
    )
    assert "どこから引っ越してきますか" in client.get(START).text


def test_a_change_of_mind_goes_back_and_completes_again(client):
    drafted(client, family(1))
    page = client.get(START, {"ask": "people"}).text
    assert 'aria-pressed="true"' in page
    client.post(reverse("moves:draft_answer"), {"ask": "people", "people": "2"})
    assert Draft.objects.get().completed_at is None
    assert "お名前は" in client.get(START).text
    assert client.post(reverse("moves:draft_complete")).status_code == 422


def test_erasing_leaves_nothing(client):
    begun(client)
    assert client.post(reverse("moves:draft_erase")).status_code == 302
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [({"ask": "kind", "kind": "DOG"}, "1つ選んで"), ({"ask": "moved_on", "moved_on": ""}, "空の欄"),
     ({"ask": "home", "postcode": "1", "address": "暗証番号1234"}, "暗証番号は書かない")],
)  # fmt: skip
def test_bad_input_is_said_and_not_kept(client, given, words):
    code = begun(client)
    client.post(reverse("moves:draft_answer"), {"ask": "kind", "kind": "change_address"})
    answer = client.post(reverse("moves:draft_answer"), given)
    assert answer.status_code == 422 and words in answer.text
    assert find_draft(code).answers == {"kind": "change_address"}


def test_a_stranger_without_a_code_a_wrong_one_and_a_screen_nobody_asks(client):
    for name in ("draft_answer", "draft_complete"):
        answer = client.post(reverse(f"moves:{name}"), {"ask": "kind"})
        assert answer.status_code in (302, 422)
    assert client.post(reverse("moves:draft_enter"), {"code": "K7Q3M-9TX4W"}).status_code == 422
    begun(client)
    assert client.post(reverse("moves:draft_answer"), {"ask": "9_who"}).status_code == 302
    assert client.get(reverse("moves:draft_begin")).status_code == 405


def test_tries_and_beginnings_are_few(client):
    for _ in range(6):
        client.post(reverse("moves:draft_begin"))
    assert client.post(reverse("moves:draft_begin")).status_code == 422
    assert Draft.objects.count() == 6
    code = code_of(client)
    for _ in range(6):
        client.post(reverse("moves:draft_enter"), {"code": "K7Q3M-9TX4W"})
    assert client.post(reverse("moves:draft_enter"), {"code": code}).status_code == 422


@pytest.mark.parametrize("code", ["K7Q3M-9TX4W", "123"])
def test_the_desk_opens_no_unknown_draft(kaede, code):
    answer = kaede.at().post(at("cases"), {"code": code, "arrival": "SPECIAL", "count": 1})
    assert answer.status_code == 422 and "MOVE_DRAFT_UNKNOWN" in answer.text


def test_the_desk_opens_a_draft_once_and_only_a_whole_one(client, kaede):
    given = {"arrival": "SPECIAL", "count": 1}
    half = begun(client)
    assert "MOVE_DRAFT_NOT_WHOLE" in kaede.at().post(at("cases"), given | {"code": half}).text
    code = drafted(type(client)(), family(1))
    assert kaede.at().post(at("cases"), given | {"code": code}).status_code == 302
    assert "MOVE_DRAFT_UNKNOWN" in kaede.at().post(at("cases"), given | {"code": code}).text


def test_m14_a_filing_without_coming_is_refused_while_the_switch_is_off(client, kaede):
    code = drafted(client, family(1))
    with clock.frozen(moment("2026-11-27T10:00")):
        desk = kaede.at()
        url = desk.post(at("cases"), {"code": code, "arrival": "SPECIAL", "count": 1}).url
        page = desk.get(url).text
        assert "来ないままの届出：切" in page and 'name="absent"' not in page
        assert (
            "MOVE_PRESENCE_WANTED"
            in desk.post(url, prefilled(page) | {"absent": "on", "notifier": "SELF"}).text
        )
    assert not Filing.objects.exists()


# -- within the town -------------------------------------------------------------------------------


WITHIN = HOME | {"kind": "change_address", "notifier": "household", "people": "2",
                 "address": "鹿児島県大島郡瀬戸内町大字諸鈍1番地", "moved_on": "2026-11-25",
                 "1_name": "港　渚", "1_name_kana": "ミナト　ナギサ", "1_birth": "1985-06-01",
                 "2_name": "港　波", "2_name_kana": "ミナト　ナミ", "2_birth": "1987-02-03"}  # fmt: skip


def test_a_move_within_the_town_finds_its_home_and_is_filed_as_drafted(client, counter, kaede):
    home = counter.move_in(0, 1, day=TODAY - timedelta(days=2)).household_no
    code = drafted(client, WITHIN)
    with clock.frozen(moment("2026-11-27T10:00")):
        desk = kaede.at()
        url = desk.post(at("cases"), {"code": code, "arrival": "SPECIAL", "count": 1}).url
        whose = desk.get(url, follow=True)
        assert at("household", home) in whose.text
        case_id = MoveCase.objects.get().case_id
        place = at("household", home)
        page = desk.get(place, {"kind": "CHANGE_ADDRESS", "case": case_id}).text
        assert "大字諸鈍1番地" in page and page.count(" checked") == 2
        people = page.split('name="person" value="')[1:]
        given = prefilled(page) | {"person": [one[:15] for one in people], "identity_seen": "on",
                                   "signed": "on", "notifier": "HOUSEHOLD"}  # fmt: skip
        filed = desk.post(place, given)
        assert filed.status_code == 302, filed.text
    row = Filing.objects.get(kind="CHANGE_ADDRESS")
    once = dict(row.sources.values_list("item", "evidence"))
    assert once == {"moved_on": "DRAFTED", "postcode": "DRAFTED", "address": "DRAFTED"}
    assert MoveCase.objects.get().data == {}


def test_held_people_are_not_among_the_homes_of_a_draft(client, counter, kaede):
    moved = counter.move_in(0, 1, day=TODAY - timedelta(days=2))
    code = drafted(client, WITHIN)
    for one in moved.person_ids.values():
        protect(one)
    with clock.frozen(moment("2026-11-27T10:00")):
        desk = kaede.at()
        url = desk.post(at("cases"), {"code": code, "arrival": "SPECIAL", "count": 1}).url
        page = desk.get(url, follow=True).text
        assert moved.household_no not in page and "見つかりません" in page


def test_whose_draft_is_nobodys_business_without_the_right(client):
    staff.signed_in(client, staff.tsuru())
    assert client.get(at("whose", "x")).status_code == 403
    staff.signed_in(client, staff.kaede())
    assert client.get(at("whose", "x")).status_code == 404


# -- what is not used is forgotten -----------------------------------------------------------------


def test_m10_a_draft_nobody_went_on_with_is_erased_by_night_and_told_without_a_name(client):
    drafted(client, family(1))
    later = clock.now() + timedelta(days=online_book().keep_days)
    with clock.frozen(later):
        jobs.forget()
        assert Draft.objects.count() == 1
        begun(type(client)())
    with clock.frozen(later + timedelta(minutes=1)):
        jobs.forget()
        jobs.forget()
        assert Draft.objects.count() == 1
    (entry,) = list_entries(wanted=EntryFilter(action="MOVE_DRAFTS_FORGOTTEN")).entries
    assert "港" not in str(entry)
