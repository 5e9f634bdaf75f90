"""The database's address: what it asks of the line holds for every part that speaks to it."""

import subprocess
from pathlib import Path

import pytest

from madoguchi.entry.environment import WrongSetting
from madoguchi.entry.settings import _database
from madoguchi.infra.backup.server import Tools

PLAIN = "postgresql://madoguchi:w%40rd@127.0.0.1:5432/madoguchi"
SECURED = f"{PLAIN}?sslmode=verify-ca&sslrootcert=/etc/madoguchi-ha/authority.pem"


def test_a_line_is_only_ever_one_that_can_be_written_to():
    assert _database(PLAIN)["OPTIONS"]["target_session_attrs"] == "read-write"


def test_pages_and_worker_secure_their_lines_as_it_says():
    found = _database(SECURED)
    assert (found["NAME"], found["PASSWORD"]) == ("madoguchi", "w@rd")
    assert found["OPTIONS"]["sslmode"] == "verify-ca"
    assert found["OPTIONS"]["sslrootcert"] == "/etc/madoguchi-ha/authority.pem"


def test_so_do_the_tools_of_the_backups(monkeypatch):
    started = []
    monkeypatch.setattr(subprocess, "Popen", lambda words, env, **_: started.append((words, env)))
    tools = Tools(SECURED, Path("/bin"))
    tools.start("pg_receivewal")
    [(words, environment)] = started
    assert environment["PGSSLMODE"] == "verify-ca" and environment["PGPASSWORD"] == "w@rd"
    assert environment["PGSSLROOTCERT"] == "/etc/madoguchi-ha/authority.pem"
    assert not any("w@rd" in one for one in words)
    assert tools.parts[4] == "madoguchi"


def test_words_that_cannot_be_meant_stop_the_start():
    for torn in ("sslmode", "sslmode=", "sslmode=verify-ca&", "sslmode=a&sslmode=b"):
        with pytest.raises(WrongSetting, match="MADOGUCHI_DATABASE_URL"):
            _database(f"{PLAIN}?{torn}")
