"""The demonstration's CS terminal: another program, told once which fictional cards there are.

The maker knows every card it packed, so the lists that came with the demo's boxes are written
into a file for it; it reads neither our tables nor our data folder.
"""

from __future__ import annotations

import sys
from pathlib import Path

from django.db import connection

from madoguchi.adapters.csterminal.machine import TerminalCard, write_cards

_LISTED = """
SELECT DISTINCT ON (notice_no)
       notice_no, printed_name, printed_kana, printed_birth, application_no
FROM cards_box_line WHERE printed_birth IS NOT NULL ORDER BY notice_no, id
"""


def make_ready(home: Path) -> Path:
    """Return the folder of the demo's terminal, with its list of cards (模擬端末の用意)."""
    folder = home / "terminal"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with connection.cursor() as cursor:
        cursor.execute(_LISTED)
        rows = cursor.fetchall()
    cards = [
        TerminalCard(notice_no=number, name=name, kana=kana, birth_on=birth, application_no=no)
        for number, name, kana, birth, no in rows
    ]
    draft = folder / "cards.draft"
    write_cards(draft, cards)
    draft.chmod(0o600)
    draft.replace(folder / "cards.csv")
    return folder


def terminal_command(folder: Path, *, port: int) -> list[str]:
    """Return how the demo's terminal is started (模擬端末の起動)."""
    return [
        sys.executable, "-m", "madoguchi", "terminal-emulator", "--port", str(port),
        "--cards", str(folder / "cards.csv"), "--folder", str(folder),
    ]  # fmt: skip
