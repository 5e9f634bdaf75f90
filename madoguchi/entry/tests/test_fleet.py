"""Towns of one machine: what two of them share is found, all at once; their files are accepted."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from madoguchi.entry import fleet_check, fleet_units
from madoguchi.entry.cli.verbs import run_verb
from madoguchi.entry.fleet import read_fleet
from madoguchi.entry.tests.fleets import CODES, Machine, host, nginx_conf, pretend_accounts, secret
from madoguchi.kernel.outcome import Refused


@pytest.fixture
def machine(tmp_path, monkeypatch):
    pretend_accounts(monkeypatch)
    return Machine(tmp_path)


def test_two_towns_that_share_nothing_are_good(machine, capsys):
    assert machine.problems() == []
    assert run_verb(["fleet", "check", str(machine.write()), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["towns"][1] == {"name": "midori", "host": host("midori"), "port": 18402}


@pytest.mark.parametrize("one", ["SECRET_KEY_FILE", "AUDIT_KEY_FILE", "KEYS", "HOME", "BACKUP_TO",
                                 "BACKUP_KEY", "TOWN_CODE"])  # fmt: skip
def test_a_setting_of_two_towns(machine, one):
    machine.values["midori"][one] = machine.values["setouchi"][one]
    assert machine.codes() == ["FLEET_SHARED"]


def test_equal_copies_of_a_key_are_one_key(machine):
    secret(machine.top / "midori" / "backup", (machine.top / "setouchi" / "backup").read_text())
    assert machine.codes() == ["FLEET_SHARED"]


@pytest.mark.parametrize(("one", "found"), [
    ("name", ["FLEET_SHARED"]), ("port", ["FLEET_SHARED"]), ("account", ["FLEET_SHARED"]),
    ("host", ["FLEET_HOST_UNANSWERED", "FLEET_SHARED"]),
])  # fmt: skip
def test_a_line_of_two_towns(machine, one, found):
    machine.rows["midori"][one] = machine.rows["setouchi"][one]
    assert machine.codes() == found


def test_a_folder_inside_another_towns_and_by_a_link(machine):
    machine.values["midori"]["HOME"] = machine.top / "setouchi" / "home" / "midori"
    assert (
        "FLEET_SHARED",
        "midori",
        "データの置き場（MADOGUCHI_HOME）",
        "setouchi",
    ) in machine.problems()
    (machine.top / "link").symlink_to(machine.top / "setouchi" / "home")
    machine.values["midori"]["HOME"] = machine.top / "link"
    assert machine.codes() == ["FLEET_SHARED"]


@pytest.mark.parametrize(("url", "found"), [
    # By another name of the same machine, with the word written otherwise.
    ("postgresql://setouchi:x@localhost:18411/madoguchi",
     ["FLEET_BACKUP_OF_BOTH", "FLEET_SHARED", "FLEET_SHARED"]),
    ("postgresql://other:x@[::1]:18411/madoguchi", ["FLEET_BACKUP_OF_BOTH", "FLEET_SHARED"]),
    ("postgresql://other:x@127.0.0.1:18411/other", ["FLEET_BACKUP_OF_BOTH"]),
    ("mysql://x", ["FLEET_WRONG"]),
])  # fmt: skip
def test_one_database_or_one_server_of_two_towns(machine, url, found):
    secret(machine.top / "midori" / "url", url)
    assert machine.codes() == found
    for one in machine.values.values():
        del one["BACKUP_TO"]
    assert machine.codes() == [code for code in found if code != "FLEET_BACKUP_OF_BOTH"]


@pytest.mark.parametrize(("hosts", "found"), [
    ("*", ["FLEET_HOST_TOO_WIDE", "FLEET_HOST_UNANSWERED"]),
    (f".madoguchi.example,{host('midori')}", ["FLEET_HOST_TOO_WIDE"]),
    (f"{host('midori')},{host('setouchi')}", ["FLEET_HOST_TOO_WIDE"]),
    ("elsewhere.example", ["FLEET_HOST_UNANSWERED"]),
])  # fmt: skip
def test_a_town_answers_to_its_own_name(machine, hosts, found):
    machine.values["midori"]["HOSTS"] = hosts
    assert machine.codes() == found


def test_what_is_missing_and_what_is_open_is_told_at_once(machine):
    machine.rows["midori"]["account"] = "nobody-here"
    (machine.top / "midori" / "secret").unlink()
    (machine.top / "midori" / "chain.pem").unlink()
    (machine.top / "setouchi" / "audit").chmod(0o644)
    (machine.top / "setouchi" / "home").chmod(0o755)
    machine.values["midori"] |= {"DEMO": 1, "HTTPS": 0, "FRONTS": "192.0.2.1"}
    del machine.values["setouchi"]["TOWN_CODE"]
    assert machine.codes() == [
        "FLEET_ACCOUNT_MISSING", "FLEET_DEMO", "FLEET_FILE_MISSING", "FLEET_FILE_MISSING",
        "FLEET_FILE_OPEN", "FLEET_FILE_OPEN", "FLEET_FRONT_UNKNOWN", "FLEET_NO_TLS",
        "FLEET_SETTING_MISSING",
    ]  # fmt: skip


def test_a_key_that_another_towns_group_reads(machine, monkeypatch):
    path = machine.top / "setouchi" / "audit"
    path.chmod(0o640)
    assert machine.problems() == []
    group = fleet_check.grp.struct_group(("g", "x", path.stat().st_gid, ["town-midori"]))
    monkeypatch.setattr(fleet_check.grp, "getgrall", lambda: [group])
    assert machine.problems() == [("FLEET_FILE_OPEN", "setouchi", str(path), "0640", "town-midori")]


def test_no_secret_is_told(machine, capsys):
    machine.values["midori"]["SECRET_KEY_FILE"] = machine.values["setouchi"]["SECRET_KEY_FILE"]
    secret(machine.top / "midori" / "url", "mysql://midori:the-word@db/madoguchi")
    assert run_verb(["fleet", "check", str(machine.write()), "--json"]) == 1
    said = capsys.readouterr()
    assert "FLEET_SHARED" in said.out
    for word in ("the-word", "secret of setouchi"):
        assert word not in said.out + said.err


def test_a_list_that_cannot_be_meant_says_all_its_reasons(machine):
    machine.rows["midori"] |= {"port": "8001", "host": "Midori; return 200", "colour": "red",
                               "settings": "etc/../x"}  # fmt: skip
    machine.head["program"] = "/opt/a b"
    with pytest.raises(Refused) as refused:
        read_fleet(machine.write())
    assert [one.facts["name"] for one in refused.value.problems] == [
        "program", "colour", "host", "port", "settings",
    ]  # fmt: skip
    for text in ("[[town", "", "town = 3", "[fleet]\n"):
        (machine.top / "fleet.toml").write_text(text)
        with pytest.raises(Refused):
            read_fleet(machine.top / "fleet.toml")


def test_units_are_written_for_a_good_fleet_alone(machine, capsys):
    out = machine.top / "out"
    machine.values["midori"]["TOWN_CODE"] = CODES["setouchi"]
    assert run_verb(["fleet", "units", str(machine.write()), "--out", str(out), "--json"]) == 1
    assert not out.exists()
    machine.values["midori"]["TOWN_CODE"] = CODES["midori"]
    assert run_verb(["fleet", "units", str(machine.write()), "--out", str(out), "--json"]) == 0
    unit = (out / "systemd" / "madoguchi-midori.service").read_text()
    assert f"EnvironmentFile={machine.top}/midori/settings.env" in unit
    assert "User=town-midori\nGroup=town-midori\n" in unit
    assert "--host 127.0.0.1 --port 18402" in unit
    assert f"ReadWritePaths=-{machine.top}/midori/home\n" in unit
    assert f"ReadWritePaths=-{machine.top}/backup-midori\n" in unit
    assert "StateDirectory" not in unit and "setouchi" not in unit
    site = (out / "nginx" / "madoguchi-midori.conf").read_text()
    assert f"server_name {host('midori')};" in site and "127.0.0.1:18402" in site
    for left in ("town.example", ":8000", "/etc/madoguchi", "listen 443", "listen 80;", "log_format",
                 "setouchi"):  # fmt: skip
        assert left not in site
    capsys.readouterr()


def test_a_data_folder_of_systemd_is_made_by_it(machine):
    machine.values["midori"]["HOME"] = "/var/lib/madoguchi-towns/midori"
    files = fleet_units.files_of(read_fleet(machine.write()))
    assert "StateDirectory=madoguchi-towns/midori\n" in files["systemd/madoguchi-midori.service"]


# With CI=true a skip is a failure, and these two programs are no part of the suite: where one of
# them is not there, its test is not either.
if shutil.which("systemd-analyze"):

    def test_systemd_takes_the_units(machine, tmp_path):
        program = tmp_path / "program"
        (program / ".venv" / "bin").mkdir(parents=True)
        (program / ".venv" / "bin" / "python").symlink_to("/usr/bin/env")
        machine.head["program"] = str(program)
        made = []
        for name, text in fleet_units.files_of(read_fleet(machine.write())).items():
            if name.startswith("systemd/"):
                made.append(tmp_path / name.removeprefix("systemd/"))
                made[-1].write_text(text)
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", *made],
                              capture_output=True, text=True, check=False)  # fmt: skip
        ours = [line for line in done.stderr.splitlines() if "madoguchi-" in line]
        assert (done.returncode, ours) == (0, [])


if shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):

    def test_nginx_takes_the_sites(machine, capsys):
        out = machine.top / "out"
        assert run_verb(["fleet", "units", str(machine.write()), "--out", str(out)]) == 0
        capsys.readouterr()
        done = subprocess.run(["/usr/sbin/nginx", "-t", "-e", machine.top / "e",
                               "-c", nginx_conf(machine.top)],
                              capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("https", "name"), [("1", "__Host-sessionid"), ("0", "usual")])
def test_a_browser_takes_the_cookie_from_this_very_host(tmp_path, https, name):
    """Settings as a town's start reads them: a sibling host's cookie never bears this name."""
    said = subprocess.run(
        [sys.executable, "-c", "from madoguchi.entry import settings as s;"
         "print(getattr(s, 'SESSION_COOKIE_NAME', 'usual'), getattr(s, 'SESSION_COOKIE_DOMAIN', None))"],
        env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "MADOGUCHI_HOME": str(tmp_path),
             "MADOGUCHI_HTTPS": https, "MADOGUCHI_FRONTS": "127.0.0.1"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.split() == [name, "None"]
