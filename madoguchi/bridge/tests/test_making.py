"""The fictional cards as others read them: the town's import, openssl, the revocation list."""

import csv
import subprocess
from datetime import date, datetime, timedelta

import hypothesis.strategies as st
import pytest
from cryptography import x509
from hypothesis import given, settings

from madoguchi.bridge import clock
from madoguchi.bridge.emulator import authority, making
from madoguchi.bridge.tests.people import AOI, PEOPLE, SORA, UME, person
from madoguchi.kernel.outcome import Refused

HEAD = "宛名番号,氏名,生年月日,性別,住所"


def rows(drawer):
    with (drawer / "card_certificates.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def certificate(drawer, card_no, stem="auth"):
    return x509.load_der_x509_certificate((drawer / "cards" / card_no / f"{stem}.der").read_bytes())


def test_the_list_names_each_certificate_as_the_card_holds_it(drawer):
    found = {(row["宛名番号"], row["種別"]): row for row in rows(drawer)}
    assert len(found) == 5  # a child has no signing certificate
    assert (PEOPLE[2].person_id, "署名用") not in found
    row = found[PEOPLE[0].person_id, "利用者証明用"]
    ours = certificate(drawer, AOI)
    assert row["シリアル番号"] == str(ours.serial_number)
    assert row["発行者"] == ours.issuer.rfc4514_string()
    assert row["有効終了日"] == ours.not_valid_after_utc.astimezone(clock.JAPAN).date().isoformat()
    assert row["有効開始日"] == ours.not_valid_before_utc.astimezone(clock.JAPAN).date().isoformat()
    assert row["状態"] == "有効"
    assert found[PEOPLE[1].person_id, "利用者証明用"]["状態"] == "失効"


def test_openssl_accepts_the_chain_and_refuses_the_revoked(drawer, tmp_path):
    crl = tmp_path / "crl.pem"
    subprocess.run(
        ["openssl", "crl", "-inform", "der", "-in", str(drawer / "crl.der"), "-out", str(crl)],
        check=True,
        timeout=20,
    )

    def verify(card_no):
        done = subprocess.run(
            ["openssl", "verify", "-x509_strict", "-crl_check", "-CRLfile", str(crl), "-CAfile", str(drawer / "ca.pem"),
             str(drawer / "cards" / card_no / "auth.der")],
            capture_output=True, text=True, timeout=20, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    assert verify(AOI)[0] == 0, verify(AOI)
    assert verify(SORA)[0] == 0
    assert "certificate revoked" in verify(UME)[1]


def test_the_profile_is_that_of_the_notes(drawer):
    ours = certificate(drawer, AOI)
    policies = ours.extensions.get_extension_for_class(x509.CertificatePolicies).value
    assert policies[0].policy_identifier.dotted_string.startswith("1.2.392.200149.8.5.1.")
    assert "TEST" in ours.issuer.rfc4514_string()
    assert ours.subject.rfc4514_string().startswith("CN=TEST")
    point = ours.extensions.get_extension_for_class(x509.CRLDistributionPoints).value[0]
    assert ".invalid/" in point.full_name[0].value
    usage = ours.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment) == (True, False)


def test_the_list_of_revoked_is_signed_anew(drawer):
    before = x509.load_der_x509_crl((drawer / "crl.der").read_bytes())
    later = datetime(2031, 1, 2, 9, tzinfo=clock.JAPAN)
    assert making.renew_list(drawer, now=later, days=2) == 1
    after = x509.load_der_x509_crl((drawer / "crl.der").read_bytes())
    assert [one.serial_number for one in after] == [certificate(drawer, UME).serial_number]
    assert after.last_update_utc == later
    assert (after.next_update_utc - after.last_update_utc).days == 2
    assert before.last_update_utc < after.last_update_utc
    ca = x509.load_pem_x509_certificate((drawer / "ca.pem").read_bytes())
    assert after.is_signature_valid(ca.public_key())


def test_an_old_drawer_is_not_written_over(drawer):
    with pytest.raises(Refused, match="FOLDER_NOT_EMPTY"):
        making.make_cards(PEOPLE[:1], out=drawer, now=clock.now())


def test_people_are_read_as_the_town_writes_them(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(
        f"{HEAD},状態\n000000000000019,海野　あおい,昭和63年5月3日,女,せとうち町,\n"
        "000000000000027,渚,1940/2/29,男,せとうち町,停止\n",
        encoding="utf-8-sig",
    )
    found = making.read_people(path)
    assert [(one.name, one.birth, one.state) for one in found] == [
        ("海野　あおい", date(1988, 5, 3), "有効"), ("渚", date(1940, 2, 29), "停止"),
    ]  # fmt: skip


def test_every_wrong_line_is_told(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(
        f"{HEAD},状態\n1,あ,きのう,女,町,\n2,い,1988-05-03,女,町,不明\n3,う,1988-02-31,女,町,\n"
    )
    with pytest.raises(Refused) as refused:
        making.read_people(path)
    assert [(one.code, one.where) for one in refused.value.problems][:2] == [
        ("PEOPLE_BIRTH", "2行目"), ("PEOPLE_STATE", "3行目"),
    ]  # fmt: skip
    path.write_text("氏名,住所\nあ,町\n")
    with pytest.raises(Refused, match="PEOPLE_COLUMNS"):
        making.read_people(path)


@settings(deadline=None)
@given(
    st.dates(min_value=date(1910, 1, 1), max_value=date(2026, 6, 1)),
    st.dates(min_value=date(2024, 1, 1), max_value=date(2040, 12, 31)),
    st.sampled_from(["有効", "期限切れ"]),
)
def test_a_certificate_ends_on_a_birthday_within_five_years(birth, as_of, state):
    validity = making._validity(person(1, "あ", birth, state=state), as_of=as_of)
    assert validity.first <= as_of
    assert (validity.last.month, validity.last.day) in {(birth.month, birth.day), (2, 28)}
    if birth <= validity.first:
        assert 4 * 365 <= (validity.last - validity.first).days <= 5 * 366
        if state == "有効":
            assert validity.last >= as_of
        elif validity.first < as_of - timedelta(days=6 * 365):
            assert validity.last < as_of


@settings(deadline=None)
@given(st.text(max_size=300))
def test_text_in_a_certificate_comes_out_again(text):
    der = authority.tlv(b"\x0c", text.encode("utf-8"))
    size = der[1]
    rest = der[2:] if size < 0x80 else der[2 + size - 0x80 :]
    assert rest == text.encode("utf-8")
