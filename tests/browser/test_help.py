"""Help at one key, in a real browser: while typing too, and before signing in."""

from madoguchi.web import manual
from madoguchi.web.english import COOKIE


def test_f1_shows_how_the_screen_is_used_even_while_typing(desk_of):
    page = desk_of("nagi")
    page.goto("/register/search/")
    page.locator("input[type=search]").first.fill("うみの?")
    page.keyboard.press("F1")
    page.get_by_text(manual.helps()["register/search.html"].care).wait_for()
    page.keyboard.press("Escape")
    assert page.locator("input[type=search]").first.input_value() == "うみの?"


def test_before_signing_in_there_is_help_too(open_page):
    page = open_page()
    page.goto("/sign-in/")
    page.keyboard.press("F1")
    page.get_by_text(manual.helps()["accounts/sign_in.html"].care).wait_for()


def test_f1_speaks_english_where_the_desk_does(desk_of, town):
    page = desk_of("nagi")
    page.context.add_cookies([{"name": COOKIE, "value": "en", "url": town.url}])
    page.goto("/register/search/")
    page.locator("input[type=search]").first.fill("うみの")
    page.keyboard.press("F1")
    english = manual.read(english=True)["register/search.html"]
    page.locator("dialog[open]").get_by_text(english.care).wait_for()
    assert page.locator("dialog[open] #keys-title").inner_text() == "How to use this page"
    page.get_by_role("link", name="Show with pictures").click()
    page.get_by_role("heading", name=english.title, level=1).wait_for()
    assert page.locator(".help-steps li").all_inner_texts() == list(english.steps)
