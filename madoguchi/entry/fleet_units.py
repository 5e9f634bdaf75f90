"""The files by which systemd and nginx run a fleet, made from those of one town (複数の町のファイル).

``deploy/madoguchi.service`` and ``deploy/nginx.conf`` are the templates: what is hardened there is
hardened here, and there is one text to keep. A line that is no longer found stops the making.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from madoguchi.entry.fleet import Fleet, Town

_DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
_STATE = Path("/var/lib")
_NOBODYS = """\
# Whoever asks for no town of this machine is told nothing: no certificate, no page, no name.
server {{
    listen {https} ssl default_server;
    listen [::]:{https} ssl default_server;
    ssl_reject_handshake on;
    return 444;
}}

server {{
    listen {http} default_server;
    listen [::]:{http} default_server;
    return 444;
}}
"""


def files_of(fleet: Fleet) -> dict[str, str]:
    """Return every file of a fleet by its name below the folder it is written to (ファイル一式)."""
    head, site = _site_of_one_town()
    found = {"nginx/00-madoguchi.conf": head + _NOBODYS.format(
        https=fleet.https_port, http=fleet.http_port)}  # fmt: skip
    for town in fleet.towns:
        found[f"systemd/madoguchi-{town.name}.service"] = _unit(fleet, town)
        found[f"nginx/madoguchi-{town.name}.conf"] = _site(site, fleet, town)
    return found


def _site_of_one_town() -> tuple[str, str]:
    """Split nginx's file: what may stand once in all, and what stands once a town."""
    head, mark, site = (_DEPLOY / "nginx.conf").read_text(encoding="utf-8").partition("\nserver {")
    assert mark, "deploy/nginx.conf has no server"
    return head + "\n", mark.lstrip("\n") + site


def _unit(fleet: Fleet, town: Town) -> str:
    text = (_DEPLOY / "madoguchi.service").read_text(encoding="utf-8")
    made, *rest = text.split("[Unit]\n", 1)
    assert made and rest, "deploy/madoguchi.service has no [Unit]"
    backup = [str(town.backup)] if town.backup else []
    home = [str(town.home)] if town.home and not town.home.is_relative_to(_STATE) else []
    places = "".join(f"ReadWritePaths=-{one}\n" for one in (*home, *backup, *_post(town)))
    state = "" if home or not town.home else (
        f"StateDirectory={town.home.relative_to(_STATE)}\nStateDirectoryMode=0700\n")  # fmt: skip
    return f"# 窓口 Madoguchi of {town.host}; written by madoguchi fleet units.\n[Unit]\n" + _put(
        rest[0],
        {
            "Description=Madoguchi, the resident desk of a town":
                f"Description=Madoguchi, the resident desk of {town.host}",
            "/opt/madoguchi": str(fleet.program),
            "User=madoguchi\nGroup=madoguchi\n": f"User={town.account}\nGroup={town.account}\n",
            "/etc/madoguchi/settings.env": str(town.settings),
            "--port 8000": f"--port {town.port}",
            "StateDirectory=madoguchi\nStateDirectoryMode=0700\n": state,
            "ReadWritePaths=-/mnt/madoguchi-backup\n": places,
        },
    )  # fmt: skip


def _post(town: Town) -> Iterator[str]:
    """Give the folders of the town's messages where they lie outside its data folder."""
    for name in ("MADOGUCHI_POST_FOLDER", "MADOGUCHI_PORTAL_FOLDER"):
        folder = town.values.get(name)
        if folder and town.home and not Path(folder).is_relative_to(town.home):
            yield folder


def _site(text: str, fleet: Fleet, town: Town) -> str:
    return f"# {town.host}; written by madoguchi fleet units.\n" + _put(
        text,
        {
            "madoguchi.town.example": town.host,
            "127.0.0.1:8000": f"127.0.0.1:{town.port}",
            "/etc/madoguchi/tls/fullchain.pem": str(town.certificate),
            "/etc/madoguchi/tls/privkey.pem": str(town.certificate_key),
            "/var/log/nginx/madoguchi.log": f"{fleet.logs}/madoguchi-{town.name}.log",
            "/var/log/nginx/madoguchi-error.log": f"{fleet.logs}/madoguchi-{town.name}-error.log",
            "listen 443 ": f"listen {fleet.https_port} ",
            "listen [::]:443 ": f"listen [::]:{fleet.https_port} ",
            "listen 80;": f"listen {fleet.http_port};",
            "listen [::]:80;": f"listen [::]:{fleet.http_port};",
        },
    )  # fmt: skip


def _put(text: str, words: dict[str, str]) -> str:
    """Put a town's words in place of the template's, in one pass: none is looked for in another."""
    for old in words:
        assert old in text, f"no longer in the template: {old!r}"
    either = "|".join(re.escape(old) for old in words)
    return re.sub(either, lambda found: words[found[0]], text)
