"""Pages of the maps: works · wrong role · unknown map · bad input; a map holds no person, so none is held.

J1 every cell says what it rests on · J2 unknown is not nought · J3 a kept version is never changed.
"""

import json
import re

import pypdfium2 as pdfium
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.infra import clock
from madoguchi.journeys.domain.maps import Field
from madoguchi.journeys.models import VersionRow
from madoguchi.journeys.queries.maps import find_version, list_maps
from madoguchi.register.testing import at as moment

pytestmark = pytest.mark.django_db
ISLANDS = "islands"
NOON = moment("2026-11-28T12:00")


def at(name, *args):
    return reverse(f"journeys:{name}", args=args)


@pytest.fixture
def kaede(client):
    with clock.frozen(NOON):
        yield staff.signed_in(client, staff.kaede())


def edit(client, step="ferry", field="TRAVEL_MIN", **given):
    return client.post(at("cell", ISLANDS, step, field), {"evidence": "OBSERVED", **given})


def cell_of(step="ferry", field=Field.TRAVEL_MIN, number=None):
    return find_version(ISLANDS, number).map.step(step).cells.get(field)


def test_j1_two_drafts_are_there_from_the_start_and_all_of_them_assumed(kaede):
    page = kaede.get(at("maps")).text
    assert "本島側に住む人" in page and "与路島に住む人" in page
    counts = re.findall(r"(観察|聞き取り|想定) (\d+)<", page)
    assert [int(count) > 0 for _, count in counts] == [False, False, True] * 2
    assert not VersionRow.objects.exists()  # looking writes nothing down


def test_what_the_drafts_are_made_with_says_where_it_is_from(kaede):
    page = kaede.get(at("maps")).text
    assert "船賃（片道）" in page and "270円" in page and "離島住民割引" in page
    fares = [
        find_version(ISLANDS).map.step(one).number(Field.COST_YEN) for one in ("ferry", "back")
    ]
    assert fares == [270, 270]


def test_a_map_is_a_drawing_and_a_table_that_says_the_same(kaede):
    page = kaede.get(at("map", ISLANDS)).text
    drawing = kaede.get(at("drawing", ISLANDS))
    assert drawing["Content-Type"] == "image/svg+xml"
    for step in find_version(ISLANDS).map.steps:
        assert step.text(Field.DOING) in page
        assert step.text(Field.DOING)[:4] in drawing.text
    assert "想定" in page and "想定" in drawing.text
    assert at("drawing", ISLANDS) in page


def test_a_cell_is_corrected_and_says_what_it_rests_on(kaede):
    assert edit(kaede, value="25").status_code == 302
    assert (cell_of().value, cell_of().evidence) == (25, "OBSERVED")
    assert edit(kaede, value="２５", evidence="INTERVIEWED").status_code == 302
    actions = {one.note.action for one in list_entries(wanted=EntryFilter()).entries}
    assert "JOURNEY_CELL" in actions
    assert len(list_maps()) == 2  # the draft was written down, not doubled


def test_j2_an_emptied_cell_is_unknown_and_sums_say_so(kaede):
    before = kaede.get(at("map", ISLANDS)).text
    edit(kaede, value="")
    assert cell_of() is None
    page = kaede.get(at("map", ISLANDS)).text
    assert "移動：分からない" in page and page != before
    assert "移動 45分（ほか2欄は不明）" in kaede.get(at("drawing", ISLANDS)).text


@pytest.mark.parametrize(
    ("given", "code"),
    [({"value": "25分"}, "JOURNEY_NOT_A_NUMBER"), ({"value": "-1"}, "JOURNEY_NOT_A_NUMBER"),
     ({"value": "25", "evidence": "GUESSED"}, "evidence"),
     ({"field": "PAIN", "value": "123456789018"}, "JOURNEY_NUMBER_IN_TEXT"),
     ({"field": "DOING", "value": ""}, "JOURNEY_STEP_SILENT")],
)  # fmt: skip
def test_what_cannot_stand_in_a_cell_is_told_beside_it(kaede, given, code):
    answer = edit(kaede, **given)
    assert answer.status_code == 422 and code in answer.text
    assert not VersionRow.objects.exists()


def test_j3_a_kept_version_stays_and_the_difference_is_shown(kaede):
    edit(kaede, step="queue", field="WAIT_MIN", value="20")
    assert kaede.post(at("version", ISLANDS), {"name": "改革後"}).status_code == 302
    edit(kaede, step="queue", field="WAIT_MIN", value="5")
    edit(kaede, step="wait-card", field="WAIT_MIN", value="")
    kaede.post(at("step", ISLANDS), {"do": "drop", "step": "back"})
    kaede.post(at("step", ISLANDS),
               {"phase": "BEFORE", "lane": "FRONT", "doing": "電話で持ち物を確かめる"})  # fmt: skip
    assert cell_of("queue", Field.WAIT_MIN, 1).value == 20
    assert find_version(ISLANDS, 1).map.step("back") is not None
    page = kaede.get(at("compare", ISLANDS), {"before": "1", "after": "2"}).text
    assert "なくなった" in page and "ふえた" in page and "電話で持ち物を確かめる" in page
    # 20 → 5 at the queue, and the 150 of a step that is gone; the card's wait compares with nothing.
    assert "−2.8時間" in page and "（どちらかが不明）" in page
    both = kaede.get(at("drawing", ISLANDS), {"v": "2", "before": "1"}).text
    assert "前の版" in both
    old = kaede.get(at("map", ISLANDS), {"v": "1"}).text
    assert "前の版です" in old and at("cell", ISLANDS, "queue", "WAIT_MIN") not in old


def test_a_version_wants_a_name_and_a_step_its_words(kaede):
    for given, code in (
        ({"name": " "}, "JOURNEY_VERSION_NAME"),
        ({"name": "あ" * 21}, "JOURNEY_VERSION_NAME"),
    ):
        answer = kaede.post(at("version", ISLANDS), given)
        assert answer.status_code == 422 and code in answer.text
    answer = kaede.post(at("step", ISLANDS), {"phase": "NOWHERE", "lane": "FRONT", "doing": ""})
    assert answer.status_code == 422
    answer = kaede.post(at("step", ISLANDS), {"do": "drop", "step": "nothing"})
    assert "JOURNEY_STEP_UNKNOWN" in answer.text


def test_the_sheet_is_a3_across_and_says_the_table_too(kaede):
    answer = kaede.get(at("paper", ISLANDS))
    sheet = pdfium.PdfDocument(answer.content)
    width, height = sheet[0].get_size()
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (420, 297)
    said = "".join(page.get_textpage().get_text_bounded() for page in sheet)
    assert "船で古仁屋へ渡る" in said.replace("\r\n", "") and "〔想定〕" in said
    assert len(sheet) == 2
    # The tallest map there is from the start: its last line stands on the first sheet, whole.
    first = sheet[0].get_textpage()
    low = min(first.get_charbox(place)[1] for place in range(first.count_chars())
              if first.get_text_range(place, 1).strip())  # fmt: skip
    assert "同じ日に用事を" in first.get_text_bounded() and low > 0


@pytest.mark.parametrize("form", ["json", "cjml"])
def test_what_was_written_out_comes_in_again_as_it_was(kaede, form):
    edit(kaede, value="25")
    written = kaede.get(at("export", ISLANDS, form)).content
    answer = kaede.post(at("bring_in"), {"file": SimpleUploadedFile("map.x", written)})
    assert answer.status_code == 302
    again = find_version(answer.url.split("/")[-2]).map
    assert again == find_version(ISLANDS).map
    assert len(list_maps()) == 3


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"{}", b"<x", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
     b'{"steps": [], "title": "a", "persona": "b"}', b"[" * 20_000],
)  # fmt: skip
def test_a_file_that_is_no_map_is_refused_whole(kaede, content):
    answer = kaede.post(at("bring_in"), {"file": SimpleUploadedFile("map.json", content)})
    assert answer.status_code == 422
    assert not VersionRow.objects.exists()


def test_a_file_says_everything_that_is_wrong_at_once(kaede):
    rows = [{"phase": "SOMEWHEN"}, {"phase": "AFTER", "lane": "SKY",
             "cells": {"doing": {"value": "x", "evidence": "SEEN"}, "wait_min": {"value": 1.5}}}]  # fmt: skip
    content = json.dumps({"title": "a", "persona": "b", "steps": rows}).encode()
    page = kaede.post(at("bring_in"), {"file": SimpleUploadedFile("map.json", content)}).text
    for code in ("JOURNEY_PHASE_MISSING", "JOURNEY_EVIDENCE_MISSING", "JOURNEY_NOT_A_NUMBER"):
        assert code in page


def test_a_map_nobody_knows_is_not_there(kaede):
    for name, args in (("map", ("x",)), ("drawing", ("x",)), ("paper", ("x",)), ("export", ("x", "json")),
                       ("export", (ISLANDS, "exe")), ("compare", (ISLANDS,)),
                       ("cell", (ISLANDS, "x", "PAIN")), ("cell", (ISLANDS, "ferry", "SIZE"))):  # fmt: skip
        assert kaede.get(at(name, *args)).status_code == 404, name
    assert kaede.get(at("map", ISLANDS), {"v": "9"}).status_code == 404
    assert kaede.post(at("version", "x"), {"name": "a"}).status_code == 404
    assert kaede.post(at("step", "x"), {"do": "drop"}).status_code == 404


ROUTES = [("maps", ()), ("map", (ISLANDS,)), ("drawing", (ISLANDS,)), ("paper", (ISLANDS,)),
          ("export", (ISLANDS, "json")), ("compare", (ISLANDS,)),
          ("cell", (ISLANDS, "ferry", "PAIN"))]  # fmt: skip


def test_without_the_right_no_map_is_seen_or_written(client):
    staff.signed_in(client, staff.tsuru())
    for name, args in ROUTES:
        assert client.get(at(name, *args)).status_code == 403
    for name, args in (("version", (ISLANDS,)), ("step", (ISLANDS,)), ("bring_in", ())):
        assert client.post(at(name, *args)).status_code == 403


def test_who_may_only_read_is_offered_no_cell(client):
    reader = staff.signed_in(client, staff.sango())
    answer = reader.get(at("map", ISLANDS))
    assert answer.status_code in (200, 403)
    assert at("cell", ISLANDS, "ferry", "PAIN") not in answer.text
