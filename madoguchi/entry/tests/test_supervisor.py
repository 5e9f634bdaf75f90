"""What is kept running, and what its death costs (見張り)."""

import contextlib
import os
import socket
import sys
import threading

import pytest

from madoguchi.entry import supervisor
from madoguchi.entry.supervisor import DATABASE_AWAY, DEATHS_MAX, Part


class Fallen:
    """A process that ended with this number."""

    def __init__(self, number):
        self.returncode = number

    def poll(self):
        return self.returncode


@pytest.fixture
def clock(monkeypatch):
    """A clock that is set, and starts that are counted."""
    now = [1_000.0]
    monkeypatch.setattr(supervisor.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(supervisor, "start", lambda _command: Fallen(None))
    return now


def die(part, clock, number=1, *, after=1.0):
    """Let it live so long and end with this number; True where everything ends with it."""
    clock[0] += after
    part.process = Fallen(number)
    over = part.look()
    while part.process is None and not over:
        clock[0] += 1
        part.look()
    return over


def begun(*, needed):
    part = Part("part", ["x"], needed=needed)
    part.begin()
    return part


def test_a_needed_part_that_dies_over_and_over_ends_everything(clock, capsys):
    part = begun(needed=True)
    assert [die(part, clock) for _ in range(DEATHS_MAX)] == [False] * (DEATHS_MAX - 1) + [True]
    assert "続けて止まる" in capsys.readouterr().err


def test_deaths_far_apart_are_no_row(clock):
    part = begun(needed=True)
    assert not any(die(part, clock, after=supervisor.WELL_SECONDS + 1) for _ in range(20))


def test_a_lost_database_is_no_death(clock):
    """Three machines change their primary in half a minute; a worker loses it again and again."""
    part = begun(needed=True)
    assert not any(die(part, clock, DATABASE_AWAY) for _ in range(20))


def test_a_backup_that_cannot_be_taken_does_not_close_the_desk(clock):
    part = begun(needed=False)
    assert not any(die(part, clock) for _ in range(20))
    before = clock[0]
    die(part, clock)
    assert supervisor.PAUSE_SECONDS_MAX <= clock[0] - before <= supervisor.PAUSE_SECONDS_MAX + 3


def test_a_worker_that_loses_its_database_says_so_by_its_number():
    assert DATABASE_AWAY == os.EX_TEMPFAIL not in (0, 1, 2)


def test_what_died_is_begun_anew_for_real():
    part = Part("part", [sys.executable, "-c", "raise SystemExit(3)"], needed=False)
    part.begin()
    first = part.process
    first.wait(20)
    try:
        assert part.look() is False and part.process is None
        until = supervisor.time.monotonic() + 20
        while part.process is None and supervisor.time.monotonic() < until:
            part.look()
            supervisor.time.sleep(0.05)
        assert part.process is not None and part.process.pid != first.pid
    finally:
        supervisor.end([part.process] if part.process else [])


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_is_told_how_we_are_where_it_started_us(tmp_path, abstract):
    supervisor.tell_systemd("READY=1", address="")  # nobody asked: nothing happens
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        name = f"@madoguchi-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
        systemd.bind(name.replace("@", "\0", 1))
        systemd.settimeout(10)
        supervisor.tell_systemd("READY=1", address=name)
        assert systemd.recv(100) == b"READY=1"
    # Who cannot be told does not close the desk.
    supervisor.tell_systemd("READY=1", address=str(tmp_path / "nobody"))


def test_an_open_port_is_not_yet_a_page():
    """The web server listens seconds before its program is read; nobody is sent here until then."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert not supervisor._answers("127.0.0.1", port)  # taken by the queue, answered by nobody

        def answer():
            for _ in range(2):  # whoever gave up above stands first in the queue
                line, _ = listening.accept()
                with line, contextlib.suppress(OSError):
                    line.recv(1000)
                    line.sendall(b"HTTP/1.1 400 x\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            assert supervisor._answers("127.0.0.1", port)
        finally:
            thread.join(10)
    assert not supervisor._answers("127.0.0.1", port)
