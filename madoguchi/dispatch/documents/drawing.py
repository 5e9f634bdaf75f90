"""Draw the letters of a batch: notices, covers, labels (手紙の描画).

A real 交付通知書 comes printed from J-LIS. What is drawn here is the town's own sheet, which goes
into the window envelope with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from madoguchi.dispatch.documents.codes import clerk_path, customer_path, page_svg, qr_drawing
from madoguchi.dispatch.documents.labels import draw_labels
from madoguchi.dispatch.documents.readback import wrong_pages
from madoguchi.dispatch.documents.typesetting import typeset
from madoguchi.dispatch.domain.contents import (
    read_card,
    read_move,
    read_notice,
    read_removal,
    read_request,
    read_residence,
)
from madoguchi.dispatch.domain.envelope import Envelope
from madoguchi.dispatch.domain.handed import WANTED
from madoguchi.dispatch.domain.letters import NOTICES, OF_RESIDENCE, LetterKind
from madoguchi.dispatch.domain.pieces import Piece
from madoguchi.dispatch.domain.secrets import ADVICE, secrets_on
from madoguchi.dispatch.domain.sender import Office
from madoguchi.kernel.wareki import format_long


@unique
class Form(StrEnum):
    """What is drawn of a batch (印刷の種類)."""

    LETTERS = "LETTERS"
    LABELS = "LABELS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A drawn file: which pages are whose, and whose came out wrong (描いたファイル)."""

    pdf: bytes
    pages: Mapping[str, tuple[int, ...]]
    wrong: frozenset[str]


_HEADING: Mapping[LetterKind, str] = {
    LetterKind.ISSUE_NOTICE: "マイナンバーカードを お渡しできます",
    LetterKind.RENOTICE: "マイナンバーカードを お預かりしています",
    LetterKind.FINAL_NOTICE: "マイナンバーカード 最後のお知らせ",
    LetterKind.MAIL_CARD: "マイナンバーカードを お送りします",
    LetterKind.MOVE_RECEIPT: "住民異動届を受けました",
    LetterKind.MOVE_INQUIRY: "転入通知の未着について（照会）",
    LetterKind.REMOVAL_NOTICE: "住民票の消除について（通知）",
    LetterKind.CERTIFICATE_REQUEST: "転出証明書の交付について（依頼）",
    LetterKind.RESIDENCE_INQUIRY: "お住まいの確認について（照会）",
    LetterKind.RESIDENCE_URGE: "住民異動の届出について（催告）",
}
_LEAD: Mapping[LetterKind, str] = {
    LetterKind.ISSUE_NOTICE: "カードができました。下の物を持って、ご本人が窓口へお越しください。",
    LetterKind.RENOTICE: "カードを まだお渡ししていません。下の物を持って、窓口へお越しください。",
    LetterKind.FINAL_NOTICE: "期間を過ぎると、カードを廃棄します。その後は 申請のやり直しです。",
    LetterKind.MAIL_CARD: "申請のときにお約束したカードです。中身を確かめてください。",
    LetterKind.MOVE_RECEIPT: "代理の人から、次の届出を受けました。お心当たりのないときは、すぐに下の窓口へお知らせください。",
    LetterKind.MOVE_INQUIRY: "次の人の転入通知（住民基本台帳法9条1項）をいただいていません。転入の有無をお知らせください。"
    "すでに発送されたときは、行き違いをお許しください。",
    LetterKind.REMOVAL_NOTICE: "住民基本台帳法8条と同施行令12条により、あなたの住民票を町の職権で消しました。"
    "施行令12条4項によりお知らせします。お住まいの市区町村で、届出をしてください。",
    LetterKind.CERTIFICATE_REQUEST: "次の人は、マイナンバーカードで転入届を出すことができません。"
    "紙の転出証明書を、同封の請求書により、本人の新しい住所へ交付してくださるようお願いします。",
    LetterKind.RESIDENCE_INQUIRY: "住民票にある住所に、いまもお住まいかを確かめています（住民基本台帳法34条）。"
    "下に書いて、返信用の封筒か窓口でお答えください。",
    LetterKind.RESIDENCE_URGE: "先の照会に、お答えをいただいていません。引っ越されたときは、期限までに届け出てください。"
    "届出も連絡もなく、お住まいでないと確かめられたときは、町の職権で住民票を消すことがあります。",
}
#: What goes into the envelope with a request; the clerk ticks it off. *Assumed*.
ENCLOSED = (
    "同封：本人が署名した請求書（郵便）",
    "同封：本人確認書類の写し",
    "同封：返信用の封筒（本人の新しい住所、切手）",
)
#: Sheets of rows: of moves, to an address handed in, and of where somebody lives.
SHEETS = frozenset(WANTED) | OF_RESIDENCE
#: What is written in by whoever answers where they live; the form is *assumed*.
_ANSWERS = (
    ("いまの住まい", "□ この住所に住んでいる　　□ 住んでいない"),
    ("いつからいない", "令和　　　年　　　月　　　日"),
    ("いまの住所", "　"),
    ("書いた人・電話", "　"),
)
_QUIETLY = (
    "「いまの住所」は、書ける人だけ書いてください。",
    "住所を知られると困る事情のある人は、ここに書かずに、",
    "下の電話にかけてください。人に聞かれない所で受けます。",
)
#: Where the clerk's number and the booking code stand on the page.
_CLERK = {"left": 124.0, "top": 51.5, "height": 11.0}
_QR = {"left": 18.0, "top": 249.0, "side": 36.0}


def draw(
    pieces: Sequence[Piece], *, form: Form, office: Office, envelope: Envelope, today: date
) -> Made:
    """Draw these letters in their order and read every page back (描画と照合)."""
    if form is Form.LABELS:
        pdf = draw_labels(pieces)
        wrong = wrong_pages(pdf, [(pieces[at : at + 12]) for at in range(0, len(pieces), 12)])
        return Made(pdf=pdf, pages={one.letter_id: () for one in pieces}, wrong=wrong)
    pages: dict[str, tuple[int, ...]] = {}
    count = 0
    for one in pieces:
        pages[one.letter_id] = tuple(range(count, count + _page_count(one)))
        count += _page_count(one)
    if not pieces:
        return Made(pdf=b"", pages={}, wrong=frozenset())
    pdf = typeset(
        "letters.typ",
        {
            "title": "お知らせ",
            "date": format_long(today),
            "office": {
                "town": office.town,
                "section": office.section,
                "postcode": office.postcode,
                "address": office.address,
            },
            "folds": [envelope.first_fold_mm, envelope.second_fold_mm],
            "secrets": [
                {"title": one.title, "form": one.form, "uses": one.uses}
                for one in secrets_on(today)
            ],
            "advice": ADVICE,
            "letters": [_letter(one) for one in pieces],
        },
    )
    wrong = wrong_pages(pdf, [[one] for one in pieces for _ in range(_page_count(one))])
    return Made(pdf=pdf, pages=pages, wrong=wrong)


def _page_count(piece: Piece) -> int:
    return 2 if piece.kind in NOTICES else 1


def _letter(piece: Piece) -> dict[str, object]:
    paths = [
        customer_path(piece.plan.bars, piece.plan.bars_area),
        clerk_path(piece.about_no, **_CLERK),
    ]
    common: dict[str, object] = {
        "address": [(line.x_mm, line.y_mm, line.size_pt, line.text) for line in piece.plan.lines],
        "number": piece.about_no,
        "number_label": "交付通知書の番号" if piece.kind not in SHEETS else "手紙の番号",
        "heading": _HEADING[piece.kind],
        "lead": _LEAD[piece.kind],
        "pages": _page_count(piece),
        "codes_alt": "番号のバーコード",
    }
    if piece.kind in SHEETS:
        return {**common, "form": "MOVE", "codes": page_svg(*paths), **_move(piece)}
    if piece.kind not in NOTICES:
        card = read_card(piece.content)
        return {
            **common, "form": "COVER", "phone": card.phone, "bring": card.enclosed,
            "codes": page_svg(*paths),
        }  # fmt: skip
    content = read_notice(piece.content)
    qr = qr_drawing(content.book_url, **_QR) if content.book_url else ""
    return {
        **common,
        "form": "NOTICE",
        "phone": content.phone,
        "place": content.place,
        "period": f"{format_long(content.first_on)}から {format_long(content.last_on)}まで",
        "hours": content.hours,
        "bring": content.bring,
        "book": content.book_url,
        "book_words": (
            "左のコードを スマートフォンで読むか、",
            f"電話 {content.phone} で予約してください。",
            "番号と 生年月日を うかがいます。",
        )
        if content.book_url
        else (f"予約は 電話 {content.phone} で うけたまわります。",),
        "codes": page_svg(*paths, more=qr),
    }


def _move(piece: Piece) -> dict[str, object]:
    """Say of a letter of a move what was filed, or whom it asks about; the forms are *assumed*."""
    if piece.kind is LetterKind.REMOVAL_NOTICE:
        gone = read_removal(piece.content)
        rows = [("したこと", "住民票の消除（職権）"), ("消した日", format_long(gone.on))]
        return {"rows": rows, "about": "", "note": gone.note, "phone": gone.phone}
    if piece.kind is LetterKind.CERTIFICATE_REQUEST:
        asked = read_request(piece.content)
        rows = [
            ("氏名", asked.name),
            ("生年月日", format_long(asked.birth)),
            ("前の住所", asked.previous_address),
            ("新しい住所", asked.new_address),
            ("住み始めた日", format_long(asked.moved_in_on)),
        ]
        return {"rows": rows, "about": "", "note": ENCLOSED, "phone": asked.phone}
    if piece.kind in OF_RESIDENCE:
        lives = read_residence(piece.content)
        whose = f"あなたと、ほか{lives.others}人" if lives.others else "あなた"
        rows = [("だれの", whose), ("回答の期限", format_long(lives.on)), *_ANSWERS]
        return {"rows": rows, "about": "", "note": _QUIETLY, "phone": lives.phone}
    told = read_move(piece.content)
    day = format_long(told.on)
    if piece.kind is LetterKind.MOVE_RECEIPT:
        others = f"あなたと、ほか{told.others}人" if told.others else "あなた"
        rows = [
            ("届出", told.filing),
            ("受けた日", day),
            ("だれの", others),
            ("届け出た人", "代理人"),
        ]
        return {"rows": rows, "about": "", "note": (), "phone": told.phone}
    rows = [("転出予定日", day), ("回答", "転入あり（令和　　年　　月　　日）・　転入なし")]
    return {"rows": rows, "about": piece.recipient.about, "note": (), "phone": told.phone}
