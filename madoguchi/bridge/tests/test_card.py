"""The emulated card, command by command: what real cards are known to answer."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from madoguchi.bridge import apdu, jpki
from madoguchi.bridge.emulator import profile
from madoguchi.bridge.emulator.drawer import opened
from madoguchi.bridge.tests.people import ADDRESS, AOI, PIN, SIGN_PASSWORD, SORA, WRONG
from madoguchi.kernel.checkdigits import is_valid_individual_number
from madoguchi.kernel.outcome import Refused

OK = b"\x90\x00"


@pytest.fixture
def card(drawer):
    with opened(drawer / "cards" / AOI) as one:
        yield one


def choose(card, aid, file_id=None):
    assert card.answer(bytes(apdu.select_application(aid))) == OK
    if file_id is not None:
        assert card.answer(bytes(apdu.select_file(file_id))) == OK


def verify(card, pin):
    return card.answer(bytes(apdu.verify(bytearray(pin.encode()))))


def tries(card):
    return card.answer(bytes(apdu.ask_tries()))


def read_whole(card):
    size = int.from_bytes(card.answer(bytes(apdu.read_binary(0, 4)))[2:4]) + 4
    read = b""
    while len(read) < size:
        answer = card.answer(bytes(apdu.read_binary(len(read), min(256, size - len(read)))))
        assert answer[-2:] == OK
        read += answer[:-2]
    return read


@pytest.mark.parametrize(
    "aid", ["A000000308000010000100", "E82B0601040181C31F0201", "D392F0002601"]
)
def test_an_application_it_does_not_have_is_not_found(card, aid):
    assert card.answer(bytes(apdu.select_application(bytes.fromhex(aid)))) == b"\x6a\x82"


def test_choosing_answers_bare_success(card):
    assert card.answer(bytes(apdu.select_application(jpki.AID))) == OK
    with_fci = bytes.fromhex("00A404000A") + jpki.AID
    assert card.answer(with_fci) == b"\x6a\x86"


def test_asking_for_tries_costs_none_and_counts_even_after_a_right_pin(card):
    choose(card, jpki.AID, jpki.PIN)
    assert [tries(card) for _ in range(5)] == [b"\x63\xc3"] * 5
    assert verify(card, PIN) == OK
    assert tries(card) == b"\x63\xc3"


def test_a_right_pin_restores_the_counter(card):
    choose(card, jpki.AID, jpki.PIN)
    assert [verify(card, WRONG), verify(card, WRONG)] == [b"\x63\xc2", b"\x63\xc1"]
    assert verify(card, PIN) == OK
    assert tries(card) == b"\x63\xc3"


def test_a_blocked_pin_stays_blocked_without_power_and_after_a_restart(drawer):
    folder = drawer / "cards" / AOI
    with opened(folder) as card:
        choose(card, jpki.AID, jpki.PIN)
        assert [verify(card, WRONG) for _ in range(3)] == [b"\x63\xc2", b"\x63\xc1", b"\x63\xc0"]
        assert verify(card, PIN) == b"\x69\x84"
        card.reset()
        choose(card, jpki.AID, jpki.PIN)
        assert verify(card, PIN) == b"\x69\x84"
    with opened(folder) as card:
        choose(card, jpki.AID, jpki.PIN)
        assert (verify(card, PIN), tries(card)) == (b"\x69\x84", b"\x63\xc0")
        # The other PINs know nothing of it.
        choose(card, jpki.AID, 0x001B)
        assert verify(card, SIGN_PASSWORD) == OK


def test_signing_certificate_is_shut_before_its_pin(card):
    choose(card, jpki.AID, 0x0001)
    assert card.answer(bytes(apdu.read_binary(0, 4))) == b"\x69\x82"
    choose(card, jpki.AID, jpki.PIN)
    assert verify(card, PIN) == OK
    card.answer(bytes(apdu.select_file(0x0001)))
    assert card.answer(bytes(apdu.read_binary(0, 4))) == b"\x69\x82"
    card.answer(bytes(apdu.select_file(0x001B)))
    assert verify(card, SIGN_PASSWORD) == OK
    card.answer(bytes(apdu.select_file(0x0001)))
    whole = x509.load_der_x509_certificate(read_whole(card))
    names = whole.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    items = {name.type_id.dotted_string: name.value[2:].decode() for name in names}
    assert items["1.2.392.200149.8.5.5.1"] == "海野 あおい"
    assert items["1.2.392.200149.8.5.5.4"] == "319880503"
    assert items["1.2.392.200149.8.5.5.5"] == ADDRESS


def test_the_card_does_not_raise_the_case_of_a_password(card):
    choose(card, jpki.AID, 0x001B)
    assert verify(card, SIGN_PASSWORD.lower()) == b"\x63\xc4"


def test_the_authentication_certificate_says_nothing_of_its_holder(card):
    choose(card, jpki.AID, jpki.CERTIFICATE)
    der = read_whole(card)
    certificate = x509.load_der_x509_certificate(der)
    for word in ("海野", "あおい", "古仁屋", "19880503"):
        assert word.encode() not in der
    with pytest.raises(x509.ExtensionNotFound):
        certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)


def test_reading_minds_offset_and_length(card):
    choose(card, jpki.AID, jpki.CERTIFICATE)
    whole = read_whole(card)
    assert card.answer(bytes.fromhex("00B0000500")) == whole[5 : 5 + 256] + OK
    assert card.answer(bytes.fromhex("00B0010203")) == whole[258:261] + OK
    assert card.answer(bytes((0, 0xB0, *len(whole).to_bytes(2), 1))) == b"\x6b\x00"
    end = len(whole) - 2
    assert card.answer(bytes((0, 0xB0, *end.to_bytes(2), 9))) == whole[-2:] + OK


def test_it_signs_only_while_verified_and_choosing_again_logs_out(card):
    command = bytes(apdu.sign(jpki.SHA256_PREFIX + bytes(32)))
    choose(card, jpki.AID, jpki.KEY)
    assert card.answer(command) == b"\x69\x82"
    choose(card, jpki.AID, jpki.PIN)
    assert verify(card, PIN) == OK
    card.answer(bytes(apdu.select_file(jpki.KEY)))
    assert len(card.answer(command)) == 256 + 2
    choose(card, jpki.AID, jpki.KEY)
    assert card.answer(command) == b"\x69\x82"


def test_a_wrong_pin_after_a_right_one_logs_out(card):
    choose(card, jpki.AID, jpki.PIN)
    assert (verify(card, PIN), verify(card, WRONG)) == (OK, b"\x63\xc2")
    card.answer(bytes(apdu.select_file(jpki.KEY)))
    assert card.answer(bytes(apdu.sign(b"\x30"))) == b"\x69\x82"


def test_a_signature_is_good_for_others(card):
    """Padding and key are checked by a library, not by ourselves."""
    choose(card, jpki.AID, jpki.PIN)
    verify(card, PIN)
    card.answer(bytes(apdu.select_file(jpki.KEY)))
    digest = hashes.Hash(hashes.SHA256())
    digest.update(b"message")
    signature = card.answer(bytes(apdu.sign(jpki.SHA256_PREFIX + digest.finalize())))[:-2]
    card.answer(bytes(apdu.select_file(jpki.CERTIFICATE)))
    key = x509.load_der_x509_certificate(read_whole(card)).public_key()
    key.verify(signature, b"message", padding.PKCS1v15(), hashes.SHA256())


def test_a_pin_is_changed_only_after_it_was_shown_and_only_to_its_form(drawer):
    change = bytes.fromhex("0024018004") + b"8642"
    with opened(drawer / "cards" / AOI) as card:
        choose(card, jpki.AID, jpki.PIN)
        assert card.answer(change) == b"\x69\x82"
        assert verify(card, PIN) == OK
        assert card.answer(bytes.fromhex("0024018004") + b"86A2") == b"\x6a\x80"
        assert card.answer(bytes.fromhex("0024018005") + b"86421") == b"\x6a\x80"
        assert card.answer(change) == OK
    with opened(drawer / "cards" / AOI) as card:
        choose(card, jpki.AID, jpki.PIN)
        assert (verify(card, PIN), verify(card, "8642")) == (b"\x63\xc2", OK)


def test_text_application_keeps_its_rules_and_holds_a_fictional_number(card):
    choose(card, profile.TEXT_AID, 0x0001)
    assert card.answer(bytes.fromhex("00B0000011")) == b"\x69\x82"
    choose(card, profile.TEXT_AID, 0x0011)
    assert verify(card, PIN) == OK
    card.answer(bytes(apdu.select_file(0x0001)))
    number = card.answer(bytes.fromhex("00B0000011"))
    assert (number[:3], number[-2:]) == (b"\x10\x01\x0c", OK)
    assert number[3:6] == b"999"
    assert is_valid_individual_number(number[3:15].decode())
    card.answer(bytes(apdu.select_file(0x0002)))
    items = card.answer(bytes.fromhex("00B0000000"))
    assert items[:2] == b"\xff\x20"
    for word in ("海野 あおい", ADDRESS, "19880503"):
        assert word.encode() in items


def test_number_b_opens_the_items_but_not_the_number(card, drawer):
    choose(card, profile.TEXT_AID, 0x0015)
    assert tries(card) == b"\x63\xca"
    expiry = x509.load_der_x509_certificate((drawer / "cards" / AOI / "auth.der").read_bytes())
    # 昭和63年5月3日, year of expiry, security code.
    number_b = f"630503{expiry.not_valid_after_utc.year}0001"
    assert verify(card, number_b) == OK
    card.answer(bytes(apdu.select_file(0x0002)))
    assert card.answer(bytes.fromhex("00B0000000"))[-2:] == OK
    card.answer(bytes(apdu.select_file(0x0001)))
    assert card.answer(bytes.fromhex("00B0000011")) == b"\x69\x82"


def test_resident_application_has_only_its_pin(card):
    choose(card, profile.RESIDENT_AID, 0x001C)
    assert (tries(card), verify(card, PIN)) == (b"\x63\xc3", OK)


def test_common_application_tells_the_number_of_the_card(card):
    choose(card, profile.COMMON_AID)
    record = card.answer(bytes.fromhex("00B2010C00"))
    assert record[-2:] == OK
    assert record[2:-2] == b"TE" + b"0000000000001"
    assert card.answer(bytes.fromhex("00B2020C00")) == b"\x6a\x83"


def test_a_childs_card_cannot_sign_documents_yet_answers_for_the_pin(drawer):
    with opened(drawer / "cards" / SORA) as card:
        choose(card, jpki.AID, 0x001B)
        assert tries(card) == b"\x63\xc5"
        assert card.answer(bytes(apdu.select_file(0x0001))) == b"\x6a\x82"
        assert card.answer(bytes(apdu.select_file(0x001A))) == b"\x6a\x82"


def test_one_card_cannot_lie_on_two_readers(drawer):
    folder = drawer / "cards" / AOI
    with opened(folder), pytest.raises(Refused, match="CARD_BUSY"), opened(folder):
        pass
    with opened(folder) as card:
        choose(card, jpki.AID)
