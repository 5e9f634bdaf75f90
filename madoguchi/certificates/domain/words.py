"""The words printed for stored codes: fixed by law and form, not by taste (印字する用語)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from madoguchi.kernel import wareki

#: 異動事由 as printed in a history line (SPEC1 1.2.2).
REASONS: Mapping[str, str] = {
    "MOVE_IN_DOMESTIC": "転入",
    "MOVE_IN_ABROAD": "国外からの転入",
    "BIRTH": "出生",
    "ENTER_NATURALISED": "帰化による記載",
    "ENTER_NATIONALITY_LOST": "国籍喪失による記載",
    "ENTER_EX_OFFICIO": "職権記載",
    "RECORD_REMADE": "改製",
    "RECORD_RECONSTRUCTED": "再製",
    "REVERT_INCREASE": "異動の取消し",
    "MOVE_OUT_DOMESTIC": "転出",
    "MOVE_OUT_ABROAD": "国外転出",
    "DEATH": "死亡",
    "REMOVE_NATURALISED": "帰化による消除",
    "REMOVE_NATIONALITY_LOST": "国籍喪失による消除",
    "REMOVE_EX_OFFICIO": "職権消除",
    "REMOVE_REMADE": "改製による消除",
    "REMOVE_RECONSTRUCTED": "再製による消除",
    "REVERT_DECREASE": "異動の取消し",
    "CHANGE_ADDRESS": "転居",
    "AMEND_MINOR": "軽微な修正",
    "AMEND_EX_OFFICIO": "職権修正",
    "CORRECT_ERROR": "誤記修正",
    "NUMBER_CHANGE_REQUESTED": "個人番号の変更",
    "NUMBER_AMEND_EX_OFFICIO": "個人番号の職権修正",
    "NUMBER_ENTER_EX_OFFICIO": "個人番号の職権記載",
    "CODE_CHANGE_REQUESTED": "住民票コードの変更",
    "CODE_ENTER_EX_OFFICIO": "住民票コードの職権記載",
    "SPLIT_HOUSEHOLD": "世帯分離",
    "MERGE_HOUSEHOLDS": "世帯合併",
    "CHANGE_HOUSEHOLD": "世帯変更",
    "CHANGE_HOUSEHOLDER": "世帯主変更",
    "ENTER_FORMER_SURNAME": "旧氏の記載",
    "CHANGE_FORMER_SURNAME": "旧氏の変更",
    "STRIKE_FORMER_SURNAME": "旧氏の削除",
    "ENTER_ALIAS": "通称の記載",
    "STRIKE_ALIAS": "通称の削除",
    "REVERT_AMENDMENT": "異動の取消し",
}
SEXES: Mapping[str, str] = {"MALE": "男", "FEMALE": "女", "UNKNOWN": ""}
STAY_CLASSES: Mapping[str, str] = {
    "": "",
    "MID_TO_LONG_TERM": "中長期在留者",
    "SPECIAL_PERMANENT": "特別永住者",
    "TEMPORARY_REFUGE": "一時庇護許可者",
    "PROVISIONAL_STAY": "仮滞在許可者",
    "TRANSITIONAL": "出生による経過滞在者又は国籍喪失による経過滞在者",
}


def year_words(fiscal_year: int) -> str:
    """Say a fiscal year and the year its income is of (令和8年度（令和7年分の所得）)."""
    year = wareki.format_long(date(fiscal_year, 4, 1)).partition("年")[0]
    before = wareki.format_long(date(fiscal_year - 1, 12, 31)).partition("年")[0]
    return f"{year}年度（{before}年分の所得）"
