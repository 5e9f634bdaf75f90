"""The closed list of reasons, and commands that wait as JSON (異動事由・仮登録の保存形)."""

import json

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.register.domain import commands as c
from madoguchi.register.domain.codec import decode, encode, verb_of
from madoguchi.register.domain.items import Sex, StayClass
from madoguchi.register.domain.planning import plan_change
from madoguchi.register.domain.reasons import (
    NationalityGroup,
    Reason,
    ReasonKind,
    groups_of,
    kind_of,
)
from madoguchi.register.testing import make_items, make_situation, make_version
from madoguchi.web.messages import catalogue, label

# The list of the standard (1.2.2), in its own words; 転居取消 is optional and not taken.
LISTED = {
    ReasonKind.RECORD: [
        "国内転入", "国外転入等", "出生", "職権記載(帰化等)", "職権記載(国籍喪失)", "職権記載", "改製",
        "再製", "異動の取消し(増)",
    ],
    ReasonKind.REMOVE: [
        "国内転出", "国外転出", "死亡", "職権消除(帰化等)", "職権消除(国籍喪失)", "職権消除", "改製",
        "再製", "異動の取消し(減)",
    ],
    ReasonKind.AMEND: [
        "転居", "軽微な修正", "職権修正", "誤記修正", "個人番号の変更請求", "個人番号の職権修正",
        "個人番号の職権記載", "住民票コードの変更請求", "住民票コードの職権記載", "世帯分離", "世帯合併",
        "世帯変更", "世帯主変更", "旧氏の記載", "旧氏の変更", "旧氏の削除", "通称の記載", "通称の削除",
        "異動の取消し(修正)",
    ],
}  # fmt: skip


def test_the_reasons_are_exactly_the_37_of_the_standard():
    assert len(Reason) == 37
    for kind, words in LISTED.items():
        assert [label(kind="reason", code=one) for one in Reason if kind_of(one) is kind] == words


def test_four_reasons_of_nationality_belong_to_one_group():
    only = {one: groups_of(one) for one in Reason if "NATIONALITY" in one or "NATURAL" in one}
    japanese, foreign = (frozenset({one}) for one in NationalityGroup)
    assert only == {
        Reason.ENTER_NATURALISED: japanese,
        Reason.ENTER_NATIONALITY_LOST: foreign,
        Reason.REMOVE_NATURALISED: foreign,
        Reason.REMOVE_NATIONALITY_LOST: japanese,
    }
    assert all(groups_of(one) == {*NationalityGroup} or len(groups_of(one)) == 1 for one in Reason)


def test_every_stored_code_has_its_word():
    labels = catalogue().labels
    for kind, codes in {
        "reason": Reason,
        "sex": Sex,
        "nationality_group": NationalityGroup,
        "reason_kind": ReasonKind,
        "stay_class": [one for one in StayClass if one],
        "procedure": [verb_of_class(one) for one in c.COMMANDS],
    }.items():
        for code in codes:
            assert labels[kind, str(code)]


def verb_of_class(kind):
    return verb_of(object.__new__(kind))


filings = st.builds(
    c.Filing,
    effective=st.text(max_size=5),
    filed_on=st.none() | st.dates(),
    petitioned_on=st.none() | st.dates(),
    notified_by_office_on=st.none() | st.dates(),
    requested_on=st.none() | st.dates(),
)
texts = st.text(max_size=5)
standings = st.dictionaries(
    texts, st.builds(c.Standing, relationship=texts, is_householder=st.booleans()), max_size=2
)
changes = st.dictionaries(texts, texts | st.booleans(), max_size=3)
ids = st.lists(texts, max_size=3).map(tuple)
reasons = st.sampled_from(Reason)
newcomers = st.builds(
    c.Newcomer,
    person_id=st.none() | texts,
    items=st.builds(
        make_items,
        name=texts,
        sex=st.sampled_from(Sex),
        stay_class=st.sampled_from(StayClass),
        stay_until_sort=st.none() | st.dates(),
        extra=st.dictionaries(texts, texts, max_size=2),
    ),
)
anything = st.one_of(
    st.builds(
        c.RecordEntry,
        filing=filings,
        reason=reasons,
        newcomers=st.lists(newcomers, max_size=2).map(tuple),
        household_no=st.none() | texts,
    ),
    st.builds(c.ChangeAddress, filing=filings, person_ids=ids, postcode=texts, address=texts,
              household_no=st.none() | texts, standings=standings),
    st.builds(c.PlanMoveOut, filing=filings, reason=reasons, person_ids=ids, to=texts),
    st.builds(c.ConfirmMoveOut, filing=filings, person_ids=ids, to=texts, moved_in_on=st.dates()),
    st.builds(c.RemovePersons, filing=filings, reason=reasons, person_ids=ids),
    st.builds(c.ChangeHousehold, filing=filings, reason=reasons, person_ids=ids,
              household_no=st.none() | texts, standings=standings),
    st.builds(c.OrderHousehold, filing=filings, household_no=texts, person_ids=ids),
    st.builds(c.CorrectError, filing=filings, person_id=texts, changes=changes,
              history_no=st.none() | st.integers(1, 9)),
    st.builds(c.Amend, filing=filings, reason=reasons, person_id=texts, changes=changes),
    st.builds(c.RenewRecord, filing=filings, reason=reasons, person_id=texts, changes=changes),
    st.builds(c.RevertChange, filing=filings,
              targets=st.dictionaries(texts, st.integers(1, 9), max_size=2)),
)  # fmt: skip


@given(anything)
def test_a_command_waits_as_json_and_comes_back_the_same(command):
    assert decode(json.loads(json.dumps(encode(command)))) == command


def test_a_draft_of_an_older_release_is_still_read():
    command = c.PlanMoveOut(
        filing=c.Filing(), reason=Reason.MOVE_OUT_DOMESTIC, person_ids=("1",), to="鹿児島市"
    )
    stored = encode(command)
    del stored["given"]["to_town"]
    stored["given"]["gone"] = "no longer known"
    assert decode(stored) == command


@given(anything)
def test_whatever_is_filed_is_planned_or_refused_and_never_a_crash(command):
    """R9."""
    known = sorted(c.persons_in(command))
    histories = [
        (make_version(person_id, name="既", resident_code=f"{n:011d}", household_no="世帯"),)
        for n, person_id in enumerate(known)
        if n % 2 == 0
    ]
    plan = plan_change(command, make_situation(*histories))
    assert bool(plan.versions) != bool(plan.problems)
    for problem in plan.problems:
        assert problem.code in catalogue().entries, problem.code
