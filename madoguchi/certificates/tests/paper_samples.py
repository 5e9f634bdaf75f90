"""Papers of fictional people for the tests of this room (試験用の証明書)."""

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import strategies as st

from madoguchi.certificates.documents.imprint import drawn_imprint
from madoguchi.certificates.documents.move_out import make_codes
from madoguchi.certificates.documents.render import render_pdf
from madoguchi.certificates.documents.seal import seal_svg
from madoguchi.certificates.documents.token import make_token
from madoguchi.certificates.domain.definitions import certification_of
from madoguchi.certificates.domain.kinds import Kind
from madoguchi.certificates.domain.layout import plan_sheets
from madoguchi.certificates.domain.move_out import move_out_lines
from madoguchi.certificates.domain.move_out_code import pack
from madoguchi.certificates.domain.paper import ForeignItems, Line, Paper, PaperPerson, Removal

AT = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
SALT = bytes(range(12))
TOKEN_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
EVERYTHING: frozenset[Any] = frozenset()


def person(number: int, **changes: Any) -> PaperPerson:
    """One of the Minato family, by number."""
    values: dict[str, Any] = {
        "person_id": f"person-{number}",
        "name": "湊　太郎",
        "furigana": "みなと　たろう",
        "birth_date": "昭和64年1月7日",
        "sex": "男",
        "relationship": "世帯主",
        "resident_since": "平成20年4月1日",
        "filed_on": "平成20年4月3日",
        "domicile": "鹿児島県大島郡せとうち町大字古仁屋船津1番地",
        "domicile_head": "湊　一郎",
        "former_address": "鹿児島県奄美市名瀬幸町1番1号　コーポ潮風202号",
        "resident_code": "01234567890",
        "individual_number": "123456789018",
    }
    return PaperPerson(**(values | changes))


TARO = person(1)
YOSHIKO = person(
    2,
    name="湊　𠮷子",
    furigana="みなと　よしこ",
    sex="女",
    relationship="妻",
    birth_date="平成2年3月14日",
    former_surname="葛\U000e0102城",
    former_surname_furigana="かつらぎ",
    address_since="令和3年10月1日",
    remarks=("令和3年10月1日転居", "令和3年9月20日旧氏記載"),
)
#: The selector here gives the very glyph the bare character gives: the hard case.
KUZUHA = person(
    3,
    name="湊　葛\U000e0103葉",
    furigana="みなと　くずは",
    sex="女",
    relationship="子",
    birth_date="平成27年7月30日",
    former_address="東京都葛飾区立石1番地",
)
REN = person(
    4,
    name="渡邉\U000e0110　蓮",
    furigana="わたなべ　れん",
    relationship="妻の子",
    birth_date="平成24年2月29日",
)
NAGI = person(
    5,
    name="湊　凪",
    furigana="みなと　なぎ",
    sex="女",
    relationship="子の子の子の妻",
    birth_date="令和5年5月5日",
)
MINATO = (TARO, YOSHIKO, KUZUHA, REN, NAGI)
SORA = person(
    6,
    name="SORA MARIA DE LOS ANGELES FERNANDEZ GUTIERREZ VILLANUEVA（空　マリア）",
    furigana="ソラ　マリア　デ　ロス　アンヘレス　フェルナンデス　グティエレス　ビジャヌエバ",
    sex="女",
    birth_date="1993年12月31日",
    domicile="",
    domicile_head="",
    former_address="フィリピン",
    foreign=ForeignItems(
        nationality="フィリピン",
        residence_class="中長期在留者",
        status="技術・人文知識・国際業務",
        period="5年",
        expires_on="2029年4月30日",
        card_no="AB12345678CD",
        alias="空　真理",
        alias_furigana="そら　まり",
    ),
)
UME = person(
    7,
    name="髙﨑　うめ",
    furigana="たかさき　うめ",
    sex="女",
    birth_date="大正15年12月25日",
    removal=Removal(reason="死亡", effective_on="令和8年11月16日", filed_on="令和8年11月18日"),
    history=("令和8年11月16日　死亡（令和8年11月18日届出）", "平成3年4月2日　転居"),
)
HARU = replace(
    UME,
    person_id="person-8",
    name="岬　ハル",
    removal=Removal(
        reason="国内転出",
        effective_on="令和8年11月10日",
        filed_on="令和8年11月2日",
        moved_to_planned="沖縄県那覇市泉崎一丁目1番1号",
        moved_to_confirmed="沖縄県那覇市泉崎一丁目1番1号　海風荘301号",
    ),
)


def paper(*persons: PaperPerson, **changes: Any) -> Paper:
    """A household paper of these persons unless another kind is given."""
    kind = changes.get("kind", Kind.RESIDENT_RECORD_HOUSEHOLD)
    values: dict[str, Any] = {
        "kind": kind,
        "persons": persons,
        "address": "鹿児島県大島郡せとうち町大字古仁屋船津23番地",
        "householder": persons[0].name,
        "issue_no": "20261123-465259-01-1-000123",
        "request_id": "abcdefghijklmnopqrstuvwxyz",
        "issued_on": AT.date(),
        "municipality": "せとうち町",
        "municipality_code": "465259",
        "mayor_title": "鹿児島県大島郡せとうち町長",
        "mayor_name": "架空　花子",
        "certification": certification_of(kind, whole_household=True),
        "seal_svg": town_seal(),
    }
    return Paper(**(values | changes))


@cache
def town_seal() -> bytes:
    """The demo town's seal."""
    return seal_svg()


def told(*people: PaperPerson) -> str:
    """What the codes of a 転出証明書 of these people say."""
    return pack(
        {
            "old_town": "せとうち町", "planned_move_out_on": "2026-12-01",
            "previous_address": "鹿児島県大島郡せとうち町大字古仁屋船津23番地",
            "move_out_to": "福岡県みどり市緑町5番6号",
            "people": [
                {"name": one.name, "name_kana": one.furigana, "birth": one.birth_date,
                 "sex": "MALE" if one.sex == "男" else "FEMALE", "relationship": one.relationship,
                 "honseki": one.domicile, "hittosha": one.domicile_head,
                 "resident_code": one.resident_code, "nationality_group": "JAPANESE"}
                for one in people
            ],
        }
    )  # fmt: skip


def leaving(*people: PaperPerson, **changes: Any) -> Paper:
    """A 転出証明書 of these people."""
    lines = move_out_lines(
        to="福岡県みどり市緑町5番6号", day_label="転出予定年月日", day="令和8年12月1日",
        filed_label="届出年月日", filed="令和8年11月23日", notes=changes.pop("notes", ()),
    )  # fmt: skip
    bare = tuple(replace(one, individual_number="") for one in people)
    values: dict[str, Any] = {
        "kind": Kind.MOVE_OUT, "lines": lines, "packed": told(*people), "omitted": EVERYTHING,
    }  # fmt: skip
    return paper(*bare, **(values | changes))


def token_for(given: Paper) -> str:
    """The token of a paper under the test key."""
    return make_token(given, plan_sheets(given), key=TOKEN_KEY, salt=SALT)


def codes_for(given: Paper) -> tuple[str, ...]:
    """The codes for the new town under the test key."""
    return make_codes(given, key=TOKEN_KEY)


def pdf_of(given: Paper, *, token: str | None = None) -> bytes:
    """The finished, unsigned file of a paper."""
    return render_pdf(
        given, plan_sheets(given), token=token or token_for(given), codes=codes_for(given)
    )


#: One of each form, with everything shown.
SAMPLES: dict[str, Paper] = {
    "one": paper(TARO),
    "four": paper(*MINATO[:4], omitted=EVERYTHING, building="潮風荘202号"),
    "five": paper(*MINATO, official_use=True, seal_is_black_note=True),
    "foreign": paper(SORA, YOSHIKO, omitted=EVERYTHING, sample=True),
    "individual": paper(YOSHIKO, kind=Kind.RESIDENT_RECORD_INDIVIDUAL, omitted=EVERYTHING),
    "deceased": paper(UME, kind=Kind.REMOVED_RECORD),
    "moved out": paper(HARU, kind=Kind.REMOVED_RECORD, omitted=EVERYTHING),
    "seal": paper(
        YOSHIKO,
        kind=Kind.SEAL_REGISTRATION,
        householder="",
        lines=(
            Line(label="氏名", value=YOSHIKO.name),
            Line(label="生年月日", value=YOSHIKO.birth_date),
            Line(label="住所", value="鹿児島県大島郡せとうち町大字古仁屋船津23番地　潮風荘202号"),
        ),
        imprint=drawn_imprint("湊　𠮷子"),
        imprint_mm=(13.5, 13.5),
    ),
    "tax": paper(
        KUZUHA,
        kind=Kind.TAX,
        householder="",
        lines=(
            Line(label="年度", value="令和8年度（令和7年分の所得）"),
            Line(label="住所（賦課期日現在）", value="東京都葛飾区立石1番地（令和8年1月1日）"),
            Line(label="氏名", value=KUZUHA.name),
            Line(label="生年月日", value=KUZUHA.birth_date),
            Line(label="課税区分", value="課税"),
            Line(group="収入・所得", label="給与収入金額", value="123,456,789,000円"),
            Line(group="収入・所得", label="合計所得金額", value="0円"),
            Line(group="年税額", label="合計", value="5,500円"),
        ),
    ),
    "items": paper(*MINATO[:3], kind=Kind.RECORD_ITEMS),
    "move out": leaving(*MINATO),
}

# --- strategies --------------------------------------------------------------------------

_CHARACTERS = (
    *"湊渡辺邉邊髙高﨑崎吉𠮷斎齋齊浜濱濵太郎花子蓮凪葵々ヶノ",
    "葛",
    "葛\U000e0102",
    "葛\U000e0103",
    "邉\U000e0110",
    *"ABCXYZ",
    "か\u3099",
    "神",
)
names = st.builds(
    lambda family, given: "".join(family) + "　" + "".join(given),
    st.lists(st.sampled_from(_CHARACTERS), min_size=1, max_size=6),
    st.lists(st.sampled_from(_CHARACTERS), min_size=1, max_size=40),
)
_days = st.dates(min_value=dt.date(1926, 12, 25)).map(
    lambda day: f"昭和{day.year % 64 + 1}年{day.month}月{day.day}日"
)


@st.composite
def persons(draw: st.DrawFn, number: int) -> PaperPerson:
    """A person with names of every sort."""
    drawn = person(
        number,
        name=draw(names),
        birth_date=draw(_days),
        address_since=draw(st.sampled_from(("", "令和3年10月1日"))),
        remarks=tuple(draw(st.lists(names, max_size=9))),
    )
    if draw(st.booleans()):
        return drawn
    return replace(drawn, foreign=SORA.foreign)


@st.composite
def papers(draw: st.DrawFn, kinds: tuple[Kind, ...]) -> Paper:
    """A paper of any size and form."""
    kind = draw(st.sampled_from(kinds))
    most = 1 if kind is Kind.RESIDENT_RECORD_INDIVIDUAL else 13
    count = draw(st.integers(min_value=1, max_value=most))
    return paper(
        *(draw(persons(number)) for number in range(count)),
        kind=kind,
        omitted=draw(st.sampled_from((EVERYTHING, paper(TARO).omitted))),
        sample=draw(st.booleans()),
        official_use=draw(st.booleans()),
    )
