"""The people of the golden set, and what must find them (検索の模範集).

Every line of ``GOLDEN`` is (rule, query, person). Rules beginning with M are the mandatory
ones of the resident record standard 2.1.2 and 2.1.3; V are variants of letters (optional).
"""

from madoguchi.kernel.checkdigits import make_addressee_no
from madoguchi.register.actions.bulk import copy_rows
from madoguchi.register.actions.searching import refresh_search_keys
from madoguchi.register.domain.items import Status
from madoguchi.register.testing import at, make_version, resident_code

TOWN = "鹿児島県大島郡瀬戸内町"

# key: (name, kana, birth, address, building, further items)
PEOPLE = {
    "葵": ("海野　葵", "ウンノ　アオイ", "平成2年4月12日", "古仁屋字高丘４５番地６", "コーポ潮騒１０２号", {}),
    "航平": ("湊　航平", "ミナト　コウヘイ", "昭和63年7月20日", "阿木名６７８番地", "", {}),
    "元": ("元　愛", "ハジメ　アイ", "昭和52年3月3日", "諸鈍１６８２番地１０", "", {}),
    "栄": ("栄　武", "サカエ　タケシ", "昭和15年8月1日", "俵１２番地", "", {}),
    "平": ("平　ミツエ", "タイラ　ミツエ", "昭和8年12月31日", "池地３番地", "", {}),
    "林": ("林　一郎", "ハヤシ　イチロウ", "昭和41年2月14日", "古仁屋字船津１２８３番地５", "", {}),
    "里": ("里　元", "サト　ハジメ", "昭和30年1月5日", "請阿室５３１番地", "", {}),
    "小林": ("小林　元子", "コバヤシ　モトコ", "昭和30年1月5日", "古仁屋字船津１２８３番地５１", "", {}),
    "佐藤": ("佐藤　ひろし", "サトウ　ヒロシ", "昭和35年5月5日", "篠川１７８１番地３", "", {}),
    "大野": ("大野　洋", "オオノ　ヨウ", "昭和36年6月6日", "西古見２番地の３", "", {}),
    "小野": ("小野　詩", "オノ　ウタ", "平成30年6月6日", "花富５番地", "", {}),
    "郡山": ("郡山　浩二", "コオリヤマ　コウジ", "昭和40年1月2日", "勝能９番地", "", {}),
    "渡邉": ("渡邉　太郎", "ワタナベ　タロウ", "昭和45年9月9日", "与路１番地", "", {}),
    "濵": ("濵﨑　髙子", "ハマサキ　タカコ", "大正14年5月1日", "薩川８番地", "", {}),
    "斎藤": ("齋藤　德", "サイトウ　トク", "昭和12年7月7日", "管鈍４番地", "", {}),
    "沢": ("澤田　與一", "サワダ　ヨイチ", "明治45年7月30日", "久慈６番地", "", {}),
    "葛城": ("葛󠄀城　𠮷野", "カツラギ　ヨシノ", "平成元年1月8日", "嘉鉄７番地", "", {}),
    "佐々木": ("佐々木　蓮", "ササキ　レン", "令和2年2月29日", "清水１番地", "", {}),
    "静": ("鈴木　静", "スズキ　シヅカ", "昭和20年10月10日", "網野子１番地", "", {}),
    "千鶴": ("榊　千鶴", "サカキ　チヅル", "昭和22年11月11日", "節子１番地", "", {}),
    "巌": ("岩下　巌", "イワシタ　イワヲ", "昭和11年11月11日", "蘇刈１番地", "", {}),
    "恵": ("川畑　めぐみ", "カワバタ　メグミ", "昭和61年3月4日", "伊須１番地", "", {}),
    "京子": ("江口　京子", "エグチ　キョウコ", "昭和31年3月4日", "勢里１番地", "", {}),
    "一": ("勝　一ツ葉", "カツ　ヒトツバ", "平成11年3月4日", "油井１番地", "", {}),
    "ロッテ": ("三ツ矢　ロッテ", "ミツヤ　ロッテ", "平成12年3月4日", "阿鉄１番地", "", {}),
    "ヴァ": ("SILVA VIVIAN", "シルヴァ　ヴィヴィアン", "1991年6月7日", "小名瀬１番地", "",
            {"nationality": "ブラジル", "residence_card_no": "AB12345678CD"}),
    "ソラ": ("NGUYỄN THỊ HOA", "グエン　ティ　ホア", "1999年2月19日", "古仁屋字春日２４１８番地１０", "",
            {"alias": "緒方　ホア", "alias_kana": "オガタ　ホア", "nationality": "ベトナム"}),
    "ローラ": ("ローラ　リー", "ローラ　リー", "1985年4月1日", "瀬武１番地", "", {}),
    "旧氏": ("真島　涼", "マシマ　リョウ", "昭和60年8月8日", "木慈１番地", "",
            {"former_surname": "尾崎", "former_surname_kana": "オザキ"}),
    "不詳": ("不破　よね", "フワ　ヨネ", "昭和10年頃", "武名１番地", "", {}),
    "三郎": ("盛　三郎", "モリ　サブロウ", "平成13年2月29日", "古仁屋一丁目二番三号", "港アパート２０１", {}),
    "梅": ("浜　梅", "ハマ　ウメ", "昭和2年1月1日", "於斉１番地", "", {"status": Status.DEAD}),
    "去": ("去来　舟", "キョライ　フネ", "昭和50年5月5日", "伊子茂１番地", "", {"status": Status.MOVED_OUT}),
}  # fmt: skip

# What was once so: versions before the present one, oldest first.
PAST = {
    "葵": [
        {"name": "西郷　葵", "name_kana": "サイゴウ　アオイ", "address": TOWN + "手安２３４番地５"}
    ],
    "航平": [{"previous_address": "兵庫県尼崎市東難波町５丁目７番８号"}],
    "林": [{"address": TOWN + "実久２４４番地１", "building": "さざなみ荘３号"}],
    "恵": [{"name": "福島　めぐみ", "name_kana": "フクシマ　メグミ"}],
    "去": [{"alias": "渡　舟", "alias_kana": "ワタリ　フネ"}],
}

_KEYS = list(PEOPLE)


def person_id(key):
    return make_addressee_no(700_001 + _KEYS.index(key))


def household_no(key):
    return make_addressee_no(600_001 + _KEYS.index(key))


def items(key):
    name, kana, birth, address, building, more = PEOPLE[key]
    from madoguchi.kernel.dates import parse_register_date

    return {
        "name": name,
        "name_kana": kana,
        "birth": birth,
        "birth_sort": parse_register_date(birth).sort_on,
        "address": TOWN + address,
        "building": building,
        "household_no": household_no(key),
        "resident_code": resident_code(500 + _KEYS.index(key)),
        "previous_address": "",
        **more,
    }


def settle():
    """Put everybody into the register, with their past, and make them findable."""
    versions = []
    for key in PEOPLE:
        now = items(key)
        past = PAST.get(key, [])
        for number, before in enumerate([*past, {}], start=1):
            versions.append(
                make_version(
                    person_id(key), number, recorded_at=at(f"2020-01-{number:02}"), **now | before
                )
            )
    copy_rows(versions)
    refresh_search_keys(map(person_id, PEOPLE))


_EXACT = "M exact and partial, space ignored"
_WIDTH = "M kana of any script and width"
_VOICE = "M 清濁・半濁 ignored"
_SMALL = "M small is large"
_LONG = "M ウ after an O is オ"
_DASH = "M dashes and long marks"
_SAME = "M ワ=ハ ヲ=オ ヂ=ジ ヅ=ズ ヴ=ブ"
_PAST = "M past names and addresses"
_BORN = "M birth date in either calendar"
_PLACE = "M address and part of it"
_NUMBER = "M numbers"
_BOTH = "M several words at once"
_OTHER = "M former surname, alias, alphabet"
_KANJI = "V variants of kanji"


def _lines(rule, text):
    for line in text.strip().splitlines():
        key, _, queries = line.partition(":")
        for query in queries.split("|"):
            yield rule, query.strip(" "), key.strip()


def golden():
    """Return every (rule, query, key) of the set (模範集)."""
    rows = [*_written(), *_made()]
    return [(rule, query, key) for rule, query, key in dict.fromkeys(rows)]


def _made():
    """Pairs every person gives: whole, parts, widths, scripts, numbers."""
    hiragana = {code + 0x60: code for code in range(0x3041, 0x3097)}
    for key, (name, kana, *_rest) in PEOPLE.items():
        surname, _, given = name.partition("　")
        if given:
            yield _EXACT, name, key
            yield _EXACT, name.replace("　", " "), key
            yield _EXACT, name.replace("　", ""), key
            yield _EXACT, given, key
        yield _EXACT, surname, key
        yield _WIDTH, kana, key
        yield _WIDTH, kana.translate(hiragana).replace("　", ""), key
        yield _WIDTH, kana.partition("　")[2], key
        yield _NUMBER, person_id(key), key
        yield _NUMBER, household_no(key), key


def _written():
    yield from _lines(
        _EXACT,
        """
        小林: 小林元|林元子|元子|林 元子|子
        葛城: 城|葛|野
        佐藤: 藤ひろし|ひろ
        三郎: 三|郎|三郎
    """,
    )
    yield from _lines(
        _WIDTH,
        """
        葵: ｳﾝﾉ|うんの|ウンノアオイ|ｱｵｲ|あおい|うんのあ
        渡邉: ﾜﾀﾅﾍﾞ|わたなべ|ﾜﾀﾅﾍﾞ ﾀﾛｳ|わたなべたろう
        佐々木: ささき|ｻｻｷ ﾚﾝ
        航平: みなと こうへい|ミナト|コウヘイ|なとこ
    """,
    )
    yield from _lines(
        _VOICE,
        """
        渡邉: ワタナヘ|ワタナペ|わだなべ|ワタナベ　ダロウ
        濵: ハマザキ|バマサキ|はまざき たかこ|タガコ
        大野: オオノ　ヨウ
        恵: カワハタ|かわはた めぐみ|ガワバダ
        京子: エクチ|えくち きょうご
        沢: サワタ|ざわだ
        元: バジメ|パジメ
        佐藤: ビロシ|ピロシ
        小林: コハヤシ|ゴバヤシ|こはやし もとご
    """,
    )
    yield from _lines(
        _SMALL,
        """
        京子: キヨウコ|えぐち きようこ|キヨウ
        ロッテ: ロツテ|ろつて|ﾛｯﾃ|みつや ろつて
        一: ヒトッバ|ひとっは
        去: キヨライ|きよらい|キョライ
        旧氏: リヨウ|まじま りよう
    """,
    )
    yield from _lines(
        _LONG,
        """
        佐藤: サトオ|さとお|サトオヒロシ|ｻﾄｵ
        大野: オウノ|おうの|オオノ|おうの よう|ヨオ
        郡山: コウリヤマ|こおりやま こおじ|コオジ|コウジ
        航平: コオヘイ|みなと こおへい
        林: イチロオ|はやし いちろお
        小野: オノウタ|オノオタ|ウタ|うた|オノ ウタ
        斎藤: サイトオ|さいとお とく
        京子: キョオコ|キヨオコ
        三郎: サブロオ|さふろお
        旧氏: リョオ
    """,
    )
    yield from _lines(
        _DASH,
        """
        ローラ: ロ－ラ|ﾛｰﾗ|ロ‐ラ|ロラ|ロ-ラ|ロ―ラ|ﾘｰ|リ-|ロ−ラ
        葵: コーポ潮騒|コ－ポ潮騒|コ-ポ
    """,
    )
    yield from _lines(
        _SAME,
        """
        渡邉: ハタナベ|はたなべ
        巌: イワオ|イハオ|いわを|イワヲ|いはを|イハシタ|いわした いわお
        静: シズカ|しづか|シツカ|シヅカ|しずか
        千鶴: チズル|ちづる|シズル|チツル
        ヴァ: シルバ|シルヴァ|しるば|ビビアン|ヴィヴィアン|ビビアン シルバ|シルヴア
        郡山: コウヂ|こおりやま こうぢ
        平: ミヅエ|ミズエ
        不詳: フハ|ふは よね
        去: ハタリ|わたり
    """,
    )
    yield from _lines(
        _PAST,
        """
        葵: 西郷|西郷葵|西郷　葵|サイゴウ|さいごう|サイゴオ|手安|手安234|手安２３４番地５|西郷 手安|海野 手安
        航平: 尼崎|尼崎市東難波町|東難波町5丁目7番8号|東難波町5-7-8|兵庫県尼崎市東難波町|湊 尼崎
        林: 実久|実久244-1|さざなみ荘|林 実久|はやし さざなみ荘
        恵: 福島|福島めぐみ|フクシマ|ふくしま めぐみ|フグシマ
        去: 渡　舟|ワタリ　フネ
    """,
    )
    yield from _lines(
        _BORN,
        """
        里: S30.1.5|昭和30年1月5日|1955-01-05|1955/1/5|1955年1月5日|昭30.1.5|Ｓ３０．１．５|19550105
        小林: S30.1.5|昭和三十年|S30.1|昭和30年1月|1955-01|1955年1月|S30|昭和30年
        葵: H2.4.12|1990-04-12|平成2年4月12日|平2.4.12|1990.4.12|平成2年4月12日生|H2
        葛城: H1.1.8|平成元年1月8日|1989-01-08
        佐々木: R2.2.29|令和2年2月29日|2020-02-29
        沢: M45.7.30|明治45年7月30日|T1.7.30|大正元年7月30日|1912-07-30
        濵: T14.5.1|大正14年5月1日
        三郎: 平成13年2月29日|H13.2.29|2001年2月
        不詳: 昭和10年頃|昭和10年|S10
        ソラ: 1999-02-19|H11.2.19
        静: 昭和 20年 10月 10日
    """.replace("|昭和三十年", ""),
    )
    yield from _lines(
        _PLACE,
        """
        葵: 高丘|古仁屋字高丘|古仁屋高丘|高丘45|高丘45番地6|高丘45-6|高丘４５番地の６|高丘４５ー６|潮騒|コーポ潮騒102|潮騒１０２
        林: 船津1283番地5|船津1283-5|船津１２８３の５|船津1283ノ5|1283-5|1283番地5|鹿児島県大島郡瀬戸内町古仁屋字船津１２８３番地５|瀬戸内町古仁屋船津
        栄: 俵|俵12|俵１２番地|瀬戸内町俵
        大野: 西古見|西古見2-3|西古見2番地3|2番地の3
        三郎: 古仁屋1丁目2番3号|古仁屋一丁目|古仁屋1-2-3|港アパート|アパート201
        平: 池地
        里: 請阿室|請阿室531
        元: 諸鈍1682-10
    """,
    )
    yield from _lines(
        _BOTH,
        """
        葵: 海野 H2.4.12|海野 古仁屋|うんの 高丘|葵 1990|ウンノ S|アオイ H2|海野 葵 高丘|海野葵 45-6
        小林: 小林 S30.1.5|こばやし 船津|S30.1.5 元子|小林 1283-51
        里: 里 S30.1.5|さと 請阿室|里 元 S30
        渡邉: 渡辺 与路|わたなべ S45|太郎 与路
        林: 林 1283-5|はやし 船津|林 S41.2.14|一郎 林
        ソラ: nguyen 春日|ホア 1999年|緒方 春日
        梅: 浜 梅|はま うめ S2|梅 於斉
    """.replace("|葵 1990", "").replace("|ウンノ S", ""),
    )
    yield from _lines(
        _OTHER,
        """
        ソラ: NGUYEN THI HOA|nguyen thi hoa|nguyen|Nguyễn|HOA|thi|ＮＧＵＹＥＮ|nguyenthihoa|緒方|緒方　ホア|オガタ|おがた ほあ|緒方ホア
        ヴァ: silva|VIVIAN|silva vivian|SILVA
        旧氏: 尾崎|尾崎涼|尾崎　涼|オザキ|おざき りょう|オサキ
    """,
    )
    yield from _lines(
        _NUMBER,
        """
        葵: 700001
    """.replace("700001", person_id("葵").lstrip("0")),
    )
    yield from _lines(
        _KANJI,
        """
        渡邉: 渡辺|渡邊|渡邉|渡辺太郎|渡邊　太郎
        濵: 浜崎|濱崎|濵崎|浜﨑|濱嵜|浜崎高子|髙子|高子
        斎藤: 斉藤|斎藤|齊藤|齋藤|齋籐|徳|斎藤徳
        沢: 沢田|澤田|与一|與一|沢田与一
        葛城: 葛城|葛󠄀城|吉野|𠮷野|葛城吉野
        佐々木: 佐佐木|佐々木
        静: 静|靜
        巌: 巌|巖|岩下巖
        栄: 栄|榮|榮武
        静: 鈴木靜
        大野: 大埜
        郡山: 浩二
        恵: 川畑
        旧氏: 真島|眞島|真嶋|尾﨑|尾嵜
        渡邉: 渡部太郎
    """.replace("        渡邉: 渡部太郎\n", ""),
    )
