"""The ``IdentityProof`` port, kept by the real adapter: what is proved, and all that is not."""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from madoguchi.adapters.jpki.proof import CardProof
from madoguchi.adapters.jpki.tests.authority import (
    NOW,
    POINT,
    POLICY,
    REAL_NAME,
    SERIAL,
    SIGNING_POLICY,
    TEST_NAME,
    YEAR,
    Authority,
    Card,
    Revoked,
)
from madoguchi.kernel.outcome import Problem, Unavailable
from madoguchi.kiosk.domain.devices import ProvenCertificate
from madoguchi.web import messages
from tests.patience import at_length

MESSAGE = b"madoguchi-proof-v1\0http://127.0.0.1:8020\0" + bytes(range(32))
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def town(tmp_path):
    """A town that trusts one authority and holds its list."""
    return Town(tmp_path)


class Town:
    def __init__(self, folder):
        self.anchors = folder / "anchors"
        self.lists = folder / "lists"
        for one in (self.anchors, self.lists):
            one.mkdir()
        self.trust(Authority())
        self.hold(Revoked())
        self.proof = CardProof(
            anchors=self.anchors, lists=self.lists, policy=POLICY, takes_test=True
        )

    def trust(self, *authorities):
        for old in self.anchors.iterdir():
            old.unlink()
        for number, one in enumerate(authorities):
            (self.anchors / f"{number}.pem").write_bytes(one.pem())

    def hold(self, *lists):
        for old in self.lists.iterdir():
            old.unlink()
        for number, one in enumerate(lists):
            data = one if isinstance(one, bytes) else one.der()
            (self.lists / f"{number}.crl").write_bytes(data)

    def ask(self, card=None, *, certificate=None, signature=None, signed=MESSAGE, now=NOW):
        card = card or Card()
        answer = self.proof.check(
            certificate=card.der() if certificate is None else certificate,
            signature=card.sign(MESSAGE) if signature is None else signature,
            signed=signed,
            now=now,
        )
        if isinstance(answer, tuple):
            assert answer
            messages.render_all(answer)
            return {one.code for one in answer}
        return answer


# -- what is proved ----------------------------------------------------------------------


def test_a_valid_card_is_known_by_issuer_and_serial_alone(town):
    assert town.ask() == ProvenCertificate(issuer=TEST_NAME, serial=str(SERIAL))


def test_the_first_and_the_last_second_count(town):
    card = Card(begins=NOW, ends=NOW)
    assert isinstance(town.ask(card), ProvenCertificate)


@pytest.mark.parametrize("digest", [hashes.SHA256, hashes.SHA384, hashes.SHA512])
def test_the_authority_may_sign_with_a_longer_sum(town, digest):
    assert isinstance(town.ask(Card(digest=digest)), ProvenCertificate)


def test_an_authority_that_renewed_its_key_is_known_by_the_key_that_fits(town):
    old = Authority()
    new = Authority(key_name="renewed")
    town.trust(new, old)
    town.hold(Revoked(authority=new, signed_with="renewed", serials=(SERIAL,)), Revoked())
    assert isinstance(town.ask(), ProvenCertificate)
    card = Card(authority=new, signed_with="renewed")
    assert town.ask(card) == {"PROOF_REVOKED"}


def test_anchors_and_list_may_each_be_one_file(town):
    proof = replace(town.proof, anchors=town.anchors / "0.pem", lists=town.lists / "0.crl")
    card = Card()
    assert isinstance(
        proof.check(certificate=card.der(), signature=card.sign(MESSAGE), signed=MESSAGE, now=NOW),
        ProvenCertificate,
    )


# -- what is wrong -----------------------------------------------------------------------

WRONG = {
    "PROOF_NOT_YET_VALID": {"begins": NOW + SECOND},
    "PROOF_EXPIRED": {"ends": NOW - SECOND},
    "PROOF_KEY_NOT_ALLOWED": {"bits": 1024},
    "PROOF_USE_OTHER": {"digital": False, "commitment": True},
    "PROOF_POLICY_OTHER": {"policies": (SIGNING_POLICY,)},
    "PROOF_EXTENSION_UNKNOWN": {"strange": True},
    "PROOF_ISSUER_UNKNOWN": {"signed_with": "somebody else"},
}


@pytest.mark.parametrize("code", WRONG)
def test_each_fault_alone(town, code):
    assert town.ask(Card(**WRONG[code])) == {code}


@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(st.sets(st.sampled_from(sorted(WRONG))), st.booleans(), st.booleans())
def test_j2_every_fault_is_said_at_once(town, faults, revoked, other_message):
    assume(not {"PROOF_NOT_YET_VALID", "PROOF_EXPIRED"} <= faults)
    town.hold(Revoked(serials=(SERIAL,) if revoked else ()))
    card = Card(**{name: value for one in faults for name, value in WRONG[one].items()})
    wanted = set(faults)
    # Whose list would name it is not known where nobody knows whose it is.
    wanted |= {"PROOF_REVOKED"} if revoked and "PROOF_ISSUER_UNKNOWN" not in faults else set()
    # No key that is allowed, no signature to look at.
    if other_message and "PROOF_KEY_NOT_ALLOWED" not in faults:
        wanted.add("PROOF_SIGNATURE_WRONG")
    answer = town.ask(card, signed=b"another challenge" if other_message else MESSAGE)
    assert answer == (wanted or ProvenCertificate(issuer=TEST_NAME, serial=str(SERIAL)))


def test_j3_the_signing_certificate_of_the_same_card_proves_nobody(town):
    """署名用: another policy, and digitalSignature beside contentCommitment."""
    assert town.ask(Card(commitment=True, policies=(SIGNING_POLICY,))) == {"PROOF_POLICY_OTHER"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_authority": True},
        {"extended": (ExtendedKeyUsageOID.SERVER_AUTH,)},
        {"digital": False},
    ],
)
def test_a_certificate_for_something_else(town, wrong):
    assert town.ask(Card(**wrong)) == {"PROOF_USE_OTHER"}


@pytest.mark.parametrize(
    "policies", [(), ("1.2.392.200149.8.5.1",), (f"{POLICY}.1",), ("2.5.29.32.0",)]
)
def test_only_the_very_policy_counts(town, policies):
    assert town.ask(Card(policies=policies)) == {"PROOF_POLICY_OTHER"}


def test_which_policy_it_is_can_be_set(town):
    town.proof = replace(town.proof, policy="1.2.392.200149.8.5.1.9")
    assert town.ask() == {"PROOF_POLICY_OTHER"}
    assert isinstance(town.ask(Card(policies=("1.2.392.200149.8.5.1.9",))), ProvenCertificate)


@pytest.mark.parametrize("wrong", [{"bits": 1024}, {"bits": 1536}, {"bits": 4608}, {"curve": True}])
def test_a_key_that_is_weak_giant_or_no_rsa(town, wrong):
    assert town.ask(Card(holder="odd", **wrong)) == {"PROOF_KEY_NOT_ALLOWED"}


def test_a_certificate_signed_with_sha1(town):
    assert "PROOF_ALGORITHM_NOT_ALLOWED" in town.ask(certificate=_with_sha1(Card()))


def test_a_signature_by_another_key(town):
    assert town.ask(signature=Card().sign(MESSAGE, holder="other")) == {"PROOF_SIGNATURE_WRONG"}


def test_a_signature_over_another_challenge_or_for_another_site(town):
    for other in (b"", MESSAGE + b"\0", MESSAGE.replace(b"8020", b"8021"), MESSAGE[:-1] + b"\x00"):
        assert town.ask(signed=other) == {"PROOF_SIGNATURE_WRONG"}


@pytest.mark.parametrize("digest", [hashes.SHA384, hashes.SHA512])
def test_a_signature_with_another_sum_than_agreed(town, digest):
    assert town.ask(signature=Card().sign(MESSAGE, digest=digest)) == {"PROOF_SIGNATURE_WRONG"}


def test_an_authority_nobody_trusts_with_the_name_of_one_we_do(town):
    assert town.ask(Card(signed_with="impostor")) == {"PROOF_ISSUER_UNKNOWN"}
    assert town.ask(Card(authority=Authority(name=REAL_NAME))) == {"PROOF_ISSUER_UNKNOWN"}


@pytest.mark.parametrize("wrong", [{"begins": NOW + SECOND}, {"ends": NOW - SECOND}])
def test_an_authority_out_of_its_days(town, wrong):
    town.trust(Authority(**wrong))
    assert town.ask() == {"PROOF_ISSUER_OUT_OF_DAYS"}


def test_another_residents_certificate_is_no_authority(town):
    """Whoever holds a card cannot issue one with its key, even to a town that trusts it by mistake."""
    inner = Authority(name="CN=0A1B2C3D4E5F,C=JP", key_name="card", is_authority=False)
    town.trust(inner)
    answer = town.ask(Card(authority=inner, signed_with="card"))
    assert answer == Unavailable(reason="ANCHORS_UNREADABLE")


def test_j4_outside_the_demo_a_test_card_proves_nobody(town):
    town.proof = replace(town.proof, takes_test=False)
    assert town.ask() == {"PROOF_OF_TEST_CARD"}
    real = Authority(name=REAL_NAME)
    town.trust(real)
    town.hold(Revoked(authority=real))
    assert town.ask(Card(authority=real)) == ProvenCertificate(issuer=REAL_NAME, serial=str(SERIAL))


# -- revocation: unknown is never good ---------------------------------------------------


def test_a_revoked_card(town):
    town.hold(Revoked(serials=(SERIAL - 1, SERIAL, SERIAL + 1)))
    assert town.ask() == {"PROOF_REVOKED"}


def test_the_neighbours_of_a_revoked_card_are_none(town):
    town.hold(Revoked(serials=(SERIAL - 1, SERIAL + 1)))
    assert isinstance(town.ask(), ProvenCertificate)


@pytest.mark.parametrize(
    ("given_list", "why"),
    [
        (None, "LIST_MISSING"),
        (Revoked(until=NOW), "LIST_STALE"),
        (Revoked(until=NOW - SECOND), "LIST_STALE"),
        (Revoked(updated=NOW + timedelta(minutes=6), until=NOW + DAY), "LIST_STALE"),
        (Revoked(authority=Authority(name=REAL_NAME)), "LIST_MISSING"),
        (Revoked(signed_with="impostor"), "LIST_UNTRUSTED"),
        (Revoked(part="http://list.invalid/part-2.crl"), "LIST_OF_OTHERS"),
        (Revoked(only_authorities=True), "LIST_OF_OTHERS"),
        (Revoked(indirect=True), "LIST_OF_OTHERS"),
        (Revoked(changes_only=True), "LIST_OF_OTHERS"),
        (Revoked(strange=True), "LIST_OF_OTHERS"),
        (b"no list", "LIST_UNREADABLE"),
        (b"", "LIST_UNREADABLE"),
    ],
)
def test_j2_a_list_that_cannot_answer_proves_nobody(town, given_list, why):
    town.hold(*([] if given_list is None else [given_list]))
    assert town.ask() == Unavailable(reason=why)


def test_a_list_that_is_not_set_or_not_there_proves_nobody(town, tmp_path):
    for lists in (None, tmp_path / "nowhere.crl"):
        town.proof = replace(town.proof, lists=lists)
        assert town.ask() == Unavailable(reason="LIST_MISSING")


def test_the_part_that_the_card_points_to_answers(town):
    town.hold(Revoked(part="http://list.invalid/part-2.crl"), Revoked(part=POINT))
    assert isinstance(town.ask(), ProvenCertificate)
    town.hold(
        Revoked(part="http://list.invalid/part-2.crl"), Revoked(part=POINT, serials=(SERIAL,))
    )
    assert town.ask() == {"PROOF_REVOKED"}


@pytest.mark.parametrize("first", [True, False])
def test_of_several_lists_that_speak_for_the_card_one_is_enough(town, first):
    lists = [Revoked(serials=(SERIAL,)), Revoked(part=POINT)]
    town.hold(*(lists if first else reversed(lists)))
    assert town.ask() == {"PROOF_REVOKED"}


def test_a_stale_list_does_not_hide_what_a_fresh_one_says(town):
    stale = Revoked(until=NOW - SECOND)
    town.hold(stale, Revoked(serials=(SERIAL,)), stale)
    assert town.ask() == {"PROOF_REVOKED"}
    town.hold(stale, Revoked(), stale)
    assert isinstance(town.ask(), ProvenCertificate)


def test_j2_what_is_surely_wrong_is_said_even_without_a_list(town):
    town.hold()
    assert town.ask(Card(ends=NOW - DAY), signed=b"other") == {
        "PROOF_EXPIRED",
        "PROOF_SIGNATURE_WRONG",
    }


def test_j5_a_new_list_counts_at_the_very_next_proof(town):
    assert isinstance(town.ask(), ProvenCertificate)
    path = town.lists / "0.crl"
    kept = path.stat()
    fresh = town.lists / "fresh.half"
    fresh.write_bytes(Revoked(serials=(SERIAL,)).der())
    # As a careful job replaces it: another file under the same name, even with the same time.
    os.utime(fresh, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    fresh.replace(path)
    assert town.ask() == {"PROOF_REVOKED"}


# -- anchors -----------------------------------------------------------------------------


def test_without_anchors_nobody_is_proved(town, tmp_path):
    town.trust()
    assert town.ask() == Unavailable(reason="ANCHORS_MISSING")
    town.proof = replace(town.proof, anchors=None)
    assert town.ask() == Unavailable(reason="ANCHORS_MISSING")
    town.proof = replace(town.proof, anchors=tmp_path / "nowhere.pem")
    assert town.ask() == Unavailable(reason="ANCHORS_UNREADABLE")


@pytest.mark.parametrize("data", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAA\n"])
def test_a_broken_anchor_beside_a_good_one_proves_nobody(town, data):
    (town.anchors / "1.pem").write_bytes(data)
    assert town.ask() == Unavailable(reason="ANCHORS_UNREADABLE")


def test_a_weak_authority_is_no_anchor(town):
    town.trust(Authority(key_name="weak", bits=1024))
    assert town.ask() == Unavailable(reason="ANCHORS_UNREADABLE")


# -- bytes of any kind -------------------------------------------------------------------

_ODD = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")


@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"0", b"\x30\x82\xff\xff", secrets.token_bytes(1500), b"0" * 9_000]
)
def test_garbage_is_no_certificate(town, data):
    assert town.ask(certificate=data) == {"PROOF_CERTIFICATE_UNREADABLE"}


@at_length(200, suppress_health_check=_ODD)
@given(st.binary(max_size=3_000), st.binary(max_size=600), st.binary(max_size=200))
def test_no_bytes_break_it(town, certificate, signature, signed):
    assert isinstance(town.ask(certificate=certificate, signature=signature, signed=signed), set)


@at_length(400, suppress_health_check=_ODD)
@given(st.data())
def test_j1_any_flipped_bit_refuses(town, data):
    card = Card()
    parts = {"certificate": card.der(), "signature": card.sign(MESSAGE), "signed": MESSAGE}
    which = data.draw(st.sampled_from(sorted(parts)))
    bit = data.draw(st.integers(0, len(parts[which]) * 8 - 1))
    changed = bytearray(parts[which])
    changed[bit // 8] ^= 1 << (bit % 8)
    assert isinstance(town.ask(card, **parts | {which: bytes(changed)}), set)


def test_j1_every_flipped_bit_around_the_signature_of_the_certificate_refuses(town):
    """The outside of a certificate is signed by nobody: length, algorithm and unused bits."""
    card = Card()
    whole = card.der()
    inner = len(card.certificate().tbs_certificate_bytes)
    outside = [*range(4), *range(4 + inner, 4 + inner + 22)]
    for place in outside:
        for bit in range(8):
            changed = bytearray(whole)
            changed[place] ^= 1 << bit
            assert isinstance(town.ask(card, certificate=bytes(changed)), set), (place, bit)


@at_length(60, suppress_health_check=_ODD)
@given(st.data())
def test_a_certificate_cut_or_lengthened_refuses(town, data):
    whole = Card().der()
    cut = data.draw(st.integers(0, len(whole) - 1))
    more = data.draw(st.binary(min_size=1, max_size=40))
    assert isinstance(town.ask(certificate=whole[:cut]), set)
    assert isinstance(town.ask(certificate=whole + more), set)
    assert isinstance(town.ask(certificate=whole[:cut] + more + whole[cut:]), set)


@at_length(100, suppress_health_check=_ODD)
@given(st.data())
def test_j1_any_flipped_bit_of_the_list_proves_nobody_or_changes_nothing_that_is_signed(town, data):
    whole = Revoked(serials=(SERIAL,)).der()
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    changed = bytearray(whole)
    changed[bit // 8] ^= 1 << (bit % 8)
    town.hold(bytes(changed))
    assert not isinstance(town.ask(), ProvenCertificate)


def test_problems_carry_nothing_of_the_card(town):
    answer = town.proof.check(
        certificate=Card(ends=NOW - DAY).der(), signature=b"", signed=MESSAGE, now=NOW + YEAR
    )
    assert answer == tuple(Problem(code=one.code) for one in answer)


def _with_sha1(card: Card) -> bytes:
    """Sign the certificate again with SHA-1, which no library of ours would do any more."""
    import hashlib

    from asn1crypto import x509 as asn1

    from madoguchi.adapters.jpki.tests.authority import key

    whole = asn1.Certificate.load(card.der())
    whole["tbs_certificate"]["signature"] = {"algorithm": "sha1_rsa"}
    whole["signature_algorithm"] = {"algorithm": "sha1_rsa"}
    tbs = whole["tbs_certificate"].dump(force=True)
    info = bytes.fromhex("3021300906052b0e03021a05000414") + hashlib.sha1(tbs).digest()
    padded = b"\x00\x01" + b"\xff" * (256 - 3 - len(info)) + b"\x00" + info
    numbers = key(card.signed_with).private_numbers()
    signed = pow(int.from_bytes(padded, "big"), numbers.d, numbers.public_numbers.n)
    whole["signature_value"] = signed.to_bytes(256, "big")
    return whole.dump(force=True)


def test_the_sha1_certificate_of_these_tests_is_one():
    read = x509.load_der_x509_certificate(_with_sha1(Card()))
    assert read.signature_algorithm_oid.dotted_string == "1.2.840.113549.1.1.5"
