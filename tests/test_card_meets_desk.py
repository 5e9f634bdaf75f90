"""From the card on the reader to the person in the register: bridge, proof and holder together.

What the bridge makes and signs is checked by the adapter, and named by the list that the town
took in: three parts that know nothing of each other.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from cryptography import x509

from madoguchi.adapters.jpki.proof import CardProof
from madoguchi.bridge import jpki
from madoguchi.bridge.emulator import making
from madoguchi.bridge.emulator.drawer import opened
from madoguchi.bridge.emulator.making import Person
from madoguchi.bridge.proof import signed_bytes
from madoguchi.bridge.readers import TrayReaders
from madoguchi.cards import api as cards
from madoguchi.cards.testing import enter
from madoguchi.infra import clock, unit
from madoguchi.infra.progress import quiet
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.checkdigits import make_addressee_no
from madoguchi.kernel.outcome import Unavailable
from madoguchi.kiosk.domain.devices import ProvenCertificate

ORIGIN, NONCE = "http://127.0.0.1:8020", bytes(range(32))
AOI, UME, RIN, SORA = (make_addressee_no(serial) for serial in (1, 2, 3, 4))
IMPORTER = Actor(
    staff_id="kai", name="碇山 かい", rights=frozenset({Right.IMPORT_EXPORT}),
    place="本庁", terminal="01", purpose="電子証明書の取込み",
)  # fmt: skip


def person(person_id, name, birth, state="有効"):
    return Person(
        person_id=person_id, name=name, birth=birth, sex="女", state=state,
        address="鹿児島県せとうち町大字古仁屋1番地",
    )  # fmt: skip


@pytest.fixture(scope="module")
def drawer(tmp_path_factory):
    """Four fictional cards: good, revoked, stopped, and a child's."""
    folder = tmp_path_factory.mktemp("drawer") / "cards"
    people = (
        person(AOI, "海野 あおい", date(1988, 5, 3)),
        person(UME, "浜 うめ", date(1940, 2, 29), "失効"),
        person(RIN, "川畑 りん", date(1995, 7, 7), "停止"),
        person(SORA, "湊 そら", date(2016, 4, 2)),
    )
    making.make_cards(people, out=folder, now=clock.now())
    return folder


@pytest.fixture
def town(db, drawer):
    enter(AOI, UME, RIN, SORA)
    with (drawer / "card_certificates.csv").open("rb") as file:
        report = unit.run_long(
            cards.import_certificates, file, actor=IMPORTER, progress=quiet("test")
        )
    assert (report.new, report.problems, report.warnings) == (7, (), ())
    return CardProof(
        anchors=drawer / "ca.pem",
        lists=drawer / "crl.der",
        policy="1.2.392.200149.8.5.1.3.30",
        takes_test=True,
    )


def signed_by(drawer, number, message):
    readers = TrayReaders()
    with opened(drawer / "cards" / number) as card:
        readers.place(card)
        with readers.connected() as connected:
            done = jpki.prove(connected, pin=bytearray(b"1234"), message=message)
    assert isinstance(done, jpki.CardProof), done
    return done


def ask(proof, drawer, number, *, message=None, now=None):
    message = signed_bytes(origin=ORIGIN, nonce=NONCE) if message is None else message
    done = signed_by(drawer, number, signed_bytes(origin=ORIGIN, nonce=NONCE))
    answer = proof.check(
        certificate=done.certificate,
        signature=done.signature,
        signed=message,
        now=now or clock.now(),
    )
    return {one.code for one in answer} if isinstance(answer, tuple) else answer


def test_the_card_on_the_reader_is_the_person_in_the_register(town, drawer):
    for number, person_id in (("001", AOI), ("004", SORA)):
        proven = ask(town, drawer, number)
        assert isinstance(proven, ProvenCertificate)
        holder = cards.holder_of(issuer=proven.issuer, serial=proven.serial, on=clock.today())
        assert holder is not None
        assert holder.person_id == person_id
        assert holder.counts_on(clock.today())


@pytest.mark.parametrize("number", ["002", "003"])
def test_what_was_revoked_or_stopped_is_refused_by_list_and_by_holder(town, drawer, number):
    assert ask(town, drawer, number) == {"PROOF_REVOKED"}
    der = (drawer / "cards" / number / "auth.der").read_bytes()
    read = x509.load_der_x509_certificate(der)
    holder = cards.holder_of(
        issuer=read.issuer.rfc4514_string(), serial=str(read.serial_number), on=clock.today()
    )
    assert holder is not None
    assert holder.stopped


def test_a_proof_for_another_site_or_challenge_is_none(town, drawer):
    for message in (
        signed_bytes(origin="http://127.0.0.1:8021", nonce=NONCE),
        signed_bytes(origin=ORIGIN, nonce=NONCE[::-1]),
    ):
        assert ask(town, drawer, "001", message=message) == {"PROOF_SIGNATURE_WRONG"}


def test_when_the_list_has_run_out_nobody_is_proved_until_it_is_renewed(town, drawer):
    later = clock.now() + timedelta(days=making.LIST_DAYS + 1)
    assert ask(town, drawer, "001", now=later) == Unavailable(reason="LIST_STALE")
    making.renew_list(drawer, now=later)
    assert isinstance(ask(town, drawer, "001", now=later), ProvenCertificate)
    making.renew_list(drawer, now=clock.now())


def test_outside_the_demo_the_same_card_is_nobodys(town, drawer):
    strict = CardProof(anchors=town.anchors, lists=town.lists, policy=town.policy, takes_test=False)
    assert ask(strict, drawer, "001") == {"PROOF_OF_TEST_CARD"}
