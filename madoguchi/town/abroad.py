"""Residents who are not Japanese: invented names from where such a town's come (外国人住民).

Names are kept as cards of residence print them, in capitals with single spaces; birth dates and
the end of a stay are western days. There is no 本籍.
"""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.town import days
from madoguchi.town.dice import Dice, after_years, between, born_at, pick
from madoguchi.town.drafts import HEAD, Foreign, Member
from madoguchi.town.settling import FROM_ABROAD, MOVED_IN
from madoguchi.town.words import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where people come from, what they are called, and on what status they stay."""

    nationality: str
    statuses: tuple[str, ...]
    surnames: tuple[Reading, ...]
    women: tuple[Reading, ...]
    men: tuple[Reading, ...]
    weight: int


ORIGINS: tuple[Origin, ...] = (
    Origin(
        nationality="ベトナム",
        statuses=("技能実習", "技能実習", "特定技能", "技術・人文知識・国際業務"),
        surnames=(("NGUYEN", "グエン"), ("TRAN", "チャン"), ("LE", "レ"), ("PHAM", "ファム")),
        women=(
            ("THI HOA", "ティ　ホア"),
            ("THI LAN", "ティ　ラン"),
            ("NGOC ANH", "ゴック　アイン"),
        ),
        men=(
            ("VAN HUNG", "ヴァン　フン"),
            ("DUC MINH", "ドゥック　ミン"),
            ("QUANG HAI", "クアン　ハイ"),
        ),
        weight=8,
    ),
    Origin(
        nationality="フィリピン",
        statuses=("特定技能", "永住者", "定住者", "介護"),
        surnames=(("SANTOS", "サントス"), ("REYES", "レイエス"), ("GARCIA", "ガルシア")),
        women=(
            ("MARIA LUZ", "マリア　ルス"),
            ("ANGELICA", "アンジェリカ"),
            ("ROSE ANN", "ローズ　アン"),
        ),
        men=(("JOSE MIGUEL", "ホセ　ミゲル"), ("MARK ANTHONY", "マーク　アンソニー")),
        weight=6,
    ),
    Origin(
        nationality="インドネシア",
        statuses=("技能実習", "特定技能"),
        surnames=(("SETIAWAN", "スティアワン"), ("WIJAYA", "ウィジャヤ"), ("PUTRA", "プトラ")),
        women=(("DEWI", "デウィ"), ("SRI LESTARI", "スリ　レスタリ")),
        men=(("AGUS", "アグス"), ("BUDI", "ブディ"), ("RIZKY", "リズキ")),
        weight=4,
    ),
    Origin(
        nationality="ミャンマー",
        statuses=("特定技能", "介護"),
        surnames=(("AUNG", "アウン"), ("KYAW", "チョー")),
        women=(("SU MON", "ス　モン"), ("EI PHYU", "エイ　ピュー")),
        men=(("ZAW LIN", "ゾー　リン"), ("MIN THU", "ミン　トゥ")),
        weight=2,
    ),
    Origin(
        nationality="中国",
        statuses=("永住者", "技能実習", "日本人の配偶者等"),
        surnames=(("WANG", "ワン"), ("LI", "リ"), ("ZHANG", "チャン")),
        women=(("XIAOLI", "シャオリ"), ("MEIHUA", "メイファ")),
        men=(("WEI", "ウェイ"), ("JIANGUO", "ジェングオ")),
        weight=3,
    ),
    Origin(
        nationality="米国",
        statuses=("教育", "教育", "永住者"),
        surnames=(("MILLER", "ミラー"), ("CARTER", "カーター"), ("BENNETT", "ベネット")),
        women=(("EMILY ROSE", "エミリー　ローズ"), ("HANNAH", "ハンナ")),
        men=(("JOHN PAUL", "ジョン　ポール"), ("ETHAN JAMES", "イーサン　ジェームズ")),
        weight=1,
    ),
)
_WEIGHTED = tuple(origin for origin in ORIGINS for _ in range(origin.weight))
_FOR_EVER = ("永住者", "特別永住者")
_STAY_YEARS = (1, 3, 3, 5)


def draw_worker(dice: Dice) -> Member:
    """Make somebody who came to work, alone (外国人の単身者)."""
    origin = pick(dice, _WEIGHTED)
    status = pick(dice, origin.statuses)
    if status == "日本人の配偶者等":
        status = "永住者"
    born = born_at(dice, 20 + dice.chance() * 25)
    female = dice.chance() < 0.5
    member = Member(name="", kana="", female=female, born=born, relation=HEAD)
    _name(dice, member, origin)
    first = max(after_years(born, 19), dice.as_of - int(8 * days.YEAR))
    member.came, member.how = between(dice, first, dice.as_of - 5), FROM_ABROAD
    member.origin = origin.nationality
    if dice.chance() < 0.3:
        member.how, member.origin = MOVED_IN, "鹿児島県鹿児島市"
    member.foreign = _stay(dice, origin, status)
    return member


def be_foreign_spouse(dice: Dice, member: Member) -> None:
    """Let a wife be from abroad, under her own name and often a 通称 (外国人配偶者)."""
    origin = ORIGINS[1] if dice.chance() < 0.6 else ORIGINS[4]
    surname, kana = member.name.split("\u3000")[0], member.kana.split("\u3000")[0]
    given, given_kana = member.name.split("\u3000")[1], member.kana.split("\u3000")[1]
    _name(dice, member, origin)
    member.foreign = _stay(dice, origin, pick(dice, ("日本人の配偶者等", "永住者", "定住者")))
    if dice.chance() < 0.5:
        member.foreign = member.foreign._replace(
            alias=f"{surname}\u3000{given}", alias_kana=f"{kana}\u3000{given_kana}"
        )


def settle_spouse(dice: Dice, member: Member) -> None:
    """Let a foreign wife have come from abroad or from elsewhere in Japan (転入の経緯)."""
    if dice.chance() < 0.5 and member.foreign is not None:
        member.how, member.origin = FROM_ABROAD, member.foreign.nationality


def _name(dice: Dice, member: Member, origin: Origin) -> None:
    surname, kana = pick(dice, origin.surnames)
    given, given_kana = pick(dice, origin.women if member.female else origin.men)
    member.name, member.kana = f"{surname} {given}", f"{kana}\u3000{given_kana}"


def _stay(dice: Dice, origin: Origin, status: str) -> Foreign:
    until = ""
    if status not in _FOR_EVER:
        until = days.text(dice.as_of + 30 + int(dice.chance() * pick(dice, _STAY_YEARS) * 365))
    return Foreign(origin.nationality, status, until, "", "")
