import pytest

from madoguchi.town.places import AREA_NAMES, RESIDENTS, place_named, places, share_out


def test_the_town_has_its_real_places():
    counts = {area: len(found) for area, found in places().items()}
    # Sixty rows of the postal list; the one for "anything else" names no town.
    assert counts == {"本島": 31, "加計呂麻島": 25, "請島": 2, "与路島": 1}
    assert place_named("諸鈍").postcode == "894-2141"
    assert place_named("諸鈍").address == "鹿児島県大島郡瀬戸内町諸鈍"


def test_real_size_gives_the_real_areas():
    assert dict(share_out(7_971)) == dict(RESIDENTS)


@pytest.mark.parametrize("residents", [12, 13, 200, 999, 7_970, 7_972, 50_000, 1_000_000])
def test_any_size_is_shared_out_exactly_and_fairly(residents):
    shares = share_out(residents)
    assert tuple(shares) == AREA_NAMES
    assert sum(shares.values()) == residents
    for area, count in shares.items():
        assert abs(count - residents * RESIDENTS[area] / 7_971) < 1
