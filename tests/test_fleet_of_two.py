"""Two towns really running on one machine: nothing of one is anything in the other."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import psycopg
import pytest
from psycopg import sql

from madoguchi.entry.fleet import Town, read_fleet
from madoguchi.entry.fleet_check import check_fleet
from madoguchi.entry.tests.fleets import CODES, Machine, host, nginx_conf, pretend_accounts, secret
from tests.database import ROOT, TEMPLATES, digest_of_migrations
from tests.test_demo import shared, wait_for

SIGN_IN = "/sign-in/"


class Said(NamedTuple):
    status: int
    location: str
    text: str


@dataclass
class Browser:
    """Cookies of one host, as a browser keeps them; ``take`` carries them elsewhere."""

    port: int
    host: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, form: dict[str, str] | None = None, *, as_host: str = "") -> Said:
        named = as_host or self.host
        headers = {
            "Host": named, "X-Forwarded-Proto": "https", "Referer": f"https://{named}/",
            "Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items()),
        }  # fmt: skip
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        if form is None:
            line.request("GET", path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            line.request("POST", path, urlencode(form), headers)
        answer = line.getresponse()
        text = answer.read().decode()
        line.close()
        for one in answer.headers.get_all("Set-Cookie", []):
            key, _, value = one.partition(";")[0].partition("=")
            assert "domain" not in one.lower(), "a cookie of one host alone"
            self.cookies[key] = value
        return Said(answer.status, answer.headers.get("Location") or "", text)

    def sign_in(self, staff_id: str, password: str) -> str:
        """Return where the town leads after the password, empty where it stays on the page."""
        self.cookies.clear()
        page = self.ask(SIGN_IN).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token, page[:400]
        form = {"csrfmiddlewaretoken": token[1], "login": staff_id, "password": password}
        return self.ask(SIGN_IN, form).location

    def home(self) -> str:
        """Return where the clerk's home leads: to the sign-in for whoever is nobody here."""
        return self.ask("/me/").location


def make_database(server: str, town: str) -> str:
    """Give a town a database and an account of its own, and nobody else a way in."""
    with psycopg.connect(server, autocommit=True) as line:
        drop_database(line, town)
        line.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'fiction'").format(sql.Identifier(town))
        )
        line.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(town), sql.Identifier(TEMPLATES + digest_of_migrations())))  # fmt: skip
        line.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(town)))
        line.execute(sql.SQL("GRANT ALL ON DATABASE {0} TO {0}").format(sql.Identifier(town)))
    base = server.rpartition("/")[0]
    with psycopg.connect(f"{base}/{town}", autocommit=True) as line:
        for what in ("ALL TABLES IN SCHEMA", "ALL SEQUENCES IN SCHEMA", "SCHEMA"):
            line.execute(f"GRANT ALL ON {what} public TO {town}")
    return re.sub(r"//[^@]*@", f"//{town}:fiction@", f"{base}/{town}")


def drop_database(line: psycopg.Connection, town: str) -> None:
    line.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(town)))
    line.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(town)))


@dataclass
class Fleet:
    machine: Machine
    towns: dict[str, Town]
    urls: dict[str, str]
    logs: dict[str, Path]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def environment(self, name: str) -> dict[str, str]:
        """As systemd would give it: the town's settings file, and nothing of ours."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("MADOGUCHI_")}
        return {**kept, **self.towns[name].values}

    def start(self, name: str) -> None:
        with self.logs[name].open("wb") as log:
            self.processes.append(subprocess.Popen(
                [sys.executable, "-m", "madoguchi", "serve", "--port", str(self.towns[name].port),
                 "--workers", "1"],
                cwd=ROOT, env=self.environment(name), stdout=log, stderr=log))  # fmt: skip

    def up(self, name: str) -> bool:
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", self.towns[name].port)) == 0

    def works(self, name: str) -> bool:
        with psycopg.connect(self.urls[name]) as line:
            return line.execute("SELECT FROM procrastinate_workers").fetchone() is not None

    def officer(self, name: str) -> tuple[str, str]:
        said = subprocess.run(
            [sys.executable, "-m", "madoguchi", "staff", "add", "--staff-id", f"sango-{name}",
             "--name", "珊瑚", "--role", "OFFICER", "--json"],
            cwd=ROOT, env=self.environment(name), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert said.returncode == 0, said.stdout + said.stderr
        made = json.loads(said.stdout)
        return made["staff_id"], made["initial_password"]


@pytest.fixture
def fleet(tmp_path, monkeypatch):
    pretend_accounts(monkeypatch)
    machine, server = Machine(tmp_path), os.environ["MADOGUCHI_DATABASE_URL"]
    urls = {}
    for name, values in machine.values.items():
        urls[name] = make_database(server, name)
        secret(tmp_path / name / "url", urls[name])
        del values["BACKUP_TO"], values["BACKUP_KEY"]
    listed = read_fleet(machine.write())
    assert check_fleet(listed) == ()
    made = Fleet(machine=machine, towns={one.name: one for one in listed.towns}, urls=urls,
                 logs={name: tmp_path / f"{name}.log" for name in urls})  # fmt: skip
    try:
        yield made
    finally:
        for one in made.processes:
            one.send_signal(signal.SIGTERM)
        for one in made.processes:
            one.wait(30)
        with psycopg.connect(server, autocommit=True) as line:
            for name in urls:
                drop_database(line, name)


@pytest.mark.full
def test_nothing_of_one_town_is_anything_in_the_other(fleet):
    officers = {name: fleet.officer(name) for name in CODES}
    for name in CODES:
        fleet.start(name)
    for name in CODES:
        assert wait_for(lambda n=name: fleet.up(n), shared(60)), fleet.logs[name].read_text()
    ours, theirs = (Browser(fleet.towns[name].port, host(name)) for name in CODES)

    # Both halves of each town are at work: the worker says so in its own town's rows.
    for name in CODES:
        assert wait_for(lambda n=name: fleet.works(n), shared(60)), fleet.logs[name].read_text()
    # Who belongs here is led on; the same name and word are nobody's there, and so is the session.
    assert ours.sign_in(*officers["setouchi"]) not in ("", SIGN_IN)
    assert SIGN_IN not in ours.home()
    assert theirs.sign_in(*officers["setouchi"]) == ""
    theirs.cookies = dict(ours.cookies)
    assert theirs.home().startswith(SIGN_IN)
    assert "__Host-sessionid" in ours.cookies
    # Their refusal ended nothing here.
    assert SIGN_IN not in ours.home()

    # A town answers to its own name alone, whoever asks and whatever the front would say.
    for wrong in (host("midori"), "127.0.0.1", "madoguchi.example", f"x.{host('setouchi')}"):
        assert ours.ask("/health/live", as_host=wrong).status == 400
    ours.cookies.clear()
    assert ours.ask("/health/live").status == 200

    # The account of one has no way into the other's rows.
    crossed = fleet.urls["setouchi"].rpartition("/")[0] + "/midori"
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(crossed)
    with psycopg.connect(fleet.urls["midori"]) as line:
        assert line.execute("SELECT staff_id FROM accounts_staff").fetchall() == [("sango-midori",)]
    if nginx := shutil.which("nginx", path="/usr/sbin:/usr/bin"):
        by_host_name(fleet, nginx)


def by_host_name(fleet: Fleet, nginx: str) -> None:
    """Through the front as it was written for this fleet: by name to a town, else to nobody."""
    top = fleet.machine.top
    from madoguchi.entry.fleet_units import files_of

    for name, text in files_of(read_fleet(fleet.machine.write())).items():
        (top / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (top / "out" / name).write_text(text)
    front = subprocess.Popen(
        [nginx, "-e", str(top / "e"), "-g", "daemon off;", "-c", str(nginx_conf(top))])  # fmt: skip
    fleet.processes.append(front)

    def page(name: str) -> str:
        trust = ssl.create_default_context(
            cafile=top / name.split(".", maxsplit=1)[0] / "chain.pem"
        )
        with (
            socket.create_connection(("127.0.0.1", 18443), 10) as plain,
            trust.wrap_socket(plain, server_hostname=name) as line,
        ):
            line.sendall(f"GET {SIGN_IN} HTTP/1.0\r\nHost: {name}\r\n\r\n".encode())
            return b"".join(iter(lambda: line.recv(65536), b"")).decode()

    def listening() -> bool:
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", 18443)) == 0

    assert wait_for(listening, 20), (top / "e").read_text()
    for name, other in (("setouchi", "midori"), ("midori", "setouchi")):
        said = page(host(name))
        assert (
            said.startswith("HTTP/1.1 200") and f"{name} 町" in said and f"{other} 町" not in said
        )
    stranger = ssl.create_default_context()
    stranger.check_hostname, stranger.verify_mode = False, ssl.CERT_NONE
    with (
        pytest.raises(ssl.SSLError),
        socket.create_connection(("127.0.0.1", 18443), 10) as plain,
    ):
        stranger.wrap_socket(plain, server_hostname="nobody.example")
    log = (top / "madoguchi-setouchi.log").read_text()
    assert " 200 GET " in log and "login" not in log  # no address, which may hold a number
