"""No page of the desk leaves without the help of its screen, and the help has pages of its own."""

from html import unescape

import pytest

from madoguchi.accounts import testing as staff
from madoguchi.web import manual
from madoguchi.web.english import COOKIE
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


def test_where_the_desk_is_english_so_is_its_help(somebody):
    somebody.cookies[COOKIE] = "en"
    one = manual.read(english=True)["certificates/new.html"]
    assert all(
        line in unescape(somebody.get(one.url).text)
        for line in (one.title, one.what, *one.steps, one.care)
    )
    body = unescape(somebody.get("/help/").text)
    assert all(one.what in body for one in manual.read(english=True).values())


@pytest.mark.parametrize("path", ["/help/nobody/nothing/", "/help/web/base/"])
def test_a_screen_that_is_not_there_is_unknown(somebody, path):
    assert somebody.get(path).status_code == 404


def test_a_stranger_reads_how_to_sign_in_and_gets_no_list(client, db):
    assert (
        manual.helps()["accounts/sign_in.html"].care in client.get("/help/accounts/sign_in/").text
    )
    assert client.get("/help/").status_code in {302, 403}


def test_a_page_names_its_own_help_and_gets_only_the_text_of_it(somebody):
    assert 'data-help="desk/home"' in somebody.get("/desk/").text
    one = manual.helps()["desk/home.html"]
    assert f'hx-get="{one.url}"' in somebody.get("/desk/").text
    part = somebody.get(one.url, headers={"HX-Request": "true", "HX-Target": "help-text"}).text
    assert part.strip().startswith('<div id="help-text"')
    assert one.care in part
    assert "<html" not in part


def test_a_text_that_lacks_a_part_is_refused(tmp_path, monkeypatch):
    (tmp_path / "desk.toml").write_text('[home]\ntitle = "x"\n', encoding="utf-8")
    monkeypatch.setattr(manual, "FOLDER", tmp_path)
    with pytest.raises(manual.HelpError, match="home has"):
        manual.read.__wrapped__(english=False)


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
