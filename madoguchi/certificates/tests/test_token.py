import base64
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.certificates.documents.token import (
    key_id_of,
    make_token,
    trusted_keys,
    verify_token,
)
from madoguchi.certificates.domain.kinds import Kind, Omit
from madoguchi.certificates.domain.layout import plan_sheets
from madoguchi.certificates.domain.sheets import canonical_text
from madoguchi.certificates.domain.token import (
    PREFIX,
    SALT_BYTES,
    TokenContent,
    check_person,
    check_text,
    content_of,
    decode_token,
    encode_content,
    fold_typed,
    token_text,
)
from madoguchi.certificates.tests.paper_samples import (
    KUZUHA,
    MINATO,
    NAGI,
    REN,
    SALT,
    SAMPLES,
    SORA,
    TARO,
    TOKEN_KEY,
    YOSHIKO,
    paper,
    papers,
    token_for,
)
from madoguchi.kernel.outcome import Problem

KEYS = trusted_keys([TOKEN_KEY.public_key()])
FAMILY = paper(*MINATO)


def read(text):
    content = verify_token(text, keys=KEYS)
    assert isinstance(content, TokenContent), content
    return content


def refused(text):
    found = verify_token(text, keys=KEYS)
    return found.code if isinstance(found, Problem) else None


@given(papers((Kind.RESIDENT_RECORD_HOUSEHOLD, Kind.RECORD_ITEMS)))
@settings(max_examples=30, deadline=None)
def test_a_token_says_what_the_paper_says(given_paper):
    sheets = plan_sheets(given_paper)
    content = read(make_token(given_paper, sheets, key=TOKEN_KEY, salt=SALT))
    assert content == content_of(
        given_paper, sheets, key_id=key_id_of(TOKEN_KEY.public_key()), salt=SALT
    )
    assert content.issue_no == given_paper.issue_no
    assert content.kind is given_paper.kind
    assert content.issued_on == given_paper.issued_on
    assert content.municipality_code == given_paper.municipality_code
    assert content.pages == len(sheets)
    for one in given_paper.persons:
        assert check_person(content, name=one.name, birth_date=one.birth_date) == ()


def test_the_text_of_a_token_suits_qr_codes_and_scanners():
    text = token_for(FAMILY)
    assert text.startswith(PREFIX)
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") | {"1"}
    assert len(text) < 300
    # A scanner in the wrong case, with a line end, changes nothing.
    assert read(f" {text.lower()}\r\n") == read(text)


def test_any_flipped_bit_is_refused():
    text = token_for(FAMILY)
    body = text[len(PREFIX) :]
    raw = base64.b32decode(body + "=" * (-len(body) % 8))
    for bit in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        spelled = PREFIX + base64.b32encode(bytes(flipped)).decode().rstrip("=")
        assert refused(spelled) in {"TOKEN_FORGED", "TOKEN_NOT_OURS", "TOKEN_UNREADABLE"}, bit


@given(st.integers(min_value=0), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567018 -"))
def test_any_changed_character_is_refused(place, instead):
    text = token_for(FAMILY)
    place %= len(text)
    if text[place] != instead:
        assert refused(text[:place] + instead + text[place + 1 :]) is not None


@given(
    st.one_of(
        st.text(max_size=400),
        st.binary(max_size=400).map(
            lambda raw: PREFIX + base64.b32encode(raw).decode().rstrip("=")
        ),
    )
)
def test_rubbish_is_refused_and_never_crashes(text):
    assert isinstance(decode_token(text), Problem) or refused(text) is not None


def test_the_same_bits_have_only_one_spelling():
    text = token_for(FAMILY)
    last = text[-1]
    for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567":
        if other != last:
            assert refused(text[:-1] + other) is not None
    assert refused(text + "A") is not None
    assert refused(text[:-1]) is not None


def test_a_token_of_another_town_is_not_ours():
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32))
    sheets = plan_sheets(FAMILY)
    assert refused(make_token(FAMILY, sheets, key=stranger, salt=SALT)) == "TOKEN_NOT_OURS"
    # One that claims our key id, signed by a stranger.
    content = content_of(FAMILY, sheets, key_id=key_id_of(TOKEN_KEY.public_key()), salt=SALT)
    signed = encode_content(content)
    assert refused(token_text(signed, stranger.sign(signed))) == "TOKEN_FORGED"


def test_a_qr_copied_onto_another_paper_fails_on_name_or_birth_date():
    content = read(token_for(paper(TARO)))
    assert check_person(content, name=TARO.name, birth_date=TARO.birth_date) == ()
    for other in (YOSHIKO, NAGI, REN, SORA):
        found = check_person(content, name=other.name, birth_date=other.birth_date)
        assert [problem.code for problem in found] == ["TOKEN_PERSON_DIFFERS"]
    assert check_person(content, name=TARO.name, birth_date="昭和64年1月8日")
    assert check_person(content, name="湊　次郎", birth_date=TARO.birth_date)


@pytest.mark.parametrize(
    ("person", "name", "birth_date"),
    [
        (TARO, "湊太郎", "昭和６４年１月７日"),
        (TARO, " 湊 太郎 ", "昭和64年1月7日"),
        (KUZUHA, "湊葛葉", "平成27年7月30日"),  # the selector cannot be typed
        (REN, "渡邉蓮", "平成24年2月29日"),
        (SORA, "ＳＯＲＡ MARIA DE LOS ANGELES FERNANDEZ GUTIERREZ VILLANUEVA(空マリア)",
         "1993年12月31日"),
    ],
)  # fmt: skip
def test_what_people_cannot_type_does_not_matter(person, name, birth_date):
    content = read(token_for(paper(person)))
    assert check_person(content, name=name, birth_date=birth_date) == ()


def test_another_form_of_a_character_does_matter():
    content = read(token_for(paper(REN)))
    assert check_person(content, name="渡辺　蓮", birth_date=REN.birth_date)
    assert fold_typed("髙﨑") != fold_typed("高崎")


def test_two_papers_of_one_person_cannot_be_linked_by_their_tokens():
    sheets = plan_sheets(FAMILY)
    first = read(make_token(FAMILY, sheets, key=TOKEN_KEY, salt=bytes(SALT_BYTES)))
    second = read(make_token(FAMILY, sheets, key=TOKEN_KEY, salt=b"\1" * SALT_BYTES))
    assert not set(first.person_hashes) & set(second.person_hashes)
    assert first.text_hash != second.text_hash


def test_i7_a_retry_makes_the_same_token():
    assert token_for(FAMILY) == token_for(FAMILY)


def test_the_text_hash_sees_one_changed_character_and_one_lost_selector():
    content = read(token_for(FAMILY))
    pages = [sheet.text for sheet in plan_sheets(FAMILY)]
    assert check_text(content, pages) == ()
    assert check_text(content, [page.replace("\n", "") for page in pages]) == ()
    for changed in (
        [pages[0].replace("太郎", "太朗", 1), pages[1]],
        [pages[0].replace("\U000e0102", "", 1), pages[1]],
        [pages[1], pages[0]],
        pages[:1],
    ):
        assert [problem.code for problem in check_text(content, changed)] == ["TOKEN_TEXT_DIFFERS"]


def test_a_paper_without_birth_dates_asks_for_none():
    hidden = paper(TARO, kind=Kind.RECORD_ITEMS, omitted=frozenset(Omit))
    content = read(token_for(hidden))
    assert check_person(content, name=TARO.name, birth_date="") == ()
    assert TARO.birth_date not in canonical_text(plan_sheets(hidden))


def test_a_token_tells_nobody_who_it_is_for():
    for sample in SAMPLES.values():
        raw = token_for(sample)
        for one in sample.persons:
            spelled = base64.b32encode(one.name.encode()).decode().rstrip("=")
            assert spelled[:-2] not in raw


def test_every_kind_has_a_code_of_its_own():
    codes = {
        encode_content(
            replace(
                content_of(
                    FAMILY,
                    plan_sheets(FAMILY),
                    key_id=key_id_of(TOKEN_KEY.public_key()),
                    salt=SALT,
                ),
                kind=kind,
            )
        )[8]
        for kind in Kind
    }
    assert len(codes) == len(Kind)
