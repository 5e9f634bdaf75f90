"""A setting that must not be stops every way of starting."""

import subprocess
import sys

import pytest

from madoguchi.adapters.jpki.tests.authority import REAL_NAME, Authority
from madoguchi.entry import bootstrap


@pytest.mark.parametrize(
    ("name", "demo", "starts"),
    [(None, False, False), (None, True, True), (REAL_NAME, False, True)],
)
def test_only_a_test_authority_outside_the_demo_stops_the_start(
    tmp_path, settings, name, demo, starts
):
    (tmp_path / "a.pem").write_bytes((Authority(name=name) if name else Authority()).pem())
    settings.MADOGUCHI_JPKI_ANCHORS = str(tmp_path)
    settings.MADOGUCHI_DEMO = demo
    if starts:
        bootstrap.refuse_unsafe_settings()
        return
    with pytest.raises(SystemExit, match="試験用の認証局"):
        bootstrap.refuse_unsafe_settings()


@pytest.mark.parametrize("module", ["madoguchi.entry.wsgi", "madoguchi.entry.cli"])
def test_j4_neither_the_web_server_nor_a_command_starts_with_a_test_authority(tmp_path, module):
    """In a process of its own, as the town would start it; no database is reached."""
    (tmp_path / "a.pem").write_bytes(Authority().pem())
    call = {
        "madoguchi.entry.wsgi": "import madoguchi.entry.wsgi",
        "madoguchi.entry.cli": (
            "from madoguchi.entry.cli import main; main(['register', 'search', 'x'])"
        ),
    }[module]
    done = subprocess.run(
        [sys.executable, "-c", call],
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONUTF8": "1",
            "MADOGUCHI_HOME": str(tmp_path / "home"),
            "MADOGUCHI_DEMO": "0",
            "MADOGUCHI_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
            "MADOGUCHI_JPKI_ANCHORS": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "試験用の認証局" in done.stderr
