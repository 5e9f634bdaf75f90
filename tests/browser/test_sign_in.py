"""A first day and every day after: password, authenticator app, passkey, and the lock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pyotp
import pytest

from tests.browser.conftest import DESK, ROOT

OWN_PASSWORD = "shio-kaze-ni-yureru-8"
#: A fingerprint reader built into the desk's computer, with a finger on it.
READER = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def first_password(town):
    """Return a function that opens an account from the server and tells its first password."""

    def add(staff_id):
        kept = {k: v for k, v in os.environ.items() if k != "MADOGUCHI_DATABASE_URL"}
        done = subprocess.run(
            [sys.executable, "-m", "madoguchi", "staff", "add", "--staff-id", staff_id,
             "--name", "浜田 はな", "--role", "CLERK", "--json"],
            cwd=ROOT, env={**kept, "MADOGUCHI_HOME": str(town.home)}, capture_output=True,
            text=True, check=True, timeout=60,
        )  # fmt: skip
        return json.loads(done.stdout)["initial_password"]

    return add


def press(page, name):
    """Press a button that sends a form, and wait for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def give_password(page, staff_id, password, base=""):
    page.goto(f"{base}/sign-in/")
    page.locator("#id_login").fill(staff_id)
    page.locator("#id_password").fill(password)
    press(page, "つぎへ")


def take_own_password(page, first):
    """The first password opens nothing but the page that changes it."""
    page.goto(page.url.replace(path_of(page), "/certificates/"))
    assert path_of(page) == "/me/password/"
    fields = page.locator("main input[type=password]")
    for field, word in zip(fields.all(), (first, OWN_PASSWORD, OWN_PASSWORD), strict=True):
        field.fill(word)
    press(page, "変える")
    assert path_of(page) == "/me/set-up/"


def path_of(page):
    return page.evaluate("location.pathname")


def wait_at_the_desk(page):
    page.wait_for_url("**/desk/")
    page.get_by_text("浜田 はな").first.wait_for()


def test_a_first_day_with_the_app_and_the_next_sign_in_with_its_code(open_page, first_password):
    first = first_password("hana-app")
    page = open_page()
    page.set_default_timeout(20_000)
    give_password(page, "hana-app", first)
    take_own_password(page, first)
    page.get_by_role("link", name="認証アプリにする").click()
    page.wait_for_url("**/me/app/add/")
    secret = page.locator(".secret").inner_text().replace(" ", "").replace("\n", "")
    app = pyotp.TOTP(secret)
    used = app.now()
    page.locator("#id_code").fill(used)
    press(page, "登録する")
    assert path_of(page) == "/me/recovery-codes/"
    assert page.locator("ol.codes li").count() == 10

    page.goto("/desk/")
    wait_at_the_desk(page)
    press(page, "サインアウト")
    page.goto("/desk/")
    assert path_of(page) == "/sign-in/"

    give_password(page, "ＨＡＮＡ-app", OWN_PASSWORD)
    assert path_of(page) == "/sign-in/second-factor/"
    # A code that was used stays used, whatever the app shows by now.
    page.locator("#id_code").fill(used)
    press(page, "サインイン")
    assert page.get_by_text("確認コードが違うか、もう使われています。").first.is_visible()
    # The next code of the app, without waiting for it: one step either side is accepted.
    page.locator("#id_code").fill(app.at(time.time() + 30))
    press(page, "サインイン")
    wait_at_the_desk(page)


def test_a_passkey_is_set_up_and_opens_the_desk_without_a_code(open_page, first_password, town):
    first = first_password("hana-key")
    base = town.url.replace("127.0.0.1", "localhost")
    page = open_page()
    page.set_default_timeout(20_000)
    reader = page.context.new_cdp_session(page)
    reader.send("WebAuthn.enable")
    made = reader.send("WebAuthn.addVirtualAuthenticator", {"options": READER})
    give_password(page, "hana-key", first, base)
    take_own_password(page, first)
    page.get_by_role("link", name="パスキーにする").click()
    page.get_by_label("この鍵の名前").fill("窓口1の指紋")
    press(page, "登録する")
    assert path_of(page) != "/me/passkeys/add/"
    kept = reader.send("WebAuthn.getCredentials", made)["credentials"]
    assert [one["rpId"] for one in kept] == ["localhost"]
    page.goto(f"{base}/me/")
    assert page.get_by_text("窓口1の指紋").is_visible()

    press(page, "サインアウト")
    give_password(page, "hana-key", OWN_PASSWORD, base)
    assert path_of(page) == "/sign-in/second-factor/"
    press(page, "パスキーを使う")
    wait_at_the_desk(page)
    (used,) = reader.send("WebAuthn.getCredentials", made)["credentials"]
    assert used["signCount"] > kept[0]["signCount"]


def test_without_the_finger_the_passkey_opens_nothing(open_page, first_password, town):
    """The same computer, somebody else's finger: the password alone leads nowhere."""
    first = first_password("hana-thief")
    base = town.url.replace("127.0.0.1", "localhost")
    page = open_page()
    page.set_default_timeout(20_000)
    reader = page.context.new_cdp_session(page)
    reader.send("WebAuthn.enable")
    made = reader.send("WebAuthn.addVirtualAuthenticator", {"options": READER})
    give_password(page, "hana-thief", first, base)
    take_own_password(page, first)
    page.get_by_role("link", name="パスキーにする").click()
    page.get_by_label("この鍵の名前").fill("鍵")
    press(page, "登録する")
    assert path_of(page) != "/me/passkeys/add/"
    reader.send("WebAuthn.setUserVerified", {**made, "isUserVerified": False})
    page.goto(f"{base}/me/")
    press(page, "サインアウト")
    give_password(page, "hana-thief", OWN_PASSWORD, base)
    page.get_by_role("button", name="パスキーを使う").click()
    page.get_by_text("パスキーを確かめられませんでした。").wait_for()
    page.goto(f"{base}/desk/")
    assert path_of(page).startswith("/sign-in/")


def test_five_wrong_passwords_lock_and_say_for_how_long(chromium, town, first_password):
    first = first_password("hana-lock")
    # Not ``open_page``: the browser itself complains of an answer 429, and that is meant here.
    context = chromium.new_context(viewport=DESK, locale="ja-JP", base_url=town.url)
    page = context.new_page()
    for _ in range(4):
        give_password(page, "hana-lock", "chigau-aikotoba")
        assert page.get_by_text("職員番号かパスワードが違います。").is_visible()
    for password in ("chigau-aikotoba", first):
        give_password(page, "hana-lock", password)
        said = page.locator("main").inner_text()
        assert "5回続けて違ったため、この端末からのサインインを止めています。" in said
        assert "15分待つと、また試せます。" in said
        assert "LOCKED_OUT" in said
    page.goto("/desk/")
    assert path_of(page) == "/sign-in/"
    context.close()
