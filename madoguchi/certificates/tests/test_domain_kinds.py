from datetime import date

from madoguchi.certificates.domain.asking import Applicant, Evidence
from madoguchi.certificates.domain.definitions import (
    DEFINITIONS,
    certification_of,
    check_asking,
    check_omissions,
    kinds_on,
)
from madoguchi.certificates.domain.kinds import (
    OMITTED_FROM_ITEMS_ONLY,
    OMITTED_UNLESS_ASKED,
    Asker,
    Channel,
    Fee,
    Kind,
    Omit,
    demo_fees,
    fee_on,
    never_shown,
    omitted_when,
)
from madoguchi.kernel.outcome import Problem


def codes(problems):
    return [problem.code for problem in problems]


def test_nothing_is_shown_that_was_not_asked_for():
    assert omitted_when(asked_for=()) == OMITTED_UNLESS_ASKED
    assert Omit.INDIVIDUAL_NUMBER in omitted_when(asked_for=[Omit.DOMICILE])
    assert Omit.DOMICILE not in omitted_when(asked_for=[Omit.DOMICILE])


def test_every_item_belongs_to_one_of_two_groups():
    assert frozenset(Omit) == OMITTED_UNLESS_ASKED | OMITTED_FROM_ITEMS_ONLY
    assert not OMITTED_UNLESS_ASKED & OMITTED_FROM_ITEMS_ONLY


def test_others_never_get_the_two_numbers():
    numbers = {Omit.INDIVIDUAL_NUMBER, Omit.RESIDENT_CODE}
    for asker in (Asker.PUBLIC_BODY, Asker.THIRD_PARTY):
        for channel in Channel:
            assert numbers <= never_shown(channel=channel, asker=asker)
    found = check_omissions(
        kind=Kind.RESIDENT_RECORD_HOUSEHOLD,
        omitted=frozenset(),
        channel=Channel.DESK,
        asker=Asker.THIRD_PARTY,
    )
    assert codes(found) == ["ITEM_NOT_ALLOWED", "ITEM_NOT_ALLOWED"]
    assert {problem.where for problem in found} == {"INDIVIDUAL_NUMBER", "RESIDENT_CODE"}


def test_another_town_never_shows_the_domicile():
    assert never_shown(channel=Channel.WIDE_AREA, asker=Asker.SELF_OR_HOUSEHOLD) == {Omit.DOMICILE}


def test_only_a_record_items_paper_may_leave_the_building_out():
    asked = {"channel": Channel.DESK, "asker": Asker.SELF_OR_HOUSEHOLD}
    omitted = OMITTED_UNLESS_ASKED | {Omit.BUILDING}
    whole = check_omissions(kind=Kind.RESIDENT_RECORD_HOUSEHOLD, omitted=omitted, **asked)
    assert codes(whole) == ["ITEM_NOT_OMITTABLE"]
    assert check_omissions(kind=Kind.RECORD_ITEMS, omitted=omitted, **asked) == ()


def test_every_kind_is_one_definition():
    assert set(DEFINITIONS) == set(Kind)
    for kind, definition in DEFINITIONS.items():
        assert definition.kind is kind
        assert definition.channels <= set(Channel)
        assert certification_of(kind, whole_household=True).endswith("証明する。")
        for channel in Channel:
            assert (kind in kinds_on(channel)) == (channel in definition.channels)


def asking(kind, applicant, *seen, channel=Channel.DESK):
    found = check_asking(kind=kind, channel=channel, applicant=applicant, seen=frozenset(seen))
    return codes(found)


def test_a_seal_is_for_the_person_and_who_brings_the_card():
    licence, card, letter = (
        Evidence.DRIVING_LICENCE, Evidence.SEAL_CARD, Evidence.LETTER_OF_PROXY,
    )  # fmt: skip
    seal = Kind.SEAL_REGISTRATION
    assert asking(seal, Applicant.SELF, licence) == ["SEAL_CARD_MISSING"]
    assert asking(seal, Applicant.SELF, licence, card) == []
    assert asking(seal, Applicant.SELF, Evidence.MY_NUMBER_CARD) == []
    assert asking(seal, Applicant.PROXY, licence, card) == []  # the card stands for the letter
    assert asking(seal, Applicant.PROXY, licence, letter) == ["SEAL_CARD_MISSING"]
    for who in (Applicant.HOUSEHOLD, Applicant.THIRD_PARTY):
        assert "APPLICANT_NOT_FOR_KIND" in asking(seal, who, licence, card, letter)
    assert "KIND_NOT_OFFERED" in asking(seal, Applicant.SELF, licence, card, channel=Channel.MAIL)


def test_tax_is_for_the_person_and_the_household_with_a_letter():
    licence, letter = Evidence.DRIVING_LICENCE, Evidence.LETTER_OF_PROXY
    assert asking(Kind.TAX, Applicant.SELF, licence) == []
    assert asking(Kind.TAX, Applicant.HOUSEHOLD, licence) == ["LETTER_OF_PROXY_MISSING"]
    assert asking(Kind.TAX, Applicant.HOUSEHOLD, licence, letter) == []
    assert asking(Kind.TAX, Applicant.PROXY, licence, letter) == []
    assert "APPLICANT_NOT_FOR_KIND" in asking(
        Kind.TAX, Applicant.THIRD_PARTY, licence, Evidence.REASON_PROOF
    )


def test_a_ledger_kind_shows_no_item_of_the_resident_record():
    for kind in (Kind.SEAL_REGISTRATION, Kind.TAX):
        asked = {"kind": kind, "channel": Channel.DESK, "asker": Asker.SELF_OR_HOUSEHOLD}
        assert check_omissions(omitted=OMITTED_UNLESS_ASKED, **asked) == ()
        shown = OMITTED_UNLESS_ASKED - {Omit.DOMICILE}
        assert codes(check_omissions(omitted=shown, **asked)) == ["ITEM_NOT_ALLOWED"]


def fee(yen, first, last=None):
    return Fee(
        kind=Kind.RECORD_ITEMS,
        channel=Channel.DESK,
        yen=yen,
        valid_from=first,
        valid_until=last,
    )


def test_a_fee_is_that_of_its_day():
    table = [fee(200, date(2020, 1, 1), date(2025, 3, 31)), fee(300, date(2025, 4, 1))]

    def on(day):
        return fee_on(table, kind=Kind.RECORD_ITEMS, channel=Channel.DESK, on=day)

    assert on(date(2025, 3, 31)) == 200
    assert on(date(2025, 4, 1)) == 300
    missing = on(date(2019, 12, 31))
    assert isinstance(missing, Problem) and missing.code == "FEE_NOT_SET"


def test_two_fees_for_one_day_are_no_fee():
    table = [fee(200, date(2020, 1, 1)), fee(300, date(2025, 4, 1))]
    found = fee_on(table, kind=Kind.RECORD_ITEMS, channel=Channel.DESK, on=date(2026, 1, 1))
    assert isinstance(found, Problem) and found.code == "FEE_AMBIGUOUS"


def test_the_demo_town_has_one_fee_for_everything():
    table = demo_fees(valid_from=date(2020, 1, 1))
    for kind in Kind:
        for channel in Channel:
            yen = fee_on(table, kind=kind, channel=channel, on=date(2026, 11, 23))
            machine = channel in (Channel.KIOSK, Channel.SHOP, Channel.WEB)
            free = kind in (Kind.MOVE_OUT, Kind.MOVE_OUT_LIKE)
            assert yen == (0 if free else 200 if machine else 300)
