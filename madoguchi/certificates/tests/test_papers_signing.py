import datetime as dt
import io
import re
import stat
from dataclasses import replace

import pikepdf
import pytest

from madoguchi.certificates.documents.keys import ensure_demo_keys, load_keys, load_trust
from madoguchi.certificates.documents.readback import read_back
from madoguchi.certificates.documents.render import render_pdf
from madoguchi.certificates.documents.signing import sign_pdf, token_of, verify_pdf
from madoguchi.certificates.documents.token import make_token
from madoguchi.certificates.domain.layout import plan_sheets
from madoguchi.certificates.tests.paper_samples import AT, MINATO, SALT, TARO, paper
from madoguchi.kernel.outcome import Refused

FAMILY = paper(*MINATO)
SHEETS = plan_sheets(FAMILY)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("keys") / "demo"
    ensure_demo_keys(made, production=False, at=AT)
    return made


@pytest.fixture(scope="module")
def keys(folder):
    return load_keys(folder)


@pytest.fixture(scope="module")
def trust(folder):
    return load_trust(folder)


def finished(given_paper, keys):
    sheets = plan_sheets(given_paper)
    token = make_token(given_paper, sheets, key=keys.token_key, salt=SALT)
    return render_pdf(given_paper, sheets, token=token)


@pytest.fixture(scope="module")
def unsigned(keys):
    return finished(FAMILY, keys)


@pytest.fixture(scope="module")
def signed(unsigned, keys):
    return sign_pdf(unsigned, keys=keys, at=AT)


def codes(pdf, trust, *, at=AT):
    return [problem.code for problem in verify_pdf(pdf, trust=trust, at=at).problems]


def saved(opened):
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def test_a_signed_paper_is_valid_and_says_what_it_is(signed, trust):
    found = verify_pdf(signed, trust=trust, at=AT)
    assert found.valid and found.problems == ()
    assert found.content is not None
    assert found.content.issue_no == FAMILY.issue_no
    assert found.content.kind is FAMILY.kind
    assert found.content.issued_on == FAMILY.issued_on


def test_the_token_can_be_taken_from_any_file(signed, unsigned):
    assert token_of(signed) == token_of(unsigned)
    assert token_of(signed).startswith("MDG1")
    for rubbish in (b"", b"hello", b"%PDF-" + b"9" * 11_000_000):
        assert token_of(rubbish).code == "PDF_UNREADABLE"


def test_i4_the_signed_file_reads_back_as_planned(signed, keys):
    token = make_token(FAMILY, SHEETS, key=keys.token_key, salt=SALT)
    assert read_back(signed, SHEETS, kind=FAMILY.kind, token=token) == ()


def test_checking_needs_only_public_parts(signed, folder, tmp_path):
    for name in ("authority.pem", "token.pub.pem"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    assert verify_pdf(signed, trust=load_trust(tmp_path), at=AT).valid


def test_no_flipped_byte_goes_unnoticed(signed, trust):
    gap = signed.rindex(b"/Contents <")
    for place in (*range(7, gap, 2_311), *range(gap, len(signed), 61)):
        damaged = bytearray(signed)
        damaged[place] ^= 0x01
        found = verify_pdf(bytes(damaged), trust=trust, at=AT)
        assert not found.valid, place
        assert found.problems[0].code in {"PDF_EDITED", "PDF_UNREADABLE", "PDF_UNSIGNED"}, place


def test_a_number_that_is_none_is_damage_like_any_other(signed, trust):
    """pyHanko answers "." where a number belongs with an error of decimals (CI, 27 November)."""
    damaged = re.sub(rb"(/Rect\s*\[\s*)\d", rb"\1.", signed)
    assert damaged != signed and len(damaged) == len(signed)
    assert codes(damaged, trust) == ["PDF_EDITED"]


@pytest.mark.parametrize("tail", [b"\n", b"%%EOF\n", b"\0" * 100])
def test_anything_added_at_the_end_is_an_edit(signed, trust, tail):
    assert codes(signed + tail, trust) == ["PDF_EDITED"]


def test_an_incremental_update_is_an_edit(signed, trust):
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"].raw_get(0)
    page.get_object()["/Rotate"] = generic.NumberObject(180)
    writer.mark_update(page)
    out = io.BytesIO()
    writer.write(out)
    assert codes(out.getvalue(), trust) == ["PDF_EDITED"]


def test_a_second_signature_is_an_edit(signed, keys, trust):
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    with pytest.raises(Exception, match="change"):
        # The certification forbids it; an honest program stops here.
        signers.sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(signed)),
            signers.PdfSignatureMetadata(field_name="Other"),
            signer=keys.signer,
            new_field_spec=fields.SigFieldSpec("Other"),
        )


def test_a_saved_again_or_replaced_page_loses_the_signature(signed, unsigned, keys, trust):
    other = sign_pdf(
        finished(replace(FAMILY, request_id="zyxwvutsrqponmlkjihgfedcba"), keys), keys=keys, at=AT
    )
    with pikepdf.open(io.BytesIO(signed)) as opened:
        again = saved(opened)
    assert codes(again, trust)[0] in {"PDF_EDITED", "PDF_UNSIGNED"}
    with pikepdf.open(io.BytesIO(signed)) as ours, pikepdf.open(io.BytesIO(other)) as theirs:
        ours.pages[1] = theirs.pages[1]
        assert codes(saved(ours), trust)[0] in {"PDF_EDITED", "PDF_UNSIGNED"}
    assert codes(unsigned, trust) == ["PDF_UNSIGNED"]


def test_a_truncated_file_is_refused(signed, trust):
    for length in (100, 5_000, len(signed) // 2, len(signed) - 1):
        assert not verify_pdf(signed[:length], trust=trust, at=AT).valid
    for rubbish in (b"", b"hello", b"%PDF-1.7\n", b"%PDF-" + b"9" * 11_000_000):
        assert codes(rubbish, trust) == ["PDF_UNREADABLE"]


def test_a_stranger_with_keys_of_his_own_is_not_us(unsigned, trust, tmp_path):
    ensure_demo_keys(tmp_path / "other", production=False, at=AT)
    stranger = load_keys(tmp_path / "other")
    assert codes(sign_pdf(unsigned, keys=stranger, at=AT), trust) == ["PDF_NOT_OURS"]


def test_our_signature_over_another_text_is_caught_by_the_token(keys, trust):
    """Somebody inside signs a page the token was not made for."""
    changed = replace(FAMILY, persons=(replace(TARO, name="湊　次郎"), *MINATO[1:]))
    token = make_token(FAMILY, SHEETS, key=keys.token_key, salt=SALT)
    wrong = render_pdf(changed, plan_sheets(changed), token=token)
    assert codes(sign_pdf(wrong, keys=keys, at=AT), trust) == ["TOKEN_TEXT_DIFFERS"]


def test_a_forged_token_in_a_signed_file_is_caught(keys, trust):
    token = make_token(FAMILY, SHEETS, key=keys.token_key, salt=SALT)
    forged = token[:-5] + ("A" if token[-5] != "A" else "B") + token[-4:]
    wrong = render_pdf(FAMILY, SHEETS, token=forged)
    assert codes(sign_pdf(wrong, keys=keys, at=AT), trust) == ["TOKEN_FORGED"]


def test_a_signature_outlives_neither_its_certificate_nor_its_birth(signed, trust):
    late = AT + dt.timedelta(days=365 * 11)
    assert codes(signed, trust, at=late) == ["PDF_NOT_OURS"]


# --- keys --------------------------------------------------------------------------------


def test_demo_keys_are_refused_in_production(tmp_path):
    with pytest.raises(Refused) as refused:
        ensure_demo_keys(tmp_path / "keys", production=True, at=AT)
    assert [problem.code for problem in refused.value.problems] == ["DEMO_KEYS_IN_PRODUCTION"]
    assert not (tmp_path / "keys").exists()


def test_demo_keys_are_private_and_made_once(tmp_path):
    folder = tmp_path / "keys"
    ensure_demo_keys(folder, production=False, at=AT)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    ensure_demo_keys(folder, production=False, at=AT)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_a_missing_key_is_told_by_name(tmp_path):
    with pytest.raises(Refused) as refused:
        load_keys(tmp_path)
    assert [problem.code for problem in refused.value.problems] == ["KEY_NOT_FOUND"]
