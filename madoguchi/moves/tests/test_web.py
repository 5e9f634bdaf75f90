"""The desk's pages of moves: works, wrong role, unknown, bad input, protected family (画面)."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.infra.clock import frozen
from madoguchi.moves.models import FieldSource, Filing, MoveCase, Task
from madoguchi.moves.testing import FAMILY
from madoguchi.protection.testing import ensure_channels, protect
from madoguchi.register.api import persons_of
from madoguchi.register.testing import at as moment
from madoguchi.register.testing import resident_code

pytestmark = pytest.mark.django_db
PAGES = ("cases", "case", "filing", "tasks")


def at(name, *args):
    return reverse(f"moves:{name}", args=args)


def text(answer):
    return answer.content.decode()


def notice(**more):
    people = [
        {"name": name, "name_kana": kana, "birth": birth, "sex": sex, "relationship": relationship,
         "honseki": "福岡県みどり市緑町1番地", "hittosha": "港　渚", "has_card": True,
         "resident_code": resident_code(500 + n)}
        for n, (name, kana, birth, sex, relationship) in enumerate(FAMILY)
    ]  # fmt: skip
    return {
        "schema": "madoguchi.move_out/1", "old_town": "みどり市", "people": people,
        "previous_address": "福岡県みどり市緑町5番6号", "planned_move_out_on": "2026-11-18",
    } | more  # fmt: skip


def file_of(raw):
    body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    return SimpleUploadedFile("notice.json", body)


@pytest.fixture
def kaede(client):
    with frozen(moment("2026-11-27T10:00")):
        yield staff.signed_in(client, staff.kaede())


@pytest.fixture
def case_id(kaede):
    return opened(kaede)


def opened(client, **more):
    given = {"arrival": "SPECIAL", "count": "1", "notice": file_of(notice())} | more
    answer = client.post(at("cases"), given)
    assert answer.status_code == 302, text(answer)
    return answer.url.split("/")[-2]


ONCE = {"moved_on": "2026-11-20", "postcode": "894-1508", "notifier": "SELF", "signed": "on",
        "address": "鹿児島県大島郡瀬戸内町大字古仁屋船津23番地", "identity_seen": "on",
        "previous_address": "福岡県みどり市緑町5番6号", "planned_out_on": "2026-11-18",
        "card_and_pin_shown": "on", "filed_on": "2026-11-27",
        **{f"{n}_card": "on" for n in range(1, 6)}}  # fmt: skip


def test_a_family_of_five_is_filed_by_one_address_one_signature_and_one_press(kaede, case_id):
    page = text(kaede.get(at("case", case_id)))
    assert "転出証明書情報" in page and "港　渚" not in page.split("<h2")[0]
    # Nothing of what the old town told is asked for again.
    shown = re.findall(r'<label><span class="key">([^<]+)', page)
    assert "氏名" not in shown and "本籍" not in shown
    answer = kaede.post(at("case", case_id), ONCE)
    assert answer.status_code == 302, text(answer)
    (row,) = Filing.objects.all()
    filed = text(kaede.get(answer.url))
    assert "登録しました" in filed and "家族のカードへ" in filed and "児童手当の認定請求" in filed
    assert "前の町のデータとちがう" not in filed
    assert (row.kind, row.persons.count()) == ("MOVE_IN", 5)
    assert MoveCase.objects.get().data == {}
    assert at("case", case_id) not in text(kaede.get(at("cases")))


def test_only_what_differs_is_said_anew(kaede, case_id):
    kaede.post(at("case", case_id), ONCE | {"2_name_kana": "ミナト　ナミカ"})
    said = FieldSource.objects.filter(evidence="SAID").exclude(person_id="")
    assert [(one.item, one.differs) for one in said] == [("name_kana", True)]
    # What is written once for everybody has its origin too: from where, by the old town's data.
    once = dict(FieldSource.objects.filter(person_id="").values_list("item", "evidence"))
    assert once == {"moved_on": "SAID", "postcode": "SAID", "address": "SAID",
                    "previous_address": "NOTICE"}  # fmt: skip
    (row,) = Filing.objects.all()
    assert "前の町のデータとちがう" in text(kaede.get(at("filing", row.filing_id)))


def test_everything_missing_is_told_at_once_and_what_was_typed_stays(kaede, case_id):
    answer = kaede.post(
        at("case", case_id), {"notifier": "AGENT", "building": "みなと荘2号", "3_honseki": ""}
    )
    shown = text(answer)
    assert answer.status_code == 422
    for code in ("MOVE_IDENTITY_NOT_SEEN", "MOVE_NOT_SIGNED", "MOVE_PROXY_LETTER_MISSING",
                 "MOVE_CARD_NOT_SHOWN", "BLANK_FORBIDDEN"):  # fmt: skip
        assert code in shown
    assert "みなと荘2号" in shown and not Filing.objects.exists()
    assert "前の町のデータ：福岡県みどり市緑町1番地" in shown


def test_an_alert_is_answered_and_the_filing_goes_on(kaede, case_id):
    given = ONCE | {"1_relationship": "同居人"}
    answer = kaede.post(at("case", case_id), given)
    assert answer.status_code == 422 and "pass_HOUSEHOLD_WITHOUT_HEAD" in text(answer)
    assert (
        kaede.post(at("case", case_id), given | {"pass_HOUSEHOLD_WITHOUT_HEAD": "on"}).status_code
        == 302
    )


def test_a_second_press_finds_the_case_over(kaede, case_id):
    kaede.post(at("case", case_id), ONCE)
    assert kaede.post(at("case", case_id), ONCE).status_code == 404
    assert Filing.objects.count() == 1


def test_a_case_without_a_file_asks_for_everything(kaede):
    case_id = opened(kaede, notice="", count="2", arrival="ABROAD")
    page = text(kaede.get(at("case", case_id)))
    assert page.count('name="1_honseki"') == 1 and "2_resident_code" in page
    assert "全員の旅券を見た" in page and "足りない項目" in page


def test_a_case_is_given_up_and_empties(kaede, case_id):
    assert kaede.post(at("drop", case_id)).status_code == 302
    assert MoveCase.objects.get().data == {}
    assert kaede.post(at("drop", case_id)).status_code == 404


def test_a_filing_is_taken_back_from_its_page(kaede, case_id):
    kaede.post(at("case", case_id), ONCE)
    (row,) = Filing.objects.all()
    assert "MOVE_GROUND_MISSING" in text(kaede.post(at("back", row.filing_id), {"ground": ""}))
    assert kaede.post(at("back", row.filing_id), {"ground": "二重の届出"}).status_code == 302
    assert "取り消されました" in text(kaede.get(at("filing", row.filing_id)))


@pytest.mark.parametrize(
    ("given", "code"),
    [({"notice": b"{\xff"}, "MOVE_NOTICE_UNREADABLE"), ({"notice": {"schema": "x"}}, "MOVE_NOTICE_UNREADABLE"),
     ({"notice": notice(people=[])}, "MOVE_NOTICE_NO_PEOPLE"),
     ({"notice": notice(people=[{"name": 3}])}, "MOVE_NOTICE_VALUE_WRONG"),
     ({"notice": notice(planned_move_out_on="soon")}, "MOVE_NOTICE_VALUE_WRONG"),
     ({"notice": notice(people=[{"resident_code": "1"}] * 2)}, "MOVE_NOTICE_TWICE_INSIDE"),
     ({"arrival": "DOG"}, "FIELD_CHOICE"), ({"count": "0"}, "FIELD")],
)  # fmt: skip
def test_a_file_or_form_that_cannot_be_read_is_refused(kaede, given, code):
    values = {"arrival": "SPECIAL", "count": "1"} | given
    if "notice" in given:
        values["notice"] = file_of(given["notice"])
    answer = kaede.post(at("cases"), values)
    assert answer.status_code == 422 and code in text(answer)
    assert not MoveCase.objects.exists()


def test_the_same_people_are_expected_once(kaede, case_id):
    answer = kaede.post(
        at("cases"), {"arrival": "SPECIAL", "count": "1", "notice": file_of(notice())}
    )
    assert answer.status_code == 422 and "MOVE_CASE_THERE_ALREADY" in text(answer)


@pytest.mark.parametrize(
    ("name", "args"),
    [("cases", []), ("case", ["x"]), ("drop", ["x"]), ("filing", ["x"]), ("back", ["x"]),
     ("tasks", []), ("task", ["x"])],
)  # fmt: skip
def test_the_wrong_role_is_refused(client, name, args):
    staff.signed_in(client, staff.tsuru())
    asked = client.get if name in PAGES else client.post
    assert asked(at(name, *args)).status_code == 403


@pytest.mark.parametrize("name", ["case", "filing", "back", "drop"])
def test_what_nobody_knows_is_not_there(kaede, name):
    asked = kaede.get if name in PAGES else kaede.post
    assert asked(at(name, "x")).status_code == 404


# -- people who live here --------------------------------------------------------------------------


SEEN = {"notifier": "SELF", "identity_seen": "on", "signed": "on", "filed_on": "2026-11-27"}


@pytest.fixture
def home(kaede, case_id):
    """A family that has moved in: its page, and its people."""
    kaede.post(at("case", case_id), ONCE)
    row = Filing.objects.get()
    people = list(row.persons.order_by("row_id").values_list("person_id", flat=True))
    return at("household", row.household_no), people


def test_a_household_moves_within_the_town(kaede, home):
    url, people = home
    assert "転居届" in text(kaede.get(url)) and "港" in text(kaede.get(url))
    given = SEEN | {"kind": "CHANGE_ADDRESS", "person": people, "happened_on": "2026-11-27",
                    "postcode": "894-2101", "address": "鹿児島県大島郡瀬戸内町大字諸鈍1番地"}  # fmt: skip
    answer = kaede.post(url, given)
    assert answer.status_code == 302, text(answer)
    assert "諸鈍" in text(kaede.get(answer.url)) and "水道をやめる届け" in text(
        kaede.get(answer.url)
    )


def test_one_of_them_moves_out_and_one_gets_a_household_of_her_own(kaede, home):
    url, people = home
    leaves = SEEN | {
        "kind": "MOVE_OUT",
        "person": people[1:2],
        "happened_on": "2026-12-10",
        "to": "みどり市",
    }
    filed = kaede.post(url, leaves)
    assert filed.status_code == 302
    # The 転出証明書 is one press away, of the very person who leaves.
    (link,) = re.findall(r'href="([^"]+kind=move_out)"', text(kaede.get(filed.url)))
    assert people[1] in link and kaede.get(link.replace("&amp;", "&")).status_code == 200
    split = SEEN | {"kind": "HOUSEHOLD", "person": people[4:], "happened_on": "2026-11-27",
                    f"as_{people[4]}": "世帯主"}  # fmt: skip
    assert kaede.post(url, split).status_code == 302


def test_a_death_asks_its_alert_and_a_removal_its_ground(kaede, home):
    url, people = home
    gone = {"kind": "EX_OFFICIO", "person": people[4:], "happened_on": "2026-11-27"}
    assert "MOVE_GROUND_MISSING" in text(kaede.post(url, gone))
    assert kaede.post(url, gone | {"ground": "記録書3号"}).status_code == 302
    dead = {
        "kind": "DEATH",
        "person": people[:1],
        "happened_on": "2026-11-26",
        "filed_on": "2026-11-27",
    }
    answer = kaede.post(url, dead)
    (alert,) = re.findall(r'name="(pass_[A-Z_]+)"', text(answer))
    assert kaede.post(url, dead | {alert: "on"}).status_code == 302
    due = Filing.objects.get(kind="DEATH").tasks.values_list("code", flat=True)
    assert list(due) == ["TAX_HEIR"]  # forty years old, and no age of the others comes in


def test_the_new_town_says_where_and_when_for_whom_it_names(kaede, home):
    url, people = home
    filed = kaede.post(url, SEEN | {"kind": "MOVE_OUT", "person": people[3:], "to": "みどり市",
                                    "happened_on": "2026-11-27"})  # fmt: skip
    arrived = filed.url + "arrived/"
    wrong = text(kaede.post(arrived, {"moved_in_on": "soon", "to": ""}))
    assert all(code in wrong for code in ("DATE_UNREADABLE", "NOBODY_CHOSEN", "BLANK_FORBIDDEN"))
    told = {"person": people[3:4], "moved_in_on": "2026-11-27", "to": "みどり市緑町9番"}
    answer = kaede.post(arrived, told)
    assert answer.status_code == 302 and "転入通知" in text(kaede.get(answer.url))
    # Of the other one the town has said nothing, and a second notice for the first is none.
    assert text(kaede.get(filed.url)).count('name="person"') == 1
    assert "NOBODY_CHOSEN" in text(kaede.post(arrived, told))
    assert kaede.post(at("filing", "x") + "arrived/", told).status_code == 404
    protect(people[4])
    assert kaede.post(arrived, told | {"person": people[4:]}).status_code == 404
    staff.signed_in(kaede, staff.tsuru())
    assert kaede.post(arrived, told).status_code == 403


CHILD = {"name": "港　渦", "name_kana": "ミナト　ウズ", "sex": "FEMALE", "relationship": "子",
         "honseki": "福岡県みどり市緑町1番地", "hittosha": "港　渚", "filed_on": "2026-11-27",
         "happened_on": "令和8年11月25日", "resident_code": resident_code(900)}  # fmt: skip


def test_a_child_is_born_and_somebody_is_entered_by_authority(kaede, home):
    url, _people = home
    enter = url + "enter/"
    page = text(kaede.get(enter))
    assert (
        'value="福岡県みどり市緑町1番地"' in page and "港" in page and enter in text(kaede.get(url))
    )
    answer = kaede.post(enter, CHILD | {"kind": "BIRTH"})
    assert answer.status_code == 302, text(answer)
    assert "渦" in text(kaede.get(answer.url)) and "出生" in text(kaede.get(answer.url))
    born = Filing.objects.get(kind="BIRTH")
    (child,) = born.persons.values_list("person_id", flat=True)
    due = {(one.code, one.person_id, str(one.due_on)) for one in born.tasks.all()}
    assert due == {
        ("CHILD_ALLOWANCE", "", "2026-12-10"), ("CHILD_MEDICAL", child, "2026-12-11"),
        ("NEWBORN_VISIT", child, "2027-03-25"),
    }  # fmt: skip
    other = CHILD | {"kind": "EX_OFFICIO", "name": "港　澪", "birth": "平成20年1月2日",
                     "happened_on": "2026-11-20", "resident_code": resident_code(901)}  # fmt: skip
    assert "MOVE_GROUND_MISSING" in text(kaede.post(enter, other))
    assert kaede.post(enter, other | {"ground": "記録書4号"}).status_code == 302
    assert Filing.objects.filter(kind__in=["BIRTH", "EX_OFFICIO"]).count() == 2


def test_a_child_of_foreign_residents_has_no_family_register(kaede, home):
    url, _people = home
    enter = url + "enter/"
    page = text(kaede.get(enter, {"kind": "BIRTH", "group": "FOREIGN"}))
    assert 'name="nationality"' in page and 'name="honseki"' not in page and "経過滞在者" in page
    child = CHILD | {"kind": "BIRTH", "group": "FOREIGN", "name": "", "name_alphabet": "SANTOS UMI",
                     "nationality": "フィリピン"}  # fmt: skip
    assert "BLANK_FORBIDDEN" in text(kaede.post(enter, child | {"nationality": ""}))
    answer = kaede.post(enter, child)
    assert answer.status_code == 302, text(answer)
    (entered,) = Filing.objects.get(kind="BIRTH").persons.values_list("person_id", flat=True)
    row = persons_of([entered])[entered]
    assert (row.name_alphabet, row.nationality, row.stay_class) == ("SANTOS UMI", "フィリピン", "TRANSITIONAL")  # fmt: skip
    assert (row.honseki, row.hittosha, row.nationality_group) == ("", "", "FOREIGN")


def test_who_enters_a_household_bad_input_unknown_held_and_the_wrong_role(kaede, home):
    url, people = home
    enter = url + "enter/"
    wrong = text(
        kaede.post(enter, CHILD | {"name": "", "relationship": "犬", "resident_code": "1"})
    )
    assert (
        "BLANK_FORBIDDEN" in wrong and "港　渚" in wrong and not Filing.objects.filter(kind="BIRTH")
    )
    assert "DATE_UNREADABLE" in text(kaede.post(enter, CHILD | {"filed_on": "soon"}))
    assert kaede.get(at("entering", "000000000000019")).status_code == 404
    for one in people:
        protect(one)
    assert kaede.get(enter).status_code == kaede.post(enter, CHILD).status_code == 404
    staff.signed_in(kaede, staff.tsuru())
    assert kaede.get(enter).status_code == 403


def test_another_head_and_nobody_goes_anywhere(kaede, home):
    url, people = home
    given = SEEN | {"kind": "HOUSEHOLD", "stays": "on", "happened_on": "2026-11-27"}
    assert "MOVE_NO_STANDING" in text(kaede.post(url, given))
    stand = {f"as_{people[0]}": "夫", f"as_{people[1]}": "世帯主"}
    answer = kaede.post(url, given | stand)
    assert answer.status_code == 302, text(answer)
    assert "波" in text(kaede.get(url)).split("の世帯")[0]


@pytest.mark.parametrize(
    ("given", "code"),
    [({"person": []}, "NOBODY_CHOSEN"), ({"signed": ""}, "BLANK_FORBIDDEN"),
     ({"notifier": "DOG"}, "BAD_INPUT"), ({"filed_on": "soon"}, "DATE_UNREADABLE"),
     ({"person": ["0" * 15]}, "NOBODY_CHOSEN")],
)  # fmt: skip
def test_bad_input_for_a_household_is_said(kaede, home, given, code):
    url, people = home
    answer = kaede.post(url, SEEN | {"kind": "CHANGE_ADDRESS", "person": people} | given)
    assert answer.status_code == 422 and code in text(answer)


def test_an_unknown_or_held_household_and_the_wrong_role(kaede, home):
    url, people = home
    assert kaede.get(at("household", "0" * 15)).status_code == 404
    for one in people:
        protect(one)
    assert kaede.get(url).status_code == 404
    staff.signed_in(kaede, staff.tsuru())
    assert kaede.get(url).status_code == 403


# -- the queues ------------------------------------------------------------------------------------


def test_a_section_sees_and_ends_its_tasks(kaede, case_id):
    kaede.post(at("case", case_id), ONCE)
    page = text(kaede.get(at("tasks"), {"section": "CHILDREN"}))
    assert "児童手当の認定請求" in page and "対面" in page and "水道を使い始める届け" not in page
    allowance = Task.objects.get(code="CHILD_ALLOWANCE").task_id
    given = {"state": "DONE", "section": "CHILDREN"}
    assert "MOVE_TASK_WANTS_EYES" in text(kaede.post(at("task", allowance), given))
    answer = kaede.post(at("task", allowance), given | {"seen": "on"})
    assert answer.status_code == 302 and answer.url.endswith("section=CHILDREN")
    assert kaede.post(at("task", allowance), given).status_code == 422
    assert kaede.post(at("task", "x"), given).status_code == 404
    assert kaede.post(at("task", allowance), {"state": "DOG"}).status_code == 422


# -- a protected family ----------------------------------------------------------------------------


def test_a_protected_family_is_filed_held_and_nobody_else_sees_it(client):
    with frozen(moment("2026-11-27T10:00")):
        ensure_channels()
        senior = staff.signed_in(client, staff.nagi())
        case_id = opened(senior, protected="on")
        assert "支援措置の家族です" in text(senior.get(at("case", case_id)))
        assert "MOVE_SHELTER_MISSING" in text(senior.post(at("case", case_id), ONCE))
        answer = senior.post(at("case", case_id), ONCE | {"shelter": "PARTNER_VIOLENCE"})
        assert answer.status_code == 302, text(answer)
        filed = answer.url
        assert senior.get(filed).status_code == 200
        kaede = staff.signed_in(client, staff.kaede())
        assert kaede.get(filed).status_code == 404
        assert "港" not in text(kaede.get(at("tasks")))


def test_a_protected_case_is_not_there_for_others(client):
    with frozen(moment("2026-11-27T10:00")):
        senior = staff.signed_in(client, staff.nagi())
        case_id = opened(senior, protected="on")
        kaede = staff.signed_in(client, staff.kaede())
        assert kaede.get(at("case", case_id)).status_code == 404
        assert kaede.post(at("drop", case_id)).status_code == 404
        assert "港" not in text(kaede.get(at("cases")))
        # Not even by bringing the same file.
        again = kaede.post(
            at("cases"), {"arrival": "SPECIAL", "count": "1", "notice": file_of(notice())}
        )
        assert again.status_code == 302


def test_who_is_held_later_takes_the_filing_out_of_sight(kaede, case_id):
    answer = kaede.post(at("case", case_id), ONCE)
    protect(Filing.objects.get().persons.first().person_id)
    assert kaede.get(answer.url).status_code == 404
    assert "港" not in text(kaede.get(at("tasks")))


def test_what_was_done_is_on_record(kaede, case_id):
    answer = kaede.post(at("case", case_id), ONCE)
    kaede.get(answer.url)
    kaede.get(at("tasks"))
    said = {one.note.action for one in list_entries(wanted=EntryFilter()).entries}
    assert {"MOVE_CASE_OPENED", "MOVE_IN_FILED"} <= said
