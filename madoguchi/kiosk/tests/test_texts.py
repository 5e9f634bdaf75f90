"""The kiosk's words: three languages that say the same, in words a resident uses."""

import re

import pytest

from madoguchi.kernel.language import Language
from madoguchi.kernel.ruby import pieces, without_ruby
from madoguchi.kiosk.domain.wording import line, yen_line
from madoguchi.kiosk.views.texts import UnknownTextError, html, plain, texts

LANGUAGES = list(Language)
FIELD = re.compile(r"{(\w+)}")
KANJI = re.compile(r"[々一-鿿]")
KANA = re.compile(r"[ぁ-んァ-ヶ]")
#: Words of our trade, of machines and of law that nobody at a counter says to a neighbour.
JARGON = (
    "認証", "ログイン", "セッション", "タイムアウト", "エラー", "トークン", "サーバ", "システム", "ステータス",
    "電子証明書", "利用者証明", "署名用", "異動", "職権", "消除", "当該", "被", "旨", "端末", "媒体",
    "入力値", "無効", "PIN", "ID", "キャンセル", "リトライ", "アカウント", "本サービス", "下記", "左記",
)  # fmt: skip
#: The names of things stand on the paper itself; a resident must find them there again.
NAMES = ("kinds.", "items_names.", "era.")
#: What the store's own Japanese screen says is shown in Japanese in every language.
STORES = re.compile(r"\.(word|year_word)$")
ENGLISH_MAY_SHOW = re.compile(r"[（(“]?[々一-鿿ぁ-んァ-ヶー]+[)）”]?")


def test_k17_all_languages_have_the_same_keys():
    keys = {language: set(texts(language)) for language in LANGUAGES}
    assert keys[Language.JAPANESE] == keys[Language.EASY_JAPANESE] == keys[Language.ENGLISH]
    assert len(keys[Language.JAPANESE]) > 250


@pytest.mark.parametrize("key", sorted(texts(Language.JAPANESE)))
def test_a_sentence_asks_for_the_same_facts_everywhere(key):
    fields = {language: set(FIELD.findall(texts(language)[key])) for language in LANGUAGES}
    if key == "day.year":  # each language counts years in its own way, from the same facts
        assert set().union(*fields.values()) == {"era", "n", "gregorian"}
        return
    assert len({frozenset(one) for one in fields.values()}) == 1


@pytest.mark.parametrize("key", sorted(texts(Language.EASY_JAPANESE)))
def test_k17_easy_japanese_reads_every_kanji_aloud(key):
    for text, reading in pieces(texts(Language.EASY_JAPANESE)[key]):
        if reading:
            assert re.fullmatch(r"[ぁ-んー]+", reading), key
            assert KANJI.search(text), key
        else:
            assert not KANJI.search(text), key
            assert not set(text) & set("｜《》"), key


def test_easy_japanese_parts_its_phrases():
    """Long sentences without a space break anywhere, and cannot be read word by word."""
    run = re.compile(r"[^\s、。「」（）{}・…]{15,}")
    whole = {
        key: found.group()
        for key, text in texts(Language.EASY_JAPANESE).items()
        if (found := run.search(without_ruby(text)))
    }
    assert whole == {}


@pytest.mark.parametrize("language", [Language.JAPANESE, Language.EASY_JAPANESE])
def test_no_word_that_nobody_says(language):
    said = {
        key: word
        for key, text in texts(language).items()
        for word in JARGON
        if word in without_ruby(text) and not key.startswith(NAMES) and not STORES.search(key)
    }
    assert said == {}


def test_nothing_is_left_untranslated():
    left = {
        key: text
        for key, text in texts(Language.ENGLISH).items()
        if KANA.search(text) and not STORES.search(key)
    }
    assert left == {}
    # A Japanese name may follow its English one, as it stands on the paper or the counter.
    alone = {
        key: text
        for key, text in texts(Language.ENGLISH).items()
        if KANJI.search(text)
        and not STORES.search(key)
        and len(ENGLISH_MAY_SHOW.sub("", text).strip()) < len("Residence")
    }
    assert alone == {}
    same = {
        key
        for key in texts(Language.ENGLISH)
        if texts(Language.ENGLISH)[key] == texts(Language.JAPANESE)[key]
        and not STORES.search(key)
        and not re.fullmatch(r"[\W{}\w]{0,12}", FIELD.sub("", texts(Language.ENGLISH)[key]))
    }
    assert same == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language):
    limit = 140 if language is Language.ENGLISH else 70
    long = {
        key: len(without_ruby(text))
        for key, text in texts(language).items()
        if len(without_ruby(text)) > limit
    }
    assert long == {}


def test_what_fills_a_sentence_cannot_become_markup():
    shown = html(line("town.here", town="<b>町</b>"), Language.JAPANESE)
    assert shown == "&lt;b&gt;町&lt;/b&gt;"


def test_ruby_stands_above_its_word_only():
    shown = html(line("common.copies_n", n=2), Language.EASY_JAPANESE)
    assert shown == "2<ruby>枚<rt>まい</rt></ruby>"


def test_facts_are_said_in_the_language_of_the_sentence():
    wanted = line("pay.title", yen=yen_line(1200))
    assert plain(wanted, Language.JAPANESE) == "1,200円をお支払いください".replace("を", "を ")
    assert plain(wanted, Language.ENGLISH) == "Please pay 1,200 yen"
    assert plain(yen_line(0), Language.ENGLISH) == "free"


def test_an_unknown_sentence_is_a_bug():
    with pytest.raises(UnknownTextError):
        html(line("nobody.wrote_this"), Language.ENGLISH)


def test_easy_japanese_is_japanese_to_the_browser():
    assert [one.tag for one in LANGUAGES] == ["ja", "ja", "en"]
