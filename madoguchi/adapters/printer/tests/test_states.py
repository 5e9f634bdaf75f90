"""A printer's words as ours: every word, every severity, every state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.adapters.printer.states import (
    SEVERITIES,
    TROUBLES,
    JobCondition,
    PrinterCondition,
    stage_of,
    troubles_of,
)
from madoguchi.kiosk.domain.devices import JobStage, PrinterTrouble

IDLE = PrinterCondition.IDLE
REASONS = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(sorted(TROUBLES)), st.just("none"), st.text(max_size=12)),
        st.sampled_from(("", *SEVERITIES)),
    ).map("".join),
    max_size=5,
)
TROUBLE_SETS = st.frozensets(st.sampled_from(sorted(PrinterTrouble)), max_size=3)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("none", None),
        ("media-empty", "PAPER_OUT"),
        ("media-empty-warning", "PAPER_OUT"),
        ("media-empty-error", "PAPER_OUT"),
        ("media-empty-report", None),
        ("media-low-warning", None),
        ("media-jam-error", "PAPER_JAM"),
        ("door-open-error", "COVER_OPEN"),
        ("cover-open", "COVER_OPEN"),
        ("toner-empty-error", "TONER_OUT"),
        ("toner-low-report", None),
        ("paused", "STOPPED"),
        ("com.example.belt-torn-error", "OTHER"),
        ("com.example.nap-warning", None),
        ("connecting-to-device", None),
    ],
)
def test_one_word(reason, expected):
    told = troubles_of(condition=IDLE, reasons=[reason], accepting=True)
    assert told == ({PrinterTrouble(expected)} if expected else frozenset())


def test_a_stopped_printer_is_never_ready():
    told = troubles_of(condition=PrinterCondition.STOPPED, reasons=["none"], accepting=True)
    assert told == {PrinterTrouble.STOPPED}
    told = troubles_of(condition=IDLE, reasons=[], accepting=False)
    assert told == {PrinterTrouble.STOPPED}


@given(reasons=REASONS, condition=st.sampled_from(sorted(PrinterCondition)), ok=st.booleans())
def test_what_is_only_reported_stops_nothing_and_order_does_not_matter(reasons, condition, ok):
    told = troubles_of(condition=condition, reasons=reasons, accepting=ok)
    assert told == troubles_of(condition=condition, reasons=reversed(reasons), accepting=ok)
    serious = [reason for reason in reasons if not reason.endswith("-report")]
    assert told == troubles_of(condition=condition, reasons=serious, accepting=ok)
    if condition == PrinterCondition.STOPPED or not ok:
        assert told
    for reason in serious:
        for word, trouble in TROUBLES.items():
            if reason in (word, f"{word}-error", f"{word}-warning"):
                assert trouble in told


@given(troubles=TROUBLE_SETS, condition=st.integers(-5, 20))
def test_each_state_is_one_stage_and_no_other_number_is(troubles, condition):
    stage = stage_of(condition=condition, reasons=["none"], troubles=troubles)
    if condition not in set(JobCondition):
        assert stage is None
    elif condition >= JobCondition.CANCELED:  # over: what the printer has now is no matter
        done = condition == JobCondition.COMPLETED
        assert stage == (JobStage.DONE if done else JobStage.LOST)
    elif troubles:
        assert stage == JobStage.HELD_UP
    else:
        assert (
            stage
            == {
                JobCondition.PENDING: JobStage.WAITING,
                JobCondition.PENDING_HELD: JobStage.HELD_UP,
                JobCondition.PROCESSING: JobStage.PRINTING,
                JobCondition.PROCESSING_STOPPED: JobStage.HELD_UP,
            }[JobCondition(condition)]
        )


def test_completed_with_errors_is_not_done():
    told = stage_of(
        condition=JobCondition.COMPLETED,
        reasons=["job-completed-with-errors"],
        troubles=frozenset(),
    )
    assert told == JobStage.LOST
