"""D10, the page of the town's own rules: works, wrong role, bad input, nothing backwards."""

import html
from datetime import date, timedelta

import pytest
from django.urls import reverse

from madoguchi.accounts.testing import kaede, kai, signed_in
from madoguchi.dispatch import models
from madoguchi.dispatch.domain.envelope import ASSUMED
from madoguchi.dispatch.queries.rules import envelope_on, list_envelopes, renotice_rule_on
from madoguchi.infra import clock

RULES, DAYS, ENVELOPE = (reverse(f"dispatch:{name}")
                         for name in ("rules", "set_renotices", "set_envelope"))  # fmt: skip
FROM = {"valid_from": "令和9年4月1日", "source": "発送要綱 第3条"}
SIZES = {
    "inner_width_mm": "235", "inner_height_mm": "120", "window_left_mm": "20",
    "window_top_mm": "12", "window_width_mm": "95", "window_height_mm": "48.5",
    "first_fold_mm": "105", "second_fold_mm": "201",
}  # fmt: skip


@pytest.fixture
def chief(client, town):
    return signed_in(client, kai())


def test_new_days_count_from_their_day_and_the_old_ones_until_then(chief):
    answer = chief.post(DAYS, FROM | {"first_days": "45", "second_days": "30"})
    assert (answer.status_code, answer["Location"]) == (302, RULES)
    assert renotice_rule_on(date(2027, 3, 31)).first_days == 90
    assert renotice_rule_on(date(2027, 4, 1)).first_days == 45
    page = chief.get(RULES).text
    assert "45日" in page and "90日" in page and "これから" in page
    assert models.RenoticeRule.objects.get(first_days=45).made_by == kai().staff_id


def test_a_measured_envelope_is_used_from_its_day(chief):
    assert chief.post(ENVELOPE, FROM | SIZES).status_code == 302
    new = envelope_on(date(2027, 4, 1))
    assert (new.inner_width_mm, new.window_height_mm, new.first_fold_mm) == (235.0, 48.5, 105.0)
    assert envelope_on(date(2027, 3, 31)) == ASSUMED
    assert list_envelopes()[0].envelope == new
    assert "48.5" in chief.get(RULES).text


def test_whoever_is_not_the_chief_neither_sees_nor_changes_it(client, town):
    signed_in(client, kaede())
    assert client.get(RULES).status_code == 403
    assert client.post(DAYS, FROM | {"first_days": "45", "second_days": "30"}).status_code == 403
    assert client.post(ENVELOPE, FROM | SIZES).status_code == 403
    assert "日数と封筒を変える" not in client.get(reverse("dispatch:renotices")).text


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"first_days": "6", "second_days": "30"}, "RENOTICE_DAYS"),
        ({"first_days": "45", "second_days": "731"}, "RENOTICE_DAYS"),
        ({"first_days": "45", "second_days": "30", "valid_from": "令和2年4月1日"}, "RULE_IN_THE_PAST"),
        ({"first_days": "45", "second_days": "30", "source": " "}, "FIELD_REQUIRED"),
        ({"first_days": "四十", "second_days": "30"}, "FIELD_INVALID"),
    ],
)  # fmt: skip
def test_days_that_cannot_be_are_told_and_kept_in_their_boxes(chief, given, code):
    answer = chief.post(DAYS, FROM | given)
    page = html.unescape(answer.text)
    assert answer.status_code == 422 and code in page
    assert f'value="{given["second_days"]}"' in page
    assert models.RenoticeRule.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"inner_width_mm": "200"}, "ENVELOPE_TOO_SMALL"),
        ({"window_left_mm": "200"}, "ENVELOPE_WINDOW_OUTSIDE"),
        ({"window_height_mm": "20"}, "ENVELOPE_WINDOW_SMALL"),
        ({"window_width_mm": "120"}, "ENVELOPE_WINDOW_LARGE"),
        ({"first_fold_mm": "nan"}, "FIELD_INVALID"),
        ({"first_fold_mm": "1e9"}, "FIELD_INVALID"),
        ({"valid_from": "平成"}, "DATE"),
    ],
)
def test_an_envelope_that_hides_or_shows_too_much_is_refused(chief, given, code):
    before = models.EnvelopeRow.objects.count()
    answer = chief.post(ENVELOPE, FROM | SIZES | given)
    assert answer.status_code == 422 and code in html.unescape(answer.text)
    assert models.EnvelopeRow.objects.count() == before


def test_all_that_is_wrong_with_an_envelope_is_told_at_once(chief):
    page = chief.post(ENVELOPE, SIZES | {
        "valid_from": (clock.today() - timedelta(days=1)).isoformat(), "source": "x",
        "inner_width_mm": "200", "window_height_mm": "10",
    }).text  # fmt: skip
    assert all(code in page for code in
               ("ENVELOPE_TOO_SMALL", "ENVELOPE_WINDOW_SMALL", "RULE_IN_THE_PAST"))  # fmt: skip


def test_of_one_day_there_is_one_rule(chief):
    for what, given in ((DAYS, {"first_days": "45", "second_days": "30"}), (ENVELOPE, SIZES)):
        assert chief.post(what, FROM | given).status_code == 302
        again = chief.post(what, FROM | given)
        assert again.status_code == 422 and "RULE_STANDS_THAT_DAY" in again.text
