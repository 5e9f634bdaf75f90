"""A stranger's software with the emulated card, through real PC/SC: OpenSC's own tools.

This proves the PC/SC path and that the card keeps the rules OpenSC relies on. It proves
nothing about real cards, which were never at hand.
"""

import re
import subprocess

import pytest

from madoguchi.bridge.tests import pcsc
from madoguchi.bridge.tests.people import AOI, PIN, SIGN_PASSWORD, WRONG


@pytest.fixture
def aoi(service, drawer):
    with pcsc.inserted(service, drawer / "cards" / AOI):
        yield service


def pkcs15(service, *words):
    return pcsc.run(service, ["pkcs15-tool", "--reader", "0", *words])


def pkcs11(service, *words):
    return pcsc.run(service, ["pkcs11-tool", "--module", str(pcsc.module()), *words])


def verify(service, pin):
    return pkcs15(service, "--verify-pin", "--auth-id", "01", "--pin", pin)


def tries(service):
    printed = pkcs15(service, "--list-pins").stdout
    return [int(left) for left in re.findall(r"Tries left\s*: (\d+)", printed)]


def test_opensc_takes_it_for_a_card_of_its_kind(aoi):
    assert pcsc.run(aoi, ["opensc-tool", "--reader", "0", "--name"]).stdout.strip() == "jpki"


def test_it_lists_two_pins_two_keys_four_certificates(aoi):
    printed = pkcs15(aoi, "--dump").stdout
    assert "PKCS#15 Card [JPKI]" in printed
    assert printed.count("\nPIN [") == 2
    assert printed.count("\nPrivate RSA Key [") == 2
    assert printed.count("\nX.509 Certificate [") == 4
    assert tries(aoi) == [3, 5]


def test_it_reads_the_certificate(aoi, drawer):
    printed = pkcs15(aoi, "--read-certificate", "01").stdout
    read = subprocess.run(["openssl", "x509", "-outform", "der"], input=printed.encode(),
                          capture_output=True, timeout=20, check=True).stdout  # fmt: skip
    assert read == (drawer / "cards" / AOI / "auth.der").read_bytes()


def test_it_verifies_counts_down_and_a_right_pin_restores(aoi):
    assert verify(aoi, PIN).returncode == 0
    assert verify(aoi, WRONG).returncode != 0
    assert verify(aoi, WRONG).returncode != 0
    assert tries(aoi) == [1, 5]
    assert verify(aoi, PIN).returncode == 0
    assert tries(aoi) == [3, 5]


def test_it_blocks_and_stays_blocked_after_a_restart(service, drawer):
    folder = drawer / "cards" / AOI
    with pcsc.inserted(service, folder):
        for _ in range(3):
            assert verify(service, WRONG).returncode != 0
        assert tries(service) == [0, 5]
        assert verify(service, PIN).returncode != 0
    with pcsc.inserted(service, folder):
        assert tries(service) == [0, 5]
        assert verify(service, PIN).returncode != 0


@pytest.mark.parametrize(
    ("key", "pin", "stem"), [("01", PIN, "auth"), ("02", SIGN_PASSWORD, "sign")]
)
def test_it_signs_and_openssl_agrees(aoi, drawer, tmp_path, key, pin, stem):
    message, signature, public = (tmp_path / name for name in ("message", "signature", "key.pem"))
    message.write_bytes("架空の町の見本".encode())
    slot = {"auth": "0", "sign": "1"}[stem]
    done = pkcs11(
        aoi, "--slot-index", slot, "--login", "--pin", pin, "--sign", "--id", key,
        "--mechanism", "SHA256-RSA-PKCS", "--input-file", str(message),
        "--output-file", str(signature),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    certificate = drawer / "cards" / AOI / f"{stem}.der"
    words = ["openssl", "x509", "-inform", "der", "-in", str(certificate), "-noout", "-pubkey"]
    public.write_bytes(subprocess.run(words, capture_output=True, timeout=20, check=True).stdout)
    checked = subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", str(public), "-signature", str(signature),
         str(message)], check=False, capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    assert checked.stdout.strip() == "Verified OK"


def test_a_wrong_pin_is_told_as_such(aoi):
    done = pkcs11(aoi, "--slot-index", "0", "--login", "--pin", WRONG, "--list-objects")
    assert "CKR_PIN_INCORRECT" in done.stderr
    assert tries(aoi) == [2, 5]
