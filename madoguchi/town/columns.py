"""The columns of the register's file, and where they stand (register.csv の列)."""

from __future__ import annotations

from madoguchi.town.drafts import Home

COLUMNS = (
    "宛名番号", "世帯番号", "氏名", "氏名_フリガナ", "旧氏", "旧氏_フリガナ", "通称", "通称_フリガナ",
    "生年月日", "性別", "続柄", "世帯主氏名", "郵便番号", "住所", "方書", "本籍", "筆頭者",
    "住民となった年月日", "住所を定めた年月日", "届出年月日", "転入前住所", "住民票コード",
    "国籍・地域", "在留資格", "在留期間満了日", "住民状態", "支援措置",
)  # fmt: skip
VERSION_COLUMNS = ("履歴番号", "異動事由", "異動年月日", "処理日時")

HOUSEHOLD, NAME, KANA = (COLUMNS.index(c) for c in ("世帯番号", "氏名", "氏名_フリガナ"))
FORMER, FORMER_KANA = COLUMNS.index("旧氏"), COLUMNS.index("旧氏_フリガナ")
ALIAS, ALIAS_KANA = COLUMNS.index("通称"), COLUMNS.index("通称_フリガナ")
RELATION, HEAD_NAME = COLUMNS.index("続柄"), COLUMNS.index("世帯主氏名")
POSTCODE, ADDRESS, BUILDING = (COLUMNS.index(c) for c in ("郵便番号", "住所", "方書"))
DOMICILE, REGISTER_HEAD = COLUMNS.index("本籍"), COLUMNS.index("筆頭者")
ADDRESS_SINCE, STATE = COLUMNS.index("住所を定めた年月日"), COLUMNS.index("住民状態")


def set_home(home: Home) -> tuple[tuple[int, str], ...]:
    """Return the columns an address fills (住所の項目)."""
    return ((POSTCODE, home.postcode), (ADDRESS, home.address), (BUILDING, home.building))
