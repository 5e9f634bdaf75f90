"""Files that come and go: every message once or listed, whatever happens on the way (送受信)."""

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.certificates.api import town_key
from madoguchi.dispatch.testing import RECEIPT_NO, parcel, parcel_state
from madoguchi.infra import clock, unit
from madoguchi.moves import jobs
from madoguchi.moves.actions import filing, receiving
from madoguchi.moves.domain.filing import Kind
from madoguchi.moves.domain.messages import MessageKind, read_message
from madoguchi.moves.domain.town_keys import read_town_keys
from madoguchi.moves.models import PostFile, PostMessage
from madoguchi.moves.queries import rulebook
from madoguchi.moves.queries.post import GAP_AFTER, ROWS_MAX, faults
from madoguchi.moves.testing import TODAY, told
from madoguchi.moves.tests.post import NOW, OTHER, leaving, message, portal_file, row_of
from madoguchi.protection.testing import protect
from madoguchi.register.api import filing as register
from madoguchi.register.testing import clerk

pytestmark = pytest.mark.django_db


def listed(at=NOW):
    return [one.problem.code for one in faults(now=at)]


def numbers(town="401307"):
    rows = PostMessage.objects.filter(way="IN", town=town)
    return sorted(rows.values_list("number", flat=True))


def test_a_message_is_taken_once_kept_as_it_came_and_let_go_of(line):
    _, data = message()
    line.bring(data)
    line.round()
    (row,) = PostMessage.objects.all()
    assert (row.town, row.number, row.state, bytes(row.file.raw)) == ("401307", 1, "WAITING", data)
    assert line.post.waiting() == () and listed() == []
    line.bring(data, name="b.json")
    line.round()
    assert PostMessage.objects.count() == 1 and PostFile.objects.get().copies == 2
    assert listed() == [] and line.post.waiting() == ()


@settings(max_examples=12, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(seed=st.integers(0, 10**6))
def test_m19_any_order_loss_doubling_and_damage_every_message_is_taken_once_or_listed(line, seed):
    PostMessage.objects.all().delete()
    PostFile.objects.all().delete()
    dice = random.Random(seed)
    sent = {n: message(n, body=leaving(n % 5, ref=f"r{n}"))[1] for n in range(1, 7)}
    lost = {n for n in sent if dice.random() < 0.25}
    damaged = {n for n in sent if n not in lost and dice.random() < 0.2}
    files = [(n, data[:-3] if n in damaged else data) for n, data in sent.items() if n not in lost]
    files += [one for one in files if dice.random() < 0.4]
    dice.shuffle(files)
    for at, (_, data) in enumerate(files):
        line.bring(data, name=f"{at}.json")
        if dice.random() < 0.5:
            line.round()
    line.round()
    whole = sorted(set(sent) - lost - damaged)
    assert numbers() == whole
    later = NOW + GAP_AFTER + timedelta(minutes=1)
    gaps = {
        one.problem.facts["number"]
        for one in faults(now=later)
        if one.problem.code == "MOVE_POST_GAP"
    }
    assert gaps == {str(n) for n in lost | damaged if whole and n < whole[-1]}
    assert listed(later).count("MOVE_POST_UNREADABLE") == len(damaged)
    # Sent again, everything is there and nothing is wrong but what a person has to settle.
    for n, data in sent.items():
        line.bring(data, name=f"again-{n}.json")
    line.round()
    assert numbers() == sorted(sent) and "MOVE_POST_GAP" not in listed(later)


def test_m19_a_number_with_another_content_is_listed_and_the_first_stays(line):
    line.bring(message(1)[1])
    line.round()
    line.bring(message(1, body=leaving(0))[1], name="b.json")
    line.bring(message(2, signer=OTHER)[1], name="c.json")
    line.round()
    assert sorted(listed()) == ["MOVE_POST_ALTERED", "MOVE_POST_NUMBER_TWICE"]
    assert len(PostMessage.objects.get().body["notice"]["people"]) == 5
    assert PostFile.objects.filter(raw=b"").count() == 0


@pytest.mark.parametrize("settled", [False, True])
def test_m19_what_was_refused_for_its_key_is_taken_when_it_is_sent_again_under_a_known_one(
    line, settled
):
    data = message(1, key=OTHER)[1]
    line.bring(data)
    line.round()
    assert listed() == ["MOVE_POST_KEY_UNKNOWN"] and numbers() == []
    if settled:
        with clock.frozen(NOW):
            row = PostFile.objects.get()
            unit.run(receiving.settle_file, file_id=row.file_id, actor=clerk(), now=NOW)
    line.bring(data)
    line.round()
    assert listed() == ([] if settled else ["MOVE_POST_KEY_UNKNOWN"]) and numbers() == []
    (line.folder / "town_keys.toml").write_text(row_of() + row_of(OTHER))
    rulebook.town_keys_book.cache_clear()
    line.bring(data)
    line.round()
    line.bring(data)
    line.round()
    assert listed() == [] and numbers() == [1]
    assert (bytes(PostFile.objects.get().raw), PostFile.objects.get().copies) == (data, 4)


def test_m19_a_fault_between_keeping_and_letting_go_loses_and_doubles_nothing(line, monkeypatch):
    line.bring(message(1)[1])
    with monkeypatch.context() as cut:
        cut.setattr(
            type(line.post), "settle", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            line.round()
    assert numbers() == [1] and line.post.waiting() == ("a.json",)
    line.round()
    assert numbers() == [1] and line.post.waiting() == ()


def test_a_file_written_over_meanwhile_is_another_and_stays(line):
    line.bring(message(1)[1])
    line.bring(message(2)[1])
    assert line.post.settle("a.json", sha256="0" * 64) is not None
    line.round()
    assert numbers() == [2]


def test_a_special_move_in_tells_the_old_town_by_itself(line, counter):
    filed = counter.move_in()
    (row,) = PostMessage.objects.all()
    assert (row.way, row.kind, row.state, row.about) == (
        "OUT",
        "MOVE_IN_NOTICE",
        "WAITING",
        filed.filing_id,
    )
    line.round()
    line.round()
    (sent,) = line.sent()
    assert (sent["from"], sent["to"], sent["number"]) == ("465259", "401307", 1)
    assert sent["body"]["moved_in_on"] == "2026-11-20" and len(sent["body"]["people"]) == 5
    assert PostMessage.objects.get().state == "SENT"


def test_a_filing_taken_back_before_it_is_sent_tells_nobody_and_leaves_no_gap(line, counter):
    filed = counter.move_in(0)
    counter.do(filing.take_back, filing_id=filed.filing_id, ground="別の人")
    line.round()
    assert line.sent() == [] and PostMessage.objects.get().state == "DROPPED"
    counter.move_in(2, passed=("HOUSEHOLD_WITHOUT_HEAD",))
    line.round()
    assert [one["number"] for one in line.sent()] == [1]


def test_where_the_town_is_none_of_ours_nothing_is_kept(line, counter):
    counter.move_in(0, previous_address="東京都新宿区1番")
    assert not PostMessage.objects.exists()


def test_m20_of_somebody_held_nothing_goes_out_by_itself(line, counter):
    filed = counter.move_in(0, 1)
    protect(filed.person_ids["1"])
    line.round()
    assert line.sent() == [] and PostMessage.objects.get().state == "HELD"


def test_who_leaves_for_a_neighbour_is_told_there_and_the_answer_files_itself_at_a_press(
    line, counter
):
    people = counter.move_in(previous_address="東京都").person_ids
    command = register.PlanMoveOut(
        filing=register.Filing(effective="2026-11-27", filed_on=TODAY), to="福岡県みどり市緑町9番",
        reason=register.Reason.MOVE_OUT_DOMESTIC, person_ids=tuple(people.values()),
    )  # fmt: skip
    left = counter.do(filing.file_other, kind=Kind.MOVE_OUT, command=command, told=told())
    line.round()
    (sent,) = line.sent()
    assert sent["kind"] == "MOVE_OUT_NOTICE" and sent["body"]["ref"] == left.filing_id
    told_ = sent["body"]["notice"]["people"]
    assert [one["name"] for one in told_] == ["港　渚", "港　波", "港　岬", "港　汀", "港　磯"]
    assert all(one["resident_code"] for one in told_)
    answer = {"ref": left.filing_id, "moved_in_on": "2026-11-27", "to": "福岡県みどり市緑町9番",
              "people": [{"name": one["name"], "birth": one["birth"],
                          "resident_code": one["resident_code"]} for one in told_[:4]]}  # fmt: skip
    line.bring(message(1, kind=MessageKind.MOVE_IN_NOTICE, body=answer)[1])
    line.round()
    row = PostMessage.objects.get(way="IN")
    assert sorted(row.person_ids) == sorted(people[str(n)] for n in range(1, 5))


def test_nothing_is_sealed_without_a_key_and_everything_waits(line, counter, settings, tmp_path):
    counter.move_in(0)
    settings.MADOGUCHI_KEYS = str(tmp_path / "none")
    line.round()
    assert PostMessage.objects.get().state == "WAITING"
    assert listed() == ["KEY_NOT_FOUND"]
    settings.MADOGUCHI_KEYS = str(tmp_path.parent.parent / "certificates-keys")
    line.round()
    assert PostMessage.objects.get().state == "SENT"


def test_what_we_send_another_town_reads_and_the_count_goes_on_where_its_row_says(line, counter):
    counter.move_in(0)
    line.round()
    (file,) = (line.folder / "post" / "out" / "401307").glob("*")
    ours = read_town_keys({"key": [{
        "code": "465259", "name": "鹿児島県せとうち町", "from": "2026-01-01", "source": "文書",
        "public": town_key.public_key().hex()}]})  # fmt: skip
    read = read_message(
        file.read_bytes(), us="401307", known=ours, now=NOW, is_signed=town_key.is_signed
    )
    assert (read.number, read.kind) == (1, MessageKind.MOVE_IN_NOTICE) and file.name == read.name
    table = line.folder / "town_keys.toml"
    table.write_text(table.read_text() + "next = 120\n")
    rulebook.town_keys_book.cache_clear()
    counter.move_in(1, passed=("HOUSEHOLD_WITHOUT_HEAD",))
    counter.move_in(2, passed=("HOUSEHOLD_WITHOUT_HEAD",))
    line.round()
    assert [one["number"] for one in line.sent()] == [1, 120, 121]


def test_a_parcel_that_came_is_told_to_its_town_once(line):
    parcel("IN", other_town="みどり市", at=NOW)
    line.round()
    line.round()
    (sent,) = line.sent()
    assert sent["kind"] == "PARCEL_RECEIPT" and sent["body"]["state"] == "RECEIVED_SEALED"
    parcel("IN", other_town="東京都新宿区", at=NOW)
    line.round()
    assert len(line.sent()) == 1


def test_a_receipt_of_theirs_steps_the_chain_or_waits_for_a_person(line):
    parcel_id = parcel("OUT", other_town="みどり市", at=NOW)
    body = {"tracking_no": RECEIPT_NO, "state": "RECEIVED_OPEN", "received_on": "2026-11-26"}
    for number in (1, 2):
        told_ = message(number, kind=MessageKind.PARCEL_RECEIPT, body=body)[1]
        line.bring(told_, name=f"{number}.json")
        line.round()
    assert parcel_state(parcel_id) == "RECEIVED_OPEN"
    states = dict(PostMessage.objects.values_list("number", "state"))
    assert states == {1: "DONE", 2: "WAITING"}


def test_the_portals_filings_are_counted_from_the_first_one_we_saw(line):
    for number in (41, 43):
        line.bring(portal_file(number=number), name=f"{number}.json", to="portal")
    line.round()
    assert numbers("PORTAL") == [41, 43]
    later = NOW + GAP_AFTER + timedelta(minutes=1)
    assert [one.problem.facts["number"] for one in faults(now=later)] == ["42"]


def test_a_slip_in_a_number_lists_the_first_gaps_and_no_billion(line):
    line.bring(portal_file(number=41), to="portal")
    line.bring(portal_file(number=10**9 - 1), name="b.json", to="portal")
    line.round()
    found = [one.problem.facts for one in faults(now=NOW + GAP_AFTER * 2)]
    assert found[0] == {"town": "PORTAL", "number": "42"} and len(found) == ROWS_MAX


def test_a_line_that_is_silent_is_told_after_a_while(line):
    (line.folder / "post").mkdir(exist_ok=True)
    (line.folder / "post" / "in").write_text("no folder")
    line.round()
    assert listed() == []
    later = NOW + timedelta(minutes=11)
    line.round(at=later)
    assert listed(later) == ["MOVE_POST_SILENT"]
    (line.folder / "post" / "in").unlink()
    line.round(at=later)
    assert listed(later) == []


def test_what_waits_is_kept_and_what_could_not_be_taken_is_emptied_and_stays_listed(line):
    line.bring(message(1)[1])
    line.bring(message(2, signer=OTHER)[1], name="b.json")
    line.round()
    with clock.frozen(NOW + timedelta(days=61)):
        jobs.forget()
        jobs.forget()
    assert PostMessage.objects.get().body["notice"] and listed() == ["MOVE_POST_ALTERED"]
    kept = {row.name: bool(bytes(row.raw)) for row in PostFile.objects.all()}
    assert kept == {"a.json": True, "b.json": False}


def test_settled_messages_are_emptied_after_the_days_and_known_all_the_same(line):
    _, data = message()
    line.bring(data)
    line.round()
    PostMessage.objects.update(state="DONE", done_at=NOW)
    with clock.frozen(NOW + timedelta(days=61)):
        jobs.forget()
    row = PostMessage.objects.get()
    assert row.body == {} and bytes(row.file.raw) == b"" and row.number == 1
    line.bring(data)
    line.round()
    assert PostMessage.objects.count() == 1 and listed() == []
