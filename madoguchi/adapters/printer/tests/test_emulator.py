"""The emulator round the machine: one book for all processes, no file left, never in earnest."""

import stat
from datetime import datetime, timedelta

import pytest

from madoguchi.adapters.printer.emulator import EmulatedPrinter
from madoguchi.adapters.printer.tests.papers import paper
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.outcome import Unavailable
from madoguchi.kiosk.domain.devices import JobStage, NoAnswer, PrinterTrouble


class Hour:
    def __init__(self):
        self.now = datetime(2026, 11, 24, 10, tzinfo=JAPAN)

    def goes_by(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def hour(settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    return Hour()


def printer(hour, terminal_no="K1"):
    return EmulatedPrinter(terminal_no=terminal_no, now=lambda: hour.now)


def test_it_refuses_to_exist_in_earnest(hour, settings):
    settings.MADOGUCHI_DEMO = False
    with pytest.raises(RuntimeError):
        printer(hour)


def test_another_process_sees_the_same_printer(hour):
    one, other = printer(hour), printer(hour)
    reference = one.print(name="a", pdf=paper(2))
    other.happen(PrinterTrouble.PAPER_JAM)
    assert one.job(reference).stage == JobStage.HELD_UP
    other.mend()
    hour.goes_by(10)
    assert other.job(reference).stage == JobStage.DONE
    assert printer(hour, "K2").job(reference) == Unavailable(reason=NoAnswer.FORGOTTEN)


@pytest.mark.parametrize("end", ["printed", "cancelled", "forgotten"])
def test_no_paper_stays_in_it_longer_than_it_is_open(hour, end):
    one = printer(hour)
    reference = one.print(name="a", pdf=paper(2))
    (spooled,) = one.spool()
    assert stat.S_IMODE(spooled.parent.stat().st_mode) == 0o700
    if end == "printed":
        hour.goes_by(10)
        one.job(reference)
    elif end == "cancelled":
        one.cancel(reference)
    else:
        one.forget()
    assert one.spool() == ()
    assert not spooled.exists()


def test_a_lost_answer_was_done_all_the_same(hour):
    one = printer(hour)
    one.lose_answers(1)
    assert one.print(name="a", pdf=paper(1)) == Unavailable(reason=NoAnswer.CUT_OFF)
    reference = one.print(name="a", pdf=paper(1))
    hour.goes_by(10)
    assert one.job(reference).sheets_done == 1
    assert sum(job.printed for job in one.shown().jobs) == 1


def test_it_comes_back_as_it_was(hour):
    one = printer(hour)
    reference = one.print(name="a", pdf=paper(1))
    one.switch_off()
    assert one.is_off()
    assert one.job(reference) == Unavailable(reason=NoAnswer.NOT_REACHED)
    one.mend()
    hour.goes_by(10)
    assert one.job(reference).stage == JobStage.DONE


def test_its_book_names_nobody(hour, tmp_path):
    one = printer(hour)
    one.print(name="f00d", pdf=paper(1))
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".pdf"]
    assert kept
    assert all("宛名" not in path.read_text() for path in kept)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in kept)
