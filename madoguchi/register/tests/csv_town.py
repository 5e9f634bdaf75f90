"""A small register.csv for tests: three households, every kind of row (試験用のファイル)."""

import csv
import io

from madoguchi.kernel.checkdigits import make_addressee_no, make_household_no, make_resident_code

NAMES = (
    "宛名番号", "世帯番号", "氏名", "氏名_フリガナ", "旧氏", "旧氏_フリガナ", "通称", "通称_フリガナ",
    "生年月日", "性別", "続柄", "世帯主氏名", "郵便番号", "住所", "方書", "本籍", "筆頭者",
    "住民となった年月日", "住所を定めた年月日", "届出年月日", "転入前住所", "住民票コード",
    "国籍・地域", "在留資格", "在留期間満了日", "住民状態", "支援措置",
)  # fmt: skip


def person_no(serial):
    return make_addressee_no(900_000 + serial)


def household_no(serial):
    return make_household_no(800_000 + serial)


def row(serial, **given):
    """Return one row by column name; ``given`` overrides."""
    whole = {
        "宛名番号": person_no(serial),
        "世帯番号": household_no(serial),
        "氏名": "浜　葵",
        "氏名_フリガナ": "ハマ　アオイ",
        "生年月日": "平成2年5月3日",
        "性別": "女",
        "続柄": "世帯主",
        "世帯主氏名": "浜　葵",
        "郵便番号": "894-1508",
        "住所": "鹿児島県大島郡瀬戸内町大字古仁屋船津23番地",
        "本籍": "鹿児島県大島郡瀬戸内町大字古仁屋1番地",
        "筆頭者": "浜　葵",
        "住民となった年月日": "2010-04-01",
        "住所を定めた年月日": "2010-04-01",
        "届出年月日": "2010-04-02",
        "住民票コード": make_resident_code(f"{7_000_000 + serial:010d}"),
        "住民状態": "現住",
    }
    return dict.fromkeys(NAMES, "") | whole | given


def family():
    """Return three people of one household and two alone, one of them foreign, one dead."""
    home = {"世帯番号": household_no(1), "世帯主氏名": "湊　航平"}
    return [
        row(1, 氏名="湊　航平", 氏名_フリガナ="ミナト　コウヘイ", 性別="男", **home),
        row(2, 氏名="湊　さくら", 氏名_フリガナ="ミナト　サクラ", 続柄="妻", **home),
        row(3, 氏名="湊　𠮷乃", 氏名_フリガナ="ミナト　ヨシノ", 続柄="子", **home),
        row(
            4, 氏名="NGUYEN THI HOA", 氏名_フリガナ="グエン　ティ　ホア", 通称="緒方　ホア",
            通称_フリガナ="オガタ　ホア", 世帯主氏名="NGUYEN THI HOA", 本籍="", 筆頭者="",
            **{"国籍・地域": "ベトナム", "在留資格": "技能実習", "在留期間満了日": "2027-03-31"},  # noqa: PIE804
        ),
        row(5, 氏名="浜　梅", 生年月日="昭和10年5月頃", 住民状態="死亡", 住民票コード="",
            世帯主氏名="浜　梅"),
    ]  # fmt: skip


def as_bytes(rows, *, encoding="utf-8", names=None, newline="\r\n"):
    """Write rows as a file would hold them."""
    names = names or tuple(dict.fromkeys(name for one in rows for name in one)) or NAMES
    text = io.StringIO()
    out = csv.DictWriter(text, names, lineterminator=newline)
    out.writeheader()
    out.writerows(rows)
    return text.getvalue().encode(encoding)


def as_file(rows, **how):
    return io.BytesIO(as_bytes(rows, **how))
