"""What a network and a confused printer can do, and the value each becomes.

A printer that answers as it is told stands on this machine's own address; nothing leaves it.
"""

import socket
import ssl
import struct
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from madoguchi.adapters.printer.client import address
from madoguchi.adapters.printer.coding import Group, Tag
from madoguchi.adapters.printer.ipp import IppPrinter
from madoguchi.adapters.printer.tests.papers import paper
from madoguchi.adapters.printer.tests.test_coding import attribute, integer
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Unavailable
from madoguchi.kiosk.domain.devices import JobStage, NoAnswer, PrinterTrouble

SECONDS = 0.6
PRINT, CANCEL, JOB, JOBS, PRINTER = 0x02, 0x08, 0x09, 0x0A, 0x0B


def ipp(*groups, status=0):
    """An answer's bytes but for its head, which repeats the question's number."""
    first = bytes([Group.OPERATION]) + attribute(Tag.CHARSET, b"attributes-charset", b"utf-8")
    body = first + b"".join(groups) + bytes([Group.END])
    return lambda number: struct.pack(">BBHI", 2, 0, status, number) + body


def http(body, *, status="200 OK", kind="application/ipp", length=None):
    length = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    return head.encode() + body


IDLE = ipp(
    bytes([Group.PRINTER])
    + attribute(Tag.ENUM, b"printer-state", struct.pack(">i", 3))
    + attribute(Tag.KEYWORD, b"printer-state-reasons", b"none")
)
NO_JOBS = ipp()
TAKEN = ipp(bytes([Group.JOB]) + integer(b"job-id", 12))


def one_job(state, *more):
    told = attribute(Tag.ENUM, b"job-state", struct.pack(">i", state))
    return ipp(bytes([Group.JOB]) + integer(b"job-id", 12) + told + b"".join(more))


class Confused:
    """A server that answers each operation by what stands in ``script``."""

    def __init__(self):
        self.asked = []
        self.script = {PRINTER: IDLE, JOBS: NO_JOBS, PRINT: TAKEN, JOB: one_job(9)}
        self.tls = None
        self.line = socket.create_server(("127.0.0.1", 0))
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.serve)

    @property
    def uri(self):
        return f"ipp://127.0.0.1:{self.line.getsockname()[1]}/ipp/print"

    def serve(self):
        while True:
            caller, _ = self.line.accept()
            with caller:
                if self.over.is_set():
                    return
                caller.settimeout(5)
                try:
                    if self.tls is None:
                        self.answer(caller)
                    else:
                        with self.tls.wrap_socket(caller, server_side=True) as secret:
                            self.answer(secret)
                except OSError:
                    continue

    def answer(self, caller):
        body = self.question(caller)
        operation, number = struct.unpack(">HI", body[2:8])
        self.asked.append(operation)
        told = self.script[operation]
        told = told.pop(0) if isinstance(told, list) else told
        if told == "silence":
            self.over.wait(4)
        elif told == "hang up":
            return
        elif told == "trickle":
            caller.sendall(http(b"", length=5000))
            while not self.over.wait(0.1):
                caller.sendall(b"\0")
        elif told == "trickled head":
            while not self.over.wait(0.1):
                caller.sendall(b"H")
        elif isinstance(told, bytes):
            caller.sendall(told)
        else:
            caller.sendall(http(told(number)))

    @staticmethod
    def question(caller):
        def more():
            if not (piece := caller.recv(65536)):
                raise ConnectionError
            return piece

        data = b""
        while b"\r\n\r\n" not in data:
            data += more()
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        while len(body) < length:
            body += more()
        return body


@contextmanager
def confused():
    server = Confused()
    server.thread.start()
    try:
        yield server
    finally:
        server.over.set()
        socket.create_connection(server.line.getsockname()).close()
        server.thread.join(timeout=5)
        server.line.close()
        assert not server.thread.is_alive()


@pytest.fixture
def server(settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    with confused() as one:
        yield one


@pytest.fixture
def printer(server):
    return IppPrinter(address(server.uri), terminal_no="K1", seconds=SECONDS)


FAULTS = [
    ("silence", NoAnswer.CUT_OFF),
    ("hang up", NoAnswer.CUT_OFF),
    ("trickle", NoAnswer.CUT_OFF),
    ("trickled head", NoAnswer.CUT_OFF),
    (http(b"half", length=400), NoAnswer.CUT_OFF),
    (b"220 not a printer at all\r\n", NoAnswer.CUT_OFF),
    (http(b"\0" * 40), NoAnswer.GARBLED),
    (http(b""), NoAnswer.GARBLED),
    (http(b"<html>busy</html>", kind="text/html"), NoAnswer.GARBLED),
    (http(b"", status="500 Oops"), NoAnswer.GARBLED),
    (http(b"", status="404 Not Found"), NoAnswer.REFUSED),
    (http(b"", status="401 Unauthorized"), NoAnswer.REFUSED),
    (ipp(status=0x0507), NoAnswer.REFUSED),
    (ipp(status=0x0506), NoAnswer.REFUSED),
    (ipp(status=0x040A), NoAnswer.REFUSED),
    (ipp(), NoAnswer.GARBLED),
]
NAMES = [str(fault)[:24] if isinstance(fault, str | bytes) else "ipp" for fault, _ in FAULTS]


@pytest.mark.parametrize(("fault", "reason"), FAULTS, ids=NAMES)
@pytest.mark.parametrize("operation", [PRINTER, PRINT, JOB])
def test_each_fault_is_one_value_in_time(server, printer, operation, fault, reason):
    server.script[operation] = fault
    began = time.monotonic()
    told = {
        PRINTER: printer.state,
        PRINT: lambda: printer.print(name="paper-1", pdf=paper(1)),
        JOB: lambda: printer.job("12"),
    }[operation]()
    assert told == Unavailable(reason=reason)
    assert time.monotonic() - began < SECONDS + 1.5


@pytest.mark.parametrize(
    ("fault", "reason"),
    [(fault, reason) for fault, reason in FAULTS if reason != NoAnswer.REFUSED][:-1],
)
def test_a_cancel_without_answer_is_no_cancel(server, printer, fault, reason):
    server.script[CANCEL] = fault
    assert printer.cancel("12") == Unavailable(reason=reason)


def test_nothing_is_printed_before_the_earlier_jobs_are_known(server, printer):
    """A printer that does not say what it has might have this paper already."""
    server.script[JOBS] = "hang up"
    told = printer.print(name="paper-1", pdf=paper(1))
    assert told == Unavailable(reason=NoAnswer.NOT_REACHED)
    assert PRINT not in server.asked


def test_a_lost_answer_asked_for_again_is_the_same_job(server, printer):
    server.script[PRINT] = "hang up"
    assert printer.print(name="paper-1", pdf=paper(1)) == Unavailable(reason=NoAnswer.CUT_OFF)
    known = bytes([Group.JOB]) + integer(b"job-id", 12)
    server.script[JOBS] = ipp(known + attribute(Tag.NAME, b"job-name", b"paper-1"))
    assert printer.print(name="paper-1", pdf=paper(1)) == "12"
    assert server.asked.count(PRINT) == 1


def test_a_longer_name_is_not_this_name(server, printer):
    known = bytes([Group.JOB]) + integer(b"job-id", 12)
    server.script[JOBS] = ipp(known + attribute(Tag.NAME, b"job-name", b"paper-11"))
    server.script[PRINT] = ipp(bytes([Group.JOB]) + integer(b"job-id", 13))
    assert printer.print(name="paper-1", pdf=paper(1)) == "13"


def test_a_vanished_job_is_forgotten_not_done_and_not_lost(server, printer):
    server.script[JOB] = ipp(status=0x0406)
    assert printer.job("12") == Unavailable(reason=NoAnswer.FORGOTTEN)


def test_a_state_that_does_not_exist_is_no_state(server, printer):
    server.script[JOB] = one_job(42)
    assert printer.job("12") == Unavailable(reason=NoAnswer.GARBLED)


@pytest.mark.parametrize(
    ("counters", "sheets"),
    [
        ((), 0),
        ((integer(b"job-impressions-completed", 2),), 2),
        ((integer(b"job-impressions-completed", 4), integer(b"job-media-sheets-completed", 2)), 2),
        ((attribute(0x12, b"job-media-sheets-completed", b""),), 0),
        ((integer(b"job-impressions-completed", -1),), 0),
    ],
)
def test_sheets_are_those_the_printer_counted(server, printer, counters, sheets):
    server.script[JOB] = one_job(9, *counters)
    told = printer.job("12")
    assert (told.stage, told.sheets_done) == (JobStage.DONE, sheets)
    assert told.counts is (sheets > 0), "a 0 that is no count says nothing"


@pytest.mark.parametrize("reference", ["a3" * 16, "", "1" * 40, "７"])
def test_a_job_of_the_machine_that_stood_here_before_is_forgotten(server, printer, reference):
    assert printer.job(reference) == Unavailable(reason=NoAnswer.FORGOTTEN)
    assert printer.cancel(reference) == Unavailable(reason=NoAnswer.FORGOTTEN)
    assert server.asked == []


def test_a_printer_that_takes_no_jobs_is_stopped(server, printer):
    server.script[PRINTER] = ipp(
        bytes([Group.PRINTER])
        + attribute(Tag.ENUM, b"printer-state", struct.pack(">i", 3))
        + attribute(Tag.BOOLEAN, b"printer-is-accepting-jobs", b"\0")
    )
    assert printer.state().troubles == {PrinterTrouble.STOPPED}


def test_nobody_listens(settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))  # bound, and not listening
        where = address(f"ipp://127.0.0.1:{line.getsockname()[1]}/ipp/print")
        printer = IppPrinter(where, terminal_no="K1", seconds=SECONDS)
        assert printer.state() == Unavailable(reason=NoAnswer.NOT_REACHED)


@pytest.fixture
def own_certificate(tmp_path):
    """A printer's certificate as most have it: signed by nobody but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TEST printer")])
    begin = clock.now() - timedelta(days=1)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    shown, kept = tmp_path / "printer.pem", tmp_path / "printer.key"
    shown.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    kept.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return shown, kept


def test_only_a_printer_we_know_is_spoken_to_in_secret(server, own_certificate):
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.load_cert_chain(*own_certificate)
    secret = server.uri.replace("ipp://", "ipps://")
    stranger = IppPrinter(address(secret), terminal_no="K1", seconds=SECONDS)
    assert stranger.state() == Unavailable(reason=NoAnswer.NOT_REACHED)
    assert server.asked == []
    where = address(secret, authority=str(own_certificate[0]))
    assert IppPrinter(where, terminal_no="K1", seconds=5).state().ready


@pytest.mark.parametrize("uri", ["http://printer/", "ipp:///ipp/print", "printer", ""])
def test_a_wrong_address_is_refused_at_the_start(uri):
    with pytest.raises(ValueError):
        address(uri)
