"""Certificates given on the island: one number one paper, home and accounted for, or void (島の証明書)."""

from __future__ import annotations

import io
import json
import random
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pypdfium2 as pdfium
import pytest
from django.test import Client, override_settings
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.accounts.models import Staff
from madoguchi.cards.tests.test_boxes import NOW, live, name_of, person_no
from madoguchi.certificates.actions import away
from madoguchi.certificates.documents.signing import token_of
from madoguchi.certificates.domain.away import (
    Act,
    BlockState,
    check_act,
    count_block,
    read_rules,
    rule_on,
)
from madoguchi.certificates.domain.issue import State
from madoguchi.certificates.domain.kinds import Kind as Paper
from madoguchi.certificates.models import AwayBlock, Copy, Request, Serial
from madoguchi.certificates.queries.away import FOLDER
from madoguchi.certificates.queries.books import books_of
from madoguchi.certificates.queries.verifying import verify_file, verify_token
from madoguchi.certificates.testing import fees, move, shared_keys
from madoguchi.entry import laptop_settings
from madoguchi.entry.cli.verbs import run_verb
from madoguchi.infra import clock, unit
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Refused
from madoguchi.kit.actions import merging
from madoguchi.kit.actions.merging import merge
from madoguchi.kit.actions.sealing import seal
from madoguchi.kit.actions.settling import do_after_all, leave_town, revoke
from madoguchi.kit.documents import laptop as laptops
from madoguchi.kit.documents.bundle_file import open_with_word
from madoguchi.kit.documents.journal import journal_of
from madoguchi.kit.documents.officer_words import stretch_word
from madoguchi.kit.domain.merging import Known, Outcome, Step, decide
from madoguchi.kit.domain.operations import Kind, Operation
from madoguchi.kit.models import OfficerWord, OperationRow
from madoguchi.kit.views.laptop import COOKIE, OFFICER_COOKIE
from madoguchi.protection.testing import protect

WORD = "なみ おと しま あさ かぜ"
SALT, DIGEST = stretch_word(WORD)
YORO = {"postcode": "894-2601"}
UNTIL = NOW + timedelta(hours=9)
EVENING = NOW + timedelta(hours=10)
HOME = Paper.RESIDENT_RECORD_HOUSEHOLD.value
ASKED = {"applicant": "SELF", "seen": ["DRIVING_LICENCE"], "asked_for": []}


@pytest.fixture(autouse=True)
def today(db, settings, tmp_path):
    settings.MADOGUCHI_HOME, settings.MADOGUCHI_KEYS = tmp_path, str(shared_keys(tmp_path))
    fees()
    with clock.frozen(NOW):
        yield


@pytest.fixture
def nagi():
    return staff.actor_for(staff.nagi())


class Trip:
    """A kit with numbers, opened by its officer on the laptop (持ち出し)."""

    def __init__(self, folder, actor, numbers=5):
        self.actor, self.path = actor, folder / f"{new_id()}.kit"
        OfficerWord.objects.create(staff_id=actor.staff_id, salt=SALT, digest=DIGEST, set_at=NOW)
        self.sealed = unit.run_long(
            seal, area="YORO", until=UNTIL, out=self.path, officers=[actor], actor=actor, now=NOW,
            numbers=numbers,
        )  # fmt: skip
        self.id, self.pdfs = self.sealed.trip_id, {}
        self.open()

    def open(self):
        self.laptop = laptops.Laptop(self.path, open_with_word(self.path, self.sealed.word))
        self.session = self.laptop.sign_in("nagi", WORD)
        self.officer = self.laptop.officer_of(self.session)

    def make(self, place, kind=HOME, **given):
        number = self.laptop.make_paper(
            person_no(place), kind, op_id=new_id(), officer=self.officer, payload=ASKED | given
        )
        self.pdfs[number] = self.laptop.pdfs[number]
        return number

    def give(self, number, fee=300):
        self.laptop.end_paper(Kind.CERTIFICATE_HANDED_OVER, number, op_id=new_id(),
                              officer=self.officer, payload={"fee_yen": fee})  # fmt: skip

    def spoil(self, number, disposal="SHREDDED"):
        self.laptop.end_paper(Kind.CERTIFICATE_SPOILT, number, op_id=new_id(),
                              officer=self.officer, payload={"disposal": disposal})  # fmt: skip

    def home(self):
        self.laptop.close()
        return merge(self.path, actor=self.actor, now=EVENING).tally

    @property
    def count(self):
        return away.count_of(self.id)


@pytest.fixture
def trip(tmp_path, nagi):
    for place in range(3):
        live(place, **YORO)
    found = Trip(tmp_path, nagi)
    yield found
    found.laptop.close()


def text_of(pdf):
    document = pdfium.PdfDocument(io.BytesIO(pdf))
    return "".join(page.get_textpage().get_text_bounded() for page in document)


def code(call, *args, **given):
    with pytest.raises(Refused) as refused:
        call(*args, **given)
    return refused.value.problems[0].code


# -- a day --------------------------------------------------------------------------------------


def test_k9_a_paper_of_the_island_says_its_moment_is_checked_and_comes_home_with_its_fee(trip):
    first = trip.make(0, asked_for=["HOUSEHOLDER"])
    assert first == f"{NOW:%Y%m%d}-{first.split('-')[1]}-KIT-1-00001"
    assert "9時00分現在の記録による" in text_of(trip.pdfs[first]).replace(" ", "")
    trip.give(first)
    second = trip.make(1)
    trip.spoil(second)
    third = trip.make(2, kind=Paper.RESIDENT_RECORD_INDIVIDUAL.value)
    # While it is out, what was given counts: the town's key stands behind the laptop's.
    assert verify_file(trip.pdfs[first]).valid and verify_file(trip.pdfs[first]).away
    done = trip.home()
    assert (done.operations, done.applied, done.conflicts) == (5, 5, 0) and done.adds_up
    count = trip.count
    assert (count.used, count.voided, count.unsettled, count.returned, count.out) == (1, 1, 1, 2, 0)
    assert count.adds_up and count.yen == 300
    (books,) = [one for one in books_of(NOW.date(), "DESK") if one.kind == HOME]
    assert (books.asked, books.handed_over, books.void_printed, books.yen) == (2, 1, 1, 300)
    assert books.balances
    request = Request.objects.get(issued__issue_no=first)
    assert (request.terminal, request.staff_id, request.drawn_at) == ("KIT", "nagi", NOW)
    assert request.content is None and Copy.objects.get(issue_no=third).sha256
    assert verify_file(trip.pdfs[first]).valid
    assert [one.code for one in verify_file(trip.pdfs[second]).problems] == ["AWAY_NUMBER_VOID"]
    assert trip.home().already == 5 and trip.count == count


def test_the_laptops_pages_take_it_from_the_question_to_the_given_paper(trip):
    with override_settings(
        ROOT_URLCONF=laptop_settings.ROOT_URLCONF, MIDDLEWARE=laptop_settings.MIDDLEWARE
    ):
        browser = Client(**{laptops.HELD: trip.laptop})
        browser.cookies[COOKIE] = trip.laptop.key
        browser.cookies[OFFICER_COOKIE] = trip.session
        url = f"/certificate/{person_no(0)}/{HOME}/"
        assert "住民票の写し" in browser.get(f"/person/{person_no(0)}/").text
        page = browser.get(url).text
        assert "09:00 現在の記録" in page and "300円" in page

        def send(to, given):
            names = re.findall(r'name="op_id" value="([a-z2-7]{26})"', browser.get(to).text)
            return browser.post(to, {"op_id": names[0], **given}), names[0]

        answer, _ = send(url, {"applicant": "SELF"})
        assert answer.status_code == 422 and "ID_NOT_ENOUGH" in answer.text
        assert send(url, {"applicant": "KING"})[0].status_code == 422
        answer, op_id = send(url, {"applicant": "SELF", "seen": ["DRIVING_LICENCE"]})
        assert answer.status_code == 302
        again = browser.post(
            url, {"op_id": op_id, "applicant": "SELF", "seen": ["DRIVING_LICENCE"]}
        )
        assert again.url == answer.url and len(trip.laptop.numbers_taken()) == 1
        file = browser.get(f"{answer.url}file/")
        assert file["Content-Type"] == "application/pdf" and verify_file(file.content).valid
        assert send(answer.url, {"how": "given"})[0].status_code == 422
        assert send(answer.url, {"how": "dance"})[0].status_code == 422
        assert "裁断した" in send(answer.url, {"how": "spoilt"})[0].text
        assert send(answer.url, {"how": "given", "fee_paid": "on"})[0].status_code == 302
        assert "証明書の交付" in browser.get(answer.url).text
        assert browser.get(f"{answer.url}file/").status_code == 404
        for wrong in (f"/certificate/2/{HOME}/", f"/certificate/{person_no(0)}/tax/", "/paper/x/",
                      "/paper/x/file/"):  # fmt: skip
            assert browser.get(wrong).status_code == 404
    assert trip.home().applied == len(trip.laptop.done()) + sum(
        one.kind is Kind.LOOKED for one in trip.laptop._journal.operations
    )
    assert trip.count.used == 1


def test_what_the_table_has_not_the_wrong_day_and_no_number_left_are_refused(trip):
    assert {one.kind for one in trip.laptop.stock.papers} == {
        Paper.RESIDENT_RECORD_HOUSEHOLD, Paper.RESIDENT_RECORD_INDIVIDUAL
    }  # fmt: skip
    assert code(trip.make, 0, kind="seal_registration") == "KIT_NOT_ALONG"
    assert code(trip.make, 0, asked_for=["INDIVIDUAL_NUMBER"]) == "ITEM_NOT_ALLOWED"
    assert code(trip.make, 0, seen=[]) == "ID_NOT_ENOUGH"
    trip.officer, kept = replace(trip.officer, may_issue=False), trip.officer
    assert code(trip.make, 0) == "NOT_ALLOWED"
    trip.officer = kept
    assert code(trip.make, 0, applicant="THIRD_PARTY", seen=["DRIVING_LICENCE"]) in {
        "REASON_PROOF_MISSING", "APPLICANT_NOT_FOR_KIND"
    }  # fmt: skip
    with clock.frozen(NOW + timedelta(hours=12)):
        assert code(trip.make, 0) == "AWAY_TOO_OLD"
    with clock.frozen(NOW + timedelta(days=1)):
        assert code(trip.make, 0) == "AWAY_ANOTHER_DAY"
    for _ in range(5):
        trip.make(0)
    assert code(trip.make, 0) == "AWAY_NO_NUMBER"
    assert len(trip.laptop.numbers_taken()) == 5


def test_the_number_is_on_the_disk_before_the_paper_leaves_and_a_cut_gives_it_to_nobody_else(trip):
    first = trip.make(0)
    trip.laptop.close()
    trip.open()
    # The power went: the paper is gone from the memory, its number is not free again.
    assert first not in trip.laptop.pdfs and trip.make(1) != first
    trip.home()
    assert trip.count.unsettled == 2 and trip.count.adds_up


# -- what the town did meanwhile ------------------------------------------------------------------


@pytest.mark.parametrize("stands", [True, False])
def test_k10_a_paper_whose_record_changed_the_same_day_is_a_conflict_a_person_settles(
    trip, nagi, client, stands
):
    number = trip.make(0)
    trip.give(number)
    move(person_no(0))
    done = trip.home()
    assert (done.applied, done.conflicts, done.adds_up) == (1, 1, True)
    conflict = OperationRow.objects.get(kind=Kind.CERTIFICATE_HANDED_OVER.value)
    assert conflict.codes == ["AWAY_RECORD_CHANGED"]
    # Its number is used whatever is decided, and stands in the books as open until it is.
    assert (trip.count.unsettled, trip.count.adds_up) == (1, True)
    page = staff.signed_in(client, staff.kaede()).get(reverse("kit:trip", args=[trip.id])).text
    assert "09:00 現在の記録" in page and "住民票の写し（世帯連記式）" in page
    settle = do_after_all if stands else leave_town
    unit.run(settle, op_id=conflict.op_id, actor=nagi, now=EVENING)
    assert (trip.count.used, trip.count.voided) == ((1, 0) if stands else (0, 1))
    assert verify_file(trip.pdfs[number]).valid is stands
    assert Request.objects.get().state == (State.HANDED_OVER if stands else State.VOID)


def test_two_copies_of_one_laptop_give_one_number_once(trip):
    number = trip.make(0)
    trip.give(number)
    assert trip.home().conflicts == 0
    journal_of(trip.path).unlink()
    trip.open()
    assert trip.make(1) == number
    trip.give(number)
    assert trip.home().conflicts == 2
    assert Counter(
        one for codes in OperationRow.objects.values_list("codes", flat=True) for one in codes
    ) == {"AWAY_NUMBER_TWICE": 1, "NOT_RELEASED": 1}
    assert Request.objects.get().asked_person_id == person_no(0) and trip.count.used == 1


def test_k9_a_number_whose_paper_the_town_did_not_take_in_is_void_and_not_returned(trip, nagi):
    number = trip.make(0)
    trip.give(number)
    Staff.objects.filter(staff_id="nagi").update(role="OTHER")
    done = trip.home()
    assert (done.applied, done.conflicts) == (0, 2)
    assert (trip.count.voided, trip.count.returned, trip.count.adds_up) == (1, 4, True)
    assert [one.code for one in verify_file(trip.pdfs[number]).problems] == ["AWAY_NUMBER_VOID"]
    for kind in (Kind.CERTIFICATE_MADE, Kind.CERTIFICATE_HANDED_OVER):
        unit.run(do_after_all, op_id=OperationRow.objects.get(kind=kind.value).op_id, actor=nagi,
                 now=EVENING)  # fmt: skip
    assert (trip.count.used, trip.count.voided) == (1, 0) and verify_file(trip.pdfs[number]).valid


def test_k11_a_lost_laptop_voids_every_number_that_did_not_come_home_and_checking_says_so(
    trip, nagi, client
):
    number = trip.make(0)
    trip.give(number)
    assert verify_file(trip.pdfs[number]).valid
    unit.run(revoke, trip_id=trip.id, why="船に置き忘れた", actor=nagi, now=NOW)
    assert (trip.count.voided, trip.count.out, trip.count.adds_up) == (5, 0, True)
    found = verify_file(trip.pdfs[number])
    assert [one.code for one in found.problems] == ["AWAY_NUMBER_VOID"]
    answer = client.post(
        reverse("certificates:verify"),
        {"token": token_of(trip.pdfs[number]), "name": name_of(0), "birth_date": "x"},
    )
    assert answer.status_code == 422 and "この番号の証明書は、無効です" in answer.text


def test_a_key_the_town_did_not_sign_for_or_a_number_of_another_day_is_nobodys(trip):
    number = trip.make(0)
    pdf = trip.pdfs[number]
    block = AwayBlock.objects.get()
    AwayBlock.objects.update(numbers=block.numbers[1:])
    assert [one.code for one in verify_token(token_of(pdf)).problems] == ["TOKEN_NOT_OURS"]
    assert [one.code for one in verify_file(pdf).problems] == ["PDF_NOT_OURS"]
    AwayBlock.objects.update(numbers=block.numbers)
    assert verify_token(token_of(pdf)).valid


def test_a_paper_of_a_kind_that_may_not_leave_a_laptop_is_none_whoever_has_its_key(
    trip, tmp_path, settings
):
    number = trip.make(0)
    assert verify_file(trip.pdfs[number]).valid
    ours = (FOLDER / "away.toml").read_text(encoding="utf-8")
    (tmp_path / "away.toml").write_text(ours.replace("allowed = true", "allowed = false"), "utf-8")
    settings.MADOGUCHI_CARD_RULES = str(tmp_path)
    assert [one.code for one in verify_file(trip.pdfs[number]).problems] == ["AWAY_NUMBER_STRANGE"]


# -- who comes along -------------------------------------------------------------------------------


def test_nobodys_paper_comes_along_whose_household_is_not_there_whole(tmp_path, nagi):
    for place, home in ((0, "9" * 15), (1, "9" * 15), (2, "8" * 15)):
        live(place, **YORO, household_no=home)
    protect(person_no(1))
    trip = Trip(tmp_path, nagi)
    assert {one.person_id for one in trip.laptop.bundle.residents} == {person_no(0), person_no(2)}
    assert {one.person_id for one in trip.laptop.stock.papers} == {person_no(2)}
    trip.laptop.close()


def test_numbers_of_two_trips_of_one_day_follow_each_other_and_a_failed_seal_takes_none(
    tmp_path, nagi
):
    live(0, **YORO)
    one, two = Trip(tmp_path, nagi, numbers=3), Trip(tmp_path, nagi, numbers=2)
    for each in (one, two):
        each.laptop.close()
    given = [*one.laptop.stock.numbers, *two.laptop.stock.numbers]
    assert [int(each[-5:]) for each in given] == [1, 2, 3, 4, 5]
    for numbers in (-1, 201):
        assert code(Trip, tmp_path, nagi, numbers=numbers) == "AWAY_NUMBERS"
        OfficerWord.objects.all().delete()
    assert Serial.objects.get(terminal="KIT").last == 5


def test_the_table_of_kinds_is_dated_and_two_rows_for_a_day_open_nothing():
    row = {"kind": "tax", "allowed": True, "hours_max": 1, "valid_from": NOW.date(),
           "source": "x", "assumed": True}  # fmt: skip
    rules = read_rules({"kind": [row]})
    assert rule_on(rules, Paper.TAX, NOW.date()) is not None
    assert rule_on(rules, Paper.TAX, NOW.date() - timedelta(days=1)) is None
    assert rule_on(rules, Paper.SEAL_REGISTRATION, NOW.date()) is None
    assert rule_on(read_rules({"kind": [row, row]}), Paper.TAX, NOW.date()) is None


# -- any order, any cut ----------------------------------------------------------------------------


class Town:
    """A town of numbers that decides by the rules of both rooms (番号だけの町)."""

    def __init__(self, numbers):
        self.numbers = [f"n{one}" for one in range(numbers)]
        self.papers: dict[str, State] = {}
        self.block = BlockState.OUT
        self.changed: set[str] = set()
        self.book: dict[str, Known] = {}

    def take(self, one):
        found = decide(one, known=self.book, version=None)
        if found.step is not Step.APPLY:
            return found.step
        act = {Kind.CERTIFICATE_MADE: Act.MADE, Kind.CERTIFICATE_HANDED_OVER: Act.GIVEN,
               Kind.CERTIFICATE_SPOILT: Act.SPOILT}[one.kind]  # fmt: skip
        problem = check_act(act, allotted=one.subject in self.numbers, block=self.block,
                            paper=self.papers.get(one.subject))  # fmt: skip
        if not problem and act is Act.GIVEN and one.person_id in self.changed:
            problem = "RECORD_CHANGED_MEANWHILE"
        if not problem:
            self.papers[one.subject] = {
                Act.MADE: State.RELEASED, Act.GIVEN: State.HANDED_OVER, Act.SPOILT: State.VOID,
            }[act]  # fmt: skip
        outcome = Outcome.CONFLICT if problem else Outcome.APPLIED
        self.book[one.op_id] = Known(digest=one.digest, outcome=outcome, left=None)
        return Step.CONFLICT if problem else Step.APPLY

    def count(self):
        return count_block(allotted=len(self.numbers), state=self.block,
                           papers=[(one, 300) for one in self.papers.values()])  # fmt: skip


def a_day(dice, town, operations):
    """What one honest laptop writes: numbers in their order, each made once, ended at most once."""
    made, waiting, next_one = [], [], 0
    for number in range(operations):
        ends = waiting and (dice.random() < 0.5 or next_one == len(town.numbers))
        if not ends and next_one == len(town.numbers):
            break
        if ends:
            subject, person = waiting.pop(dice.randrange(len(waiting)))
            kind = dice.choice([Kind.CERTIFICATE_HANDED_OVER] * 3 + [Kind.CERTIFICATE_SPOILT])
        else:
            subject, person, kind = town.numbers[next_one], f"p{dice.randrange(40)}", Kind.CERTIFICATE_MADE  # fmt: skip
            next_one += 1
            waiting.append((subject, person))
        made.append(Operation(
            op_id=new_id(), number=number, kind=kind, at=NOW, subject=subject, person_id=person,
            base=None, after="", payload={},
        ))  # fmt: skip
    return made


def one_order(seed, operations=500):
    dice = random.Random(seed)
    town = Town(numbers=dice.choice([operations // 2, operations, operations // 3]))
    made = a_day(dice, town, operations)
    lost = dice.random() < 0.2
    whole, taken = False, 0
    while not whole:
        length = dice.choice([dice.randrange(len(made) + 1), len(made)])
        stop = dice.choice([dice.randrange(length + 1), length])
        for one in made[:stop]:
            if dice.random() < 0.02:
                town.changed.add(f"p{dice.randrange(40)}")
            town.take(one)
            assert dice.random() > 0.05 or town.count().adds_up
        taken = max(taken, stop)
        if lost and dice.random() < 0.3:
            town.block = BlockState.VOID
            break
        if stop == length and town.block is BlockState.OUT and dice.random() < 0.5:
            town.block = BlockState.HOME
        whole = stop == len(made)
    town.block = BlockState.VOID if lost else BlockState.HOME
    # The oracle knows only which number was made how often, and of what came home how it ended.
    home = [one for one in made[:taken] if one.op_id in town.book]
    numbers = Counter(one.subject for one in home if one.kind is Kind.CERTIFICATE_MADE)
    assert set(numbers.values()) <= {1} and numbers.keys() == town.papers.keys()
    good = {one.op_id for one in home if town.book[one.op_id].outcome is Outcome.APPLIED}
    for kind, state in ((Kind.CERTIFICATE_HANDED_OVER, State.HANDED_OVER), (Kind.CERTIFICATE_SPOILT, State.VOID)):  # fmt: skip
        ended = {one.subject for one in home if one.kind is kind and one.op_id in good}
        assert ended == {key for key, one in town.papers.items() if one is state}
    count = town.count()
    assert count.adds_up and count.out == 0
    assert count.yen == 300 * count.used
    assert count.returned == (0 if lost else len(town.numbers) - len(town.papers))


def test_k9_no_number_is_doubled_and_none_without_an_end_in_some_dozens_of_orders():
    for seed in range(16):
        one_order(seed, operations=120)


@pytest.mark.full
def test_k9_no_number_is_doubled_and_none_without_an_end_in_a_thousand_orders():
    for seed in range(1_000):
        one_order(seed)


def test_k9_cut_merges_of_certificates_on_the_real_tables_double_and_lose_no_number(
    trip, monkeypatch
):
    dice = random.Random(3)
    numbers = [trip.make(dice.randrange(3)) for _ in range(4)]
    for number in numbers[:3]:
        dice.choice([trip.give, trip.spoil])(number)
    move(person_no(1))
    real, left = merging.bring_one, [0]

    def dies(*args, **given):
        found = real(*args, **given)
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(merging, "bring_one", dies)
    trip.laptop.close()
    cuts = 0
    while True:
        left[0] = dice.randrange(0, 3)
        try:
            done = merge(trip.path, actor=trip.actor, now=EVENING).tally
            break
        except KeyboardInterrupt:
            cuts += 1
            assert trip.count.adds_up
    assert cuts >= 2 and done.adds_up and done.operations == 7
    assert sorted(Copy.objects.values_list("issue_no", flat=True)) == sorted(numbers)
    assert trip.count.adds_up and trip.count.returned == 1 and trip.count.out == 0


# -- the command line --------------------------------------------------------------------------


def test_the_command_line_seals_with_numbers_and_a_lost_kits_are_void(tmp_path, capsys, settings):
    live(0, **YORO)
    settings.MADOGUCHI_DEMO = True
    file = str(tmp_path / "cli.kit")
    words = ["kit", "seal", "--area", "与路島", "--until", "18:00", "--out", file, "--json"]
    assert run_verb([*words, "--numbers", "4", "--officer", "nobody"]) != 0
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "KIT_OFFICER_UNKNOWN"
    assert run_verb([*words, "--numbers", "4"]) == 0
    sealed = json.loads(capsys.readouterr().out)
    assert (sealed["schema"], sealed["numbers"], sealed["papers"]) == ("madoguchi.kit/1", 4, 2)
    assert run_verb(["kit", "merge", file, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["operations"] == 0
    assert away.count_of(sealed["trip"]).returned == 4
    assert run_verb([*words[:-3], "--out", f"{file}2", "--numbers", "2", "--json"]) == 0
    lost = json.loads(capsys.readouterr().out)["trip"]
    assert run_verb(["kit", "revoke", lost, "--why", "船に置き忘れた", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["numbers_void"] == 2
