"""The pages: works, wrong role, somebody else's, bad input, protected person."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.addressees import testing as t
from madoguchi.addressees.models import Entry, List, StayRow
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.infra.clock import frozen
from madoguchi.protection.testing import protect
from madoguchi.register.testing import Status

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"addressees:{name}", args=args)


def text(answer):
    return answer.content.decode()


@pytest.fixture
def kaede(client):
    with frozen(t.NOW):
        yield staff.signed_in(client, staff.kaede())


@pytest.fixture
def nagi(client):
    with frozen(t.NOW):
        yield staff.signed_in(client, staff.nagi())


@pytest.fixture
def list_id(db):
    with frozen(t.NOW):
        t.settle()
        return t.a_list()


def upload(*rows, headings=t.HEADINGS):
    return SimpleUploadedFile("list.csv", t.a_file(*rows, headings=headings).read())


def is_on_record(screen, person_id):
    return bool(list_entries(wanted=EntryFilter(person_id=person_id, action=screen)).entries)


# -- works -----------------------------------------------------------------------------------


def test_from_the_file_to_the_worklist_by_the_keyboard(kaede):
    t.settle()
    given = {"name": "11月", "how": "check"}
    tried = text(kaede.post(at("take_in"), {**given, "listed": upload(*t.ROWS)}))
    assert "5行を読みました" in tried and "自動で決まる 2行" in tried
    assert not List.objects.exists()
    marks = {"print": re.search('name="print" value="([^"]+)"', tried)[1]}
    for place, meant in enumerate(("id", "name", "kana", "birth", "address", "notice_no")):
        assert re.search(f'name="column-{place}".*?value="{meant}" selected', tried, re.DOTALL)
        marks[f"column-{place}"] = meant
    tried = text(kaede.post(at("take_in"), {**given, **marks, "listed": upload(*t.ROWS)}))
    assert 'value="load" data-main' in tried
    given["how"] = "load"
    done = kaede.post(at("take_in"), {**given, **marks, "listed": upload(*t.ROWS)})
    kept = List.objects.get()
    assert done.url == at("list", kept.list_id)
    assert "2行を確かめる" in text(kaede.get(at("lists")))
    shown = text(kaede.get(at("review", kept.list_id)))
    assert 'data-key="1"' in shown and 'data-key="0"' in shown
    assert "生年月日が1か所ちがう" in shown and "生年月日が同じと言えない" in shown
    entry = t.entry_of(kept.list_id, "2")
    kaede.post(at("choose", entry.entry_id), {"person_id": t.KOHEI})
    shown = text(kaede.get(at("review", kept.list_id)))
    assert "4行目" not in shown.split("<h1>")[0] and "渚" in shown and 'data-key="z"' in shown
    entry = t.entry_of(kept.list_id, "4")
    kaede.post(at("choose", entry.entry_id), {"person_id": ""})
    shown = text(kaede.get(at("review", kept.list_id)))
    assert "確かめる行はありません" in shown and "1行が、二人目を待っています" in shown
    assert "住民記録と送付先がちがう行だけ" in text(kaede.get(at("worklist", kept.list_id)))


def test_what_differs_is_marked_and_ways_of_writing_are_not(kaede, list_id):
    shown = text(kaede.get(at("review", list_id)))
    # 昭和63年7月21日 beside 昭和63年7月20日: one letter is another.
    assert '昭和63年7月2<b class="differs">0</b>日' in shown
    assert '<b class="differs">' not in shown.split("昭和63年7月2")[0]


def test_a_second_person_is_told_why_and_settles_it(client, kaede, list_id):
    entry = t.entry_of(list_id, "2")
    kaede.post(at("choose", entry.entry_id), {"person_id": t.KOHEI})
    nagi = staff.signed_in(client, staff.nagi())
    assert "二人目の確認" in text(nagi.get(at("review", list_id)))
    nagi.post(at("choose", entry.entry_id), {"person_id": t.KOHEI})
    assert t.entry_of(list_id, "2").means == "TWO_PERSONS"


def test_a_stay_brings_a_row_that_is_written_back_and_taken_back(kaede, list_id):
    given = {
        "person_id": t.AOI,
        "address": "鹿児島県奄美市名瀬1番1号",
        "since": "R9.1.18",
        "until": "",
    }
    assert kaede.post(at("stays"), given).status_code == 302
    shown = text(kaede.get(at("worklist", list_id)))
    assert "鹿児島県奄美市名瀬1番1号" in shown and "居所がある" in shown
    task = re.search('name="task" value="([^"]+)"', shown)[1]
    assert kaede.post(at("write", list_id), {"task": [task]}).status_code == 302
    assert t.entry_of(list_id, "1").sent_to == "鹿児島県奄美市名瀬1番1号"
    shown = text(kaede.get(at("worklist", list_id)))
    done = re.search('name="write_back_id" value="([^"]+)"', shown)[1]
    kaede.post(at("undo_write", list_id), {"write_back_id": done})
    assert t.entry_of(list_id, "1").sent_to == "古仁屋高丘45-6"
    stay = StayRow.objects.get()
    kaede.post(at("end_stay", stay.stay_id))
    assert "終える" not in text(kaede.get(at("stays")))


def test_whoever_looks_is_written_down(kaede, list_id):
    assert not is_on_record("ADDRESSEES_REVIEW", t.KOHEI)
    kaede.get(at("review", list_id))
    assert is_on_record("ADDRESSEES_REVIEW", t.KOHEI)
    kaede.get(at("list", list_id), {"state": "LINKED"})
    assert is_on_record("ADDRESSEES_LIST", t.AOI) and is_on_record("ADDRESSEES_LIST", t.RIN)


def test_a_wrong_choice_is_undone_and_a_list_closed(kaede, list_id):
    entry = t.entry_of(list_id, "4")
    kaede.post(at("choose", entry.entry_id), {"person_id": ""})
    shown = text(kaede.get(at("review", list_id)))
    choice = re.search('name="choice_id" value="([0-9]+)"', shown)[1]
    kaede.post(at("undo", list_id), {"choice_id": choice})
    assert t.entry_of(list_id, "4").state == "REVIEW"
    assert kaede.post(at("close", list_id)).url == at("lists")
    assert "閉じた" in text(kaede.get(at("lists")))


def test_weights_are_shown_and_too_few_decisions_teach_nothing(nagi, list_id):
    shown = text(nagi.get(at("weights")))
    assert "生年月日が同じ" in shown and "+14.8" in shown
    answer = nagi.post(at("learn"))
    assert answer.status_code == 422 and "30件たまってから" in text(answer)


# -- wrong role ------------------------------------------------------------------------------

READ = ["lists", "take_in", "weights", "stays"]
OF_LIST = ["list", "review", "worklist"]


@pytest.mark.parametrize("name", READ)
def test_another_section_sees_nothing(client, name):
    tsuru = staff.signed_in(client, staff.tsuru())
    assert tsuru.get(at(name)).status_code == 403


@pytest.mark.parametrize("name", OF_LIST)
def test_another_section_sees_nothing_of_a_list(client, list_id, name):
    tsuru = staff.signed_in(client, staff.tsuru())
    assert tsuru.get(at(name, list_id)).status_code == 403


def test_a_clerk_adopts_no_weights(kaede):
    assert kaede.post(at("learn")).status_code == 403
    assert kaede.post(at("adopt", "x")).status_code == 403


# -- somebody else's object, bad input -------------------------------------------------------


@pytest.mark.parametrize("name", OF_LIST)
def test_an_unknown_list_is_not_there(kaede, name):
    assert kaede.get(at(name, "nothing")).status_code == 404


@pytest.mark.parametrize("name", ["choose", "look_again"])
def test_an_unknown_row_is_not_there(kaede, name):
    assert kaede.post(at(name, "nothing"), {"person_id": t.AOI}).status_code == 404


def test_a_decision_of_somebody_else_stays(client, kaede, list_id):
    entry = t.entry_of(list_id, "4")
    kaede.post(at("choose", entry.entry_id), {"person_id": ""})
    choice = entry.choices.get().choice_id
    nagi = staff.signed_in(client, staff.nagi())
    answer = nagi.post(at("undo", list_id), {"choice_id": str(choice)})
    assert answer.status_code == 422
    assert t.entry_of(list_id, "4").state == "NOBODY"


@pytest.mark.parametrize(
    ("name", "given"),
    [("undo", {"choice_id": "x"}), ("write", {}), ("write", {"task": ["?", "a b"]}),
     ("undo_write", {"write_back_id": "?"})],
)  # fmt: skip
def test_what_makes_no_sense_is_told(kaede, list_id, name, given):
    assert kaede.post(at(name, list_id), given).status_code == 422


def test_somebody_who_is_no_candidate_is_refused(kaede, list_id):
    entry = t.entry_of(list_id, "2")
    answer = kaede.post(at("choose", entry.entry_id), {"person_id": t.UME})
    assert answer.status_code == 422 and "候補ではありません" in text(answer)


def test_a_file_that_is_none_is_told_beside_its_field(kaede):
    answer = kaede.post(at("take_in"), {"name": "", "how": "check"})
    assert answer.status_code == 422
    given = {"name": "x", "how": "check", "listed": SimpleUploadedFile("x.csv", b"\x81")}
    assert "文字コード" in text(kaede.post(at("take_in"), given))


def test_columns_of_another_file_load_nothing(kaede):
    t.settle()
    given = {"name": "x", "how": "load", "print": "0" * 16, "listed": upload(*t.ROWS)}
    assert kaede.post(at("take_in"), given).status_code == 200
    assert not List.objects.exists()


def test_a_stay_without_sense_is_told_whole(kaede):
    answer = kaede.post(at("stays"), {"person_id": "1", "address": "", "since": "x", "until": ""})
    assert answer.status_code == 422 and not StayRow.objects.exists()


# -- protected person ------------------------------------------------------------------------


def test_s7_a_protected_person_is_on_no_page_of_a_clerk(client, kaede, list_id):
    protect(t.KOHEI)
    protect(t.AOI)
    StayRow.objects.create(stay_id="s", person_id=t.AOI, address="名瀬", since=t.TODAY,
                           noted_by="nagi", noted_at=t.NOW)  # fmt: skip
    pages = [at("lists"), at("stays"), at("review", list_id), at("worklist", list_id),
             *(f"{at('list', list_id)}?state={state}" for state in ("LINKED", "REVIEW"))]  # fmt: skip
    shown = "".join(text(kaede.get(page)) for page in pages)
    assert t.KOHEI not in shown and t.AOI not in shown
    assert "湊" not in shown and "海野" not in shown and "名瀬" not in shown
    entry = t.entry_of(list_id, "2")
    answer = kaede.post(at("choose", entry.entry_id), {"person_id": t.KOHEI})
    assert answer.status_code == 422 and "もう決まっています" in text(answer)
    nagi = staff.signed_in(client, staff.nagi())
    assert t.KOHEI in text(nagi.get(at("review", list_id)))
    held = text(nagi.get(at("worklist", list_id)))
    assert "送る前に確かめる人" in held and "古仁屋字高丘４５番地６" not in held


def test_who_died_is_named_so_beside_the_row(kaede):
    t.settle(**{t.UME: Status.DEAD})
    list_id = t.a_list("1,高崎 梅,,S6.3.9,久慈12,")
    shown = text(kaede.get(at("review", list_id)))
    assert "亡くなっている" in shown and "死亡" in shown
    assert Entry.objects.get().state == "REVIEW"


def test_a_long_worklist_comes_in_pages_and_each_is_written_back_by_itself(kaede, monkeypatch):
    monkeypatch.setattr("madoguchi.addressees.views.work.SHOWN_MAX", 1)
    with frozen(t.NOW):
        t.settle()
        rows = ["1,海野葵,,H2.4.12,手安1,", "2,湊 航平,,S63.7.20,手安1,"]
        kept = t.a_list(*rows)
        for row_id, person in (("1", t.AOI), ("2", t.KOHEI)):
            kaede.post(at("choose", t.entry_of(kept, row_id).entry_id), {"person_id": person})
    pages = [
        text(kaede.get(at("worklist", kept), {"page": number})) for number in ("1", "2", "9", "x")
    ]
    assert ["海野" in one for one in pages] == [True, False, True, True]
    assert all("2行" in one for one in pages)
    task = re.search(r'name="task" value="([^"]+)"', pages[1])[1]
    kaede.post(at("write", kept), {"task": task})
    left = text(kaede.get(at("worklist", kept)))
    assert "海野" in left and "湊" not in left and "page=" not in left
