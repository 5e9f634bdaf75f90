"""The steps of a session, in the order of the convenience store (画面の順)."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """One screen of a session (画面); the order is that of the store's terminal."""

    ACCEPT = "ACCEPT"  # 利用規約への同意
    CARD = "CARD"  # カードを置く
    TOWN = "TOWN"  # 市区町村を選ぶ
    PIN = "PIN"  # 暗証番号
    CARD_BACK = "CARD_BACK"  # カードを取る
    KIND = "KIND"  # 証明書の種類
    PART = "PART"  # 交付種別 (本人・世帯全員・世帯の一部)
    ITEMS = "ITEMS"  # 記載事項
    COPIES = "COPIES"  # 部数
    CONFIRM = "CONFIRM"  # 内容の確認
    PAY = "PAY"  # 支払い
    PRINT = "PRINT"  # 印刷
    TAKE = "TAKE"  # 受け取り・領収書・お忘れ物


class Mode(StrEnum):
    """How the same steps are shown (画面の出し方)."""

    PLAIN = "PLAIN"  # ふつう
    ELDER = "ELDER"  # 大きな画面・音声
    PRACTICE = "PRACTICE"  # 体験


class Language(StrEnum):
    """The language of the screens (言語)."""

    JAPANESE = "ja"
    EASY_JAPANESE = "ja-easy"  # やさしい日本語
    ENGLISH = "en"


class End(StrEnum):
    """How a session ended (終わり方)."""

    DONE = "DONE"  # 受け取った
    REFUSED = "REFUSED"  # 交付できない: one neutral sentence
    LEFT = "LEFT"  # やめる
    TIMED_OUT = "TIMED_OUT"  # 時間切れ
    FAILED = "FAILED"  # 機械の不具合: voided, refunded, in the books
