"""One contract of a printer, asked of a stranger's real one and of our emulator alike."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from madoguchi.adapters.printer.client import address
from madoguchi.adapters.printer.emulator import EmulatedPrinter
from madoguchi.adapters.printer.ipp import IppPrinter
from madoguchi.adapters.printer.tests import ippeveprinter
from madoguchi.adapters.printer.tests.papers import paper
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.outcome import Unavailable
from madoguchi.kiosk.domain.devices import JobStage, NoAnswer, PrinterTrouble

TROUBLES = {
    PrinterTrouble.PAPER_OUT: "media-empty",
    PrinterTrouble.PAPER_JAM: "media-jam",
    PrinterTrouble.COVER_OPEN: "cover-open",
    PrinterTrouble.TONER_OUT: "toner-empty",
}


class Strangers:
    """The client under test speaks IPP to a printer we did not write."""

    def __init__(self, machine):
        self.machine = machine
        self.printer = IppPrinter(address(machine.uri), terminal_no="K1")

    def hand(self, name):
        return self.machine.hands / name

    def goes_wrong(self, trouble):
        self.hand(TROUBLES[trouble]).touch()

    def jams_after(self, sheets):
        self.hand(f"jam-after-{sheets}").touch()

    def is_mended(self):
        for name in TROUBLES.values():
            self.hand(name).unlink(missing_ok=True)

    def waits_before(self, sheet):
        self.hand(f"hold-before-{sheet}").touch()

    def goes_on(self):
        for file in self.machine.hands.glob("hold-before-*"):
            file.unlink()

    def is_ended(self):
        self.machine.end()

    def sheets_out(self, name):
        out = self.hand("sheets-out")
        return out.read_text().split().count(name) if out.exists() else 0

    def until(self, what):
        last = time.monotonic() + 15
        while not (answer := what()):
            assert time.monotonic() < last, "never came"
            time.sleep(0.02)
        return answer


class Emulated:
    """The same of ours, with a clock that is moved by hand."""

    def __init__(self):
        self.now = datetime(2026, 11, 24, 10, tzinfo=JAPAN)
        self.printer = EmulatedPrinter(terminal_no="K1", now=lambda: self.now)
        self.names = {}

    def goes_wrong(self, trouble):
        self.printer.happen(trouble)

    def jams_after(self, sheets):
        self.printer.jam_after(sheets)

    def is_mended(self):
        self.printer.mend(paper=250)

    def waits_before(self, sheet):
        # Paper for so many sheets and no more, in an hour that does not go by of itself.
        self.printer.set_speed(1.0 if sheet else 1e6)
        if sheet:
            self.printer.load(sheet)

    def goes_on(self):
        self.printer.set_speed(1.0)
        self.printer.mend(paper=250)

    def is_ended(self):
        self.printer.switch_off()

    def sheets_out(self, name):
        return sum(job.printed for job in self.printer.shown().jobs if job.name == name)

    def until(self, what):
        for _ in range(40):
            if answer := what():
                return answer
            self.now += timedelta(seconds=1)
        raise AssertionError("never came")


@pytest.fixture(params=["ipp", "emulated"])
def rig(request, settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    if request.param == "emulated":
        yield Emulated()
        return
    if missing := ippeveprinter.missing():
        # In CI a failure (tests/no_skips.py).
        pytest.skip(f"missing: {', '.join(missing)}")  # reason: not every system has this printer
    folder = tmp_path / "machine"
    folder.mkdir()
    machine = ippeveprinter.StrangersPrinter(folder)
    try:
        machine.start()
        yield Strangers(machine)
    finally:
        machine.end()


def stage(rig, reference):
    return rig.printer.job(reference).stage


def test_an_idle_printer_is_ready(rig):
    state = rig.printer.state()
    assert state.ready
    assert state.troubles == frozenset()


@pytest.mark.parametrize("sheets", [1, 3])
def test_a_paper_is_printed_and_every_sheet_counted(rig, sheets):
    reference = rig.printer.print(name="a7f3-1", pdf=paper(sheets))
    assert isinstance(reference, str)
    rig.until(lambda: stage(rig, reference) == JobStage.DONE)
    assert rig.printer.job(reference).sheets_done == sheets == rig.sheets_out("a7f3-1")


def test_a_job_is_seen_on_its_way(rig):
    rig.waits_before(0)
    reference = rig.printer.print(name="on-its-way", pdf=paper(2))
    rig.until(lambda: stage(rig, reference) == JobStage.PRINTING)
    assert rig.printer.job(reference).sheets_done == 0
    second = rig.printer.print(name="behind-it", pdf=paper(1))
    # Small printers take one job at a time and say so; asked again later, they print it once.
    if second != Unavailable(reason=NoAnswer.REFUSED):
        assert stage(rig, second) == JobStage.WAITING
    rig.goes_on()
    rig.until(lambda: stage(rig, reference) == JobStage.DONE)
    second = rig.printer.print(name="behind-it", pdf=paper(1))
    rig.until(lambda: stage(rig, second) == JobStage.DONE)
    assert rig.sheets_out("behind-it") == 1


@pytest.mark.parametrize("trouble", sorted(TROUBLES))
def test_a_trouble_holds_the_job_up_and_mended_it_goes_on(rig, trouble):
    rig.goes_wrong(trouble)
    reference = rig.printer.print(name="held-up", pdf=paper(2))
    rig.until(lambda: stage(rig, reference) == JobStage.HELD_UP)
    assert rig.printer.job(reference).troubles == {trouble}
    assert rig.printer.state().troubles == {trouble}
    assert not rig.printer.state().ready
    rig.is_mended()
    rig.until(lambda: stage(rig, reference) == JobStage.DONE)
    assert rig.printer.job(reference).sheets_done == 2
    assert rig.printer.state().ready


def test_a_jam_in_the_middle_tells_how_many_sheets_came_out(rig):
    rig.jams_after(1)
    reference = rig.printer.print(name="jammed", pdf=paper(3))
    rig.until(lambda: stage(rig, reference) == JobStage.HELD_UP)
    told = rig.printer.job(reference)
    assert (told.sheets_done, told.troubles) == (1, {PrinterTrouble.PAPER_JAM})
    rig.is_mended()
    rig.until(lambda: stage(rig, reference) == JobStage.DONE)
    assert rig.printer.job(reference).sheets_done == 3


def test_a_name_sent_twice_is_one_paper(rig):
    rig.waits_before(0)
    first = rig.printer.print(name="only-once", pdf=paper(1))
    assert rig.printer.print(name="only-once", pdf=paper(1)) == first
    rig.goes_on()
    rig.until(lambda: stage(rig, first) == JobStage.DONE)
    assert rig.printer.print(name="only-once", pdf=paper(1)) == first
    other = rig.printer.print(name="only-once-2", pdf=paper(1))
    assert other != first
    rig.until(lambda: stage(rig, other) == JobStage.DONE)
    assert rig.sheets_out("only-once") == 1


def test_two_workers_with_one_name_print_one_paper(rig):
    with ThreadPoolExecutor(4) as crew:
        sent = list(crew.map(lambda _: rig.printer.print(name="raced", pdf=paper(1)), range(4)))
    assert len(set(sent)) == 1
    rig.until(lambda: stage(rig, sent[0]) == JobStage.DONE)
    assert rig.sheets_out("raced") == 1


def test_a_job_taken_back_is_lost(rig):
    rig.waits_before(1)
    reference = rig.printer.print(name="taken-back", pdf=paper(3))
    rig.until(lambda: rig.printer.job(reference).sheets_done == 1)
    assert rig.printer.cancel(reference) is None
    rig.goes_on()
    rig.until(lambda: stage(rig, reference) == JobStage.LOST)
    # Sent again under its name it is still that lost job: nobody gets the paper twice.
    assert rig.printer.print(name="taken-back", pdf=paper(3)) == reference


def test_a_finished_job_cannot_be_taken_back(rig):
    reference = rig.printer.print(name="finished", pdf=paper(1))
    rig.until(lambda: stage(rig, reference) == JobStage.DONE)
    assert rig.printer.cancel(reference) is None
    assert stage(rig, reference) == JobStage.DONE


def test_what_is_no_paper_is_a_lost_job(rig):
    reference = rig.printer.print(name="no-paper", pdf=b"this is no PDF")
    assert isinstance(reference, str)
    rig.until(lambda: stage(rig, reference) == JobStage.LOST)
    assert rig.printer.job(reference).sheets_done == 0


def test_a_job_nobody_sent_is_not_known(rig):
    assert rig.printer.job("4711") == Unavailable(reason=NoAnswer.FORGOTTEN)
    assert rig.printer.cancel("4711") == Unavailable(reason=NoAnswer.FORGOTTEN)


def test_a_printer_that_is_off_has_done_nothing(rig):
    rig.is_ended()
    silent = Unavailable(reason=NoAnswer.NOT_REACHED)
    assert rig.printer.state() == silent
    assert rig.printer.print(name="nowhere", pdf=paper(1)) == silent
    assert rig.printer.job("1") == silent
    assert rig.printer.cancel("1") == silent
