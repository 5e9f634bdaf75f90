import hashlib
import unicodedata

import jaconv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kernel import names
from madoguchi.kernel.names import fold_kana, fold_kanji, grams, kana_needles, sort_kana

# Every M rule of the standard 2.1.2, as pairs that must have one key.
KANA_RULES = {
    "清濁": "カガ キギ クグ ケゲ コゴ サザ シジ スズ セゼ ソゾ タダ チヂ ツヅ テデ トド ハバ ヒビ フブ ヘベ ホボ",
    "半濁": "ハパ ヒピ フプ ヘペ ホポ バパ ビピ ブプ ベペ ボポ",
    "同音": "ヂジ ズヅ ワハ オヲ",
    "小書き": "ッツ ャヤ ュユ ョヨ ァア ィイ ゥウ ェエ ォオ ヮワ ヵカ ヶケ",
    "ひらがな": "あア かカ がガ ぱパ んン をヲ ゑヱ ゔヴ ゝヽ",
    "半角": "ｱア ｶカ ｯッ ﾝン ｦヲ",
}
KANA_PAIRS = [
    ("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴ", "ブ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴュ", "ビュ"),
    ("ｳﾞｧ", "バ"), ("ｳﾞ", "ブ"), ("ウ゛ィ", "ビ"), ("ウ\u3099ェ", "ベ"), ("ゔぁ", "バ"), ("ヷ", "ヴァ"),
    ("ヺ", "ヴォ"), ("ワ\u3099", "バ"), ("ヲ゛", "ボ"), ("ウー゛ィ", "ビ"), ("ﾊﾞ", "バ"), ("ﾊﾟ", "パ"), ("か゛", "ガ"),
    ("コウ", "コオ"), ("トウ", "トオ"), ("ノウ", "ノオ"), ("ホウ", "ホオ"), ("モウ", "モオ"), ("ヨウ", "ヨオ"),
    ("ロウ", "ロオ"), ("ソウ", "ソオ"), ("オウ", "オオ"), ("ゴウ", "ゴオ"), ("ジョウ", "ジョオ"), ("ヲウ", "オオ"),
    ("コウウ", "コオオ"), ("ケータ", "ケタ"), ("スーザン", "スザン"), ("イスヾ", "イスズ"), ("イスゞ", "イスズ"),
    *((f"ア{dash}イ", "アイ") for dash in "ー―－‐ｰ-−–—～〜"),
    *((f"ア{space}イ", "アイ") for space in " 　\u00a0\u2003"),
]  # fmt: skip
FRAMES = ["{}", "ミ{}ナ", "サクラ{}", "ミナト　{}コ"]


def _kana_pairs():
    pairs = [tuple(pair) for rule in KANA_RULES.values() for pair in rule.split()]
    for one, other in (*pairs, *KANA_PAIRS):
        for frame in FRAMES:
            if frame == "{}" or one not in ("ヽ", "ゝ"):
                yield frame.format(one), frame.format(other)


def test_readings_that_must_be_found_together():
    pairs = list(_kana_pairs())
    assert len(pairs) > 300
    missed = [pair for pair in pairs if fold_kana(pair[0]) != fold_kana(pair[1])]
    assert missed == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("サトウ", "カトウ"), ("オオノ", "オノ"), ("ウエダ", "オエダ"), ("ユウコ", "ユオコ"), ("アウ", "アオ"),
        ("ミナト", "ミナミ"), ("ニシ", "ニ"), ("ヤマダ", "ヤマナ"), ("リヴイトウ", "リヴィトウ"), ("ウ", "オ"),
        ("スウ", "スオ"), ("イ", "エ"),
    ],
)  # fmt: skip
def test_readings_that_must_be_kept_apart(one, other):
    assert fold_kana(one) != fold_kana(other)


kana = st.text(
    "アイウエオカガキコゴサシジスズソゾチヂツヅトドノハバパヒビピホボポモヤユヨロワヲンヴァィェォッャュョー々ヽヾ　 ",
    max_size=12,
)
spelt_out = kana.map(lambda text: unicodedata.normalize("NFD", text))
letters = st.text(
    st.characters(
        exclude_categories=["Cs"],
        include_characters="渡邉辺濵﨑𠮷々ヽヾゝヴ゛\u3099\U000e0100ー゙゜ｳﾞウコ",
    ),
    max_size=12,
)
marks = st.sampled_from(["ー", "－", "‐", "-", " ", "　", "\ufe00", "\U000e0100"])


@given(kana | letters)
def test_a_key_is_its_own_key(text):
    for fold in (fold_kana, fold_kanji):
        assert fold(fold(text)) == fold(text)
    assert sort_kana(sort_kana(text)) == sort_kana(text)


@given(kana)
def test_width_and_hiragana_make_no_difference(text):
    assert fold_kana(jaconv.z2h(text, kana=True)) == fold_kana(text)
    assert fold_kana(jaconv.kata2hira(text)) == fold_kana(text)
    assert fold_kana(unicodedata.normalize("NFD", text)) == fold_kana(text)


@given(kana | spelt_out, st.lists(st.tuples(st.integers(0, 12), marks), max_size=4))
def test_dashes_spaces_and_selectors_make_no_difference(text, inserted):
    longer = text
    for place, mark in inserted:
        longer = longer[:place] + mark + longer[place:]
    assert fold_kana(longer) == fold_kana(text)
    assert fold_kanji(longer) == fold_kanji(text)


@given(kana, kana)
def test_a_given_name_alone_is_found_within_the_full_name(family, given_name):
    starts_with_part = given_name.strip("ー　 ")[:1] in set("々ヽヾァィゥェォャュョッ")
    if starts_with_part or not fold_kana(given_name):
        return
    whole = fold_kana(f"{family}　{given_name}")
    assert any(needle in whole for needle in kana_needles(given_name))


def test_needles():
    assert kana_needles("ウタ") == ("ウタ", "オタ")
    assert kana_needles("さくら") == ("サクラ",)
    assert kana_needles("ー　") == ()
    assert kana_needles("ウタ")[1] in fold_kana("オノ　ウタ")
    assert kana_needles("ウジロウ")[1] in fold_kana("コウジロウ")


def test_sorting_loosens_nothing_but_width_and_kind():
    assert sort_kana("ﾐﾅﾄ　さくら") == "ミナト サクラ"
    assert sort_kana("か゛ー") == "ガー"
    ordered = sorted(["イトウ", "アオキ", "カトウ", "ｱｲﾀﾞ", "いしい", "ガモウ"], key=sort_kana)
    assert ordered == ["ｱｲﾀﾞ", "アオキ", "いしい", "イトウ", "カトウ", "ガモウ"]


def test_selectors_are_stripped_and_nothing_else():
    assert names.strip_variations("葛\U000e0100飾　辻\ufe00") == "葛飾　辻"
    assert names.strip_variations("か\u3099") == "か\u3099", "not even NFC"


@given(letters)
def test_stripping_only_removes(text):
    stripped = names.strip_variations(text)
    rest = iter(text)
    assert all(character in rest for character in stripped)
    assert names.strip_variations(stripped) == stripped


@given(letters)
def test_grams_are_the_characters_and_pairs_of_the_text_once(text):
    found = grams(text)
    assert len(set(found)) == len(found)
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    assert set(found) == set(text) | pairs


@given(letters, st.integers(0, 12), st.integers(1, 12))
def test_the_grams_of_a_part_are_among_those_of_the_whole(text, start, length):
    assert set(grams(text[start : start + length])) <= set(grams(text))


def test_grams_of_a_short_key():
    assert grams("") == ()
    assert grams("湊") == ("湊",)
    assert grams("佐佐木") == ("佐", "木", "佐佐", "佐木")


def test_stored_keys_are_made_anew_when_the_rules_change():
    # The keys in a database are only right for the rules they were made by. When this digest
    # changes, raise KEYS_VERSION in the same commit and write the new digest here.
    sample = "".join(
        map(chr, (*range(0x20, 0x250), *range(0x3000, 0xA000), *range(0xF900, 0xFB00)))
    )
    keys = "\n".join(fold_kana(c) + "\t" + fold_kanji(c) for c in sample)
    keys += "".join(fold_kana(text) for text in ("コウウ", "ヴァヴヴィ", "佐々木", "ミスヾ"))
    digest = hashlib.sha256(keys.encode()).hexdigest()[:16]
    assert (names.KEYS_VERSION, digest) == (1, "55be578fe70e1f1f")
