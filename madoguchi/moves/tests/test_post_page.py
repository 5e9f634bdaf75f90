"""The page of the exchange: works, wrong role, unknown, bad input, protected (送受信の画面)."""

import contextlib
import json
import re

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.infra.clock import frozen
from madoguchi.moves import jobs
from madoguchi.moves.domain.messages import MessageKind
from madoguchi.moves.models import FieldSource, Filing, MoveCase, PostFile, PostMessage
from madoguchi.moves.queries.post import GAP_AFTER
from madoguchi.moves.testing import FAMILY
from madoguchi.moves.tests.post import NOW, OTHER, leaving, message, portal_file
from madoguchi.moves.tests.test_web import ONCE
from madoguchi.protection.testing import protect
from madoguchi.register.testing import resident_code

pytestmark = pytest.mark.django_db
URL = "/moves/post/"


@pytest.fixture
def kaede(client, line):
    with frozen(NOW):
        yield staff.signed_in(client, staff.kaede())


def bare(answer):
    return re.sub(r'(csrfmiddlewaretoken" value="|CSRFToken": ")[^"]+', "", answer.text)


def press(desk, name="post_take", row=None, **given):
    row = row or PostMessage.objects.get(way="IN")
    return desk.post(reverse(f"moves:{name}", args=[row.message_id]), given)


def test_one_press_opens_the_family_and_the_filing_answers_the_old_town(kaede, line):
    line.bring(message(1)[1])
    line.round()
    shown = kaede.get(URL).text
    assert "転出証明書情報" in shown and "受付を開く" in shown and "港" in shown
    assert "1件" in kaede.get("/moves/").text and "届いた1件" in kaede.get("/desk/").text
    case = press(kaede)
    assert case.status_code == 302 and MoveCase.objects.count() == 1
    page = kaede.get(case.url).text
    assert "転出証明書情報" in page and "足りない項目" not in page
    filed = kaede.post(case.url, ONCE)
    assert filed.status_code == 302, filed.text
    line.round()
    (sent,) = line.sent()
    assert (sent["kind"], sent["body"]["ref"], len(sent["body"]["people"])) == (
        "MOVE_IN_NOTICE",
        "r1",
        5,
    )
    assert "転入通知" in kaede.get(filed.url).text and "送った" in kaede.get(filed.url).text
    assert "送った" in kaede.get(URL).text and press(kaede).status_code == 422
    kaede.post(filed.url + "back/", {"ground": "別の人"})
    assert "みどり市に電話で伝えて" in kaede.get(filed.url).text
    told_on = set(FieldSource.objects.filter(evidence="NOTICE").values_list("told_on", flat=True))
    assert told_on == {NOW.date()}


@pytest.mark.parametrize("pressed", ["MOVE_OUT_NOTICE", "PORTAL_VISIT"])
def test_a_visit_told_by_the_portal_stands_beside_the_old_towns_data(kaede, line, pressed):
    line.bring(portal_file(places=(0,)), to="portal")
    line.bring(message(1)[1])
    line.round()
    row = PostMessage.objects.get(kind=pressed)
    case = press(kaede, row=row)
    assert set(PostMessage.objects.values_list("state", "case_id")) == {
        ("DONE", case.url.split("/")[-2])
    }
    page = kaede.get(case.url).text
    assert "古仁屋船津23番地" in page and "マイナポータル" in page and "家での下書き：" not in page
    kaede.post(case.url, ONCE)
    told = dict(FieldSource.objects.filter(person_id="").values_list("item", "evidence"))
    assert told["address"] == "PORTAL" and told["previous_address"] == "NOTICE"


def test_the_old_towns_data_that_comes_later_joins_the_case_that_is_open(kaede, line):
    line.bring(portal_file(places=(0,)), to="portal")
    line.round()
    case = press(kaede)
    assert "足りない項目" in kaede.get(case.url).text and "R8.11.20" in kaede.get(case.url).text
    line.bring(message(1)[1])
    line.round()
    assert press(kaede, row=PostMessage.objects.get(kind="MOVE_OUT_NOTICE")).url == case.url
    page = kaede.get(case.url).text
    assert MoveCase.objects.count() == 1 and "足りない項目" not in page
    assert "古仁屋船津23番地" in page
    # The same family by another message is no second case, and no third.
    line.bring(message(2, body=leaving(ref="r2"))[1])
    line.round()
    again = press(kaede, row=PostMessage.objects.get(number=2))
    assert again.status_code == 422 and "MOVE_CASE_THERE_ALREADY" in again.text


def test_a_move_out_by_the_portal_opens_the_home_it_is_about(kaede, line, counter):
    counter.move_in()
    line.bring(portal_file(kind="MOVE_OUT", moved_on="2026-12-05", address="福岡県みどり市緑町9番",
                           places=(0, 1)), to="portal")  # fmt: skip
    line.round()
    opened = press(kaede, row=PostMessage.objects.get(kind="PORTAL_MOVE_OUT"))
    whose = kaede.get(opened.url, follow=True)
    assert "だれの届出か" in whose.text and "マイナポータル" in whose.text
    home = whose.context["homes"][0].household_no
    url = f"/moves/household/{home}/?kind=MOVE_OUT&case={opened.url.split('/')[-2]}"
    page = kaede.get(url)
    assert page.context["values"]["to"] == "福岡県みどり市緑町9番"
    given = page.context["values"] | {
        "pass_HEAD_LEAVES_TWO_OR_MORE": "on", "kind": "MOVE_OUT", "case": opened.url.split("/")[-2], "identity_seen": "on", "signed": "on",
        "notifier": "SELF", "person": [one.person_id for one, is_on, _ in page.context["people"] if is_on],
    }  # fmt: skip
    filed = kaede.post(url.partition("?")[0], given)
    assert filed.status_code == 302, filed.text
    row = Filing.objects.get(kind="MOVE_OUT")
    assert row.persons.count() == 2
    assert set(row.sources.values_list("item", "evidence")) == {
        ("moved_on", "PORTAL"),
        ("to", "PORTAL"),
    }
    assert PostMessage.objects.filter(way="OUT", about=row.filing_id).exists()


def test_a_notice_of_the_new_town_is_filed_at_one_press(kaede, line, counter):
    people = counter.move_in(previous_address="東京都").person_ids
    (home,) = {one.household_no for one in Filing.objects.all()}
    kaede.post(f"/moves/household/{home}/", {
        "kind": "MOVE_OUT", "person": list(people.values()), "happened_on": "2026-11-27",
        "to": "福岡県みどり市緑町9番", "filed_on": "2026-11-27", "identity_seen": "on", "signed": "on",
        "notifier": "SELF"})  # fmt: skip
    left = Filing.objects.get(kind="MOVE_OUT")
    body = {"ref": left.filing_id, "moved_in_on": "2026-11-27", "to": "福岡県みどり市緑町9番",
            "people": [{"name": FAMILY[0][0], "birth": FAMILY[0][2],
                        "resident_code": resident_code(500)}]}  # fmt: skip
    line.bring(message(1, kind=MessageKind.MOVE_IN_NOTICE, body=body)[1])
    line.round()
    answer = press(kaede)
    assert answer.status_code == 302, answer.text
    confirmed = Filing.objects.get(kind="CONFIRM_MOVE_OUT")
    assert [one.person_id for one in confirmed.persons.all()] == [people["1"]]


def test_a_notice_about_nobody_here_says_what_to_do_and_is_settled_otherwise(kaede, line):
    body = {"ref": "", "moved_in_on": "2026-11-27", "to": "みどり市", "people": [
        {"name": "犬　山", "birth": "昭和60年6月1日", "resident_code": ""}]}  # fmt: skip
    line.bring(message(1, kind=MessageKind.MOVE_IN_NOTICE, body=body)[1])
    line.round()
    refused = press(kaede)
    assert refused.status_code == 422 and "MOVE_POST_NOBODY_AWAITED" in refused.text
    assert press(kaede, "post_settle").status_code == 302
    assert PostMessage.objects.get().state == "DONE"


def test_what_is_wrong_is_on_three_pages_with_what_to_do_until_it_is_settled(kaede, line):
    for url in ("/moves/", "/desk/"):
        assert "うまくいっていない" not in kaede.get(url).text
    line.bring(message(1, signer=OTHER)[1])
    line.round()
    for url in (URL, "/moves/", "/desk/"):
        assert "うまくいっていない" in kaede.get(url).text
    page = kaede.get(URL)
    assert "MOVE_POST_ALTERED" in page.text and "港" not in page.text
    (fault, _said) = page.context["faults"][0]
    answer = kaede.post(reverse("moves:post_file", args=[fault.file_id]))
    assert answer.status_code == 302
    assert "うまくいっていない" not in kaede.get(URL).text
    assert kaede.post(reverse("moves:post_file", args=[fault.file_id])).status_code == 404


NAMES = ("schema", "people", "old_town", "planned_move_out_on", "name", "birth", "resident_code")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda one: st.lists(one, max_size=3)
    | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), one, max_size=3),
    max_leaves=8,
)  # fmt: skip


NOTICE = st.fixed_dictionaries(
    {"schema": st.just("madoguchi.move_out/1"),
     "people": st.lists(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=9) | JSON), max_size=3)},
    optional=dict.fromkeys(NAMES[2:4], JSON),
)  # fmt: skip


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(kind=st.sampled_from(MessageKind), base=st.booleans(), more=st.dictionaries(st.text(max_size=5), JSON, max_size=3),
       notice=JSON | NOTICE)  # fmt: skip
def test_m19_whatever_a_known_town_signs_or_the_portal_brings_the_round_and_the_page_stand(
    kaede, line, kind, base, more, notice
):
    for model in (PostMessage, PostFile, MoveCase):
        model.objects.all().delete()
    body = ({"ref": "r", "notice": notice} if base else {}) | more
    with contextlib.suppress(UnicodeEncodeError):  # half a character is in no file
        line.bring(message(1, kind=kind, body=body)[1])
    people = notice if base else [more]
    line.bring(json.dumps({"schema": "madoguchi.portal/1", "filings": [
        {"number": 1, "kind": "VISIT", "sent_at": "2026-11-26", "people": people}, more,
    ][: 1 if base else 2]}).encode(), to="portal")  # fmt: skip
    line.round()
    assert line.post.waiting() == line.portal.waiting() == ()
    assert kaede.get(URL).status_code == 200
    for row in PostMessage.objects.filter(state="WAITING"):
        assert press(kaede, row=row).status_code in (302, 422)


def test_a_file_nobody_foresaw_stays_and_the_others_go_on(kaede, line, monkeypatch):
    kept = jobs.take_file

    def take(*, name, **given):
        if name == "a.json":
            raise ZeroDivisionError
        return kept(name=name, **given)

    monkeypatch.setattr(jobs, "take_file", take)
    line.bring(message(1)[1])
    line.bring(message(2, body=leaving(0))[1], name="b.json")
    with pytest.raises(jobs.FilesLeftError, match="ZeroDivisionError"):
        line.round()
    assert [one.number for one in PostMessage.objects.all()] == [2]
    assert line.post.waiting() == ("a.json",)


def test_a_number_that_never_came_is_settled_and_taken_all_the_same_if_it_comes(kaede, line):
    line.bring(message(3)[1])
    line.round(at=NOW - GAP_AFTER * 2)
    page = kaede.get(URL).text
    assert "第1号が届いていません" in page and "第2号が届いていません" in page
    url = reverse("moves:post_gap")
    assert kaede.post(url, {"town": "401307", "number": "1"}).status_code == 302
    for wrong, status in ({"number": "1"}, 404), ({"number": "9"}, 404), ({"number": "犬"}, 422):
        assert kaede.post(url, {"town": "401307", **wrong}).status_code == status
    page = kaede.get(URL).text
    assert "第1号が" not in page and "第2号が" in page
    line.bring(message(1, body=leaving(0))[1])
    line.round()
    assert PostMessage.objects.count() == 2
    staff.signed_in(kaede, staff.tsuru())
    assert kaede.post(url, {"town": "401307", "number": "2"}).status_code == 403


def test_a_request_that_came_is_seen_to_by_a_person(kaede, line):
    body = {"name": "港　渚", "birth": "1985-06-01", "previous_address": "瀬戸内町古仁屋1",
            "moved_in_on": "2026-11-20", "deadline": "2026-12-04"}  # fmt: skip
    line.bring(message(1, kind=MessageKind.CERTIFICATE_REQUEST, body=body)[1])
    line.round()
    assert "転出証明書の請求" in kaede.get(URL).text
    assert press(kaede).status_code == 302 and "送った・すんだ" in kaede.get(URL).text


def test_the_wrong_role_an_unknown_one_and_bad_input(kaede, line):
    line.bring(message(1)[1])
    line.round()
    row = PostMessage.objects.get()
    for name in ("post_take", "post_settle", "post_file"):
        assert kaede.post(reverse(f"moves:{name}", args=["nobody"])).status_code == 404
    assert press(kaede, "post_settle", held="drop").status_code == 404  # it is not held
    assert press(kaede, "post_settle", held="犬").status_code == 302  # as without
    staff.signed_in(kaede, staff.tsuru())
    assert kaede.get(URL).status_code == 403
    for name in ("post_take", "post_settle", "post_file"):
        assert press(kaede, name, row).status_code == 403


def test_of_somebody_held_nothing_shows_counts_or_opens(kaede, line, counter):
    person = counter.move_in(0).person_ids["1"]
    line.bring(message(1, body=leaving(0))[1])
    line.round()
    protect(person)
    row = PostMessage.objects.get(way="IN")
    page = kaede.get(URL)
    assert "港" not in page.text and "件が待っています" not in page.text
    pressed = press(kaede, row=row)
    assert pressed.status_code == press(kaede, "post_settle", row).status_code == 404
    nobody = kaede.post(reverse("moves:post_take", args=["nobody"]))
    assert (nobody.status_code, bare(nobody)) == (404, bare(pressed))
    assert "届いた" not in kaede.get("/desk/").text
    with frozen(NOW):
        nagi = staff.signed_in(kaede, staff.nagi())
        assert "港" in nagi.get(URL).text
        looks = [one.note for one in list_entries(wanted=EntryFilter()).entries]
        assert next(one for one in looks if person in one.subjects).action == "MOVE_POST"
        assert press(nagi, row=row).status_code in (302, 422)


def test_what_is_held_back_is_shown_to_whoever_may_decide(kaede, line, counter):
    protect(counter.move_in(0).person_ids["1"])
    line.round()
    row = PostMessage.objects.get()
    assert row.state == "HELD" and "港" not in kaede.get(URL).text
    assert press(kaede, "post_settle", row, held="drop").status_code == 404
    nagi = staff.signed_in(kaede, staff.nagi())
    assert "支援措置のため止めています" in nagi.get(URL).text
    assert press(nagi, "post_settle", row, held="again").status_code == 302
    line.round()
    assert PostMessage.objects.get().state == "HELD" and line.sent() == []
    assert press(nagi, "post_settle", row, held="drop").status_code == 302
    line.round()
    assert PostMessage.objects.get().state == "DROPPED" and line.sent() == []
