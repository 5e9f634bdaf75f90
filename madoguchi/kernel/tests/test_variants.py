import itertools

import pytest

from madoguchi.kernel.names import fold_kanji, strip_variations
from madoguchi.kernel.variants import ASSUMED_GROUPS, STANDARD_GROUPS, letter_key, variant_key

# Old and new forms met in names, beside those of our own table; the library's tables must know
# them. Written from common knowledge of the two forms, not from those tables.
OLD_AND_NEW = """
沢澤 広廣 国國圀 桜櫻 吉𠮷 徳德 与與 真眞 弥彌 条條 松枩 恵惠 栄榮 万萬 実實 寿壽 学學 礼禮 静靜 瀬瀨 鉄鐵 麦麥
黒黑 横橫 緑綠 清淸 青靑 戸戶 呉吳 産產 尚尙 内內 教敎 増增 歴歷 黄黃 毎每 渉涉 歩步 巣巢 録錄 強强 彦彥 郷鄕 熙煕
頼賴 寛寬 恒恆 喜㐂 柿柹 瑶瑤 穂穗 昂昻 悦悅 脱脫 鋭銳 説說 閲閱 税稅 温溫 揺搖 徴徵 隣鄰 浄淨 研硏 併倂 弁辯瓣辨
奥奧 薫薰 勲勳 宝寶 聡聰 蔵藏 関關 沖冲 豊豐 衛衞 船舩 剣劍劔 岡崗 岳嶽 余餘 村邨 留畄 亀龜 兎兔 芦蘆 戻戾 会會 圡土
芸藝 柳栁 昇曻 桑桒 槙槇 鴎鷗 祷禱 焔焰 莱萊 蒋蔣 頬頰 填塡 掴摑 繋繫 蝉蟬 蝋蠟 箪簞 繍繡 醤醬 屡屢 倶俱 侠俠 呑吞
海海 塚塚 隆隆 福福 神神 祥祥 社社 都都 館館 飯飯 鶴鶴 羽羽 精精 諸諸 郎郞 渚渚 梅梅 朗朗 晴晴 祐祐 祖祖 視視 節節
"""
GROUPS = [*STANDARD_GROUPS, *ASSUMED_GROUPS, *OLD_AND_NEW.split()]
FRAMES = ["{}", "{}子", "大{}", "{}田　一{}"]

NAMES = [
    ("渡邉", "渡辺"), ("渡邊", "渡邉"), ("渡\u9089\U000e0110", "渡辺"), ("葛\U000e0100城", "葛城"),
    ("葛\U000e0102城", "葛城"), ("髙﨑", "高崎"), ("𠮷田", "吉田"), ("齋藤", "斉藤"), ("濵﨑", "浜崎"), ("長濱", "長浜"),
    ("佐々木", "佐佐木"), ("佐〻木", "佐々木"), ("湊　さくら", "湊サクラ"), ("湊 ｻｸﾗ", "湊さくら"), ("(株)湊", "㈱湊"),
    ("（株）湊", "㈱湊"), ("（有）湊", "㈲湊"), ("霞ヶ関", "霞ケ関"), ("Nguyen Van An", "ＮＧＵＹＥＮ　ＶＡＮ　ＡＮ"),
    ("José", "JOSE"), ("O’Brien", "O'BRIEN"), ("ジョン・スミス", "ジョン　スミス"), ("マリー", "マリ"), ("ﾊﾞﾊﾞ", "ババ"),
]  # fmt: skip


def _pairs():
    for group in GROUPS:
        for one, other in itertools.combinations(group, 2):
            for frame in FRAMES:
                yield frame.replace("{}", one), frame.replace("{}", other)


def test_names_in_variant_forms_are_found_together():
    pairs = [*_pairs(), *NAMES]
    assert len(pairs) > 300
    missed = [pair for pair in pairs if fold_kanji(pair[0]) != fold_kanji(pair[1])]
    assert missed == []


@pytest.mark.parametrize(
    "group",
    ["師帥", "書昼", "玉王", "切功", "着著", "宍肉", "丘兵", "坂阪", "祐佑", "太大", "土士", "吉古", "斎高", "己已",
     "河川", "原源", "荘庄", "今令", "官菅", "林木", "藤勝", "青音", "鈴鎌", "北比", "千干", "未末", "関開"],
)  # fmt: skip
def test_other_names_are_kept_apart(group):
    assert len({variant_key(character) for character in group}) == len(group)


def test_every_group_of_the_table_is_one_and_no_character_stands_in_two():
    characters = [character for group in (*STANDARD_GROUPS, *ASSUMED_GROUPS) for character in group]
    assert sorted(set(characters)) == sorted(characters)
    for group in (*STANDARD_GROUPS, *ASSUMED_GROUPS):
        assert {variant_key(character) for character in group} == {group[0]}


def test_everyday_kanji_stay_as_they_are_unless_our_table_joins_them():
    ours = {character for group in (*STANDARD_GROUPS, *ASSUMED_GROUPS) for character in group}
    everyday = [
        (row * 256 + cell).to_bytes(2, "big").decode("shift_jis", "ignore")
        for row in range(0x88, 0x99)
        for cell in (*range(0x40, 0x7F), *range(0x80, 0xFD))
        if 0x889F <= row * 256 + cell <= 0x9872
    ]
    kept = [c for c in everyday if len(c) == 1]
    assert len(kept) == 2965
    assert [c for c in kept if variant_key(c) != c and c not in ours] == []


def test_the_key_of_a_key_is_itself():
    everything = map(
        chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0x20000, 0x2A6E0))
    )
    changed = {c: variant_key(c) for c in everything if variant_key(c) != c}
    assert len(changed) > 10_000, "the tables are there"
    assert [c for c in changed.values() if variant_key(c) != c] == []


def test_the_name_itself_is_never_changed():
    name = "葛\U000e0100　か\u3099﨑"
    before = name.encode()
    fold_kanji(name)
    strip_variations(name)
    assert name.encode() == before


@pytest.mark.parametrize(
    "pair", ["髙高", "﨑崎", "邉辺", "邊辺", "齋斎", "齊斉", "𠮷吉", "濵浜", "藏蔵", "穣穰", "龍竜"]
)
def test_one_letter_in_two_forms_is_one(pair):
    assert letter_key(pair[0]) == letter_key(pair[1])


@pytest.mark.parametrize(
    "pair", ["斎斉", "芸蕓", "后後", "太大", "未末", "裕祐", "徹撤", "荻萩", "已己", "間問"]
)
def test_letters_that_look_or_sound_alike_stay_apart(pair):
    assert letter_key(pair[0]) != letter_key(pair[1])


def test_deciding_joins_no_two_everyday_letters_but_those_of_the_tables():
    listed = set("".join((*STANDARD_GROUPS, *ASSUMED_GROUPS)))
    everyday = [
        code.to_bytes(2, "big").decode("shift_jis", "ignore") for code in range(0x889F, 0x9873)
    ]
    assert [
        one for one in everyday if len(one) == 1 and one not in listed and letter_key(one) != one
    ] == []


def test_two_letters_named_after_one_another_are_one():
    assert letter_key("址") == letter_key("阯")
