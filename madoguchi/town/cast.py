"""The named people, placed in the town (名前のある人たちの配役)."""

from __future__ import annotations

from madoguchi.town import days, numbers
from madoguchi.town.columns import ADDRESS_SINCE, HEAD_NAME, HOUSEHOLD, RELATION, set_home
from madoguchi.town.drafts import HEAD, Change, Foreign, Home, Household, Member
from madoguchi.town.past import MEASURE, die, pass_on
from madoguchi.town.people import MINATO_FAMILY, NAMED
from madoguchi.town.places import KAKEROMA, MAIN
from madoguchi.town.settling import FROM_ABROAD
from madoguchi.town.stage import Scene, Stage, home, household_at, moved_in, native


def named(key: str, *, female: bool, born: int, relation: str = HEAD) -> Member:
    """Return one of the named people as a member (名前のある人)."""
    person = NAMED[key]
    return Member(
        name=person.name,
        kana=person.kana,
        female=female,
        born=born,
        relation=relation,
        serial=numbers.named_serial(tuple(NAMED).index(key) + 1),
    )


def _aoi(stage: Stage) -> Household:
    """An adult who lives alone and has never been in any trouble (海野 葵)."""
    aoi = named("aoi", female=True, born=stage.ago(36, 4, 12))
    came = stage.ago(8, 4, 1)
    moved_in(
        aoi, came, "鹿児島県鹿児島市鴨池１丁目２番３号", domicile="鹿児島県鹿児島市鴨池一丁目２番"
    )
    household = household_at(1, home("清水", "１２３番地４"), aoi, since=came)
    household.homes.append(
        (stage.ago(3, 6, 15), home("古仁屋", "４５番地６", "コーポ潮騒１０２号"))
    )
    return household


def _minato(stage: Stage) -> Household:
    """A family of five who moved in three weeks ago (湊家)."""
    born = (
        stage.ago(38, 7, 20), stage.ago(36, 2, 3), stage.ago(11, 9, 9), stage.ago(8, 5, 5),
        stage.ago(3, 12, 24),
    )  # fmt: skip
    relations = (HEAD, "妻", "子", "子", "子")
    came = stage.today - 21
    family = [
        moved_in(
            named(key, female=place in (1, 2), born=born[place], relation=relations[place]),
            came, "兵庫県尼崎市東難波町５丁目７番８号", domicile="兵庫県尼崎市東難波町五丁目７番",
            holder=NAMED["minato_father"].name,
        )
        for place, key in enumerate(MINATO_FAMILY)
    ]  # fmt: skip
    return household_at(2, home("阿木名", "６７８番地"), *family, since=came)


def _rin(stage: Stage) -> Household:
    """Rin fled from Haru's household this year; nothing may lead there or back (潮 凛)."""
    rin = named("rin", female=True, born=stage.ago(34, 10, 8))
    came, fled = stage.ago(9, 5, 20), stage.today - 120
    moved_in(
        rin, came, "鹿児島県霧島市国分中央３丁目４番５号", domicile=_USHIO_DOMICILE,
        holder=NAMED["haru"].name,
    )  # fmt: skip
    rin.hold = MEASURE
    hidden = home("嘉鉄", "９０１番地２")
    rin.at_first = (
        (HOUSEHOLD, NAMED["haru"].household_no),
        (RELATION, "妻"),
        (HEAD_NAME, NAMED["haru"].name),
        *set_home(_ushio_home()),
        (ADDRESS_SINCE, days.text(came)),
    )
    columns = (
        (HOUSEHOLD, NAMED["rin"].household_no),
        (RELATION, HEAD),
        (HEAD_NAME, rin.name),
        *set_home(hidden),
        (ADDRESS_SINCE, days.text(fled)),
    )
    rin.joined = fled
    rin.changes.append(Change(fled, "転居", columns))
    return household_at(3, hidden, rin, since=fled)


def _haru(stage: Stage) -> Household:
    """Haru lives on where Rin must not be found (潮 晴)."""
    haru = named("haru", female=False, born=stage.ago(37, 1, 30))
    native(haru, _USHIO_DOMICILE)
    return household_at(4, _ushio_home(), haru, since=stage.ago(22, 3, 31))


def _sora(stage: Stage) -> Household:
    """A resident from abroad whose name is longer than any box (ソラ)."""
    sora = named("sora", female=True, born=stage.ago(29, 8, 17))
    came = stage.ago(2, 10, 1)
    sora.came, sora.how, sora.origin = came, FROM_ABROAD, "フィリピン"
    sora.foreign = Foreign("フィリピン", "介護", days.text(stage.today + 700), "", "")
    return household_at(5, home("古仁屋", "８９番地１", "浜木綿荘２０５号"), sora, since=came)


def _ume(stage: Stage) -> Household:
    """Ume died a week ago; her daughter is householder now (磯 梅)."""
    domicile = "鹿児島県大島郡瀬戸内町諸鈍３４５番地"
    ume = native(named("ume", female=True, born=stage.ago(95, 2, 11)), domicile)
    daughter = native(
        named("ume_daughter", female=True, born=stage.ago(68, 11, 3), relation="子"),
        domicile, ume.name,
    )  # fmt: skip
    household = household_at(
        6, home("諸鈍", "３４５番地"), ume, daughter, since=stage.ago(60, 1, 15), area=KAKEROMA
    )
    on = stage.today - 7
    die(ume, on)
    pass_on(household, on, daughter, ())
    return household


def _ushio_home() -> Home:
    """Where Haru lives, and where Rin lived too (元の住所)."""
    return home("手安", "２３４番地５")


_USHIO_DOMICILE = "鹿児島県大島郡瀬戸内町手安２３４番地"

#: Scenes of the named people by area: in every town, however small.
NAMED_SCENES: tuple[tuple[str, Scene], ...] = (
    (MAIN, _aoi),
    (MAIN, _minato),
    (MAIN, _rin),
    (MAIN, _haru),
    (MAIN, _sora),
    (KAKEROMA, _ume),
)
