"""The survey: anybody answers without a name; what is told is told of k together (アンケート).

P6 figures of answers come out in whole batches: who looks every day and subtracts sees no single one.
"""

from datetime import date, timedelta

import pypdfium2 as pdfium
import pytest
import zxingcpp
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.infra import clock
from madoguchi.journeys.domain.maps import Field, Phase
from madoguchi.journeys.domain.surveys import Answer, Face, tally_of
from madoguchi.journeys.models import AnswerRow, SurveyRow
from madoguchi.journeys.queries.maps import find_version
from madoguchi.journeys.queries.surveys import list_surveys, tallies_of
from madoguchi.register.testing import at as moment

NOON = moment("2026-11-28T12:00")
MONDAY = date(2026, 11, 2)
K = 5


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(Face)), max_size=60))
def test_p6_who_looks_every_day_and_subtracts_sees_a_batch_or_nothing(given_answers):
    answers = [Answer(on=MONDAY + timedelta(days=day), face=face) for day, face in given_answers]
    before = tally_of((), k=K, today=MONDAY)
    for day in range(12):
        today = MONDAY + timedelta(days=day)
        # Only what had come by then was there to be counted.
        now = tally_of([one for one in answers if one.on <= today], k=K, today=today)
        fresh = now.n - before.n
        assert fresh == 0 or fresh >= K
        if fresh == 0:
            assert now.faces == before.faces and now.sentences == before.sentences
        assert sum(now.faces.values()) == now.n
        before = now
    assert len(answers) - before.n < K


def test_p6_todays_answers_are_not_told():
    answers = [Answer(on=MONDAY, face=Face.GOOD)] * 9
    assert tally_of(answers, k=K, today=MONDAY).n == 0
    told = tally_of(answers, k=K, today=MONDAY + timedelta(days=1))
    assert (told.n, told.mean, told.spread, told.waiting) == (9, 1.0, 0.0, False)


def test_p6_sentences_stand_in_the_order_of_their_letters():
    said = [
        Answer(on=MONDAY, face=Face.BAD, sentence=one)
        for one in ("遠い", "", "うれしい", "待った", "暑い")
    ]
    assert tally_of(said, k=K, today=MONDAY + timedelta(days=1)).sentences == tuple(
        sorted(["遠い", "うれしい", "待った", "暑い"])
    )


# -- pages -----------------------------------------------------------------------------------------


@pytest.fixture
def kaede(client, db):
    with clock.frozen(NOON):
        yield staff.signed_in(client, staff.kaede())


def at(name, *args):
    return reverse(f"journeys:{name}", args=args)


@pytest.fixture
def survey(kaede):
    assert kaede.post(at("survey_begin"), {"about": "islands|DURING"}).status_code == 302
    return SurveyRow.objects.get().survey_id


def answer(client, survey, **given):
    return client.post(at("ask", survey), {"face": "GOOD", **given})


@pytest.mark.parametrize(
    ("language", "said"),
    [("ja", "いかがでしたか"), ("ja-easy", "どうでしたか"), ("en", "your visit to the town hall")],
)
def test_anybody_answers_in_three_languages_without_a_name(kaede, survey, client, language, said):
    client.logout()
    page = client.get(at("ask", survey), {"language": language})
    assert page.status_code == 200 and said in page.text
    assert "no-store" in page["Cache-Control"]
    done = answer(client, survey, language=language, sentence=" 船に間に合った ")
    assert done.status_code == 302
    assert "thanks" in done.url and language in done.url
    row = AnswerRow.objects.get()
    assert (row.face, row.sentence, row.channel) == ("GOOD", "船に間に合った", "QR")
    assert row.answered_on == date(2026, 11, 28)
    # A day and no hour; nothing of the browser.
    assert {one.name for one in AnswerRow._meta.get_fields()} == {
        "answer_id", "survey", "answered_on", "face", "sentence", "channel",
    }  # fmt: skip


def test_an_answer_is_never_changed(kaede, survey):
    answer(kaede, survey)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerRow.objects.update(face="BAD")
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerRow.objects.all().delete()


@pytest.mark.parametrize(
    ("given", "said"),
    [({"face": ""}, "どれか1つ"), ({"face": "ANGRY"}, "どれか1つ"),
     ({"sentence": "あ" * 121}, "120字まで"), ({"sentence": "123456789018"}, "12桁")],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(kaede, survey, given, said):
    page = answer(kaede, survey, **{"sentence": "遠い"} | given)
    assert page.status_code == 422 and said in page.text
    assert (given.get("sentence") or "遠い") in page.text
    assert not AnswerRow.objects.exists()


def test_a_tablet_goes_on_to_the_next_and_says_so(kaede, survey):
    done = answer(kaede, survey, on="tablet")
    assert "on=tablet" in done.url
    assert "つぎの人の画面へ" in kaede.get(at("ask", survey) + done.url).text
    assert AnswerRow.objects.get().channel == "TABLET"


def test_one_address_cannot_fill_the_box(kaede, survey):
    codes = [answer(kaede, survey).status_code for _ in range(21)]
    assert codes == [302] * 20 + [429]
    assert AnswerRow.objects.count() == 20


def test_an_unknown_or_closed_survey_is_one_and_the_same(kaede, survey):
    assert kaede.post(at("survey", survey), {"do": "close"}).status_code == 302
    for survey_id in (survey, "x"):
        page = kaede.get(at("ask", survey_id))
        assert page.status_code == 404 and "終わりました" in page.text
        assert answer(kaede, survey_id).status_code == 404
        assert kaede.get(at("poster", survey_id)).status_code == 404
        assert kaede.post(at("survey", survey_id), {"do": "close"}).status_code == 422
    assert not AnswerRow.objects.exists()


def test_answers_from_paper_and_their_sum_the_day_after(kaede, survey):
    for face in ("GOOD", "GOOD", "BAD", "SO_SO", "BAD"):
        kaede.post(
            at("survey", survey), {"face": face, "sentence": "遠い" if face == "BAD" else ""}
        )
    assert kaede.post(at("survey", survey), {"face": ""}).status_code == 422
    assert "<li>" not in kaede.get(at("surveys")).text.split("<main")[1].split("</main")[0]
    assert ">n=" not in kaede.get(at("drawing", "islands")).text
    with clock.frozen(NOON + timedelta(days=1)):
        (found,) = list_surveys(today=clock.today())
        assert (found.tally.n, found.tally.mean) == (5, 0.0)
        assert found.tally.spread == pytest.approx(0.8**0.5)  # two at +1, two at -1, one at 0
        assert kaede.get(at("surveys")).text.count("<li>遠い</li>") == 2
        drawn = kaede.get(reverse("journeys:drawing", args=["islands"])).text
        assert ">n=5<" in drawn


def test_a_survey_opened_anew_cuts_no_batch_smaller(kaede, survey):
    for _ in range(3):
        answer(kaede, survey)
    kaede.post(at("survey", survey), {"do": "close"})
    kaede.post(at("survey_begin"), {"about": "islands|DURING"})
    again = SurveyRow.objects.get(closed_on__isnull=True).survey_id
    for _ in range(2):
        answer(kaede, again)
    found = tallies_of("islands", today=date(2026, 11, 29))
    assert found[Phase.DURING].n == 5


def test_one_survey_at_a_time_asks_one_thing(kaede, survey):
    page = kaede.post(at("survey_begin"), {"about": "islands|DURING"})
    assert page.status_code == 422 and "JOURNEY_SURVEY_THERE" in page.text
    for about in ("", "islands", "x|DURING", "islands|NOWHEN"):
        page = kaede.post(at("survey_begin"), {"about": about})
        assert page.status_code == 422 and "JOURNEY_MAP_UNKNOWN" in page.text


def test_the_sheet_has_a_code_that_leads_to_the_page(kaede, survey):
    pdf = pdfium.PdfDocument(kaede.get(at("poster", survey)).content)
    assert len(pdf) == 1
    (code,) = zxingcpp.read_barcodes(pdf[0].render(scale=2).to_pil())
    assert code.text.endswith(at("ask", survey))
    text = pdf[0].get_textpage().get_text_bounded()
    assert "よかった" in text and "Not good" in text


def test_without_the_right_no_survey_is_seen_or_begun(client, db):
    staff.signed_in(client, staff.tsuru())
    for name, args in (("surveys", ()), ("poster", ("x",))):
        assert client.get(at(name, *args)).status_code == 403
    for name, args in (("survey_begin", ()), ("survey", ("x",))):
        assert client.post(at(name, *args)).status_code == 403


@pytest.mark.django_db
def test_what_a_survey_told_is_put_into_a_feeling_with_its_n_and_not_below_k(client):
    with clock.frozen(NOON):
        kaede = staff.signed_in(client, staff.kaede())
        cell = reverse("journeys:cell", args=["islands", "queue", "FEELING"])
        observe = reverse("journeys:observe", args=["islands", "queue", "FEELING"])
        survey = SurveyRow.objects.create(survey_id="s" * 26, map_id="islands", phase="DURING",
                                          opened_by="kaede", opened_on="2026-11-01")  # fmt: skip
        for number in range(5):
            if number == 4:
                assert "5人分そろうと" in kaede.get(cell).text
                assert "JOURNEY_FIGURE_UNKNOWN" in kaede.post(observe).text
            AnswerRow.objects.create(answer_id=f"a{number}", survey=survey, face="GOOD",
                                     channel="PAPER", answered_on="2026-11-20")  # fmt: skip
        assert "+1.00" in kaede.get(cell).text
        assert kaede.post(observe).status_code == 302
        put = find_version("islands").map.step("queue").cells[Field.FEELING]
        assert (put.value, put.evidence, put.basis.count) == (1, "OBSERVED", 5)
        page = kaede.get(reverse("journeys:map", args=["islands"])).text
        assert "アンケート「役場で」 n=5（2026年11月まで）" in page
