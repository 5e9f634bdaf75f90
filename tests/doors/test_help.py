"""No page of the desk leaves without the help of its screen, and the help has pages of its own."""

import pytest

from madoguchi.accounts import testing as staff
from madoguchi.web import manual
from tests.doors.walking import everywhere


@pytest.fixture
def somebody(client, db):
    return staff.signed_in(client, staff.kaede())


def test_it_shows_how_one_screen_is_used(somebody):
    answer = somebody.get("/help/certificates/new/")
    body = answer.content.decode()
    one = manual.helps()["certificates/new.html"]
    assert answer.status_code == 200
    assert all(line in body for line in (one.title, one.what, one.care))


def test_it_lists_every_screen(somebody):
    body = somebody.get("/help/").content.decode()
    assert all(one.url in body for one in manual.helps().values())


@pytest.mark.parametrize("path", ["/help/nobody/nothing/", "/help/web/base/"])
def test_a_screen_that_is_not_there_is_unknown(somebody, path):
    assert somebody.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/help/", "/help/protection/list/"])
def test_a_stranger_is_asked_to_sign_in(client, db, path):
    assert client.get(path).status_code in {302, 403}


def test_a_page_shows_its_own_help_where_the_keys_are(somebody):
    body = somebody.get("/desk/").content.decode()
    assert 'data-help="desk/home"' in body
    assert manual.helps()["desk/home.html"].care in body


def test_a_text_that_lacks_a_part_is_refused(tmp_path, monkeypatch):
    (tmp_path / "desk.toml").write_text('[home]\ntitle = "x"\n', encoding="utf-8")
    monkeypatch.setattr(manual, "FOLDER", tmp_path)
    with pytest.raises(manual.HelpError, match="home has"):
        manual.helps.__wrapped__()


def test_every_route_that_answers_with_a_desk_page_carries_its_help(insider):
    """Every route is asked by somebody with every right; what has the desk's frame has its own help."""
    met = []

    def wrong(answer):
        body = "" if answer.streaming else answer.content.decode("utf-8", "replace")
        if answer.status_code != 200 or 'id="keys"' not in body:
            return None
        met.append(1)
        return None if "data-help=" in body else "no help"

    found = everywhere(insider, lambda who, door: who.get(door.address), wrong)
    assert found == []
    assert len(met) > 40
