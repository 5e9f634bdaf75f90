"""What is wrong, why, and what to do: in words, neutral, and without losing what was typed (W4)."""

import pytest

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("refused", 422, "FIELD_REQUIRED"),
        ("unknown", 404, "UNKNOWN_PERSON"),
        ("busy", 409, "BUSY"),
        ("database", 503, "UNAVAILABLE"),
        ("standby", 503, "UNAVAILABLE"),
        ("bad", 400, "BAD_INPUT"),
        ("nul", 400, "BAD_INPUT"),
        ("data", 400, "BAD_INPUT"),
        ("value", 500, "OUR_MISTAKE"),
        ("denied", 403, "NOT_ALLOWED"),
        ("bug", 500, "OUR_MISTAKE"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_answers_in_words_with_the_code(shell, how, status, code, headers):
    answer = shell.get(f"/fails/{how}", headers=headers)
    assert answer.status_code == status
    assert code in answer.text
    assert "てください。" in answer.text  # a remedy


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_database_that_is_away_before_any_view_is_no_mistake_of_ours(shell, caplog, headers):
    """Who asks is looked up before the view: with another machine becoming the primary it fails there."""
    answer = shell.get("/doors", headers={"Test-Database": "away", **headers})
    assert answer.status_code == 503
    assert "UNAVAILABLE" in answer.text and "いま、データベースにつながりません" in answer.text
    assert not any("髙﨑" in record.getMessage() for record in caplog.records)


def test_all_problems_are_shown_at_once(shell):
    text = shell.get("/fails/refused").text
    assert "FIELD_REQUIRED" in text
    assert "UNKNOWN_PERSON" in text


def test_an_htmx_refusal_replaces_nothing_but_the_alert(shell):
    answer = shell.get("/fails/busy", headers=HTMX)
    assert answer["HX-Retarget"] == "#alert"
    assert answer["HX-Reswap"] == "outerHTML"
    assert answer.text.lstrip().startswith('<div id="alert">')


def test_a_mistake_of_ours_tells_no_names(shell, caplog):
    answer = shell.get("/fails/bug")
    assert "髙﨑" not in answer.text
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("madoguchi")]
    assert ours
    assert not any("髙﨑" in line for line in ours)


def test_the_number_on_the_screen_is_the_number_in_the_log(shell, caplog):
    answer = shell.get("/fails/bug")
    [line] = [r.getMessage() for r in caplog.records if r.name == "madoguchi.web.errors"]
    assert line.split()[2].rstrip(":") in answer.text


def test_an_unknown_address_is_404(shell):
    answer = shell.get("/nowhere")
    assert answer.status_code == 404
    assert "見つかりません" in answer.text


def test_a_body_too_large_is_413(shell, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = shell.post("/_style", {"visitor": "あ" * 100})
    assert answer.status_code == 413
    assert "TOO_LARGE" in answer.text


def test_a_form_without_its_seal_is_refused_in_words(shell, settings):
    from django.test import Client

    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE[:3],
        "django.middleware.csrf.CsrfViewMiddleware",
        *settings.MIDDLEWARE[3:],
    ]
    settings.CSRF_FAILURE_VIEW = "madoguchi.web.errors.csrf_failure"
    answer = Client(enforce_csrf_checks=True).post("/_style")
    assert answer.status_code == 403
    assert "OLD_PAGE" in answer.text


def test_a_page_with_a_session_is_never_stored(shell, settings):
    """W3, with test_htmx_keeps_no_page_and_evaluates_nothing."""
    assert "Cache-Control" not in shell.get("/doors").headers
    shell.cookies[settings.SESSION_COOKIE_NAME] = "x"
    answer = shell.get("/doors")
    assert answer["Cache-Control"] == "no-store"
    assert "camera=()" in answer["Permissions-Policy"]
