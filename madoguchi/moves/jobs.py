"""Work of this room that the queue does: forget, send, take in (後でする仕事).

Each message and each file is a unit of its own: one that breaks keeps no other waiting, and is
there again the next minute.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from procrastinate.contrib.django import app

from madoguchi.certificates.api import town_key
from madoguchi.infra import clock, unit
from madoguchi.infra.queue import job
from madoguchi.infra.unit import Busy
from madoguchi.infra.wiring import adapter_of
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Refused, Unavailable
from madoguchi.moves.actions.cases import forget_cases, stale_cases
from madoguchi.moves.actions.drafts import forget_drafts
from madoguchi.moves.actions.lines import note_line
from madoguchi.moves.actions.receiving import forget_post, take_file
from madoguchi.moves.actions.sending import (
    QUEUE,
    SEND,
    note_sent,
    receipts_due,
    seal,
    tell_receipts,
)
from madoguchi.moves.actions.visits import forget_visits
from madoguchi.moves.domain.post import PostSource
from madoguchi.moves.domain.sealing import seal_message
from madoguchi.moves.ports import Inbox, Portal, TownPost
from madoguchi.moves.queries.drafts import old_drafts
from madoguchi.moves.queries.post import (
    key_to_seal,
    old_files,
    old_post,
    to_hand_over,
    to_sign,
    town_names,
)
from madoguchi.moves.queries.rulebook import online_book
from madoguchi.moves.queries.visits import visits_over

FORGET = "moves.forget_cases"
TAKE_IN = "moves.take_in"
KEEPER = Actor(
    staff_id="system", name="転入の見回り", rights=frozenset(), place="", terminal="",
    purpose="来なかった受付の消去",
)  # fmt: skip
POSTMAN = Actor(
    staff_id="system", name="町どうしの送受信", rights=frozenset(), place="", terminal="",
    purpose="知らせの送受信",
)  # fmt: skip


class FilesLeftError(Exception):
    """Files that could not be kept, by kind of error; they lie where they lay (残ったファイル)."""


log = logging.getLogger("madoguchi.moves.jobs")


@job(name=FORGET, queue=QUEUE)
def forget(**_more: Any) -> None:
    """Empty the cases of people who never came, erase unused drafts and visits that are over."""
    now = clock.now()
    if stale_cases(now=now).exists():
        unit.run(forget_cases, actor=KEEPER, now=now)
    days = online_book(settings.MADOGUCHI_CARD_RULES).keep_days
    if old_drafts(now=now, keep_days=days).exists():
        unit.run(forget_drafts, actor=KEEPER, now=now, keep_days=days)
    if over := visits_over(now=now):
        unit.run(forget_visits, visit_ids=over, actor=KEEPER)
    if old_post(now=now).exists() or old_files(now=now).exists():
        unit.run(forget_post, actor=KEEPER, now=now)


@job(name=TAKE_IN, queue=QUEUE)
def take_in(**_more: Any) -> None:
    """Go once to the portal and to the other towns: fetch, tell receipts, send what waits.

    What breaks on one file is told at the end: it must not keep another family's waiting.
    """
    now = clock.now()
    broken = [
        *_fetch(PostSource.PORTAL, adapter_of(Portal)),
        *_fetch(PostSource.TOWN, adapter_of(TownPost)),
    ]
    if town_names(now=now) and receipts_due(now=now):
        unit.run(tell_receipts, actor=POSTMAN, now=now)
    _send_all()
    if broken:
        raise FilesLeftError(", ".join(broken))


@job(name=SEND, queue=QUEUE)
def send(**_more: Any) -> None:
    """Seal and hand over at once what the next round would."""
    _send_all()


def _fetch(source: PostSource, inbox: Inbox) -> Iterator[str]:
    """Keep what came, file by file, and name what kind of error left one where it is."""
    names = inbox.waiting()
    note_line(source=source, answer=names, now=clock.now())
    for name in () if isinstance(names, Unavailable) else names:
        data = inbox.read(name)
        if isinstance(data, Unavailable):
            continue  # it is there again the next time
        # A name of a file need not be text.
        shown = name.encode("utf-8", "replace").decode()
        try:
            unit.run(take_file, source=source, name=shown, data=data, actor=POSTMAN,
                     now=clock.now())  # fmt: skip
        except (Busy, Refused):
            continue  # no key of our own to open a seal with: the page says so, the file stays
        except (OperationalError, InterfaceError):
            raise  # the line to the database is gone: nothing else would go either
        except Exception as error:  # noqa: BLE001  a file nobody foresaw stays, the others go on
            # Its kind alone: the text of an error may hold what the file said.
            log.error("a file of %s is not taken: %s", source.value, type(error).__name__)  # noqa: TRY400
            yield type(error).__name__
            continue
        # Only what is kept is let go of; where this fails, the file comes again and is known.
        inbox.settle(name, sha256=hashlib.sha256(data).hexdigest())


def _send_all() -> None:
    for message_id in to_sign():
        try:
            unit.run(seal, message_id=message_id, actor=POSTMAN, now=clock.now())
        except Busy:
            continue
        except Refused as refusal:
            # No key of our own: the page says so, and everything waits.
            log.warning("a message is not sealed: %s", refusal)
            return
    post = adapter_of(TownPost)
    us = settings.MADOGUCHI_TOWN_CODE
    for message_id, town, number, name, data in to_hand_over(us=us):
        key = key_to_seal(town, now=clock.now())
        if key is None:
            continue  # the page says so; whatever goes to other towns goes
        file = _sealed(data, town=town, number=number, key=key) if key else data
        if file is not None and post.send(to=town, name=name, data=file) is None:
            unit.run(note_sent, message_id=message_id, actor=POSTMAN, now=clock.now())


def _sealed(data: bytes, *, town: str, number: int, key: bytes) -> bytes | None:
    """Seal at the last moment: so what is sent again is sealed to the key of that day."""
    try:
        return seal_message(
            data, sender=settings.MADOGUCHI_TOWN_CODE, receiver=town, number=number, key=key,
            close=town_key.close,
        )  # fmt: skip
    except ValueError:
        log.error("no key to seal to: the seal of %s in town_keys.toml is none", town)  # noqa: TRY400  no trace: a slip in a table
        return None


app.periodic(cron="20 3 * * *")(app.tasks[FORGET])
app.periodic(cron="* * * * *")(app.tasks[TAKE_IN])
