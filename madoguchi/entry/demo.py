"""Make the demo ready: staff, and a fictional town if there is none yet (デモの準備)."""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from madoguchi.accounts.api import cli_actor, create_demo_staff
from madoguchi.certificates.actions.fictional_seals import seal_drawer
from madoguchi.certificates.actions.importing import import_seals, import_taxes
from madoguchi.csops.actions.demo import fill_demo_cs, has_cs
from madoguchi.entry import demo_addressees, demo_box, demo_days, demo_figures, two_towns
from madoguchi.entry.demo_letters import queue_demo_letters
from madoguchi.infra import clock, files, progress, unit
from madoguchi.kernel.actor import Actor
from madoguchi.kiosk.actions.demo import fill_demo_tables
from madoguchi.register.actions.importing import ImportFiles, import_csv
from madoguchi.register.queries.counts import count_residents
from madoguchi.town.api import generate_town

#: How the town of this data folder was made; what is asked for later makes no other.
MADE = "town-made.json"


def make_ready(*, residents: int, seed: int) -> list[str]:
    """Return the lines with the sign-ins; fill the town once (デモの準備).

    The town comes in through the same import as any town's file, in one transaction: after
    a cut there is either all of it or none, and the next start begins again.
    """
    staff = create_demo_staff()
    if count_residents() == 0:
        _fill(residents=residents, seed=seed)
    demo_box.fill()
    demo_addressees.fill()
    demo_figures.fill()
    demo_days.fill(residents=residents, seed=seed)
    if not has_cs():
        unit.run(fill_demo_cs, actor=cli_actor("demo").for_purpose("デモのCS"), now=clock.now())
    return [
        f"{one.display_name}　番号 {one.staff_id}　合言葉 {one.password}　コードの鍵 {one.totp_secret}"
        for one in staff
    ]


def _fill(*, residents: int, seed: int) -> None:
    actor = cli_actor("demo").for_purpose("架空の町の取り込み")
    work = progress.start("架空の町を取り込んでいます", total=None, show=sys.stderr.isatty())
    with (
        tempfile.TemporaryDirectory(dir=files.private_folder("town")) as name,
        ExitStack() as opened,
    ):
        made = Path(name) / "made"
        generate_town(residents=residents, seed=seed, out=made, imprint_of=seal_drawer())
        two_towns.settle_here(made)

        def open_file(file_name: str) -> BinaryIO:
            return opened.enter_context((made / file_name).open("rb"))

        try:
            unit.run_long(
                _take_in,
                ImportFiles(
                    register=open_file("register.csv"),
                    history=open_file("events.csv"),
                    latest=open_file("latest.csv"),
                    numbers=open_file("numbers.csv"),
                ),
                seals=open_file("seals.csv"),
                taxes=open_file("tax.csv"),
                actor=actor,
                work=work,
            )
        except BaseException:
            work.fail(cancelled=False)
            raise
    (files.private_folder() / MADE).write_text(json.dumps({"residents": residents, "seed": seed}))
    work.finish()


def kept_instead(*, residents: int | None, seed: int | None) -> str | None:
    """Say that another town was asked for than the one that stands here (前に作った町).

    ``None`` where a number was not given, and where nothing needs to be said.
    """
    path = files.private_folder() / MADE
    made = json.loads(path.read_text()) if path.exists() else {}
    asked = {"residents": residents, "seed": seed}
    if all(value in (None, made.get(name)) for name, value in asked.items()):
        return None
    which = f"（{made['residents']:,}人、種 {made['seed']}）" if made else ""
    return (
        f"ここには前に作った町があります{which}。--residents と --seed は、町を作るときにだけ効きます。"
        "別の町を見るには、MADOGUCHI_HOME に別のフォルダーを指定してください。"
    )


def _take_in(
    register: ImportFiles,
    *,
    seals: BinaryIO,
    taxes: BinaryIO,
    actor: Actor,
    work: progress.Progress,
) -> None:
    """Load the register, its two ledgers and the kiosk's tables: all of the town or none of it."""
    import_csv(register, actor=actor, progress=work)
    import_seals(seals, actor=actor, progress=work)
    import_taxes(taxes, actor=actor, progress=work)
    fill_demo_tables(actor=actor, now=clock.now())
    queue_demo_letters(actor=actor, now=clock.now())
